//! Somebody who tries to prove who they are.

use std::net::IpAddr;

use super::{Outcome, Passwords, Refusal, Token};
use crate::clock::Moment;
use crate::store::Database;
use crate::store::mail_tokens::{self, MailToken, Purpose};

/// Somebody who tries to prove who they are, and what it takes to find out.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// Where accounts are kept.
    pub database: &'a Database,
    /// What compares passwords.
    pub passwords: &'a Passwords,
    /// Where they ask from.
    pub client: IpAddr,
    /// What time it is.
    pub now: Moment,
    /// Where the shop's pages are, for links in mails.
    pub shop_url: &'a str,
}

impl Attempt<'_> {
    /// What the link with this secret was sent for.
    pub(super) async fn find_link(&self, purpose: Purpose, token: &str) -> Outcome<MailToken> {
        let Some(token) = Token::parse(token) else {
            return Ok(Err(Refusal::ExpiredLink));
        };
        let found = mail_tokens::find(self.database, purpose, &token.hash(), self.now).await?;
        Ok(found.ok_or(Refusal::ExpiredLink))
    }
}
