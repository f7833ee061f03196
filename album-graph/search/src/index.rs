//! The index itself: where it lies, how far it has come, and how it is written.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Term};

use super::fields::{Album, Artist, FORMAT, Fields, key};
use super::segment::{Columns, Segment};
use super::snapshot::Snapshot;

/// Memory for documents that are not written yet, in bytes for each thread that writes.
const WRITING: usize = 80 << 20;
/// Memory where few documents are written.
const WRITING_LITTLE: usize = 15 << 20;
/// Programs on one machine that have an index of the same catalogue in a folder.
const MOST_SLOTS: u32 = 64;

/// How far an index has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    format: u32,
    catalogue: String,
    unstamped: i64,
    revision: i64,
}

impl Stand {
    /// One that has come to a revision of a catalogue in which so many changes do not say what they changed.
    #[must_use]
    pub fn of(catalogue: &str, unstamped: i64, revision: i64) -> Self {
        Self {
            format: FORMAT,
            catalogue: catalogue.to_owned(),
            unstamped,
            revision,
        }
    }

    /// The revision.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Whether what has changed until `there` can be found out; otherwise everything has to be read.
    #[must_use]
    pub fn leads_to(&self, there: &Self) -> bool {
        let same = Self {
            revision: there.revision,
            ..self.clone()
        } == *there;
        same && self.revision <= there.revision
    }
}

/// What has changed since an index was written last.
#[derive(Debug)]
pub enum Change {
    /// An album that is there, new or not.
    Album(Box<Album>),
    /// There is no longer an album with this key.
    NoAlbum(i64),
    /// An artist who has albums for sale.
    Artist(Artist),
    /// The artist with this key has none.
    NoArtist(i64),
}

/// An index.
pub struct Index {
    files: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    /// Where it lies; none in memory.
    folder: Option<PathBuf>,
    /// How far it has come; none where nothing was written.
    pub stand: Option<Stand>,
    columns: HashMap<SegmentId, Arc<Columns>>,
}

impl Index {
    /// An empty index, in memory or in a folder that is not there yet.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn create(folder: Option<PathBuf>) -> tantivy::Result<Self> {
        let (schema, _) = Fields::build();
        let index = match &folder {
            None => tantivy::Index::create_in_ram(schema),
            Some(folder) => {
                create_folder(folder)?;
                tantivy::Index::create_in_dir(folder, schema)?
            }
        };
        Self::new(index, folder)
    }

    /// The index that was written into a folder before, where it is whole and of this format.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(folder: PathBuf) -> tantivy::Result<Option<Self>> {
        let index = tantivy::Index::open(MmapDirectory::open(&folder)?)?;
        let (schema, _) = Fields::build();
        if index.schema() != schema || !index.validate_checksum()?.is_empty() {
            return Ok(None);
        }
        let payload = index.load_metas()?.payload;
        let stand: Option<Stand> = payload.and_then(|payload| serde_json::from_str(&payload).ok());
        let Some(stand) = stand.filter(|stand| stand.format == FORMAT) else {
            return Ok(None);
        };
        let mut index = Self::new(index, Some(folder))?;
        index.stand = Some(stand);
        Ok(Some(index))
    }

    fn new(index: tantivy::Index, folder: Option<PathBuf>) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (_, fields) = Fields::build();
        Ok(Self {
            files: index,
            reader,
            fields,
            folder,
            stand: None,
            columns: HashMap::new(),
        })
    }

    /// Whether it lies in memory.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        self.folder.is_none()
    }

    /// How many albums and artists it knows.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Somebody who writes; `much` where everything is written.
    ///
    /// # Errors
    /// When somebody else writes.
    pub fn writer(&self, much: bool) -> tantivy::Result<Writer> {
        let (threads, memory) = if much { (2, 2 * WRITING) } else { (1, WRITING_LITTLE) };
        let writer = self.files.writer_with_num_threads(threads, memory)?;
        if self.stand.is_none() {
            // All segments are merged at the end, and not by somebody else meanwhile.
            writer.set_merge_policy(Box::new(NoMergePolicy));
        }
        Ok(Writer {
            index: writer,
            fields: self.fields,
            fresh: self.stand.is_none(),
        })
    }

    /// What was written until now.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn snapshot(&mut self) -> tantivy::Result<Snapshot> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let segments = searcher.segment_readers().iter();
        let segments = segments.map(|reader| Segment::open(reader.clone(), &self.fields, &self.columns));
        let segments = segments.collect::<tantivy::Result<Vec<_>>>()?;
        self.columns = segments
            .iter()
            .map(|segment| (segment.id(), Arc::clone(&segment.columns)))
            .collect();
        Ok(Snapshot {
            documents: searcher.num_docs(),
            bytes: searcher.space_usage()?.total().get_bytes(),
            segments,
            fields: self.fields,
        })
    }

    /// Removes the folder. Whoever still reads it can go on.
    pub fn remove(self) {
        if let Some(folder) = self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Writes documents until it commits.
pub struct Writer {
    index: IndexWriter,
    fields: Fields,
    /// Whether nothing was there before.
    fresh: bool,
}

impl Writer {
    /// Writes what has changed.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn write(&mut self, changes: impl IntoIterator<Item = Change>) -> tantivy::Result<()> {
        let fields = self.fields;
        for change in changes {
            let (field, id, document) = match change {
                Change::Album(album) => (fields.albums.key, album.id, Some(fields.album(&album))),
                Change::NoAlbum(id) => (fields.albums.key, id, None),
                Change::Artist(artist) => (fields.artists.key, artist.id, Some(fields.artist(&artist))),
                Change::NoArtist(id) => (fields.artists.key, id, None),
            };
            if !self.fresh {
                self.index.delete_term(Term::from_field_u64(field, key(id)));
            }
            if let Some(document) = document {
                self.index.add_document(document)?;
            }
        }
        Ok(())
    }

    /// Keeps what was written.
    ///
    /// # Errors
    /// When the index cannot be written: it is as it was before.
    pub fn commit(mut self, stand: &Stand) -> tantivy::Result<()> {
        let payload = serde_json::to_string(stand).map_err(io::Error::from)?;
        let mut prepared = self.index.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        if self.fresh {
            // Each segment has to be asked for itself.
            let segments = self.index.index().searchable_segment_ids()?;
            if segments.len() > 1 {
                self.index.merge(&segments).wait()?;
            }
        }
        self.index.wait_merging_threads()
    }
}

