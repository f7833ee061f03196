//! Walks a long list a hundred entries at a time.

use super::xml::Document;
use crate::album_graph::AskError;
use crate::operations::{Operation, operations};
use crate::parts::album_shelf::PageInfo;
use crate::visit::Visit;
use crate::{paths, schema};

/// The most entries that one question may ask for.
const STEP: i32 = 100;

operations!(query AlbumsQuery(Position), query ArtistsQuery(Position));

/// Where in a list the next entries are.
#[derive(Debug, cynic::QueryVariables)]
pub struct Position {
    first: i32,
    after: Option<String>,
    skip: i32,
}

/// A list in the catalogue that has a page for each entry.
pub trait List {
    /// What asks for the entries at a position.
    type Query: Operation<Variables = Position>;
    /// The paths of the answered entries with their last change, and what follows them.
    fn entries(answer: Self::Query) -> (Vec<(String, Option<String>)>, PageInfo);
}

/// A file of up to `size` entries after the first `skip`; none where there are no more.
pub async fn file<L: List>(visit: &Visit, skip: i32, size: i32) -> Result<Option<Document>, AskError> {
    let mut document = Document::pages();
    let (mut position, mut left) = (
        Position {
            first: STEP,
            after: None,
            skip,
        },
        size,
    );
    loop {
        let (entries, info) = L::entries(visit.ask::<L::Query>(position).await?);
        if entries.is_empty() && left == size {
            return Ok(None);
        }
        for (path, changed) in entries {
            document.add(&visit.shop.absolute(&path), changed.as_deref());
        }
        left -= STEP;
        match info.end_cursor {
            Some(cursor) if info.has_next_page && left > 0 => {
                position = Position {
                    first: STEP.min(left),
                    after: Some(cursor),
                    skip: 0,
                };
            }
            _ => return Ok(Some(document)),
        }
    }
}

/// When something happened, as RFC 3339 writes it.
#[derive(Debug, cynic::Scalar)]
struct DateTime(String);

/// All albums.
pub struct Albums;

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "Position")]
pub struct AlbumsQuery {
    #[arguments(first: $first, after: $after, skip: $skip, orderBy: "TITLE_ASC")]
    albums: AlbumEntries,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumConnection")]
struct AlbumEntries {
    nodes: Vec<AlbumEntry>,
    page_info: PageInfo,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Album")]
struct AlbumEntry {
    slug: String,
    updated_at: DateTime,
}

impl List for Albums {
    type Query = AlbumsQuery;

    fn entries(answer: AlbumsQuery) -> (Vec<(String, Option<String>)>, PageInfo) {
        let AlbumEntries { nodes, page_info } = answer.albums;
        let entry = |album: AlbumEntry| (paths::album(&album.slug), Some(album.updated_at.0));
        (nodes.into_iter().map(entry).collect(), page_info)
    }
}

/// All artists.
pub struct Artists;

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "Position")]
pub struct ArtistsQuery {
    #[arguments(first: $first, after: $after, skip: $skip)]
    artists: ArtistEntries,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "ArtistConnection")]
struct ArtistEntries {
    nodes: Vec<ArtistEntry>,
    page_info: PageInfo,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Artist")]
struct ArtistEntry {
    slug: String,
}

impl List for Artists {
    type Query = ArtistsQuery;

    fn entries(answer: ArtistsQuery) -> (Vec<(String, Option<String>)>, PageInfo) {
        let ArtistEntries { nodes, page_info } = answer.artists;
        (
            nodes
                .into_iter()
                .map(|artist| (paths::artist(&artist.slug), None))
                .collect(),
            page_info,
        )
    }
}
