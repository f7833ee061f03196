//! The playground: a page for developers at `/graphql`, whole and offline, with every example in a tab.

use std::sync::LazyLock;

use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse};
use serde_json::json;

/// The page's assets, as the asset build left them.
pub mod assets {
    include!("../../assets/dist/playground.rs");
}

const TEMPLATE: &str = include_str!("../../assets/playground/playground.html");

const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::CACHE_CONTROL, "no-cache"),
    (header::VARY, "Accept"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// A file under `examples/`: its title and description are the comment on top.
struct Example {
    name: &'static str,
    query: &'static str,
    variables: Option<&'static str>,
}

macro_rules! example {
    ($name:literal) => {
        Example {
            name: $name,
            query: include_str!(concat!("../examples/", $name, ".graphql")),
            variables: None,
        }
    };
    ($name:literal with variables) => {
        Example {
            variables: Some(include_str!(concat!("../examples/", $name, ".json"))),
            ..example!($name)
        }
    };
}

const EXAMPLES: &[Example] = &[
    example!("01-shop-window"),
    example!("02-genre" with variables),
    example!("03-album" with variables),
    example!("04-page-on" with variables),
    example!("05-numbered-pages" with variables),
    example!("06-release-years" with variables),
    example!("07-artists" with variables),
    example!("08-genres"),
    example!("09-refetch" with variables),
    example!("10-search" with variables),
    example!("11-suggest" with variables),
    example!("12-add-to-cart" with variables),
    example!("13-sign-up" with variables),
    example!("14-confirm-email" with variables),
    example!("15-check-out" with variables),
    example!("16-place-order" with variables),
    example!("17-orders"),
];

/// The page.
pub fn page() -> impl IntoResponse {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        let examples: Vec<_> = EXAMPLES.iter().map(describe).collect();
        // Inside a script element only `<` could end the data.
        let examples = json!(examples).to_string().replace('<', "\\u003c");
        let page = TEMPLATE.replace("{{css}}", assets::PLAYGROUND_CSS.path);
        page.replace("{{js}}", assets::PLAYGROUND_JS.path)
            .replace("{{examples}}", &examples)
    });
    (HEADERS, Html(PAGE.as_str()))
}

fn describe(example: &Example) -> serde_json::Value {
    let mut comment = example
        .query
        .lines()
        .map_while(|line| line.strip_prefix('#'))
        .map(str::trim);
    let title = comment.next().unwrap_or(example.name);
    let description = comment.collect::<Vec<_>>().join(" ");
    json!({
        "name": example.name,
        "title": title,
        "description": description,
        "query": example.query,
        "variables": example.variables,
    })
}
