//! Where the link in the mail to customers who forgot their password leads.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::{Fields, Parameters};
use crate::parts::account::{self, AccountProblem, AccountProblemCode};
use crate::parts::form::{Complaint, Field, Form};
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(mutation Reset(ResetVariables));

#[derive(cynic::InputObject)]
struct ResetPasswordInput {
    token: String,
    new_password: String,
}

#[derive(cynic::QueryVariables)]
struct ResetVariables {
    input: ResetPasswordInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResetVariables")]
struct Reset {
    #[arguments(input: $input)]
    reset_password: Done,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "ResetPasswordPayload")]
struct Done {
    problems: Vec<AccountProblem>,
}

#[derive(Debug, Template)]
#[template(path = "pages/reset_password.html")]
struct ResetPasswordPage {
    layout: Layout,
    form: Form,
    /// What proves who follows the link; empty for one that has expired.
    token: String,
}

/// Shows the form.
pub async fn show(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let page = ResetPasswordPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: form(),
        token: parameters.get("token").to_owned(),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// Sets the new password.
pub async fn reset(visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let token = fields.get("token").to_owned();
    let input = ResetPasswordInput {
        token: token.clone(),
        new_password: fields.verbatim("newPassword").to_owned(),
    };
    let Reset { reset_password } = visit.change::<Reset>(ResetVariables { input }).await?;
    let problems = reset_password.problems;
    if problems.is_empty() {
        return Ok(visit.go_to(&paths::sign_in_after("reset")));
    }
    let has_expired = account::any(&problems, AccountProblemCode::ExpiredLink);
    let (status, patience) = (account::status(&problems), account::patience(&problems));
    let page = ResetPasswordPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: form().refused(problems.into_iter().map(Complaint::from)),
        token: if has_expired { String::new() } else { token },
    };
    let response = visit.answer(status, &page.layout, &page)?;
    Ok(account::try_again(patience, response))
}

fn layout(header: HeaderQuery) -> Layout {
    Layout::new(header, Place::Account, "Set a new password")
}

fn form() -> Form {
    Form::of([Field::password("newPassword", "New password", "new-password").hinting("At least 10 characters.")])
}
