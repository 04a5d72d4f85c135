//! How waiting on a connection fails.

use crate::{Error, Failure};
use std::io;

pub(in crate::client) fn timeout(what: &str) -> Error {
    Error::Timeout(Failure::new(format!("{what} did not come in time")))
}

/// The whole operation took too long, whatever it was waiting for.
pub(in crate::client) fn overdue() -> Error {
    Error::Timeout(Failure::new("the operation took longer than the timeouts allow for a whole one"))
}

pub(in crate::client) fn cancelled() -> Error {
    Error::Cancelled(Failure::new("cancelled by the caller"))
}

pub(in crate::client) fn lost(error: io::Error) -> Error {
    Error::ConnectionLost(Failure::new("the connection broke").with_cause(error))
}

pub(super) fn closed() -> Error {
    Error::ConnectionLost(Failure::new("the server closed the control connection"))
}
