//! Signing up: an address becomes a customer's once a link in a mail to it was followed.

use std::time::Duration;

use secrecy::SecretString;

use super::lockout::{admit, mailbox, sender};
use super::{Attempt, Email, Fault, Outcome, Refusal, Token};
use crate::mail::texts;
use crate::store::customers::{self, Customer, NewCustomer};
use crate::store::mail_tokens::{self, MailToken, Purpose};
use crate::store::{StoreError, Transaction, mails};

/// How long the link is good.
const GOOD: Duration = Duration::from_hours(24);

/// A sign-up that a mail will be sent for.
#[derive(Clone, Debug)]
pub struct Prepared {
    email: Email,
    password_hash: SecretString,
    /// Who has the address already.
    customer: Option<Customer>,
}

/// An address that was confirmed.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// Whose it is from now on.
    pub customer: Customer,
    /// The hash of the token of the session that signed up.
    pub session_hash: Option<String>,
}

impl Attempt<'_> {
    /// Finds out whether an address and a password may sign up; answers everything that stands in the way, and what of the
    /// input is to blame. For an address that has an account, too, a password is hashed and an account looked for.
    ///
    /// # Errors
    /// When something broke.
    pub async fn prepare_sign_up(
        &self,
        email: &str,
        password: &str,
    ) -> Result<Result<Prepared, Vec<(&'static str, Refusal)>>, Fault> {
        let email = Email::parse(email);
        let key = email.as_ref().map(Email::key).unwrap_or_default();
        let checked = self.passwords.check(password, key).await?;
        let email = match (email, checked) {
            (Ok(email), Ok(())) => email,
            (email, checked) => {
                let email = email.err().map(|refusal| ("email", refusal));
                let password = checked.err().map(|refusal| ("password", refusal));
                return Ok(Err(email.into_iter().chain(password).collect()));
            }
        };
        let subjects = [mailbox(email.key()), sender(self.client)];
        if let Err(refusal) = admit(self.database, &subjects, self.now).await? {
            return Ok(Err(vec![("email", refusal)]));
        }
        Ok(match self.passwords.hash(password).await? {
            Ok(password_hash) => Ok(Prepared {
                customer: customers::by_email(self.database, email.key()).await?,
                email,
                password_hash,
            }),
            Err(refusal) => Err(vec![("password", refusal)]),
        })
    }

    /// Sends a mail to whoever owns the address: with a link that confirms it, or where it has an account already, with that.
    /// A link is made in either case, so that both take as long; nobody knows the one that was not sent.
    ///
    /// # Errors
    /// When something broke.
    pub async fn sign_up(
        &self,
        transaction: &mut Transaction,
        prepared: Prepared,
        session_hash: &str,
    ) -> Result<(), Fault> {
        let token = Token::random()?;
        let mail = match &prepared.customer {
            Some(customer) => texts::known_already(&customer.email, self.shop_url),
            None => texts::confirm(prepared.email.as_str(), self.shop_url, &token),
        };
        let new = MailToken {
            token_hash: token.hash(),
            email: prepared.email.as_str().to_owned(),
            email_key: prepared.email.key().to_owned(),
            password_hash: Some(prepared.password_hash),
            session_hash: Some(session_hash.to_owned()),
            expires_at: self.now.after(GOOD),
        };
        mail_tokens::replace(transaction, Purpose::SignUp, &new).await?;
        mails::queue(transaction, &mail, self.now).await?;
        Ok(())
    }

    /// The sign-up that a link confirms.
    ///
    /// # Errors
    /// When something broke.
    pub async fn find_sign_up(&self, token: &str) -> Outcome<MailToken> {
        self.find_link(Purpose::SignUp, token).await
    }

    /// Makes a customer of whoever signed up.
    ///
    /// # Errors
    /// When something broke.
    pub async fn confirm(&self, transaction: &mut Transaction, sign_up: MailToken) -> Outcome<Confirmed> {
        let is_first = mail_tokens::consume(transaction, &sign_up.token_hash).await?;
        let Some(password_hash) = sign_up.password_hash.filter(|_| is_first) else {
            return Ok(Err(Refusal::ExpiredLink));
        };
        let new = NewCustomer {
            email: sign_up.email,
            email_key: sign_up.email_key,
            password_hash,
        };
        match customers::insert(transaction, &new, self.now).await {
            Ok(customer) => Ok(Ok(Confirmed {
                customer,
                session_hash: sign_up.session_hash,
            })),
            // Another link to the same address was quicker.
            Err(StoreError::Duplicate(_)) => Ok(Err(Refusal::ExpiredLink)),
            Err(error) => Err(error.into()),
        }
    }
}
