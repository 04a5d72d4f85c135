//! An embedded FTPS server that insists on resumed data connections and plays faults on demand.
//!
//! It is synchronous, and everything it does to the network goes through [`ftps::net::Network`]: the same code runs on
//! real sockets ([`Server::start`]) and on a simulated network ([`Server::new`]).
//!
//! ```
//! use strict_server::{Options, Server, Wording};
//! let server = Server::start(Options { wording: Wording::FileZilla1, ..Options::default() }).unwrap();
//! println!("listening on {}, certificate authority:\n{}", server.addr(), server.ca_pem());
//! assert_eq!(server.counters().logins, 0);
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod certificates;
mod control;
mod counters;
mod fault;
mod hash;
mod link;
mod listing;
mod oddity;
mod on_dial;
mod options;
mod proxy;
mod server;
mod session;
mod store;
mod tickets;
mod tls;
mod waiter;

pub use certificates::{Authority, CertificateOptions, ClientCertificate, Identity, KeyType, Leaf};
pub use counters::{Command, Counters};
pub use fault::{Fault, FaultAction, Moment, ParseFaultError, Trigger};
pub use oddity::Oddity;
pub use on_dial::{Dialling, OnDial};
pub use options::{
    Charset, ConnectionLimit, ForeignSessions, Hashes, ListingStyle, NoopInTransfer, Options, PassiveAddress,
    Preliminary, RefusalPoint, Resumption, Storage, Tickets, Tls12Sessions, TlsVersions, User, Wording,
};
pub use proxy::{ProxyBehaviour, ProxyFault, ProxyKind, TestProxy, PROXY_PASSWORD, PROXY_USER};
pub use server::{RunningServer, Server, Spawn};
