//! What a handle remembers of its last call: the error, and the server's reply.

use super::status::ftps_status;
use super::strings::Terminated;
use crate::protocol::Reply;
use crate::{Error, Failure};
use std::ffi::c_int;

/// Why a call failed.
#[derive(Debug)]
pub(super) struct Problem {
    pub status: ftps_status,
    error: Error,
}

impl Problem {
    /// A failure that only this room knows.
    pub fn new(status: ftps_status, message: impl Into<String>) -> Self {
        Problem { status, error: Error::InvalidArgument(Failure::new(message)) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem { status: ftps_status::from(&error), error }
    }
}

/// The last error of a handle, in the form in which C asks for it.
pub(super) struct LastError {
    pub status: ftps_status,
    pub message: Terminated,
    pub reply_code: c_int,
    pub reply_text: Terminated,
    pub errno: c_int,
    pub tls_alert: c_int,
    pub bytes_moved: u64,
}

impl Default for LastError {
    fn default() -> Self {
        LastError {
            status: ftps_status::FTPS_OK,
            message: Terminated::default(),
            reply_code: 0,
            reply_text: Terminated::default(),
            errno: 0,
            tls_alert: -1,
            bytes_moved: 0,
        }
    }
}

impl From<Problem> for LastError {
    fn from(Problem { status, error }: Problem) -> Self {
        LastError {
            status,
            message: Terminated::text(&error.to_string()),
            reply_code: error.reply().map_or(0, |reply| reply.code().into()),
            reply_text: error.reply().map(|reply| Terminated::text(&reply.text())).unwrap_or_default(),
            errno: error.errno().unwrap_or(0),
            tls_alert: error.tls_alert().map_or(-1, c_int::from),
            bytes_moved: error.bytes_moved(),
        }
    }
}

/// The reply that the last call which returns one received.
#[derive(Default)]
pub(super) struct LastReply {
    pub code: c_int,
    pub text: Terminated,
    pub raw: Terminated,
}

impl From<&Reply> for LastReply {
    fn from(reply: &Reply) -> Self {
        LastReply {
            code: reply.code().into(),
            text: Terminated::text(&reply.text()),
            raw: Terminated::new(reply.raw()),
        }
    }
}
