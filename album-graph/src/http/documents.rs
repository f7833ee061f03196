//! Documents that a client need not send: those that the operator trusts, and those that were sent before.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use axum::http::StatusCode;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::accounts::sha256;
use crate::graph::Code;
use crate::graph::limits::{Document, Excess};

/// What storefront asks, and what that of the release before asks, which may still run during an update.
const STOREFRONT: [&str; 2] = [
    include_str!("../../../operations.json"),
    include_str!("../../contract/released.operations.json"),
];
/// How many bytes of documents that were sent before are kept.
const SENT: u64 = 1024 * 1024;
/// How many bytes of documents that were read before are kept.
const READ: u64 = 2 * 1024 * 1024;
/// How many times the bytes of its text a document takes that was read, about.
const GROWN: u64 = 16;
/// The size that most documents have, in bytes.
const USUAL: usize = 1024;
/// What an entry takes beside its text, in bytes.
const OVERHEAD: u64 = 200;

/// Documents by their ids.
pub(super) struct Documents {
    trusted: HashMap<String, Arc<str>>,
    only: Trust,
    sent: Cache<String, Arc<str>, Bytewise>,
    read: Cache<String, Arc<Document>, Bytewise>,
}

/// Whose documents are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Anybody's.
    #[default]
    Anybody,
    /// Those of the manifest alone.
    Manifest,
}

/// Documents that the operator trusts, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Manifest(HashMap<String, Arc<str>>);

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It cannot be read.
    #[error("cannot read it")]
    Unreadable(#[from] std::io::Error),
    /// It is not an object of texts.
    #[error("it must be a JSON object of documents by their ids")]
    NotAManifest(#[from] serde_json::Error),
    /// An id that is a hash is not that of its document.
    #[error("{0} is not the SHA-256 of its document")]
    WrongHash(String),
}

impl Manifest {
    /// What storefront asks.
    ///
    /// # Errors
    /// Never, but where the program was built from a file that somebody wrote by hand.
    pub fn storefront() -> Result<Self, ManifestError> {
        STOREFRONT.iter().try_fold(Self::default(), |manifest, documents| {
            Ok(manifest.and(Self::parse(documents.as_bytes())?))
        })
    }

    /// All documents of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Reads a file as Relay's compiler writes it: a JSON object of documents by their ids.
    ///
    /// # Errors
    /// When it is anything else, or an id of the form `sha256:…` is not its document's.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        Self::parse(&std::fs::read(path)?)
    }

    /// Reads the bytes of such a file.
    ///
    /// # Errors
    /// As `read`.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let documents: HashMap<String, String> = serde_json::from_slice(bytes)?;
        for (id, document) in &documents {
            if id.strip_prefix(PREFIX).is_some_and(|hash| hash != sha256(document)) {
                return Err(ManifestError::WrongHash(id.clone()));
            }
        }
        let documents = documents.into_iter();
        Ok(Self(
            documents
                .map(|(id, document)| (bare(&id).to_owned(), document.into()))
                .collect(),
        ))
    }

    /// The names of the operations in its documents.
    pub(super) fn operations(&self) -> Vec<Arc<str>> {
        let parsed = self.0.values().filter_map(|document| parse_query(document).ok());
        parsed.flat_map(|document| names(&document)).collect()
    }

    /// The same for the same documents under the same ids.
    pub(super) fn summary(&self) -> String {
        let mut documents: Vec<_> = self.0.iter().collect();
        documents.sort_unstable();
        sha256(&format!("{documents:?}"))
    }
}

fn names(document: &ExecutableDocument) -> Vec<Arc<str>> {
    let operations = document.operations.iter();
    operations.filter_map(|(name, _)| Some(name?.as_str().into())).collect()
}

/// Before the hash, in ids that are one (<https://graphql.github.io/graphql-over-http/draft/#sec-Persisted-Documents>).
const PREFIX: &str = "sha256:";

