//! A connection that is lent.

use super::Shared;
use crate::{FtpsClient, Result};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A connection of a [`Pool`](super::Pool), logged in and as new. Dropping it gives it back; a connection that is broken,
/// has a transfer open or a rename pending, was told what cannot be taken back (CCC, SITE UMASK, OPTS, a raw command of
/// unknown effect), or is dropped by a panic, is closed instead.
///
/// What the borrower changes of directory, type, timeouts, mode and observers is undone before the next one gets it.
pub struct Lease {
    shared: Arc<Shared>,
    /// None only while it is dropped.
    client: Option<Box<FtpsClient>>,
}

impl Lease {
    pub(super) fn new(shared: Arc<Shared>, client: FtpsClient) -> Lease {
        Lease { shared, client: Some(Box::new(client)) }
    }

    /// Leaves the connection to another process, as [`FtpsClient::abandon`] does.
    pub fn abandon(mut self) {
        if let Some(client) = self.client.take() {
            client.abandon();
        }
    }

    /// Closes the connection instead of giving it back. An open transfer is aborted.
    pub fn discard(mut self) {
        FtpsClient::close(&mut self);
    }

    /// Says goodbye (QUIT) and closes the connection instead of giving it back, as [`FtpsClient::quit`].
    pub fn quit(mut self) -> Result<()> {
        self.say_goodbye()
    }
}

impl Deref for Lease {
    type Target = FtpsClient;

    fn deref(&self) -> &FtpsClient {
        self.client.as_ref().expect("it is there until the lease is dropped")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut FtpsClient {
        self.client.as_mut().expect("it is there until the lease is dropped")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            self.shared.take_back(*client);
        }
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lease").field(&**self).finish()
    }
}
