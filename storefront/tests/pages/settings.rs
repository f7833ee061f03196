//! The settings, as an operator gives them.

use std::net::SocketAddr;

use clap::{CommandFactory, Parser};
use storefront::config::{Arguments, Config};

fn read(arguments: &[&str]) -> Result<Config, String> {
    let arguments = Arguments::try_parse_from(["storefront"].iter().chain(arguments));
    arguments
        .map(|arguments| arguments.config)
        .map_err(|error| error.to_string())
}

#[test]
fn nothing_needs_to_be_said() {
    let config = read(&[]).unwrap();
    assert_eq!(config.listen, SocketAddr::from(([127, 0, 0, 1], 3000)));
    assert_eq!(config.album_graph.as_str(), "http://127.0.0.1:4000/graphql");
    assert_eq!(config.public_origin(), "http://127.0.0.1:3000");
    assert_eq!((config.drain().as_secs(), config.log.as_str()), (3, "info"));
}

#[test]
fn the_public_address_follows_where_the_program_listens_unless_it_is_given() {
    for (arguments, origin) in [
        (["--listen", "0.0.0.0:80"], "http://127.0.0.1:80"),
        (["--public-url", "https://shop.example/"], "https://shop.example"),
        (["--public-url", "http://shop.example:8080"], "http://shop.example:8080"),
    ] {
        assert_eq!(read(&arguments).unwrap().public_origin(), origin);
    }
}

#[test]
fn what_cannot_be_meant_is_refused_in_one_line_that_names_the_flag() {
    for (flag, value) in [
        ("--listen", "3000"),
        ("--album-graph", "https://graph.example/graphql"),
        ("--album-graph", "127.0.0.1:4000"),
        ("--public-url", "shop.example"),
        ("--public-url", "https://shop.example/path"),
        ("--public-url", "https://me@shop.example"),
        ("--trusted-proxies", "10.0.0.0/33"),
        ("--trusted-proxies", "proxy.example"),
        ("--drain", "10"),
        ("--drain", "soon"),
    ] {
        let refusal = read(&[flag, value]).unwrap_err();
        let first = refusal.lines().next().unwrap_or_default();
        assert!(first.contains(flag) && first.contains(value), "{refusal}");
    }
}

#[test]
fn every_setting_has_an_environment_variable_of_the_same_name_and_a_help_text() {
    let command = Arguments::command();
    let settings = command
        .get_arguments()
        .filter(|setting| !matches!(setting.get_id().as_str(), "help" | "version"));
    for setting in settings {
        let flag = setting.get_long().unwrap();
        let variable = format!("STOREFRONT_{}", flag.replace('-', "_").to_uppercase());
        assert_eq!(setting.get_env().unwrap(), variable.as_str());
        assert!(setting.get_help().is_some(), "{flag}");
    }
}
