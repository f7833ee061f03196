//! Where customers sign in, and out.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tracing::debug;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::{Fields, Parameters};
use crate::parts::account::{self, SignedIn, SignedOut};
use crate::parts::form::{Complaint, Field, Form};
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(mutation SignIn(SignInVariables), mutation SignOut(()));

#[derive(cynic::InputObject)]
struct SignInInput {
    email: String,
    password: String,
    remember: bool,
}

#[derive(cynic::QueryVariables)]
struct SignInVariables {
    input: SignInInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SignInVariables")]
struct SignIn {
    #[arguments(input: $input)]
    sign_in: SignedIn,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct SignOut {
    sign_out: SignedOut,
}

#[derive(Debug, Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    layout: Layout,
    form: Form,
    remember: bool,
    /// Where to go afterwards; empty where nobody said.
    back: String,
    /// What the visitor has just done; empty where nothing.
    done: &'static str,
}

/// Shows the form; customers who are signed in are sent on.
pub async fn show(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let header = visit.ask::<HeaderQuery>(()).await?;
    let back = paths::local(parameters.get("return")).unwrap_or_default();
    if header.customer().is_some() {
        return Ok(visit.go_to(next(back)));
    }
    let page = SignInPage {
        layout: layout(header),
        form: form(),
        remember: false,
        back: back.to_owned(),
        done: done(parameters.get("done")),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// Signs somebody in.
pub async fn sign_in(mut visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let back = paths::local(fields.get("return")).unwrap_or_default();
    let input = SignInInput {
        email: fields.get("email").to_owned(),
        password: fields.verbatim("password").to_owned(),
        remember: fields.has("remember"),
    };
    let remember = input.remember;
    let SignIn { sign_in } = visit.change::<SignIn>(SignInVariables { input }).await?;
    visit.adopt(sign_in.session);
    if sign_in.customer.is_some() {
        return Ok(visit.go_to(next(back)));
    }
    let (status, patience) = (account::status(&sign_in.problems), account::patience(&sign_in.problems));
    let complaints = sign_in.problems.into_iter().map(Complaint::from);
    let page = SignInPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: form().filled(&fields).refused(complaints),
        remember,
        back: back.to_owned(),
        done: "",
    };
    let response = visit.answer(status, &page.layout, &page)?;
    Ok(account::try_again(patience, response))
}

/// Signs somebody out.
pub async fn sign_out(mut visit: Visit) -> Result<Response, Problem> {
    let SignOut { sign_out } = visit.change::<SignOut>(()).await?;
    debug!(sessions = sign_out.ended, "signed out");
    visit.leave();
    Ok(visit.go_to(&paths::sign_in_after("signed-out")))
}

fn next(back: &str) -> &str {
    if back.is_empty() { paths::ACCOUNT } else { back }
}

fn layout(header: HeaderQuery) -> Layout {
    Layout::new(header, Place::Account, "Sign in")
}

fn form() -> Form {
    Form::of([
        Field::email("username"),
        Field::password("password", "Password", "current-password"),
    ])
}

/// What somebody may have done before signing in.
fn done(what: &str) -> &'static str {
    match what {
        "confirmed" => "Your address is confirmed. Sign in, and you are in.",
        "reset" => "Your new password is set. Sign in with it.",
        "signed-out" => "You are signed out. See you soon.",
        "signed-out-everywhere" => "You are signed out on all your devices.",
        _ => "",
    }
}
