//! Signing in and out.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::customer::{self, Customer};
use super::error::GraphError;
use super::id::{self, Kind};
use super::problem::AccountProblem;
use super::services::Services;
use super::session::{IssuedSession, Session};
use super::visit::{Issued, Lifetime, Visit};
use crate::accounts::{Email, Refusal};
use crate::store::sessions;
use crate::store::{Transaction, carts, customers};

/// Who signs in, and how they prove it.
#[derive(InputObject)]
pub(super) struct SignInInput {
    /// The customer's address; case does not matter.
    email: String,
    /// The customer's password.
    password: String,
    /// Whether the session outlives the browser.
    #[graphql(default)]
    remember: bool,
}

/// Which session shall end.
#[derive(InputObject)]
pub(super) struct RevokeSessionInput {
    /// One of the customer's own.
    session_id: ID,
}

/// What signing in leads to.
#[derive(SimpleObject, Default)]
pub(super) struct SignInPayload {
    /// Whom the session belongs to now; null where there is a problem, or where an address was confirmed from another browser than
    /// it signed up from: then sign in.
    pub customer: Option<Customer>,
    /// The token to send from now on; the request's own is no longer good.
    pub session: Option<IssuedSession>,
    /// Why nobody is signed in; empty where somebody is.
    pub problems: Vec<AccountProblem>,
}

/// What signing out leads to.
#[derive(SimpleObject)]
pub(super) struct SignOutPayload {
    /// How many sessions have ended.
    ended: i32,
}

/// What ending a session leads to.
#[derive(SimpleObject)]
pub(super) struct RevokeSessionPayload {
    /// Where the customer is signed in now.
    sessions: Vec<Session>,
    /// Why nothing has ended; empty where it has.
    problems: Vec<AccountProblem>,
}

impl SignInPayload {
    /// Nobody is signed in, because of these.
    pub fn refused(problems: Vec<AccountProblem>) -> Self {
        Self {
            problems,
            ..Self::default()
        }
    }

    /// Somebody is.
    pub fn signed_in(customer: customers::Customer, issued: Issued) -> Self {
        Self {
            customer: Some(Customer(customer)),
            session: Some(IssuedSession(issued)),
            problems: Vec::new(),
        }
    }
}

/// Gives a customer a session of their own in the place of the request's, with what the visitor's cart has. The token is a new
/// one, so that who knew the old one gains nothing.
pub(super) async fn issue(
    context: &Context<'_>,
    transaction: &mut Transaction,
    customer: i64,
    lifetime: Lifetime,
) -> Result<Issued> {
    let (services, visit) = (Services::of(context)?, Visit::of(context)?);
    if let Some(old) = visit.session(services).await? {
        if old.customer.is_none() {
            carts::hand_over(transaction, old.id, customer)
                .await
                .map_err(GraphError::from)?;
        }
        sessions::delete(transaction, old.id).await.map_err(GraphError::from)?;
    }
    let now = services.clock.now();
    Ok(visit.issue(transaction, now, Some(customer), lifetime).await?)
}

/// Signing in and out.
#[derive(Default)]
pub(super) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs a customer in. What the visitor's cart has goes into the customer's.
    async fn sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who signs in, and how they prove it.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        visit.session(services).await?;
        let email = match Email::parse(&input.email) {
            Ok(email) => email,
            Err(refusal) => return Ok(SignInPayload::refused(vec![AccountProblem::at("email", refusal)])),
        };
        let refused = |refusal| Ok(SignInPayload::refused(vec![AccountProblem::new(refusal)]));
        let attempt = services.attempt(visit.client);
        let recognised = attempt.recognise(email.key(), &input.password).await;
        let recognised = match recognised.map_err(GraphError::from)? {
            Ok(recognised) => recognised,
            Err(refusal) => return refused(refusal),
        };
        let mut transaction = services.database.transaction().await.map_err(GraphError::from)?;
        if !recognised.settle(&mut transaction).await.map_err(GraphError::from)? {
            // It was changed at this very moment.
            return refused(Refusal::WrongCredentials);
        }
        let lifetime = if input.remember {
            Lifetime::Persistent
        } else {
            Lifetime::Fleeting
        };
        let issued = issue(context, &mut transaction, recognised.customer.id, lifetime).await?;
        transaction.commit().await.map_err(GraphError::from)?;
        visit.enter(Some(issued.session.clone())).await;
        Ok(SignInPayload::signed_in(recognised.customer, issued))
    }

    /// Ends the session of a customer. A visitor has not signed in, and keeps session and cart.
    async fn sign_out(&self, context: &Context<'_>) -> Result<SignOutPayload> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        let session = visit.session(services).await?;
        let Some(session) = session.filter(|session| session.customer.is_some()) else {
            return Ok(SignOutPayload { ended: 0 });
        };
        let mut transaction = services.database.transaction().await.map_err(GraphError::from)?;
        sessions::delete(&mut transaction, session.id)
            .await
            .map_err(GraphError::from)?;
        transaction.commit().await.map_err(GraphError::from)?;
        visit.enter(None).await;
        Ok(SignOutPayload { ended: 1 })
    }

    /// Ends every session of a customer, that of the request included.
    async fn sign_out_everywhere(&self, context: &Context<'_>) -> Result<SignOutPayload> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        let session = visit.session(services).await?;
        let Some(customer) = session.and_then(|session| session.customer) else {
            return Ok(SignOutPayload { ended: 0 });
        };
        let now = services.clock.now();
        let mut transaction = services.database.transaction().await.map_err(GraphError::from)?;
        let ended = sessions::delete_of_customer(&mut transaction, customer, now).await;
        let ended = ended.map_err(GraphError::from)?;
        transaction.commit().await.map_err(GraphError::from)?;
        visit.enter(None).await;
        Ok(SignOutPayload {
            ended: i32::try_from(ended).unwrap_or(i32::MAX),
        })
    }

    /// Ends one of the customer's sessions.
    async fn revoke_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which session shall end.")] input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        let session = visit.session(services).await?;
        let Some((current, customer)) = session.and_then(|session| Some((session.id, session.customer?))) else {
            return Ok(RevokeSessionPayload {
                sessions: Vec::new(),
                problems: vec![AccountProblem::new(Refusal::NotSignedIn)],
            });
        };
        let wanted = id::parse(&input.session_id).and_then(|(kind, key)| (kind == Kind::Session).then_some(key));
        let mut ended = false;
        if let Some(wanted) = wanted {
            let now = services.clock.now();
            let mut transaction = services.database.transaction().await.map_err(GraphError::from)?;
            let deleted = sessions::delete_one_of_customer(&mut transaction, customer, wanted, now).await;
            ended = deleted.map_err(GraphError::from)?;
            transaction.commit().await.map_err(GraphError::from)?;
        }
        let sessions = customer::all_sessions(context, customer).await?;
        if ended && wanted == Some(current) {
            visit.enter(None).await;
        }
        let unknown = || AccountProblem::at("sessionId", Refusal::UnknownSession);
        Ok(RevokeSessionPayload {
            sessions: if ended && wanted == Some(current) {
                Vec::new()
            } else {
                sessions
            },
            problems: (!ended).then(unknown).into_iter().collect(),
        })
    }
}
