//! Carts: of a session, or of a customer on whatever device.

use super::sql::Sql;
use super::{StoreError, Transaction};

/// Gives a customer who signs in what the visitor's cart has, on top of what the customer's own has already.
///
/// # Errors
/// When the database does not answer.
pub async fn hand_over(transaction: &mut Transaction, session: i64, customer: i64) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE carts SET session_id = NULL, customer_id = ");
    sql.bind(customer).push(" WHERE session_id = ").bind(session);
    transaction.execute(sql).await?;
    Ok(())
}
