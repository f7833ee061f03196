//! Carts: what is about to be bought.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};

use super::album::Album;
use super::batch::{Albums, Member};
use super::error::GraphError;
use super::id::Kind;
use super::quote::Quote;
use super::scalars::Money;
use super::services::Services;
use super::visit::Visit;
use crate::carts::{self, Obstacle};
use crate::store::carts::{self as stored, Owner};
use crate::store::sessions::Session;

/// What is about to be bought.
pub(super) struct Cart {
    owner: Option<Owner>,
    contents: Arc<carts::Cart>,
    albums: Arc<Albums>,
}

impl Cart {
    /// The viewer's.
    pub async fn of(context: &Context<'_>) -> Result<Self> {
        let services = Services::of(context)?;
        let session = Visit::of(context)?.session(services).await?;
        let owner = session.as_ref().map(owner);
        let cart = match owner {
            Some(owner) => stored::of(&services.database, owner).await.map_err(GraphError::from)?,
            None => carts::Cart::default(),
        };
        Ok(Self::new(services, owner, cart))
    }

    /// A cart that was read already.
    pub fn new(services: &Services, owner: Option<Owner>, cart: carts::Cart) -> Self {
        let albums = cart.lines.iter().map(|line| line.album.clone()).collect();
        Self {
            owner,
            albums: Albums::new(services.database.clone(), albums),
            contents: Arc::new(cart),
        }
    }
}

/// Whose cart the holder of a session fills.
pub(super) fn owner(session: &Session) -> Owner {
    session.customer.map_or(Owner::Session(session.id), Owner::Customer)
}

/// What is about to be bought.
#[Object]
impl Cart {
    /// Names the cart; the same for as long as the session, or for a customer for good.
    async fn id(&self) -> ID {
        // Of its owner, for it may be that nothing was ever put in.
        Kind::Cart.id(match self.owner {
            None => 0,
            Some(Owner::Customer(customer)) => customer,
            Some(Owner::Session(session)) => -session,
        })
    }

    /// One line for each album, the one added first first; at most 50.
    async fn lines(&self) -> Vec<CartLine> {
        let line = |index| CartLine {
            cart: Arc::clone(&self.contents),
            albums: Arc::clone(&self.albums),
            index,
        };
        (0..self.contents.lines.len()).map(line).collect()
    }

    /// How many copies all lines have together.
    async fn quantity(&self) -> i64 {
        self.contents.quantity()
    }

    /// What all lines that can be bought cost today; null for an empty cart.
    async fn subtotal(&self) -> Option<Money> {
        self.contents.subtotal().map(Money)
    }

    /// Whether something has changed since it was put in: a price, or whether it can be bought. `acceptCartChanges` accepts it.
    async fn changed(&self) -> bool {
        self.contents.is_changed()
    }

    /// What the cart would cost now, with a promotion code.
    #[graphql(cache_control(no_cache))]
    async fn quote(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "As somebody typed it; its case does not matter.")] promotion_code: Option<String>,
    ) -> Result<Quote> {
        let services = Services::of(context)?;
        Ok(Quote::of(services, &self.contents, promotion_code.as_deref()).await?)
    }
}

/// Some copies of one album.
pub(super) struct CartLine {
    cart: Arc<carts::Cart>,
    albums: Arc<Albums>,
    index: usize,
}

impl CartLine {
    fn line(&self) -> &carts::Line {
        &self.cart.lines[self.index]
    }
}

/// Some copies of one album.
#[Object(serial)]
impl CartLine {
    /// The album, also where it has left the shop since.
    async fn album(&self) -> Album {
        Album(Member {
            batch: Arc::clone(&self.albums),
            index: self.index,
        })
    }

    /// 1 to 99.
    async fn quantity(&self) -> i64 {
        self.line().quantity
    }

    /// What one copy costs today.
    async fn price(&self) -> Money {
        Money(self.line().album.price)
    }

    /// What one copy cost when the viewer was told last; null where that is what it costs today.
    async fn previous_price(&self) -> Option<Money> {
        let line = self.line();
        (line.agreed != line.album.price).then_some(Money(line.agreed))
    }

    /// `price` times `quantity`.
    async fn total(&self) -> Money {
        Money(self.line().total())
    }

    /// Why the line cannot be bought as it is; null where it can.
    async fn obstacle(&self) -> Option<CartObstacle> {
        self.cart.obstacle(self.line()).map(CartObstacle::from)
    }

    /// How many copies are left, where fewer are left than the line has; null otherwise.
    async fn copies_left(&self) -> Option<i64> {
        self.line().shortage()
    }
}

/// Why a line of a cart cannot be bought as it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CartObstacle {
    /// The album is no longer for sale.
    Gone,
    /// No copy is left.
    SoldOut,
    /// Fewer copies are left than the line has.
    TooFew,
}

impl From<Obstacle> for CartObstacle {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Gone => Self::Gone,
            Obstacle::SoldOut => Self::SoldOut,
            Obstacle::TooFew => Self::TooFew,
        }
    }
}

/// What a viewer has of carts.
#[derive(Default)]
pub(super) struct ViewerCart;

#[Object]
impl ViewerCart {
    /// What is about to be bought; empty for a visitor who has put nothing in.
    async fn cart(&self, context: &Context<'_>) -> Result<Cart> {
        Cart::of(context).await
    }
}
