//! What a search finds: sorted, narrowed by facets, page by page; and where it starts, as long as nothing was typed.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::album_graph::AskError;
use crate::operations::operations;
use crate::pages::{self, problem::Problem};
use crate::parameters::{Extent, Parameters};
use crate::parts::album_card::AlbumCard;
use crate::parts::album_shelf::{AlbumShelf, FoundList, SHELF};
use crate::parts::facets::{Facets, SearchFacets};
use crate::parts::header::{GenreLink, HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::paging::Listing;
use crate::parts::refinement::{Chosen, Conditions, Refinement};
use crate::parts::search_box::SearchBox;
use crate::parts::search_order::SearchOrder;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(query SearchQuery(SearchVariables), query StartQuery(()));

#[derive(Clone, Debug, cynic::QueryVariables)]
struct SearchVariables {
    query: String,
    first: i32,
    after: Option<String>,
    skip: i32,
    conditions: Conditions,
    order: SearchOrder,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SearchVariables")]
struct SearchQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(query: $query, first: $first, after: $after, skip: $skip, where: $conditions, orderBy: $order)]
    search: Found,
    // For a search that finds nothing.
    #[arguments(first: 6)]
    top_sellers: Vec<AlbumCard>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "SearchConnection")]
struct Found {
    #[cynic(spread)]
    list: FoundList,
    facets: SearchFacets,
    did_you_mean: Option<String>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct StartQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(first: 6)]
    top_sellers: Vec<AlbumCard>,
}

#[derive(Debug, Template)]
#[template(path = "pages/search.html")]
struct SearchPage {
    layout: Layout,
    refinement: Refinement,
    /// What comes before the words in the heading.
    found: String,
    did_you_mean: Option<String>,
    chosen: Vec<Chosen>,
    facets: Facets,
    shelf: AlbumShelf,
    genres: Vec<GenreLink>,
    top_sellers: Vec<AlbumCard>,
}

#[derive(Debug, Template)]
#[template(path = "pages/search_start.html")]
struct StartPage {
    layout: Layout,
    refinement: Refinement,
    chosen: Vec<Chosen>,
    genres: Vec<GenreLink>,
    top_sellers: Vec<AlbumCard>,
}

impl SearchPage {
    /// Whether there is anything to sort or to leave out.
    fn can_be_refined(&self) -> bool {
        self.shelf.total() > 0 || !self.chosen.is_empty() || !self.refinement.is_valid()
    }
}

/// Shows what a search finds, or the next part of the list.
pub async fn show(visit: Visit, parameters: Parameters, extent: Extent) -> Result<Response, Problem> {
    let Some(page) = parameters.page() else {
        return Err(pages::problem::not_found(&visit).await);
    };
    let mut refinement = Refinement::read(&parameters);
    if refinement.query.is_empty() {
        return start(&visit, refinement).await;
    }
    let place = extent.start(&parameters, page, SHELF);
    let SearchQuery {
        header,
        search,
        top_sellers,
    } = ask(&visit, &mut refinement, place).await?;

    refinement.price_like(top_sellers.first().map(|album| album.price.clone()));
    let listing = Listing::new(paths::SEARCH.to_owned(), refinement.parameters());
    let Some(shelf) = AlbumShelf::fill_found(search.list, page, &listing) else {
        return Err(Problem::NotFound(header));
    };
    if extent == Extent::Part {
        return visit.answer_part(StatusCode::OK, &shelf);
    }
    let status = if refinement.is_valid() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let genres = header.genres.clone();
    let chosen = refinement.chosen(&genres);
    let found = found(&refinement, &chosen, shelf.total());
    let title = pages::numbered(&format!("{found} “{}”", refinement.query), page);
    let page = SearchPage {
        layout: Layout::new(header, Place::Elsewhere, &title).searching(search_box(&refinement)),
        facets: Facets::new(search.facets, shelf.total(), &refinement, &chosen),
        found,
        did_you_mean: search.did_you_mean,
        chosen,
        refinement,
        shelf,
        genres,
        top_sellers,
    };
    visit.answer(status, &page.layout, &page)
}

/// Asks for a search; where the catalogue does not know the genre, for the same without it.
async fn ask(
    visit: &Visit,
    refinement: &mut Refinement,
    (after, skip): (Option<String>, i32),
) -> Result<SearchQuery, AskError> {
    let variables = SearchVariables {
        query: refinement.query.clone(),
        first: SHELF,
        after,
        skip,
        conditions: refinement.conditions(),
        order: refinement.prices.order(),
    };
    match visit.ask::<SearchQuery>(variables.clone()).await {
        Err(error) if error.misses("where.genre") => {
            refinement.miss_genre();
            let conditions = refinement.conditions();
            let variables = SearchVariables {
                conditions,
                ..variables
            };
            visit.ask::<SearchQuery>(variables).await
        }
        answer => answer,
    }
}

/// What was found, before the words that it was found for.
fn found(refinement: &Refinement, chosen: &[Chosen], total: i32) -> String {
    match total {
        _ if !refinement.is_valid() => "Search for".to_owned(),
        0 if !chosen.is_empty() => "Nothing with these filters for".to_owned(),
        0 => "Nothing found for".to_owned(),
        1 => "1 album for".to_owned(),
        total => format!("{total} albums for"),
    }
}

/// The page as long as nothing was typed. What was chosen before is in force again with the next letter, and so it is told.
async fn start(visit: &Visit, mut refinement: Refinement) -> Result<Response, Problem> {
    let StartQuery { header, top_sellers } = visit.ask::<StartQuery>(()).await?;
    let genres = header.genres.clone();
    refinement.price_like(top_sellers.first().map(|album| album.price.clone()));
    refinement.keep_known_genre(&genres);
    let layout = Layout::new(header, Place::Elsewhere, "Search").searching(search_box(&refinement));
    let page = StartPage {
        layout,
        chosen: refinement.chosen(&genres),
        refinement,
        genres,
        top_sellers,
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// The field of a page that follows what is typed.
fn search_box(refinement: &Refinement) -> SearchBox {
    let mut kept = refinement.filters();
    kept.retain(|(_, value)| !value.is_empty());
    SearchBox {
        query: refinement.query.clone(),
        kept,
        live: true,
    }
}
