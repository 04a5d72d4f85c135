//! Cancellation from another thread or a signal handler.

use super::handle::guarded;
use super::status::ftps_status::{
    FTPS_ERROR_FORKED, FTPS_ERROR_INTERNAL, FTPS_ERROR_LOCAL, FTPS_ERROR_NULL, FTPS_OK,
};
use crate::net::CancelToken;
use std::ffi::c_int;

/// Ends the waits of the clients that it was given to, from any thread.
///
/// Made by ftps_cancel_new(), freed by ftps_cancel_free(), at any time: clients keep what they need of it.
/// All its functions may be called from several threads at once.
pub struct ftps_cancel {
    process: u32,
    token: CancelToken,
}

impl ftps_cancel {
    pub(super) fn token(&self) -> Option<CancelToken> {
        (!self.is_forked()).then(|| self.token.clone())
    }

    /// The descriptors are shared with the process it was made in: a byte from here would wake that one's
    /// waits.
    fn is_forked(&self) -> bool {
        self.process != std::process::id()
    }
}

/// Makes a cancel object that is not set. `*cancel` is the caller's, to be freed by ftps_cancel_free(); NULL
/// after an error. Fails with FTPS_ERROR_LOCAL when the process is out of file descriptors.
#[no_mangle]
pub unsafe extern "C" fn ftps_cancel_new(cancel: *mut *mut ftps_cancel) -> c_int {
    if cancel.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    let (pointer, status) = match guarded(CancelToken::new) {
        Ok(Ok(token)) => {
            let cancel = ftps_cancel { process: std::process::id(), token };
            (Box::into_raw(Box::new(cancel)), FTPS_OK)
        }
        Ok(Err(_)) => (std::ptr::null_mut(), FTPS_ERROR_LOCAL),
        Err(_) => (std::ptr::null_mut(), FTPS_ERROR_INTERNAL),
    };
    // SAFETY: it is not NULL, and so, by this function's contract, may be written to.
    unsafe { cancel.write(pointer) };
    status.code()
}

/// Cancels: every call that a client with this object makes, now or later, fails with FTPS_ERROR_CANCELLED
/// until ftps_cancel_reset(). May be called from any thread and from a signal handler.
#[no_mangle]
pub unsafe extern "C" fn ftps_cancel_set(cancel: *const ftps_cancel) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { with_token(cancel, CancelToken::cancel) }
}

/// Makes the object fit for use again.
#[no_mangle]
pub unsafe extern "C" fn ftps_cancel_reset(cancel: *const ftps_cancel) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { with_token(cancel, CancelToken::reset) }
}

/// Frees the object. Clients that it was given to go on watching it, in the state in which it was left.
#[no_mangle]
pub unsafe extern "C" fn ftps_cancel_free(cancel: *mut ftps_cancel) -> c_int {
    if cancel.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: it came from `Box::into_raw` in `ftps_cancel_new`, and nobody uses it from here on.
    drop(unsafe { Box::from_raw(cancel) });
    FTPS_OK.code()
}

/// # Safety
///
/// `cancel` is NULL or a valid cancel object.
unsafe fn with_token(cancel: *const ftps_cancel, act: impl FnOnce(&CancelToken)) -> c_int {
    // SAFETY: a valid object, by this function's contract; all its functions take it shared.
    match unsafe { cancel.as_ref() } {
        None => FTPS_ERROR_NULL.code(),
        Some(cancel) if cancel.is_forked() => FTPS_ERROR_FORKED.code(),
        Some(cancel) => {
            act(&cancel.token);
            FTPS_OK.code()
        }
    }
}
