//! A statement, built of text and bound values together so that they cannot disagree, and written for either database.

use std::fmt::Write as _;

use serde_json::Value as Json;

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    SqlServer,
}

/// The most values that one statement may bind: SQL Server takes 2,100, and keeps some for itself.
pub(super) const MOST_VALUES: usize = 2_000;

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Integer(i64),
    Text(String),
    Null,
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Integer(integer) => integer.into(),
            Value::Text(text) if text.contains(['"', '\\']) => {
                let text = text.replace('"', QUOTE.encode_utf8(&mut [0; 4]));
                text.replace('\\', BACKSLASH.encode_utf8(&mut [0; 4])).into()
            }
            Value::Text(text) => text.into(),
            Value::Null => Self::Null,
        }
    }
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A piece of a statement.
#[derive(Clone, Debug)]
enum Piece {
    Text(&'static str),
    Aside(&'static str),
    Value(Value),
    Rows {
        columns: Columns,
        rows: Vec<Vec<Value>>,
        in_order: bool,
    },
    Limit {
        count: i64,
        offset: i64,
    },
    Joined(&'static str),
}

/// Between texts that are joined: no name contains a control character.
pub(super) const BETWEEN: char = '\u{1f}';

/// What stands in JSON for the two characters that would have to be escaped, which not every server undoes: noncharacters, which
/// no text that is imported contains.
const QUOTE: char = '\u{fdd0}';
const BACKSLASH: char = '\u{fdd1}';

/// The columns of rows that a statement brings along.
pub type Columns = &'static [(&'static str, Kind)];

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Integer,
    Text,
    /// Text that is compared with keys, byte by byte.
    Key,
}

/// A statement with its bound values.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    pieces: Vec<Piece>,
    values: usize,
}

impl Sql {
    /// Starts a statement.
    pub fn new(text: &'static str) -> Self {
        let mut sql = Self::default();
        sql.push(text);
        sql
    }

    /// Appends text, which is never made of anybody's input.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Appends a column that shall not choose the index by which rows are found: where SQLite would go by rules of thumb, a
    /// server goes by what it knows of the rows.
    pub fn aside(&mut self, column: &'static str) -> &mut Self {
        self.pieces.push(Piece::Aside(column));
        self
    }

    /// Appends a placeholder and binds `value` to it.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.pieces.push(Piece::Value(value.into()));
        self.values += 1;
        self
    }

    /// Appends `(?, ?, …)`; at least one value, or no row can match.
    pub fn bind_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let before = self.values;
        self.push("(");
        for value in values {
            self.separate(before).bind(value);
        }
        if self.values == before {
            self.push("NULL");
        }
        self.push(")")
    }

    /// Appends rows that the statement brings along, to select from or to insert; each has a value for every column.
    pub fn rows(&mut self, columns: Columns, rows: impl IntoIterator<Item = Vec<Value>>) -> &mut Self {
        self.push_rows(columns, rows.into_iter().collect(), false)
    }

    /// The same, at the end of an `INSERT`: ids are given in the order of the rows.
    pub fn rows_in_order(&mut self, columns: Columns, rows: impl IntoIterator<Item = Vec<Value>>) -> &mut Self {
        self.push_rows(columns, rows.into_iter().collect(), true)
    }

    fn push_rows(&mut self, columns: Columns, rows: Vec<Vec<Value>>, in_order: bool) -> &mut Self {
        self.values += columns.len() * rows.len();
        self.pieces.push(Piece::Rows {
            columns,
            rows,
            in_order,
        });
        self
    }

    fn separate(&mut self, before: usize) -> &mut Self {
        if self.values > before { self.push(", ") } else { self }
    }

    /// Appends the row limit after an `ORDER BY`.
    pub fn limit(&mut self, count: i64, offset: i64) -> &mut Self {
        self.pieces.push(Piece::Limit { count, offset });
        self.values += 2;
        self
    }

    /// Appends an aggregate: the texts of `column`, in any order, with [`BETWEEN`] between them.
    pub fn joined(&mut self, column: &'static str) -> &mut Self {
        self.pieces.push(Piece::Joined(column));
        self
    }

    /// Appends another statement.
    pub fn append(&mut self, other: Self) -> &mut Self {
        self.values += other.values;
        self.pieces.extend(other.pieces);
        self
    }

    /// How many values are bound, at the most.
    pub(super) fn values(&self) -> usize {
        self.values
    }

    /// The text in `dialect`, and the values in the order of its placeholders.
    pub(super) fn write(self, dialect: Dialect) -> (String, Vec<Value>) {
        let mut writer = Writer {
            dialect,
            text: String::new(),
            values: Vec::with_capacity(self.values),
        };
        for piece in self.pieces {
            writer.write(piece);
        }
        (writer.text, writer.values)
    }
}

