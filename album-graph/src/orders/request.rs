//! What somebody wants to order, checked before anything is asked.

use serde_json::json;

use super::{Address, AddressInput, Code, Problem, Promotion};
use crate::accounts::sha256;

/// The longest idempotency key.
const LONGEST_KEY: usize = 100;

/// What somebody wants to order: their cart.
#[derive(Clone, Debug)]
pub struct Request {
    /// Chosen by whoever orders: the same key and request are the same order.
    pub key: String,
    /// Where it goes.
    pub address: AddressInput,
    /// A code that makes it cheaper.
    pub promotion_code: Option<String>,
    /// How it is paid, where there is something to pay.
    pub payment_method: String,
    /// What the buyer was told that it costs, in minor units.
    pub expected_total: Option<i64>,
}

/// A request with nothing wrong in itself.
pub(super) struct Checked<'a> {
    pub request: &'a Request,
    pub key: &'a str,
    pub address: Address,
    /// What tells it from another request with the same key.
    pub hash: String,
}

impl Request {
    /// Everything that is wrong with it in itself.
    pub(super) fn check(&self) -> Result<Checked<'_>, Vec<Problem>> {
        match (self.address.check(), check_key(&self.key)) {
            (Ok(address), Ok(key)) => Ok(Checked {
                request: self,
                key,
                hash: self.hash(&address),
                address,
            }),
            (address, key) => Err(address.err().into_iter().flatten().chain(key.err()).collect()),
        }
    }

    fn hash(&self, to: &Address) -> String {
        let said = json!([
            to.first_name,
            to.last_name,
            to.address,
            to.city,
            to.state,
            to.postal_code,
            to.country.code,
            to.phone,
            to.email,
            Promotion::spelled(self.promotion_code.as_deref()),
            self.payment_method,
            self.expected_total,
        ]);
        sha256(&said.to_string())
    }
}

fn check_key(key: &str) -> Result<&str, Problem> {
    let field = "idempotencyKey";
    match key.trim() {
        "" => Err(Problem::of(Code::Required, field, "The order has no key of its own.")),
        key if key.encode_utf16().count() > LONGEST_KEY => {
            let message = format!("The key of the order has at most {LONGEST_KEY} characters.");
            Err(Problem::of(Code::TooLong, field, message))
        }
        key => Ok(key),
    }
}
