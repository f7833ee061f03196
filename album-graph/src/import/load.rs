//! Writes checked lines into the database, a batch at a time.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::read::Row;
use super::{Context, ImportError, Report};
use crate::catalogue::{Track, key, slug};
use crate::store::load::{self, Aside, Details, Identity, Names, NewAlbum, NewName, Stamp, StoredAlbum};
use crate::store::{Database, StoreError, Transaction, revision, stock};

/// One import under way.
pub(super) struct Loader<'a> {
    transaction: Transaction,
    indexes: Aside,
    context: &'a Context,
    stamp: Stamp,
    genres: Directory,
    artists: Directory,
    /// For each album of this file, what its line says, to tell a repeated line from a contradiction.
    seen: HashMap<(i64, i64, u64), u64>,
    report: Report,
}

/// A line whose genre and artist have their keys.
struct Album {
    row: Row,
    identity: Identity,
}

impl<'a> Loader<'a> {
    pub async fn begin(database: &Database, context: &'a Context, now: String) -> Result<Self, StoreError> {
        let mut transaction = database.begin().await?;
        let revision = revision::next(&mut transaction).await?;
        let indexes = Aside::set(&mut transaction).await?;
        let genres = Directory::read(&mut transaction, Names::Genres).await?;
        let artists = Directory::read(&mut transaction, Names::Artists).await?;
        let (seen, report) = (HashMap::new(), Report::default());
        Ok(Self {
            transaction,
            indexes,
            context,
            stamp: Stamp { now, revision },
            genres,
            artists,
            seen,
            report,
        })
    }

    pub async fn finish(mut self) -> Result<(Transaction, Report), StoreError> {
        self.indexes.make(&mut self.transaction).await?;
        Ok((self.transaction, self.report))
    }

    pub async fn load(&mut self, rows: Vec<Row>) -> Result<(), ImportError> {
        self.add_names(&rows).await?;
        let albums = self.identify(rows)?;
        let identities: Vec<Identity> = albums.iter().map(|album| album.identity.clone()).collect();
        let stored = load::stored_albums(&mut self.transaction, &identities).await?;
        let (known, new): (Vec<_>, Vec<_>) = albums
            .into_iter()
            .partition(|album| stored.contains_key(&album.identity));
        self.update(known, &stored).await?;
        self.insert(new).await?;
        Ok(())
    }

    /// Makes sure that every genre and artist of `rows` is there.
    async fn add_names(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        let described = |row: &Row| {
            self.context
                .descriptions
                .get(row.genre.as_str())
                .cloned()
                .unwrap_or_default()
        };
        let genres = self.genres.missing(
            rows,
            |row| row.genre.as_str(),
            |row| (row.genre.folded(), described(row)),
        );
        self.report.genres += self.genres.insert(&mut self.transaction, genres).await?;
        let artists = self.artists.missing(
            rows,
            |row| row.artist.as_str(),
            |row| (row.artist.sort_key(), String::new()),
        );
        self.report.artists += self.artists.insert(&mut self.transaction, artists).await?;
        Ok(())
    }

    /// Finds out which album each line describes; a line that repeats an earlier one is left out.
    fn identify(&mut self, rows: Vec<Row>) -> Result<Vec<Album>, ImportError> {
        let mut albums = Vec::with_capacity(rows.len());
        for row in rows {
            let identity = Identity {
                artist_id: self.artists.key(row.artist.as_str()),
                genre_id: self.genres.key(row.genre.as_str()),
                title_key: row.title.key(),
            };
            let place = (identity.artist_id, identity.genre_id, digest(&identity.title_key));
            let says = digest(&(
                row.title.as_str(),
                row.price_minor,
                &row.released,
                &row.cover_url,
                &row.tracks,
                row.copies_sold,
                row.stock,
            ));
            match self.seen.insert(place, says) {
                None => albums.push(Album { row, identity }),
                Some(said) if said == says => {}
                Some(_) => {
                    let reason = "the same genre, artist and title as an earlier line, but with other details";
                    return Err(ImportError::at(row.line, reason));
                }
            }
        }
        Ok(albums)
    }

    async fn update(&mut self, albums: Vec<Album>, stored: &HashMap<Identity, StoredAlbum>) -> Result<(), StoreError> {
        let ids: Vec<i64> = albums.iter().map(|album| stored[&album.identity].id).collect();
        let had = if albums.iter().any(|album| !album.row.tracks.is_empty()) {
            load::tracks(&mut self.transaction, &ids).await?
        } else {
            HashMap::new()
        };
        let (mut changed, mut tracks, mut outdated, mut left) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for album in albums {
            let StoredAlbum {
                id,
                details: before,
                removed,
            } = &stored[&album.identity];
            let details = self.details(&album.row, Some(before));
            let old_tracks = had.get(id).map_or(&[] as &[Track], Vec::as_slice);
            let other_tracks = !album.row.tracks.is_empty() && album.row.tracks != old_tracks;
            left.extend(album.row.stock.filter(|_| !removed).map(|copies| (*id, copies)));
            if *removed {
                self.report.removed += 1;
            } else if details == *before && !other_tracks {
                self.report.unchanged += 1;
            } else {
                self.report.changed += 1;
                changed.push((*id, details));
                if other_tracks {
                    outdated.extend((!old_tracks.is_empty()).then_some(*id));
                    tracks.push((*id, album.row.tracks));
                }
            }
        }
        load::update_albums(&mut self.transaction, &changed, &self.stamp).await?;
        self.report.stocked += stock::set(&mut self.transaction, &left).await?;
        load::replace_tracks(&mut self.transaction, tracks, &outdated).await
    }