/// A folder that no other program writes to, for as long as this lives.
pub struct Slot {
    folder: PathBuf,
    _lock: File,
}

impl Slot {
    /// The first free slot for indexes of a catalogue.
    ///
    /// # Errors
    /// When there is none, or the folder cannot be written.
    pub fn take(root: &Path, catalogue: &str) -> io::Result<Self> {
        let parent = root.join(catalogue);
        create_folder(&parent)?;
        for number in 1..=MOST_SLOTS {
            let lock = File::create(parent.join(format!("{number}.lock")))?;
            if lock.try_lock().is_ok() {
                let folder = parent.join(number.to_string());
                create_folder(&folder)?;
                return Ok(Self { folder, _lock: lock });
            }
        }
        Err(io::Error::other("every place for an index is taken"))
    }

    /// What lies there.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn indexes(&self) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.path())).collect()
    }

    /// A folder for a new index.
    #[must_use]
    pub fn fresh(&self) -> PathBuf {
        self.folder.join(uuid::Uuid::new_v4().to_string())
    }
}

fn create_folder(folder: &Path) -> io::Result<()> {
    // It tells what the shop sells before it does: for the service's user alone.
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    use super::{Artist, Change, Index, Stand};

    #[test]
    fn an_index_that_is_written_in_parts_becomes_one() {
        let mut index = Index::create(None).unwrap();
        // Two threads write, each a part of its own.
        let mut writer = index.writer(true).unwrap();
        for id in 1..=200 {
            let (name, copies_sold) = (format!("Artist {id}"), 0);
            let artist = Artist { id, name, copies_sold };
            writer.write([Change::Artist(artist)]).unwrap();
        }
        let policy = format!("{:?}", writer.index.get_merge_policy());
        assert_eq!(
            policy, "NoMergePolicy",
            "a merge by somebody else would take the parts away"
        );
        writer.commit(&Stand::of("", 0, 1)).unwrap();
        assert_eq!(index.snapshot().unwrap().segments.len(), 1);
        assert_eq!(index.documents(), 200);
    }
}
