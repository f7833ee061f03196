//! Keyset paging: a page starts at a position, not at a count, so that rows that come or go elsewhere never shift it.

use super::sql::{Sql, Value};

/// The value of the ordering column at a position.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Of a column that holds text.
    Text(String),
    /// Of a column that holds integers.
    Integer(i64),
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Text(text) => Self::Text(text),
            Key::Integer(integer) => Self::Integer(integer),
        }
    }
}

/// Where a row stands in an order: its key, and its id among rows of equal key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The value of the ordering column.
    pub key: Key,
    /// The id of the row.
    pub id: i64,
}

/// The part of a list that a page is taken from: after one position and before another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Only rows that follow this one.
    pub after: Option<Position>,
    /// Only rows that precede this one.
    pub before: Option<Position>,
}

/// Which rows of a list to answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// How many rows at the most.
    pub size: i64,
    /// Whether they are counted from the end of the list.
    pub from_end: bool,
    /// How many rows to pass over first; only without bounds.
    pub skip: i64,
    /// Where the page lies.
    pub bounds: Bounds,
}

/// What a page of rows holds.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The rows, in the order of the list.
    pub rows: Vec<T>,
    /// Whether the list goes on beyond them, in the direction in which they were counted.
    pub more: bool,
}

/// The ordering column of a list; rows of equal key follow by id, in the same direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ordering {
    pub column: &'static str,
    pub descending: bool,
}

impl Ordering {
    fn more(self) -> &'static str {
        if self.descending { " < " } else { " > " }
    }
}

impl Page {
    /// The order in which rows are counted: that of the list, or its reverse from the end.
    fn travel(&self, order: Ordering) -> Ordering {
        Ordering {
            descending: order.descending != self.from_end,
            ..order
        }
    }
}

/// Appends one page of `select`, which ends in a `WHERE` clause, narrowed by `narrow`.
///
/// A page that starts at a position is the union of the rows tied with it and the rows beyond them: an index seeks straight to
/// each, however many rows share a key and however deep the page lies.
pub(super) fn push_page(sql: &mut Sql, select: &'static str, narrow: impl Fn(&mut Sql), order: Ordering, page: &Page) {
    let travel = page.travel(order);
    let (start, end) = if page.from_end {
        (&page.bounds.before, &page.bounds.after)
    } else {
        (&page.bounds.after, &page.bounds.before)
    };
    let parts: &[Part] = if start.is_some() {
        &[Part::Tied, Part::Beyond]
    } else {
        &[Part::Whole]
    };
    for (index, part) in parts.iter().enumerate() {
        sql.push(if index == 0 { "" } else { " UNION ALL " });
        sql.push("SELECT * FROM (").push(select);
        narrow(sql);
        if let Some(start) = start {
            part.push(sql, travel, start);
        }
        if let Some(end) = end {
            push_until(sql, travel, end);
        }
        let direction = if travel.descending { " DESC" } else { "" };
        sql.push(" ORDER BY ")
            .push(order.column)
            .push(direction)
            .push(", id")
            .push(direction);
        // One row more than asked for tells whether the list goes on.
        sql.limit(page.size + 1, page.skip);
        sql.push(") AS page");
    }
}

/// Which rows one arm of the union holds.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Tied,
    Beyond,
}

impl Part {
    fn push(self, sql: &mut Sql, travel: Ordering, start: &Position) {
        let key = start.key.clone();
        match self {
            Self::Whole => sql,
            Self::Tied => sql
                .push(" AND ")
                .push(travel.column)
                .push(" = ")
                .bind(key)
                .push(" AND id")
                .push(travel.more())
                .bind(start.id),
            Self::Beyond => sql.push(" AND ").push(travel.column).push(travel.more()).bind(key),
        };
    }
}

/// Appends the condition that a row comes before `end` on the way.
fn push_until(sql: &mut Sql, travel: Ordering, end: &Position) {
    let back = Ordering {
        descending: !travel.descending,
        ..travel
    };
    sql.push(" AND (")
        .push(travel.column)
        .push(back.more())
        .bind(end.key.clone());
    sql.push(" OR (").push(travel.column).push(" = ").bind(end.key.clone());
    sql.push(" AND id").push(back.more()).bind(end.id).push("))");
}

/// Puts rows into the order of the list and cuts the page to its size.
pub(super) fn slice<T>(mut rows: Vec<T>, order: Ordering, page: &Page, position: impl Fn(&T) -> Position) -> Slice<T> {
    rows.sort_by_cached_key(|row| position(row));
    if page.travel(order).descending {
        rows.reverse();
    }
    let size = usize::try_from(page.size).unwrap_or(0);
    let more = rows.len() > size;
    rows.truncate(size);
    if page.from_end {
        rows.reverse();
    }
    Slice { rows, more }
}