fn bare(id: &str) -> &str {
    id.strip_prefix(PREFIX).unwrap_or(id)
}

/// What a request says of its document.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub text: Option<String>,
    pub id: Option<String>,
    /// The hash under which Apollo's clients send a document once, and name it afterwards.
    pub automatic: Option<String>,
}

/// Why there is no document to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoDocument {
    pub code: Code,
    pub message: &'static str,
}

impl NoDocument {
    /// Not found is what a client mends by sending the document; the rest is a wrong request.
    pub fn status(&self) -> StatusCode {
        match self.code {
            // Clients of automatic persisted queries look into the body of an answer that succeeded.
            Code::PersistedQueryNotFound => StatusCode::OK,
            Code::UnknownDocument => StatusCode::NOT_FOUND,
            Code::UntrustedDocument => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl Documents {
    pub fn new(manifest: Manifest, only: Trust) -> Self {
        Self {
            trusted: manifest.0,
            only,
            sent: Cache::with_weighter(usize::try_from(SENT).unwrap_or(usize::MAX) / USUAL, SENT, Bytewise),
            read: Cache::with_weighter(
                usize::try_from(READ / GROWN).unwrap_or(usize::MAX) / USUAL,
                READ,
                Bytewise,
            ),
        }
    }

    /// Reads a document, unless that was done a while ago; none where it cannot be parsed.
    pub fn read(&self, text: &str) -> Result<Option<Arc<Document>>, Excess> {
        if let Some(document) = self.read.get(text) {
            return Ok(Some(document));
        }
        let document = Document::read(text)?.map(Arc::new);
        if let Some(document) = &document {
            self.read.insert(text.to_owned(), Arc::clone(document));
        }
        Ok(document)
    }

    /// The document that a request is about.
    pub fn find(&self, named: Named) -> Result<String, NoDocument> {
        let refused = |code, message| Err(NoDocument { code, message });
        let Named { text, id, automatic } = named;
        match (text, id, automatic) {
            (None, Some(id), _) => match self.known(bare(&id)) {
                Some(document) => Ok(document.to_string()),
                None => refused(Code::UnknownDocument, "No document is known by this `documentId`."),
            },
            _ if self.only == Trust::Manifest => refused(
                Code::UntrustedDocument,
                "This service runs only documents that it knows: send a `documentId`.",
            ),
            (Some(text), Some(id), _) if bare(&id) != sha256(&text) => {
                refused(Code::BadRequest, "The `documentId` is not the SHA-256 of the `query`.")
            }
            (Some(text), _, Some(hash)) if hash != sha256(&text) => {
                refused(Code::BadRequest, "The `sha256Hash` is not the SHA-256 of the `query`.")
            }
            (Some(text), _, Some(hash)) => {
                self.sent.insert(hash, text.as_str().into());
                Ok(text)
            }
            (Some(text), _, None) => Ok(text),
            // Clients know this one by its message.
            (None, None, Some(hash)) => match self.known(&hash) {
                Some(document) => Ok(document.to_string()),
                None => refused(Code::PersistedQueryNotFound, "PersistedQueryNotFound"),
            },
            (None, None, None) => refused(
                Code::BadRequest,
                "The request must have a `query` text or a `documentId`.",
            ),
        }
    }

    fn known(&self, id: &str) -> Option<Arc<str>> {
        let trusted = self.trusted.get(id).cloned();
        trusted.or_else(|| self.sent.get(id).filter(|_| self.only == Trust::Anybody))
    }
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<String, Arc<str>> for Bytewise {
    fn weight(&self, id: &String, document: &Arc<str>) -> u64 {
        OVERHEAD + (id.len() + document.len()) as u64
    }
}

impl Weighter<String, Arc<Document>> for Bytewise {
    fn weight(&self, text: &String, _: &Arc<Document>) -> u64 {
        OVERHEAD + text.len() as u64 * GROWN
    }
}
