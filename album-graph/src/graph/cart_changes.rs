//! Changes of the viewer's cart.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};

use super::cart::{Cart, owner};
use super::error::GraphError;
use super::id::{self, Kind};
use super::services::Services;
use super::session::IssuedSession;
use super::visit::{Issued, Visit};
use crate::carts::{self, Change, MOST_COPIES, MOST_LINES, Refusal};
use crate::store::{StoreError, retry};

/// An album to put into the cart.
#[derive(InputObject)]
pub(super) struct AddToCartInput {
    /// Which album.
    album_id: ID,
    /// 1 to 99.
    #[graphql(default = 1)]
    quantity: i32,
}

/// How many copies of an album the cart shall have.
#[derive(InputObject)]
pub(super) struct SetCartQuantityInput {
    /// Which album.
    album_id: ID,
    /// 1 to 99.
    quantity: i32,
}

/// Copies to take out of the cart.
#[derive(InputObject)]
pub(super) struct RemoveFromCartInput {
    /// Which album.
    album_id: ID,
    /// How many copies; all of them where left out.
    copies: Option<i32>,
}

/// What a change of the cart leads to.
#[derive(SimpleObject)]
pub(super) struct CartPayload {
    /// The cart after the change, or as it is where there is a problem.
    cart: Cart,
    /// A token to send from now on; null where the request's own stays good.
    session: Option<IssuedSession>,
    /// Why nothing was changed; empty where it was.
    problems: Vec<CartProblem>,
}

/// Why a cart was not changed.
#[derive(SimpleObject)]
pub(super) struct CartProblem {
    /// For programs.
    code: CartProblemCode,
    /// Which part of the input is to blame, such as `quantity`.
    field: Option<&'static str>,
    /// For people.
    message: String,
}

/// Why a cart was not changed, for programs.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CartProblemCode {
    /// There is no such album for sale.
    UnknownAlbum,
    /// Not a number of copies from 1 to 99.
    QuantityOutOfRange,
    /// More than 99 copies of one album, with those in the cart.
    TooManyCopies,
    /// More than 50 albums.
    TooManyLines,
    /// No copy is left.
    SoldOut,
    /// Fewer copies are left.
    TooFewLeft,
    /// The cart is in another currency.
    OtherCurrency,
    /// The album is not in the cart.
    NotInCart,
}

/// The changes of a cart.
#[derive(Default)]
pub(super) struct CartMutation;

#[Object]
impl CartMutation {
    /// Puts copies of an album into the cart, on top of those that are in. Makes a session where the request has none.
    async fn add_to_cart(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to put in.")] input: AddToCartInput,
    ) -> Result<CartPayload> {
        let copies = input.quantity.into();
        change(context, |album| Change::Add { album, copies }, Some(&input.album_id)).await
    }

    /// Says how many copies of an album that is in the cart shall be in it.
    async fn set_cart_quantity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which album, and how many.")] input: SetCartQuantityInput,
    ) -> Result<CartPayload> {
        let copies = input.quantity.into();
        change(context, |album| Change::Set { album, copies }, Some(&input.album_id)).await
    }

    /// Takes copies of an album out of the cart.
    async fn remove_from_cart(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to take out.")] input: RemoveFromCartInput,
    ) -> Result<CartPayload> {
        let copies = input.copies.map(i64::from);
        change(context, |album| Change::Remove { album, copies }, Some(&input.album_id)).await
    }

    /// Takes everything out of the cart.
    async fn empty_cart(&self, context: &Context<'_>) -> Result<CartPayload> {
        change(context, |_| Change::Empty, None).await
    }

    /// Takes the cart for what it is today: at today's prices, without what is no longer for sale, and with no more copies than
    /// are left.
    async fn accept_cart_changes(&self, context: &Context<'_>) -> Result<CartPayload> {
        change(context, |_| Change::Accept, None).await
    }
}

