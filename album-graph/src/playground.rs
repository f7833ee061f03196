//! The playground: a page for developers at `/graphql`, whole and offline, with every example in a tab.

use std::sync::LazyLock;

use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse};
use serde_json::json;

use crate::examples::{self, Example};
use crate::graph::Introspection;

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

/// A link to the reference, which is there as long as the schema may be told.
const REFERENCE: &str = r#"<a class="to-reference" href="/docs">Reference</a>"#;

/// The page.
pub fn page(introspection: Introspection) -> impl IntoResponse {
    static OPEN: LazyLock<String> =
        LazyLock::new(|| write(REFERENCE, &examples::ALL.iter().map(describe).collect::<Vec<_>>()));
    // Examples would tell the names that are not told.
    static CLOSED: LazyLock<String> = LazyLock::new(|| write("", &[beginning()]));
    let page = match introspection {
        Introspection::Open => &OPEN,
        Introspection::Closed => &CLOSED,
    };
    (HEADERS, Html(page.as_str()))
}

fn write(reference: &str, examples: &[serde_json::Value]) -> String {
    // Inside a script element only `<` could end the data.
    let examples = json!(examples).to_string().replace('<', "\\u003c");
    let page = TEMPLATE.replace("{{css}}", assets::PLAYGROUND_CSS.path);
    page.replace("{{js}}", assets::PLAYGROUND_JS.path)
        .replace("{{reference}}", reference)
        .replace("{{examples}}", &examples)
}

/// What every schema has.
fn beginning() -> serde_json::Value {
    json!({
        "name": "query",
        "title": "Query",
        "description": "This service does not tell its schema: type what you know of it.",
        "query": "{\n  __typename\n}\n",
        "variables": null,
    })
}

fn describe(example: &Example) -> serde_json::Value {
    json!({
        "name": example.name,
        "title": example.title(),
        "description": example.description(),
        "query": example.text,
        "variables": example.variables,
    })
}
