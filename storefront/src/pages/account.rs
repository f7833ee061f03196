//! What belongs to the customer: the address, the password, where it is signed in, and the way to the orders.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use cynic::Id;
use tracing::debug;

use crate::format::browser;
use crate::format::moment::Moment;
use crate::operations::operations;
use crate::pages::problem::{self, Problem};
use crate::parameters::{Fields, Parameters};
use crate::parts::account::{self, AccountProblem, AccountProblemCode, SignedIn, SignedOut};
use crate::parts::form::{Complaint, Field, Form};
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::order::OrderCard;
use crate::visit::{self, Visit};
use crate::{paths, schema};

operations!(
    query AccountQuery(()),
    mutation ChangePassword(PasswordVariables),
    mutation Revoke(RevokeVariables),
    mutation SignOutEverywhere(()),
);

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct AccountQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    viewer: Owner,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Viewer")]
struct Owner {
    customer: Option<Customer>,
    #[arguments(first: 3)]
    orders: LastOrders,
}

#[derive(Debug, cynic::QueryFragment)]
struct Customer {
    email: String,
    created_at: Moment,
    sessions: Vec<Session>,
}

#[derive(Debug, cynic::QueryFragment)]
struct Session {
    id: Id,
    current: bool,
    user_agent: String,
    seen_at: Moment,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "OrderConnection")]
struct LastOrders {
    nodes: Vec<OrderCard>,
    total_count: i32,
}

#[derive(cynic::InputObject)]
struct ChangePasswordInput {
    current_password: String,
    new_password: String,
}

#[derive(cynic::QueryVariables)]
struct PasswordVariables {
    input: ChangePasswordInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PasswordVariables")]
struct ChangePassword {
    #[arguments(input: $input)]
    change_password: SignedIn,
}

#[derive(Debug, cynic::InputObject)]
struct RevokeSessionInput {
    session_id: Id,
}

#[derive(Debug, cynic::QueryVariables)]
struct RevokeVariables {
    input: RevokeSessionInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RevokeVariables")]
struct Revoke {
    #[arguments(input: $input)]
    revoke_session: Revoked,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "RevokeSessionPayload")]
struct Revoked {
    problems: Vec<AccountProblem>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct SignOutEverywhere {
    sign_out_everywhere: SignedOut,
}

#[derive(Debug, Template)]
#[template(path = "pages/account.html")]
struct AccountPage {
    layout: Layout,
    customer: Customer,
    orders: Vec<OrderCard>,
    total_orders: i32,
    form: Form,
    done: &'static str,
}

/// Shows the account of whoever is signed in.
pub async fn show(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let done = match parameters.get("done") {
        "confirmed" => "Your address is confirmed, and you are signed in. Welcome!",
        "password" => "Your password is changed. Everywhere else you are signed out.",
        _ => "",
    };
    match ask(&visit).await? {
        None => Ok(visit.sign_in_for(paths::ACCOUNT)),
        Some(page) => {
            let page = AccountPage { done, ..page };
            visit.answer(StatusCode::OK, &page.layout, &page)
        }
    }
}

/// Leads to the account whoever opens the address of a change.
pub async fn back(visit: Visit) -> Response {
    visit.go_to(paths::ACCOUNT)
}

/// Changes the password, which ends every other session.
pub async fn change_password(mut visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let input = ChangePasswordInput {
        current_password: fields.verbatim("currentPassword").to_owned(),
        new_password: fields.verbatim("newPassword").to_owned(),
    };
    let ChangePassword { change_password } = visit.change::<ChangePassword>(PasswordVariables { input }).await?;
    visit.adopt(change_password.session);
    let problems = change_password.problems;
    if problems.is_empty() {
        return Ok(visit.go_to(&paths::account_after("password")));
    }
    let page = match ask(&visit).await? {
        Some(page) if !account::any(&problems, AccountProblemCode::NotSignedIn) => page,
        _ => return Ok(visit.sign_in_for(paths::ACCOUNT)),
    };
    let (status, patience) = (account::status(&problems), account::patience(&problems));
    let form = page.form.refused(problems.into_iter().map(Complaint::from));
    let page = AccountPage { form, ..page };
    let response = visit.answer(status, &page.layout, &page)?;
    Ok(account::try_again(patience, visit::at(paths::ACCOUNT, response)))
}

/// Ends one of the customer's sessions.
pub async fn revoke(visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let session_id = Id::new(fields.get("session"));
    let input = RevokeSessionInput { session_id };
    let Revoke { revoke_session } = visit.change::<Revoke>(RevokeVariables { input }).await?;
    if account::any(&revoke_session.problems, AccountProblemCode::UnknownSession) {
        return Err(problem::not_found(&visit).await);
    }
    // Without a session of its own, the account leads to the sign-in.
    Ok(visit.go_to(paths::ACCOUNT))
}

/// Ends all of the customer's sessions, this one included.
pub async fn sign_out_everywhere(mut visit: Visit) -> Result<Response, Problem> {
    let SignOutEverywhere { sign_out_everywhere } = visit.change::<SignOutEverywhere>(()).await?;
    debug!(sessions = sign_out_everywhere.ended, "signed out everywhere");
    visit.leave();
    Ok(visit.go_to(&paths::sign_in_after("signed-out-everywhere")))
}

/// The page; none for whoever is not signed in.
async fn ask(visit: &Visit) -> Result<Option<AccountPage>, Problem> {
    let AccountQuery { header, viewer } = visit.ask::<AccountQuery>(()).await?;
    let Owner { customer, orders } = viewer;
    Ok(customer.map(|customer| AccountPage {
        layout: Layout::new(header, Place::Account, "Your account"),
        form: form(),
        customer,
        orders: orders.nodes,
        total_orders: orders.total_count,
        done: "",
    }))
}

fn form() -> Form {
    Form::of([
        Field::password("currentPassword", "Current password", "current-password"),
        Field::password("newPassword", "New password", "new-password").hinting("At least 10 characters."),
    ])
}

impl Session {
    fn name(&self) -> String {
        browser::name(&self.user_agent)
    }
}
