//! The changelog of the schema, as a page shows it.

use super::markup::{Markup, escape};

/// Written by `cargo xtask contract`: headings, items and paragraphs, with blank lines between them.
const CHANGELOG: &str = include_str!("../../contract/CHANGELOG.md");

/// All of it but its title.
pub(super) fn write(markup: Markup<'_>) -> String {
    CHANGELOG
        .split("\n\n")
        .skip(1)
        .map(|block| match block.split_once(' ') {
            Some(("##", release)) => format!("<h2>{}</h2>\n", escape(release)),
            Some(("###", kind)) => format!("<h3>{}</h3>\n", escape(kind)),
            Some(("-", _)) => format!("<ul>\n{}</ul>\n", items(markup, block)),
            _ => format!("<p>{}</p>\n", markup.prose(block)),
        })
        .collect()
}

fn items(markup: Markup<'_>, list: &str) -> String {
    let items = list.lines().map(|item| item.trim_start_matches("- "));
    let items: Vec<String> = items.map(|item| format!("<li>{}</li>\n", markup.prose(item))).collect();
    items.concat()
}
