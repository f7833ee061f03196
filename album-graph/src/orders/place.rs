//! Placing an order: all of it in one transaction, and once, however often it is asked for.

use super::bill::{Bill, Wish, cart_changed};
use super::pay::{Placed, begin_payment};
use super::request::Checked;
use super::{Code, Numbers, Order, OrderLine, Payment, Payments, Problem, Promotion, Request, confirmation, promotion};
use crate::accounts::NoRandomness;
use crate::carts::{Cart, Line};
use crate::clock::Moment;
use crate::store::carts::{self, Owner};
use crate::store::orders::{self, Particulars};
use crate::store::{Database, StoreError, Transaction, mails, promotions, retry, stock};

/// What it takes to place an order.
#[derive(Clone, Copy, Debug)]
pub struct Till<'a> {
    /// Where orders are kept.
    pub database: &'a Database,
    /// What numbers orders.
    pub numbers: &'a Numbers,
    /// The ways to pay.
    pub payments: &'a Payments,
    /// Where the shop's pages are, for links in mails.
    pub shop_url: &'a str,
    /// What time it is.
    pub now: Moment,
}

/// Why an order is not placed for no fault of its own.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are no numbers to be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl PlaceError {
    /// Whether it may be placed a moment later, or is already: the key tells one from the other.
    fn passes(&self) -> bool {
        matches!(self, Self::Store(error) if error.passes() || matches!(error, StoreError::Uncertain(_)))
    }
}

/// An answer, or what speaks against there being one.
type Outcome<T> = Result<Result<T, Vec<Problem>>, PlaceError>;

/// Places an order of all that a customer's cart has. The order is kept before a payment provider is asked, and the provider is
/// asked again when the same order is: wherever this breaks off, there is an order with all that belongs to it, or nothing.
///
/// # Errors
/// When the database does not answer, or the machine has no random numbers.
pub async fn place(till: &Till<'_>, customer: i64, request: &Request) -> Outcome<Placed> {
    let checked = match request.check() {
        Ok(checked) => checked,
        Err(mut problems) => {
            // All that is wrong is told at once, as far as it can be known.
            problems.extend(objections(till, customer, request).await?);
            return Ok(Err(problems));
        }
    };
    match retry(|| attempt(till, customer, &checked), PlaceError::passes).await? {
        Ok(order) => Ok(Ok(begin_payment(till, order).await?)),
        Err(problems) => Ok(Err(problems)),
    }
}

async fn objections(till: &Till<'_>, customer: i64, request: &Request) -> Result<Vec<Problem>, StoreError> {
    let cart = carts::of(till.database, Owner::Customer(customer)).await?;
    let promotion = match Promotion::spelled(request.promotion_code.as_deref()) {
        Some(code) => promotions::by_code(till.database, &code).await?,
        None => None,
    };
    Ok(wish(till, &cart, request, promotion).objections())
}

fn wish<'a>(till: &Till<'a>, cart: &'a Cart, request: &'a Request, promotion: Option<Promotion>) -> Wish<'a> {
    Wish {
        cart,
        request,
        promotion,
        payments: till.payments,
        now: till.now,
    }
}

/// One transaction.
async fn attempt(till: &Till<'_>, customer: i64, checked: &Checked<'_>) -> Outcome<Order> {
    let mut transaction = till.database.transaction().await?;
    let step = write(till, &mut transaction, customer, checked).await?;
    Ok(match step {
        Ok(Step::Placed(order)) => {
            transaction.commit().await?;
            Ok(order)
        }
        Ok(Step::Found(order)) => {
            transaction.take_back().await;
            Ok(order)
        }
        Err(problems) => {
            transaction.take_back().await;
            Err(problems)
        }
    })
}

/// What a transaction came to.
enum Step {
    /// There is a new order.
    Placed(Order),
    /// It is there already.
    Found(Order),
}

