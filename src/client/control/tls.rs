//! Where TLS begins on the control connection, and where it ends before the connection does.

use super::failures::closed;
use super::wire::read_socket;
use super::ControlConnection;
use crate::net::Interest;
use crate::tls::{ControlSession, StreamEnd, TlsSession};
use crate::{Error, Failure, Result};
use std::time::Instant;

/// What is between commands and the wire.
pub(super) enum Protection {
    /// TLS has not begun.
    Nothing,
    Tls(ControlSession),
    /// TLS has ended by CCC. Data connections are still tethered to its session.
    Ended(ControlSession),
}

impl Protection {
    pub fn session(&self) -> Option<&ControlSession> {
        match self {
            Protection::Nothing => None,
            Protection::Tls(session) | Protection::Ended(session) => Some(session),
        }
    }

    pub fn session_mut(&mut self) -> Option<&mut ControlSession> {
        match self {
            Protection::Nothing => None,
            Protection::Tls(session) | Protection::Ended(session) => Some(session),
        }
    }
}

impl ControlConnection {
    /// Begins TLS. What came before it in clear is not trusted: it could have been inserted by somebody in between.
    pub fn start_tls(&mut self, session: ControlSession) -> Result<()> {
        if !self.parser.is_empty() {
            return Err(Error::Protocol(Failure::new("the server sent more than a reply before TLS began")));
        }
        let deadline = self.network.now() + self.timeouts.connect;
        self.protection = Protection::Tls(session);
        let outcome = self.handshake(deadline);
        if let Err(error) = &outcome {
            self.mark_broken(error.to_string());
            // The alert tells the server why; it goes out if it can.
            let _ = self.flush_once();
        }
        outcome
    }

    /// Whether commands and replies go in clear.
    pub fn is_clear(&self) -> bool {
        !matches!(self.protection, Protection::Tls(_))
    }

    /// Ends TLS in both directions (RFC 4217 section 12.3): what comes next is in clear. What a peer sends behind its
    /// close_notify without having been asked is nobody's, and dropped with it.
    pub fn end_tls(&mut self) -> Result<()> {
        let deadline = self.reply_deadline();
        let outcome = self.exchange_close_notify(deadline);
        self.breaking(outcome)?;
        self.protection = match std::mem::replace(&mut self.protection, Protection::Nothing) {
            Protection::Tls(session) => Protection::Ended(session),
            other => other,
        };
        Ok(())
    }

    /// Ours goes first: there are servers that wait for it. ProFTPD and Pure-FTPd send theirs behind the reply to CCC in any
    /// case, and take none of what is in clear before they have seen ours.
    fn exchange_close_notify(&mut self, deadline: Instant) -> Result<()> {
        if let Protection::Tls(tls) = &mut self.protection {
            tls.close_notify()?;
        }
        self.flush(deadline)?;
        loop {
            let Protection::Tls(tls) = &mut self.protection else { return Ok(()) };
            match tls.end() {
                StreamEnd::Open => {}
                StreamEnd::Eof => return Err(closed()),
                StreamEnd::CloseNotify if self.parser.is_empty() => return Ok(()),
                StreamEnd::CloseNotify => {
                    let message = "the server sent more than a reply before TLS ended";
                    return Err(Error::Protocol(Failure::new(message)));
                }
            }
            if !self.receive()? {
                let cancel = self.cancel.clone();
                self.wait(Interest::READ, deadline, cancel.as_ref(), "the end of TLS")?;
            }
        }
    }

    fn handshake(&mut self, deadline: Instant) -> Result<()> {
        loop {
            self.flush(deadline)?;
            let Protection::Tls(tls) = &mut self.protection else { return Ok(()) };
            if !tls.is_handshaking() {
                // In TLS 1.2 the server speaks last, and a greeting may have come along: `poll` knows nothing of it.
                return self.take_plaintext();
            }
            match read_socket(&mut *self.socket, tls.incoming())? {
                Some(count) => tls.received(count)?,
                None => {
                    let cancel = self.cancel.clone();
                    self.wait(Interest::READ, deadline, cancel.as_ref(), "the TLS handshake")?;
                }
            }
        }
    }
}
