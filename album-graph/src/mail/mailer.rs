//! Sends what is queued, once, by whichever replica takes it first.

use std::time::Duration;

use service::health::Readiness;
use service::telemetry::causes;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{Mailbox, SendError, Transport};
use crate::clock::{Clock, Moment};
use crate::store::mails::{self, Mail};
use crate::store::{Database, StoreError};

/// How often to look for mail that another process queued, or that is due again.
const LOOK: Duration = Duration::from_secs(5);
/// How many to read at once.
const BATCH: i64 = 20;
/// How long sending one may take; shorter than the first pause, so that nobody else sends it meanwhile.
const SENDING: Duration = Duration::from_secs(45);
/// How long to wait after the first time that it did not go out; twice as long after each further time.
const FIRST_PAUSE: Duration = Duration::from_mins(1);
/// The longest wait.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);
/// How long to try.
const PATIENCE: Duration = Duration::from_hours(3 * 24);

/// Who sends mail, and what it takes.
#[derive(Clone, Debug)]
pub struct Mailer {
    /// The way out.
    pub transport: Transport,
    /// Who writes.
    pub from: Mailbox,
    /// Where mail is queued.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
}

/// Sends mail until told to stop: soon after this process queued it, and every few seconds what others did. Nothing new is begun
/// while the program drains.
pub async fn keep(mailer: Mailer, readiness: Readiness, stop: CancellationToken) {
    let mut is_away = false;
    while !stop.is_cancelled() {
        if readiness.is_serving() {
            match mailer
                .send_due(&|| readiness.is_draining() || stop.is_cancelled())
                .await
            {
                Ok(()) => is_away = false,
                Err(_) if is_away => {}
                Err(error) => {
                    is_away = true;
                    warn!(cause = causes(&error), "cannot read the mail to be sent");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = mailer.database.mail_queued() => {}
            () = sleep(LOOK) => {}
        }
    }
}

impl Mailer {
    /// Sends everything that is due, unless it is time to stop.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn send_due(&self, is_over: &(impl Fn() -> bool + Sync)) -> Result<(), StoreError> {
        loop {
            let due = mails::due(&self.database, self.clock.now(), BATCH).await?;
            if due.is_empty() {
                return Ok(());
            }
            for mail in due {
                if is_over() {
                    return Ok(());
                }
                self.take(&mail, is_over).await?;
            }
        }
    }

    /// Sends a mail, unless somebody else has taken it. Until it is known to have gone out, it stays queued.
    async fn take(&self, mail: &Mail, is_over: &(impl Fn() -> bool + Sync)) -> Result<(), StoreError> {
        let now = self.clock.now();
        let again = now.after(pause(mail.attempts));
        if !mails::claim(&self.database, mail, again).await? {
            return Ok(());
        }
        let sent = timeout(SENDING, self.transport.send(mail, &self.from)).await;
        match sent.unwrap_or(Err(SendError::Late)) {
            Ok(()) => {
                info!(mail = mail.id, "sent a mail");
                self.forget(mail, is_over).await
            }
            Err(error) => self.put_off(mail, &error, (now, again)).await,
        }
    }

    /// Deletes a mail that went out, however long the database is away: it would go out again.
    async fn forget(&self, mail: &Mail, is_over: &(impl Fn() -> bool + Sync)) -> Result<(), StoreError> {
        let mut done = mails::done(&self.database, mail).await;
        while done.is_err() && !is_over() {
            sleep(Duration::from_secs(1)).await;
            done = mails::done(&self.database, mail).await;
        }
        done
    }

    async fn put_off(&self, mail: &Mail, error: &SendError, when: (Moment, Moment)) -> Result<(), StoreError> {
        let (now, again) = when;
        let (id, attempts, cause) = (mail.id, mail.attempts + 1, causes(error));
        if now.since(mail.created_at) < PATIENCE {
            warn!(
                mail = id,
                attempts,
                again = again.to_rfc3339(),
                cause,
                "a mail did not go out"
            );
            return Ok(());
        }
        error!(mail = id, attempts, cause, "gave a mail up");
        mails::give_up(&self.database, mail, now).await
    }
}

fn pause(attempts: i64) -> Duration {
    let doubled = u32::try_from(attempts)
        .ok()
        .and_then(|attempts| 2_u32.checked_pow(attempts));
    doubled
        .and_then(|factor| FIRST_PAUSE.checked_mul(factor))
        .unwrap_or(LONGEST_PAUSE)
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_double_from_a_minute_to_six_hours() {
        assert_eq!(
            [0, 1, 2, 8, 9, 60].map(|attempts| pause(attempts).as_secs() / 60),
            [1, 2, 4, 256, 360, 360]
        );
    }
}
