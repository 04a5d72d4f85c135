//! Status codes.

use crate::Error;
use std::ffi::{c_char, c_int, CStr};

/// What every call that can fail returns, as `int`. The numbers are never reused.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ftps_status {
    /// The call did what it says.
    FTPS_OK = 0,
    /// An argument or option cannot be used. Nothing was sent. Correct it and call again.
    FTPS_ERROR_INVALID_ARGUMENT = 1,
    /// The call does not fit the client's state: not connected, not logged in, a transfer is open or none is.
    /// Nothing was sent.
    FTPS_ERROR_WRONG_STATE = 2,
    /// An earlier failure left the control connection unusable. Close this client and connect with a new one.
    FTPS_ERROR_BROKEN = 3,
    /// The host name could not be resolved.
    FTPS_ERROR_RESOLVE = 4,
    /// No connection could be made: refused, unreachable.
    FTPS_ERROR_CONNECT = 5,
    /// The peer was silent, or too slow, for longer than the timeout allows.
    FTPS_ERROR_TIMEOUT = 6,
    /// The cancel object was set, or a callback asked to stop.
    FTPS_ERROR_CANCELLED = 7,
    /// An established connection broke.
    FTPS_ERROR_CONNECTION_LOST = 8,
    /// TLS failed: handshake, record layer, or an alert from the peer.
    FTPS_ERROR_TLS = 9,
    /// The peer's certificate was not accepted: untrusted, expired, for another name, not the pinned one, or
    /// on a data connection not the one of the control connection.
    FTPS_ERROR_CERTIFICATE = 10,
    /// A data connection did not resume the control connection's TLS session, and the server or the policy
    /// FTPS_RESUMPTION_REQUIRE insists on it.
    FTPS_ERROR_NOT_RESUMED = 11,
    /// The server refused the user, the password or the account (530, 532).
    FTPS_ERROR_LOGIN_REFUSED = 12,
    /// The server answered a command with 4xx (try again later) or 5xx (do not repeat unchanged).
    FTPS_ERROR_REFUSED = 13,
    /// The peer does not speak the protocol: malformed, unexpected or oversized replies and listings.
    FTPS_ERROR_PROTOCOL = 14,
    /// Fewer bytes arrived than the server had announced, or a download ended without TLS close_notify.
    FTPS_ERROR_TRUNCATED = 15,
    /// The caller's side failed: a local file, or a source or sink callback.
    FTPS_ERROR_LOCAL = 16,
    /// A pointer is NULL that must not be. Nothing was done.
    FTPS_ERROR_NULL = 17,
    /// The client is in use: by another thread, or by the call from which this callback was called. Nothing
    /// was done.
    FTPS_ERROR_BUSY = 18,
    /// The client was closed. Nothing was done.
    FTPS_ERROR_CLOSED = 19,
    /// This process was forked from the one that made the handle: the connection belongs to that one. Nothing
    /// was done.
    FTPS_ERROR_FORKED = 20,
    /// A defect of libftps was caught. The client is closed, and an open transfer was given up. Please report
    /// the message.
    FTPS_ERROR_INTERNAL = 21,
    /// The local and the remote content are not the same, or not one the beginning of the other. Neither was
    /// changed, unless the message says so.
    FTPS_ERROR_MISMATCH = 22,
}

use ftps_status::*;

impl ftps_status {
    /// The number that a call returns.
    pub(super) fn code(self) -> c_int {
        self as c_int
    }

