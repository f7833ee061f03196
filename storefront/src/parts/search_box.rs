//! The search field of every page.

use askama::Template;
use askama::filters::HtmlSafe;

/// The form around the field.
#[derive(Debug, Default, Template)]
#[template(path = "parts/search_box.html")]
pub struct SearchBox {
    /// What is in it.
    pub query: String,
    /// What goes along with it: the filters of the search that is shown.
    pub kept: Vec<(&'static str, String)>,
    /// Whether the page follows what is typed; elsewhere a list of suggestions does.
    pub live: bool,
}

impl HtmlSafe for SearchBox {}
