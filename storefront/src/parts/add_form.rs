//! The form that puts an album into the cart.

use askama::Template;
use askama::filters::HtmlSafe;

/// The form on the album's page.
#[derive(Debug, Template)]
#[template(path = "parts/add_form.html")]
pub struct AddForm {
    album: String,
    is_available: bool,
    /// How many copies, as it was typed.
    quantity: String,
    error: String,
}

impl AddForm {
    /// Where the form is in its page.
    pub const SELECTOR: &'static str = "#add-to-cart";
    /// The same as htmx says it.
    pub const SOURCE: &'static str = "form#add-to-cart";

    /// The form for an album, which may be sold out.
    pub fn new(album: &cynic::Id, is_available: IsAvailable) -> Self {
        Self {
            album: album.inner().to_owned(),
            is_available: is_available.0,
            quantity: "1".to_owned(),
            error: String::new(),
        }
    }

    /// The same after something was typed that cannot be done.
    pub fn refused(self, quantity: String, error: String) -> Self {
        Self {
            quantity,
            error,
            ..self
        }
    }
}

/// Whether a copy can be bought.
#[derive(Clone, Copy, Debug)]
pub struct IsAvailable(pub bool);

impl HtmlSafe for AddForm {}
