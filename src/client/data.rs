//! A data connection: a socket and its tethered TLS session.

use super::control::{lost, read_socket};
use crate::net::{ClosedSocket, Handle, Interest, Socket};
use crate::tls::{DataSession, OfferKind, StreamEnd, TlsSession};
use crate::Result;
use std::io;

/// The socket of a data connection. Unless it is closed on purpose it is reset, whatever the way out: ProFTPD takes
/// a FIN for the end of an upload.
pub(super) struct DataSocket(Box<dyn Socket>);

impl DataSocket {
    pub fn new(socket: Box<dyn Socket>) -> Self {
        DataSocket(socket)
    }

    fn take(&mut self) -> Box<dyn Socket> {
        std::mem::replace(&mut self.0, Box::new(ClosedSocket))
    }
}

impl Drop for DataSocket {
    fn drop(&mut self) {
        self.take().reset();
    }
}

pub(super) struct DataConnection {
    socket: DataSocket,
    pub session: DataSession,
    /// The connection failed when only the peer's end was expected: what still comes is not looked at.
    deaf: bool,
}

impl DataConnection {
    pub fn new(socket: DataSocket, session: DataSession) -> Self {
        DataConnection { socket, session, deaf: false }
    }

    pub fn handle(&self) -> Handle<'_> {
        self.socket.0.handle()
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
            match self.socket.0.write(self.session.outgoing()) {
                Ok(count) => self.session.sent(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(lost(error)),
            }
        }
        Ok(true)
    }

    /// Reads once. False when nothing was there. After the peer's end nothing ever comes, although the socket
    /// stays readable.
    pub fn receive_once(&mut self) -> Result<bool> {
        if !self.is_open() {
            return Ok(false);
        }
        let room = self.session.incoming();
        if room.is_empty() {
            return Ok(false);
        }
        match read_socket(&mut *self.socket.0, room)? {
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

    /// Ends this side of a download, as far as that goes without waiting: the server has said its last word,
    /// and whether it hears ours changes nothing. FIN goes out at once all the same. Without it the kernel
    /// delays the acknowledgement of the server's FIN by 40 ms and more, and vsftpd sends 226 only after
    /// that.
    pub fn say_goodbye(&mut self) -> Result<()> {
        self.session.close_notify()?;
        if self.flush_once().unwrap_or(false) {
            let _ = self.socket.0.shutdown_write();
        }
        Ok(())
    }

    pub fn shutdown_write(&mut self) -> Result<()> {
        self.socket.0.shutdown_write().map_err(lost)
    }

    /// Closes this process's descriptor and nothing else: of a connection that has ended, or of one that goes on in
    /// another process. Dropping it instead resets the connection.
    pub fn close(mut self) {
        drop(self.socket.take());
    }
}
