//! The best documents of a search, in any order, from any place in it on.

use std::collections::BinaryHeap;

use super::bits::Bits;
use super::matching::{Class, Matches};
use super::segment::Segment;

/// In which order albums are found; albums of equal rank follow by title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The best match first, and among equal ones the best seller.
    Relevance,
    /// Most copies sold first.
    BestSelling,
    /// By title, A to Z.
    Title,
    /// By title, Z to A.
    TitleDescending,
    /// By price, lowest first.
    Price,
    /// By price, highest first.
    PriceDescending,
    /// By release date, oldest first; an album without one counts as the oldest.
    Released,
    /// By release date, newest first; an album without one comes last.
    ReleasedDescending,
}

/// What remains for the copies sold beside the class.
const SALES_BITS: u32 = 56;
const MOST_SALES: u64 = (1 << SALES_BITS) - 1;

impl Order {
    /// What ranks a document of a class: the lowest comes first.
    fn rank(self, segment: &Segment, document: u32, class: Class) -> u64 {
        let (columns, document) = (&segment.columns, document as usize);
        match self {
            Self::Relevance => {
                let better = u64::from(Class::Verbatim as u8 - class as u8);
                (better << SALES_BITS) + (MOST_SALES - u64::from(columns.sales[document]))
            }
            Self::BestSelling => MOST_SALES - u64::from(columns.sales[document]),
            Self::Title | Self::TitleDescending => 0,
            Self::Price => columns.prices[document].into(),
            Self::PriceDescending => (u32::MAX - columns.prices[document]).into(),
            Self::Released => columns.releases[document].into(),
            Self::ReleasedDescending => (u32::MAX - columns.releases[document]).into(),
        }
    }

    /// Whether documents of a class are in the order of [`best_sellers`](super::segment::Columns::best_sellers).
    fn is_by_sales(self) -> bool {
        matches!(self, Self::Relevance | Self::BestSelling)
    }

    fn is_backward(self) -> bool {
        self == Self::TitleDescending
    }
}

/// A document found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The key of what it is about.
    pub id: i64,
    rank: u64,
}

impl Hit {
    /// Where it stands among all that were found; `title` is what orders it by title.
    #[must_use]
    pub fn position(&self, title: String) -> Position {
        let (rank, id) = (self.rank, self.id);
        Position { rank, title, id }
    }
}

/// Where something stands among all that were found in an order: by rank, title and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The lowest comes first.
    pub rank: u64,
    /// What orders it by title.
    pub title: String,
    /// Its key.
    pub id: i64,
}

/// Where a hit stands within its segment: rank, title, key.
type Place = (u64, u32, u64);

/// The best hits, gathered from one segment after the other.
pub(crate) struct Best<'a> {
    order: Order,
    after: Option<&'a Position>,
    most: usize,
    hits: Vec<(&'a Segment, Place)>,
}

impl<'a> Best<'a> {
    /// The best `most` hits that follow a position.
    pub fn new(order: Order, after: Option<&'a Position>, most: usize) -> Self {
        Self {
            order,
            after,
            most,
            hits: Vec::new(),
        }
    }

    /// Takes the best of `matches` that are `wanted`; `keys` tells what each document is about.
    pub fn take(
        &mut self,
        segment: &'a Segment,
        keys: &[u64],
        matches: &Matches,
        wanted: impl Fn(u32) -> bool,
    ) -> tantivy::Result<()> {
        let start = self.after.map(|after| self.start(segment, after)).transpose()?;
        let mut heap = BinaryHeap::<Place>::new();
        for (number, (class, found)) in matches.iter().enumerate() {
            let place = |document| self.place(segment, keys, (document, *class));
            let follows = |place: &Place| start.is_none_or(|start| *place > start);
            // A better class has taken it.
            let is_taken = |document| matches[..number].iter().any(|(_, better)| better.contains(document));
            let is_wanted = |document: &u32| wanted(*document) && !is_taken(*document);
            if self.order.is_by_sales() && self.is_dense(found, segment) {
                let sellers = &segment.columns.best_sellers;
                let first = start.map_or(0, |_| sellers.partition_point(|document| !follows(&place(*document))));
                let found = sellers[first..].iter().filter(|document| found.contains(**document));
                heap.extend(found.copied().filter(is_wanted).map(place).take(self.most));
                while heap.len() > self.most {
                    heap.pop();
                }
            } else {
                for document in found.iter() {
                    let rank = self.order.rank(segment, document, *class);
                    // Only of those that may be among the best is more looked up.
                    if heap.len() == self.most && heap.peek().is_none_or(|worst| rank > worst.0) {
                        continue;
                    }
                    let place = place(document);
                    if is_wanted(&document) && follows(&place) {
                        heap.push(place);
                    }
                    if heap.len() > self.most {
                        heap.pop();
                    }
                }
            }
            // Whatever follows is of a lower class.
            if self.order == Order::Relevance && heap.len() == self.most {
                break;
            }
        }
        self.hits.extend(heap.into_iter().map(|place| (segment, place)));
        Ok(())
    }

