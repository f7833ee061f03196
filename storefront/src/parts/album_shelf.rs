//! One page of a list of albums, with the way to the next: the fragment that "load more" appends.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::album_card::AlbumCard;
use crate::parts::paging::{Listing, Paging};
use crate::schema;

/// How many albums are on a page: a number that fills rows of two, three, four and six.
pub const SHELF: i32 = 24;

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

/// A page of albums.
#[derive(Debug, Template)]
#[template(path = "parts/album_shelf.html")]
pub struct AlbumShelf {
    albums: Vec<AlbumCard>,
    paging: Paging,
}

impl AlbumShelf {
    /// Puts the albums of a page on a shelf; none where the list has no such page.
    pub fn fill(list: AlbumList, page: u32, listing: &Listing) -> Option<Self> {
        let next = list.page_info.end_cursor.filter(|_| list.page_info.has_next_page);
        let paging = Paging::with_more(page, list.total_count, next, listing);
        let exists = page == 1 || !list.nodes.is_empty();
        exists.then_some(Self {
            albums: list.nodes,
            paging,
        })
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

impl HtmlSafe for AlbumShelf {}
