//! Search: a projection of the catalogue in an index of words, kept in step with the database and never its source of truth.
//!
//! [`Searcher`] builds the index, follows the catalogue's revisions, and mends itself; a [`Snapshot`] answers.

use std::collections::{HashMap, HashSet};
use std::num::NonZero;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use album_search::{Day, Filter, Index, Slot, Stand, TantivyError};
pub use album_search::{Forgiven, Found, Marked, Marker, Order, Query, Range, Search, Suggested, WordSet};
use service::telemetry::causes;
use tokio::sync::{Mutex, Notify, Semaphore, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::store::changes::{self, Change};
use crate::store::genres::Genre;
use crate::store::revision::{self, Revision};
use crate::store::{Database, Key, Position, StoreError, albums, artists, genres};

/// How often to look for a new revision.
const LOOK: Duration = Duration::from_millis(300);
/// After so long without an answer the database is asked anew.
const SILENCE: Duration = Duration::from_secs(3);
/// How long to wait after a failure; each further one doubles it.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest wait.
const MOST_PATIENCE: Duration = Duration::from_mins(1);
/// Albums that are read at once.
const PAGE: i64 = 4_000;
/// An index in memory that has grown to so many times what is small moves to a folder.
const OUTGROWN: u64 = 4;

/// Why the index could not be brought in step, or asked.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The database does not answer.
    #[error("the catalogue cannot be read")]
    Store(#[from] StoreError),
    /// The database is silent.
    #[error("the catalogue does not answer")]
    Silent,
    /// The index cannot be written or read.
    #[error("the search index is of no use")]
    Index(#[from] TantivyError),
    /// There is a bug.
    #[error("indexing panicked")]
    Panic(#[from] tokio::task::JoinError),
}

/// The index at one revision of the catalogue, and the genres that there are then.
pub struct Snapshot {
    index: album_search::Snapshot,
    genres: Vec<Genre>,
}

impl Deref for Snapshot {
    type Target = album_search::Snapshot;

    fn deref(&self) -> &Self::Target {
        &self.index
    }
}

impl Snapshot {
    /// All genres, by name.
    #[must_use]
    pub fn genres(&self) -> &[Genre] {
        &self.genres
    }

    /// Finds what somebody may be about to type: up to `first` albums, artists and genres.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn suggest(&self, query: &Arc<Query>, first: usize) -> album_search::Result<Suggested> {
        let genres: Vec<(i64, &str)> = self
            .genres
            .iter()
            .map(|genre| (genre.id, genre.name.as_str()))
            .collect();
        self.index.suggest(query, first, &genres)
    }
}

impl From<&albums::Filter> for Filter {
    fn from(filter: &albums::Filter) -> Self {
        Self {
            genre: filter.genre_id,
            artist: filter.artist_id,
            min_price: filter.min_price,
            max_price: filter.max_price,
            released_from: filter.released_from.as_ref().map(|date| Day::of(&date.first_day())),
            released_to: filter.released_to.as_ref().map(|date| Day::of(&date.upper_bound())),
        }
    }
}

impl From<album_search::Position> for Position {
    fn from(position: album_search::Position) -> Self {
        Self {
            key: Key::Integer(position.rank.cast_signed()),
            title: Some(position.title),
            id: position.id,
        }
    }
}

impl From<&Position> for album_search::Position {
    fn from(position: &Position) -> Self {
        let rank = match &position.key {
            Key::Integer(rank) => rank.cast_unsigned(),
            Key::Text(_) => 0,
        };
        Self {
            rank,
            title: position.title.clone().unwrap_or_default(),
            id: position.id,
        }
    }
}

/// The index of the catalogue; cheap to clone.
#[derive(Clone)]
pub struct Searcher(Arc<Shared>);

struct Shared {
    current: RwLock<Option<Arc<Snapshot>>>,
    /// Whether the first attempt to build it has ended.
    settled: AtomicBool,
    broken: AtomicBool,
    /// What the catalogue and the index were at when the database was asked last.
    state: RwLock<Option<Arc<str>>>,
    /// The revision of the catalogue when the database was asked last; negative before.
    catalogue: AtomicI64,
    /// The revision that the current snapshot is at; negative where there is none.
    indexed: AtomicI64,
    /// Whether there is a schema to ask.
    start: Notify,
    /// Whoever searches takes a turn, so that a flood of questions neither starves everything else nor fills the memory.
    turns: Semaphore,
    keeper: Mutex<Keeper>,
}

/// Where the index lies.
#[derive(Clone, Debug)]
pub struct Place {
    /// Below which folder a large one lies; it may be thrown away.
    pub folder: PathBuf,
    /// For how many albums it is kept in memory.
    pub in_memory: u64,
}

struct Keeper {
    place: Place,
    slot: Option<Slot>,
    index: Option<Index>,
    /// The revision of the latest snapshot of this index: one that was written need not be shown yet, where reading broke off.
    shown: Option<i64>,
}

impl Searcher {
    /// An index of nothing yet.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let keeper = Keeper {
            place,
            slot: None,
            index: None,
            shown: None,
        };
        Self(Arc::new(Shared {
            current: RwLock::default(),
            settled: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            state: RwLock::default(),
            catalogue: AtomicI64::new(-1),
            indexed: AtomicI64::new(-1),
            start: Notify::new(),
            turns: Semaphore::new(2 * available_parallelism().map_or(1, NonZero::get)),
            keeper: Mutex::new(keeper),
        }))
    }

    /// The index at the latest revision that it has come to; none before it is built.
    #[must_use]
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names the state of the catalogue and of this index: whatever is answered while it is the same is the same, too. None
    /// while the database does not answer.
    #[must_use]
    pub fn state(&self) -> Option<Arc<str>> {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The revision that the catalogue was at when it was asked last, and how many revisions the index is behind it; none before
    /// the index is built.
    #[must_use]
    pub fn revisions(&self) -> Option<(i64, i64)> {
        let indexed = self.0.indexed.load(Ordering::Relaxed);
        let catalogue = self.0.catalogue.load(Ordering::Relaxed);
        (indexed >= 0).then_some((catalogue, catalogue.saturating_sub(indexed).max(0)))
    }

    fn set_state(&self, database: &Database, state: Option<String>) {
        let mut known = self.0.state.write().unwrap_or_else(PoisonError::into_inner);
        if known.as_deref() != state.as_deref() {
            *known = state.map(Into::into);
            database.catalogue_is(known.as_ref());
        }
    }

    /// Says that the database has the schema that is needed: [`keep`] begins.
    pub fn start(&self) {
        self.0.start.notify_one();
    }

    /// Asks the index, away from the threads that serve requests; none before it is built. Where that fails, it is made anew.
    ///
    /// # Errors
    /// When the index fails.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Snapshot) -> album_search::Result<T> + Send + 'static,
    ) -> Result<Option<(Arc<Snapshot>, T)>, FollowError> {
        let _turn = self.0.turns.acquire().await;
        let Some(snapshot) = self.snapshot() else {
            return Ok(None);
        };
        let asked = Arc::clone(&snapshot);
        let answer = spawn_blocking(move || question(&asked)).await;
        let answer = answer.map_err(FollowError::from).and_then(|answer| Ok(answer?));
        answer
            .map(|answer| Some((snapshot, answer)))
            .inspect_err(|_| self.give_up())
    }

    /// Whether requests need not wait for the index: it is built, or could not be.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.0.settled.load(Ordering::Relaxed)
    }

    /// Says that the index was found to be broken: it is made anew.
    fn give_up(&self) {
        self.0.broken.store(true, Ordering::Relaxed);
    }

    /// Brings the index in step with the catalogue.
    ///
    /// # Errors
    /// When the database or the index fails. What there was is still answered from.
    pub async fn follow(&self, database: &Database) -> Result<(), FollowError> {
        let mut keeper = self.0.keeper.lock().await;
        let asked = timeout(SILENCE, revision::standing(database)).await;
        let asked = asked.map_err(|_| FollowError::Silent).and_then(|asked| Ok(asked?));
        let standing = asked.inspect_err(|_| self.set_state(database, None))?;
        let revision = &standing.revision;
        self.0.catalogue.store(revision.number, Ordering::Relaxed);
        // The rows are at this revision before the index is.
        self.set_state(database, Some(standing.name(keeper.shown)));
        if self.0.broken.swap(false, Ordering::Relaxed)
            && let Some(index) = keeper.index.take()
        {
            index.remove();
        }
        let followed = keeper.follow(database, revision).await;
        match followed {
            Ok(Some(snapshot)) => {
                *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(snapshot));
                self.0.indexed.store(revision.number, Ordering::Relaxed);
            }
            Ok(None) => {}
            Err(error) => {
                if !matches!(error, FollowError::Store(_) | FollowError::Silent) {
                    self.give_up();
                }
                return Err(error);
            }
        }
        self.set_state(database, Some(standing.name(keeper.shown)));
        self.0.settled.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Follows the catalogue for as long as the program runs, once the searcher is told to [start](Searcher::start).
