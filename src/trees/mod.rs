//! Whole trees: what is beneath a directory, on the server and here.
//!
//! [`FtpsClient::walk`](crate::FtpsClient::walk), [`glob`](crate::FtpsClient::glob) and
//! [`delete_tree`](crate::FtpsClient::delete_tree) work on the server alone; a [`Mirror`] makes one side like the other, over one
//! connection or several, by a [`Plan`] that can be looked at first.

mod compare;
mod delete;
mod execution;
mod local_name;
mod local_root;
mod mirror;
mod new_file;
mod pattern;
mod plan;
mod remote_path;
mod report;
mod scan;
mod transfers;
mod walk;
mod watcher;

pub use compare::Compare;
pub use delete::Deleted;
pub use execution::{Execution, OnFailure, Progress};
pub use local_name::{refusal, Platform};
pub use mirror::Mirror;
pub use pattern::Pattern;
pub use plan::{Action, ActionKind, Plan, Reason};
pub use report::{ActionFailure, Report};
pub use walk::{Found, Walk, Walker};

use crate::{Error, FtpsClient};
use std::fmt;

/// What could not be done, and with which file or directory.
#[derive(Debug)]
pub struct PathError {
    /// The path, in the bytes of its side.
    pub path: Vec<u8>,
    /// Why.
    pub error: Error,
}

impl PathError {
    fn new(path: impl Into<Vec<u8>>, error: Error) -> PathError {
        PathError { path: path.into(), error }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", String::from_utf8_lossy(&self.path), self.error)
    }
}

impl std::error::Error for PathError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// Whether `error` is one file's, after which others can be worked on.
fn goes_on_after(client: &FtpsClient, error: &Error) -> bool {
    client.is_usable() && !matches!(error, Error::Cancelled(_))
}