/// Writes all that belongs to an order. All who place orders lock rows in the same order: the cart, stock by album, the promotion.
async fn write(till: &Till<'_>, transaction: &mut Transaction, customer: i64, checked: &Checked<'_>) -> Outcome<Step> {
    let owner = Owner::Customer(customer);
    let cart_key = carts::lock(transaction, owner).await?;
    let cart_key = cart_key.ok_or(StoreError::Corrupt { column: "customer_id" })?;
    // Behind the lock: of two that ask for the same at once, the second finds the order of the first.
    if let Some((order, hash)) = orders::by_key(transaction, customer, checked.key).await? {
        let same = hash == checked.hash;
        return Ok(same.then_some(Step::Found(order)).ok_or_else(|| vec![key_reused()]));
    }
    let cart = carts::read(transaction, owner).await?;
    let promotion = match Promotion::spelled(checked.request.promotion_code.as_deref()) {
        Some(code) => promotions::read(transaction, &code).await?,
        None => None,
    };
    let bill = match wish(till, &cart, checked.request, promotion).bill() {
        Ok(bill) => bill,
        Err(problems) => return Ok(Err(problems)),
    };
    if let Err(problem) = reserve(transaction, &cart, &bill).await? {
        return Ok(Err(vec![problem]));
    }
    let mut order = order(till, customer, checked, &bill)?;
    let lines: Vec<OrderLine> = cart.lines.iter().map(line).collect();
    let particulars = Particulars {
        lines: &lines,
        key: checked.key,
        input_hash: &checked.hash,
    };
    order.id = orders::insert(transaction, &order, &particulars).await?;
    carts::empty(transaction, cart_key).await?;
    let mail = confirmation::mail(&order, &lines, till.shop_url);
    mails::queue(transaction, &mail, till.now).await?;
    Ok(Ok(Step::Placed(order)))
}

fn key_reused() -> Problem {
    let message = "An order with other details was placed with this key already: look at your orders.";
    Problem::of(Code::KeyReused, "idempotencyKey", message)
}

/// Takes what is bought out of stock, and counts the promotion: unless others were faster.
async fn reserve(
    transaction: &mut Transaction,
    cart: &Cart,
    bill: &Bill<'_>,
) -> Result<Result<(), Problem>, StoreError> {
    let mut limited: Vec<&Line> = cart.lines.iter().filter(|line| line.copies_left.is_some()).collect();
    limited.sort_by_key(|line| line.album.id);
    // One by one, for a statement of many would lock them in whatever order it finds them, and two orders each other.
    for line in &limited {
        if !stock::take(transaction, line.album.id, line.quantity).await? {
            return Ok(Err(cart_changed()));
        }
    }
    if !limited.is_empty() {
        stock::tell_sold_out(transaction, limited.iter().map(|line| line.album.id)).await?;
    }
    if let Some(promotion) = &bill.promotion
        && !promotions::use_once(transaction, promotion.id).await?
    {
        return Ok(Err(promotion::used_up()));
    }
    Ok(Ok(()))
}

fn order(till: &Till<'_>, customer: i64, checked: &Checked<'_>, bill: &Bill<'_>) -> Result<Order, NoRandomness> {
    Ok(Order {
        // The database gives it one.
        id: 0,
        number: till.numbers.next()?,
        customer,
        placed_at: till.now,
        currency: bill.subtotal.currency,
        subtotal_minor: bill.subtotal.amount,
        discount_minor: bill.discount,
        promotion_code: bill.promotion.as_ref().map(|promotion| promotion.code.clone()),
        payment: Payment {
            provider: bill.provider.id().to_owned(),
            state: bill.provider.opening(),
            reference: None,
        },
        address: checked.address.clone(),
    })
}

fn line(line: &Line) -> OrderLine {
    OrderLine {
        order_id: 0,
        album_id: line.album.id,
        title: line.album.title.clone(),
        artist_name: line.artist_name.clone(),
        price: line.album.price,
        quantity: line.quantity,
    }
}
