//! A data connection: a socket and its tethered TLS session.

use super::control::{lost, read_socket};
use crate::net::{Handle, Interest, Socket};
use crate::tls::{DataSession, OfferKind, StreamEnd, TlsSession};
use crate::Result;
use std::io;

pub(super) struct DataConnection {
    socket: Box<dyn Socket>,
    pub session: DataSession,
    /// The connection failed when only the peer's end was expected: what still comes is not looked at.
    deaf: bool,
}

impl DataConnection {
    pub fn new(socket: Box<dyn Socket>, session: DataSession) -> Self {
        DataConnection { socket, session, deaf: false }
    }

    pub fn handle(&self) -> Handle<'_> {
        self.socket.handle()
    }

    /// Whether something can still come.
    pub fn is_open(&self) -> bool {
        self.session.end() == StreamEnd::Open && !self.deaf
    }

    /// What to wait for: always the peer, and room while something is queued.
    pub fn interest(&self) -> Interest {
        Interest { read: self.is_open(), write: !self.session.outgoing().is_empty() && !self.deaf }
    }

    /// Writes what fits. True when nothing is left.
    pub fn flush_once(&mut self) -> Result<bool> {
        while !self.session.outgoing().is_empty() {
            match self.socket.write(self.session.outgoing()) {
                Ok(count) => self.session.sent(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(lost(error)),
            }
        }
        Ok(true)
    }

    /// Reads once. False when nothing was there. After the peer's end nothing ever comes, although the socket stays readable.
    pub fn receive_once(&mut self) -> Result<bool> {
        if !self.is_open() {
            return Ok(false);
        }
        let room = self.session.incoming();
        if room.is_empty() {
            return Ok(false);
        }
        match read_socket(&mut *self.socket, room)? {
            None => Ok(false),
            Some(count) => self.session.received(count).map(|()| true),
        }
    }

    /// Reads and throws payload away: an upload's peer sends none, but tickets and close_notify come this way.
    pub fn drain_once(&mut self) -> Result<bool> {
        let more = self.receive_once()?;
        loop {
            let count = self.session.plaintext()?.len();
            if count == 0 {
                return Ok(more);
            }
            self.session.consume(count);
        }
    }

    /// Reads on after the payload. An error of the peer's is none here: the control connection decides.
    pub fn drain_after_end(&mut self) -> bool {
        self.flush_once().and_then(|_| self.drain_once()).unwrap_or_else(|error| {
            log::debug!("the data connection failed after the payload: {error}");
            self.deaf = true;
            false
        })
    }

    /// What was offered and declined: a full handshake where resumption was asked for.
    pub fn declined(&self) -> Option<OfferKind> {
        self.session.offered().filter(|_| self.session.resumed() == Some(false))
    }

    pub fn shutdown_write(&mut self) -> Result<()> {
        self.socket.shutdown_write().map_err(lost)
    }

    /// RST: what arrived must not look like the whole (ProFTPD takes FIN for the end of an upload).
    pub fn reset(self) {
        self.socket.reset();
    }
}
