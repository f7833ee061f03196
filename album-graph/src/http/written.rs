//! The answer of an execution, as it goes out.

use std::collections::HashSet;

use async_graphql::{Response as Answer, ServerError, Value};
use axum::body::Bytes;
use serde_json::json;

use super::refusals::complaint;
use super::status::Outcome;
use crate::graph::Code;
use crate::graph::limits::{ERRORS, Excess};

/// Keeps of errors about the syntax what was expected: their places are told apart, and the document need not be told again.
fn shorten(answer: &mut Answer) {
    for error in &mut answer.errors {
        if let Some((_, expected)) = error.message.rsplit_once("= ") {
            error.message = format!("Syntax error: {}.", expected.trim());
        }
    }
}

/// Takes the names of the schema out of errors: about the document, whose places in it will do, and of fields, but for names that
/// the client `said`.
pub(super) fn hide_names(answer: &mut Answer, said: &str) {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let said: HashSet<&str> = said.split(|letter| !is_name(letter)).collect();
    let is_known = |text: &str| text.split(|letter| !is_name(letter)).all(|name| said.contains(name));
    for error in &mut answer.errors {
        if is_about_request(error) {
            "The document does not fit the schema.".clone_into(&mut error.message);
            continue;
        }
        // Every other part is a name.
        if !error.message.split('`').skip(1).step_by(2).all(is_known) {
            "An argument of this field is missing, or has a value that it must not have."
                .clone_into(&mut error.message);
        }
        let extensions = error.extensions.get_or_insert_default();
        if let Some(Value::String(field)) = extensions.get("field")
            && !is_known(field)
        {
            extensions.unset("field");
        }
    }
}

/// Every resolver gives its errors a code: one without is about the request itself.
fn is_about_request(error: &ServerError) -> bool {
    code_of(error).is_none()
}

/// The body of an answer, and how the request fared.
pub(super) fn written(mut answer: Answer, syntax: bool) -> (Outcome, Bytes) {
    if syntax {
        shorten(&mut answer);
    }
    let nothing = answer.data == Value::Null && !answer.errors.is_empty();
    let began = !(nothing && answer.errors.iter().all(is_about_request));
    for error in answer.errors.iter_mut().filter(|error| is_about_request(error)) {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", Code::BadRequest.as_str());
    }
    let has = |code: Code| answer.errors.iter().any(|error| code_of(error) == Some(code.as_str()));
    let outcome = match began {
        false if syntax => Outcome::Syntax,
        false => Outcome::Validation,
        true if has(Code::Unavailable) => Outcome::Unavailable,
        true if nothing && has(Code::Internal) => Outcome::Fault,
        true if nothing => Outcome::Failure,
        true if !answer.errors.is_empty() => Outcome::Partial,
        true => Outcome::Success,
    };
    cut(&mut answer.errors);
    let body = if began {
        serde_json::to_vec(&answer)
    } else {
        serde_json::to_vec(&json!({ "errors": answer.errors }))
    };
    match body {
        Ok(body) => (outcome, body.into()),
        Err(error) => {
            tracing::error!(%error, "cannot write an answer");
            let body = complaint(Code::Internal, "Something went wrong on our side.");
            (Outcome::Fault, body.into())
        }
    }
}

/// Leaves as many errors as an answer may tell, the last of which says how many more there are.
fn cut(errors: &mut Vec<ServerError>) {
    if errors.len() <= ERRORS {
        return;
    }
    let rest = errors.split_off(ERRORS - 1);
    let excess = Excess {
        limit: "errors",
        most: ERRORS as u64,
        message: format!("There are {} more errors.", rest.len()),
    };
    errors.push(excess.error());
}

fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}
