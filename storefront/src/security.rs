//! What keeps other sites out: headers that tell a browser what no page of the shop ever does, and the refusal of what another
//! site sends.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::pages::problem::Problem;
use crate::shop::Shop;

/// Whose page sends a request, as browsers tell it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Nothing inline, nothing evaluated, nothing from elsewhere but pictures of covers.
const PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; \
                     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a picture: opened by itself it may do nothing at all.
pub const PICTURE: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    ),
];

/// Middleware: puts the headers on every answer; a policy that the answer already has is kept.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(PAGES));
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Middleware: refuses what changes something and was not sent by a page of the shop.
///
/// Browsers say where a request comes from; programs that are none, and so hold nobody's cookie, need not.
pub async fn refuse_foreign(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own(&shop, request.headers()) {
        next.run(request).await
    } else {
        Problem::Foreign.into_response()
    }
}

fn is_own(shop: &Shop, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    origin == shop.origin() || host.is_some_and(|(_, host)| headers.get(header::HOST).is_some_and(|own| own == host))
}
