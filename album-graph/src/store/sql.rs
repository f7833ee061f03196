//! A statement, built of text and bound values together so that they cannot disagree, and written for either database.

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

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A piece of a statement.
#[derive(Clone, Debug)]
enum Piece {
    Text(&'static str),
    Value(Value),
    Limit { count: i64, offset: i64 },
    Bytewise,
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

    /// Appends `(?, ?), (?, ?), …`: the rows of a `VALUES` clause.
    pub fn bind_rows<const N: usize>(&mut self, rows: impl IntoIterator<Item = [Value; N]>) -> &mut Self {
        let before = self.values;
        for row in rows {
            self.separate(before).bind_list(row);
        }
        self
    }

    /// Appends `SELECT ?, ? UNION ALL SELECT ?, ?`: rows to join with, at most 500 of them.
    pub fn bind_selects<const N: usize>(&mut self, rows: impl IntoIterator<Item = [Value; N]>) -> &mut Self {
        for (index, row) in rows.into_iter().enumerate() {
            self.push(if index == 0 { "SELECT " } else { " UNION ALL SELECT " });
            let before = self.values;
            for value in row {
                self.separate(before).bind(value);
            }
        }
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

    /// Says that the bound text before is compared byte by byte. A column says so by itself, a column of bound values cannot.
    pub fn bytewise(&mut self) -> &mut Self {
        self.pieces.push(Piece::Bytewise);
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
            (Piece::Text(text), _) => self.text.push_str(text),
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
            (Piece::Bytewise, Dialect::Sqlite) => {}
            (Piece::Bytewise, Dialect::SqlServer) => self.text.push_str(" COLLATE Latin1_General_100_BIN2"),
        }
    }

    fn bind(&mut self, value: Value) {
        self.values.push(value);
        match self.dialect {
            // Without a number: SQLite would look each number up among all of a statement's, one by one.
            Dialect::Sqlite => self.text.push('?'),
            Dialect::SqlServer => {
                self.text.push_str("@P");
                self.text.push_str(&self.values.len().to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Sql, Value};

    #[test]
    fn one_statement_is_written_for_both_databases() {
        let statement = || {
            let mut sql = Sql::new("SELECT id FROM t WHERE a = ");
            sql.bind("x").bytewise().push(" AND b IN ").bind_list([1, 2]);
            sql.push(" AND c = ").bind(None::<i64>).push(" ORDER BY id").limit(3, 4);
            sql
        };
        let (text, values) = statement().write(Dialect::Sqlite);
        assert_eq!(text, "SELECT id FROM t WHERE a = ? AND b IN (?, ?) AND c = NULL ORDER BY id LIMIT ? OFFSET ?");
        let integers = |numbers: [i64; 4]| [&[Value::from("x")], numbers.map(Value::Integer).as_slice()].concat();
        assert_eq!(values, integers([1, 2, 3, 4]));
        let (text, values) = statement().write(Dialect::SqlServer);
        assert_eq!(
            text,
            "SELECT id FROM t WHERE a = @P1 COLLATE Latin1_General_100_BIN2 AND b IN (@P2, @P3) AND c = NULL \
             ORDER BY id OFFSET @P4 ROWS FETCH NEXT @P5 ROWS ONLY"
        );
        assert_eq!(values, integers([1, 2, 4, 3]));
    }
}
