//! Beginning the payment of an order that is kept.

use std::time::Duration;

use tokio::time::timeout;

use super::payment::{Begun, Unavailable};
use super::{Code, Order, Payment, Problem, Till};
use crate::store::{StoreError, orders};

/// How long a payment provider may take.
const PROVIDER: Duration = Duration::from_secs(3);

/// An order that is kept.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// Where the customer pays.
    pub payment_url: Option<String>,
    /// Why the payment has not begun, though the order is kept.
    pub problem: Option<Problem>,
}

/// Asks the provider of an order that is kept, if there is something to ask.
pub(super) async fn begin_payment(till: &Till<'_>, mut order: Order) -> Result<Placed, StoreError> {
    if !order.payment.state.is_open() {
        return Ok(Placed {
            order,
            payment_url: None,
            problem: None,
        });
    }
    let begun = match begin(till, &order).await {
        Ok(begun) => begun,
        Err(error) => {
            tracing::error!(%error, number = %order.number, "no payment");
            let message = "Your order is placed, but the payment page does not answer: try again in a moment.";
            return Ok(Placed {
                order,
                payment_url: None,
                problem: Some(Problem::new(Code::PaymentUnavailable, message)),
            });
        }
    };
    let payment = Payment {
        provider: order.payment.provider.clone(),
        state: begun.state,
        reference: begun.reference,
    };
    let mut transaction = till.database.transaction().await?;
    let kept = orders::begun(&mut transaction, order.id, &payment).await?;
    transaction.commit().await?;
    if kept {
        order.payment = payment;
    } else if let Some(settled) = orders::by_number(till.database, order.customer, &order.number).await? {
        // The provider was done with it before it was done answering.
        order = settled;
    }
    Ok(Placed {
        order,
        payment_url: begun.redirect,
        problem: None,
    })
}

async fn begin(till: &Till<'_>, order: &Order) -> Result<Begun, Unavailable> {
    let unavailable = |reason: &str| Unavailable {
        provider: order.payment.provider.clone(),
        reason: reason.to_owned(),
    };
    let provider = till.payments.find(&order.payment.provider);
    let provider = provider.ok_or_else(|| unavailable("there is no such provider any longer"))?;
    let begun = timeout(PROVIDER, provider.begin(order)).await;
    begun.map_err(|_| unavailable("it takes too long"))?
}
