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
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::fields::{FORMAT, Fields};
use super::segment::{Columns, Segment};
use super::snapshot::Snapshot;
use crate::store::genres::Genre;
use crate::store::revision::Revision;

/// Memory for documents that are not written yet, in bytes for each thread that writes.
const WRITING: usize = 48 << 20;
/// Memory where few documents are written.
const WRITING_LITTLE: usize = 15 << 20;
/// Programs on one machine that have an index of the same catalogue in a folder.
const MOST_SLOTS: u32 = 64;

/// How far an index has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stand {
    format: u32,
    catalogue: String,
    unstamped: i64,
    pub revision: i64,
}

impl Stand {
    pub fn of(revision: &Revision) -> Self {
        Self {
            format: FORMAT,
            catalogue: revision.catalogue.clone(),
            unstamped: revision.unstamped,
            revision: revision.number,
        }
    }

    /// Whether what has changed since can be found out; otherwise everything has to be read.
    pub fn leads_to(&self, revision: &Revision) -> bool {
        let there = Self::of(revision);
        let same = Self {
            revision: there.revision,
            ..self.clone()
        } == there;
        same && self.revision <= there.revision
    }
}

/// A document to add, or what to take away.
#[derive(Debug)]
pub(super) struct Entry {
    /// Names what was there before.
    pub key: Term,
    pub document: Option<TantivyDocument>,
}

/// An index.
pub(super) struct Index {
    files: tantivy::Index,
    reader: IndexReader,
    pub fields: Fields,
    /// Where it lies; none in memory.
    folder: Option<PathBuf>,
    pub stand: Option<Stand>,
    columns: HashMap<SegmentId, Arc<Columns>>,
}

impl Index {
    /// An empty index, in memory or in a folder that is not there yet.
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

    pub fn is_in_memory(&self) -> bool {
        self.folder.is_none()
    }

    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Somebody who writes; `much` where everything is written.
    pub fn writer(&self, much: bool) -> tantivy::Result<Writer> {
        let (threads, memory) = if much { (2, 2 * WRITING) } else { (1, WRITING_LITTLE) };
        let writer = self.files.writer_with_num_threads(threads, memory)?;
        if self.stand.is_none() {
            // All segments are merged at the end, and not by somebody else meanwhile.
            writer.set_merge_policy(Box::new(NoMergePolicy));
        }
        Ok(Writer {
            writer,
            fresh: self.stand.is_none(),
        })
    }

    /// What was written until now.
    pub fn snapshot(&mut self, genres: Vec<Genre>) -> tantivy::Result<Snapshot> {
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
            genres,
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
pub(super) struct Writer {
    writer: IndexWriter,
    /// Whether nothing was there before.
    fresh: bool,
}

impl Writer {
    pub fn write(&mut self, entries: Vec<Entry>) -> tantivy::Result<()> {
        for Entry { key, document } in entries {
            if !self.fresh {
                self.writer.delete_term(key);
            }
            if let Some(document) = document {
                self.writer.add_document(document)?;
            }
        }
        Ok(())
    }

    pub fn commit(mut self, stand: &Stand) -> tantivy::Result<()> {
        let payload = serde_json::to_string(stand).map_err(io::Error::from)?;
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        if self.fresh {
            // Each segment has to be asked for itself.
            let segments = self.writer.index().searchable_segment_ids()?;
            if segments.len() > 1 {
                self.writer.merge(&segments).wait()?;
            }
        }
        self.writer.wait_merging_threads()
    }
}

/// A folder that no other program writes to, for as long as this lives.
pub(super) struct Slot {
    folder: PathBuf,
    _lock: File,
}

impl Slot {
    /// The first free slot for indexes of a catalogue.
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
    pub fn indexes(&self) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.path())).collect()
    }

    /// A folder for a new index.
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
    use super::super::fields::key;
    use super::{Entry, Index, Revision, Stand, Term};
    use crate::store::changes::Seller;

    #[test]
    fn an_index_that_is_written_in_parts_becomes_one() {
        let mut index = Index::create(None).unwrap();
        // Two threads write, each a part of its own.
        let mut writer = index.writer(true).unwrap();
        for id in 1..=200 {
            let seller = Seller { id, copies_sold: 0 };
            let entry = Entry {
                key: Term::from_field_u64(index.fields.artists.key, key(id)),
                document: Some(index.fields.artist(&seller, &format!("Artist {id}"))),
            };
            writer.write(vec![entry]).unwrap();
        }
        let policy = format!("{:?}", writer.writer.get_merge_policy());
        assert_eq!(
            policy, "NoMergePolicy",
            "a merge by somebody else would take the parts away"
        );
        let revision = Revision {
            number: 1,
            unstamped: 0,
            catalogue: String::new(),
        };
        writer.commit(&Stand::of(&revision)).unwrap();
        assert_eq!(index.snapshot(Vec::new()).unwrap().segments.len(), 1);
        assert_eq!(index.documents(), 200);
    }
}
