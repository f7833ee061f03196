//! Signing up, and confirming the address.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::error::GraphError;
use super::problem::AccountProblem;
use super::services::Services;
use super::session::IssuedSession;
use super::sign_in::{Entrance, SignInPayload};
use super::visit::{Issued, Lifetime, Visit};
use crate::accounts::{Confirmed, Fault, Outcome};
use crate::store::customers::Customer;
use crate::store::retry;

/// Who signs up.
#[derive(InputObject)]
pub(super) struct SignUpInput {
    /// Where a mail is sent to, which says how it goes on.
    email: String,
    /// 10 to 128 characters, and nothing that anybody would try first.
    password: String,
}

/// What proves that an address is somebody's.
#[derive(InputObject)]
pub(super) struct ConfirmEmailInput {
    /// From the link in the mail; good for 24 hours, and once.
    token: String,
}

/// What signing up leads to: the same for every address, whether it has an account or not. A mail says how it goes on.
#[derive(SimpleObject)]
pub(super) struct SignUpPayload {
    /// A token to send from now on; null where the request's own stays good. A confirmation that is sent with it signs in.
    session: Option<IssuedSession>,
    /// Why no mail is sent; empty where one is.
    problems: Vec<AccountProblem>,
}

/// Signing up, and confirming the address.
#[derive(Default)]
pub(super) struct SignUpMutation;

#[Object]
impl SignUpMutation {
    /// Asks for an account: there is one once the address is confirmed by the link in a mail.
    async fn sign_up(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who signs up.")] input: SignUpInput,
    ) -> Result<SignUpPayload> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        let attempt = services.attempt(visit.client);
        let prepared = attempt.prepare_sign_up(&input.email, &input.password).await;
        let prepared = match prepared.map_err(GraphError::from)? {
            Ok(prepared) => prepared,
            Err(refusals) => {
                return Ok(SignUpPayload {
                    session: None,
                    problems: AccountProblem::all(refusals),
                });
            }
        };
        let mut transaction = services.database.transaction().await.map_err(GraphError::from)?;
        let (session, issued) = visit.session_or_new(services, &mut transaction).await?;
        let signed_up = attempt.sign_up(&mut transaction, prepared, &session.token_hash).await;
        signed_up.map_err(GraphError::from)?;
        transaction.commit().await.map_err(GraphError::from)?;
        visit.enter(Some(session)).await;
        Ok(SignUpPayload {
            session: issued.map(IssuedSession),
            problems: Vec::new(),
        })
    }

    /// Makes an account of whoever signed up, and signs in where that was this very session.
    async fn confirm_email(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What proves that the address is somebody's.")] input: ConfirmEmailInput,
    ) -> Result<SignInPayload> {
        let entrance = Entrance::of(context).await?;
        let confirmed = retry(|| confirm(&entrance, &input.token), Fault::passes).await;
        Ok(match confirmed.map_err(GraphError::from)? {
            Ok((customer, Some(issued))) => {
                entrance.visit.enter(Some(issued.session.clone())).await;
                SignInPayload::signed_in(customer, issued)
            }
            Ok((_, None)) => SignInPayload::nobody(Vec::new()),
            Err(refusal) => SignInPayload::nobody(vec![AccountProblem::at("token", refusal)]),
        })
    }
}

/// One transaction: the customer, and where the session is the one that signed up, another one in its place.
async fn confirm(entrance: &Entrance<'_>, token: &str) -> Outcome<(Customer, Option<Issued>)> {
    let attempt = entrance.services.attempt(entrance.visit.client);
    let sign_up = match attempt.find_sign_up(token).await? {
        Ok(sign_up) => sign_up,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut transaction = entrance.services.database.transaction().await?;
    let Confirmed { customer, session_hash } = match attempt.confirm(&mut transaction, sign_up).await? {
        Ok(confirmed) => confirmed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let session = entrance.session.as_ref();
    let is_same = session.is_some_and(|session| session_hash.as_ref() == Some(&session.token_hash));
    let issued = if is_same {
        Some(
            entrance
                .issue(&mut transaction, customer.id, Lifetime::Fleeting)
                .await?,
        )
    } else {
        None
    };
    transaction.commit().await?;
    Ok(Ok((customer, issued)))
}
