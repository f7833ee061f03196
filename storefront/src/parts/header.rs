//! The header of every page: the search field, the genre menu, the cart, and where in the shop the visitor is.

use crate::operations::operations;
use crate::parts::cart_link::{CartLink, CartSummary};
use crate::parts::search_box::SearchBox;
use crate::session::{CurrentSession, Known};
use crate::{paths, schema};

/// So many genres are in the menu; the rest is behind "more".
const SHOWN: usize = 9;

operations!(query HeaderQuery(()));

/// What every page asks for its header.
#[derive(Clone, Debug, Default, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct HeaderQuery {
    /// All genres, by name.
    pub genres: Vec<GenreLink>,
    /// Who asks; not known where nothing was asked.
    pub viewer: Option<Viewer>,
}

/// Who asks for a page.
#[derive(Clone, Debug, cynic::QueryFragment)]
pub struct Viewer {
    customer: Option<Customer>,
    session: Option<CurrentSession>,
    cart: CartSummary,
}

#[derive(Clone, Debug, cynic::QueryFragment)]
struct Customer {
    email: String,
}

impl HeaderQuery {
    /// The address of who is signed in.
    pub fn customer(&self) -> Option<&str> {
        let customer = self.viewer.as_ref()?.customer.as_ref()?;
        Some(&customer.email)
    }
}

/// A genre, as a link shows it.
#[derive(Clone, Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Genre")]
pub struct GenreLink {
    /// For people.
    pub name: String,
    /// For the link.
    pub slug: String,
}

impl GenreLink {
    /// Where the genre's page is.
    pub fn href(&self) -> String {
        paths::genre(&self.slug)
    }
}

/// The page that is shown, as far as the menus are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The home page.
    Home,
    /// The page of all genres.
    Genres,
    /// The page of the genre with this slug.
    Genre(String),
    /// An album of the genre with this slug.
    Album(String),
    /// The page of all artists.
    Artists,
    /// One artist's page.
    Artist,
    /// The cart.
    Cart,
    /// What belongs to the customer, or where one becomes or proves to be one.
    Account,
    /// No place that a menu shows.
    Elsewhere,
}

/// The header of a page.
#[derive(Debug)]
pub struct Header {
    /// The search field.
    pub search: SearchBox,
    /// The way to the cart.
    pub cart: CartLink,
    /// The session of whoever asks; not known where nothing was asked.
    pub session: Option<Known>,
    customer: Option<String>,
    genres: Vec<GenreLink>,
    place: Place,
}

/// The value of `aria-current` for a link; none where the visitor is somewhere else.
type Current = Option<&'static str>;

impl Header {
    /// The header at a place.
    pub fn new(query: HeaderQuery, place: Place) -> Self {
        let customer = query.customer().map(ToOwned::to_owned);
        let session = query.viewer.as_ref().map(|viewer| Known(viewer.session));
        let cart = query.viewer.map(|viewer| viewer.cart).unwrap_or_default();
        Self {
            search: SearchBox::default(),
            cart: CartLink::to(&cart),
            session,
            customer,
            genres: query.genres,
            place,
        }
    }

    /// The address of who is signed in.
    pub fn customer(&self) -> Option<&str> {
        self.customer.as_deref()
    }

    /// Whether what the page shows belongs to the visitor, so that it is never shown from memory.
    pub fn is_private(&self) -> bool {
        matches!(self.place, Place::Cart | Place::Account)
    }

    /// Whether the visitor is at the account.
    pub fn at_account(&self) -> Current {
        (self.place == Place::Account).then_some("true")
    }

    /// The genres in the menu.
    pub fn shown(&self) -> &[GenreLink] {
        &self.genres[..self.genres.len().min(SHOWN)]
    }

    /// The genres behind "more".
    pub fn more(&self) -> &[GenreLink] {
        &self.genres[self.genres.len().min(SHOWN)..]
    }

    /// Whether the visitor is at the home page.
    pub fn at_home(&self) -> Current {
        (self.place == Place::Home).then_some("page")
    }

    /// Whether the visitor is among the genres.
    pub fn at_genres(&self) -> Current {
        match self.place {
            Place::Genres => Some("page"),
            Place::Genre(_) | Place::Album(_) => Some("true"),
            _ => None,
        }
    }

    /// Whether the visitor is among the artists.
    pub fn at_artists(&self) -> Current {
        match self.place {
            Place::Artists => Some("page"),
            Place::Artist => Some("true"),
            _ => None,
        }
    }

    /// Whether the visitor is in a genre.
    pub fn at_genre(&self, genre: &GenreLink) -> Current {
        match &self.place {
            Place::Genre(slug) if *slug == genre.slug => Some("page"),
            Place::Album(slug) if *slug == genre.slug => Some("true"),
            _ => None,
        }
    }

    /// The slug of the genre that colours the page; empty where there is none.
    pub fn genre(&self) -> &str {
        match &self.place {
            Place::Genre(slug) | Place::Album(slug) => slug,
            _ => "",
        }
    }
}