struct Writer {
    dialect: Dialect,
    text: String,
    values: Vec<Value>,
}

impl Writer {
    fn write(&mut self, piece: Piece) {
        match (piece, self.dialect) {
            (Piece::Text(text), _) | (Piece::Aside(text), Dialect::SqlServer) => self.text.push_str(text),
            (Piece::Aside(column), Dialect::Sqlite) => {
                self.text.push('+');
                self.text.push_str(column);
            }
            // A server may refuse an absent value whose type it cannot see.
            (Piece::Value(Value::Null), _) => self.text.push_str("NULL"),
            (Piece::Value(value), _) => self.bind(value),
            (Piece::Limit { count, offset }, Dialect::Sqlite) => {
                self.text.push_str(" LIMIT ");
                self.bind(count.into());
                if offset > 0 {
                    self.text.push_str(" OFFSET ");
                    self.bind(offset.into());
                }
            }
            (Piece::Limit { count, offset }, Dialect::SqlServer) => {
                self.text.push_str(" OFFSET ");
                self.bind(offset.into());
                self.text.push_str(" ROWS FETCH NEXT ");
                self.bind(count.into());
                self.text.push_str(" ROWS ONLY");
            }
            (Piece::Joined(column), Dialect::Sqlite) => {
                let _ = write!(self.text, "group_concat({column}, char({}))", u32::from(BETWEEN));
            }
            (Piece::Joined(column), Dialect::SqlServer) => {
                let between = u32::from(BETWEEN);
                let _ = write!(
                    self.text,
                    "STRING_AGG(CAST({column} AS NVARCHAR(MAX)), NCHAR({between}))"
                );
            }
            (Piece::Rows { rows, in_order, .. }, Dialect::Sqlite) if in_order => self.one_by_one(rows),
            (Piece::Rows { rows, .. }, Dialect::Sqlite) => self.values_clause(rows),
            (
                Piece::Rows {
                    columns,
                    rows,
                    in_order,
                },
                Dialect::SqlServer,
            ) => {
                self.open_json(columns, rows);
                if in_order {
                    let place = columns.len();
                    let _ = write!(self.text, ", place BIGINT '$[{place}]') ORDER BY place");
                } else {
                    self.text.push(')');
                }
            }
        }
    }

    /// A statement for each row, all sent at once: of one that inserts many, SQLite would first copy every page of every index
    /// that it touches, to be able to undo it alone.
    fn one_by_one(&mut self, rows: Vec<Vec<Value>>) {
        let insert = std::mem::take(&mut self.text);
        for row in rows {
            self.text.push_str(&insert);
            self.values_clause(vec![row]);
            self.text.push(';');
        }
    }

    fn values_clause(&mut self, rows: Vec<Vec<Value>>) {
        for (index, row) in rows.into_iter().enumerate() {
            self.text.push_str(if index == 0 { "VALUES (" } else { ", (" });
            for (index, value) in row.into_iter().enumerate() {
                self.text.push_str(if index == 0 { "" } else { ", " });
                // What is absent is bound, too: as many rows are then one text, which is prepared once.
                self.bind(value);
            }
            self.text.push(')');
        }
    }

    /// All rows in one value, each followed by its place: the server would take too few values, and read a long text of
    /// placeholders for longer than it takes to insert the rows. Leaves the list of columns open.
    fn open_json(&mut self, columns: Columns, rows: Vec<Vec<Value>>) {
        self.text.push_str("SELECT ");
        for (index, (name, kind)) in columns.iter().enumerate() {
            self.text.push_str(if index == 0 { "" } else { ", " });
            let _ = match kind {
                Kind::Integer => write!(self.text, "{name}"),
                // A column of a table says by itself how it is compared; one of these cannot.
                Kind::Text | Kind::Key => write!(
                    self.text,
                    "REPLACE(REPLACE({name} COLLATE Latin1_General_100_BIN2, NCHAR({}), N'\"'), NCHAR({}), N'\\') AS {name}",
                    u32::from(QUOTE),
                    u32::from(BACKSLASH)
                ),
            };
        }
        self.text.push_str(" FROM OPENJSON(");
        let rows = rows.into_iter().zip(0_i64..).map(|(row, place)| {
            let values = row.into_iter().chain([place.into()]);
            values.map(Json::from).collect()
        });
        self.bind(Json::Array(rows.collect()).to_string().into());
        self.text.push_str(") WITH (");
        for (index, (name, kind)) in columns.iter().enumerate() {
            let kind = match kind {
                Kind::Integer => "BIGINT",
                Kind::Text => "NVARCHAR(4000)",
                Kind::Key => "NVARCHAR(400)",
            };
            let separator = if index == 0 { "" } else { ", " };
            let _ = write!(self.text, "{separator}{name} {kind} '$[{index}]'");
        }
    }

