//! Where somebody becomes a customer.

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
use crate::session::IssuedSession;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(mutation SignUp(SignUpVariables));

#[derive(cynic::InputObject)]
struct SignUpInput {
    email: String,
    password: String,
}

#[derive(cynic::QueryVariables)]
struct SignUpVariables {
    input: SignUpInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SignUpVariables")]
struct SignUp {
    #[arguments(input: $input)]
    sign_up: SignedUp,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "SignUpPayload")]
struct SignedUp {
    session: Option<IssuedSession>,
    problems: Vec<AccountProblem>,
}

#[derive(Debug, Template)]
#[template(path = "pages/sign_up.html")]
struct SignUpPage {
    layout: Layout,
    form: Form,
}

#[derive(Debug, Template)]
#[template(path = "pages/sign_up_sent.html")]
struct SentPage {
    layout: Layout,
}

/// Shows the form; customers who are signed in are sent to their account.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    let header = visit.ask::<HeaderQuery>(()).await?;
    if header.customer().is_some() {
        return Ok(visit.go_to(paths::ACCOUNT));
    }
    let page = SignUpPage {
        layout: layout(header),
        form: form(),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// Signs somebody up.
pub async fn sign_up(mut visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let input = SignUpInput {
        email: fields.get("email").to_owned(),
        password: fields.verbatim("password").to_owned(),
    };
    let SignUp { sign_up } = visit.change::<SignUp>(SignUpVariables { input }).await?;
    visit.adopt(sign_up.session);
    if sign_up.problems.is_empty() {
        return Ok(visit.go_to(paths::SIGN_UP_SENT));
    }
    let (status, patience) = (account::status(&sign_up.problems), account::patience(&sign_up.problems));
    let complaints = sign_up.problems.into_iter().map(Complaint::from);
    let page = SignUpPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: form().filled(&fields).refused(complaints),
    };
    let response = visit.answer(status, &page.layout, &page)?;
    Ok(account::try_again(patience, response))
}

/// Says what happens next.
pub async fn show_sent(visit: Visit) -> Result<Response, Problem> {
    let header = visit.ask::<HeaderQuery>(()).await?;
    let page = SentPage { layout: layout(header) };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

fn layout(header: HeaderQuery) -> Layout {
    Layout::new(header, Place::Account, "Make an account")
}

fn form() -> Form {
    Form::of([
        Field::email("username"),
        Field::password("password", "Password", "new-password")
            .hinting("At least 10 characters. A few words in a row are easy to remember."),
    ])
}
