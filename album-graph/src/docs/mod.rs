//! The reference at `/docs`: what may be asked, each type on a page of its own, made from the schema that is served.

mod changelog;
mod markup;
mod pages;
mod reference;
mod usage;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use crate::accounts::sha256;
use crate::examples::{self, Example};
use crate::graph;
use markup::Markup;
use pages::{
    ChangesPage, ErrorsPage, Frame, Guide, HttpPage, IndexPage, LimitsPage, MissingPage, SessionsPage, TypePage,
};
use reference::Reference;
use usage::Usage;

/// The pages' assets, as the asset build left them.
mod assets {
    include!("../../../assets/dist/docs.rs");
}

const HEADERS: [(HeaderName, &str); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    (header::CACHE_CONTROL, "no-cache"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// What the pages say of the service beside its schema.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Which status each outcome has.
    pub statuses: Vec<Fared>,
    /// How many objects a client may ask for each second, and how many at once.
    pub rate: Option<(NonZeroU32, NonZeroU32)>,
    /// How long a request may take.
    pub time_limit: Duration,
}

/// How a request fared, and the status of its answer in either media type.
#[derive(Clone, Debug)]
pub(crate) struct Fared {
    pub how: &'static str,
    pub graphql: u16,
    pub json: u16,
}

/// The pages, written when the first is asked for.
struct Docs {
    facts: Facts,
    pages: OnceLock<HashMap<String, String>>,
}

/// Where the service is, as the pages are written; whoever asks is told the address that they asked at.
const ORIGIN: &str = "http://127.0.0.1:4000";
/// What a proxy that ends TLS says of what it was asked over.
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// The page of a name that there is not.
const MISSING: &str = "missing";

/// The reference, with what it needs.
pub(crate) fn routes(facts: Facts) -> Router {
    let docs = Docs {
        facts,
        pages: OnceLock::new(),
    };
    Router::new()
        .route("/docs", get(index))
        .route("/docs/", get(|| async { Redirect::permanent("/docs") }))
        .route("/docs/schema.graphql", get(schema))
        .route("/docs/{name}", get(show))
        .with_state(Arc::new(docs))
        .layer(CompressionLayer::new())
        .merge(service::assets::routes(assets::ALL))
}

async fn index(State(docs): State<Arc<Docs>>, headers: HeaderMap) -> Response {
    docs.answer("", &headers)
}

async fn show(State(docs): State<Arc<Docs>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    docs.answer(&name, &headers)
}

async fn schema() -> Response {
    let sdl = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (HEADERS, sdl, graph::sdl()).into_response()
}

impl Docs {
    fn answer(&self, name: &str, headers: &HeaderMap) -> Response {
        let pages = self.pages.get_or_init(|| write(&self.facts));
        let (status, page) = match pages.get(name).filter(|_| name != MISSING) {
            Some(page) => (StatusCode::OK, Some(page)),
            None => (StatusCode::NOT_FOUND, pages.get(MISSING)),
        };
        let Some(page) = page else {
            return status.into_response();
        };
        let page = page.replace(ORIGIN, &origin(headers));
        let tag = format!("W/\"{}\"", &sha256(&page)[..16]);
        let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
        if status == StatusCode::OK && known.is_some_and(|known| known.contains(&tag)) {
            return (StatusCode::NOT_MODIFIED, HEADERS, [(header::ETAG, tag)]).into_response();
        }
        (status, HEADERS, [(header::ETAG, tag)], Html(page)).into_response()
    }
}

/// Where whoever asks has found the service.
fn origin(headers: &HeaderMap) -> String {
    let text = |value: &str| {
        value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let secure = headers.get(FORWARDED_PROTO).is_some_and(|scheme| scheme == "https");
    let scheme = if secure { "https" } else { "http" };
    host.filter(|host| !host.is_empty() && text(host))
        .map_or_else(|| ORIGIN.to_owned(), |host| format!("{scheme}://{host}"))
}

/// Writes every page.
fn write(facts: &Facts) -> HashMap<String, String> {
    let reference = Reference::new(&graph::sdl());
    let markup = Markup { reference: &reference };
    let usages: Vec<(Example, Usage)> = examples::ALL
        .iter()
        .map(|example| (*example, Usage::of(example.document(), example.variables, &reference)))
        .collect();
    let frame = |place: &str| Frame::new(place, &reference);
    let mut pages = HashMap::new();
    let mut add = |name: &str, page: askama::Result<String>| match page {
        Ok(html) => {
            pages.insert(name.to_owned(), html);
        }
        Err(error) => tracing::error!(%error, name, "cannot write a page of the reference"),
    };
    add("", IndexPage::new(frame(""), markup).render());
    add(MISSING, MissingPage { frame: frame(MISSING) }.render());
    for guide in Guide::ALL {
        let frame = frame(guide.name());
        let page = match guide {
            Guide::Http => HttpPage { frame, facts }.render(),
            Guide::Sessions => SessionsPage { frame }.render(),
            Guide::Errors => ErrorsPage { frame, markup }.render(),
            Guide::Limits => LimitsPage::new(frame, markup, facts).render(),
            Guide::Changes => {
                let changelog = changelog::write(markup);
                ChangesPage { frame, changelog }.render()
            }
        };
        add(guide.name(), page);
    }
    for of in reference.types() {
        add(&of.name, TypePage::new(frame(&of.name), markup, of, &usages).render());
    }
    pages
}
