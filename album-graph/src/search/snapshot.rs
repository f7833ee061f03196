//! The index as it stands at one revision of the catalogue, and what can be asked of it.

use std::collections::HashMap;

use super::bits::Bits;
use super::facets::Facets;
use super::fields::{Fields, Names, day, key};
use super::matching::{Class, Matches, Shelf, Spellings};
use super::query::{Marker, Query};
use super::ranking::{Best, Hit, Order};
use super::segment::Segment;
use crate::store::Position;
use crate::store::albums::Filter;
use crate::store::genres::Genre;

/// Where fewer match as typed, and none by its whole name, those are looked for as well that match with typing mistakes.
const ENOUGH: u64 = 10;

/// The index at one revision.
pub struct Snapshot {
    pub(super) segments: Vec<Segment>,
    pub(super) fields: Fields,
    pub(super) genres: Vec<Genre>,
}

/// What to look for.
#[derive(Clone, Debug)]
pub struct Search {
    /// What somebody typed.
    pub text: String,
    /// Which albums.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// How many.
    pub size: usize,
    /// How many to pass over first.
    pub skip: usize,
    /// Only those that follow a position.
    pub after: Option<Position>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The albums of this page.
    pub hits: Vec<Hit>,
    /// Whether there are more.
    pub more: bool,
    /// How many there are on all pages.
    pub total: u64,
    /// How they are spread.
    pub facets: Facets,
    /// What was probably meant, where nothing has every word as it was typed.
    pub did_you_mean: Option<String>,
    /// Whether mistyped words were looked for.
    pub typos: bool,
}

/// What somebody may be about to type.
#[derive(Clone, Debug, Default)]
pub struct Suggested {
    /// Keys of albums, best first.
    pub albums: Vec<i64>,
    /// Keys of artists, best first.
    pub artists: Vec<i64>,
    /// Keys of genres, by name.
    pub genres: Vec<i64>,
    /// Whether mistyped words were looked for among albums, and among artists.
    pub typos: (bool, bool),
}

/// What matches a query in every segment.
struct Looked {
    /// For each segment, and all of it.
    matches: Vec<(Matches, Bits)>,
    typos: bool,
    did_you_mean: Option<String>,
}

impl Snapshot {
    /// Finds albums.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, search: &Search) -> tantivy::Result<Found> {
        let query = Query::new(&search.text);
        if query.is_empty() {
            return Ok(Found::default());
        }
        let looked = self.look(&query, &self.fields.albums)?;
        let mut best = Best::new(search.order, search.after.as_ref(), search.skip + search.size + 1);
        let (mut total, mut facets) = (0, Facets::default());
        for (segment, (matches, mut all)) in self.segments.iter().zip(looked.matches) {
            if let Some(artist) = search.filter.artist_id {
                let mut by = Bits::default();
                segment.field(self.fields.by)?.add_number(key(artist), &mut by)?;
                all.and(&by);
            }
            let wanted = Wanted::of(segment, &all, &search.filter);
            wanted.count(segment, &mut facets);
            total += wanted.all.count();
            best.take(segment, &segment.columns.albums, &matches, &wanted.all)?;
        }
        let (hits, more) = best.finish(search.skip, search.size);
        let (did_you_mean, typos) = (looked.did_you_mean, looked.typos);
        Ok(Found {
            hits,
            more,
            total,
            facets,
            did_you_mean,
            typos,
        })
    }

    /// Finds what somebody may be about to type: up to `first` of each kind.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn suggest(&self, text: &str, first: usize) -> tantivy::Result<Suggested> {
        let query = Query::new(text);
        if query.is_empty() {
            return Ok(Suggested::default());
        }
        let (albums, by_title) = self.suggest_names(&query, &self.fields.albums, first)?;
        let (artists, by_name) = self.suggest_names(&query, &self.fields.artists, first)?;
        let genres = [false, true].map(|typos| {
            let marker = Marker::new(text, typos);
            let genres = self.genres.iter().filter(|genre| marker.covers(&[&genre.name]));
            genres.map(|genre| genre.id).take(first).collect::<Vec<_>>()
        });
        let genres = genres.into_iter().find(|genres| !genres.is_empty()).unwrap_or_default();
        Ok(Suggested {
            albums,
            artists,
            genres,
            typos: (by_title, by_name),
        })
    }

    fn suggest_names(&self, query: &Query, names: &Names, first: usize) -> tantivy::Result<(Vec<i64>, bool)> {
        let looked = self.look(query, names)?;
        let mut best = Best::new(Order::Relevance, None, first);
        for (segment, (matches, all)) in self.segments.iter().zip(&looked.matches) {
            let columns = &segment.columns;
            let keys = if names.key == self.fields.albums.key {
                &columns.albums
            } else {
                &columns.artists
            };
            best.take(segment, keys, matches, all)?;
        }
        let hits = best.finish(0, first).0;
        Ok((hits.into_iter().map(|hit| hit.id).collect(), looked.typos))
    }

    /// All genres, by name.
    #[must_use]
    pub fn genres(&self) -> &[Genre] {
        &self.genres
    }

    fn look(&self, query: &Query, names: &Names) -> tantivy::Result<Looked> {
        let shelves: Vec<Shelf> = self
            .segments
            .iter()
            .map(|segment| Shelf::new(segment, names))
            .collect::<Result<_, _>>()?;
        let mut matches: Vec<Matches> = shelves
            .iter()
            .map(|shelf| shelf.as_typed(query))
            .collect::<Result<_, _>>()?;
        let typed = self.count(&matches);
        let named = matches
            .iter()
            .flatten()
            .any(|(class, found)| *class >= Class::Whole && found.count() > 0);
        let (typos, mut did_you_mean) = (typed < ENOUGH && !named, None);
        if typos {
            let mut meant: Vec<Spellings> = query.words.iter().map(|_| HashMap::new()).collect();
            let mut meant_wholes = Spellings::new();
            let whole = query.whole_spelling();
            for (shelf, matches) in shelves.iter().zip(&mut matches) {
                matches.extend(shelf.mistyped(query, &mut meant)?);
                if let Some(whole) = &whole {
                    matches.extend(shelf.mistyped_wholes(whole, &mut meant_wholes)?);
                }
                matches.sort_by_key(|(class, _)| std::cmp::Reverse(*class));
            }
            if typed == 0 && self.count(&matches) > 0 {
                did_you_mean = likeliest(&meant_wholes).or_else(|| corrected(query, &meant));
            }
        }
        let matches = self.segments.iter().zip(matches).map(|(segment, matches)| {
            let all = union(segment, &matches);
            (matches, all)
        });
        Ok(Looked {
            matches: matches.collect(),
            typos,
            did_you_mean,
        })
    }

    fn count(&self, matches: &[Matches]) -> u64 {
        let counts = self.segments.iter().zip(matches);
        counts.map(|(segment, matches)| union(segment, matches).count()).sum()
    }
}

