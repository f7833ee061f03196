//! The index as it stands at one revision of the catalogue, and what can be asked of it.

use std::sync::Arc;

use super::bits::Bits;
use super::facets::Facets;
use super::fields::{Fields, Names, key};
use super::matching::{Class, Matches, Shelf, Spellings};
use super::query::{Forgiven, MOST_MISTAKES, Marker, Query};
use super::ranking::{Best, Hit, Order, Position};
use super::segment::Segment;
use super::wanted::{Filter, Wanted};

/// Where fewer match as typed, and none by its whole name, those are looked for as well that match with typing mistakes.
const ENOUGH: usize = 3;
/// So many names are put together from words that may have been meant.
const MOST_NAMES: usize = 64;
/// So many ways to spell each of the words are tried for that.
const MOST_SPELLINGS: usize = 16;
/// So many of them are looked for, to tell what was probably meant.
const MOST_TRIED: usize = 8;

/// The index at one revision.
pub struct Snapshot {
    pub(crate) segments: Vec<Segment>,
    pub(crate) fields: Fields,
    pub(crate) documents: u64,
    pub(crate) bytes: u64,
}

/// What to look for.
#[derive(Clone)]
pub struct Search {
    /// What somebody typed.
    pub query: Arc<Query>,
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
    /// Whether to count how they are spread.
    pub facets: bool,
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
    /// How they are spread, where that was asked for.
    pub facets: Facets,
    /// What was probably meant, where nothing has every word as it was typed.
    pub did_you_mean: Option<String>,
    /// Which mistakes were forgiven.
    pub forgiven: Forgiven,
}

/// What somebody may be about to type.
#[derive(Clone, Debug, Default)]
pub struct Suggested {
    /// Keys of albums, best first.
    pub albums: Vec<i64>,
    /// Keys of artists, best first.
    pub artists: Vec<i64>,
    /// Keys of genres, in the order in which they were given.
    pub genres: Vec<i64>,
    /// Which mistakes were forgiven.
    pub forgiven: Forgiven,
}

/// How much of what matches is wanted.
#[derive(Clone, Copy)]
enum Effort {
    /// All of it.
    All,
    /// The first few only, with typing mistakes or without.
    First { first: usize, typos: bool },
}

impl Effort {
    /// Whether there are so many that weaker matches need not be looked for.
    fn is_satisfied(self, has: impl FnOnce(usize) -> bool) -> bool {
        match self {
            Self::All => false,
            Self::First { first, .. } => has(first),
        }
    }

    fn forgives(self) -> bool {
        !matches!(self, Self::First { typos: false, .. })
    }
}

/// What may have been meant.
struct Meant {
    /// Names that there are.
    names: Spellings,
    /// For each word of the query.
    words: Vec<Spellings>,
    forgiven: Forgiven,
}

/// What matches a query.
struct Looked {
    /// For each segment.
    matches: Vec<Matches>,
    forgiven: Forgiven,
    did_you_mean: Option<String>,
}

