//! Another attempt where one can help: after a while, on a new connection if need be, and from where the last one ended.

use super::control::{cancelled, lost, overdue};
use super::FtpsClient;
use crate::net::Woken;
use crate::{Cause, Error, Result};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How often, and when, to try again what failed for a reason that may pass: a broken connection or one that cannot be
/// made, silence, and the replies 421, 425, 426 and 450.
///
/// Repeated are commands that only ask, the opening of a transfer, and whole files: downloads, and uploads from a
/// file or another source that can be read again. Those go on where they were cut off, once the bytes before that were
/// compared. A command that changes something is repeated only where it was refused: where its reply was lost, nobody
/// knows whether it was done.
///
/// Where the control connection is lost the client connects and logs in again and restores TYPE, directory and
/// options, which needs the password: set the policy before the login. It does not do that after a raw command that
/// may have changed what the client does not know of.
#[derive(Clone)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    first_delay: Duration,
    longest_delay: Duration,
    observer: Option<RetryObserver>,
}

/// Sees each attempt before it is made, on the thread that makes the call. `false`: it is not made, and the error is the
/// call's.
pub type RetryObserver = Arc<dyn Fn(&Retry<'_>) -> bool + Send + Sync>;

/// Another attempt, before it is made.
#[derive(Debug)]
pub struct Retry<'a> {
    /// Why the last one failed.
    pub error: &'a Error,
    /// Which one it is, from 1 on, since the transfer last came further.
    pub attempt: u32,
    /// How long it waits.
    pub delay: Duration,
    /// How many bytes of the file are known to have arrived; 0 for what is no transfer.
    pub offset: u64,
}

impl RetryPolicy {
    /// At most `attempts` more in a row. A transfer that comes further than before begins to count anew.
    pub fn new(attempts: u32) -> Self {
        RetryPolicy {
            attempts,
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(60),
            observer: None,
        }
    }

    /// How long to wait before the first one (default 1 s). Each wait is twice as long as the one before.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// The longest wait (default 60 s).
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Shows every attempt to `observer`, which may forbid it (default: none).
    pub fn observer(mut self, observer: impl Into<Option<RetryObserver>>) -> Self {
        self.observer = observer.into();
        self
    }

    fn delay(&self, attempt: u32) -> Duration {
        let factor = 1 << attempt.saturating_sub(1).min(31);
        self.first_delay.saturating_mul(factor).min(self.longest_delay)
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("first_delay", &self.first_delay)
            .field("longest_delay", &self.longest_delay)
            .finish_non_exhaustive()
    }
}

/// The attempts at one operation.
#[derive(Default)]
pub(super) struct Attempts {
    failed: u32,
    reached: u64,
    is_last: bool,
}

impl Attempts {
    /// So many bytes have arrived for certain.
    pub fn note_progress(&mut self, reached: u64) {
        if reached > self.reached {
            (self.reached, self.failed) = (reached, 0);
        }
    }

    /// Whatever happens, there is no other: it would do something twice.
    pub fn make_last(&mut self) {
        self.is_last = true;
    }
}

impl FtpsClient {
    /// Other rules for trying again, from the next operation on; `None`, the default, is never.
    pub fn set_retry_policy(&mut self, policy: Option<RetryPolicy>) {
        self.settings.retry = policy;
    }

    /// Makes `attempt`, and makes it again as the policy allows.
    pub(super) fn retrying<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self, &mut Attempts) -> Result<T>,
    ) -> Result<T> {
        let mut attempts = Attempts::default();
        if self.is_retried || self.settings.retry.is_none() {
            return attempt(self, &mut attempts);
        }
        self.in_steps(|client| {
            let client = Retried::new(client);
            loop {
                let error = match attempt(&mut *client.0, &mut attempts) {
                    Ok(value) => return Ok(value),
                    Err(error) => error,
                };
                client.0.prepare_retry(&mut attempts, error)?;
            }
        })
    }

    /// Waits, and connects again where that is needed, or gives `error` back.
    fn prepare_retry(&mut self, attempts: &mut Attempts, mut error: Error) -> Result<()> {
        loop {
            self.await_retry(attempts, error)?;
            if self.control.is_usable() {
                return Ok(());
            }
            match self.reconnect() {
                Ok(()) => return Ok(()),
                Err(failed) => error = failed,
            }
        }
    }

    fn await_retry(&mut self, attempts: &mut Attempts, error: Error) -> Result<()> {
        let Some(policy) = self.settings.retry.clone() else { return Err(error) };
        let can_go_on = self.control.is_usable() || self.can_be_restored();
        if !is_passing(&error) || !can_go_on || attempts.is_last || attempts.failed >= policy.attempts {
            return Err(error);
        }
        attempts.failed += 1;
        let attempt = attempts.failed;
        let retry = Retry { error: &error, attempt, delay: policy.delay(attempt), offset: attempts.reached };
        log::info!("trying again in {:?} (attempt {attempt}): {error}", retry.delay);
        if !policy.observer.as_ref().is_none_or(|observer| observer(&retry)) {
            return Err(error);
        }
        let delay = retry.delay;
        match self.counted(|client| client.pause(delay)) {
            // There is no time for another.
            Err(Error::Timeout(_)) => Err(error),
            outcome => outcome,
        }
    }

    fn pause(&mut self, delay: Duration) -> Result<()> {
        let until = self.control.network.now() + delay;
        let end = self.control.budget.limit(until);
        match self.control.network.wait(&mut [], end, self.control.cancel.as_ref()).map_err(lost)? {
            Woken::Cancelled => Err(cancelled()),
            _ if end < until => Err(overdue()),
            _ => Ok(()),
        }
    }
}

/// Attempts do not nest: what is tried again as a whole is not tried again in its parts. Ends also where a callback of
/// the caller's panics.
struct Retried<'a>(&'a mut FtpsClient);

impl<'a> Retried<'a> {
    fn new(client: &'a mut FtpsClient) -> Self {
        client.is_retried = true;
        Retried(client)
    }
}

impl Drop for Retried<'_> {
    fn drop(&mut self) {
        self.0.is_retried = false;
    }
}

/// What may be otherwise a moment later.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Resolve(_)
        | Error::Connect(_)
        | Error::Timeout(_)
        | Error::ConnectionLost(_)
        | Error::Broken(_)
        | Error::Truncated(_) => true,
        Error::Refused(_) => error.reply().is_some_and(|reply| match reply.code() {
            421 | 425 | 426 | 450 => true,
            // Pure-FTPd's reply to a transfer whose data connection broke.
            451 => matches!(error.cause(), Some(Cause::Error(cause)) if matches!(**cause, Error::ConnectionLost(_))),
            _ => false,
        }),
        _ => false,
    }
}
