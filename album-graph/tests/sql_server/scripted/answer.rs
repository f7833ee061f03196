//! The tokens that answers are made of, and the rows to fill them.

use std::ops::Range;

use super::Failure;
use super::wire::PACKET_SIZE;

/// `Latin1_General_CI_AS`, as TDS writes it.
const COLLATION: [u8; 5] = [0x09, 0x04, 0xd0, 0x00, 0x34];

/// The longest text of an `NVARCHAR(4000)`, in bytes.
const LONGEST_TEXT: u16 = 8000;

/// What the client is to call its transaction by, for as long as it lasts.
const TRANSACTION: [u8; 8] = [1, 0, 0, 0, 0, 0, 0, 1];

/// The kinds of tokens.
mod token {
    pub const RETURN_STATUS: u8 = 0x79;
    pub const COLUMNS: u8 = 0x81;
    pub const ERROR: u8 = 0xaa;
    pub const LOGIN_ACK: u8 = 0xad;
    pub const ROW: u8 = 0xd1;
    pub const CHANGE: u8 = 0xe3;
    pub const DONE: u8 = 0xfd;
    pub const DONE_PROC: u8 = 0xfe;
    pub const DONE_IN_PROC: u8 = 0xff;
}

/// The status bits of a token that ends (a part of) an answer.
mod status {
    pub const FINAL: u16 = 0x00;
    pub const MORE: u16 = 0x01;
    pub const ERROR: u16 = 0x02;
    pub const COUNT: u16 = 0x10;
    pub const ATTENTION: u16 = 0x20;
}

/// What changed, in a token that tells of a change.
mod change {
    pub const DATABASE: u8 = 1;
    pub const PACKET_SIZE: u8 = 4;
    pub const COLLATION: u8 = 7;
    pub const BEGIN: u8 = 8;
    pub const COMMIT: u8 = 9;
    pub const ROUTING: u8 = 20;
}

/// The types of columns.
mod kind {
    pub const INTEGER: u8 = 0x26;
    pub const NVARCHAR: u8 = 0xe7;
}

