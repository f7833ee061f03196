//! One artist and all albums.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::operations::operations;
use crate::pages::{self, problem::Problem};
use crate::parameters::{Extent, Parameters, Slug};
use crate::parts::album_shelf::{AlbumList, AlbumShelf, SHELF};
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::paging::Listing;
use crate::parts::structured_data;
use crate::shop::Shop;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(query ArtistQuery(ArtistVariables));

#[derive(Debug, cynic::QueryVariables)]
struct ArtistVariables {
    slug: String,
    first: i32,
    after: Option<String>,
    skip: i32,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ArtistVariables")]
struct ArtistQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(slug: $slug)]
    artist: Option<Artist>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(variables = "ArtistVariables")]
struct Artist {
    name: String,
    slug: String,
    #[arguments(first: $first, after: $after, skip: $skip, orderBy: "RELEASED_DESC")]
    albums: AlbumList,
}

#[derive(Debug, Template)]
#[template(path = "pages/artist.html")]
struct ArtistPage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    name: String,
    shelf: AlbumShelf,
}

/// Shows an artist, or the next part of the list of albums.
pub async fn show(visit: Visit, Slug(slug): Slug, parameters: Parameters, extent: Extent) -> Result<Response, Problem> {
    let Some(page) = parameters.page() else {
        return Err(pages::problem::not_found(&visit).await);
    };
    let (after, skip) = extent.start(&parameters, page, SHELF);
    let variables = ArtistVariables {
        slug,
        first: SHELF,
        after,
        skip,
    };
    let ArtistQuery { header, artist } = visit.ask::<ArtistQuery>(variables).await?;
    let Some(artist) = artist else {
        return Err(Problem::NotFound(header));
    };

    let listing = Listing::new(paths::artist(&artist.slug), Vec::new());
    let Some(shelf) = AlbumShelf::fill(artist.albums, page, &listing) else {
        return Err(Problem::NotFound(header));
    };
    if extent == Extent::Part {
        return visit.answer_part(StatusCode::OK, &shelf);
    }
    let breadcrumbs = Breadcrumbs::to([
        ("Artists", paths::ARTISTS),
        (&artist.name, &paths::artist(&artist.slug)),
    ]);
    let layout = Layout::new(header, Place::Artist, &pages::numbered(&artist.name, page))
        .found_at(
            visit.shop.absolute(&listing.canonical(page)),
            description(&artist.name, shelf.total()),
        )
        .saying(&music_group(&visit.shop, &artist.name, &artist.slug))
        .saying(&structured_data::breadcrumb_list(&visit.shop, &breadcrumbs));
    let page = ArtistPage {
        layout,
        breadcrumbs,
        name: artist.name,
        shelf,
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

fn description(name: &str, albums: i32) -> String {
    match albums {
        0 => format!("{name} in the shop."),
        1 => format!("The album by {name} in the shop."),
        albums => format!("All {albums} albums by {name} in the shop."),
    }
}

/// The artist, as <https://schema.org/MusicGroup> has it.
fn music_group(shop: &Shop, name: &str, slug: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "MusicGroup",
        "name": name,
        "url": shop.absolute(&paths::artist(slug)),
    })
}
