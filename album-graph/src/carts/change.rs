//! Changes of a cart: what each comes to, and why not.

use std::time::Duration;

use iso_currency::Currency;

use super::{Cart, Line, MOST_COPIES, MOST_LINES, Obstacle};
use crate::clock::Moment;
use crate::store::carts::{self, Owner};
use crate::store::{StoreError, Transaction};

/// What somebody wants of a cart.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// So many copies more of an album.
    Add {
        /// Which album.
        album: i64,
        /// How many.
        copies: i64,
    },
    /// So many copies of an album that is in.
    Set {
        /// Which album.
        album: i64,
        /// How many.
        copies: i64,
    },
    /// So many copies fewer of an album.
    Remove {
        /// Which album.
        album: i64,
        /// How many; all where not said.
        copies: Option<i64>,
    },
    /// Nothing at all.
    Empty,
    /// What can be bought, at today's prices.
    Accept,
}

/// Why a cart stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such album for sale.
    UnknownAlbum,
    /// Not a number of copies.
    OutOfRange,
    /// More copies of one album than a cart holds; it has so many.
    TooManyCopies(i64),
    /// More albums than a cart holds.
    TooManyLines,
    /// No copy is left.
    SoldOut,
    /// Only so many copies are left.
    TooFewLeft(i64),
    /// The cart is in another currency than the album.
    OtherCurrency {
        /// The cart's.
        cart: Currency,
        /// The album's.
        album: Currency,
    },
    /// The album is not in the cart.
    NotInCart,
    /// The session that the cart belongs to has ended meanwhile.
    Ended,
}

/// What a change comes to, line by line.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Albums whose lines go.
    pub dropped: Vec<i64>,
    /// Lines of albums that were in before.
    pub changed: Vec<Line>,
    /// Lines of others.
    pub added: Vec<Line>,
}

impl Edit {
    fn change(line: &Line, quantity: i64) -> Self {
        let line = Line {
            quantity,
            ..line.clone()
        };
        Self {
            changed: vec![line],
            ..Self::default()
        }
    }

    fn add(line: Line) -> Self {
        Self {
            added: vec![line],
            ..Self::default()
        }
    }

    fn drop(album: i64) -> Self {
        Self {
            dropped: vec![album],
            ..Self::default()
        }
    }
}

/// Changes somebody's cart and answers it, unless something speaks against it.
///
/// # Errors
/// When the database does not answer.
pub async fn change(
    transaction: &mut Transaction,
    owner: Owner,
    change: Change,
    now: Moment,
) -> Result<Result<Cart, Refusal>, StoreError> {
    let Some(key) = carts::lock(transaction, owner).await? else {
        return Ok(Err(Refusal::Ended));
    };
    let cart = carts::read(transaction, owner).await?;
    let edit = match change {
        Change::Add { album, copies } => {
            let offer = carts::offer(transaction, album, now).await?;
            add(&cart, offer.as_ref(), copies)
        }
        Change::Set { album, copies } => set(&cart, album, copies),
        Change::Remove { album, copies } => remove(&cart, album, copies),
        Change::Empty => Ok(Edit {
            dropped: cart.lines.iter().map(|line| line.album.id).collect(),
            ..Edit::default()
        }),
        Change::Accept => Ok(accept(&cart)),
    };
    match edit {
        Ok(edit) => {
            carts::write(transaction, key, &edit).await?;
            Ok(Ok(cart.after(edit)))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

fn checked(copies: i64) -> Result<i64, Refusal> {
    let sensible = (1..=MOST_COPIES).contains(&copies);
    sensible.then_some(copies).ok_or(Refusal::OutOfRange)
}

fn add(cart: &Cart, offer: Option<&Line>, copies: i64) -> Result<Edit, Refusal> {
    let copies = checked(copies)?;
    let offer = offer.ok_or(Refusal::UnknownAlbum)?;
    let line = cart.line(offer.album.id);
    let present = line.map_or(0, |line| line.quantity);
    if present + copies > MOST_COPIES {
        return Err(Refusal::TooManyCopies(present));
    }
    if line.is_none() && cart.lines.len() >= MOST_LINES {
        return Err(Refusal::TooManyLines);
    }
    let (currency, other) = (cart.currency(), offer.album.price.currency);
    if let Some(currency) = currency.filter(|currency| *currency != other) {
        return Err(Refusal::OtherCurrency {
            cart: currency,
            album: other,
        });
    }
    if let Some(line) = line {
        return check_stock(line, present + copies).map(|()| Edit::change(line, present + copies));
    }
    let new = Line {
        quantity: copies,
        added_at: after(cart.lines.last(), offer.added_at),
        ..offer.clone()
    };
    check_stock(&new, copies).map(|()| Edit::add(new))
}

/// The moment of a line behind `last`, whatever the clock says, which another replica's may be ahead of.
fn after(last: Option<&Line>, now: Moment) -> Moment {
    last.map_or(now, |last| now.max(last.added_at.after(Duration::from_millis(1))))
}

fn set(cart: &Cart, album: i64, copies: i64) -> Result<Edit, Refusal> {
    let copies = checked(copies)?;
    let line = cart.line(album).ok_or(Refusal::NotInCart)?;
    if cart.obstacle(line) == Some(Obstacle::Gone) {
        return Err(Refusal::UnknownAlbum);
    }
    check_stock(line, copies).map(|()| Edit::change(line, copies))
}

/// Whether there are so many copies: a courtesy, for it is the order that decides.
fn check_stock(line: &Line, quantity: i64) -> Result<(), Refusal> {
    match line.copies_left.filter(|left| *left < quantity) {
        Some(0) => Err(Refusal::SoldOut),
        Some(left) => Err(Refusal::TooFewLeft(left)),
        None => Ok(()),
    }
}

fn remove(cart: &Cart, album: i64, copies: Option<i64>) -> Result<Edit, Refusal> {
    let copies = copies.map(checked).transpose()?;
    let line = cart.line(album).ok_or(Refusal::NotInCart)?;
    let left = line.quantity - copies.unwrap_or(line.quantity);
    Ok(if left > 0 {
        Edit::change(line, left)
    } else {
        Edit::drop(album)
    })
}

fn accept(cart: &Cart) -> Edit {
    let mut edit = Edit::default();
    for line in &cart.lines {
        if matches!(cart.obstacle(line), Some(Obstacle::Gone | Obstacle::SoldOut)) {
            edit.dropped.push(line.album.id);
            continue;
        }
        let quantity = line.shortage().unwrap_or(line.quantity);
        if quantity != line.quantity || line.agreed != line.album.price {
            edit.changed.push(Line {
                quantity,
                agreed: line.album.price,
                ..line.clone()
            });
        }
    }
    edit
}

/// What a customer's cart gets of what the visitor had who signs in: as much as it holds.
#[must_use]
pub fn merge(own: &Cart, brought: Cart) -> Edit {
    let mut edit = Edit::default();
    let currency = own.currency().or(brought.currency());
    for line in brought.lines {
        if let Some(present) = own.line(line.album.id) {
            let quantity = (present.quantity + line.quantity).min(MOST_COPIES);
            edit.changed.push(Line {
                quantity,
                ..present.clone()
            });
        } else if own.lines.len() + edit.added.len() < MOST_LINES && currency == Some(line.album.price.currency) {
            let added_at = after(edit.added.last().or(own.lines.last()), line.added_at);
            edit.added.push(Line { added_at, ..line });
        }
    }
    edit
}