pub async fn keep(searcher: Searcher, database: Database) {
    searcher.0.start.notified().await;
    let mut failures = 0;
    loop {
        match searcher.follow(&database).await {
            Ok(()) => {
                failures = 0;
                sleep(LOOK).await;
            }
            Err(error) => {
                // An outage of the database is told by whoever watches it.
                if !matches!(
                    error,
                    FollowError::Store(StoreError::Unavailable(_)) | FollowError::Silent
                ) {
                    error!(cause = causes(&error), "the search index is not in step");
                    searcher.0.settled.store(true, Ordering::Relaxed);
                }
                sleep(MOST_PATIENCE.min(PATIENCE * 2_u32.pow(failures))).await;
                failures = (failures + 1).min(6);
            }
        }
    }
}

impl Keeper {
    /// A new snapshot, where there is something new.
    async fn follow(&mut self, database: &Database, revision: &Revision) -> Result<Option<Snapshot>, FollowError> {
        let started = Instant::now();
        if self.index.is_none() {
            self.shown = None;
            self.reopen(revision);
        }
        let stand = self.index.as_ref().and_then(|index| index.stand.as_ref());
        let stand = stand.filter(|stand| stand.leads_to(&self::stand(revision)));
        let stand = stand.map(Stand::revision);
        if stand == Some(revision.number) && self.shown == stand {
            return Ok(None);
        }
        if stand.is_none() || self.has_outgrown_memory() {
            let count = u64::try_from(albums::count(database, &albums::Filter::default()).await?).unwrap_or(0);
            let mut index = self.create(revision, count)?;
            let changed = match write(&mut index, database, revision).await {
                Ok(changed) => changed,
                Err(error) => {
                    index.remove();
                    return Err(error);
                }
            };
            self.shown = None;
            // Until here the one before was answered from.
            if let Some(before) = self.index.replace(index) {
                before.remove();
            }
            info!(
                albums = changed,
                revision = revision.number,
                ms = millis(started),
                "search index built"
            );
        } else if stand != Some(revision.number)
            && let Some(index) = &mut self.index
        {
            let changed = write(index, database, revision).await?;
            info!(
                albums = changed,
                revision = revision.number,
                ms = millis(started),
                "search index brought in step"
            );
        } else {
            info!(revision = revision.number, ms = millis(started), "search index opened");
        }
        let genres = genres::all(database).await?;
        let Some(mut index) = self.index.take() else {
            return Ok(None);
        };
        let (index, snapshot) = spawn_blocking(move || {
            let snapshot = index.snapshot();
            (index, snapshot)
        })
        .await?;
        self.index = Some(index);
        let index = snapshot?;
        self.shown = Some(revision.number);
        Ok(Some(Snapshot { index, genres }))
    }

