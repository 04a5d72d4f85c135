//! Cancellation from another thread or from a signal handler.

use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

/// Ends whatever wait it was given to, from any thread.
///
/// Sticky: once cancelled, every operation that watches the token fails until [`CancelToken::reset`]. Clones are
/// the same token, and it outlives the clients that use it. [`CancelToken::cancel`] does one atomic exchange and one
/// write to a socket, so it may be called from a signal handler.
#[derive(Clone, Debug)]
pub struct CancelToken {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    cancelled: AtomicBool,
    /// A byte in this pair makes `poll` return.
    bell: UnixStream,
    rope: UnixStream,
}

impl CancelToken {
    /// A token that is not cancelled. Fails only when the process is out of file descriptors.
    pub fn new() -> std::io::Result<Self> {
        let (bell, rope) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        rope.set_nonblocking(true)?;
        Ok(CancelToken { shared: Arc::new(Shared { cancelled: AtomicBool::new(false), bell, rope }) })
    }

    /// Cancels the operations that watch this token, now and later.
    pub fn cancel(&self) {
        // Once is enough: a pair that never fills up never fails, and so leaves a signal handler's errno alone.
        if !self.shared.cancelled.swap(true, Ordering::SeqCst) {
            self.ring();
        }
    }

    /// Whether the token is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::SeqCst)
    }

    /// Makes the token fit for use again.
    pub fn reset(&self) {
        self.hush();
        self.shared.cancelled.store(false, Ordering::SeqCst);
    }

    /// For a wait that finds the bell rung and the token not cancelled: a reset has overtaken the bell of the
    /// cancellation before it, which would ring for ever.
    pub(super) fn clear_late_bell(&self) {
        self.hush();
        // Cancelled in between: others may be waiting for the bell that was just taken.
        if self.is_cancelled() {
            self.ring();
        }
    }

    fn ring(&self) {
        // A full pair is already readable, which is all that is wanted.
        let _ = (&self.shared.rope).write(&[1]);
    }

    fn hush(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.shared.bell).read(&mut bytes), Ok(n) if n > 0) {}
    }

    /// Readable once the token is cancelled, for networks that wait with `poll`.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.shared.bell.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::CancelToken;
    use crate::net::{Network, SystemNetwork, Woken};
    use std::time::Duration;

    fn wait(token: &CancelToken, patience: Duration) -> Woken {
        let network = SystemNetwork;
        network.wait(&mut [], network.now() + patience, Some(token)).unwrap()
    }

    #[test]
    fn a_cancelled_token_ends_waits_until_it_is_reset() {
        let token = CancelToken::new().unwrap();
        assert_eq!(wait(&token, Duration::ZERO), Woken::Deadline);
        for _ in 0..3 {
            token.cancel();
            token.clone().cancel();
            assert_eq!(wait(&token, Duration::from_secs(60)), Woken::Cancelled);
            assert_eq!(wait(&token, Duration::from_secs(60)), Woken::Cancelled);
            token.reset();
            assert_eq!(wait(&token, Duration::ZERO), Woken::Deadline);
        }
    }

    #[test]
    fn a_wait_that_is_under_way_ends() {
        let token = CancelToken::new().unwrap();
        let canceller = token.clone();
        let thread = std::thread::spawn(move || canceller.cancel());
        assert_eq!(wait(&token, Duration::from_secs(60)), Woken::Cancelled);
        thread.join().unwrap();
    }

    #[test]
    fn a_bell_that_rings_after_the_reset_ends_no_wait_and_is_heard_once() {
        let token = CancelToken::new().unwrap();
        token.ring();
        assert_eq!(wait(&token, Duration::from_millis(1)), Woken::Deadline);
        let mut bytes = [0; 1];
        assert!(std::io::Read::read(&mut &token.shared.bell, &mut bytes).is_err(), "the bell still rings");
    }
}
