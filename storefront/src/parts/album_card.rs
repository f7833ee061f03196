//! An album, as lists show it.

use crate::cover;
use crate::format::price::Price;
use crate::format::release_date::ReleaseDate;
use crate::parts::header::GenreLink;
use crate::{paths, schema};

/// What a card shows.
#[derive(Clone, Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Album")]
pub struct AlbumCard {
    /// For the cart.
    pub id: cynic::Id,
    /// For the link.
    pub slug: String,
    /// For people.
    pub title: String,
    /// What it costs.
    pub price: Price,
    /// When it was released.
    pub release_date: Option<ReleaseDate>,
    /// A picture of the cover.
    pub cover_url: Option<String>,
    /// Whose it is.
    pub artist: ArtistLink,
    /// What it is.
    pub genre: GenreLink,
}

/// An artist, as a link shows it.
#[derive(Clone, Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Artist")]
pub struct ArtistLink {
    /// For people.
    pub name: String,
    /// For the link.
    pub slug: String,
}

impl ArtistLink {
    /// Where the artist's page is.
    pub fn href(&self) -> String {
        paths::artist(&self.slug)
    }
}

impl AlbumCard {
    /// Where the album's page is.
    pub fn href(&self) -> String {
        paths::album(&self.slug)
    }

    /// Where the picture of its cover is.
    pub fn cover(&self) -> String {
        cover::address(
            self.cover_url.as_deref(),
            &self.genre.slug,
            &self.artist.name,
            &self.title,
        )
    }
}
