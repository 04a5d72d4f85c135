//! What became of a plan.

use super::plan::Action;
use super::PathError;
use crate::Error;
use std::fmt;

/// What became of a plan. Everything that the plan says is in it: done, failed, or not tried.
#[derive(Debug, Default)]
pub struct Report {
    /// Files transferred.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Directories made.
    pub directories: u64,
    /// Files, links and directories deleted from the target.
    pub deleted: u64,
    /// Files in which nothing had to be done, or which the plan leaves out with a reason.
    pub skipped: u64,
    /// Uploaded files whose time the server did not set.
    pub times_not_set: u64,
    /// Steps that failed, and problems of the plan.
    pub failures: Vec<ActionFailure>,
    /// Steps that were not tried, because the mirror was stopped or no connection was left.
    pub not_done: Vec<Action>,
    /// Why something was left: the mirror was stopped by its caller, or no connection was left for what was not tried. `None`
    /// where nothing was left, and where [`failures`](Self::failures) tell it.
    pub ended_by: Option<Error>,
}

/// A step that failed.
#[derive(Debug)]
pub struct ActionFailure {
    /// The path beneath both roots.
    pub path: Vec<u8>,
    /// What was to be done; `None`: it could not even be planned.
    pub action: Option<Action>,
    /// Why it failed.
    pub error: Error,
}

impl Report {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.not_done.is_empty()
    }

    pub(super) fn with_problems(mut self, problems: Vec<PathError>) -> Report {
        let problems = problems.into_iter();
        self.failures.extend(problems.map(|PathError { path, error }| ActionFailure {
            path,
            action: None,
            error,
        }));
        self
    }
}

impl fmt::Display for ActionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.action {
            Some(action) => write!(f, "{action}: {}", self.error),
            None => write!(f, "{}: {}", self.path.escape_ascii(), self.error),
        }
    }
}

/// A line of numbers, and one for each step that is not done.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} files ({} bytes) transferred, {} directories made, {} deleted, {} skipped, {} failed, {} not done",
            self.files,
            self.bytes,
            self.directories,
            self.deleted,
            self.skipped,
            self.failures.len(),
            self.not_done.len()
        )?;
        self.failures.iter().try_for_each(|failure| writeln!(f, "failed: {failure}"))?;
        self.not_done.iter().try_for_each(|action| writeln!(f, "not done: {action}"))?;
        match &self.ended_by {
            Some(error) => writeln!(f, "because: {error}"),
            None => Ok(()),
        }
    }
}
