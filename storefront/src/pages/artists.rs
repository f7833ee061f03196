//! All artists, page by page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::{self, problem::Problem};
use crate::parameters::Parameters;
use crate::parts::album_card::AlbumCard;
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::paging::{Listing, Paging};
use crate::parts::structured_data;
use crate::visit::Visit;
use crate::{paths, schema};

/// How many artists are on a page.
const PAGE: i32 = 60;

operations!(query ArtistsQuery(ArtistsVariables));

#[derive(Debug, cynic::QueryVariables)]
struct ArtistsVariables {
    first: i32,
    skip: i32,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ArtistsVariables")]
struct ArtistsQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(first: $first, skip: $skip)]
    artists: ArtistList,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "ArtistConnection")]
struct ArtistList {
    nodes: Vec<ArtistCard>,
    total_count: i32,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Artist")]
struct ArtistCard {
    name: String,
    slug: String,
    #[arguments(first: 1)]
    albums: Sample,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumConnection")]
struct Sample {
    nodes: Vec<AlbumCard>,
    total_count: i32,
}

#[derive(Debug, Template)]
#[template(path = "pages/artists.html")]
struct ArtistsPage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    artists: Vec<ArtistCard>,
    total: i32,
    paging: Paging,
}

/// Lists a page of the artists.
pub async fn list(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let Some(page) = parameters.page() else {
        return Err(pages::problem::not_found(&visit).await);
    };
    let skip = i32::try_from(page - 1).map_or(i32::MAX, |before| before.saturating_mul(PAGE));
    let variables = ArtistsVariables { first: PAGE, skip };
    let ArtistsQuery { header, artists } = visit.ask::<ArtistsQuery>(variables).await?;
    if page > 1 && artists.nodes.is_empty() {
        return Err(Problem::NotFound(header));
    }

    let listing = Listing::new(paths::ARTISTS.to_owned(), Vec::new());
    let breadcrumbs = Breadcrumbs::to([("Artists", paths::ARTISTS)]);
    let total = artists.total_count;
    let layout = Layout::new(header, Place::Artists, &pages::numbered("Artists", page))
        .found_at(
            visit.shop.absolute(&listing.canonical(page)),
            format!("All {total} artists in the shop, from A to Z."),
        )
        .saying(&structured_data::breadcrumb_list(&visit.shop, &breadcrumbs));
    let paging = Paging::numbered(page, total, PAGE, &listing);
    let page = ArtistsPage {
        layout,
        breadcrumbs,
        artists: artists.nodes,
        total,
        paging,
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

impl ArtistCard {
    fn href(&self) -> String {
        paths::artist(&self.slug)
    }
}
