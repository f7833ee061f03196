//! Rows that were fetched together, so that what one of them is asked for is fetched for all of them at once.
//!
//! This is what keeps the number of statements independent of the number of rows. A loader that collects keys over time does
//! the same only by luck of scheduling: here the siblings are known from the start.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::error::GraphError;
use super::listing::{self, ListingArguments, WhereArguments};
use crate::catalogue::Track;
use crate::store::albums::{Album, Owner};
use crate::store::artists::Artist;
use crate::store::genres::Genre;
use crate::store::{Database, Page, albums, artists, genres, stock, tracks};

type Cell<V> = Arc<OnceCell<Result<Arc<V>, GraphError>>>;

/// What was fetched for a batch, by the arguments it was asked for with.
pub(super) struct Shared<K, V>(Mutex<HashMap<K, Cell<V>>>);

impl<K: Eq + Hash, V> Shared<K, V> {
    pub fn new() -> Self {
        Self(Mutex::default())
    }

    /// Nothing but the value for `key`.
    fn with(key: K, value: Arc<V>) -> Self {
        let cell = Arc::new(OnceCell::new_with(Some(Ok(value))));
        Self(Mutex::new(HashMap::from([(key, cell)])))
    }

    /// The value for `key`: the first to ask loads it, all others wait for that.
    pub async fn get<F>(&self, key: K, load: impl FnOnce() -> F) -> Result<Arc<V>, GraphError>
    where
        F: Future<Output = Result<V, GraphError>>,
    {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(key).or_default())
        };
        // In a box, which only the first makes: the future of every field that may load something would be as large.
        let load = || Box::pin(async { load().await.map(Arc::new) });
        cell.get_or_init(load).await.clone()
    }
}

/// A row of a batch.
pub(super) struct Member<B> {
    pub batch: Arc<B>,
    pub index: usize,
}

impl<B> Member<B> {
    /// Every row of a batch.
    pub fn all(batch: &Arc<B>, rows: Range<usize>) -> impl Iterator<Item = Self> + use<'_, B> {
        rows.map(|index| Self {
            batch: Arc::clone(batch),
            index,
        })
    }
}

/// Albums that were fetched together.
pub(super) struct Albums {
    database: Database,
    pub rows: Vec<Album>,
    artists: Shared<(), Owners<Artist>>,
    genres: Shared<(), Owners<Genre>>,
    tracks: Shared<(), HashMap<i64, Vec<Track>>>,
    stock: Shared<(), HashMap<i64, i64>>,
}

impl Albums {
    pub fn new(database: Database, rows: Vec<Album>) -> Arc<Self> {
        Arc::new(Self {
            database,
            rows,
            artists: Shared::new(),
            genres: Shared::new(),
            tracks: Shared::new(),
            stock: Shared::new(),
        })
    }

    /// The same, where their artists and genres are known already.
    pub fn of(database: Database, rows: Vec<Album>, artists: Vec<Artist>, genres: Vec<Genre>) -> Arc<Self> {
        let artists = Arc::new(Owners::new(database.clone(), artists));
        let genres = Arc::new(Owners::new(database.clone(), genres));
        Arc::new(Self {
            database,
            rows,
            artists: Shared::with((), artists),
            genres: Shared::with((), genres),
            tracks: Shared::new(),
            stock: Shared::new(),
        })
    }

    /// The artists of all of them.
    pub async fn artists(&self) -> Result<Arc<Owners<Artist>>, GraphError> {
        let load = || async {
            let rows =
                artists::of_albums(&self.database, &distinct(self.rows.iter().map(|album| album.artist_id))).await?;
            Ok(Owners::shared(self.database.clone(), rows))
        };
        self.artists.get((), load).await
    }

    /// The genres of all of them.
    pub async fn genres(&self) -> Result<Arc<Owners<Genre>>, GraphError> {
        let load = || async {
            let rows =
                genres::of_albums(&self.database, &distinct(self.rows.iter().map(|album| album.genre_id))).await?;
            Ok(Owners::shared(self.database.clone(), rows))
        };
        self.genres.get((), load).await
    }

    /// The tracks of all of them.
    pub async fn tracks(&self) -> Result<Arc<HashMap<i64, Vec<Track>>>, GraphError> {
        let load = || async {
            let ids: Vec<i64> = self.rows.iter().map(|album| album.id).collect();
            Ok(tracks::of_albums(&self.database, &ids).await?)
        };
        self.tracks.get((), load).await
    }

    /// How many copies are left of those that can run out.
    pub async fn stock(&self) -> Result<Arc<HashMap<i64, i64>>, GraphError> {
        let load = || async {
            let ids: Vec<i64> = self.rows.iter().map(|album| album.id).collect();
            Ok(stock::of_albums(&self.database, &ids).await?)
        };
        self.stock.get((), load).await
    }
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What albums can belong to.
pub(super) trait OwnerRow {
    const OWNER: Owner;
    fn id(&self) -> i64;
}

impl OwnerRow for Artist {
    const OWNER: Owner = Owner::Artist;
    fn id(&self) -> i64 {
        self.id
    }
}

impl OwnerRow for Genre {
    const OWNER: Owner = Owner::Genre;
    fn id(&self) -> i64 {
        self.id
    }
}

/// Genres or artists that were fetched together.
pub(super) struct Owners<R> {
    database: Database,
    pub rows: Vec<Arc<R>>,
    pages: Shared<ListingArguments, OwnedPages>,
    counts: Shared<WhereArguments, HashMap<i64, i64>>,
}

/// A page of albums for each of several owners; the albums are one batch.
pub(super) struct OwnedPages {
    pub albums: Arc<Albums>,
    pub pages: HashMap<i64, (Range<usize>, bool)>,
    pub page: Page,
}

impl<R: OwnerRow> Owners<R> {
    pub fn new(database: Database, rows: Vec<R>) -> Self {
        Self::shared(database, rows.into_iter().map(Arc::new).collect())
    }

    /// Of rows that others hold, too.
    fn shared(database: Database, rows: Vec<Arc<R>>) -> Self {
        Self {
            database,
            rows,
            pages: Shared::new(),
            counts: Shared::new(),
        }
    }

    /// Where the row with this key stands.
    pub fn position(&self, id: i64) -> Option<usize> {
        self.rows.iter().position(|row| row.id() == id)
    }

    fn ids(&self) -> Vec<i64> {
        self.rows.iter().map(|row| row.id()).collect()
    }

    /// The page of albums of each of them.
    pub async fn pages(&self, arguments: ListingArguments) -> Result<Arc<OwnedPages>, GraphError> {
        let load = || async {
            let listing = listing::resolve(&self.database, &arguments).await?;
            let slices = albums::pages_of(&self.database, R::OWNER, &self.ids(), &listing).await?;
            let (mut rows, mut pages) = (Vec::new(), HashMap::new());
            for (id, slice) in slices {
                let start = rows.len();
                rows.extend(slice.rows);
                pages.insert(id, (start..rows.len(), slice.more));
            }
            Ok(OwnedPages {
                albums: Albums::new(self.database.clone(), rows),
                pages,
                page: listing.page,
            })
        };
        self.pages.get(arguments.clone(), load).await
    }

    /// How many albums each of them has.
    pub async fn counts(&self, filter: &WhereArguments) -> Result<Arc<HashMap<i64, i64>>, GraphError> {
        let load = || async {
            let resolved = listing::resolve_filter(&self.database, filter).await?;
            Ok(albums::counts_of(&self.database, R::OWNER, &self.ids(), &resolved).await?)
        };
        self.counts.get(filter.clone(), load).await
    }
}
