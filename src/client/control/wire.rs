//! The bytes of the control connection, in and out, through TLS where it is on.

use super::failures::{closed, lost};
use super::tls::Protection;
use super::ControlConnection;
use crate::net::{Interest, Socket};
use crate::tls::{StreamEnd, TlsSession};
use crate::Result;
use std::io;
use std::time::Instant;

impl ControlConnection {
    /// Reads once. False when nothing is there.
    pub(super) fn receive(&mut self) -> Result<bool> {
        let Protection::Tls(tls) = &mut self.protection else {
            let mut buffer = [0; 4096];
            return match read_socket(&mut *self.socket, &mut buffer)? {
                None => Ok(false),
                Some(0) => Err(closed()),
                Some(count) => {
                    self.parser.feed(&buffer[..count]);
                    Ok(true)
                }
            };
        };
        // What came before the end was taken already: a server often says why it closes. What comes behind it
        // is nobody's.
        if tls.end() != StreamEnd::Open {
            return Err(closed());
        }
        let Some(count) = read_socket(&mut *self.socket, tls.incoming())? else { return Ok(false) };
        let received = tls.received(count);
        self.take_plaintext()?;
        // Answers to key updates, and alerts, must not wait for the next command.
        let flushed = self.flush_once();
        received?;
        flushed?;
        Ok(true)
    }

    pub(super) fn take_plaintext(&mut self) -> Result<()> {
        let Protection::Tls(tls) = &mut self.protection else { return Ok(()) };
        loop {
            let plaintext = tls.plaintext()?;
            if plaintext.is_empty() {
                return Ok(());
            }
            self.parser.feed(plaintext);
            let taken = plaintext.len();
            tls.consume(taken);
        }
    }

    pub(super) fn write_all(&mut self, mut bytes: &[u8], deadline: Instant) -> Result<()> {
        while !bytes.is_empty() {
            let taken = match &mut self.protection {
                Protection::Tls(tls) => tls.write(bytes)?,
                Protection::Nothing | Protection::Ended(_) => match self.socket.write(bytes) {
                    Ok(count) => count,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                    Err(error) => return Err(lost(error)),
                },
            };
            bytes = &bytes[taken..];
            self.flush(deadline)?;
            if taken == 0 {
                let cancel = self.cancel.clone();
                self.wait(Interest::WRITE, deadline, cancel.as_ref(), "room to send a command")?;
            }
        }
        Ok(())
    }

    pub(super) fn flush(&mut self, deadline: Instant) -> Result<()> {
        while !self.flush_once()? {
            let cancel = self.cancel.clone();
            self.wait(Interest::WRITE, deadline, cancel.as_ref(), "room to send")?;
        }
        Ok(())
    }

    /// Writes what fits. True when nothing is left.
    pub(super) fn flush_once(&mut self) -> Result<bool> {
        let Protection::Tls(tls) = &mut self.protection else { return Ok(true) };
        while !tls.outgoing().is_empty() {
            match self.socket.write(tls.outgoing()) {
                Ok(count) => tls.sent(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(lost(error)),
            }
        }
        Ok(true)
    }
}

/// Reads once; none when nothing is there.
pub(in crate::client) fn read_socket(socket: &mut dyn Socket, buffer: &mut [u8]) -> Result<Option<usize>> {
    loop {
        match socket.read(buffer) {
            Ok(count) => return Ok(Some(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(lost(error)),
        }
    }
}
