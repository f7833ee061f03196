//! Signing in and out.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject};

use super::cart::Cart;
use super::customer::{self, Customer};
use super::error::GraphError;
use super::id::{self, Kind};
use super::problem::AccountProblem;
use super::services::Services;
use super::session::{IssuedSession, Session};
use super::visit::{Issued, Lifetime, Visit};
use crate::accounts::{Email, Fault, Recognised, Refusal};
use crate::store::{Transaction, carts, customers, retry, sessions};

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
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct SignInPayload {
    /// Whom the session belongs to now; null where there is a problem, or where an address was confirmed from another browser than
    /// it signed up from: then sign in.
    customer: Option<Customer>,
    /// The token to send from now on; null where the request's own stays good.
    session: Option<IssuedSession>,
    /// Why nobody is signed in; empty where somebody is.
    problems: Vec<AccountProblem>,
}

#[ComplexObject]
impl SignInPayload {
    /// The cart, with what was in the visitor's cart before.
    async fn cart(&self, context: &Context<'_>) -> Result<Cart> {
        Cart::of(context).await
    }
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
    /// Nobody is signed in, because of these; or because of nothing, where there was no need.
    pub fn nobody(problems: Vec<AccountProblem>) -> Self {
        Self {
            customer: None,
            session: None,
            problems,
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

/// A request that may sign somebody in, with the session that it came with.
pub(super) struct Entrance<'c> {
    pub services: &'c Services,
    pub visit: &'c Visit,
    pub session: Option<sessions::Session>,
}

impl<'c> Entrance<'c> {
    /// That of a request. Not while a transaction is under way.
    pub async fn of(context: &Context<'c>) -> Result<Self> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        Ok(Self {
            services,
            visit,
            session: visit.session(services).await?,
        })
    }

    /// Gives a customer a session in the place of the request's, with what the visitor's cart has. Its token is a new one, so that
    /// who knew the old one gains nothing.
    pub async fn issue(
        &self,
        transaction: &mut Transaction,
        customer: i64,
        lifetime: Lifetime,
    ) -> Result<Issued, Fault> {
        if let Some(old) = &self.session {
            carts::hand_over(transaction, old.id, customer).await?;
            sessions::delete(transaction, old.id).await?;
        }
        let now = self.services.clock.now();
        self.visit.issue(transaction, now, Some(customer), lifetime).await
    }

    /// Lets somebody in who was recognised; nobody where the password was changed at this very moment.
    async fn admit(&self, recognised: &Recognised, lifetime: Lifetime) -> Result<Option<Issued>, Fault> {
        let mut transaction = self.services.database.transaction().await?;
        if !recognised.settle(&mut transaction).await? {
            return Ok(None);
        }
        let issued = self.issue(&mut transaction, recognised.customer.id, lifetime).await?;
        transaction.commit().await?;
        Ok(Some(issued))
    }
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
        let entrance = Entrance::of(context).await?;
        let refused = |problem| Ok(SignInPayload::nobody(vec![problem]));
        let email = match Email::parse(&input.email) {
            Ok(email) => email,
            Err(refusal) => return refused(AccountProblem::at("email", refusal)),
        };
        let attempt = entrance.services.attempt(entrance.visit.client);
        let recognised = attempt.recognise(email.key(), &input.password).await;
        let recognised = match recognised.map_err(GraphError::from)? {
            Ok(recognised) => recognised,
            Err(refusal) => return refused(AccountProblem::new(refusal)),
        };
        let lifetime = if input.remember {
            Lifetime::Persistent
        } else {
            Lifetime::Fleeting
        };
        let issued = retry(|| entrance.admit(&recognised, lifetime), Fault::passes).await;
        let Some(issued) = issued.map_err(GraphError::from)? else {
            return refused(AccountProblem::new(Refusal::WrongCredentials));
        };
        entrance.visit.enter(Some(issued.session.clone())).await;
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
