//! What failed, by whom: counted in the database, so that all replicas count together.

use std::time::Duration;

use super::sql::{Sql, Value};
use super::{Database, StoreError, Transaction};
use crate::clock::Moment;

/// How often something may fail, and what follows.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// How many times in a row without having to wait.
    pub free: i64,
    /// How long to wait after these; twice as long after each further time.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// After so long without another time, all is forgotten.
    pub quiet: Duration,
}

impl Limit {
    /// Until when to wait after so many times.
    fn blocked_until(&self, times: i64, now: Moment) -> Moment {
        let Ok(beyond) = u32::try_from(times - self.free) else {
            return Moment(0);
        };
        let wait = 2_u32
            .checked_pow(beyond)
            .and_then(|factor| self.first.checked_mul(factor));
        now.after(wait.unwrap_or(self.longest).min(self.longest))
    }
}

/// One time that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    subject: String,
    times: i64,
    free: i64,
    /// Until when it was blocked before.
    blocked_before: Moment,
}

/// Until when the one of these has to wait that has to wait longest; none where none has.
///
/// # Errors
/// When the database does not answer.
pub async fn blocked_until(
    database: &Database,
    subjects: impl Iterator<Item = &str>,
    now: Moment,
) -> Result<Option<Moment>, StoreError> {
    let mut sql = Sql::new("SELECT MAX(blocked_until) AS blocked_until FROM failures WHERE subject IN ");
    sql.bind_list(subjects);
    sql.push(" AND blocked_until > ").bind(now.0);
    let row = database.fetch_optional(sql).await?;
    let moment = row.map(|row| row.optional_integer("blocked_until")).transpose()?;
    Ok(moment.flatten().map(Moment))
}

/// Counts one more time of `subject`, a hash, unless it has to wait: then answers until when. Nobody else counts it until the
/// transaction ends, so that of many at once no more pass than may.
///
/// # Errors
/// [`StoreError::Duplicate`] when somebody else counted its first time at the same moment: count again in a new transaction.
/// Otherwise when the database does not answer.
pub async fn count(
    transaction: &mut Transaction,
    subject: &str,
    limit: &Limit,
    now: Moment,
) -> Result<Result<Counted, Moment>, StoreError> {
    let mut sql = Sql::new("UPDATE failures SET times = CASE WHEN last_at <= ");
    sql.bind(now.before(limit.quiet).0);
    sql.push(" THEN 1 ELSE times + 1 END, last_at = ").bind(now.0);
    sql.push(" WHERE subject = ").bind(subject);
    sql.push(" AND blocked_until <= ").bind(now.0);
    let known = transaction.execute(sql).await? == 1;

    let mut sql = Sql::new("SELECT times, blocked_until FROM failures WHERE subject = ");
    sql.bind(subject);
    let rows = transaction.fetch_all(sql).await?;
    let (times, blocked_until) = match rows.first() {
        Some(row) => (row.integer("times")?, Moment(row.integer("blocked_until")?)),
        None => (1, Moment(0)),
    };
    if !known && !rows.is_empty() {
        return Ok(Err(blocked_until));
    }
    let block = limit.blocked_until(times, now);
    let mut sql = if known {
        let mut sql = Sql::new("UPDATE failures SET blocked_until = ");
        sql.bind(block.0);
        sql.push(" WHERE subject = ").bind(subject);
        sql
    } else {
        Sql::new("INSERT INTO failures (subject, times, last_at, blocked_until) VALUES ")
    };
    if !known {
        sql.bind_list::<Value>([subject.into(), times.into(), now.0.into(), block.0.into()]);
    }
    transaction.execute(sql).await?;
    Ok(Ok(Counted {
        subject: subject.to_owned(),
        times,
        free: limit.free,
        blocked_before: blocked_until,
    }))
}

/// Takes a time back that turned out to be none, and the wait that it led to, unless others failed meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn take_back(transaction: &mut Transaction, counted: &Counted) -> Result<(), StoreError> {
    let mut sql = Sql::new("DELETE FROM failures WHERE times <= 1 AND subject = ");
    sql.bind(counted.subject.as_str());
    if transaction.execute(sql).await? == 1 {
        return Ok(());
    }
    let mut sql = Sql::new("UPDATE failures SET times = times - 1, blocked_until = CASE WHEN times <= ");
    sql.bind(counted.free);
    sql.push(" THEN 0 WHEN times = ").bind(counted.times);
    sql.push(" THEN ").bind(counted.blocked_before.0);
    sql.push(" ELSE blocked_until END WHERE subject = ");
    sql.bind(counted.subject.as_str());
    transaction.execute(sql).await?;
    Ok(())
}

/// Forgets all that failed by `subject`.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(transaction: &mut Transaction, subject: &str) -> Result<(), StoreError> {
    let mut sql = Sql::new("DELETE FROM failures WHERE subject = ");
    sql.bind(subject);
    transaction.execute(sql).await?;
    Ok(())
}

/// Forgets what failed before a moment and keeps nobody waiting, so many at the most; answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_before(database: &Database, moment: Moment, most: i64) -> Result<usize, StoreError> {
    let mut sql = Sql::new("SELECT subject FROM failures WHERE last_at <= ");
    sql.bind(moment.0).push(" ORDER BY last_at").limit(most, 0);
    let rows = database.fetch_all(sql).await?;
    let subjects: Vec<String> = rows.iter().map(|row| row.text("subject")).collect::<Result<_, _>>()?;
    if subjects.is_empty() {
        return Ok(0);
    }
    let count = subjects.len();
    let mut sql = Sql::new("DELETE FROM failures WHERE subject IN ");
    sql.bind_list(subjects);
    // Who failed again meanwhile is not forgotten.
    sql.push(" AND last_at <= ").bind(moment.0);
    let mut transaction = database.transaction().await?;
    transaction.execute(sql).await?;
    transaction.commit().await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Limit, Moment};

    #[test]
    fn waits_grow_from_the_last_free_time_to_the_longest() {
        let limit = Limit {
            free: 5,
            first: Duration::from_secs(30),
            longest: Duration::from_hours(1),
            quiet: Duration::from_hours(24),
        };
        let waits = [4, 5, 6, 7, 11, 12, 40, 10_000].map(|times| {
            let until = limit.blocked_until(times, Moment(1_000_000));
            until.since(Moment(1_000_000)).as_secs()
        });
        assert_eq!(waits, [0, 30, 60, 120, 1920, 3600, 3600, 3600]);
    }
}
