//! Browser assets that are embedded in a program: named by their content, compressed beforehand, cached for ever.

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One embedded file, as `assets/build.mjs` writes it.
#[derive(Debug)]
pub struct Asset {
    /// Where it is served: the name carries a hash of the content, so that it never changes.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// The file as it is.
    pub identity: &'static [u8],
    /// The file compressed with brotli; empty where that does not make it smaller.
    pub brotli: &'static [u8],
    /// The file compressed with gzip; empty where that does not make it smaller.
    pub gzip: &'static [u8],
}

/// A route for each of `assets`.
pub fn routes<S: Clone + Send + Sync + 'static>(assets: &'static [&'static Asset]) -> Router<S> {
    assets.iter().fold(Router::new(), |routes, asset| {
        routes.route(
            asset.path,
            get(move |headers: HeaderMap| async move { answer(asset, &headers) }),
        )
    })
}

fn answer(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let (encoding, body) = if !asset.brotli.is_empty() && accepts(headers, "br") {
        (Some("br"), asset.brotli)
    } else if !asset.gzip.is_empty() && accepts(headers, "gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.identity)
    };
    let mut response = (
        [
            (header::CONTENT_TYPE, asset.content_type),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::VARY, "Accept-Encoding"),
        ],
        body,
    )
        .into_response();
    if let Some(encoding) = encoding {
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether `Accept-Encoding` names `coding`, and not with a weight of zero.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut codings = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','));
    codings.any(|entry| {
        let (name, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let refused = parameters
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}
