//! Customers: who has an account, seen by themselves alone.

use async_graphql::{Context, ID, Object, Result};

use super::error::GraphError;
use super::id::Kind;
use super::scalars::DateTime;
use super::services::Services;
use super::session::Session;
use super::visit::Visit;
use crate::store::{customers, sessions};

/// Most sessions that are listed.
const MOST_SESSIONS: i64 = 100;

/// Somebody with an account.
#[derive(Clone)]
pub(super) struct Customer(pub customers::Customer);

/// Somebody with an account.
#[Object]
impl Customer {
    /// Names the customer; opaque.
    pub(super) async fn id(&self) -> ID {
        Kind::Customer.id(self.0.id)
    }

    /// Where the shop writes to.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// When the address was confirmed.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at.to_rfc3339())
    }

    /// Where the customer is signed in, the session seen last first; at most 100.
    async fn sessions(&self, context: &Context<'_>) -> Result<Vec<Session>> {
        all_sessions(context, self.0.id).await
    }
}

/// Where a customer is signed in.
pub(super) async fn all_sessions(context: &Context<'_>, customer: i64) -> Result<Vec<Session>> {
    let services = Services::of(context)?;
    let current = Visit::of(context)?.session(services).await?.map(|session| session.id);
    let found = sessions::of_customer(&services.database, customer, services.clock.now(), MOST_SESSIONS).await;
    let found = found.map_err(GraphError::from)?;
    Ok(found.into_iter().map(|session| Session { session, current }).collect())
}

/// The customer whose session the request's token is.
pub(super) async fn signed_in(context: &Context<'_>) -> Result<Option<customers::Customer>> {
    let services = Services::of(context)?;
    let session = Visit::of(context)?.session(services).await?;
    let Some(id) = session.and_then(|session| session.customer) else {
        return Ok(None);
    };
    let customer = customers::by_id(&services.database, id)
        .await
        .map_err(GraphError::from)?;
    Ok(customer)
}

/// What a viewer has of customers.
#[derive(Default)]
pub(super) struct ViewerCustomer;

#[Object]
impl ViewerCustomer {
    /// The customer who is signed in; null for a visitor.
    async fn customer(&self, context: &Context<'_>) -> Result<Option<Customer>> {
        Ok(signed_in(context).await?.map(Customer))
    }
}
