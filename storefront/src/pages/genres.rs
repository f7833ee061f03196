//! All genres.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parts::album_card::AlbumCard;
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::structured_data;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(query GenresQuery(()));

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct GenresQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    genres: Vec<GenreCard>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Genre")]
struct GenreCard {
    name: String,
    slug: String,
    description: String,
    #[arguments(first: 3)]
    albums: Sample,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumConnection")]
struct Sample {
    nodes: Vec<AlbumCard>,
    total_count: i32,
}

#[derive(Debug, Template)]
#[template(path = "pages/genres.html")]
struct GenresPage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    genres: Vec<GenreCard>,
}

/// Lists all genres.
pub async fn list(visit: Visit) -> Result<Response, Problem> {
    let GenresQuery { header, genres } = visit.ask::<GenresQuery>(()).await?;
    let breadcrumbs = Breadcrumbs::to([("Genres", paths::GENRES)]);
    let description = format!(
        "All {} genres in the shop, from the best known records to the rare ones.",
        genres.len()
    );
    let layout = Layout::new(header, Place::Genres, "Genres")
        .found_at(visit.shop.absolute(paths::GENRES), description)
        .saying(&structured_data::breadcrumb_list(&visit.shop, &breadcrumbs));
    let page = GenresPage {
        layout,
        breadcrumbs,
        genres,
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

impl GenreCard {
    fn href(&self) -> String {
        paths::genre(&self.slug)
    }
}
