//! The XML of a sitemap (<https://www.sitemaps.org/protocol.html>).

use std::fmt::Write;

/// A sitemap that is being written.
pub struct Document {
    root: &'static str,
    entry: &'static str,
    text: String,
}

impl Document {
    /// An index of other files.
    pub fn index() -> Self {
        Self::new("sitemapindex", "sitemap")
    }

    /// A list of pages.
    pub fn pages() -> Self {
        Self::new("urlset", "url")
    }

    fn new(root: &'static str, entry: &'static str) -> Self {
        let opening = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        let text = format!("{opening}\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        Self { root, entry, text }
    }

    /// Adds an address, and when it last changed, as RFC 3339 writes it.
    pub fn add(&mut self, address: &str, changed: Option<&str>) {
        let (entry, address) = (self.entry, escaped(address));
        // Writing to a string cannot fail.
        let _ = match changed {
            Some(changed) => writeln!(
                self.text,
                "<{entry}><loc>{address}</loc><lastmod>{}</lastmod></{entry}>",
                escaped(changed)
            ),
            None => writeln!(self.text, "<{entry}><loc>{address}</loc></{entry}>"),
        };
    }

    /// The whole file.
    pub fn finish(mut self) -> String {
        let _ = writeln!(self.text, "</{}>", self.root);
        self.text
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