/// Rows to answer with.
#[derive(Clone, Debug)]
pub struct Rows {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// The name and the type of a column. All take NULL.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    Int(&'static str),
    BigInt(&'static str),
    /// `NVARCHAR(4000)`.
    Text(&'static str),
}

#[derive(Clone, Debug)]
pub enum Cell {
    Null,
    Number(i64),
    Text(String),
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Rows {
    pub fn of(columns: &[Column]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    pub fn count(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        let cells: Vec<Cell> = cells.into_iter().collect();
        assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells);
        self
    }
}

/// The answer to a prelogin: a version, whether TLS is to be had, and no multiple result sets.
pub fn prelogin(encrypt: bool) -> Vec<u8> {
    // Each option is its number, and the place and length of its value.
    let mut bytes = vec![0, 0, 16, 0, 6, 1, 0, 22, 0, 1, 4, 0, 23, 0, 1, 0xff];
    bytes.extend([16, 0, 0x10, 0, 0, 0]);
    bytes.extend([if encrypt { 1 } else { 2 }, 0]);
    bytes
}

/// An answer in the making.
#[derive(Default)]
pub struct Tokens(pub Vec<u8>);

impl Tokens {
    /// The client is let in.
    pub fn welcome(self, database: &str) -> Self {
        let database = if database.is_empty() { "master" } else { database };
        let size = short_text(&PACKET_SIZE.to_string());
        self.change(change::DATABASE, &[short_text(database), short_text("master")].concat())
            .change(change::COLLATION, &[&[5], &COLLATION[..], &[0]].concat())
            .login_ack()
            .change(change::PACKET_SIZE, &[&size[..], &size].concat())
            .done(token::DONE, status::FINAL, 0)
    }

    /// The client is let in, only to be sent elsewhere.
    pub fn route(self, host: &str, port: u16) -> Self {
        let over_tcp = [&[0], &port.to_le_bytes()[..], &long_text(host)].concat();
        let length = u16::try_from(over_tcp.len()).unwrap();
        self.login_ack()
            .change(
                change::ROUTING,
                &[&length.to_le_bytes(), &over_tcp[..], &[0, 0]].concat(),
            )
            .done(token::DONE, status::FINAL, 0)
    }

    pub fn begun(self) -> Self {
        self.change(change::BEGIN, &[&[8], &TRANSACTION[..], &[0]].concat())
            .done(token::DONE, status::FINAL, 0)
    }

    pub fn committed(self) -> Self {
        self.change(change::COMMIT, &[&[0, 8], &TRANSACTION[..]].concat())
            .done(token::DONE, status::FINAL, 0)
    }

    /// An Attention was heard.
    pub fn stopped(self) -> Self {
        self.done(token::DONE, status::ATTENTION, 0)
    }

    /// An error, and the end. `rpc`: it was a procedure, such as `sp_executesql`, that failed.
    pub fn error(self, failure: &Failure, rpc: bool) -> Self {
        let mut body = failure.number.to_le_bytes().to_vec();
        let state = 1;
        body.extend([state, failure.class]);
        body.extend(long_text(&failure.message));
        let (server, procedure, line) = ("scripted", "", 1_u32);
        body.extend(short_text(server));
        body.extend(short_text(procedure));
        body.extend(line.to_le_bytes());
        let end = if rpc { token::DONE_PROC } else { token::DONE };
        self.measured(token::ERROR, &body).done(end, status::ERROR, 0)
    }

    /// The end of a statement that went well.
    pub fn end(self, rpc: bool, count: usize) -> Self {
        if !rpc {
            return self.done(token::DONE, status::COUNT, count);
        }
        let mut tokens = self.done(token::DONE_IN_PROC, status::MORE | status::COUNT, count);
        tokens.0.extend([token::RETURN_STATUS, 0, 0, 0, 0]);
        tokens.done(token::DONE_PROC, status::FINAL, 0)
    }

    pub fn columns(mut self, rows: &Rows) -> Self {
        self.0.push(token::COLUMNS);
        self.0.extend(u16::try_from(rows.columns.len()).unwrap().to_le_bytes());
        for column in &rows.columns {
            // No user type, and flags for "takes NULL" and "may or may not be written to".
            self.0.extend([0, 0, 0, 0, 9, 0]);
            match column {
                Column::Int(_) => self.0.extend([kind::INTEGER, 4]),
                Column::BigInt(_) => self.0.extend([kind::INTEGER, 8]),
                Column::Text(_) => {
                    self.0.push(kind::NVARCHAR);
                    self.0.extend(LONGEST_TEXT.to_le_bytes());
                    self.0.extend(COLLATION);
                }
            }
            let (Column::Int(name) | Column::BigInt(name) | Column::Text(name)) = column;
            self.0.extend(short_text(name));
        }
        self
    }

    /// Those of the rows that are in the range.
    pub fn rows(mut self, rows: &Rows, range: Range<usize>) -> Self {
        for row in &rows.rows[range] {
            self.0.push(token::ROW);
            for (column, cell) in rows.columns.iter().zip(row) {
                self.cell(*column, cell);
            }
        }
        self
    }

    fn cell(&mut self, column: Column, cell: &Cell) {
        match (column, cell) {
            (Column::Text(_), Cell::Null) => self.0.extend(u16::MAX.to_le_bytes()),
            (_, Cell::Null) => self.0.push(0),
            (Column::Int(_), Cell::Number(number)) => {
                self.0.push(4);
                self.0.extend(i32::try_from(*number).unwrap().to_le_bytes());
            }
            (Column::BigInt(_), Cell::Number(number)) => {
                self.0.push(8);
                self.0.extend(number.to_le_bytes());
            }
            (Column::Text(_), Cell::Text(text)) => {
                let text = utf16(text);
                let length = u16::try_from(text.len()).unwrap();
                assert!(length <= LONGEST_TEXT, "a text that fits its column");
                self.0.extend(length.to_le_bytes());
                self.0.extend(text);
            }
            (column, cell) => panic!("{cell:?} in {column:?}"),
        }
    }

    fn login_ack(self) -> Self {
        let (transact_sql, tds_7_4, version_16) = ([1], [0x74, 0, 0, 4], [16, 0, 0x10, 0]);
        let name = short_text("Microsoft SQL Server");
        self.measured(
            token::LOGIN_ACK,
            &[&transact_sql, &tds_7_4[..], &name, &version_16].concat(),
        )
    }

    fn change(self, what: u8, values: &[u8]) -> Self {
        self.measured(token::CHANGE, &[&[what], values].concat())
    }

    fn done(mut self, token: u8, status: u16, count: usize) -> Self {
        let statement = [0, 0];
        self.0.push(token);
        self.0.extend(status.to_le_bytes());
        self.0.extend(statement);
        self.0.extend(u64::try_from(count).unwrap().to_le_bytes());
        self
    }

    /// A token that tells its length.
    fn measured(mut self, token: u8, body: &[u8]) -> Self {
        self.0.push(token);
        self.0.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
        self.0.extend(body);
        self
    }
}

/// A text after its length in one byte.
fn short_text(text: &str) -> Vec<u8> {
    let text = utf16(text);
    [&[u8::try_from(text.len() / 2).unwrap()], &text[..]].concat()
}

/// A text after its length in two bytes.
fn long_text(text: &str) -> Vec<u8> {
    let text = utf16(text);
    [&u16::try_from(text.len() / 2).unwrap().to_le_bytes(), &text[..]].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
