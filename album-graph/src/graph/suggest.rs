//! What somebody may be about to type.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};

use super::album::Album;
use super::artist::Artist;
use super::batch::{Albums, Member};
use super::error::GraphError;
use super::genre::Genre;
use super::search::{TextRange, ask, by_keys};
use crate::search::{Marker, Query, Range};
use crate::store::{Database, artists};

/// Most suggestions of a kind.
const MOST: i32 = 20;

/// An album that somebody may be about to type.
#[derive(SimpleObject)]
struct AlbumSuggestion {
    /// The album.
    album: Album,
    /// Where its title has what was typed.
    title_matches: Vec<TextRange>,
    /// Where its artist's name has it.
    artist_matches: Vec<TextRange>,
}

/// An artist that somebody may be about to type.
#[derive(SimpleObject)]
struct ArtistSuggestion {
    /// The artist, who has albums for sale.
    artist: Artist,
    /// Where the name has what was typed.
    name_matches: Vec<TextRange>,
}

/// A genre that somebody may be about to type.
#[derive(SimpleObject)]
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
    /// What somebody who types may be looking for, found as by `search`. Made to be asked at every letter.
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
        let marker = Marker::new(&query, found.typos);
        let genres = snapshot
            .genres()
            .iter()
            .filter(|genre| found.genres.contains(&genre.id));
        Ok(Suggestions {
            albums: {
                let albums = by_keys(database, &found.albums, &snapshot).await?;
                suggest_albums(&albums, &marker).await?
            },
            artists: suggest_artists(database, found.artists, &marker).await?,
            genres: {
                let rows: Vec<_> = genres.cloned().collect();
                let matches: Vec<_> = rows.iter().map(|genre| marker.mark(&genre.name)).collect();
                let genres = Genre::all(database, rows).into_iter().zip(matches);
                genres
                    .map(|(genre, matches)| GenreSuggestion {
                        genre,
                        name_matches: TextRange::all(matches),
                    })
                    .collect()
            },
        })
    }
}

async fn suggest_albums(albums: &Arc<Albums>, marker: &Marker) -> Result<Vec<AlbumSuggestion>> {
    let artists = albums.artists().await?;
    let artist_matches = |artist_id| -> Vec<Range> {
        let name = artists.position(artist_id).map(|index| &artists.rows[index].name);
        name.map(|name| marker.mark(name)).unwrap_or_default()
    };
    let all = Member::all(albums, 0..albums.rows.len()).zip(&albums.rows);
    let suggestions = all.map(|(album, row)| AlbumSuggestion {
        album: Album(album),
        title_matches: TextRange::all(marker.mark(&row.title)),
        artist_matches: TextRange::all(artist_matches(row.artist_id)),
    });
    Ok(suggestions.collect())
}

async fn suggest_artists(database: &Database, keys: Vec<i64>, marker: &Marker) -> Result<Vec<ArtistSuggestion>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = artists::by_ids(database, &keys).await.map_err(GraphError::from)?;
    rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
    let matches: Vec<_> = rows.iter().map(|row| marker.mark(&row.name)).collect();
    let artists = Artist::all(database, rows).into_iter().zip(matches);
    let suggestion = |(artist, matches)| ArtistSuggestion {
        artist,
        name_matches: TextRange::all(matches),
    };
    Ok(artists.map(suggestion).collect())
}