    fn has_outgrown_memory(&self) -> bool {
        self.index.as_ref().is_some_and(|index| {
            index.is_in_memory() && index.documents() > self.place.in_memory.saturating_mul(OUTGROWN)
        })
    }

    /// Opens an index that was left in the folder, and throws away what is of no use.
    fn reopen(&mut self, revision: &Revision) {
        let known = self.place.folder.join(&revision.catalogue).exists();
        if self.slot.is_none() && known {
            self.slot = Slot::take(&self.place.folder, &revision.catalogue).ok();
        }
        let indexes = self.slot.as_ref().and_then(|slot| slot.indexes().ok());
        for folder in indexes.into_iter().flatten() {
            match Index::open(folder.clone()) {
                Ok(Some(index))
                    if self.index.is_none()
                        && index
                            .stand
                            .as_ref()
                            .is_some_and(|known| known.leads_to(&stand(revision))) =>
                {
                    self.index = Some(index);
                }
                Ok(_) => drop(std::fs::remove_dir_all(folder)),
                Err(error) => {
                    warn!(cause = causes(&error), "a search index is broken and is made anew");
                    drop(std::fs::remove_dir_all(folder));
                }
            }
        }
    }

    fn create(&mut self, revision: &Revision, albums: u64) -> Result<Index, FollowError> {
        if albums <= self.place.in_memory {
            return Ok(Index::create(None)?);
        }
        if self.slot.is_none() {
            match Slot::take(&self.place.folder, &revision.catalogue) {
                Ok(slot) => self.slot = Some(slot),
                Err(error) => {
                    let folder = self.place.folder.display();
                    warn!(%folder, cause = causes(&error), "no folder for the search index: it is kept in memory");
                }
            }
        }
        Ok(Index::create(self.slot.as_ref().map(Slot::fresh))?)
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Writes what has changed since the index was written last; answers how many albums that were.
async fn write(index: &mut Index, database: &Database, revision: &Revision) -> Result<u64, FollowError> {
    let since = index.stand.as_ref().map_or(-1, Stand::revision);
    let (sender, mut receiver) = mpsc::channel::<Vec<album_search::Change>>(2);
    let mut writer = index.writer(index.stand.is_none() && !index.is_in_memory())?;
    let stand = stand(revision);
    let written = stand.clone();
    let writing = spawn_blocking(move || {
        let mut finished = false;
        while let Some(batch) = receiver.blocking_recv() {
            finished = batch.is_empty();
            writer.write(batch)?;
        }
        // Where reading broke off, nothing is kept.
        if finished { writer.commit(&written) } else { Ok(()) }
    });
    let read = read(database, since, &sender).await;
    drop(sender);
    let done = writing.await?;
    let changed = read?;
    done?;
    index.stand = Some(stand);
    Ok(changed)
}

fn stand(revision: &Revision) -> Stand {
    Stand::of(&revision.catalogue, revision.unstamped, revision.number)
}

/// Reads what has changed and sends it off; an empty batch says that this was all.
async fn read(
    database: &Database,
    since: i64,
    sender: &mpsc::Sender<Vec<album_search::Change>>,
) -> Result<u64, StoreError> {
    let genres: HashMap<i64, Genre> = genres::all(database)
        .await?
        .into_iter()
        .map(|genre| (genre.id, genre))
        .collect();
    let mut position = changes::since(since);
    let (mut changed, mut touched) = (0, HashSet::new());
    loop {
        let page = changes::page(database, position, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        position = last.position();
        changed += page.len() as u64;
        touched.extend(page.iter().map(|change| change.artist_id));
        if sender.send(albums_of(database, page, &genres).await?).await.is_err() {
            return Ok(changed);
        }
    }
    let touched: Vec<i64> = touched.into_iter().collect();
    for artists in touched.chunks(1_900) {
        if sender.send(artists_of(database, artists).await?).await.is_err() {
            return Ok(changed);
        }
    }
    // The one who writes tells why it stopped, where it did.
    let _ = sender.send(Vec::new()).await;
    Ok(changed)
}

async fn albums_of(
    database: &Database,
    page: Vec<Change>,
    genres: &HashMap<i64, Genre>,
) -> Result<Vec<album_search::Change>, StoreError> {
    let ids: Vec<i64> = page.iter().map(|change| change.id).collect();
    let mut tracks = changes::track_titles(database, &ids).await?;
    let by: HashSet<i64> = page.iter().map(|change| change.artist_id).collect();
    let names = names(database, &by.into_iter().collect::<Vec<_>>()).await?;
    let changes = page.into_iter().map(|change| {
        if change.removed {
            return album_search::Change::NoAlbum(change.id);
        }
        let genre = genres.get(&change.genre_id).map(|genre| genre.name.clone());
        album_search::Change::Album(Box::new(album_search::Album {
            id: change.id,
            title: change.title,
            sort_title: change.sort_title,
            artist_id: change.artist_id,
            artist: names.get(&change.artist_id).cloned().unwrap_or_default(),
            genre_id: change.genre_id,
            genre: genre.unwrap_or_default(),
            tracks: tracks.remove(&change.id).unwrap_or_default(),
            price: change.price_minor,
            released: Day::of(&change.release_order),
            copies_sold: change.copies_sold,
        }))
    });
    Ok(changes.collect())
}

async fn artists_of(database: &Database, ids: &[i64]) -> Result<Vec<album_search::Change>, StoreError> {
    let mut sellers: HashMap<i64, changes::Seller> = changes::sellers(database, ids)
        .await?
        .into_iter()
        .map(|seller| (seller.id, seller))
        .collect();
    let mut names = names(database, ids).await?;
    let changes = ids.iter().map(|id| match sellers.remove(id).zip(names.remove(id)) {
        Some((seller, name)) => album_search::Change::Artist(album_search::Artist {
            id: *id,
            name,
            copies_sold: seller.copies_sold,
        }),
        None => album_search::Change::NoArtist(*id),
    });
    Ok(changes.collect())
}

async fn names(database: &Database, ids: &[i64]) -> Result<HashMap<i64, String>, StoreError> {
    let artists = artists::by_ids(database, ids).await?;
    Ok(artists.into_iter().map(|artist| (artist.id, artist.name)).collect())
}
