//! What somebody may be about to type.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};

use super::album::Album;
use super::artist::Artist;
use super::error::GraphError;
use super::found::{TextRange, WhereFound};
use super::genre::Genre;
use super::search::{ask, by_keys};
use crate::search::{Marked, Marker, Query};
use crate::store::{Database, artists};

/// Most suggestions of a kind.
const MOST: i32 = 20;

/// An album that somebody may be about to type.
#[derive(SimpleObject)]
#[graphql(serial)]
struct AlbumSuggestion {
    /// The album.
    album: Album,
    #[graphql(flatten)]
    place: WhereFound,
}

/// An artist that somebody may be about to type.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ArtistSuggestion {
    /// The artist, who has albums for sale.
    artist: Artist,
    /// Where the name has what was typed.
    name_matches: Vec<TextRange>,
}

/// A genre that somebody may be about to type.
#[derive(SimpleObject)]
#[graphql(serial)]
struct GenreSuggestion {
    /// The genre.
    genre: Genre,
    /// Where its name has what was typed.
    name_matches: Vec<TextRange>,
}

/// What somebody may be about to type, of each kind the likeliest first.
#[derive(SimpleObject, Default)]
struct Suggestions {
    /// Albums by title, artist, track and genre.
    albums: Vec<AlbumSuggestion>,
    /// Artists by name.
    artists: Vec<ArtistSuggestion>,
    /// Genres by name.
    genres: Vec<GenreSuggestion>,
}

/// The way to suggestions.
#[derive(Default)]
pub(super) struct SuggestQuery;

#[Object]
impl SuggestQuery {
    /// What somebody who types may be looking for, found as by `search`, but mistyped only where nothing is as it was typed. Made
    /// to be asked at every letter.
    async fn suggest(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was typed so far. Nothing is suggested for a blank text.")] prefix: String,
        #[graphql(desc = "How many of each kind, 1 to 20.", default = 5)] first: Option<i32>,
    ) -> Result<Suggestions> {
        let first = first.unwrap_or(5);
        if !(1..=MOST).contains(&first) {
            let message = format!("`first` is {first}, but must be 1 to {MOST}.");
            return Err(GraphError::bad_input("first", message).into());
        }
        let most = usize::try_from(first).unwrap_or(1);
        let query = Arc::new(Query::new(&prefix));
        let typed = Arc::clone(&query);
        let (snapshot, found) = ask(context.data()?, move |snapshot| snapshot.suggest(&typed, most)).await?;
        let database: &Database = context.data()?;
        let marker = Marker::new(&query, found.forgiven);
        let genres = snapshot
            .genres()
            .iter()
            .filter(|genre| found.genres.contains(&genre.id));
        Ok(Suggestions {
            albums: {
                let albums = by_keys(database, &found.albums, &snapshot).await?;
                let places = WhereFound::all(database, &albums, marker.clone());
                let suggestion = |(album, place)| AlbumSuggestion {
                    album: Album(album),
                    place,
                };
                places.map(suggestion).collect()
            },
            artists: suggest_artists(database, found.artists, &marker).await?,
            genres: {
                let rows: Vec<_> = genres.cloned().collect();
                let marked: Vec<_> = rows.iter().map(|genre| marker.mark(&genre.name)).collect();
                let genres = Genre::all(database, rows).into_iter().zip(marked);
                genres
                    .map(|(genre, marked): (_, Marked)| GenreSuggestion {
                        genre,
                        name_matches: TextRange::all(&marked.ranges),
                    })
                    .collect()
            },
        })
    }
}

async fn suggest_artists(database: &Database, keys: Vec<i64>, marker: &Marker) -> Result<Vec<ArtistSuggestion>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = artists::by_ids(database, &keys).await.map_err(GraphError::from)?;
    rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
    let marked: Vec<_> = rows.iter().map(|row| marker.mark(&row.name)).collect();
    let artists = Artist::all(database, rows).into_iter().zip(marked);
    let suggestion = |(artist, marked): (_, Marked)| ArtistSuggestion {
        artist,
        name_matches: TextRange::all(&marked.ranges),
    };
    Ok(artists.map(suggestion).collect())
}