    async fn insert(&mut self, albums: Vec<Album>) -> Result<(), StoreError> {
        let slugs = self.slugs(&albums).await?;
        let rows = albums.iter().zip(slugs).map(|(album, slug)| NewAlbum {
            identity: album.identity.clone(),
            slug,
            details: self.details(&album.row, None),
            copies_sold: album.row.copies_sold,
        });
        let rows: Vec<NewAlbum> = rows.collect();
        load::insert_albums(&mut self.transaction, &rows, &self.stamp).await?;
        self.report.added += rows.len() as u64;

        let with_more: Vec<Album> = albums
            .into_iter()
            .filter(|album| !album.row.tracks.is_empty() || album.row.stock.is_some())
            .collect();
        let identities: Vec<Identity> = with_more.iter().map(|album| album.identity.clone()).collect();
        let stored = load::stored_albums(&mut self.transaction, &identities).await?;
        let (mut tracks, mut left) = (Vec::new(), Vec::new());
        for album in with_more {
            let id = stored[&album.identity].id;
            left.extend(album.row.stock.map(|copies| (id, copies)));
            tracks.push((id, album.row.tracks));
        }
        self.report.stocked += stock::set(&mut self.transaction, &left).await?;
        load::replace_tracks(&mut self.transaction, tracks, &[]).await
    }

    /// What a line says of an album, completed by what was known before.
    fn details(&self, row: &Row, before: Option<&Details>) -> Details {
        let released = row.released.as_ref().map(ToString::to_string);
        Details {
            title: row.title.as_str().to_owned(),
            price_minor: row.price_minor,
            currency: self.context.currency.code().to_owned(),
            release_date: released.or_else(|| before?.release_date.clone()),
            cover_url: row.cover_url.clone().or_else(|| before?.cover_url.clone()),
        }
    }

    /// A slug for each album that no other album has: artist and title, then with the genre, then with a digest.
    async fn slugs(&mut self, albums: &[Album]) -> Result<Vec<String>, StoreError> {
        let wishes: Vec<[String; 3]> = albums.iter().map(wishes).collect();
        let first: Vec<String> = wishes.iter().map(|[first, ..]| first.clone()).collect();
        let mut taken: HashSet<String> = load::taken_slugs(&mut self.transaction, &first).await?;
        // Most are free: only the others need to know about their second and third wish.
        let mut wished = taken.clone();
        let refused = wishes.iter().filter(|[first, ..]| !wished.insert(first.clone()));
        let other: Vec<String> = refused.flat_map(|[_, other @ ..]| other).cloned().collect();
        taken.extend(load::taken_slugs(&mut self.transaction, &other).await?);
        let free = wishes.into_iter().map(|wishes| {
            let last = wishes[2].clone();
            let slug = wishes.into_iter().find(|slug| !taken.contains(slug)).unwrap_or(last);
            taken.insert(slug.clone());
            slug
        });
        Ok(free.collect())
    }
}

fn wishes(album: &Album) -> [String; 3] {
    let (artist, title, genre) = (
        album.row.artist.as_str(),
        album.row.title.as_str(),
        album.row.genre.as_str(),
    );
    let with_genre = slug(&[&slug(&[artist, title]), genre]);
    let unique = format!("{with_genre}-{:08x}", digest(&album.identity) >> 32);
    [slug(&[artist, title]), with_genre, unique]
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The genres or the artists that are there, by key.
struct Directory {
    names: Names,
    keys: HashMap<String, i64>,
    slugs: HashSet<String>,
}

impl Directory {
    async fn read(transaction: &mut Transaction, names: Names) -> Result<Self, StoreError> {
        let (mut keys, mut slugs) = (HashMap::new(), HashSet::new());
        for (id, slug, name) in load::names(transaction, names).await? {
            keys.insert(key(&name), id);
            slugs.insert(slug);
        }
        Ok(Self { names, keys, slugs })
    }

    /// The key of a name that was added before.
    fn key(&self, name: &str) -> i64 {
        self.keys[&key(name)]
    }

    /// The names of `rows` that are not there, each once; `describe` tells sort name and description of those alone.
    fn missing(
        &mut self,
        rows: &[Row],
        name: impl Fn(&Row) -> &str,
        describe: impl Fn(&Row) -> (String, String),
    ) -> Vec<NewName> {
        let mut new = HashSet::new();
        let mut missing = Vec::new();
        for row in rows {
            let (name, key) = (name(row), key(name(row)));
            if self.keys.contains_key(&key) || !new.insert(key) {
                continue;
            }
            let (sort_name, description) = describe(row);
            missing.push(NewName {
                slug: self.free_slug(name),
                name: name.to_owned(),
                sort_name,
                description,
            });
        }
        missing
    }

    fn free_slug(&mut self, name: &str) -> String {
        let base = slug(&[name]);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let mut wishes = std::iter::once(base.clone()).chain(numbered);
        let free = wishes.find(|slug| !self.slugs.contains(slug)).unwrap_or(base);
        self.slugs.insert(free.clone());
        free
    }

    async fn insert(&mut self, transaction: &mut Transaction, rows: Vec<NewName>) -> Result<u64, StoreError> {
        let keys = load::insert_names(transaction, self.names, &rows).await?;
        for row in &rows {
            self.keys.insert(key(&row.name), keys[&row.slug]);
        }
        Ok(rows.len() as u64)
    }
}
