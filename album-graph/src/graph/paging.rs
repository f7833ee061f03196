//! Relay paging: arguments, cursors, and what a list costs.

use std::borrow::Cow;

use async_graphql::connection::CursorType;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::GraphError;
use crate::store::{Bounds, Key, Page, Position};

/// Most rows on one page.
const LARGEST: i32 = 100;
/// Between the fields of a cursor: no name contains a control character.
const SEPARATOR: &str = "\u{1f}";
/// Most rows that `skip` passes over: ten times the largest catalogue that was measured, and no more than an index is walked for
/// within the time of a request.
const FARTHEST: i32 = 10_000_000;

/// The arguments of a connection, as the client gave them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Paging {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
    pub skip: i32,
}

impl Paging {
    /// Checks the arguments; `list` names the order that cursors must belong to.
    pub fn page(&self, list: &str) -> Result<Page, GraphError> {
        let (size, from_end) = match (self.first, self.last) {
            (Some(first), None) => (size("first", first)?, false),
            (None, Some(last)) => (size("last", last)?, true),
            (None, None) => return Err(GraphError::bad_input("first", "Give `first` or `last`, 1 to 100.")),
            (Some(_), Some(_)) => {
                return Err(GraphError::bad_input(
                    "last",
                    "Give either `first` or `last`, not both.",
                ));
            }
        };
        let after = self
            .after
            .as_deref()
            .map(|cursor| position("after", list, cursor))
            .transpose()?;
        let before = self
            .before
            .as_deref()
            .map(|cursor| position("before", list, cursor))
            .transpose()?;
        if !(0..=FARTHEST).contains(&self.skip) {
            return Err(GraphError::bad_input("skip", format!("`skip` is 0 to {FARTHEST}.")));
        }
        if self.skip > 0 && (after.is_some() || before.is_some()) {
            return Err(GraphError::bad_input(
                "skip",
                "`skip` counts from where the list begins, or with `last` ends: give it without a cursor.",
            ));
        }
        let bounds = Bounds { after, before };
        Ok(Page {
            size,
            from_end,
            skip: self.skip.into(),
            bounds,
        })
    }
}

/// Whether there are rows before and after a page, of which `more` says whether its own direction goes on.
pub(super) fn neighbours(page: &Page, more: bool) -> (bool, bool) {
    // A cursor is a row of the list, and so is what was skipped.
    let (after, before) = (page.bounds.after.is_some(), page.bounds.before.is_some());
    if page.from_end {
        (more || after, before || page.skip > 0)
    } else {
        (after || page.skip > 0, more || before)
    }
}

fn size(argument: &'static str, count: i32) -> Result<i64, GraphError> {
    if (1..=LARGEST).contains(&count) {
        Ok(count.into())
    } else {
        Err(GraphError::bad_input(
            argument,
            format!("`{argument}` is {count}, but must be 1 to {LARGEST}."),
        ))
    }
}

/// Checks the count of a plain list.
pub(super) fn count(first: i32) -> Result<i64, GraphError> {
    size("first", first)
}

/// Where a row stands in the order that `list` names; written only where it is asked for.
pub(super) struct Cursor {
    list: Cow<'static, str>,
    position: Position,
}

impl Cursor {
    pub fn new(list: impl Into<Cow<'static, str>>, position: Position) -> Self {
        let list = list.into();
        Self { list, position }
    }
}

impl CursorType for Cursor {
    type Error = &'static str;

    fn encode_cursor(&self) -> String {
        let Position { key, title, id } = &self.position;
        let (list, title) = (&self.list, title.as_deref().unwrap_or_default());
        let text = match key {
            Key::Text(key) => format!("{list}{SEPARATOR}{id}{SEPARATOR}t{key}{SEPARATOR}{title}"),
            Key::Integer(key) => format!("{list}{SEPARATOR}{id}{SEPARATOR}i{key}{SEPARATOR}{title}"),
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    fn decode_cursor(cursor: &str) -> Result<Self, &'static str> {
        parse(cursor).ok_or("is not a cursor: take one from `pageInfo` or `edges`.")
    }
}

fn parse(cursor: &str) -> Option<Cursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let [list, id, key, title] = text.split(SEPARATOR).collect::<Vec<_>>().try_into().ok()?;
    let key = match key.strip_prefix('i') {
        Some(integer) => Key::Integer(integer.parse().ok()?),
        None => Key::Text(key.strip_prefix('t')?.to_owned()),
    };
    let (title, id) = ((!title.is_empty()).then(|| title.to_owned()), id.parse().ok()?);
    let position = Position { key, title, id };
    let list = list.to_owned().into();
    Some(Cursor { list, position })
}

/// The position of a cursor that a client gave, which must belong to a list.
fn position(argument: &'static str, list: &str, cursor: &str) -> Result<Position, GraphError> {
    let cursor = Cursor::decode_cursor(cursor)
        .map_err(|what| GraphError::bad_input(argument, format!("`{argument}` {what}")))?;
    if cursor.list == list {
        Ok(cursor.position)
    } else {
        Err(GraphError::bad_input(
            argument,
            format!("`{argument}` is a cursor of another list, or of one in another order."),
        ))
    }
}
