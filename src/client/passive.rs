//! Where a data connection goes: EPSV (RFC 2428), else PASV (RFC 959).

use super::ahead::Answer;
use super::commands::refusal;
use super::route::Route;
use super::{Direction, FtpsClient};
use crate::protocol::{parse_epsv, parse_pasv, Command, Reply};
use crate::{Error, Result};
use std::time::Duration;

/// How long an address is used that was asked for ahead: a server may stop listening when nobody comes.
const ADDRESS_LASTS: Duration = Duration::from_secs(3);

/// What this login has learnt about passive mode.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PassiveState {
    epsv_refused: bool,
    /// A data connection has succeeded: the next command need not wait for its connection.
    pub proven: bool,
    /// The last transfer was a download that succeeded: where this one is another, there may be more.
    batch: bool,
    /// The address in use was asked for ahead.
    told_ahead: bool,
    /// Such an address has failed.
    ahead_failed: bool,
}

impl FtpsClient {
    /// Asks the server to listen, and returns where.
    pub(super) fn passive_address(&mut self, direction: Direction) -> Result<Route> {
        let answer = self.control.take_answer()?;
        self.passive.told_ahead = false;
        if let Some(address) = answer.and_then(|answer| self.address_asked_ahead(answer, direction)) {
            self.passive.told_ahead = true;
            return Ok(address);
        }
        if !self.passive.epsv_refused {
            let command = Command::new("EPSV", "")?;
            let reply = self.control.command(&command)?;
            if !reply.is_permanent_negative() || self.control.route.is_ipv6() {
                return self.address_in(&command, reply);
            }
            self.passive.epsv_refused = true;
        }
        let command = Command::new("PASV", "")?;
        let reply = self.control.command(&command)?;
        self.address_in(&command, reply)
    }

    /// Asks for the next data connection's address while this download ends, where there are more downloads to expect.
    pub(super) fn ask_for_next_address(&mut self) -> Result<()> {
        let is_quiet = self.control.unanswered_noops == 0;
        if self.is_active_mode() || !self.passive.batch || self.passive.ahead_failed || !is_quiet {
            return Ok(());
        }
        let verb = if self.passive.epsv_refused { "PASV" } else { "EPSV" };
        self.control.ask_ahead(Command::new(verb, "")?)
    }

    /// None: it has to be asked for anew. An upload is not entrusted to an address that the server may have
    /// given up: its STOR would truncate the target for nothing.
    fn address_asked_ahead(&mut self, answer: Answer, direction: Direction) -> Option<Route> {
        let age = self.control.network.now().saturating_duration_since(answer.since);
        if direction == Direction::Upload || age > ADDRESS_LASTS {
            return None;
        }
        self.address_in(&answer.command, answer.reply).ok()
    }

    /// The address that the reply to EPSV or PASV names.
    fn address_in(&mut self, command: &Command, reply: Reply) -> Result<Route> {
        match (command.verb(), reply.code()) {
            ("EPSV", 229) => Ok(self.control.route.to_port(parse_epsv(&reply)?)),
            ("PASV", 227) => self.pasv_address(&reply),
            _ if reply.is_negative() => Err(refusal(command, reply)),
            _ => Err(self.control.out_of_step(command, reply)),
        }
    }

    /// The port that PASV names, at the control connection's peer: servers behind NAT name private addresses
    /// or 0.0.0.0, and a foreign address would send the file elsewhere.
    fn pasv_address(&self, reply: &Reply) -> Result<Route> {
        let named = parse_pasv(reply)?;
        match self.settings.trust_passive_address && !named.ip().is_unspecified() {
            true => Ok(self.control.route.to_address(named.into())),
            false => Ok(self.control.route.to_port(named.port())),
        }
    }

    pub(super) fn note_data_success(&mut self, direction: Direction) {
        self.passive.batch = direction == Direction::Download;
        self.passive.proven |= !self.is_active_mode();
    }

    /// A data connection that could not be made is no reason to go on without waiting for the next one. True
    /// where a newly asked address may help.
    pub(super) fn note_data_failure(&mut self, error: &Error) -> bool {
        self.passive.batch = false;
        if self.is_active_mode() || !matches!(error, Error::Connect(_) | Error::Timeout(_)) {
            return false;
        }
        self.passive.proven = false;
        self.passive.ahead_failed |= self.passive.told_ahead;
        self.passive.told_ahead && matches!(error, Error::Connect(_)) && self.control.is_usable()
    }
}
