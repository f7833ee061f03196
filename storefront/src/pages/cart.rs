//! The cart: what is about to be bought, and every change of it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use cynic::Id;

use crate::operations::operations;
use crate::pages::problem::{self, Problem};
use crate::parameters::Fields;
use crate::parts::cart::{self, Cart, CartLine};
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::session::IssuedSession;
use crate::visit::{self, Visit};
use crate::{paths, schema};

operations!(
    query CartQuery(()),
    query AlbumQuery(AlbumVariables),
    mutation SetQuantity(QuantityVariables),
    mutation Remove(RemoveVariables),
    mutation Empty(()),
    mutation Accept(()),
);

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct CartQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    viewer: Owner,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Viewer")]
struct Owner {
    cart: Cart,
}

#[derive(Debug, cynic::InputObject)]
struct SetCartQuantityInput {
    album_id: Id,
    quantity: i32,
}

#[derive(Debug, cynic::QueryVariables)]
struct QuantityVariables {
    input: SetCartQuantityInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "QuantityVariables")]
struct SetQuantity {
    #[arguments(input: $input)]
    set_cart_quantity: Changed,
}

#[derive(Debug, cynic::InputObject)]
struct RemoveFromCartInput {
    album_id: Id,
    copies: Option<i32>,
}

#[derive(Debug, cynic::QueryVariables)]
struct RemoveVariables {
    input: RemoveFromCartInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RemoveVariables")]
struct Remove {
    #[arguments(input: $input)]
    remove_from_cart: Changed,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct Empty {
    empty_cart: Changed,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct Accept {
    accept_cart_changes: Changed,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "CartPayload")]
struct Changed {
    session: Option<IssuedSession>,
    problems: Vec<CartProblem>,
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
    NotInCart,
    #[cynic(fallback)]
    Other,
}

#[derive(Debug, cynic::QueryVariables)]
struct AlbumVariables {
    id: Id,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "AlbumVariables")]
struct AlbumQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(id: $id)]
    album: Option<Existing>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Album")]
struct Existing {
    #[expect(dead_code, reason = "what counts is whether there is one")]
    id: Id,
}

#[derive(Debug, Template)]
#[template(path = "pages/cart.html")]
struct CartPage {
    layout: Layout,
    cart: Cart,
    refusal: Option<Refusal>,
}

/// A quantity that cannot be.
#[derive(Debug)]
struct Refusal {
    album: String,
    typed: String,
    message: String,
}

/// Shows the cart.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    show_with(&visit, None).await
}

/// Leads to the cart whoever opens the address of a change.
pub async fn back(visit: Visit) -> Response {
    visit.go_to(paths::CART)
}

/// Sets how many copies of an album are in the cart.
pub async fn set_quantity(mut visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let (album, typed) = (fields.get("album"), fields.get("quantity"));
    let refuse = |message: &str| {
        let (album, typed, message) = (album.to_owned(), typed.to_owned(), message.to_owned());
        Some(Refusal { album, typed, message })
    };
    let Some(quantity) = cart::parse_copies(typed) else {
        return show_with(&visit, refuse(cart::NOT_COPIES)).await;
    };
    let album_id = Id::new(album);
    let input = SetCartQuantityInput { album_id, quantity };
    let SetQuantity { set_cart_quantity } = visit.change::<SetQuantity>(QuantityVariables { input }).await?;
    match set_cart_quantity.problems.first() {
        Some(problem) if problem.code == CartProblemCode::Other => show_with(&visit, refuse(&problem.message)).await,
        _ => settle(&mut visit, album, set_cart_quantity).await,
    }
}

/// Takes one copy of an album out of the cart, or all of them.
pub async fn remove(mut visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let album = fields.get("album");
    let input = RemoveFromCartInput {
        album_id: Id::new(album),
        copies: fields.get("copies").parse().ok(),
    };
    let Remove { remove_from_cart } = visit.change::<Remove>(RemoveVariables { input }).await?;
    settle(&mut visit, album, remove_from_cart).await
}

/// Takes everything out of the cart.
pub async fn empty(mut visit: Visit) -> Result<Response, Problem> {
    let Empty { empty_cart } = visit.change::<Empty>(()).await?;
    visit.adopt(empty_cart.session);
    Ok(visit.go_to(paths::CART))
}

/// Accepts the prices of today, and that some albums cannot be bought.
pub async fn accept(mut visit: Visit) -> Result<Response, Problem> {
    let Accept { accept_cart_changes } = visit.change::<Accept>(()).await?;
    visit.adopt(accept_cart_changes.session);
    Ok(visit.go_to(paths::CART))
}

/// Shows the cart after a change of an album's line. What another tab has taken out already is no problem: the cart shows it.
async fn settle(visit: &mut Visit, album: &str, changed: Changed) -> Result<Response, Problem> {
    visit.adopt(changed.session);
    let is_missed = !changed.problems.is_empty();
    if is_missed {
        let id = Id::new(album);
        let AlbumQuery { header, album } = visit.ask::<AlbumQuery>(AlbumVariables { id }).await?;
        if album.is_none() {
            return Err(Problem::NotFound(header));
        }
    }
    Ok(visit.go_to(paths::CART))
}

async fn show_with(visit: &Visit, refusal: Option<Refusal>) -> Result<Response, Problem> {
    let CartQuery { header, viewer } = visit.ask::<CartQuery>(()).await?;
    let page = CartPage::new(header, viewer.cart, refusal);
    let Some(refusal) = &page.refusal else {
        return visit.answer(StatusCode::OK, &page.layout, &page);
    };
    if !page.has(&refusal.album) {
        return Err(problem::not_found(visit).await);
    }
    let response = visit.answer(StatusCode::UNPROCESSABLE_ENTITY, &page.layout, &page)?;
    Ok(visit::at(paths::CART, response))
}

impl CartPage {
    fn new(header: HeaderQuery, cart: Cart, refusal: Option<Refusal>) -> Self {
        let title = match cart.quantity {
            0 => "Your cart is empty".to_owned(),
            quantity => format!("Your cart: {}", cart::copies(quantity)),
        };
        Self {
            layout: Layout::new(header, Place::Cart, &title),
            cart,
            refusal,
        }
    }

    fn has(&self, album: &str) -> bool {
        self.cart.lines.iter().any(|line| line.album.id.inner() == album)
    }

    fn refusal(&self, line: &CartLine) -> Option<&Refusal> {
        self.refusal
            .as_ref()
            .filter(|refusal| refusal.album == line.album.id.inner())
    }

    /// The number of copies in the field of a line: what was typed, even where that cannot be.
    fn typed(&self, line: &CartLine) -> String {
        let refused = self.refusal(line).map(|refusal| refusal.typed.clone());
        refused.unwrap_or_else(|| line.quantity.to_string())
    }

    fn error(&self, line: &CartLine) -> Option<&str> {
        self.refusal(line).map(|refusal| refusal.message.as_str())
    }
}
