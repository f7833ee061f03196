//! Which states of the catalogue the answers came from that a page was made of.

use std::cell::RefCell;
use std::sync::Arc;

use axum::http::HeaderMap;
use service::CATALOGUE_STATE;

tokio::task_local! {
    static SEEN: RefCell<Seen>;
}

/// The states that were seen while a page was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Nothing was asked.
    #[default]
    Nothing,
    /// All answers came from this one.
    One(Arc<str>),
    /// They came from several, or from none that has a name.
    Mixed,
}

impl Seen {
    /// Whether all answers came from this state.
    pub fn is_only(&self, state: &str) -> bool {
        matches!(self, Self::One(seen) if **seen == *state)
    }

    fn add(&mut self, state: Option<&str>) {
        *self = match (&self, state) {
            (Self::Nothing, Some(state)) => Self::One(state.into()),
            (Self::One(seen), Some(state)) if **seen == *state => return,
            _ => Self::Mixed,
        };
    }
}

/// Does something, and answers which states it saw.
pub async fn watch<T>(work: impl Future<Output = T>) -> (T, Seen) {
    let watched = async {
        let done = work.await;
        (done, SEEN.with(|seen| seen.borrow().clone()))
    };
    SEEN.scope(RefCell::default(), watched).await
}

/// Notes the state that an answer came from.
pub fn note(headers: &HeaderMap) {
    let state = headers.get(CATALOGUE_STATE).and_then(|state| state.to_str().ok());
    // Outside of a page nobody wants to know.
    let _ = SEEN.try_with(|seen| seen.borrow_mut().add(state));
}