async fn change(context: &Context<'_>, wanted: impl FnOnce(i64) -> Change, album: Option<&ID>) -> Result<CartPayload> {
    // No album has a key of 0, so that one whose id is none of ours is not found.
    let album = album.map(id::parse).and_then(|named| match named {
        Some((Kind::Album, key)) => Some(key),
        _ => None,
    });
    let wanted = wanted(album.unwrap_or(0));
    let (services, visit) = (Services::of(context)?, Visit::of(context)?);
    let adds = matches!(wanted, Change::Add { .. });
    if !adds && visit.session(services).await?.is_none() {
        // Who has no session has nothing in a cart.
        let refusal = matches!(wanted, Change::Set { .. } | Change::Remove { .. }).then_some(Refusal::NotInCart);
        return refused(context, wanted, refusal).await;
    }
    let done = retry(|| attempt(services, visit, wanted), Failure::passes).await;
    match done.map_err(GraphError::from)? {
        Ok((cart, issued)) => Ok(CartPayload {
            cart,
            session: issued.map(IssuedSession),
            problems: Vec::new(),
        }),
        Err(refusal) => refused(context, wanted, Some(refusal)).await,
    }
}

/// Why a change broke off.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0:?}")]
    Session(GraphError),
    #[error("the session has ended")]
    Ended,
}

impl Failure {
    fn passes(&self) -> bool {
        match self {
            Self::Store(error) => error.passes(),
            Self::Session(_) => false,
            // Whoever asks is a visitor without a session then.
            Self::Ended => true,
        }
    }
}

impl From<Failure> for GraphError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error.into(),
            Failure::Session(error) => error,
            Failure::Ended => Self::broken(&failure),
        }
    }
}

type Changed = (Cart, Option<Issued>);

/// One transaction: the session, where there is none yet, and the change. A refusal keeps neither.
async fn attempt(services: &Services, visit: &Visit, wanted: Change) -> Result<Result<Changed, Refusal>, Failure> {
    let mut transaction = services.database.transaction().await?;
    let session = visit.session_or_new(services, &mut transaction).await;
    let (session, issued) = session.map_err(Failure::Session)?;
    let owner = owner(&session);
    let now = services.clock.now();
    let cart = match carts::change(&mut transaction, owner, wanted, now).await? {
        Ok(cart) => cart,
        Err(Refusal::Ended) => {
            visit.enter(None).await;
            return Err(Failure::Ended);
        }
        Err(refusal) => {
            transaction.take_back().await;
            return Ok(Err(refusal));
        }
    };
    transaction.commit().await?;
    visit.enter(Some(session)).await;
    Ok(Ok((Cart::new(services, Some(owner), cart), issued)))
}

async fn refused(context: &Context<'_>, wanted: Change, refusal: Option<Refusal>) -> Result<CartPayload> {
    Ok(CartPayload {
        cart: Cart::of(context).await?,
        session: None,
        problems: refusal.map(|refusal| problem(wanted, &refusal)).into_iter().collect(),
    })
}

fn problem(wanted: Change, refusal: &Refusal) -> CartProblem {
    use CartProblemCode as Code;
    let quantity = match wanted {
        Change::Remove { .. } => "copies",
        _ => "quantity",
    };
    let (code, field, message) = match refusal {
        Refusal::UnknownAlbum => (Code::UnknownAlbum, "albumId", "This album is not for sale.".to_owned()),
        Refusal::OutOfRange => (
            Code::QuantityOutOfRange,
            quantity,
            format!("Choose a number of copies from 1 to {MOST_COPIES}."),
        ),
        Refusal::TooManyCopies(present) => (
            Code::TooManyCopies,
            quantity,
            format!("A cart holds at most {MOST_COPIES} copies of an album, and yours has {present} already."),
        ),
        Refusal::TooManyLines => (
            Code::TooManyLines,
            "albumId",
            format!("A cart holds at most {MOST_LINES} different albums: order these first."),
        ),
        Refusal::SoldOut => (Code::SoldOut, "albumId", "This album is sold out.".to_owned()),
        Refusal::TooFewLeft(1) => (
            Code::TooFewLeft,
            quantity,
            "Only one copy of this album is left.".to_owned(),
        ),
        Refusal::TooFewLeft(left) => (
            Code::TooFewLeft,
            quantity,
            format!("Only {left} copies of this album are left."),
        ),
        Refusal::OtherCurrency { cart, album } => (
            Code::OtherCurrency,
            "albumId",
            format!(
                "Your cart is in {}, and this album is sold in {}: order them apart.",
                cart.code(),
                album.code()
            ),
        ),
        Refusal::NotInCart | Refusal::Ended => {
            (Code::NotInCart, "albumId", "This album is not in your cart.".to_owned())
        }
    };
    CartProblem {
        code,
        field: Some(field),
        message,
    }
}