/// Everything that matches and is still there.
fn union(segment: &Segment, matches: &Matches) -> Bits {
    let mut all = Bits::default();
    for (_, found) in matches {
        all.or(found);
    }
    segment.keep_alive(&mut all);
    all
}

/// The spelling with fewest mistakes, and among those the most frequent one.
fn likeliest(meant: &Spellings) -> Option<String> {
    let best = meant
        .iter()
        .min_by_key(|(term, (mistakes, documents))| (*mistakes, u32::MAX - documents, term.as_str()));
    best.map(|(term, _)| term.clone())
}

/// The query with each mistyped word as it was probably meant; none where a word remains as it is unknown.
fn corrected(query: &Query, meant: &[Spellings]) -> Option<String> {
    let words = query
        .words
        .iter()
        .zip(meant)
        .map(|(word, meant)| match likeliest(meant) {
            Some(term) if !term.starts_with(&word.text) => term,
            _ => word.text.clone(),
        });
    let words: Vec<String> = words.collect();
    let changed = words
        .iter()
        .zip(&query.words)
        .any(|(meant, typed)| *meant != typed.text);
    changed.then(|| words.join(" "))
}

/// What was found in a segment, with every filter and with every filter but one.
struct Wanted {
    all: Bits,
    but_genre: Bits,
    but_release: Bits,
    but_price: Bits,
}

impl Wanted {
    fn of(segment: &Segment, found: &Bits, filter: &Filter) -> Self {
        let columns = &segment.columns;
        let only = |mut bits: Bits, other: &Option<Bits>| {
            if let Some(other) = other {
                bits.and(other);
            }
            bits
        };
        let genre = filter
            .genre_id
            .map(|genre| columns.genres.get(&key(genre)).cloned().unwrap_or_default());
        let from = filter.released_from.as_ref().map_or(0, |date| day(&date.first_day()));
        let to = filter.released_to.as_ref().map(|date| day(&date.upper_bound()));
        let released = (from > 0 || to.is_some()).then(|| {
            let mut bits = found.clone();
            bits.retain(|document| {
                let day = u64::from(columns.releases[document as usize]);
                day > 0 && day >= from && to.is_none_or(|to| day <= to)
            });
            bits
        });
        let (min, max) = (filter.min_price.map(key), filter.max_price.map(key));
        let priced = (min.is_some() || max.is_some()).then(|| {
            let mut bits = found.clone();
            bits.retain(|document| {
                let price = u64::from(columns.prices[document as usize]);
                min.is_none_or(|min| price >= min) && max.is_none_or(|max| price <= max)
            });
            bits
        });
        let of_genre = only(found.clone(), &genre);
        Self {
            all: only(only(of_genre.clone(), &released), &priced),
            but_genre: only(only(found.clone(), &released), &priced),
            but_release: only(of_genre.clone(), &priced),
            but_price: only(of_genre, &released),
        }
    }

    fn count(&self, segment: &Segment, facets: &mut Facets) {
        for (genre, documents) in &segment.columns.genres {
            let count = self.but_genre.count_and(documents);
            if count > 0 {
                *facets.genres.entry(genre.cast_signed()).or_default() += count;
            }
        }
        for (decade, documents) in &segment.columns.decades {
            let count = self.but_release.count_and(documents);
            if count > 0 {
                *facets.decades.entry(*decade).or_default() += count;
            }
        }
        let prices = segment
            .columns
            .bands
            .map(|documents| self.but_price.count_and(documents));
        facets.prices.zip_mut(prices, |sum, count| *sum += count);
    }
}
