//! Which database, and what for.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Which database to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database in this file.
    Sqlite(PathBuf),
    /// The SQL Server whose connection string the first of these files holds that the server accepts; at least one.
    SqlServer(Vec<PathBuf>),
}

/// What a database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To answer requests.
    Serve,
    /// To write many rows in one transaction.
    Load,
    /// To bring its schema up to date; an SQLite database is created where there is none.
    Migrate,
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(("sqlite", path)) = text.split_once(':')
            && (path.starts_with("//") || path.starts_with("file:"))
        {
            return Err(
                "takes a plain path after the colon: sqlite:shop.sqlite, or sqlite:/var/lib/shop.sqlite".to_owned(),
            );
        }
        let url = match text.split_once(':') {
            Some(("sqlite", ":memory:")) => {
                return Err("a database in memory is lost with its connection; name a file".to_owned());
            }
            Some(("sqlite", path)) if !path.is_empty() => Some(Self::Sqlite(path.into())),
            Some(("sqlserver", files)) if files.contains('=') || files.starts_with("//") => {
                return Err(
                    "takes the name of a file that holds the connection string, never the string itself".to_owned(),
                );
            }
            Some(("sqlserver", files)) if files.split(',').all(|file| !file.is_empty()) => {
                Some(Self::SqlServer(files.split(',').map(PathBuf::from).collect()))
            }
            _ => None,
        };
        url.ok_or_else(|| "must be sqlite:PATH, or sqlserver:FILE where FILE holds the connection string".to_owned())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::SqlServer(files) => {
                let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
                write!(f, "sqlserver:{}", names.join(","))
            }
        }
    }
}
