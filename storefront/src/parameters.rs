//! What the visitor put into the URL, and into a form.

use std::convert::Infallible;

use axum::extract::rejection::PathRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::pages::problem::{self, Problem};
use crate::shop::Shop;
use crate::visit::Visit;

/// Longer slugs are not worth asking for.
const LONGEST_SLUG: usize = 200;

/// The name of an album, artist or genre in a path; whatever cannot be one is answered with a page that says so.
#[derive(Debug)]
pub struct Slug(pub String);

impl FromRequestParts<Shop> for Slug {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Problem> {
        let slug: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, shop).await;
        match slug {
            Ok(Path(slug)) if slug.len() <= LONGEST_SLUG && !slug.contains(char::is_control) => Ok(Self(slug)),
            _ => {
                let Ok(visit) = Visit::from_request_parts(parts, shop).await;
                Err(problem::not_found(&visit).await)
            }
        }
    }
}

/// The parameters after the question mark; where one is repeated, the last counts. Control characters, which pages must not have, are
/// replaced as browsers would.
#[derive(Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The trimmed value of a parameter; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .rfind(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Which of the numbered pages is asked for: none where that is not a page number.
    pub fn page(&self) -> Option<u32> {
        match self.get("page") {
            "" => Some(1),
            text => text.parse().ok().filter(|page| (1..=MOST_PAGES).contains(page)),
        }
    }
}

/// The catalogue passes over ten million entries at most: this many pages of sixty.
const MOST_PAGES: u32 = 160_000;

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let query = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Ok(Query(mut parameters)) = query else {
            return Ok(Self::default());
        };
        for (_, value) in &mut parameters {
            let is_unprintable = |letter: char| letter.is_control() && !letter.is_whitespace();
            if value.contains(is_unprintable) {
                *value = value.replace(is_unprintable, "\u{fffd}");
            }
        }
        Ok(Self(parameters))
    }
}

/// What was filled into a form; where a field is repeated, the last counts.
#[derive(Debug)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Whether the form has a field.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The trimmed text of a field; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.verbatim(name).trim()
    }

    /// The text of a field as it is: blanks may belong to a password.
    pub fn verbatim(&self, name: &str) -> &str {
        let field = self.0.iter().rfind(|(key, _)| key == name);
        field.map_or("", |(_, value)| value)
    }
}

impl FromRequest<Shop> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, shop: &Shop) -> Result<Self, Problem> {
        match Form::from_request(request, shop).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Problem::TooBig),
            Err(_) => Err(Problem::Unreadable),
        }
    }
}

/// How much of a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Page,
    /// The part that htmx puts into the page that is already shown.
    Part,
}

impl Extent {
    /// Where a list starts: a page at its number, a part where the part before it ended.
    pub fn start(self, parameters: &Parameters, page: u32, size: i32) -> (Option<String>, i32) {
        match (self, parameters.get("after")) {
            (Self::Part, cursor) if !cursor.is_empty() => (Some(cursor.to_owned()), 0),
            _ => (
                None,
                i32::try_from(page - 1).map_or(i32::MAX, |before| before.saturating_mul(size)),
            ),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Extent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let says = |name: &str, value: &str| parts.headers.get(name).is_some_and(|header| header == value);
        let part = says("hx-request", "true") && says("hx-request-type", "partial");
        Ok(if part { Self::Part } else { Self::Page })
    }
}
