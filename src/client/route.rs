//! Where connections go.

use crate::net::Destination;
use std::net::SocketAddr;

/// The way to a server: to its address, or to a proxy's and through it to the server.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Where the connection itself goes.
    pub address: SocketAddr,
    /// What lies behind the proxy, where there is one.
    pub behind: Option<Destination>,
}

impl Route {
    /// The way to another port of the same server, as it is: with the scope of a link-local address.
    pub fn to_port(&self, port: u16) -> Route {
        let mut route = self.clone();
        match &mut route.behind {
            Some(Destination::Address(address)) => address.set_port(port),
            Some(Destination::Name(_, own)) => *own = port,
            None => route.address.set_port(port),
        }
        route
    }

    /// The way to another server.
    pub fn to_address(&self, address: SocketAddr) -> Route {
        match self.behind {
            Some(_) => Route { address: self.address, behind: Some(Destination::Address(address)) },
            None => Route { address, behind: None },
        }
    }

    /// Whether the server is known to be reached by IPv6. An IPv4 address in IPv6 form is not.
    pub fn is_ipv6(&self) -> bool {
        let ip = match self.behind {
            Some(Destination::Address(address)) => address.ip(),
            Some(Destination::Name(..)) => return false,
            None => self.address.ip(),
        };
        ip.to_canonical().is_ipv6()
    }
}
