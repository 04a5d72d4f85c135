//! NOOP, so that neither the server nor a NAT in between takes the control connection for dead, and whose reply is whose.

use super::ahead::Ahead;
use super::control::ControlConnection;
use super::FtpsClient;
use crate::protocol::{Command, Reply};
use crate::Result;
use std::time::{Duration, Instant};

/// Unanswered NOOPs at most: some servers read no command before the transfer's end, and their buffers are finite.
const MAX_UNANSWERED: u32 = 500;

impl FtpsClient {
    /// Sends NOOP whenever the control connection has been silent for `interval` while a transfer is under way, from now
    /// on; `None`, the default, is never. Between operations nothing is sent: call [`keep_alive`](Self::keep_alive).
    pub fn set_keep_alive(&mut self, interval: Option<Duration>) {
        self.control.keep_alive = interval;
    }

    /// For idle times: sends NOOP where the control connection has been silent for the interval of
    /// [`set_keep_alive`](Self::set_keep_alive), and does nothing otherwise. Also while a transfer is open, which then
    /// goes on.
    pub fn keep_alive(&mut self) -> Result<()> {
        match &self.transfer {
            Some(_) => self.counted(Self::keep_control_alive).map_err(|error| self.fail(error)),
            None if self.control.is_noop_due() => self.noop(),
            None => Ok(()),
        }
    }

    /// In the midst of a transfer: the NOOP that is due, if one is, and the replies that have come. Neither is waited for.
    pub(super) fn keep_control_alive(&mut self) -> Result<()> {
        if !self.control.is_noop_due() {
            return Ok(());
        }
        self.take_replies()?;
        self.control.send_noop()
    }
}

impl ControlConnection {
    /// When the next NOOP is due, if ever.
    pub fn noop_time(&self) -> Option<Instant> {
        let is_possible = matches!(self.ahead, Ahead::Nothing) && self.unanswered_noops < MAX_UNANSWERED;
        self.keep_alive.filter(|_| is_possible).map(|interval| self.last_sent + interval)
    }

    pub fn is_noop_due(&self) -> bool {
        self.noop_time().is_some_and(|time| time <= self.network.now())
    }

    /// Sends NOOP without waiting for its reply.
    pub fn send_noop(&mut self) -> Result<()> {
        self.send_now(&Command::new("NOOP", "")?)?;
        self.unanswered_noops += 1;
        Ok(())
    }

    /// Whether `reply`, which came while a transfer was under way or at its end, answers a NOOP. It is counted then.
    ///
    /// A server answers at once, or after the transfer, or never: only the reply itself tells. Those that end a transfer
    /// are others (RFC 959 section 5.4).
    pub fn answers_noop(&mut self, reply: &Reply) -> bool {
        let is_answer = self.unanswered_noops > 0 && is_of_noop(reply);
        self.unanswered_noops -= u32::from(is_answer);
        is_answer
    }
}

/// 200; or that the server does not know it, or does not take it now: ProFTPD's `450 NOOP: data transfer in progress`.
fn is_of_noop(reply: &Reply) -> bool {
    match reply.code() {
        200 | 500..=503 => true,
        450 => {
            let text = reply.text().to_ascii_lowercase();
            text.contains("noop") || text.contains("transfer in progress")
        }
        _ => false,
    }
}
