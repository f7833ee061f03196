//! What a link in a mail proves: that whoever follows it reads what is sent to an address.

use secrecy::{ExposeSecret, SecretString};

use super::database::Row;
use super::sql::{Sql, Value};
use super::{Database, StoreError, Transaction};
use crate::clock::Moment;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm the address of a sign-up.
    SignUp,
    /// To choose another password.
    Reset,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Reset => "reset",
        }
    }
}

/// A link that was sent.
#[derive(Clone, Debug)]
pub struct MailToken {
    /// The hash of the secret in it.
    pub token_hash: String,
    /// Whom it was sent to, as it was typed.
    pub email: String,
    /// What tells the address from all others.
    pub email_key: String,
    /// Of the sign-up.
    pub password_hash: Option<SecretString>,
    /// The hash of the token of the session that signed up.
    pub session_hash: Option<String>,
    /// Until when it is good.
    pub expires_at: Moment,
}

fn mail_token(row: &Row) -> Result<MailToken, StoreError> {
    Ok(MailToken {
        token_hash: row.text("token_hash")?,
        email: row.text("email")?,
        email_key: row.text("email_key")?,
        password_hash: row.optional_text("password_hash")?.map(SecretString::from),
        session_hash: row.optional_text("session_hash")?,
        expires_at: Moment(row.integer("expires_at")?),
    })
}

/// The link with the secret of this hash; none where it is of no use any more.
///
/// # Errors
/// When the database does not answer.
pub async fn find(
    database: &Database,
    purpose: Purpose,
    token_hash: &str,
    now: Moment,
) -> Result<Option<MailToken>, StoreError> {
    let mut sql = Sql::new(
        "SELECT token_hash, email, email_key, password_hash, session_hash, expires_at FROM mail_tokens WHERE token_hash = ",
    );
    sql.bind(token_hash);
    sql.push(" AND purpose = ").bind(purpose.name());
    sql.push(" AND expires_at > ").bind(now.0);
    database.fetch_optional(sql).await?.as_ref().map(mail_token).transpose()
}

/// Puts a link in the place of all that were sent to the same address for the same purpose.
///
/// # Errors
/// When the database does not answer.
pub async fn replace(transaction: &mut Transaction, purpose: Purpose, new: &MailToken) -> Result<(), StoreError> {
    withdraw(transaction, purpose, &new.email_key).await?;
    let mut sql = Sql::new(
        "INSERT INTO mail_tokens (token_hash, purpose, email, email_key, password_hash, session_hash, expires_at) VALUES ",
    );
    sql.bind_list::<Value>([
        new.token_hash.as_str().into(),
        purpose.name().into(),
        new.email.as_str().into(),
        new.email_key.as_str().into(),
        new.password_hash.as_ref().map(ExposeSecret::expose_secret).into(),
        new.session_hash.as_deref().into(),
        new.expires_at.0.into(),
    ]);
    transaction.execute(sql).await?;
    Ok(())
}

/// Uses a link up; answers whether nobody else did meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn consume(transaction: &mut Transaction, token_hash: &str) -> Result<bool, StoreError> {
    let mut sql = Sql::new("DELETE FROM mail_tokens WHERE token_hash = ");
    sql.bind(token_hash);
    Ok(transaction.execute(sql).await? == 1)
}

/// Makes every link of no use that was sent to an address for a purpose.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw(transaction: &mut Transaction, purpose: Purpose, email_key: &str) -> Result<(), StoreError> {
    let mut sql = Sql::new("DELETE FROM mail_tokens WHERE email_key = ");
    sql.bind(email_key);
    sql.push(" AND purpose = ").bind(purpose.name());
    transaction.execute(sql).await?;
    Ok(())
}

/// Deletes links of no use any more, so many at the most; answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_expired(database: &Database, now: Moment, most: i64) -> Result<usize, StoreError> {
    let mut sql = Sql::new("SELECT token_hash FROM mail_tokens WHERE expires_at <= ");
    sql.bind(now.0).push(" ORDER BY expires_at").limit(most, 0);
    let rows = database.fetch_all(sql).await?;
    let hashes: Vec<String> = rows
        .iter()
        .map(|row| row.text("token_hash"))
        .collect::<Result<_, _>>()?;
    if hashes.is_empty() {
        return Ok(0);
    }
    let count = hashes.len();
    let mut sql = Sql::new("DELETE FROM mail_tokens WHERE token_hash IN ");
    sql.bind_list(hashes);
    let mut transaction = database.transaction().await?;
    transaction.execute(sql).await?;
    transaction.commit().await?;
    Ok(count)
}
