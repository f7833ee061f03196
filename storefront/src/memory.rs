//! Pages as everybody without a session sees them, remembered for as long as the catalogue stays as it is.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use service::front::Known;
use service::metrics::Lookups;

use crate::catalogue_state;
use crate::conditional;
use crate::shop::Shop;

/// How many bytes of pages are kept.
const ROOM: u64 = 8 * 1024 * 1024;
/// The size that most pages have, in bytes.
const USUAL: usize = 16 * 1024;
/// No page of HTML is bigger.
const BIGGEST: usize = 4 * 1024 * 1024;
/// What an entry takes beside its name and body, in bytes: about what its headers cost.
const OVERHEAD: u64 = 1024;
/// What an answer depends on, beside its address.
const VARIANTS: [&str; 3] = ["accept-encoding", "hx-request", "hx-request-type"];

/// The pages that are remembered; cheap to clone.
#[derive(Clone)]
pub struct Memory {
    pages: Arc<Cache<String, Page, Bytewise>>,
    lookups: Lookups,
}

#[derive(Clone)]
struct Page {
    found: Found,
    headers: Arc<HeaderMap>,
    body: Bytes,
}

/// How a page was found.
#[derive(Clone)]
struct Found {
    /// The state of the catalogue that it shows.
    state: Arc<str>,
    route: Arc<str>,
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<String, Page> for Bytewise {
    fn weight(&self, name: &String, page: &Page) -> u64 {
        OVERHEAD + (name.len() + page.body.len()) as u64
    }
}

impl Default for Memory {
    fn default() -> Self {
        let usual = usize::try_from(ROOM).unwrap_or(usize::MAX) / USUAL;
        Self {
            pages: Arc::new(Cache::with_weighter(usual, ROOM, Bytewise)),
            lookups: Lookups::default(),
        }
    }
}

impl Memory {
    /// How often a page was there.
    pub fn lookups(&self) -> &Lookups {
        &self.lookups
    }

    fn keep(&self, name: String, page: Page) {
        self.lookups.miss();
        self.pages.insert(name, page);
        self.lookups.holds(self.pages.len(), self.pages.weight());
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} pages)", self.pages.len())
    }
}

/// Answers from memory where nobody is signed in or has a cart, and nothing has changed.
impl Known for Shop {
    async fn answer(&self, request: Request) -> Result<(Response, Arc<str>), Request> {
        if !is_strangers(self, &request) {
            return Err(request);
        }
        let page = self.memory().pages.get(&name(&request));
        let Some(page) = page else { return Err(request) };
        if self.album_graph.state().await.as_ref() != Some(&page.found.state) {
            return Err(request);
        }
        self.memory().lookups.hit();
        let known = request.headers().get(header::IF_NONE_MATCH);
        Ok((page.answer(known), Arc::clone(&page.found.route)))
    }
}

/// Middleware: keeps the pages that strangers get.
///
/// Whoever comes with a session gets a page of their own. A page is kept only when all that it shows is of the state that the
/// catalogue was in before it was made.
pub async fn keep(State(shop): State<Shop>, route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let Some(route) = route.filter(|_| is_strangers(&shop, &request)) else {
        return next.run(request).await;
    };
    let Some(state) = shop.album_graph.state().await else {
        return next.run(request).await;
    };
    let name = name(&request);
    let (response, seen) = catalogue_state::watch(next.run(request)).await;
    if seen.is_only(&state) && may_be_kept(&response) {
        let found = Found {
            state,
            route: route.as_str().into(),
        };
        shop.memory().insert(name, found, response).await
    } else {
        response
    }
}

/// Whether somebody without a session wants to see something.
fn is_strangers(shop: &Shop, request: &Request) -> bool {
    request.method() == Method::GET && shop.cookie().read(request.headers()).is_none()
}

fn name(request: &Request) -> String {
    let mut name = request
        .uri()
        .path_and_query()
        .map_or(String::new(), ToString::to_string);
    for variant in VARIANTS {
        name.push('\n');
        // A header that comes twice is read as a list.
        for value in request.headers().get_all(variant) {
            name.push_str(value.to_str().unwrap_or("?"));
            name.push(',');
        }
    }
    name
}

fn may_be_kept(response: &Response) -> bool {
    let headers = response.headers();
    let policy = headers
        .get(header::CACHE_CONTROL)
        .and_then(|policy| policy.to_str().ok());
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    response.status() == StatusCode::OK
        && kind.is_some_and(|kind| kind.starts_with("text/html"))
        && !headers.contains_key(header::SET_COOKIE)
        && policy.is_some_and(|policy| !policy.contains("no-store"))
}

impl Memory {
    async fn insert(&self, name: String, found: Found, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, BIGGEST).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let page = Page {
            found,
            headers: Arc::new(parts.headers.clone()),
            body: body.clone(),
        };
        self.keep(name, page);
        Response::from_parts(parts, body.into())
    }
}

impl Page {
    fn answer(&self, known: Option<&HeaderValue>) -> Response {
        let tag = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let unchanged = known
            .zip(tag)
            .is_some_and(|(known, tag)| conditional::lists(known, tag));
        let mut response = Response::new(if unchanged {
            Body::empty()
        } else {
            Body::from(self.body.clone())
        });
        *response.headers_mut() = HeaderMap::clone(&self.headers);
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            conditional::leave_out_body(response.headers_mut());
        }
        response
    }
}
