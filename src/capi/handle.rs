//! What happens to every call: the handle is checked, panics stop, and the outcome is kept.
//!
//! A handle is **valid** from the call that made it until the call that frees it. Whoever passes another
//! pointer that is not NULL, or frees a handle while another thread uses it, has undefined behaviour;
//! everything else a caller can do wrong is answered by a status.

use super::last::{LastError, LastReply, Problem};
use super::logging::{self, LogTarget};
use super::options::Options;
use super::status::ftps_status::{
    self, FTPS_ERROR_BUSY, FTPS_ERROR_CLOSED, FTPS_ERROR_FORKED, FTPS_ERROR_INTERNAL, FTPS_ERROR_NULL,
    FTPS_ERROR_WRONG_STATE, FTPS_OK,
};
use super::strings::Terminated;
use crate::FtpsClient;
use std::ffi::c_int;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// One connection to an FTPS server: options first, then the connection, then nothing.
///
/// Made by ftps_client_new(), freed by ftps_client_free(). One call at a time: a second one, from another
/// thread or from inside a callback, gets FTPS_ERROR_BUSY. It may move between threads.
pub struct ftps_client {
    process: u32,
    content: Mutex<Content>,
}

pub(super) struct Content {
    pub state: State,
    pub error: LastError,
    pub reply: LastReply,
    /// What the last call that returns a string returned.
    pub string: Terminated,
    pub log: Option<LogTarget>,
}

/// A handle may move between threads, and its content with it.
const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Content>()
};

pub(super) enum State {
    /// Not connected yet.
    Options(Box<Options>),
    /// Connected.
    Open(Box<FtpsClient>),
    Closed,
}

impl ftps_client {
    pub(super) fn new(options: Options) -> Self {
        let content = Content {
            state: State::Options(Box::new(options)),
            error: LastError::default(),
            reply: LastReply::default(),
            string: Terminated::default(),
            log: None,
        };
        ftps_client { process: std::process::id(), content: Mutex::new(content) }
    }

    /// The content, or why it is out of reach.
    fn enter(&self) -> Result<MutexGuard<'_, Content>, ftps_status> {
        if self.is_forked() {
            return Err(FTPS_ERROR_FORKED);
        }
        self.try_lock()
    }

    fn try_lock(&self) -> Result<MutexGuard<'_, Content>, ftps_status> {
        match self.content.try_lock() {
            Ok(content) => Ok(content),
            Err(TryLockError::WouldBlock) => Err(FTPS_ERROR_BUSY),
            // No panic leaves a call with the lock held; if one did, the state says what is left.
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
        }
    }

    fn is_forked(&self) -> bool {
        self.process != std::process::id()
    }
}

impl Content {
    /// The connected client.
    pub fn client(&mut self) -> Result<&mut FtpsClient, Problem> {
        match &mut self.state {
            State::Open(client) => Ok(client),
            State::Options(_) => Err(Problem::new(
                FTPS_ERROR_WRONG_STATE,
                "the client is not connected: call ftps_client_connect() first",
            )),
            State::Closed => Err(closed()),
        }
    }

    /// The options, before the connection is made.
    pub fn options(&mut self) -> Result<&mut Options, Problem> {
        match &mut self.state {
            State::Options(options) => Ok(options),
            State::Open(_) => Err(Problem::new(
                FTPS_ERROR_WRONG_STATE,
                "the client is connected: this option is set before ftps_client_connect()",
            )),
            State::Closed => Err(closed()),
        }
    }
}

pub(super) fn closed() -> Problem {
    Problem::new(FTPS_ERROR_CLOSED, "the client was closed: make a new one")
}

/// Runs `work` on a client, and keeps what went wrong with it.
///
/// # Safety
///
/// `client` is NULL or a valid handle.
pub(super) unsafe fn call(
    client: *const ftps_client,
    work: impl FnOnce(&mut Content) -> Result<(), Problem>,
) -> c_int {
    // SAFETY: a valid handle, by this function's contract; its content is behind a lock.
    let Some(handle) = (unsafe { client.as_ref() }) else { return FTPS_ERROR_NULL.code() };
    let mut content = match handle.enter() {
        Ok(content) => content,
        Err(status) => return status.code(),
    };
    content.error = LastError::default();
    let outcome = logging::with_target(content.log, || {
        let defect = match guarded(|| work(&mut content)) {
            Ok(outcome) => return outcome,
            Err(defect) => defect,
        };
        content.give_up();
        let message = format!("a defect of libftps, please report it: {defect}");
        Err(Problem::new(FTPS_ERROR_INTERNAL, message))
    });
    let Err(problem) = outcome else { return FTPS_OK.code() };
    let code = problem.status.code();
    content.error = LastError::from(problem);
    code
}

