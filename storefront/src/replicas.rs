//! Finds album-graph's replicas: each new connection goes to the next of the addresses that its name has.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Asks the system's resolver, whose own order would send every connection to the address that is most like ours.
#[derive(Debug, Default)]
pub(crate) struct Replicas {
    turn: AtomicUsize,
}

impl Resolve for Replicas {
    fn resolve(&self, name: Name) -> Resolving {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            // Port 0: the client puts in the one of the URL.
            let addresses = lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(from(turn, addresses).into_iter()) as Addrs)
        })
    }
}

/// All addresses, in an order that does not depend on that of the answer, beginning with another one at each turn.
fn from(turn: usize, mut addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    addresses.sort_unstable();
    addresses.dedup();
    let first = turn.checked_rem(addresses.len()).unwrap_or(0);
    addresses.rotate_left(first);
    addresses
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::from;

    #[test]
    fn each_address_has_its_turn_and_the_others_stand_by() {
        let address = |last: u8| SocketAddr::from(([10, 0, 0, last], 0));
        let answers = [[2, 3, 1], [3, 1, 2], [1, 2, 3], [2, 1, 3]].map(|answer| answer.map(address).to_vec());
        let firsts: Vec<_> = (0..).zip(answers).map(|(turn, answer)| from(turn, answer)[0]).collect();
        assert_eq!(firsts, [1, 2, 3, 1].map(address));
        assert_eq!(from(1, vec![address(1), address(2)]), [2, 1].map(address));
        assert!(from(7, Vec::new()).is_empty());
    }
}
