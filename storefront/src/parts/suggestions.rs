//! What somebody may be about to type: the list below the search field.

use askama::Template;

use crate::parts::album_card::{AlbumCard, ArtistLink};
use crate::parts::header::GenreLink;
use crate::parts::marked::{Marked, TextRange};
use crate::{paths, schema};

/// What the list asks for.
#[derive(Debug, Default, cynic::QueryFragment)]
#[cynic(graphql_type = "Suggestions")]
pub struct Suggested {
    albums: Vec<AlbumSuggestion>,
    artists: Vec<ArtistSuggestion>,
    genres: Vec<GenreSuggestion>,
}

#[derive(Debug, cynic::QueryFragment)]
struct AlbumSuggestion {
    album: AlbumCard,
    title_matches: Vec<TextRange>,
    artist_matches: Vec<TextRange>,
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
    /// What was typed so far.
    pub query: String,
    /// Where it may lead.
    pub suggested: Suggested,
}

impl Suggestions {
    /// How many there are, for those who do not see them.
    fn said(&self) -> String {
        let Suggested {
            albums,
            artists,
            genres,
        } = &self.suggested;
        match albums.len() + artists.len() + genres.len() {
            0 => "No suggestions".to_owned(),
            1 => "1 suggestion".to_owned(),
            count => format!("{count} suggestions"),
        }
    }

    fn all_results(&self) -> String {
        paths::search(&self.query)
    }
}

impl AlbumSuggestion {
    fn title(&self) -> Marked<'_> {
        Marked::new(&self.album.title, &self.title_matches)
    }

    fn artist(&self) -> Marked<'_> {
        Marked::new(&self.album.artist.name, &self.artist_matches)
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
