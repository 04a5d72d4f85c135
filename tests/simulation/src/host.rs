//! The machines of the simulated network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A machine: `10.0.0.N`, `fd00::N`, and a loopback interface of its own.
///
/// Any `N` exists: a connection to a port on which nobody listens there is refused. Other addresses
/// exist nowhere, and a connection to one is never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Host(pub u8);

impl Host {
    /// Where clients run; its name is `client.test`.
    pub const CLIENT: Host = Host(1);
    /// Where servers run; its name is `server.test`.
    pub const SERVER: Host = Host(2);
    /// Neither of them: who meddles with data connections comes from here. Its name is `stranger.test`.
    pub const STRANGER: Host = Host(3);

    /// The IPv4 address.
    pub fn v4(self) -> IpAddr {
        Ipv4Addr::new(10, 0, 0, self.0).into()
    }

    /// The IPv6 address.
    pub fn v6(self) -> IpAddr {
        Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, self.0.into()).into()
    }

    /// The machine that `address` belongs to, seen from this one.
    pub(crate) fn find(self, address: IpAddr) -> Option<Host> {
        if address.is_loopback() {
            return Some(self);
        }
        let last = match address {
            IpAddr::V4(v4) => v4.octets()[3],
            IpAddr::V6(v6) => v6.octets()[15],
        };
        let host = Host(last);
        host.owns(address).then_some(host)
    }

    /// Whether a socket here can have this address.
    pub(crate) fn owns(self, address: IpAddr) -> bool {
        address.is_loopback() || address == self.v4() || address == self.v6()
    }

    /// The address that connections from here to `peer` come from.
    pub(crate) fn source_for(self, peer: IpAddr) -> IpAddr {
        match peer {
            _ if peer.is_loopback() => peer,
            IpAddr::V4(_) => self.v4(),
            IpAddr::V6(_) => self.v6(),
        }
    }
}
