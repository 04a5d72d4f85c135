//! Cancellation from another thread or from a signal handler.

use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

/// Ends whatever wait it was given to, from any thread.
///
/// Sticky: once cancelled, every operation that watches the token fails until [`CancelToken::reset`]. Clones are
/// the same token, and it outlives the clients that use it. [`CancelToken::cancel`] does one atomic store and one
/// `send` on a socket, so it may be called from a signal handler.
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
        self.shared.cancelled.store(true, Ordering::SeqCst);
        // A full pair is already readable, which is all that is wanted.
        let _ = (&self.shared.rope).write(&[1]);
    }

    /// Whether the token is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::SeqCst)
    }

    /// Makes the token fit for use again.
    pub fn reset(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.shared.bell).read(&mut bytes), Ok(n) if n > 0) {}
        self.shared.cancelled.store(false, Ordering::SeqCst);
    }

    /// Readable while the token is cancelled, for networks that wait with `poll`.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.shared.bell.as_fd()
    }
}
