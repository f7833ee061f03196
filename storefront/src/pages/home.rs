//! The home page: the best sellers, the genres, and what came in last.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parts::album_card::AlbumCard;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::shop::Shop;
use crate::visit::Visit;
use crate::{cover, paths, schema};

/// So many of the newest albums are shown.
const NEWEST: usize = 12;

operations!(query HomeQuery(()));

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct HomeQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(first: 6)]
    top_sellers: Vec<AlbumCard>,
    // Enough that twelve are left when all six best sellers are among them.
    #[arguments(first: 18)]
    newest: Vec<AlbumCard>,
}

#[derive(Debug, Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    layout: Layout,
    genres: Vec<GenreTile>,
    /// Three of the best sellers, of different genres if possible, so that they look different.
    counter: Vec<AlbumCard>,
    top_sellers: Vec<AlbumCard>,
    newest: Vec<AlbumCard>,
}

/// A genre with a picture of its kind.
#[derive(Debug)]
struct GenreTile {
    name: String,
    slug: String,
    href: String,
    picture: String,
}

/// Shows the home page.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    let answer = visit.ask::<HomeQuery>(()).await?;
    let page = HomePage::new(&visit.shop, answer);
    visit.answer(StatusCode::OK, &page.layout, &page)
}

impl HomePage {
    fn new(shop: &Shop, query: HomeQuery) -> Self {
        let HomeQuery {
            header,
            top_sellers,
            newest,
        } = query;
        let genres = header.genres.iter().map(|genre| GenreTile {
            name: genre.name.clone(),
            slug: genre.slug.clone(),
            href: genre.href(),
            picture: cover::address(None, &genre.slug, "", &genre.name),
        });
        let is_top = |album: &AlbumCard| top_sellers.iter().any(|top| top.slug == album.slug);
        let newest = newest.into_iter().filter(|album| !is_top(album)).take(NEWEST).collect();
        let counter = varied(&top_sellers).into_iter().take(3).cloned().collect();
        Self {
            genres: genres.collect(),
            layout: layout(shop, header),
            counter,
            newest,
            top_sellers,
        }
    }
}

/// The first album of each genre, then the others.
fn varied(albums: &[AlbumCard]) -> Vec<&AlbumCard> {
    let repeats =
        |(index, album): &(usize, &AlbumCard)| albums[..*index].iter().any(|one| one.genre.slug == album.genre.slug);
    let (others, firsts): (Vec<_>, Vec<_>) = albums.iter().enumerate().partition(repeats);
    firsts.into_iter().chain(others).map(|(_, album)| album).collect()
}

fn layout(shop: &Shop, header: HeaderQuery) -> Layout {
    let address = shop.absolute(paths::HOME);
    let description = "Records for every mood: browse by genre or artist, find the best sellers and what is new.";
    Layout::new(header, Place::Home, "records for every mood")
        .found_at(address.clone(), description.to_owned())
        .saying(&json!({
            "@context": "https://schema.org", "@type": "WebSite", "name": "Music Store", "url": address,
        }))
}
