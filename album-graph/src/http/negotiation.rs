//! In which media type an answer goes out: what the client would have first, among the two that there are.

use axum::http::{HeaderMap, HeaderValue, header};

/// A media type of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// The protocol's own, whose status codes say how the request fared.
    GraphQl,
    /// Plain JSON, as it was before the protocol had one: clients of it look for errors in the body.
    Json,
}

impl MediaType {
    /// The `Content-Type` of answers.
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    /// What the client accepts best; plain JSON where it does not care, nothing where it takes neither.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let (graphql, json) = (
            weight(headers, "application", "graphql-response+json"),
            weight(headers, "application", "json"),
        );
        match (graphql, json) {
            (0, 0) => None,
            // Who names the protocol's own type means it, also where a wildcard lets the other through as well.
            _ if graphql > json => Some(Self::GraphQl),
            _ if graphql == json && names(headers, "application/graphql-response+json") => Some(Self::GraphQl),
            _ => Some(Self::Json),
        }
    }
}

/// Whether a browser asks, which takes pages before anything else.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    names(headers, "text/html")
}

fn names(headers: &HeaderMap, media_type: &str) -> bool {
    ranges(headers).any(|(range, weight)| weight > 0 && range.eq_ignore_ascii_case(media_type))
}

/// How much the client wants a media type, in thousandths (RFC 9110, 12.5.1): the most specific range that has it says so.
fn weight(headers: &HeaderMap, kind: &str, subtype: &str) -> u16 {
    let specificity = |range: &str| match range.split_once('/') {
        Some(("*", "*")) => Some(0),
        Some((of, "*")) if of.eq_ignore_ascii_case(kind) => Some(1),
        Some((of, which)) if of.eq_ignore_ascii_case(kind) && which.eq_ignore_ascii_case(subtype) => Some(2),
        _ => None,
    };
    let known = ranges(headers).filter_map(|(range, weight)| Some((specificity(range)?, weight)));
    known.max().map_or(0, |(_, weight)| weight)
}

/// The media ranges of `Accept`, each with its weight in thousandths.
fn ranges(headers: &HeaderMap) -> impl Iterator<Item = (&str, u16)> {
    let values = headers.get_all(header::ACCEPT).into_iter();
    let ranges = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    ranges.map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (name, weight.map_or(1_000, thousandths))
    })
}

/// `0.8` as 800; what is no weight counts as the full one.
fn thousandths(weight: &str) -> u16 {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if whole.trim() != "0" {
        return 1_000;
    }
    let digits = format!("{:0<3}", decimals.trim());
    digits.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(1_000)
}
