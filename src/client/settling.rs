//! After a transfer was abandoned: back in step, or broken.

use super::ahead::Ahead;
use super::control::ControlConnection;
use crate::protocol::{Command, Reply};
use crate::{Error, Result};
use std::time::Duration;

/// How long an abandoned transfer's reply is waited for, before ABOR.
const SETTLE: Duration = Duration::from_secs(2);

/// What is still to come after a transfer was abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsettled {
    /// Its final reply.
    FinalReply,
    /// Any number of replies, to NOOPs too, and then that to PWD.
    Marker,
}

impl ControlConnection {
    pub fn mark_unsettled(&mut self) {
        self.unsettled = Some(Unsettled::FinalReply);
    }

    /// Waits for the final reply of a transfer that was abandoned; a server that stays silent is asked with
    /// ABOR. The reply to PWD then shows that everything before it has come, and so it does for NOOPs without a reply.
    /// When cancelled, the next call goes on with it.
    pub fn settle(&mut self) -> Result<()> {
        if self.unsettled == Some(Unsettled::FinalReply) {
            if self.read_until(|reply| !reply.is_preliminary())? {
                self.unsettled = None;
            } else {
                // vsftpd answers ABOR with 426 and 225, ProFTPD with 226 and 426.
                self.send_now(&Command::new("ABOR", "")?)?;
                self.send_marker()?;
                // Its reply is one of those before the marker.
                self.ahead = Ahead::Nothing;
            }
        }
        if self.unsettled.is_none() && self.unanswered_noops > 0 {
            self.collect_ahead()?;
            self.send_marker()?;
        }
        if self.unsettled == Some(Unsettled::Marker) {
            if !self.read_until(|reply| reply.code() == 257)? {
                self.mark_broken("the server did not answer after a transfer was abandoned");
            }
            (self.unsettled, self.unanswered_noops) = (None, 0);
        }
        self.check_usable()
    }

    fn send_marker(&mut self) -> Result<()> {
        self.send_now(&Command::new("PWD", "")?)?;
        self.unsettled = Some(Unsettled::Marker);
        Ok(())
    }

    /// Takes replies up to the one that is wanted. False: it did not come.
    fn read_until(&mut self, wanted: impl Fn(&Reply) -> bool) -> Result<bool> {
        let deadline = self.network.now() + SETTLE;
        let cancel = self.cancel.clone();
        loop {
            match self.wait_for_reply(deadline, cancel.as_ref()) {
                Ok(reply) if self.answers_noop(&reply) => {}
                Ok(reply) => {
                    if self.keep_answer(reply).is_some_and(|reply| wanted(&reply)) {
                        return Ok(true);
                    }
                }
                Err(Error::Timeout(_)) if !self.budget.is_spent(self.network.now()) => return Ok(false),
                Err(error @ (Error::Timeout(_) | Error::Cancelled(_))) => return Err(error),
                Err(error) => return self.breaking(Err(error)),
            }
        }
    }
}
