//! Forgotten and changed passwords: who reads the mail of an account may choose another, and so may who knows the one it has.

use std::time::Duration;

use super::lockout::{admit, forgive, mailbox, sender};
use super::{Attempt, Email, Fault, Outcome, Refusal, Token};
use crate::mail::texts;
use crate::store::customers::{self, Customer};
use crate::store::mail_tokens::{self, MailToken, Purpose};
use crate::store::{StoreError, Transaction, mails, sessions};

/// How long the link is good.
const GOOD: Duration = Duration::from_hours(1);

impl Attempt<'_> {
    /// Sends a link to choose another password to an address that has an account. One without gets no mail, for nobody there
    /// asked for it; the statements are the same: a link is made that nobody knows, and a mail is queued for nobody.
    ///
    /// # Errors
    /// When something broke.
    pub async fn request_reset(&self, email: &Email) -> Outcome<()> {
        let subjects = [mailbox(email.key()), sender(self.client)];
        if let Err(refusal) = admit(self.database, &subjects, self.now).await? {
            return Ok(Err(refusal));
        }
        let token = Token::random()?;
        let new = MailToken {
            token_hash: token.hash(),
            email: email.as_str().to_owned(),
            email_key: email.key().to_owned(),
            password_hash: None,
            session_hash: None,
            expires_at: self.now.after(GOOD),
        };
        let mail = texts::reset(email.as_str(), self.shop_url, &token);
        let mut transaction = self.database.transaction().await?;
        mail_tokens::replace(&mut transaction, Purpose::Reset, &new).await?;
        mails::queue_for_customer(&mut transaction, email.key(), &mail, self.now).await?;
        transaction.commit().await?;
        Ok(Ok(()))
    }

    /// Chooses another password by a link that was sent: whoever is signed in with the old one is no longer. Answers whose it is,
    /// or everything that stands in the way, and what of the input is to blame.
    ///
    /// # Errors
    /// When something broke.
    pub async fn reset(&self, token: &str, new: &str) -> Result<Result<Customer, Vec<(&'static str, Refusal)>>, Fault> {
        let link = self.find_reset(token).await?;
        let key = link.as_ref().map(|(_, customer)| customer.email_key.as_str());
        let checked = self.passwords.check(new, key.unwrap_or_default()).await?;
        let (link, customer) = match (link, checked) {
            (Ok(found), Ok(())) => found,
            (link, checked) => {
                let link = link.err().map(|refusal| ("token", refusal));
                let password = checked.err().map(|refusal| ("newPassword", refusal));
                return Ok(Err(link.into_iter().chain(password).collect()));
            }
        };
        let hash = match self.passwords.hash(new).await? {
            Ok(hash) => hash,
            Err(refusal) => return Ok(Err(vec![("newPassword", refusal)])),
        };
        let mut transaction = self.database.transaction().await?;
        if !mail_tokens::consume(&mut transaction, &link.token_hash).await? {
            return Ok(Err(vec![("token", Refusal::ExpiredLink)]));
        }
        customers::set_password(&mut transaction, customer.id, &hash).await?;
        forgive(&mut transaction, &customer.email_key).await?;
        self.revoke(&mut transaction, &customer).await?;
        transaction.commit().await?;
        Ok(Ok(customer))
    }

    async fn find_reset(&self, token: &str) -> Outcome<(MailToken, Customer)> {
        let link = match self.find_link(Purpose::Reset, token).await? {
            Ok(link) => link,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let customer = customers::by_email(self.database, &link.email_key).await?;
        Ok(customer.map(|customer| (link, customer)).ok_or(Refusal::ExpiredLink))
    }

    /// Ends every session of a customer whose password has changed, and every link to change it once more; a mail tells of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke(&self, transaction: &mut Transaction, customer: &Customer) -> Result<(), StoreError> {
        sessions::delete_of_customer(transaction, customer.id, self.now).await?;
        mail_tokens::withdraw(transaction, Purpose::Reset, &customer.email_key).await?;
        let mail = texts::password_changed(&customer.email, self.shop_url);
        mails::queue(transaction, &mail, self.now).await
    }
}
