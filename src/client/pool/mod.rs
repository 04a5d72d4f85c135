//! Several connections to one server, lent to whoever has work for them.

mod lease;
mod lending;
mod limit;
mod options;
mod state;

pub use lease::Lease;
pub use options::PoolBuilder;

use super::Statistics;
use crate::net::CancelToken;
use crate::Result;
use lending::Shared;
use std::sync::Arc;

/// Connections to one server with one login, which are opened when they are needed and kept for the next who needs one.
///
/// Clones are the same pool; any thread may use it, several at once. Each connection has TLS sessions of its own. What
/// a login learns of the server (its features, that it has no EPSV, that TLS 1.2 works and TLS 1.3 does not) the next
/// one knows. Where the server takes no more connections (421, or 530 with a text that says so once this password
/// was taken), the pool makes do with those it has, and tries one more after 1 s, 2 s, 4 s, up to a minute.
///
/// ```no_run
/// use ftps::FtpsClient;
/// # fn main() -> ftps::Result<()> {
/// let pool = FtpsClient::builder("ftp.example.org").pool("user", "password").maximum(8).build();
/// let mut client = pool.lease()?;
/// client.upload_file("report.csv", "inbox/report.csv")?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

/// Counters of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStatistics {
    /// Connections now: lent, idle, or being opened.
    pub open: usize,
    /// Those of them that are idle.
    pub idle: usize,
    /// Leases that wait for a connection.
    pub waiting: usize,
    /// How many connections the server takes, where it has refused one.
    pub server_limit: Option<usize>,
    /// Logins so far.
    pub opened: u64,
    /// Connections that the server refused because it had enough.
    pub refused: u64,
    /// Connections that were closed when they came back, because they were not fit for another borrower.
    pub discarded: u64,
    /// Connections that had been idle and did not answer any more.
    pub found_dead: u64,
    /// Connections that were idle for too long.
    pub expired: u64,
    /// What the connections did. Those that are lent count once they are back.
    pub transfers: Statistics,
}

impl Pool {
    fn new(options: PoolBuilder) -> Pool {
        Pool { shared: Arc::new(Shared::new(options)) }
    }

    /// Lends a connection: an idle one, else a new one, else the next that comes back. Who waited longest gets it.
    ///
    /// Fails with [`Error::Timeout`](crate::Error::Timeout) when none is free for as long as [`PoolBuilder::wait`] says, with
    /// [`Error::WrongState`](crate::Error::WrongState) when the pool is closed, and as
    /// [`Builder::connect`](super::Builder::connect) and [`FtpsClient::login`](super::FtpsClient::login) fail.
    pub fn lease(&self) -> Result<Lease> {
        self.shared.lend(self.shared.cancel_token())
    }

    /// The same with a token that is watched while this waits and connects, and by the connection until it is given back, in
    /// place of the one that the pool was built with.
    pub fn lease_watching(&self, cancel: &CancelToken) -> Result<Lease> {
        self.shared.lend(Some(cancel.clone()))
    }

    /// The most connections that there will be.
    pub fn maximum(&self) -> usize {
        self.shared.maximum()
    }

    /// Closes the connections that were idle for too long.
    pub fn close_expired(&self) {
        self.shared.close_expired();
    }

    /// Closes the idle connections, and those that are lent as soon as they come back. Every lease fails from now on, those
    /// that wait too. Closing again does nothing.
    pub fn close(&self) {
        self.shared.close();
    }

    /// Leaves the idle connections to another process, as [`FtpsClient::abandon`](super::FtpsClient::abandon) does. Where a
    /// thread of that process was inside the pool when this one was forked, their descriptors stay open here.
    pub fn abandon(self) {
        self.shared.abandon();
        // What is left of it is the other process's; its lock may never be released here.
        std::mem::forget(self);
    }

    /// Counters.
    pub fn statistics(&self) -> PoolStatistics {
        self.shared.statistics()
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}

/// Threads share it.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Pool>()
};
