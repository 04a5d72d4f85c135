//! Where a data connection goes: EPSV (RFC 2428), else PASV (RFC 959).

use super::commands::refusal;
use super::FtpsClient;
use crate::protocol::{parse_epsv, parse_pasv, Command};
use crate::{Error, Result};
use std::net::{IpAddr, SocketAddr};

/// What this login has learnt about passive mode.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PassiveState {
    epsv_refused: bool,
    /// A data connection has succeeded: the next command need not wait for its connection.
    pub proven: bool,
}

impl FtpsClient {
    /// Asks the server to listen, and returns where.
    pub(super) fn passive_address(&mut self) -> Result<SocketAddr> {
        if !self.passive.epsv_refused {
            let command = Command::new("EPSV", "")?;
            let reply = self.control.command(&command)?;
            if reply.code() == 229 {
                return Ok(SocketAddr::new(self.control.peer.ip(), parse_epsv(&reply)?));
            }
            if !reply.is_negative() {
                return Err(self.control.out_of_step(&command, reply));
            }
            if !reply.is_permanent_negative() || self.control.peer.is_ipv6() {
                return Err(refusal(&command, reply));
            }
            self.passive.epsv_refused = true;
        }
        self.pasv_address()
    }

    /// The port that PASV names, at the control connection's peer: servers behind NAT name private addresses or 0.0.0.0, and a
    /// foreign address would send the file elsewhere.
    fn pasv_address(&mut self) -> Result<SocketAddr> {
        let command = Command::new("PASV", "")?;
        let reply = self.control.command(&command)?;
        if reply.is_negative() {
            return Err(refusal(&command, reply));
        }
        if reply.code() != 227 {
            return Err(self.control.out_of_step(&command, reply));
        }
        let named = parse_pasv(&reply)?;
        let ip = match self.settings.trust_passive_address && !named.ip().is_unspecified() {
            true => IpAddr::V4(*named.ip()),
            false => self.control.peer.ip(),
        };
        Ok(SocketAddr::new(ip, named.port()))
    }

    /// A data connection that could not be made is no reason to go on without waiting for the next one.
    pub(super) fn note_data_failure(&mut self, error: &Error) {
        if matches!(error, Error::Connect(_) | Error::Timeout(_)) {
            self.passive.proven = false;
        }
    }
}
