//! Hands the contract to cynic, so that every query is checked against it at compile time, and asks for the assets.

use std::path::Path;
use std::process::exit;

/// What `assets/build.mjs` writes for this program.
const ASSETS: &str = "../assets/dist/storefront.rs";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ASSETS}");
    if !Path::new(ASSETS).exists() {
        println!("cargo::error=the browser assets are not built yet: run `cargo xtask assets`");
        exit(1);
    }
    cynic_codegen::register_schema("album_graph")
        .from_sdl_file("../schema.graphql")
        .expect("schema.graphql is readable and valid")
        .as_default()
        .expect("it can be the default schema");
}
