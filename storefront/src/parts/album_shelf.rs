//! One page of a list of albums, with the way to the next: the fragment that "load more" appends.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::album_card::AlbumCard;
use crate::parts::found_album::{FoundAlbum, Matches};
use crate::parts::paging::{Listing, Paging, last_page};
use crate::parts::price_filter::Choice;
use crate::schema;

/// How many albums are on a page: a number that fills rows of two, three, four and six.
pub const SHELF: i32 = 24;

/// So many albums of a search are on numbered pages; the catalogue passes over no more.
const MOST_FOUND: i32 = 10_000;

/// What a shelf asks for.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumConnection")]
pub struct AlbumList {
    /// The albums of this page.
    pub nodes: Vec<AlbumCard>,
    /// What is before and after.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// What a shelf of found albums asks for.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "SearchConnection")]
pub struct FoundList {
    /// The albums of this page.
    pub edges: Vec<FoundAlbum>,
    /// What is before and after.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// What is before and after a page.
#[derive(Debug, cynic::QueryFragment)]
pub struct PageInfo {
    /// Whether there is a next page.
    pub has_next_page: bool,
    /// Where the next page starts.
    pub end_cursor: Option<String>,
}

/// The orders in which albums can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, cynic::Enum)]
pub enum AlbumOrder {
    /// Most copies sold first.
    BestSelling,
    /// From A to Z.
    TitleAsc,
    /// From Z to A.
    TitleDesc,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Oldest first.
    ReleasedAsc,
    /// Newest first.
    ReleasedDesc,
}

/// The orders that visitors can choose for a list of albums.
pub const ORDERS: [Choice<AlbumOrder>; 7] = [
    Choice::new("", "Best selling", AlbumOrder::BestSelling),
    Choice::new("newest", "Newest release first", AlbumOrder::ReleasedDesc),
    Choice::new("oldest", "Oldest release first", AlbumOrder::ReleasedAsc),
    Choice::new("price", "Price, low to high", AlbumOrder::PriceAsc),
    Choice::new("-price", "Price, high to low", AlbumOrder::PriceDesc),
    Choice::new("title", "Title, A to Z", AlbumOrder::TitleAsc),
    Choice::new("-title", "Title, Z to A", AlbumOrder::TitleDesc),
];

/// A page of albums.
#[derive(Debug, Template)]
#[template(path = "parts/album_shelf.html")]
pub struct AlbumShelf {
    albums: Vec<(AlbumCard, Matches)>,
    paging: Paging,
}

impl AlbumShelf {
    /// Puts the albums of a page on a shelf; none where the list has no such page.
    pub fn fill(list: AlbumList, page: u32, listing: &Listing) -> Option<Self> {
        let paging = paging(list.page_info, page, list.total_count, listing);
        let albums = list.nodes.into_iter().map(|album| (album, Matches::default()));
        Self::of(albums.collect(), paging)
    }

    /// The same for albums that a search found, of which only so many have a page: who looks further had better narrow it.
    pub fn fill_found(mut list: FoundList, page: u32, listing: &Listing) -> Option<Self> {
        let on_pages = list.total_count.min(MOST_FOUND);
        list.page_info.has_next_page &= page < last_page(on_pages, SHELF);
        let mut paging = paging(list.page_info, page, on_pages, listing);
        paging.total = list.total_count;
        Self::of(list.edges.into_iter().map(FoundAlbum::split).collect(), paging)
    }

    fn of(albums: Vec<(AlbumCard, Matches)>, paging: Paging) -> Option<Self> {
        let exists = paging.page == 1 || !albums.is_empty();
        exists.then_some(Self { albums, paging })
    }

    /// How many albums are on all pages.
    pub fn total(&self) -> i32 {
        self.paging.total
    }

    /// So many pictures are fetched at once; those further down only when they are needed.
    fn at_once(&self) -> usize {
        if self.paging.page == 1 { 6 } else { 4 }
    }
}

/// The way to the pages before and after.
fn paging(info: PageInfo, page: u32, total: i32, listing: &Listing) -> Paging {
    let next = info.end_cursor.filter(|_| info.has_next_page);
    Paging::with_more(page, total, next, listing)
}

impl HtmlSafe for AlbumShelf {}
