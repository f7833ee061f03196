//! What somebody may be about to type: the list below the search field.

use askama::Template;

use crate::parts::album_card::{AlbumCard, ArtistLink};
use crate::parts::found_album::{Matches, SuggestedAlbum};
use crate::parts::header::GenreLink;
use crate::parts::marked::{Marked, TextRange};
use crate::{paths, schema};

/// What the list asks for.
#[derive(Debug, Default, cynic::QueryFragment)]
#[cynic(graphql_type = "Suggestions")]
pub struct Suggested {
    albums: Vec<SuggestedAlbum>,
    artists: Vec<ArtistSuggestion>,
    genres: Vec<GenreSuggestion>,
}

#[derive(Debug, cynic::QueryFragment)]
struct ArtistSuggestion {
    artist: ArtistLink,
    name_matches: Vec<TextRange>,
}

#[derive(Debug, cynic::QueryFragment)]
struct GenreSuggestion {
    genre: GenreLink,
    name_matches: Vec<TextRange>,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "parts/suggestions.html")]
pub struct Suggestions {
    query: String,
    albums: Vec<(AlbumCard, Matches)>,
    artists: Vec<ArtistSuggestion>,
    genres: Vec<GenreSuggestion>,
}

impl Suggestions {
    /// Where what was typed so far may lead.
    pub fn new(query: String, suggested: Suggested) -> Self {
        Self {
            query,
            albums: suggested.albums.into_iter().map(SuggestedAlbum::split).collect(),
            artists: suggested.artists,
            genres: suggested.genres,
        }
    }

    /// How many there are, for those who do not see them.
    fn said(&self) -> String {
        match self.albums.len() + self.artists.len() + self.genres.len() {
            0 => "No suggestions".to_owned(),
            1 => "1 suggestion".to_owned(),
            count => format!("{count} suggestions"),
        }
    }

    fn all_results(&self) -> String {
        paths::search(&self.query)
    }
}

impl ArtistSuggestion {
    fn name(&self) -> Marked<'_> {
        Marked::new(&self.artist.name, &self.name_matches)
    }
}

impl GenreSuggestion {
    fn name(&self) -> Marked<'_> {
        Marked::new(&self.genre.name, &self.name_matches)
    }
}
