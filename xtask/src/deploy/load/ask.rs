//! What visitors ask for.

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

/// Whom a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    Shop,
    Api,
}

/// What a request has to say.
#[derive(Clone, Debug)]
pub struct Body {
    pub kind: &'static str,
    pub text: String,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub host: Host,
    pub path: String,
    pub body: Option<Body>,
    pub session: Option<String>,
}

impl Ask {
    /// Opens a page.
    pub fn page(path: impl Into<String>) -> Self {
        Self {
            host: Host::Shop,
            path: path.into(),
            body: None,
            session: None,
        }
    }

    /// Sends a form.
    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let text = Serializer::new(String::new()).extend_pairs(fields).finish();
        Self {
            body: Some(Body {
                kind: "application/x-www-form-urlencoded",
                text,
            }),
            ..Self::page(path)
        }
    }

    /// Asks the API, in a URL.
    pub fn query(document: &str, variables: &Value) -> Self {
        let pairs = [("query", document), ("variables", &variables.to_string())];
        let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
        Self {
            host: Host::Api,
            ..Self::page(format!("/graphql?{query}"))
        }
    }

    /// Has the API change something.
    pub fn mutation(document: &str, variables: &Value) -> Self {
        Self {
            host: Host::Api,
            body: Some(Body {
                kind: "application/json",
                text: json!({ "query": document, "variables": variables }).to_string(),
            }),
            ..Self::page("/graphql")
        }
    }

    /// The same of somebody who has this session.
    pub fn of(self, session: Option<&str>) -> Self {
        Self {
            session: session.map(ToOwned::to_owned),
            ..self
        }
    }

    /// The method and what kind of path it is, for people.
    pub fn what(&self) -> String {
        let method = if self.is_read() { "GET" } else { "POST" };
        let path = self.path.split(['?', '/']).nth(1).unwrap_or_default();
        format!("{method} /{path}")
    }

    /// Whether it changes nothing, so that it may be sent twice.
    pub fn is_read(&self) -> bool {
        self.body.is_none()
    }
}
