//! The sitemap: an index, and files that together name every page.

use std::time::Duration;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::time;

use crate::operations::operations;
use crate::pages::problem::{self, Problem};
use crate::parameters::Slug;
use crate::parts::header::HeaderQuery;
use crate::visit::Visit;
use crate::{paths, schema};

mod walk;
mod xml;

use walk::{Albums, Artists, List};
use xml::Document;

/// Pages in one file: a fifth of what the protocol allows, so that a file is made in a moment and never big.
const FILE: i32 = 10_000;
/// The catalogue passes over ten million entries at most.
const MOST_FILES: i32 = 1_000;
/// How long making one file may take.
const LIMIT: Duration = Duration::from_secs(8);
/// So many files are made at the same time: visitors come first.
static WALKERS: Semaphore = Semaphore::const_new(2);

operations!(query CountQuery(()); walk);

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct CountQuery {
    #[arguments(first: 1)]
    albums: AlbumCount,
    #[arguments(first: 1)]
    artists: ArtistCount,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumConnection")]
struct AlbumCount {
    total_count: i32,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "ArtistConnection")]
struct ArtistCount {
    total_count: i32,
}

/// Shows the index of all files.
pub async fn index(visit: Visit) -> Result<Response, Problem> {
    let count = visit.ask::<CountQuery>(()).await?;
    let mut index = Document::index();
    index.add(&visit.shop.absolute(paths::patterns::SITEMAP_PAGES), None);
    for number in 1..=files(count.albums.total_count) {
        index.add(&visit.shop.absolute(&paths::sitemap_albums(number)), None);
    }
    for number in 1..=files(count.artists.total_count) {
        index.add(&visit.shop.absolute(&paths::sitemap_artists(number)), None);
    }
    Ok(answer(index))
}

/// Shows the file of the pages that are not about one album or artist.
pub async fn pages(visit: Visit) -> Result<Response, Problem> {
    let header = visit.ask::<HeaderQuery>(()).await?;
    let mut file = Document::pages();
    for path in [paths::HOME, paths::GENRES, paths::ARTISTS] {
        file.add(&visit.shop.absolute(path), None);
    }
    for genre in header.genres {
        file.add(&visit.shop.absolute(&genre.href()), None);
    }
    Ok(answer(file))
}

/// Shows one of the files of all albums.
pub async fn albums(visit: Visit, Slug(file): Slug) -> Result<Response, Problem> {
    list::<Albums>(&visit, &file).await
}

/// Shows one of the files of all artists.
pub async fn artists(visit: Visit, Slug(file): Slug) -> Result<Response, Problem> {
    list::<Artists>(&visit, &file).await
}

async fn list<L: List>(visit: &Visit, file: &str) -> Result<Response, Problem> {
    let Some(number) = number(file) else {
        return Err(problem::not_found(visit).await);
    };
    let made = async {
        let _turn = WALKERS.acquire().await;
        walk::file::<L>(visit, (number - 1) * FILE, FILE).await
    };
    let document = time::timeout(LIMIT, made).await.map_err(|_| Problem::TooSlow)??;
    match document {
        Some(document) => Ok(answer(document)),
        None => Err(problem::not_found(visit).await),
    }
}

/// The number in `7.xml`, where a file with that number can exist.
fn number(file: &str) -> Option<i32> {
    let digits = file.strip_suffix(".xml")?;
    let number: i32 = digits.parse().ok()?;
    // One file has one address: no other spelling of the number is taken.
    ((1..=MOST_FILES).contains(&number) && number.to_string() == digits).then_some(number)
}

fn files(entries: i32) -> u32 {
    entries
        .unsigned_abs()
        .div_ceil(FILE.unsigned_abs())
        .min(MOST_FILES.unsigned_abs())
}

fn answer(document: Document) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, document.finish()).into_response()
}
