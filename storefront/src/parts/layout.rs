//! What `layout.html` needs: the head and the header of a page.

use crate::assets;
use crate::parts::header::{Header, HeaderQuery, Place};
use crate::parts::search_box::SearchBox;
use crate::parts::structured_data;

/// The name of the shop.
const SHOP: &str = "Music Store";

/// The frame around a page.
#[derive(Debug)]
pub struct Layout {
    /// What the page is called in a tab and in search results.
    pub title: String,
    /// One sentence for search results; empty where nobody should find the page.
    pub description: String,
    /// The one address of the page; empty where nobody should find the page.
    pub canonical: String,
    /// An absolute address of a picture; empty where there is none.
    pub image: String,
    /// The kind of thing, as Open Graph calls it.
    pub kind: &'static str,
    /// JSON-LD blocks, safe to be put into a script element.
    pub data: Vec<String>,
    /// The header.
    pub header: Header,
}

impl Layout {
    /// The frame of a page that is called `title`.
    pub fn new(query: HeaderQuery, place: Place, title: &str) -> Self {
        let title = if place == Place::Home {
            format!("{SHOP}: {title}")
        } else {
            format!("{title} · {SHOP}")
        };
        Self {
            title,
            description: String::new(),
            canonical: String::new(),
            image: String::new(),
            kind: "website",
            data: Vec::new(),
            header: Header::new(query, place),
        }
    }

    /// The same, for everybody to find.
    pub fn found_at(mut self, canonical: String, description: String) -> Self {
        (self.canonical, self.description) = (canonical, description);
        self
    }

    /// The same, with a picture.
    pub fn pictured(mut self, image: String, kind: &'static str) -> Self {
        (self.image, self.kind) = (image, kind);
        self
    }

    /// The same, with something in the search field.
    pub fn searching(mut self, search: SearchBox) -> Self {
        self.header.search = search;
        self
    }

    /// The same, with something said to machines.
    pub fn saying(mut self, value: &serde_json::Value) -> Self {
        self.data.push(structured_data::embedded(value));
        self
    }

    /// The address of the style sheet.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    pub fn css(&self) -> &'static str {
        assets::APP_CSS.path
    }

    /// The address of the script.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    pub fn js(&self) -> &'static str {
        assets::APP_JS.path
    }

    /// The address of the icon.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    pub fn icon(&self) -> &'static str {
        assets::FAVICON_SVG.path
    }
}
