//! How an album gets into the cart.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use cynic::Id;

use super::{AlbumPage, ask};
use crate::operations::operations;
use crate::pages::problem::{self, Problem};
use crate::parameters::{Extent, Fields};
use crate::parts::add_form::AddForm;
use crate::parts::cart;
use crate::parts::cart_link::{CartLink, CartSummary};
use crate::session::IssuedSession;
use crate::visit::{self, Visit};
use crate::{paths, schema};

/// Which element htmx asks for.
const SOURCE: HeaderName = HeaderName::from_static("hx-source");
/// Where htmx shall put the answer, and how, if not where it meant to.
const RETARGET: HeaderName = HeaderName::from_static("hx-retarget");

operations!(mutation Add(AddVariables));

#[derive(Debug, cynic::InputObject)]
struct AddToCartInput {
    album_id: Id,
    quantity: i32,
}

#[derive(Debug, cynic::QueryVariables)]
struct AddVariables {
    input: AddToCartInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AddVariables")]
struct Add {
    #[arguments(input: $input)]
    add_to_cart: Added,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "CartPayload")]
struct Added {
    cart: AddedCart,
    session: Option<IssuedSession>,
    problems: Vec<CartProblem>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Cart")]
struct AddedCart {
    #[cynic(spread)]
    summary: CartSummary,
    lines: Vec<AddedLine>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "CartLine")]
struct AddedLine {
    album: AddedAlbum,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Album")]
struct AddedAlbum {
    id: Id,
    title: String,
}

#[derive(Debug, cynic::QueryFragment)]
struct CartProblem {
    code: CartProblemCode,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, cynic::Enum)]
#[cynic(non_exhaustive)]
enum CartProblemCode {
    UnknownAlbum,
    #[cynic(fallback)]
    Other,
}

/// Puts copies of an album into the cart.
pub async fn add(mut visit: Visit, extent: Extent, headers: HeaderMap, fields: Fields) -> Result<Response, Problem> {
    let album = Id::new(fields.get("album"));
    // The button of a card says nothing of a number.
    let typed = if fields.has("quantity") {
        fields.get("quantity")
    } else {
        "1"
    };
    let refusal = match cart::parse_copies(typed) {
        Some(quantity) => {
            let added = put_in(&mut visit, &album, quantity).await?;
            match added.problems.into_iter().next() {
                None if extent == Extent::Page => return Ok(visit.go_to(paths::CART)),
                None => return visit.answer_part(StatusCode::OK, &added.cart.link_after(&album)),
                Some(problem) if problem.code == CartProblemCode::UnknownAlbum => {
                    return Err(problem::not_found(&visit).await);
                }
                Some(problem) => problem.message,
            }
        }
        None => cart::NOT_COPIES.to_owned(),
    };
    let page = ask(&visit, None, Some(album)).await?;
    match extent {
        Extent::Page => show_refusal(&visit, page, typed, refusal),
        Extent::Part if has_own_form(&headers) => show_refusal_in_form(&visit, page, typed, refusal),
        Extent::Part => {
            let link = page.layout.header.cart.refusing(refusal);
            visit.answer_part(StatusCode::UNPROCESSABLE_ENTITY, &link)
        }
    }
}

async fn put_in(visit: &mut Visit, album: &Id, quantity: i32) -> Result<Added, Problem> {
    let input = AddToCartInput {
        album_id: album.clone(),
        quantity,
    };
    let Add { mut add_to_cart } = visit.change::<Add>(AddVariables { input }).await?;
    visit.adopt(add_to_cart.session.take());
    Ok(add_to_cart)
}

/// Shows the page of the album with what is wrong, at the address of the album.
fn show_refusal(visit: &Visit, mut page: AlbumPage, typed: &str, refusal: String) -> Result<Response, Problem> {
    page.add_form = page.add_form.refused(typed.to_owned(), refusal);
    let response = visit.answer(StatusCode::UNPROCESSABLE_ENTITY, &page.layout, &page)?;
    Ok(visit::at(&page.album.href(), response))
}

/// The same for who is at that page already.
fn show_refusal_in_form(visit: &Visit, page: AlbumPage, typed: &str, refusal: String) -> Result<Response, Problem> {
    let form = page.add_form.refused(typed.to_owned(), refusal);
    let mut response = visit.answer_part(StatusCode::UNPROCESSABLE_ENTITY, &form)?;
    let headers = response.headers_mut();
    headers.insert(RETARGET, HeaderValue::from_static(AddForm::SELECTOR));
    Ok(response)
}

/// Whether what was sent comes from the form of the album's own page, where there is room for a message.
fn has_own_form(headers: &HeaderMap) -> bool {
    headers.get(SOURCE).is_some_and(|source| source == AddForm::SOURCE)
}

impl AddedCart {
    /// The way to the cart, which says what has just been put in.
    fn link_after(&self, album: &Id) -> CartLink {
        let line = self.lines.iter().find(|line| line.album.id == *album);
        let title = line.map_or(String::new(), |line| format!(": {}", line.album.title));
        let said = format!("Added{title}. {} in the cart.", self.summary.quantity);
        CartLink::to(&self.summary).saying(said)
    }
}
