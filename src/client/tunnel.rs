//! The way through a proxy.

use super::control::{cancelled, read_socket, timeout};
use crate::net::CancelToken;
use crate::net::{ClosedSocket, Destination, Interest, Negotiation, Network, Proxy, Socket, Watch, Woken};
use crate::{Cause, Error, Failure, Result};
use std::io;
use std::time::Instant;

/// A connection to a proxy that is being asked for one to another destination.
pub(super) struct Tunnel {
    socket: Box<dyn Socket>,
    negotiation: Box<dyn Negotiation>,
    proxy: String,
}

impl Tunnel {
    /// On a connection to `proxy` that stands.
    pub fn new(socket: Box<dyn Socket>, proxy: &Proxy, destination: &Destination) -> Result<Tunnel> {
        Ok(Tunnel { socket, negotiation: proxy.negotiate(destination)?, proxy: proxy.to_string() })
    }

    /// Waits until the connection behind the proxy stands.
    pub fn establish(
        mut self,
        network: &dyn Network,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> Result<Box<dyn Socket>> {
        while !self.advance()? {
            let woken = match network.now() > deadline {
                true => Woken::Deadline,
                false => network.wait(&mut [self.watch()], deadline, cancel).map_err(|e| self.broken(e))?,
            };
            match woken {
                Woken::Ready => {}
                Woken::Deadline => return Err(timeout(&self.what())),
                Woken::Cancelled => return Err(cancelled()),
            }
        }
        Ok(self.take_socket())
    }

    /// What is waited for, for messages.
    pub fn what(&self) -> String {
        format!("the answer of {}", self.proxy)
    }

    pub fn watch(&self) -> Watch<'_> {
        let interest = if self.negotiation.outgoing().is_empty() { Interest::READ } else { Interest::WRITE };
        Watch::new(self.socket.handle(), interest)
    }

    /// Goes on as far as that goes without waiting. True: the connection behind the proxy stands.
    pub fn advance(&mut self) -> Result<bool> {
        let mut buffer = [0; 512];
        loop {
            if !self.flush()? {
                return Ok(false);
            }
            let wanted = self.negotiation.wanted().min(buffer.len());
            if wanted == 0 {
                return Ok(true);
            }
            match read_socket(&mut *self.socket, &mut buffer[..wanted]) {
                Ok(None) => return Ok(false),
                Ok(Some(0)) => return Err(self.hung_up()),
                Ok(Some(count)) => self.negotiation.received(&buffer[..count])?,
                Err(error) => return Err(self.broken(error)),
            }
        }
    }

    pub fn take_socket(&mut self) -> Box<dyn Socket> {
        std::mem::replace(&mut self.socket, Box::new(ClosedSocket))
    }

    /// Writes what fits. True when nothing is left.
    fn flush(&mut self) -> Result<bool> {
        while !self.negotiation.outgoing().is_empty() {
            match self.socket.write(self.negotiation.outgoing()) {
                Ok(count) => self.negotiation.sent(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(self.broken(error)),
            }
        }
        Ok(true)
    }

    fn hung_up(&self) -> Error {
        Error::Connect(Failure::new(format!("{} closed the connection before it had answered", self.proxy)))
    }

    fn broken(&self, cause: impl Into<Cause>) -> Error {
        let message = format!("the connection to {} broke before it had answered", self.proxy);
        Error::Connect(Failure::new(message).with_cause(cause))
    }
}
