//! The way from the home page to this one.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::paths;

/// A list of links, the last of them this page.
#[derive(Debug, Template)]
#[template(path = "parts/breadcrumbs.html")]
pub struct Breadcrumbs {
    /// From the home page on.
    pub crumbs: Vec<Crumb>,
}

/// A step of the way.
#[derive(Debug)]
pub struct Crumb {
    /// For people.
    pub name: String,
    /// Where it is.
    pub href: String,
}

impl Breadcrumbs {
    /// The way to a page below the home page.
    pub fn to(steps: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let home = Crumb {
            name: "Home".to_owned(),
            href: paths::HOME.to_owned(),
        };
        let steps = steps.into_iter().map(|(name, href)| Crumb {
            name: name.into(),
            href: href.into(),
        });
        Self {
            crumbs: std::iter::once(home).chain(steps).collect(),
        }
    }
}

impl HtmlSafe for Breadcrumbs {}
