//! Keyset paging: a page starts at a position, not at a count, so that rows that come or go elsewhere never shift it.

use super::sql::{MOST_VALUES, Sql, Value};

/// One row more than asked for tells whether the list goes on.
const LOOK_AHEAD: i64 = 1;

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

/// Where a row stands in an order: its key, among rows of equal key its title, and then its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The value of the ordering column.
    pub key: Key,
    /// The sort title, where the order falls back on it.
    pub title: Option<String>,
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

/// The order of a list: by a column in either direction; rows of equal key follow by title where they have one, and by id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ordering {
    pub column: &'static str,
    pub descending: bool,
    /// Whether `sort_title` orders rows of equal key.
    pub titled: bool,
    /// Whether rows are found by something else and put into order then.
    pub aside: bool,
}

impl Ordering {
    fn push_column(self, sql: &mut Sql, column: &'static str) {
        if self.aside {
            sql.aside(column);
        } else {
            sql.push(column);
        }
    }
}

/// An order on the way from one end of the list to the other.
#[derive(Clone, Copy)]
struct Travel {
    order: Ordering,
    backward: bool,
}

impl Travel {
    /// The comparison that holds for keys further on.
    fn beyond(self) -> &'static str {
        if self.order.descending == self.backward {
            " > "
        } else {
            " < "
        }
    }

    /// The comparison that holds for titles and ids further on.
    fn later(self) -> &'static str {
        if self.backward { " < " } else { " > " }
    }

    fn push_order(self, sql: &mut Sql) {
        let direction = |comparison| if comparison == " < " { " DESC" } else { "" };
        let (first, then) = (direction(self.beyond()), direction(self.later()));
        sql.push(" ORDER BY ");
        self.order.push_column(sql, self.order.column);
        sql.push(first);
        if self.order.titled {
            sql.push(", sort_title").push(then);
        }
        // SQL Server refuses a column that stands twice in an order.
        if self.order.column != "id" {
            sql.push(", id").push(then);
        }
    }
}

/// Appends one page of `select`, which ends in a `WHERE` clause, narrowed by `narrow`.
///
/// A page that starts at a position is the union of the rows tied with it and the rows beyond them: an index seeks straight to
/// each, however many rows share a key and however deep the page lies.
pub(super) fn push_page(sql: &mut Sql, select: &'static str, narrow: impl Fn(&mut Sql), order: Ordering, page: &Page) {
    let travel = Travel {
        order,
        backward: page.from_end,
    };
    let (start, end) = if page.from_end {
        (&page.bounds.before, &page.bounds.after)
    } else {
        (&page.bounds.after, &page.bounds.before)
    };
    if page.skip > 0 {
        return push_skip(sql, (select, narrow), travel, page);
    }
    let parts: &[Part] = match start {
        None => &[Part::Whole],
        Some(_) if order.titled => &[Part::SameTitle, Part::SameKey, Part::Beyond],
        Some(_) => &[Part::SameTitle, Part::Beyond],
    };
    for (index, part) in parts.iter().enumerate() {
        sql.push(if index == 0 { "" } else { " UNION ALL " });
        sql.push("SELECT * FROM (").push(select);
        narrow(sql);
        if let Some(start) = start {
            sql.push(" AND ");
            part.push(sql, travel, start);
        }
        if let Some(end) = end {
            push_until(sql, travel, end);
        }
        travel.push_order(sql);
        sql.limit(page.size + LOOK_AHEAD, 0).push(") AS page");
    }
}

/// Appends the page after what is skipped, which is passed over in the index: a server would look up every row of it.
fn push_skip(sql: &mut Sql, (select, narrow): (&'static str, impl Fn(&mut Sql)), travel: Travel, page: &Page) {
    let (_, from) = select.split_once(" FROM ").unwrap_or_default();
    sql.push("SELECT * FROM (")
        .push(select)
        .push(" AND id IN (SELECT id FROM ")
        .push(from);
    narrow(sql);
    travel.push_order(sql);
    sql.limit(page.size + LOOK_AHEAD, page.skip).push(")) AS page");
}

/// Which rows one arm of the union holds.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    SameTitle,
    SameKey,
    Beyond,
}

impl Part {
    /// How many statements' parts the largest page is made of.
    const MOST: usize = 3;

    fn push(self, sql: &mut Sql, travel: Travel, start: &Position) {
        let comparison = if matches!(self, Self::Beyond) {
            travel.beyond()
        } else {
            " = "
        };
        travel.order.push_column(sql, travel.order.column);
        sql.push(comparison).bind(start.key.clone());
        if travel.order.titled && !matches!(self, Self::Beyond) {
            let comparison = if matches!(self, Self::SameKey) {
                travel.later()
            } else {
                " = "
            };
            sql.push(" AND ");
            travel.order.push_column(sql, "sort_title");
            sql.push(comparison).bind(start.title.as_deref());
        }
        if matches!(self, Self::SameTitle) {
            sql.push(" AND id").push(travel.later()).bind(start.id);
        }
    }
}

/// How many pages one statement may fetch that bind so many values each: SQLite joins at most 500 parts.
pub(super) fn pages_at_once(values: usize) -> usize {
    (MOST_VALUES / values.max(1)).clamp(1, 500 / Part::MOST)
}

/// Appends the condition that a row comes before `end` on the way.
fn push_until(sql: &mut Sql, travel: Travel, end: &Position) {
    let back = Travel {
        backward: !travel.backward,
        ..travel
    };
    sql.push(" AND ((");
    Part::Beyond.push(sql, back, end);
    if travel.order.titled {
        sql.push(") OR (");
        Part::SameKey.push(sql, back, end);
    }
    sql.push(") OR (");
    Part::SameTitle.push(sql, back, end);
    sql.push("))");
}

/// Puts rows into the order of the list and cuts the page to its size.
pub(super) fn slice<T>(mut rows: Vec<T>, order: Ordering, page: &Page, position: impl Fn(&T) -> Position) -> Slice<T> {
    rows.sort_by(|one, other| {
        let (one, other) = (position(one), position(other));
        let keys = one.key.cmp(&other.key);
        let keys = if order.descending { keys.reverse() } else { keys };
        let compared = keys.then(one.title.cmp(&other.title)).then(one.id.cmp(&other.id));
        if page.from_end { compared.reverse() } else { compared }
    });
    let size = usize::try_from(page.size).unwrap_or(0);
    let more = rows.len() > size;
    rows.truncate(size);
    if page.from_end {
        rows.reverse();
    }
    Slice { rows, more }
}
