//! What every handler needs: where the catalogue is, and what the shop is called from outside.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::request::Parts;
use service::client::Proxies;
use service::metrics::{self, Registry, Requests};

use crate::album_graph::{AlbumGraph, StartError};
use crate::config::Config;
use crate::memory::Memory;
use crate::session::Cookie;

/// The state that handlers share.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The catalogue.
    pub(crate) album_graph: AlbumGraph,
    origin: Arc<str>,
    proxies: Arc<Proxies>,
    memory: Memory,
    requests: Requests,
}

impl Shop {
    /// The shop that `config` describes.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(config: &Config) -> Result<Self, StartError> {
        Ok(Self {
            album_graph: AlbumGraph::new(config.album_graph.clone())?,
            origin: config.public_origin().into(),
            proxies: Arc::new(config.trusted_proxies.clone()),
            memory: Memory::default(),
            requests: Requests::default(),
        })
    }

    /// All metrics of the program.
    #[must_use]
    pub fn registry(&self) -> Registry {
        let mut registry = metrics::registry("storefront");
        self.requests.register(&mut registry);
        self.album_graph.calls().register(&mut registry);
        self.memory.lookups().register(&mut registry, "pages");
        registry
    }

    /// What counts the requests of visitors.
    pub(crate) fn requests(&self) -> &Requests {
        &self.requests
    }

    /// The absolute address of a path of the shop, for whoever reads it somewhere else.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The origin that visitors see.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The pages that are remembered.
    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The cookie that holds a visitor's session.
    pub(crate) fn cookie(&self) -> Cookie {
        Cookie::of(&self.origin)
    }

    /// The address of the visitor who sent a request.
    pub(crate) fn sender(&self, request: &Parts) -> IpAddr {
        self.proxies.sender(&request.extensions, &request.headers)
    }
}