impl Snapshot {
    /// How many albums and artists it knows.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// How much room it takes, in its folder or in memory.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Finds albums.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, search: &Search) -> tantivy::Result<Found> {
        if search.query.is_empty() {
            return Ok(Found::default());
        }
        let looked = self.look(&search.query, &self.fields.albums, Effort::All)?;
        let mut best = Best::new(search.order, search.after.as_ref(), search.skip + search.size + 1);
        let (mut total, mut facets) = (0, Facets::default());
        for (segment, matches) in self.segments.iter().zip(&looked.matches) {
            let mut all = union(segment, matches);
            if let Some(artist) = search.filter.artist {
                let mut by = Bits::default();
                segment.field(self.fields.by)?.add_number(key(artist), &mut by)?;
                all.and(&by);
            }
            let wanted = Wanted::of(segment, all, &search.filter);
            if search.facets {
                wanted.count(segment, &mut facets);
            }
            total += wanted.all.count();
            best.take(segment, &segment.columns.albums, matches, |document| {
                wanted.all.contains(document)
            })?;
        }
        let (hits, more) = best.finish(search.skip, search.size)?;
        let (did_you_mean, forgiven) = (looked.did_you_mean, looked.forgiven);
        Ok(Found {
            hits,
            more,
            total,
            facets,
            did_you_mean,
            forgiven,
        })
    }

    /// Finds what somebody may be about to type: up to `first` of each kind, among them of `genres`, by key and name.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn suggest(&self, query: &Arc<Query>, first: usize, genres: &[(i64, &str)]) -> tantivy::Result<Suggested> {
        if query.is_empty() {
            return Ok(Suggested::default());
        }
        let mut suggested = Suggested::default();
        // Mistakes are looked for only where nothing of any kind is typed so.
        for typos in [false, true] {
            let (albums, of_albums) = self.suggest_names(query, &self.fields.albums, (first, typos))?;
            let (artists, of_artists) = self.suggest_names(query, &self.fields.artists, (first, typos))?;
            let of_genres = if typos { Forgiven::Words } else { Forgiven::Nothing };
            suggested = Suggested {
                albums,
                artists,
                genres: suggest_genres(genres, &Marker::new(query, of_genres), first),
                forgiven: of_albums.max(of_artists).max(of_genres),
            };
            if !(suggested.albums.is_empty() && suggested.artists.is_empty() && suggested.genres.is_empty()) {
                break;
            }
        }
        Ok(suggested)
    }

    fn suggest_names(
        &self,
        query: &Query,
        names: &Names,
        (first, typos): (usize, bool),
    ) -> tantivy::Result<(Vec<i64>, Forgiven)> {
        let looked = self.look(query, names, Effort::First { first, typos })?;
        let mut best = Best::new(Order::Relevance, None, first);
        for (segment, matches) in self.segments.iter().zip(&looked.matches) {
            let columns = &segment.columns;
            let keys = if names.key == self.fields.albums.key {
                &columns.albums
            } else {
                &columns.artists
            };
            best.take(segment, keys, matches, |document| segment.is_alive(document))?;
        }
        let hits = best.finish(0, first)?.0;
        Ok((hits.into_iter().map(|hit| hit.id).collect(), looked.forgiven))
    }

    fn look(&self, query: &Query, names: &Names, effort: Effort) -> tantivy::Result<Looked> {
        let shelves = self.segments.iter().map(|segment| Shelf::new(segment, names));
        let shelves = shelves.collect::<tantivy::Result<Vec<_>>>()?;
        let matches = shelves.iter().map(|shelf| shelf.called(query));
        let mut matches = matches.collect::<tantivy::Result<Vec<Matches>>>()?;
        if let Effort::All = effort {
            for (shelf, matches) in shelves.iter().zip(&mut matches) {
                let any = shelf.any_as_typed(query)?;
                matches.extend(shelf.near_as_typed(query, Some(&any.1))?);
                matches.push(any);
            }
        } else if !effort.is_satisfied(|enough| self.has(&matches, enough)) {
            for (shelf, matches) in shelves.iter().zip(&mut matches) {
                matches.extend(shelf.near_as_typed(query, None)?);
            }
            if !effort.is_satisfied(|enough| self.has(&matches, enough)) {
                for (shelf, matches) in shelves.iter().zip(&mut matches) {
                    matches.push(shelf.any_as_typed(query)?);
                }
            }
        }
        if !self.has(&matches, 1) {
            for (shelf, matches) in shelves.iter().zip(&mut matches) {
                matches.push(shelf.any_begun(query)?);
            }
        }
        let (mut forgiven, mut did_you_mean) = (Forgiven::Nothing, None);
        if effort.forgives() && !self.has(&matches, ENOUGH) && !self.has_name(&matches) {
            let is_unknown = !self.has(&matches, 1);
            let meant = self.add_mistyped(query, (&shelves, effort), &mut matches)?;
            let is_found = self.has(&matches, 1);
            if !is_found && let Some(finished) = query.finished() {
                return self.look(&finished, names, effort);
            }
            forgiven = meant.forgiven;
            if is_unknown && is_found {
                did_you_mean = self.meant(query, &shelves, &meant)?;
            }
        }
        for matches in &mut matches {
            matches.sort_by_key(|(class, _)| std::cmp::Reverse(*class));
        }
        Ok(Looked {
            matches,
            forgiven,
            did_you_mean,
        })
    }

    /// What was probably meant: a name as a whole, or words that something has together.
    fn meant(&self, query: &Query, shelves: &[Shelf], meant: &Meant) -> tantivy::Result<Option<String>> {
        let corrected = corrected(query, &meant.words);
        if let Some((name, mistakes)) = likeliest(&meant.names)
            && corrected.as_ref().is_none_or(|(_, fewer)| mistakes <= *fewer)
        {
            return Ok(Some(written_apart(name, shelves)?));
        }
        let corrected = corrected.map(|(text, _)| text);
        let others = names_of(query, &meant.words).into_iter().map(|(name, _)| name);
        for text in corrected.into_iter().chain(others).take(MOST_TRIED) {
            let found = shelves.iter().map(|shelf| shelf.any_as_typed(&Query::new(&text)));
            let found: Vec<Matches> = found.map(|found| Ok(vec![found?])).collect::<tantivy::Result<_>>()?;
            if self.has(&found, 1) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// Adds what matches with mistakes; answers what may have been meant.
    fn add_mistyped(
        &self,
        query: &Query,
        (shelves, effort): (&[Shelf], Effort),
        matches: &mut [Matches],
    ) -> tantivy::Result<Meant> {
        let mut meant: Vec<Spellings> = query.words.iter().map(|_| Spellings::new()).collect();
        let spelt: Vec<_> = shelves.iter().map(|shelf| shelf.spelt(query)).collect();
        if let Effort::All = effort {
            for ((shelf, spelt), matches) in shelves.iter().zip(&spelt).zip(&mut *matches) {
                let any = shelf.mistyped_any(query, (spelt, &mut meant))?;
                let all = any.last().map(|(_, with_two)| with_two);
                matches.extend(shelf.mistyped_names(query, (spelt, &mut meant), all)?);
                matches.extend(any);
            }
        } else {
            for ((shelf, spelt), matches) in shelves.iter().zip(&spelt).zip(&mut *matches) {
                matches.extend(shelf.mistyped_names(query, (spelt, &mut meant), None)?);
            }
            if !effort.is_satisfied(|enough| self.has(matches, enough)) {
                for ((shelf, spelt), matches) in shelves.iter().zip(&spelt).zip(&mut *matches) {
                    matches.extend(shelf.mistyped_any(query, (spelt, &mut meant))?);
                }
            }
        }
        let (mut names, mut forgiven) = (names_of(query, &meant), Forgiven::Words);
        // Where the last word may be taken for a whole one, that is done first.
        if !self.has(matches, 1)
            && !query.is_shortened()
            && let Some(whole) = query.whole_spelling()
        {
            forgiven = Forgiven::Names;
            // A blank too many or too few, or a mistake in a short word.
            let mut similar = Spellings::new();
            for shelf in shelves {
                shelf.similar_wholes(whole, &mut similar)?;
            }
            names = similar
                .into_iter()
                .map(|(name, (mistakes, _))| (name, mistakes))
                .collect();
        }
        let mut there = Spellings::new();
        for (shelf, matches) in shelves.iter().zip(matches) {
            matches.extend(shelf.wholes(&names, &mut there)?);
        }
        Ok(Meant {
            names: there,
            words: meant,
            forgiven,
        })
    }

    /// Whether something is called as was typed.
    fn has_name(&self, matches: &[Matches]) -> bool {
        let mut segments = self.segments.iter().zip(matches);
        segments.any(|(segment, matches)| {
            let names = matches.iter().filter(|(class, _)| *class >= Class::Whole);
            union(segment, names).has(1)
        })
    }

    /// Whether so many match.
    fn has(&self, matches: &[Matches], enough: usize) -> bool {
        let segments = || self.segments.iter().zip(matches);
        // Mostly those of one class are.
        let has = |(segment, matches): (&Segment, &Matches)| {
            let alive = |found: &Bits| {
                found
                    .iter()
                    .filter(|document| segment.is_alive(*document))
                    .take(enough)
                    .count()
            };
            matches.iter().any(|(_, found)| alive(found) == enough)
        };
        segments().any(has) || {
            let counts = segments().map(|(segment, matches)| union(segment, matches).count());
            counts.sum::<u64>() >= enough as u64
        }
    }
}

fn suggest_genres(genres: &[(i64, &str)], marker: &Marker, first: usize) -> Vec<i64> {
    let genres = genres.iter().filter(|(_, name)| marker.is_all(marker.mark(name).typed));
    genres.map(|(id, _)| *id).take(first).collect()
}

/// Everything that matches and is still there.
fn union<'a>(segment: &Segment, matches: impl IntoIterator<Item = &'a (Class, Bits)>) -> Bits {
    let mut all = Bits::default();
    for (_, found) in matches {
        all.or(found);
    }
    segment.keep_alive(&mut all);
    all
}

