//! EPSV or PASV for the next data connection, asked while the current transfer still ends: a round trip fewer
//! for each file of a batch of downloads (`docs/design.md`, section 3b).

use super::control::ControlConnection;
use crate::protocol::{Command, Reply};
use crate::{Error, Result};
use std::time::Instant;

/// A question that went out behind a transfer command, and what became of it.
#[derive(Debug, Default)]
pub(super) enum Ahead {
    #[default]
    Nothing,
    /// Its reply comes next, behind that of the transfer.
    Asked(Command),
    Answered(Answer),
}

#[derive(Debug)]
pub(super) struct Answer {
    pub command: Command,
    pub reply: Reply,
    pub since: Instant,
}

impl ControlConnection {
    /// Sends `command` without waiting for its reply. Only once all payload has come: in the middle of a
    /// transfer ProFTPD would answer 450, ahead of the transfer's own reply.
    pub fn ask_ahead(&mut self, command: Command) -> Result<()> {
        self.send_now(&command)?;
        self.ahead = Ahead::Asked(command);
        Ok(())
    }

    /// Takes the reply to what was asked ahead, before it can be taken for another's. When cancelled, the
    /// next call goes on with it.
    pub fn collect_ahead(&mut self) -> Result<()> {
        let Ahead::Asked(command) = &self.ahead else { return Ok(()) };
        let command = command.clone();
        let deadline = self.budget.limit(self.reply_deadline());
        let cancel = self.cancel.clone();
        let reply = match self.wait_for_reply(deadline, cancel.as_ref()) {
            Err(error @ Error::Cancelled(_)) => return Err(error),
            outcome => self.breaking(outcome)?,
        };
        if !reply.is_negative() && !matches!(reply.code(), 227 | 229) {
            return Err(self.out_of_step(&command, reply));
        }
        self.ahead = Ahead::Answered(Answer { command, reply, since: self.network.now() });
        Ok(())
    }

    /// Keeps a reply that answers what was asked ahead although the transfer's own is still to come: a server
    /// that takes commands while a transfer ends may be quicker with the one. Gives any other reply back.
    pub fn keep_answer(&mut self, reply: Reply) -> Option<Reply> {
        match std::mem::take(&mut self.ahead) {
            Ahead::Asked(command) if matches!(reply.code(), 227 | 229) => {
                self.ahead = Ahead::Answered(Answer { command, reply, since: self.network.now() });
                None
            }
            other => {
                self.ahead = other;
                Some(reply)
            }
        }
    }

    /// The answer to what was asked ahead, if anything was.
    pub fn take_answer(&mut self) -> Result<Option<Answer>> {
        self.settle()?;
        self.collect_ahead()?;
        match std::mem::take(&mut self.ahead) {
            Ahead::Answered(answer) => Ok(Some(answer)),
            Ahead::Nothing | Ahead::Asked(_) => Ok(None),
        }
    }
}
