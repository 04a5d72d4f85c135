//! Real FTPS servers for the tests: vsftpd, ProFTPD and Pure-FTPd from Debian's packages, and a look-alike of
//! FileZilla Server 1.x that is built from `tests/servers/filezilla`.
//!
//! [`RealServer::start`] writes a configuration into a temporary folder, starts the server on a free port and waits
//! until it answers. Each insists on resumed data connections as far as it can, speaks one TLS version, and tells
//! from its own log what it saw ([`RealServer::resumption_log`]). Dropping the value ends the server
//! with all its sessions; so does the end of the test process, however it ends.
//!
//! A server that is missing is an error that says how to get it, so that a test fails instead of skipping.
//!
//! ```no_run
//! use real_servers::{Config, Kind, RealServer, TlsVersion};
//!
//! let server = RealServer::start(Kind::Vsftpd, &Config::new(TlsVersion::Tls13))?;
//! println!("ftp://{}@{}, trusting {}", server.user().name, server.address(), server.ca_path().display());
//! # Ok::<(), real_servers::StartError>(())
//! ```

mod account;
mod certificates;
mod compile;
mod document;
mod error;
mod filezilla;
mod installation;
mod lifeline;
mod namespace;
mod ports;
mod proftpd;
mod proxy;
mod pureftpd;
mod record;
mod resumption;
mod server;
mod site;
mod version;
mod vsftpd;
mod wan;

pub use document::document;
pub use error::StartError;
pub use proxy::{ProxyKind, RealProxy};
pub use record::{Outcome, Record};
pub use resumption::ResumptionLog;
pub use server::RealServer;
pub use site::{Config, Kind, TlsVersion, User};
pub use wan::WanLink;
