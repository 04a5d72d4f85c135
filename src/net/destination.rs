//! Where a connection leads.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// An address, or behind a proxy a name that the proxy resolves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Address(SocketAddr),
    Name(String, u16),
}

impl Destination {
    /// As a caller names it.
    pub fn new(host: &str, port: u16) -> Destination {
        match host.parse::<IpAddr>() {
            Ok(ip) => Destination::Address(SocketAddr::new(ip, port)),
            Err(_) => Destination::Name(host.to_owned(), port),
        }
    }
}

/// `host:port`, IPv6 addresses in brackets and without their scope, which means nothing elsewhere.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Address(address) => SocketAddr::new(address.ip(), address.port()).fmt(f),
            Destination::Name(host, port) => write!(f, "{host}:{port}"),
        }
    }
}
