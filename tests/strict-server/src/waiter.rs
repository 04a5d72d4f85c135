//! Waiting: the one way in which the server blocks.

use ftps::net::{CancelToken, Network, Watch, Woken};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The network's clock and `wait`, ended by the server's stop.
#[derive(Clone, Debug)]
pub(crate) struct Waiter {
    pub(crate) network: Arc<dyn Network>,
    pub(crate) stop: CancelToken,
}

impl Waiter {
    /// The moment `span` from now.
    pub(crate) fn after(&self, span: Duration) -> Instant {
        self.network.now() + span
    }

    /// Waits until something is ready. Fails with `TimedOut` at the deadline and `Interrupted` when the server stops.
    pub(crate) fn wait(&self, watched: &mut [Watch<'_>], deadline: Instant) -> io::Result<()> {
        match self.network.wait(watched, deadline, Some(&self.stop))? {
            Woken::Ready => Ok(()),
            Woken::Deadline => Err(io::ErrorKind::TimedOut.into()),
            Woken::Cancelled => Err(io::ErrorKind::Interrupted.into()),
        }
    }

    /// Lets `span` pass.
    pub(crate) fn pause(&self, span: Duration) -> io::Result<()> {
        match self.wait(&mut [], self.after(span)) {
            Err(e) if e.kind() == io::ErrorKind::TimedOut => Ok(()),
            other => other,
        }
    }
}
