//! The time that one operation of the caller's may take as a whole.

use super::control::overdue;
use super::FtpsClient;
use crate::Result;
use std::time::{Duration, Instant};

/// What is left of it. It runs only while the client works: what passes in the caller's callbacks, and between the
/// calls of a transfer, does not count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    left: Option<Duration>,
    /// The end, while it runs.
    end: Option<Instant>,
}

impl Budget {
    /// None: no limit.
    pub fn new(limit: Option<Duration>) -> Budget {
        Budget { left: limit, end: None }
    }

    pub fn is_limited(&self) -> bool {
        self.left.is_some()
    }

    pub fn resume(&mut self, now: Instant) {
        self.end = self.left.map(|left| now + left);
    }

    pub fn pause(&mut self, now: Instant) {
        if let Some(end) = self.end.take() {
            self.left = Some(end.saturating_duration_since(now));
        }
    }

    /// The earlier one of `deadline` and the end.
    pub fn limit(&self, deadline: Instant) -> Instant {
        self.end.map_or(deadline, |end| end.min(deadline))
    }

    pub fn is_spent(&self, now: Instant) -> bool {
        self.end.is_some_and(|end| end <= now)
    }
}

impl FtpsClient {
    /// A call of the caller's that is an operation of its own, or the first of several.
    pub(super) fn operation<T>(&mut self, call: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.control.budget = Budget::new(self.settings.timeouts.operation);
        self.counted(call)
    }

    /// A part of an operation. Fails before it begins where the caller has cancelled, which a call that never
    /// waits would not notice, or where no time is left.
    pub(super) fn counted<T>(&mut self, call: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.control.check_not_cancelled()?;
        if !self.control.budget.is_limited() {
            return call(self);
        }
        let now = self.control.network.now();
        self.control.budget.resume(now);
        let outcome = match self.control.budget.is_spent(now) {
            true => Err(overdue()),
            false => call(self),
        };
        let now = self.control.network.now();
        self.control.budget.pause(now);
        outcome
    }
}