    fn bind(&mut self, value: Value) {
        self.values.push(value);
        match self.dialect {
            // Without a number: SQLite would look each number up among all of a statement's, one by one.
            Dialect::Sqlite => self.text.push('?'),
            Dialect::SqlServer => {
                let _ = write!(self.text, "@P{}", self.values.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Kind, Sql, Value};

    #[test]
    fn one_statement_is_written_for_both_databases() {
        let statement = || {
            let mut sql = Sql::new("SELECT id FROM t WHERE a = ");
            sql.bind("x").push(" AND b IN ").bind_list([1, 2]);
            sql.push(" AND ").aside("c").push(" = ").bind(None::<i64>);
            sql.push(" ORDER BY id").limit(3, 4);
            sql
        };
        let (text, values) = statement().write(Dialect::Sqlite);
        assert_eq!(
            text,
            "SELECT id FROM t WHERE a = ? AND b IN (?, ?) AND +c = NULL ORDER BY id LIMIT ? OFFSET ?"
        );
        let integers = |numbers: [i64; 4]| [&[Value::from("x")], numbers.map(Value::Integer).as_slice()].concat();
        assert_eq!(values, integers([1, 2, 3, 4]));
        let (text, values) = statement().write(Dialect::SqlServer);
        assert_eq!(
            text,
            "SELECT id FROM t WHERE a = @P1 AND b IN (@P2, @P3) AND c = NULL \
             ORDER BY id OFFSET @P4 ROWS FETCH NEXT @P5 ROWS ONLY"
        );
        assert_eq!(values, integers([1, 2, 4, 3]));
    }

    #[test]
    fn rows_go_along_as_values_or_as_one() {
        let statement = || {
            let mut sql = Sql::new("WITH wanted (n, k) AS (");
            let rows = [vec![1.into(), "a\"b".into()], vec![2.into(), Value::Null]];
            sql.rows(&[("n", Kind::Integer), ("k", Kind::Key)], rows).push(")");
            sql
        };
        let (text, values) = statement().write(Dialect::Sqlite);
        assert_eq!(text, "WITH wanted (n, k) AS (VALUES (?, ?), (?, ?))");
        assert_eq!(values, [1.into(), "a\"b".into(), 2.into(), Value::Null]);
        let (text, values) = statement().write(Dialect::SqlServer);
        assert_eq!(
            text,
            "WITH wanted (n, k) AS (SELECT n, REPLACE(REPLACE(k COLLATE Latin1_General_100_BIN2, NCHAR(64976), N'\"'), \
             NCHAR(64977), N'\\') AS k FROM OPENJSON(@P1) WITH (n BIGINT '$[0]', k NVARCHAR(400) '$[1]'))"
        );
        assert_eq!(values, ["[[1,\"a\u{fdd0}b\",0],[2,null,1]]".into()]);
    }

    #[test]
    fn rows_that_follow_one_another_are_inserted_one_by_one_or_in_the_order_of_their_places() {
        let statement = || {
            let mut sql = Sql::new("INSERT INTO t (n) ");
            sql.rows_in_order(&[("n", Kind::Integer)], [vec![1.into()], vec![2.into()]]);
            sql
        };
        let (text, values) = statement().write(Dialect::Sqlite);
        assert_eq!(text, "INSERT INTO t (n) VALUES (?);INSERT INTO t (n) VALUES (?);");
        assert_eq!(values, [1.into(), 2.into()]);
        let (text, _) = statement().write(Dialect::SqlServer);
        assert_eq!(
            text,
            "INSERT INTO t (n) SELECT n FROM OPENJSON(@P1) WITH (n BIGINT '$[0]', place BIGINT '$[1]') ORDER BY place"
        );
    }
}
