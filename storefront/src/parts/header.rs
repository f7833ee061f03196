//! The header of every page: the search field, the genre menu, and where in the shop the visitor is.

use crate::parts::search_box::SearchBox;
use crate::{paths, schema};

/// So many genres are in the menu; the rest is behind "more".
const SHOWN: usize = 9;

/// What every page asks for its header.
#[derive(Clone, Debug, Default, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct HeaderQuery {
    /// All genres, by name.
    pub genres: Vec<GenreLink>,
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
    /// No place that a menu shows.
    Elsewhere,
}

/// The header of a page.
#[derive(Debug)]
pub struct Header {
    /// The search field.
    pub search: SearchBox,
    genres: Vec<GenreLink>,
    place: Place,
}

/// The value of `aria-current` for a link; none where the visitor is somewhere else.
type Current = Option<&'static str>;

impl Header {
    /// The header at a place.
    pub fn new(query: HeaderQuery, place: Place) -> Self {
        Self {
            search: SearchBox::default(),
            genres: query.genres,
            place,
        }
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
