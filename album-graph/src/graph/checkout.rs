//! Checkout: what an order needs, and placing it.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::cart::Cart;
use super::error::GraphError;
use super::order::{Country, Order, Orders, PaymentMethod};
use super::quote::OrderProblem;
use super::services::Services;
use super::visit::Visit;
use crate::orders::{self, AddressInput, Code, PlaceError, Placed, Problem, Request, Till};

/// An order of all that the cart has.
#[derive(InputObject)]
pub(super) struct PlaceOrderInput {
    /// Chosen by the client, 1 to 100 characters, anew for every cart: the same key and input give the same order, however often
    /// they are sent.
    idempotency_key: String,
    /// Where it goes.
    address: AddressFields,
    /// A code that makes it cheaper.
    promotion_code: Option<String>,
    /// How it is paid, where there is something to pay: the `id` of one of `paymentMethods`.
    #[graphql(default_with = "ID::from(\"invoice\")")]
    payment_method: ID,
    /// What the customer was told that it costs, in minor units; another total is a problem, not a surprise. Left out, any total
    /// will do.
    expected_total: Option<i64>,
}

/// Where an order goes. Blanks at the ends do not count.
#[derive(InputObject)]
#[graphql(name = "AddressInput")]
struct AddressFields {
    /// 1 to 160 characters.
    first_name: String,
    /// 1 to 160 characters.
    last_name: String,
    /// Street and house, 3 to 70 characters.
    address: String,
    /// 1 to 40 characters.
    city: String,
    /// At most 40 characters; may be empty.
    state: String,
    /// 5 to 10 characters.
    postal_code: String,
    /// The `code` of one of `countries`.
    country: String,
    /// At most 24 characters; may be empty.
    phone: String,
    /// Where the shop writes to about the order.
    email: String,
}

impl From<PlaceOrderInput> for Request {
    fn from(input: PlaceOrderInput) -> Self {
        let address = input.address;
        Self {
            key: input.idempotency_key,
            address: AddressInput {
                first_name: address.first_name,
                last_name: address.last_name,
                address: address.address,
                city: address.city,
                state: address.state,
                postal_code: address.postal_code,
                country: address.country,
                phone: address.phone,
                email: address.email,
            },
            promotion_code: input.promotion_code,
            payment_method: input.payment_method.to_string(),
            expected_total: input.expected_total,
        }
    }
}

/// What placing an order leads to.
#[derive(SimpleObject)]
pub(super) struct PlaceOrderPayload {
    /// The order; null where a problem kept it from being placed.
    order: Option<Order>,
    /// Where the customer pays, on a payment provider's page; null where there is nothing to do.
    payment_url: Option<String>,
    /// The cart after it: empty where the order was placed.
    cart: Cart,
    /// What speaks against the order; empty where nothing does.
    problems: Vec<OrderProblem>,
}

impl From<PlaceError> for GraphError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::Store(error) => error.into(),
            PlaceError::NoRandomness(error) => Self::broken(&error),
        }
    }
}

/// What an order needs.
#[derive(Default)]
pub(super) struct CheckoutQuery;

#[Object]
impl CheckoutQuery {
    /// The ways to pay.
    #[expect(clippy::unused_async, reason = "fields are asynchronous")]
    async fn payment_methods(&self, context: &Context<'_>) -> Result<Vec<PaymentMethod>> {
        let payments = &Services::of(context)?.payments;
        Ok(payments.iter().map(PaymentMethod::from).collect())
    }

    /// The countries that the shop sells to, by name.
    async fn countries(&self) -> Vec<Country> {
        orders::Country::all().iter().copied().map(Country::from).collect()
    }
}

/// Placing an order.
#[derive(Default)]
pub(super) struct CheckoutMutation;

#[Object]
impl CheckoutMutation {
    /// Orders all that the cart has, at today's prices. All of it happens, or nothing; and once, however often the same is sent.
    async fn place_order(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the order needs beside the cart.")] input: PlaceOrderInput,
    ) -> Result<PlaceOrderPayload> {
        let services = Services::of(context)?;
        let Some(customer) = Visit::of(context)?.customer(services).await? else {
            let message = "Sign in to order: your cart stays as it is.";
            return refused(context, vec![Problem::new(Code::NotSignedIn, message)]).await;
        };
        let till = Till {
            database: &services.database,
            numbers: &services.numbers,
            payments: &services.payments,
            shop_url: &services.shop_url,
            now: services.clock.now(),
        };
        let placed = orders::place(&till, customer, &input.into()).await;
        match placed.map_err(GraphError::from)? {
            Ok(placed) => show(context, placed).await,
            Err(problems) => refused(context, problems).await,
        }
    }
}

async fn show(context: &Context<'_>, placed: Placed) -> Result<PlaceOrderPayload> {
    let services = Services::of(context)?;
    Ok(PlaceOrderPayload {
        order: Orders::all(services, vec![placed.order]).pop(),
        payment_url: placed.payment_url,
        cart: Cart::of(context).await?,
        problems: placed.problem.map(OrderProblem::from).into_iter().collect(),
    })
}

async fn refused(context: &Context<'_>, problems: Vec<Problem>) -> Result<PlaceOrderPayload> {
    Ok(PlaceOrderPayload {
        order: None,
        payment_url: None,
        cart: Cart::of(context).await?,
        problems: problems.into_iter().map(OrderProblem::from).collect(),
    })
}
