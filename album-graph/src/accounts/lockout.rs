//! How often somebody may fail: by account and by client address, counted for all replicas together.

use std::net::IpAddr;
use std::time::Duration;

use service::client::network;

use super::{Refusal, sha256};
use crate::clock::Moment;
use crate::store::failures::{self, Counted, Limit};
use crate::store::{Database, StoreError, Transaction, retry};

/// Wrong passwords for one account.
const ACCOUNT: Limit = Limit {
    free: 5,
    first: Duration::from_secs(30),
    longest: Duration::from_hours(1),
    quiet: Duration::from_hours(24),
};
/// Wrong passwords, or mails asked for, from one address: many people may share it.
const ADDRESS: Limit = Limit { free: 20, ..ACCOUNT };
/// Mails that anybody can have sent to one address, such as links to choose another password.
const MAILBOX: Limit = Limit {
    free: 3,
    first: Duration::from_hours(1),
    longest: Duration::from_hours(1),
    quiet: Duration::from_hours(1),
};

/// After so long, nobody needs to remember what failed.
pub const FORGOTTEN: Duration = Duration::from_hours(24);

/// What is counted: its name, as a hash, and how often it may be.
pub(super) type Subject = (String, Limit);

/// Who tries to sign in to an account, whether there is one or not.
pub(super) fn account(email_key: &str) -> Subject {
    (sha256(&format!("account:{email_key}")), ACCOUNT)
}

/// Where somebody tries to sign in from.
pub(super) fn address(client: IpAddr) -> Subject {
    (sha256(&format!("address:{}", network(client))), ADDRESS)
}

/// Whose mailbox is written to.
pub(super) fn mailbox(email_key: &str) -> Subject {
    (sha256(&format!("mailbox:{email_key}")), MAILBOX)
}

/// Where somebody has mails sent from.
pub(super) fn sender(client: IpAddr) -> Subject {
    (sha256(&format!("sender:{}", network(client))), ADDRESS)
}

/// Counts a time of each subject, unless one of them has to wait. Before it is known whether it fails: of many tries at once no
/// more pass than may.
pub(super) async fn admit(
    database: &Database,
    subjects: &[Subject],
    now: Moment,
) -> Result<Result<Vec<Counted>, Refusal>, StoreError> {
    // Many who have to wait ask again and again: they are told so without a change.
    let names = subjects.iter().map(|(subject, _)| subject.as_str());
    if let Some(until) = failures::blocked_until(database, names, now).await? {
        return Ok(Err(Refusal::TooManyAttempts(until.since(now))));
    }
    // Somebody else may count its first time at the same moment.
    retry(|| count(database, subjects, now), StoreError::passes).await
}

async fn count(
    database: &Database,
    subjects: &[Subject],
    now: Moment,
) -> Result<Result<Vec<Counted>, Refusal>, StoreError> {
    let mut transaction = database.transaction().await?;
    let mut all = Vec::with_capacity(subjects.len());
    for (subject, limit) in subjects {
        match failures::count(&mut transaction, subject, limit, now).await? {
            Ok(counted) => all.push(counted),
            Err(until) => {
                transaction.take_back().await;
                return Ok(Err(Refusal::TooManyAttempts(until.since(now))));
            }
        }
    }
    transaction.commit().await?;
    Ok(Ok(all))
}

/// Takes back what turned out not to fail.
pub(super) async fn take_back(transaction: &mut Transaction, counted: &[Counted]) -> Result<(), StoreError> {
    for counted in counted {
        failures::take_back(transaction, counted).await?;
    }
    Ok(())
}

/// Forgets what failed for an account, for its owner has proved to be it.
pub(super) async fn forgive(transaction: &mut Transaction, email_key: &str) -> Result<(), StoreError> {
    failures::forget(transaction, &account(email_key).0).await
}

#[cfg(test)]
mod tests {
    use super::{IpAddr, address};

    #[test]
    fn all_addresses_of_one_network_of_ipv6_count_as_one() {
        let of = |text: &str| address(text.parse::<IpAddr>().unwrap()).0;
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::4"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