/// The spelling with fewest mistakes, and among those the most frequent one.
fn likeliest(meant: &Spellings) -> Option<(String, u8)> {
    let best = meant
        .iter()
        .min_by_key(|(term, (mistakes, documents))| (*mistakes, u32::MAX - documents, term.as_str()));
    best.map(|(term, (mistakes, _))| (term.clone(), *mistakes))
}

/// The name with the blanks that belong into it, where it is called so only without.
fn written_apart(name: String, shelves: &[Shelf]) -> tantivy::Result<String> {
    let mut apart = Spellings::new();
    for shelf in shelves {
        shelf.apart(&name, &mut apart)?;
    }
    // Every name is known without its blanks, too.
    let together = apart.remove(&name).map_or(0, |(_, documents)| documents);
    let documents: u32 = apart.values().map(|(_, documents)| documents).sum();
    let apart = likeliest(&apart).filter(|_| documents >= together);
    Ok(apart.map_or(name, |(apart, _)| apart))
}

/// The names that the words of a query may have been meant to make up, with the number of mistakes.
fn names_of(query: &Query, meant: &[Spellings]) -> Vec<(String, u8)> {
    let mut names = vec![(String::new(), 0)];
    for word in &query.order {
        let mut spellings: Vec<_> = meant[*word].iter().collect();
        spellings.sort_by_key(|(term, (mistakes, documents))| (*mistakes, u32::MAX - documents, term.as_str()));
        spellings.truncate(MOST_SPELLINGS);
        if spellings.is_empty() {
            // Too short to be mistyped.
            let known = (&query.words[*word].text, &(0, 1));
            spellings.push(known);
        }
        let longer = names.iter().flat_map(|(name, mistakes)| {
            spellings.iter().map(move |(term, (more, _))| {
                let blank = if name.is_empty() { "" } else { " " };
                (format!("{name}{blank}{term}"), mistakes + more)
            })
        });
        let mut longer: Vec<(String, u8)> = longer.filter(|(_, mistakes)| *mistakes <= 2 * MOST_MISTAKES).collect();
        // The likeliest only, or there would be too many.
        longer.sort_by_key(|(_, mistakes)| *mistakes);
        longer.truncate(MOST_NAMES);
        names = longer;
    }
    let named = names.into_iter().filter(|(_, mistakes)| *mistakes > 0);
    named
        .map(|(name, mistakes)| (name, mistakes.min(MOST_MISTAKES)))
        .collect()
}

/// The query with each mistyped word as it was probably meant, and how many mistakes it had then; none where a word remains as it is
/// unknown.
fn corrected(query: &Query, meant: &[Spellings]) -> Option<(String, u8)> {
    let words = query
        .words
        .iter()
        .zip(meant)
        .map(|(word, meant)| match likeliest(meant) {
            Some((term, mistakes)) if !term.starts_with(&word.text) => (term, mistakes),
            _ => (word.text.clone(), 0),
        });
    let (words, mistakes): (Vec<String>, Vec<u8>) = words.unzip();
    let mistakes = mistakes.iter().sum();
    (mistakes > 0).then(|| (words.join(" "), mistakes))
}
