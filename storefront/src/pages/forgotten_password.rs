//! Where customers who forgot their password ask for a new one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::Fields;
use crate::parts::account::{self, AccountProblem};
use crate::parts::form::{Complaint, Field, Form};
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(mutation RequestReset(RequestVariables));

#[derive(cynic::InputObject)]
struct RequestPasswordResetInput {
    email: String,
}

#[derive(cynic::QueryVariables)]
struct RequestVariables {
    input: RequestPasswordResetInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RequestVariables")]
struct RequestReset {
    #[arguments(input: $input)]
    request_password_reset: Requested,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "RequestPasswordResetPayload")]
struct Requested {
    problems: Vec<AccountProblem>,
}

#[derive(Debug, Template)]
#[template(path = "pages/forgotten_password.html")]
struct ForgottenPasswordPage {
    layout: Layout,
    form: Form,
}

#[derive(Debug, Template)]
#[template(path = "pages/forgotten_password_sent.html")]
struct SentPage {
    layout: Layout,
}

/// Shows the form.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    let page = ForgottenPasswordPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: form(),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// Has a mail sent, to an address that has an account.
pub async fn request(visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let input = RequestPasswordResetInput {
        email: fields.get("email").to_owned(),
    };
    let RequestReset { request_password_reset } = visit.change::<RequestReset>(RequestVariables { input }).await?;
    let problems = request_password_reset.problems;
    if problems.is_empty() {
        return Ok(visit.go_to(paths::FORGOTTEN_PASSWORD_SENT));
    }
    let (status, patience) = (account::status(&problems), account::patience(&problems));
    let page = ForgottenPasswordPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: form()
            .filled(&fields)
            .refused(problems.into_iter().map(Complaint::from)),
    };
    let response = visit.answer(status, &page.layout, &page)?;
    Ok(account::try_again(patience, response))
}

/// Says what happens next, whether the address has an account or not.
pub async fn show_sent(visit: Visit) -> Result<Response, Problem> {
    let page = SentPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

fn layout(header: HeaderQuery) -> Layout {
    Layout::new(header, Place::Account, "Forgotten password")
}

fn form() -> Form {
    Form::of([Field::email("username")])
}
