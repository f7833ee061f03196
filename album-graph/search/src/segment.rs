//! One segment of the index, with those columns in memory that ranking and filters read for every document found.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;
use tantivy::schema::Field;

use super::array::Array;
use super::bits::Bits;
use super::common::Common;
use super::facets::Band;
use super::fields::{Fields, columns};
use super::postings::Postings;
use super::spread::Spread;
use super::vocabulary::Vocabulary;

/// What is read once, for as long as the segment lives.
pub(crate) struct Columns {
    pub albums: Array<u64>,
    pub artists: Array<u64>,
    /// Copies sold; more than fit count as so many.
    pub sales: Array<u32>,
    pub prices: Array<u32>,
    pub releases: Array<u32>,
    /// The names of each document by their words, whatever their order: the first, the second, both.
    pub bags: Array<[u32; 3]>,
    /// Where each title stands among those of the segment.
    pub titles: Array<u32>,
    /// All documents, by copies sold, most first, then by title and key.
    pub best_sellers: Array<u32>,
    names: Option<StrColumn>,
    pub spread: Spread,
    common: Arc<Common>,
    /// The words of each field that has words.
    vocabularies: Vec<(Field, Vocabulary)>,
}

/// A segment.
pub(crate) struct Segment {
    reader: SegmentReader,
    pub columns: Arc<Columns>,
    /// The documents that are not deleted; none where all are there.
    alive: Option<Bits>,
}

impl Segment {
    /// Reads a segment; `known` are the columns of segments that were read before.
    pub fn open(
        reader: SegmentReader,
        fields: &Fields,
        known: &HashMap<SegmentId, Arc<Columns>>,
    ) -> tantivy::Result<Self> {
        let columns = match known.get(&reader.segment_id()) {
            Some(columns) => Arc::clone(columns),
            None => Arc::new(Columns::read(&reader, fields)?),
        };
        let alive = reader.alive_bitset().map(|_| {
            let mut alive = Bits::default();
            alive.extend(reader.max_doc(), &reader.doc_ids_alive().collect::<Vec<_>>());
            alive
        });
        Ok(Self { reader, columns, alive })
    }

    pub fn id(&self) -> SegmentId {
        self.reader.segment_id()
    }

    pub fn field(&self, field: Field) -> tantivy::Result<Postings> {
        Ok(Postings::new(
            (self.reader.inverted_index(field)?, field),
            self.reader.max_doc(),
            &self.columns.common,
        ))
    }

    /// Whether the document is not deleted.
    pub fn is_alive(&self, document: u32) -> bool {
        self.alive.as_ref().is_none_or(|alive| alive.contains(document))
    }

    /// Leaves the documents that are not deleted.
    pub fn keep_alive(&self, documents: &mut Bits) {
        if let Some(alive) = &self.alive {
            documents.and(alive);
        }
    }

    /// How many titles of the segment come before `title`, and whether it is one of them.
    pub fn place_of_title(&self, title: &str) -> tantivy::Result<(u32, bool)> {
        let Some(names) = &self.columns.names else {
            return Ok((0, false));
        };
        let (mut low, mut high) = (0, names.num_terms() as u64);
        let mut name = String::new();
        while low < high {
            let middle = u64::midpoint(low, high);
            names.ord_to_str(middle, &mut name)?;
            if name.as_str() < title {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        names.ord_to_str(low, &mut name)?;
        Ok((
            u32::try_from(low).unwrap_or(u32::MAX),
            low < names.num_terms() as u64 && name == title,
        ))
    }

    /// The title that stands at `place` among those of the segment.
    pub fn title(&self, place: u32) -> tantivy::Result<String> {
        let mut name = String::new();
        if let Some(names) = &self.columns.names {
            names.ord_to_str(place.into(), &mut name)?;
        }
        Ok(name)
    }
}

impl Columns {
    /// The words of a field that has words.
    pub fn vocabulary(&self, field: Field) -> Option<&Vocabulary> {
        let mut known = self.vocabularies.iter();
        known.find(|(of, _)| *of == field).map(|(_, vocabulary)| vocabulary)
    }

    fn read(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let size = reader.max_doc();
        let fast = reader.fast_fields();
        let read = |name: &str| -> tantivy::Result<Vec<u64>> {
            let column = fast.column_first_or_default::<u64>(name)?;
            Ok((0..size).map(|document| column.get_val(document)).collect())
        };
        let short = |numbers: Vec<u64>| -> Vec<u32> {
            numbers
                .into_iter()
                .map(|number| u32::try_from(number).unwrap_or(u32::MAX))
                .collect()
        };
        let names = fast.str(columns::SORT)?;
        let titles = names.as_ref().map_or_else(Vec::new, |names| {
            let places = (0..size).map(|document| names.ords().first(document).unwrap_or(0));
            short(places.collect())
        });
        let (albums, artists) = (read(columns::ALBUM)?, read(columns::ARTIST)?);
        let sales = short(read(columns::SALES)?);
        let (prices, releases) = (short(read(columns::PRICE)?), short(read(columns::RELEASE)?));
        let [first, second, both] = columns::BAGS;
        let [first, second, both] = [short(read(first)?), short(read(second)?), short(read(both)?)];
        let bags = (0..first.len()).map(|document| [first[document], second[document], both[document]]);
        let of_genre = read(columns::GENRE)?;
        let kind = |document: u32| {
            let document = document as usize;
            if albums[document] == 0 {
                return (None, None, None);
            }
            let year = releases[document] / 10_000;
            let decade = (year > 0).then_some(year / 10 * 10);
            let genre = of_genre[document].cast_signed();
            (Some(genre), decade, Some(Band::of(prices[document])))
        };
        let vocabulary = |field| -> tantivy::Result<_> {
            let index = reader.inverted_index(field)?;
            Ok((field, Vocabulary::read(index.terms())?))
        };
        let with_words = [fields.albums.near, fields.albums.any, fields.artists.any];
        let vocabularies = with_words.into_iter().map(vocabulary);
        Ok(Self {
            vocabularies: vocabularies.collect::<tantivy::Result<_>>()?,
            spread: Spread::new(size, kind),
            common: Arc::default(),
            best_sellers: best_sellers(&sales, &titles, [&albums, &artists]).into(),
            albums: albums.into(),
            artists: artists.into(),
            sales: sales.into(),
            prices: prices.into(),
            releases: releases.into(),
            titles: titles.into(),
            bags: bags.collect::<Vec<_>>().into(),
            names,
        })
    }
}

fn best_sellers(sales: &[u32], titles: &[u32], [albums, artists]: [&[u64]; 2]) -> Vec<u32> {
    let mut documents: Vec<u32> = (0_u32..).zip(sales).map(|(document, _)| document).collect();
    documents.sort_unstable_by_key(|document| {
        let document = *document as usize;
        let title = titles.get(document);
        (Reverse(sales[document]), title, albums[document], artists[document])
    });
    documents
}
