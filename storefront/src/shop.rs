//! What every handler needs: where the catalogue is, and what the shop is called from outside.

use std::sync::Arc;

use crate::album_graph::{AlbumGraph, StartError};
use crate::config::Config;

/// The state that handlers share.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The catalogue.
    pub(crate) album_graph: AlbumGraph,
    origin: Arc<str>,
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
        })
    }

    /// The absolute address of a path of the shop, for whoever reads it somewhere else.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}
