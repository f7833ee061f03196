//! A statement, built of text and bound values together so that they cannot disagree.

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

/// A statement with its bound values.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
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
        self.text.push_str(text);
        self
    }

    /// Appends a placeholder and binds `value` to it.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        // Without a number: SQLite would look each number up among all of a statement's, one by one.
        self.push("?")
    }

    /// Appends `(?, ?, …)`; at least one value, or no row can match.
    pub fn bind_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let before = self.values.len();
        self.push("(");
        for value in values {
            self.separate(before).bind(value);
        }
        if self.values.len() == before {
            self.push("NULL");
        }
        self.push(")")
    }

    /// Appends `(?, ?), (?, ?), …`: the rows of a `VALUES` clause.
    pub fn bind_rows<const N: usize>(&mut self, rows: impl IntoIterator<Item = [Value; N]>) -> &mut Self {
        let before = self.values.len();
        for row in rows {
            self.separate(before).bind_list(row);
        }
        self
    }

    /// Appends `SELECT ?, ? UNION ALL SELECT ?, ?`: rows to join with, at most 500 of them.
    pub fn bind_selects<const N: usize>(&mut self, rows: impl IntoIterator<Item = [Value; N]>) -> &mut Self {
        for (index, row) in rows.into_iter().enumerate() {
            self.push(if index == 0 { "SELECT " } else { " UNION ALL SELECT " });
            let before = self.values.len();
            for value in row {
                self.separate(before).bind(value);
            }
        }
        self
    }

    fn separate(&mut self, before: usize) -> &mut Self {
        if self.values.len() > before {
            self.push(", ")
        } else {
            self
        }
    }

    /// Appends the row limit after an `ORDER BY`.
    pub fn limit(&mut self, count: i64, offset: i64) -> &mut Self {
        self.push(" LIMIT ").bind(count);
        if offset > 0 {
            self.push(" OFFSET ").bind(offset);
        }
        self
    }

    pub(super) fn into_parts(self) -> (String, Vec<Value>) {
        (self.text, self.values)
    }
}
