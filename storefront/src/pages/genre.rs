//! One genre and its albums: sorted, filtered by price, page by page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::{self, problem::Problem};
use crate::parameters::{Extent, Parameters, Slug};
use crate::parts::album_shelf::{AlbumList, AlbumOrder, AlbumShelf, ORDERS, SHELF};
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::paging::Listing;
use crate::parts::price_filter::{PriceFilter, PriceRange};
use crate::parts::structured_data;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(query GenreQuery(GenreVariables));

#[derive(Debug, cynic::QueryVariables)]
struct GenreVariables {
    slug: String,
    first: i32,
    after: Option<String>,
    skip: i32,
    range: PriceRange,
    order: AlbumOrder,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "GenreVariables")]
struct GenreQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(slug: $slug)]
    genre: Option<Genre>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(variables = "GenreVariables")]
struct Genre {
    name: String,
    slug: String,
    description: String,
    #[arguments(first: $first, after: $after, skip: $skip, where: $range, orderBy: $order)]
    albums: AlbumList,
}

#[derive(Debug, Template)]
#[template(path = "pages/genre.html")]
struct GenrePage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    name: String,
    description: String,
    filter: PriceFilter<AlbumOrder>,
    shelf: AlbumShelf,
}

/// Shows a genre, or the next part of its list.
pub async fn show(visit: Visit, Slug(slug): Slug, parameters: Parameters, extent: Extent) -> Result<Response, Problem> {
    let Some(page) = parameters.page() else {
        return Err(pages::problem::not_found(&visit).await);
    };
    let filter = PriceFilter::read(paths::genre(&slug), &parameters, &ORDERS);
    let (after, skip) = extent.start(&parameters, page, SHELF);
    let variables = GenreVariables {
        slug,
        first: SHELF,
        after,
        skip,
        range: filter.range(),
        order: filter.order(),
    };
    let GenreQuery { header, genre } = visit.ask::<GenreQuery>(variables).await?;
    let Some(genre) = genre else {
        return Err(Problem::NotFound(header));
    };

    let listing = Listing::new(paths::genre(&genre.slug), filter.parameters());
    let Some(shelf) = AlbumShelf::fill(genre.albums, page, &listing) else {
        return Err(Problem::NotFound(header));
    };
    if extent == Extent::Part {
        return visit.answer_part(StatusCode::OK, &shelf);
    }
    let breadcrumbs = Breadcrumbs::to([("Genres", paths::GENRES), (&genre.name, &paths::genre(&genre.slug))]);
    let title = pages::numbered(&genre.name, page);
    let layout = Layout::new(header, Place::Genre(genre.slug), &title)
        .found_at(
            visit.shop.absolute(&listing.canonical(page)),
            pages::numbered(&described(&genre.name, &genre.description, shelf.total()), page),
        )
        .saying(&structured_data::breadcrumb_list(&visit.shop, &breadcrumbs));
    let status = if filter.is_valid() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let (name, description) = (genre.name, genre.description);
    let page = GenrePage {
        layout,
        breadcrumbs,
        name,
        description,
        filter,
        shelf,
    };
    visit.answer(status, &page.layout, &page)
}

/// What search results say of a genre: its description, or else what is on its shelf.
fn described(name: &str, description: &str, albums: i32) -> String {
    match (description, albums) {
        ("", 1) => format!("{name}: 1 album in the shop"),
        ("", albums) => format!("{name}: {albums} albums in the shop"),
        (description, _) => description.to_owned(),
    }
}
