//! Forgotten and changed passwords.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::customer;
use super::error::GraphError;
use super::problem::AccountProblem;
use super::services::Services;
use super::sign_in::{Entrance, SignInPayload};
use super::visit::{Issued, Lifetime, Visit};
use crate::accounts::{Email, Fault, Recognised, Refusal};
use crate::store::retry;

/// Whose password was forgotten.
#[derive(InputObject)]
pub(super) struct RequestPasswordResetInput {
    /// Where a mail is sent to, if it has an account.
    email: String,
}

/// Another password, by a link in a mail.
#[derive(InputObject)]
pub(super) struct ResetPasswordInput {
    /// From the link in the mail; good for an hour, and once.
    token: String,
    /// 10 to 128 characters, and nothing that anybody would try first.
    new_password: String,
}

/// Another password, by the one that it was so far.
#[derive(InputObject)]
pub(super) struct ChangePasswordInput {
    /// The password so far.
    current_password: String,
    /// 10 to 128 characters, and nothing that anybody would try first.
    new_password: String,
}

/// What asking for another password leads to: the same for every address, whether it has an account or not.
#[derive(SimpleObject)]
pub(super) struct RequestPasswordResetPayload {
    /// Why no mail is sent; empty where one is, if the address has an account.
    problems: Vec<AccountProblem>,
}

/// What choosing another password leads to.
#[derive(SimpleObject)]
pub(super) struct ResetPasswordPayload {
    /// The address that can sign in now; null where there is a problem.
    email: Option<String>,
    /// Why the password is what it was; empty where it is not.
    problems: Vec<AccountProblem>,
}

/// Forgotten and changed passwords.
#[derive(Default)]
pub(super) struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Sends a link to choose another password to an address that has an account.
    async fn request_password_reset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whose password was forgotten.")] input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload> {
        let services = Services::of(context)?;
        let attempt = services.attempt(Visit::of(context)?.client);
        let requested = match Email::parse(&input.email) {
            Ok(email) => attempt.request_reset(&email).await.map_err(GraphError::from)?,
            Err(refusal) => Err(refusal),
        };
        let problems = requested.err().map(|refusal| AccountProblem::at("email", refusal));
        Ok(RequestPasswordResetPayload {
            problems: problems.into_iter().collect(),
        })
    }

    /// Chooses another password by the link of a mail. Whoever is signed in with the old one no longer is; sign in with the new.
    async fn reset_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The link, and the new password.")] input: ResetPasswordInput,
    ) -> Result<ResetPasswordPayload> {
        let (services, visit) = (Services::of(context)?, Visit::of(context)?);
        let session = visit.session(services).await?;
        let attempt = services.attempt(visit.client);
        let reset = attempt.reset(&input.token, &input.new_password).await;
        let customer = match reset.map_err(GraphError::from)? {
            Ok(customer) => customer,
            Err(refusals) => {
                return Ok(ResetPasswordPayload {
                    email: None,
                    problems: AccountProblem::all(refusals),
                });
            }
        };
        if session.is_some_and(|session| session.customer == Some(customer.id)) {
            visit.enter(None).await;
        }
        Ok(ResetPasswordPayload {
            email: Some(customer.email),
            problems: Vec::new(),
        })
    }

    /// Chooses another password. Every other session of the customer ends, and this one goes on with a new token.
    async fn change_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The password so far, and the new one.")] input: ChangePasswordInput,
    ) -> Result<SignInPayload> {
        let entrance = Entrance::of(context).await?;
        let (Some(session), Some(customer)) = (&entrance.session, customer::signed_in(context).await?) else {
            return Ok(SignInPayload::nobody(vec![AccountProblem::new(Refusal::NotSignedIn)]));
        };
        let lifetime = Lifetime::of(session);
        let attempt = entrance.services.attempt(entrance.visit.client);
        let recognised = attempt
            .recognise_again(&customer, &input.current_password, &input.new_password)
            .await;
        let recognised = match recognised.map_err(GraphError::from)? {
            Ok(recognised) => recognised,
            Err(refusals) => return Ok(SignInPayload::nobody(AccountProblem::all(refusals))),
        };
        let issued = retry(|| change(&entrance, &recognised, lifetime), Fault::passes).await;
        let Some(issued) = issued.map_err(GraphError::from)? else {
            let problem = AccountProblem::at("currentPassword", Refusal::WrongPassword);
            return Ok(SignInPayload::nobody(vec![problem]));
        };
        entrance.visit.enter(Some(issued.session.clone())).await;
        Ok(SignInPayload::signed_in(customer, issued))
    }
}

/// One transaction: the new password, the end of every session, and a new one; nothing where the password was changed at this very
/// moment.
async fn change(entrance: &Entrance<'_>, recognised: &Recognised, lifetime: Lifetime) -> Result<Option<Issued>, Fault> {
    let mut transaction = entrance.services.database.transaction().await?;
    if !recognised.settle(&mut transaction).await? {
        return Ok(None);
    }
    let attempt = entrance.services.attempt(entrance.visit.client);
    attempt.revoke(&mut transaction, &recognised.customer).await?;
    let issued = entrance
        .issue(&mut transaction, recognised.customer.id, lifetime)
        .await?;
    transaction.commit().await?;
    Ok(Some(issued))
}
