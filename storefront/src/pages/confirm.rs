//! Where the link in the mail after a sign-up leads. Opening it changes nothing: those who scan mails open links, too.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::{Fields, Parameters};
use crate::parts::account::{self, SignedIn};
use crate::parts::form::{Complaint, Form};
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::visit::Visit;
use crate::{paths, schema};

operations!(mutation Confirm(ConfirmVariables));

#[derive(cynic::InputObject)]
struct ConfirmEmailInput {
    token: String,
}

#[derive(cynic::QueryVariables)]
struct ConfirmVariables {
    input: ConfirmEmailInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ConfirmVariables")]
struct Confirm {
    #[arguments(input: $input)]
    confirm_email: SignedIn,
}

#[derive(Debug, Template)]
#[template(path = "pages/confirm.html")]
struct ConfirmPage {
    layout: Layout,
    form: Form,
    token: String,
}

/// Shows the button.
pub async fn show(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let page = ConfirmPage {
        layout: layout(visit.ask::<HeaderQuery>(()).await?),
        form: Form::default(),
        token: parameters.get("token").to_owned(),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// Confirms the address: whoever signed up in this browser is signed in, and goes on with what is in the cart.
pub async fn confirm(mut visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let input = ConfirmEmailInput {
        token: fields.get("token").to_owned(),
    };
    let Confirm { confirm_email } = visit.change::<Confirm>(ConfirmVariables { input }).await?;
    visit.adopt(confirm_email.session);
    if !confirm_email.problems.is_empty() {
        let status = account::status(&confirm_email.problems);
        let complaints = confirm_email.problems.into_iter().map(Complaint::from);
        let page = ConfirmPage {
            layout: layout(visit.ask::<HeaderQuery>(()).await?),
            form: Form::default().refused(complaints),
            token: String::new(),
        };
        return visit.answer(status, &page.layout, &page);
    }
    Ok(match confirm_email.customer {
        None => visit.go_to(&paths::sign_in_after("confirmed")),
        Some(_) if confirm_email.cart.quantity > 0 => visit.go_to(paths::CART),
        Some(_) => visit.go_to(&paths::account_after("confirmed")),
    })
}

fn layout(header: HeaderQuery) -> Layout {
    Layout::new(header, Place::Account, "Confirm your address")
}
