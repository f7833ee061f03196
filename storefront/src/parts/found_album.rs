//! An album that a search found or a suggestion names, and where it has what was typed.

use crate::parts::album_card::AlbumCard;
use crate::parts::marked::{Marked, TextRange};
use crate::schema;

/// What a found album is asked for.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "SearchEdge")]
pub struct FoundAlbum {
    node: AlbumCard,
    title_matches: Vec<TextRange>,
    artist_matches: Vec<TextRange>,
    genre_matches: Vec<TextRange>,
    track_matches: Vec<TrackMatch>,
}

/// What a suggested album is asked for.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumSuggestion")]
pub struct SuggestedAlbum {
    album: AlbumCard,
    title_matches: Vec<TextRange>,
    artist_matches: Vec<TextRange>,
    genre_matches: Vec<TextRange>,
    track_matches: Vec<TrackMatch>,
}

/// A track that was found.
#[derive(Debug, cynic::QueryFragment)]
struct TrackMatch {
    track: Track,
    title_matches: Vec<TextRange>,
}

#[derive(Debug, cynic::QueryFragment)]
struct Track {
    title: String,
}

/// Where an album has what was typed; nowhere, where nothing was.
#[derive(Debug, Default)]
pub struct Matches {
    title: Vec<TextRange>,
    artist: Vec<TextRange>,
    genre: Vec<TextRange>,
    tracks: Vec<TrackMatch>,
}

impl FoundAlbum {
    /// The album, and where it has what was typed.
    pub fn split(self) -> (AlbumCard, Matches) {
        let matches = Matches {
            title: self.title_matches,
            artist: self.artist_matches,
            genre: self.genre_matches,
            tracks: self.track_matches,
        };
        (self.node, matches)
    }
}

impl SuggestedAlbum {
    /// The album, and where it has what was typed.
    pub fn split(self) -> (AlbumCard, Matches) {
        let matches = Matches {
            title: self.title_matches,
            artist: self.artist_matches,
            genre: self.genre_matches,
            tracks: self.track_matches,
        };
        (self.album, matches)
    }
}

impl Matches {
    /// The title of the album that they belong to.
    pub fn title<'a>(&self, album: &'a AlbumCard) -> Marked<'a> {
        Marked::new(&album.title, &self.title)
    }

    /// The name of its artist.
    pub fn artist<'a>(&self, album: &'a AlbumCard) -> Marked<'a> {
        Marked::new(&album.artist.name, &self.artist)
    }

    /// The name of its genre, where that is why it was found.
    pub fn genre<'a>(&self, album: &'a AlbumCard) -> Option<Marked<'a>> {
        let found = !self.genre.is_empty();
        found.then(|| Marked::new(&album.genre.name, &self.genre))
    }

    /// Its tracks that were found.
    pub fn tracks(&self) -> impl Iterator<Item = Marked<'_>> {
        self.tracks
            .iter()
            .map(|found| Marked::new(&found.track.title, &found.title_matches))
    }
}