    fn text(self) -> &'static CStr {
        match self {
            FTPS_OK => c"success",
            FTPS_ERROR_INVALID_ARGUMENT => c"an argument or option cannot be used",
            FTPS_ERROR_WRONG_STATE => c"the call does not fit the client's state",
            FTPS_ERROR_BROKEN => c"the control connection is unusable since an earlier failure",
            FTPS_ERROR_RESOLVE => c"the host name could not be resolved",
            FTPS_ERROR_CONNECT => c"no connection could be made",
            FTPS_ERROR_TIMEOUT => c"the peer was silent or too slow",
            FTPS_ERROR_CANCELLED => c"cancelled by the caller",
            FTPS_ERROR_CONNECTION_LOST => c"an established connection broke",
            FTPS_ERROR_TLS => c"TLS failed",
            FTPS_ERROR_CERTIFICATE => c"the server's certificate was not accepted",
            FTPS_ERROR_NOT_RESUMED => {
                c"a data connection did not resume the control connection's TLS session"
            }
            FTPS_ERROR_LOGIN_REFUSED => c"the login was refused",
            FTPS_ERROR_REFUSED => c"the server refused a command",
            FTPS_ERROR_PROTOCOL => c"the server does not keep to the protocol",
            FTPS_ERROR_TRUNCATED => c"what arrived is not whole, or not known to be",
            FTPS_ERROR_LOCAL => c"a local file or a callback of the caller failed",
            FTPS_ERROR_NULL => c"a pointer is NULL that must not be",
            FTPS_ERROR_BUSY => c"the client is in use by another call",
            FTPS_ERROR_CLOSED => c"the client was closed",
            FTPS_ERROR_FORKED => c"the handle belongs to the process from which this one was forked",
            FTPS_ERROR_INTERNAL => c"a defect of libftps was caught",
            FTPS_ERROR_MISMATCH => c"the local and the remote content differ",
        }
    }

    const ALL: [ftps_status; 23] = [
        FTPS_OK,
        FTPS_ERROR_INVALID_ARGUMENT,
        FTPS_ERROR_WRONG_STATE,
        FTPS_ERROR_BROKEN,
        FTPS_ERROR_RESOLVE,
        FTPS_ERROR_CONNECT,
        FTPS_ERROR_TIMEOUT,
        FTPS_ERROR_CANCELLED,
        FTPS_ERROR_CONNECTION_LOST,
        FTPS_ERROR_TLS,
        FTPS_ERROR_CERTIFICATE,
        FTPS_ERROR_NOT_RESUMED,
        FTPS_ERROR_LOGIN_REFUSED,
        FTPS_ERROR_REFUSED,
        FTPS_ERROR_PROTOCOL,
        FTPS_ERROR_TRUNCATED,
        FTPS_ERROR_LOCAL,
        FTPS_ERROR_NULL,
        FTPS_ERROR_BUSY,
        FTPS_ERROR_CLOSED,
        FTPS_ERROR_FORKED,
        FTPS_ERROR_INTERNAL,
        FTPS_ERROR_MISMATCH,
    ];
}

impl From<&Error> for ftps_status {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidArgument(_) => FTPS_ERROR_INVALID_ARGUMENT,
            Error::WrongState(_) => FTPS_ERROR_WRONG_STATE,
            Error::Broken(_) => FTPS_ERROR_BROKEN,
            Error::Resolve(_) => FTPS_ERROR_RESOLVE,
            Error::Connect(_) => FTPS_ERROR_CONNECT,
            Error::Timeout(_) => FTPS_ERROR_TIMEOUT,
            Error::Cancelled(_) => FTPS_ERROR_CANCELLED,
            Error::ConnectionLost(_) => FTPS_ERROR_CONNECTION_LOST,
            Error::Tls(_) => FTPS_ERROR_TLS,
            Error::Certificate(_) => FTPS_ERROR_CERTIFICATE,
            Error::NotResumed(_) => FTPS_ERROR_NOT_RESUMED,
            Error::LoginRefused(_) => FTPS_ERROR_LOGIN_REFUSED,
            Error::Refused(_) => FTPS_ERROR_REFUSED,
            Error::Protocol(_) => FTPS_ERROR_PROTOCOL,
            Error::Truncated(_) => FTPS_ERROR_TRUNCATED,
            Error::Local(_) => FTPS_ERROR_LOCAL,
            Error::Mismatch(_) => FTPS_ERROR_MISMATCH,
        }
    }
}

/// A few English words for a status; for a number that is none, they say so. Never NULL; valid as long as the
/// library is loaded. ftps_client_error_message() tells more.
#[no_mangle]
pub extern "C" fn ftps_status_text(status: c_int) -> *const c_char {
    let known = ftps_status::ALL.into_iter().find(|known| known.code() == status);
    known.map_or(c"a number that is no status of libftps", ftps_status::text).as_ptr()
}
