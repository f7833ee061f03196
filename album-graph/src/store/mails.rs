//! Mails that wait to be sent: queued in the transaction of what they tell about.

use super::sql::{Sql, Value};
use super::{StoreError, Transaction};
use crate::clock::Moment;

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Whom to.
    pub recipient: String,
    /// What about.
    pub subject: String,
    /// What it says, as plain text.
    pub body: String,
}

/// Queues a mail; it goes out once the transaction is kept.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(transaction: &mut Transaction, mail: &NewMail, now: Moment) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO mails (recipient, subject, body, created_at, due_at) VALUES ");
    sql.bind_list::<Value>([
        mail.recipient.as_str().into(),
        mail.subject.as_str().into(),
        mail.body.as_str().into(),
        now.0.into(),
        now.0.into(),
    ]);
    transaction.execute(sql).await?;
    Ok(())
}