    /// Whether it takes fewer steps to go through all best sellers, until enough of them are among the documents of a class, than
    /// through those documents: `most * size / count < count`.
    fn is_dense(&self, found: &Bits, segment: &Segment) -> bool {
        let size = segment.columns.best_sellers.len();
        found.has((self.most as u64 * size as u64).isqrt() + 1)
    }

    fn place(&self, segment: &Segment, keys: &[u64], (document, class): (u32, Class)) -> Place {
        let title = segment.columns.titles.get(document as usize).copied().unwrap_or(0);
        let title = if self.order.is_backward() {
            u32::MAX - title
        } else {
            title
        };
        (
            self.order.rank(segment, document, class),
            title,
            keys[document as usize],
        )
    }

    /// The last place in a segment that is not beyond a position.
    fn start(&self, segment: &Segment, after: &Position) -> tantivy::Result<Place> {
        let rank = after.rank;
        let (place, is_there) = segment.place_of_title(&after.title)?;
        let id = after.id.cast_unsigned();
        Ok(match (is_there, self.order.is_backward()) {
            (true, false) => (rank, place, id),
            (true, true) => (rank, u32::MAX - place, id),
            // Between the title before and this one.
            (false, false) => match place.checked_sub(1) {
                Some(before) => (rank, before, u64::MAX),
                None => (rank.wrapping_sub(1), u32::MAX, u64::MAX),
            },
            (false, true) => (rank, u32::MAX - place, u64::MAX),
        })
    }

    /// The hits in their order, after the first `skip`, and whether there are more than `size` of them.
    pub fn finish(self, skip: usize, size: usize) -> tantivy::Result<(Vec<Hit>, bool)> {
        let mut hits = self.titled()?;
        hits.sort_unstable_by(|((rank, place, id), title), other| {
            let ((other_rank, other_place, other_id), other_title) = other;
            let titles = title.cmp(other_title);
            let titles = if self.order.is_backward() {
                titles.reverse()
            } else {
                titles
            };
            let places = place.cmp(other_place);
            rank.cmp(other_rank).then(titles).then(places).then(id.cmp(other_id))
        });
        let hits = hits.into_iter().skip(skip).map(|((rank, _, key), _)| {
            let id = key.cast_signed();
            Hit { id, rank }
        });
        let mut hits: Vec<Hit> = hits.collect();
        let more = hits.len() > size;
        hits.truncate(size);
        Ok((hits, more))
    }

    /// The hits with their titles. Within a segment the places of titles tell enough, and reading them takes long.
    fn titled(&self) -> tantivy::Result<Vec<(Place, String)>> {
        let first = self.hits.first().map(|(segment, _)| *segment);
        let is_first = |segment| first.is_some_and(|first| std::ptr::eq(first, segment));
        if self.hits.iter().all(|(segment, _)| is_first(*segment)) {
            return Ok(self.hits.iter().map(|(_, place)| (*place, String::new())).collect());
        }
        let titled = self.hits.iter().map(|(segment, (rank, title, key))| {
            let title = if self.order.is_backward() {
                u32::MAX - title
            } else {
                *title
            };
            Ok(((*rank, 0, *key), segment.title(title)?))
        });
        titled.collect()
    }
}
