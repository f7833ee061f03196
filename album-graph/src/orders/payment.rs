//! Payment: behind a small interface, so that another provider fits in without a change of orders.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::Order;
use crate::store::{Database, StoreError, orders};

/// Whether an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is nothing to pay.
    NotNeeded,
    /// The customer is to pay, in their own time.
    Due,
    /// The customer is on the way to pay at the provider's.
    Pending,
    /// It is paid.
    Paid,
    /// The customer gave up, or was refused.
    Failed,
}

impl State {
    const ALL: [Self; 5] = [Self::NotNeeded, Self::Due, Self::Pending, Self::Paid, Self::Failed];

    /// As the database spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::Due => "due",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Failed => "failed",
        }
    }

    /// What the database spells so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the provider still has something to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Failed)
    }
}

/// What a provider makes of an order.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Whether it is paid.
    pub state: State,
    /// What the provider calls it, at most 200 characters.
    pub reference: Option<String>,
    /// Where the customer pays, on the provider's page.
    pub redirect: Option<String>,
}

/// A provider does not answer, or does not want to.
#[derive(Debug, thiserror::Error)]
#[error("the payment provider {provider} does not begin a payment: {reason}")]
pub struct Unavailable {
    /// Which.
    pub provider: String,
    /// Why, for the log.
    pub reason: String,
}

/// What a provider is asked for takes time.
pub type Beginning<'a> = Pin<Box<dyn Future<Output = Result<Begun, Unavailable>> + Send + 'a>>;

/// Somebody who takes money for the shop.
pub trait PaymentProvider: Send + Sync {
    /// Names it among all: at most 40 letters that never change, for orders keep it.
    fn id(&self) -> &str;

    /// What people call the way to pay.
    fn name(&self) -> &str;

    /// What an order is kept as, before the provider is asked: [`State::Pending`] for one that is to be asked.
    fn opening(&self) -> State;

    /// Begins the payment of an order that is kept, and answers where the customer goes. Asked again with the same order, by its
    /// number, it is the same payment: nobody can know what became of a question whose answer was lost.
    fn begin<'a>(&'a self, order: &'a Order) -> Beginning<'a>;
}

/// Nothing is to be paid.
pub(super) struct NoneNeeded;

impl PaymentProvider for NoneNeeded {
    fn id(&self) -> &'static str {
        "none"
    }

    fn name(&self) -> &'static str {
        "Nothing to pay"
    }

    fn opening(&self) -> State {
        State::NotNeeded
    }

    fn begin<'a>(&'a self, _: &'a Order) -> Beginning<'a> {
        settled(State::NotNeeded)
    }
}

/// The shop sends an invoice, and waits.
struct Invoice;

impl PaymentProvider for Invoice {
    fn id(&self) -> &'static str {
        "invoice"
    }

    fn name(&self) -> &'static str {
        "Pay by invoice"
    }

    fn opening(&self) -> State {
        State::Due
    }

    fn begin<'a>(&'a self, _: &'a Order) -> Beginning<'a> {
        settled(State::Due)
    }
}

fn settled<'a>(state: State) -> Beginning<'a> {
    let begun = Begun {
        state,
        reference: None,
        redirect: None,
    };
    Box::pin(async { Ok(begun) })
}

/// The ways to pay; cheap to clone.
#[derive(Clone)]
pub struct Payments(Arc<[Arc<dyn PaymentProvider>]>);

impl Payments {
    /// Payment by invoice, and by these providers.
    #[must_use]
    pub fn with(providers: Vec<Arc<dyn PaymentProvider>>) -> Self {
        let invoice: Arc<dyn PaymentProvider> = Arc::new(Invoice);
        Self(std::iter::once(invoice).chain(providers).collect())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn PaymentProvider> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// The provider with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&dyn PaymentProvider> {
        self.iter().find(|provider| provider.id() == id)
    }
}

impl Default for Payments {
    fn default() -> Self {
        Self::with(Vec::new())
    }
}

impl fmt::Debug for Payments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(PaymentProvider::id)).finish()
    }
}

/// Notes what a provider says became of a payment that it began, as it calls it. Answers whether there is such an order: a
/// provider that is told no asks again later, for its answer may not have been kept yet. What is paid stays paid.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(database: &Database, provider: &str, reference: &str, state: State) -> Result<bool, StoreError> {
    let mut transaction = database.transaction().await?;
    let known = orders::settle(&mut transaction, (provider, reference), state).await?;
    transaction.commit().await?;
    Ok(known)
}
