//! A socket with or without TLS on it, non-blocking.

use ftps::net::{Handle, Interest, Socket};
use rustls::server::ServerConnection;
use std::collections::VecDeque;
use std::io::{self, Read, Write};

/// Bytes that may wait for the socket.
const QUEUE_LIMIT: usize = 64 * 1024;

/// A connection of either kind.
#[derive(Debug)]
pub(crate) struct Link {
    socket: Box<dyn Socket>,
    tls: Option<Box<ServerConnection>>,
    /// Bytes for the socket, beneath TLS.
    queue: VecDeque<u8>,
    /// The peer's FIN was seen.
    has_ended: bool,
}

/// What a read found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// This many bytes.
    Bytes(usize),
    /// Nothing yet.
    Nothing,
    /// The end, said in TLS.
    CloseNotify,
    /// The end, by FIN alone.
    End,
}

impl Link {
    pub(crate) fn new(socket: Box<dyn Socket>) -> Self {
        Link { socket, tls: None, queue: VecDeque::new(), has_ended: false }
    }

    pub(crate) fn start_tls(&mut self, connection: ServerConnection) {
        self.tls = Some(Box::new(connection));
    }

    pub(crate) fn tls(&self) -> Option<&ServerConnection> {
        self.tls.as_deref()
    }

    /// Feeds bytes that were read in the clear, behind the command that started TLS.
    pub(crate) fn feed_tls(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if let Some(tls) = &mut self.tls {
            while !bytes.is_empty() {
                tls.read_tls(&mut bytes)?;
                tls.process_new_packets().map_err(invalid)?;
            }
        }
        Ok(())
    }

    pub(crate) fn handle(&self) -> Handle<'_> {
        self.socket.handle()
    }

    pub(crate) fn socket(&self) -> &dyn Socket {
        &*self.socket
    }

    pub(crate) fn is_handshaking(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.is_handshaking())
    }

    pub(crate) fn wants_write(&self) -> bool {
        !self.queue.is_empty() || self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }

    /// What to wait for while reading from this link.
    pub(crate) fn reading(&self) -> Interest {
        Interest { read: true, write: self.wants_write() }
    }

    /// Takes bytes for sending, as many as there is room for.
    pub(crate) fn queue(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => tls.writer().write(bytes),
            None => {
                let count = bytes.len().min(QUEUE_LIMIT.saturating_sub(self.queue.len()));
                self.queue.extend(&bytes[..count]);
                Ok(count)
            }
        }
    }

    /// Queues bytes beneath TLS, behind everything queued so far.
    pub(crate) fn queue_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(tls) = &mut self.tls {
            while tls.wants_write() {
                tls.write_tls(&mut self.queue)?;
            }
        }
        self.queue.extend(bytes);
        Ok(())
    }

    /// Queues a close_notify.
    pub(crate) fn queue_close_notify(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
        }
    }

    /// Drops TLS with everything it would still send.
    pub(crate) fn drop_tls(&mut self) {
        self.tls = None;
    }

    /// Sends what the socket takes.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        while !self.queue.is_empty() {
            let (bytes, _) = self.queue.as_slices();
            match self.socket.write(bytes) {
                Ok(count) => drop(self.queue.drain(..count)),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(e) => return Err(e),
            }
        }
        let Some(tls) = &mut self.tls else { return Ok(()) };
        let mut writer = SocketIo(&mut *self.socket);
        while tls.wants_write() {
            match tls.write_tls(&mut writer) {
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Takes what the socket has and returns payload of it.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<Received> {
        loop {
            let Some(tls) = &mut self.tls else { return read_plain(&mut *self.socket, buffer) };
            match tls.reader().read(buffer) {
                Ok(0) => return Ok(Received::CloseNotify),
                Ok(count) => return Ok(Received::Bytes(count)),
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(Received::End),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
            if !self.take_records()? {
                return Ok(Received::Nothing);
            }
        }
    }

    /// Takes what the socket has, TLS or not.
    pub(crate) fn read_beneath_tls(&mut self, buffer: &mut [u8]) -> io::Result<Received> {
        read_plain(&mut *self.socket, buffer)
    }

    /// Moves the TLS handshake on by what the socket has. False when it has nothing.
    pub(crate) fn advance_handshake(&mut self) -> io::Result<bool> {
        let moved = self.take_records()?;
        if moved && self.is_handshaking() && self.has_ended {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(moved)
    }

    /// Hands rustls what the socket has; false when that is nothing.
    fn take_records(&mut self) -> io::Result<bool> {
        let Some(tls) = &mut self.tls else { return Ok(false) };
        match tls.read_tls(&mut SocketIo(&mut *self.socket)) {
            Ok(count) => self.has_ended |= count == 0,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(e) => return Err(e),
        }
        if let Err(error) = tls.process_new_packets() {
            // The alert tells the client why; the error goes up whether or not it can be sent.
            let _ = self.flush();
            return Err(invalid(error));
        }
        Ok(true)
    }

    /// Reads beneath TLS and throws it away; false at the end.
    pub(crate) fn discard(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        loop {
            match read_plain(&mut *self.socket, &mut buffer)? {
                Received::Bytes(_) => {}
                Received::Nothing => return Ok(true),
                Received::CloseNotify | Received::End => return Ok(false),
            }
        }
    }

    pub(crate) fn shutdown_write(&mut self) -> io::Result<()> {
        self.socket.shutdown_write()
    }

    pub(crate) fn reset(self) {
        self.socket.reset();
    }
}

fn read_plain(socket: &mut dyn Socket, buffer: &mut [u8]) -> io::Result<Received> {
    match socket.read(buffer) {
        Ok(0) => Ok(Received::End),
        Ok(count) => Ok(Received::Bytes(count)),
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(Received::Nothing),
        Err(e) => Err(e),
    }
}

fn invalid(error: rustls::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The socket as rustls wants it.
struct SocketIo<'a>(&'a mut dyn Socket);

impl Read for SocketIo<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for SocketIo<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
