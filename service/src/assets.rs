//! Browser assets that are embedded in a program: named by their content, compressed beforehand, cached for ever.

use std::io::Read as _;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::read::GzDecoder;

/// One embedded file, as `assets/build.mjs` writes it.
#[derive(Debug)]
pub struct Asset {
    /// Where it is served: the name carries a hash of the content, so that it never changes.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// The file compressed with brotli.
    pub brotli: &'static [u8],
    /// The file compressed with gzip, from which it is unpacked for whoever takes neither.
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
    let (encoding, body) = if accepts(headers, "br") {
        (Some("br"), asset.brotli.into_response())
    } else if accepts(headers, "gzip") {
        (Some("gzip"), asset.gzip.into_response())
    } else {
        (None, unpacked(asset.gzip).into_response())
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

/// What was compressed with gzip.
fn unpacked(gzip: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    GzDecoder::new(gzip)
        .read_to_end(&mut file)
        .expect("the build has compressed it");
    file
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
