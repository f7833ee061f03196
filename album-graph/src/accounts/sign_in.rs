//! Signing in: who has an account proves it with its password.

use secrecy::SecretString;

use super::lockout::{account, address, admit, forgive, take_back};
use super::{Attempt, Fault, Outcome, Refusal};
use crate::store::customers::{self, Customer};
use crate::store::failures::Counted;
use crate::store::{StoreError, Transaction};

/// A customer who has proved to be it, outside of any transaction: see [`Recognised::settle`].
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Who it is.
    pub customer: Customer,
    /// What to keep of the password from now on.
    kept: SecretString,
    counted: Vec<Counted>,
}

impl Attempt<'_> {
    /// Finds out whose address and password these are. For an address without an account, too, times are counted, an account
    /// is looked for, and a password is compared.
    ///
    /// # Errors
    /// When something broke.
    pub async fn recognise(&self, email_key: &str, password: &str) -> Outcome<Recognised> {
        // Always in this order, so that of two that count the same, one waits for the other.
        let subjects = [account(email_key), address(self.client)];
        let counted = match admit(self.database, &subjects, self.now).await? {
            Ok(counted) => counted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let customer = customers::by_email(self.database, email_key).await?;
        let hash = customer.as_ref().map(|customer| &customer.password_hash);
        let verified = self.passwords.verify(password, hash).await?;
        let refusal = match (verified, customer) {
            (Ok(true), Some(customer)) => match self.keep(&customer, password).await? {
                Ok(kept) => {
                    return Ok(Ok(Recognised {
                        customer,
                        kept,
                        counted,
                    }));
                }
                Err(refusal) => refusal,
            },
            (Ok(_), _) => return Ok(Err(Refusal::WrongCredentials)),
            (Err(refusal), _) => refusal,
        };
        // Who was not even looked at has not failed.
        self.give_back(&counted).await?;
        Ok(Err(refusal))
    }

    /// What to keep of a customer's password: what is kept already, unless it was made with other parameters than today's.
    async fn keep(&self, customer: &Customer, password: &str) -> Outcome<SecretString> {
        if self.passwords.is_outdated(&customer.password_hash) {
            return self.passwords.hash(password).await;
        }
        Ok(Ok(customer.password_hash.clone()))
    }

    async fn give_back(&self, counted: &[Counted]) -> Result<(), StoreError> {
        let mut transaction = self.database.transaction().await?;
        take_back(&mut transaction, counted).await?;
        transaction.commit().await
    }

    /// Finds out whether a customer who is signed in may choose another password; answers everything that stands in the way, and
    /// what of the input is to blame.
    ///
    /// # Errors
    /// When something broke.
    pub async fn recognise_again(
        &self,
        customer: &Customer,
        current: &str,
        new: &str,
    ) -> Result<Result<Recognised, Vec<(&'static str, Refusal)>>, Fault> {
        let chosen = match self.passwords.check(new, &customer.email_key).await? {
            Ok(()) => self.passwords.hash(new).await?,
            Err(refusal) => Err(refusal),
        };
        let recognised = self.recognise(&customer.email_key, current).await?;
        let recognised = recognised.map_err(|refusal| match refusal {
            Refusal::WrongCredentials => Refusal::WrongPassword,
            other => other,
        });
        let problems = match (recognised, chosen) {
            (Ok(recognised), Ok(chosen)) => {
                return Ok(Ok(Recognised {
                    kept: chosen,
                    ..recognised
                }));
            }
            (Ok(recognised), Err(refusal)) => {
                self.give_back(&recognised.counted).await?;
                vec![("newPassword", refusal)]
            }
            (Err(refusal), chosen) => {
                let current = [("currentPassword", refusal)].into_iter();
                current
                    .chain(chosen.err().map(|refusal| ("newPassword", refusal)))
                    .collect()
            }
        };
        Ok(Err(problems))
    }
}

impl Recognised {
    /// Keeps what follows: nothing has failed, and the password is kept as it is kept today. Answers whether the customer still
    /// has that password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle(&self, transaction: &mut Transaction) -> Result<bool, Fault> {
        if !customers::replace_password(transaction, &self.customer, &self.kept).await? {
            return Ok(false);
        }
        take_back(transaction, &self.counted).await?;
        forgive(transaction, &self.customer.email_key).await?;
        Ok(true)
    }
}
