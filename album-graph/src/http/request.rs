//! A GraphQL request, read from the body of a POST or the query of a GET
//! (<https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters>).

use async_graphql::Variables;
use axum::extract::Query;
use axum::http::{HeaderMap, Uri, header};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::documents::Named;

/// The parameters of a request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
    extensions: Option<Map<String, Value>>,
}

/// The parameters in a URL, where what is not text is JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UrlParameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Whether the body is JSON, in UTF-8 as JSON is: only that runs anything, for a page of another site cannot send it without asking
/// first.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    json && utf8 && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Whether a URL asks for anything.
pub(super) fn asks(uri: &Uri) -> bool {
    let parts = || uri.query().into_iter().flat_map(|query| query.split('&'));
    ["query=", "documentId=", "extensions="]
        .iter()
        .any(|name| parts().any(|part| part.starts_with(name)))
}

impl Parameters {
    /// Reads the body of a POST.
    pub fn from_body(body: &[u8]) -> Result<Self, String> {
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err("The body must be one JSON object with a `query` text.".to_owned());
        }
        let parameters = serde_json::from_slice(body);
        parameters.map_err(|error| format!("The body must be one JSON object with a `query` text: {error}."))
    }

    /// Reads the query of a GET.
    pub fn from_url(uri: &Uri) -> Result<Self, String> {
        // Reading the parameters would put another letter in the place of whatever is none.
        if percent_decode_str(uri.query().unwrap_or_default())
            .decode_utf8()
            .is_err()
        {
            return Err("The URL must be UTF-8.".to_owned());
        }
        let Query(parameters): Query<UrlParameters> = Query::try_from_uri(uri)
            .map_err(|rejection| format!("The URL cannot be read: {}.", rejection.body_text()))?;
        Ok(Self {
            query: parameters.query,
            document_id: parameters.document_id,
            operation_name: parameters.operation_name,
            variables: object("variables", parameters.variables.as_deref())?,
            extensions: object("extensions", parameters.extensions.as_deref())?,
        })
    }

    /// Takes out what says which document is meant.
    pub fn named(&mut self) -> Named {
        let persisted = self.extensions.as_ref().and_then(|known| known.get("persistedQuery"));
        let hash = persisted.and_then(|persisted| persisted.get("sha256Hash")?.as_str());
        Named {
            automatic: hash.map(str::to_ascii_lowercase),
            text: self.query.take(),
            id: self.document_id.take(),
        }
    }

    /// The request to run; its text may be empty where the document was read already.
    pub fn about(self, text: String) -> async_graphql::Request {
        let variables = Variables::from_json(Value::Object(self.variables.unwrap_or_default()));
        let request = async_graphql::Request::new(text).variables(variables);
        match self.operation_name {
            Some(name) if !name.is_empty() => request.operation_name(name),
            _ => request,
        }
    }
}

fn object(name: &str, text: Option<&str>) -> Result<Option<Map<String, Value>>, String> {
    let text = text.filter(|text| !text.is_empty());
    let object = text.map(serde_json::from_str::<Option<Map<String, Value>>>).transpose();
    object
        .map(Option::flatten)
        .map_err(|error| format!("The URL's `{name}` must be a JSON object: {error}."))
}
