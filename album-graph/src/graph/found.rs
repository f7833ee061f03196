//! Where what was found has what was typed.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Object, Result, SimpleObject};
use tokio::sync::OnceCell;

use super::album::Track;
use super::batch::{Albums, Member};
use super::error::GraphError;
use crate::catalogue;
use crate::search::{Marked, Marker, Range, WordSet};
use crate::store::{Database, albums, tracks};

/// Most tracks of an album that are told to match.
const MOST_TRACKS: usize = 3;
/// Most marks in one text: as many as a search has words.
const MOST_RANGES: usize = 12;

/// Part of a text, counted in UTF-16 code units as JavaScript counts: `text.slice(start, end)`.
#[derive(SimpleObject, Clone, Copy)]
#[graphql(serial)]
pub(super) struct TextRange {
    /// Where it begins.
    start: usize,
    /// Where it ends: the first unit that no longer belongs to it.
    end: usize,
}

impl TextRange {
    pub fn all(ranges: &[Range]) -> Vec<Self> {
        let ranges = ranges.iter().take(MOST_RANGES);
        ranges.map(|&(start, end)| Self { start, end }).collect()
    }
}

/// A track that has what was typed.
struct TrackMatch {
    track: Track,
    ranges: Vec<Range>,
}

/// A track that has what was typed.
#[Object(serial)]
impl TrackMatch {
    /// The track.
    async fn track(&self) -> &Track {
        &self.track
    }

    /// Where its title has it.
    async fn title_matches(&self) -> Vec<TextRange> {
        TextRange::all(&self.ranges)
    }
}

/// Albums that were found together, and what was typed to find them.
struct Hits {
    database: Database,
    albums: Arc<Albums>,
    marker: Marker,
    /// For each of them, what of it its names have.
    told: OnceCell<Vec<Told>>,
    /// The tracks of those albums whose names do not have all of it.
    tracks: OnceCell<HashMap<i64, Vec<catalogue::Track>>>,
}

/// What the names of an album have of what was typed.
struct Told {
    title: Marked,
    artist: Marked,
    /// Nothing where title and artist have all of it.
    genre: Marked,
}

impl Told {
    fn typed(&self) -> WordSet {
        self.title.typed | self.artist.typed | self.genre.typed
    }
}

impl Hits {
    async fn artist(&self, row: &albums::Album) -> Result<String, GraphError> {
        let artists = self.albums.artists().await?;
        let index = artists.position(row.artist_id);
        Ok(index.map(|index| artists.rows[index].name.clone()).unwrap_or_default())
    }

    async fn genre(&self, row: &albums::Album) -> Result<String, GraphError> {
        let genres = self.albums.genres().await?;
        let index = genres.position(row.genre_id);
        Ok(index.map(|index| genres.rows[index].name.clone()).unwrap_or_default())
    }

    async fn told(&self) -> Result<&Vec<Told>, GraphError> {
        let load = async || {
            let (marker, mut told) = (&self.marker, Vec::with_capacity(self.albums.rows.len()));
            for row in &self.albums.rows {
                let (title, artist) = (marker.mark(&row.title), marker.mark(&self.artist(row).await?));
                let genre = if marker.is_all(title.typed | artist.typed) {
                    Marked::default()
                } else {
                    marker.mark(&self.genre(row).await?)
                };
                told.push(Told { title, artist, genre });
            }
            Ok(told)
        };
        // In a box: the future of each album would be as large.
        self.told.get_or_try_init(|| Box::pin(load())).await
    }

    async fn tracks(&self) -> Result<&HashMap<i64, Vec<catalogue::Track>>, GraphError> {
        let load = async || {
            let told = self.albums.rows.iter().zip(self.told().await?);
            let wanted = told.filter(|(_, told)| !self.marker.is_all(told.typed()));
            let wanted: Vec<i64> = wanted.map(|(row, _)| row.id).collect();
            Ok(tracks::of_albums(&self.database, &wanted).await?)
        };
        self.tracks.get_or_try_init(|| Box::pin(load())).await
    }
}

/// Where an album has what was typed.
pub(super) struct WhereFound {
    hits: Arc<Hits>,
    index: usize,
}

impl WhereFound {
    /// Each of `albums`, and where it has what was typed.
    pub fn all<'a>(
        database: &Database,
        albums: &'a Arc<Albums>,
        marker: Marker,
    ) -> impl Iterator<Item = (Member<Albums>, Self)> + use<'a> {
        let hits = Arc::new(Hits {
            database: database.clone(),
            albums: Arc::clone(albums),
            marker,
            told: OnceCell::new(),
            tracks: OnceCell::new(),
        });
        Member::all(albums, 0..albums.rows.len()).map(move |album| {
            let (hits, index) = (Arc::clone(&hits), album.index);
            (album, Self { hits, index })
        })
    }

    async fn told(&self) -> Result<&Told, GraphError> {
        Ok(&self.hits.told().await?[self.index])
    }
}

/// Where an album has what was typed.
#[Object(serial)]
impl WhereFound {
    /// Where the album's title has what was typed.
    async fn title_matches(&self) -> Result<Vec<TextRange>> {
        Ok(TextRange::all(&self.told().await?.title.ranges))
    }

    /// Where the name of the album's artist has what was typed.
    async fn artist_matches(&self) -> Result<Vec<TextRange>> {
        Ok(TextRange::all(&self.told().await?.artist.ranges))
    }

    /// Where the name of the album's genre has what was typed; nowhere if title and artist have all of it.
    async fn genre_matches(&self) -> Result<Vec<TextRange>> {
        Ok(TextRange::all(&self.told().await?.genre.ranges))
    }

    /// The tracks that have what title, artist and genre lack of what was typed, at most 3, those first that have most of it; none
    /// where nothing is lacking.
    async fn track_matches(&self) -> Result<Vec<TrackMatch>> {
        let (marker, album) = (&self.hits.marker, &self.hits.albums.rows[self.index]);
        let Some(tracks) = self.hits.tracks().await?.get(&album.id) else {
            return Ok(Vec::new());
        };
        let mut told = self.told().await?.typed();
        let marked = (1..)
            .zip(tracks)
            .map(|(position, track)| (position, track, marker.mark(&track.title)));
        let mut left: Vec<(i32, &catalogue::Track, Marked)> = marked.filter(|(.., marked)| marked.typed != 0).collect();
        let (mut matches, mut most) = (Vec::new(), usize::MAX);
        while matches.len() < MOST_TRACKS {
            let worth = |typed: WordSet| (marker.letters(typed & !told), marker.letters(typed));
            let best = (0..left.len()).min_by_key(|place| std::cmp::Reverse(worth(left[*place].2.typed)));
            let Some(best) = best else {
                break;
            };
            let (position, track, marked) = left.remove(best);
            let (untold, all) = worth(marked.typed);
            // What names or other tracks have told already, and better, says nothing.
            if untold == 0 && all < most {
                break;
            }
            most = if matches.is_empty() { all } else { most.max(all) };
            told |= marked.typed;
            matches.push(TrackMatch {
                ranges: marked.ranges,
                track: Track {
                    track: track.clone(),
                    position,
                },
            });
        }
        Ok(matches)
    }
}
