//! The sample catalogue, inside the binary.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::import::{self, Context, ImportError, Report};
use crate::store::{Database, promotions};

const ALBUMS: &str = include_str!("../seed/catalogue.csv");
const GENRES: &str = include_str!("../seed/genres.csv");

/// The promotion code that makes an order cost nothing.
const FREE: &str = "FREE";

/// Loads the sample catalogue, and a promotion to try; a second time without effect.
///
/// # Errors
/// When the database does not take it.
pub async fn load(database: &Database, now: OffsetDateTime) -> Result<Report, ImportError> {
    let mut reader = csv::Reader::from_reader(GENRES.as_bytes());
    let genres = reader.records().flatten();
    let descriptions: HashMap<String, String> =
        genres.map(|genre| (genre[0].to_owned(), genre[1].to_owned())).collect();
    let context = Context {
        descriptions,
        ..Context::new(now)
    };
    let report = import::import(database, ALBUMS.as_bytes(), &context, |_| ()).await?;
    let mut transaction = database.transaction().await?;
    promotions::ensure(&mut transaction, FREE, 100).await?;
    transaction.commit().await?;
    Ok(report)
}