/// What `read` makes of a client's content, or of the reason why it cannot be had. For accessors, which leave
/// the last error as it is.
///
/// # Safety
///
/// `client` is NULL or a valid handle.
pub(super) unsafe fn peek<R>(
    client: *const ftps_client,
    read: impl FnOnce(Result<&Content, ftps_status>) -> R,
) -> R {
    // SAFETY: a valid handle, by this function's contract; its content is behind a lock.
    let Some(handle) = (unsafe { client.as_ref() }) else { return read(Err(FTPS_ERROR_NULL)) };
    match handle.enter() {
        Ok(content) => read(Ok(&content)),
        Err(status) => read(Err(status)),
    }
}

/// Frees a client that is not in use. In a forked child nothing is said to the server: the parent goes on
/// with the connection.
///
/// # Safety
///
/// `client` is NULL or a valid handle, and not used again unless the answer is an error.
pub(super) unsafe fn free(client: *mut ftps_client) -> c_int {
    // SAFETY: a valid handle, by this function's contract.
    let Some(handle) = (unsafe { client.as_ref() }) else { return FTPS_ERROR_NULL.code() };
    // Also in a forked child: a lock that was held when it was forked is never released there.
    if let Err(status) = handle.try_lock().map(drop) {
        return status.code();
    }
    let forked = handle.is_forked();
    // SAFETY: the handle came from `Box::into_raw` in `ftps_client_new`; nobody is inside it, and nobody uses
    // it from here on.
    let handle = unsafe { Box::from_raw(client) };
    let content = handle.content.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Content { state, log, .. } = content;
    let end = || match state {
        State::Open(client) if forked => client.abandon(),
        other => drop(other),
    };
    // In a child the callback could wait for a lock that a thread of the parent held.
    let ended = logging::with_target(log.filter(|_| !forked), || guarded(end));
    ended.map_or(FTPS_ERROR_INTERNAL, |()| FTPS_OK).code()
}

/// Stops a panic, and gives its message.
pub(super) fn guarded<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    // What a panic leaves half done is given up by `Content::give_up`, or was to be freed anyway.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
    })
}

impl Content {
    /// After a panic the client is closed; dropping it resets an open transfer.
    fn give_up(&mut self) {
        let broken = std::mem::replace(&mut self.state, State::Closed);
        // A second panic ends here too; the message of the first is the one that tells.
        let _ = guarded(move || drop(broken));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status_and_closes_the_client() {
        let handle = Box::into_raw(Box::new(ftps_client::new(Options::new("host".into()))));
        // SAFETY: the handle is valid until `free`.
        unsafe {
            let code = call(handle, |_| panic!("the sky fell"));
            assert_eq!(code, FTPS_ERROR_INTERNAL.code());
            peek(handle, |content| {
                let content = content.expect("reachable");
                assert!(matches!(content.state, State::Closed));
                assert_eq!(content.error.status, FTPS_ERROR_INTERNAL);
            });
            assert_eq!(call(handle, |content| content.client().map(drop)), FTPS_ERROR_CLOSED.code());
            assert_eq!(free(handle), FTPS_OK.code());
        }
    }

    #[test]
    fn a_call_from_inside_a_call_is_told_that_the_client_is_busy() {
        let handle = Box::into_raw(Box::new(ftps_client::new(Options::new("host".into()))));
        // SAFETY: the handle is valid until `free`.
        unsafe {
            let mut inner = (0, 0);
            let outer = call(handle, |_| {
                inner = (call(handle, |_| Ok(())), free(handle));
                Ok(())
            });
            assert_eq!(inner, (FTPS_ERROR_BUSY.code(), FTPS_ERROR_BUSY.code()));
            assert_eq!(outer, FTPS_OK.code());
            assert_eq!(free(handle), FTPS_OK.code());
        }
    }
}
