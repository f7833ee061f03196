//! Who is at the other end: the address of a client, also behind proxies that are trusted to tell it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::http::{Extensions, HeaderMap, HeaderName, Request};
use ipnet::IpNet;

/// Where a proxy says for whom it asks; the hop nearest to us is the last one.
pub const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of a connection, in the extensions of its requests.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The networks of proxies whose word is taken: `10.0.0.0/8,127.0.0.1`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// Text that is not a list of networks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address, or a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl FromStr for Proxies {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let network = |part: &str| {
            let single = || part.parse::<IpAddr>().map(IpNet::from);
            part.parse()
                .or_else(|_| single())
                .map_err(|_| NotANetwork(part.to_owned()))
        };
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl Proxies {
    /// The address of whoever sent `request`: the nearest one that is not a trusted proxy's.
    pub fn client<B>(&self, request: &Request<B>) -> IpAddr {
        self.sender(request.extensions(), request.headers())
    }

    /// The same where the request has been taken apart.
    #[must_use]
    pub fn sender(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let peer = extensions.get::<Peer>();
        // Without a connection there is nobody but this machine.
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip().to_canonical());
        let mut client = peer;
        for hop in hops(headers) {
            if !self.trusts(client) {
                break;
            }
            let Some(hop) = hop else { break };
            client = hop;
        }
        client
    }

    /// Whether the word of whoever has this address is taken.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// What one client has: an address, or as one household or company has as many addresses of IPv6 as it likes, their network.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) >> 64 << 64).into(),
    }
}

/// Who asked for whom, the nearest first; nothing for what is not an address.
fn hops(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let values = headers.get_all(FORWARDED_FOR).into_iter().rev();
    values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(',').map(address))
}

/// An address, perhaps with a port, as some proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let parsed = text.parse().ok();
    parsed
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::Request;

    use super::{FORWARDED_FOR, Peer, Proxies};

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> IpAddr {
        let proxies: Proxies = proxies.parse().unwrap();
        let mut request = Request::new(());
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        for value in forwarded {
            request.headers_mut().append(FORWARDED_FOR, value.parse().unwrap());
        }
        proxies.client(&request)
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let is = |address: &str| address.parse::<IpAddr>().unwrap();
        assert_eq!(client("", "192.0.2.7:1", &["198.51.100.1"]), is("192.0.2.7"));
        assert_eq!(client("10.0.0.0/8", "192.0.2.7:1", &["198.51.100.1"]), is("192.0.2.7"));
        assert_eq!(
            client("10.0.0.0/8", "10.1.2.3:1", &["198.51.100.1"]),
            is("198.51.100.1")
        );
        assert_eq!(client("10.0.0.0/8", "10.1.2.3:1", &[]), is("10.1.2.3"));
        // What the client itself wrote in front of the proxies' words is not believed.
        assert_eq!(
            client("10.0.0.0/8", "10.1.2.3:1", &["203.0.113.9, 198.51.100.1, 10.9.9.9"]),
            is("198.51.100.1")
        );
        assert_eq!(
            client("10.0.0.0/8", "10.1.2.3:1", &["203.0.113.9", "198.51.100.1:4711"]),
            is("198.51.100.1")
        );
        assert_eq!(
            client("10.0.0.0/8", "10.1.2.3:1", &["198.51.100.1, unknown"]),
            is("10.1.2.3")
        );
        // One family's address written as the other's.
        assert_eq!(
            client("127.0.0.1", "[::ffff:127.0.0.1]:1", &["2001:db8::1"]),
            is("2001:db8::1")
        );
        assert!("10.0.0.0/33".parse::<Proxies>().is_err());
    }
}
