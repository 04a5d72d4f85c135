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

    pub fn is_running(&self) -> bool {
        self.end.is_some()
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
        if !self.is_in_steps {
            self.control.budget = Budget::new(self.settings.timeouts.operation);
        }
        self.counted(call)
    }

    /// One operation to the caller that is made of several: they have its time together.
    pub(super) fn in_steps<T>(&mut self, steps: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.is_in_steps {
            return steps(self);
        }
        self.control.budget = Budget::new(self.settings.timeouts.operation);
        self.is_in_steps = true;
        let all = Steps(self);
        steps(&mut *all.0)
    }

    /// A part of an operation. Fails before it begins where the caller has cancelled, which a call that never
    /// waits would not notice, or where no time is left.
    pub(super) fn counted<T>(&mut self, call: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.control.check_not_cancelled()?;
        self.counting(|client| match client.control.budget.is_spent(client.control.network.now()) {
            true => Err(overdue()),
            false => call(client),
        })
    }

    /// Work that counts too, in the midst of a part of an operation or behind it, and is begun even where no time is left.
    pub(super) fn counting<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        if self.control.budget.is_running() {
            return work(self);
        }
        self.control.budget.resume(self.control.network.now());
        let outcome = work(self);
        self.control.budget.pause(self.control.network.now());
        outcome
    }
}

/// Ends with the last of the steps, also where a callback of the caller's panics in one.
struct Steps<'a>(&'a mut FtpsClient);

impl Drop for Steps<'_> {
    fn drop(&mut self) {
        self.0.is_in_steps = false;
    }
}
