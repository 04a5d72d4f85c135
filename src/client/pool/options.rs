//! What a pool is built with.

use super::Pool;
use crate::client::builder::Builder;
use crate::client::login::Credentials;
use std::time::Duration;

/// Options of a pool. [`Builder::pool`] makes one.
#[derive(Clone)]
#[must_use]
pub struct PoolBuilder {
    pub(super) connection: Builder,
    pub(super) credentials: Credentials,
    pub(super) maximum: usize,
    pub(super) wait: Duration,
    pub(super) check_after: Duration,
    pub(super) expire_after: Duration,
}

impl Builder {
    /// A pool of connections with these options and this login. Nothing is sent before the first lease.
    pub fn pool(self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> PoolBuilder {
        self.pool_with_account(user, password, "")
    }

    /// The same for a server that wants an account too (RFC 959 section 4.1.1).
    pub fn pool_with_account(
        self,
        user: impl AsRef<[u8]>,
        password: impl AsRef<[u8]>,
        account: impl AsRef<[u8]>,
    ) -> PoolBuilder {
        PoolBuilder {
            connection: self,
            credentials: Credentials::new(user, password, account),
            maximum: 4,
            wait: Duration::from_secs(60),
            check_after: Duration::from_secs(30),
            expire_after: Duration::from_secs(300),
        }
    }
}

impl PoolBuilder {
    /// How many connections there are at most, 1 or more (default 4). Where the server takes fewer, the pool has fewer.
    pub fn maximum(mut self, connections: usize) -> Self {
        self.maximum = connections.max(1);
        self
    }

    /// How long a lease may wait until a connection is free (default 60 s). Connecting and logging in have the time-outs
    /// of the connection's own options.
    pub fn wait(mut self, limit: Duration) -> Self {
        self.wait = limit;
        self
    }

    /// A connection that was idle for longer than this is asked with NOOP before it is lent again (default 30 s).
    pub fn check_after(mut self, idle: Duration) -> Self {
        self.check_after = idle;
        self
    }

    /// A connection that was idle for longer than this is closed (default 5 minutes). The pool has no thread of its own:
    /// it looks when a connection is lent or comes back, and in [`Pool::close_expired`].
    pub fn expire_after(mut self, idle: Duration) -> Self {
        self.expire_after = idle;
        self
    }

    /// The pool.
    pub fn build(self) -> Pool {
        Pool::new(self)
    }
}
