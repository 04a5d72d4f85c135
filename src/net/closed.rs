//! What is left of a socket that was closed before its owner.

use super::{Handle, Socket};
use std::io;
use std::net::SocketAddr;

/// Stands in for a socket that was closed or handed on: every call fails.
#[derive(Debug)]
pub(crate) struct ClosedSocket;

fn closed<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotConnected.into())
}

impl Socket for ClosedSocket {
    fn connected(&mut self) -> io::Result<()> {
        closed()
    }

    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        closed()
    }

    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        closed()
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        closed()
    }

    fn reset(self: Box<Self>) {}

    fn local_addr(&self) -> io::Result<SocketAddr> {
        closed()
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        closed()
    }

    /// No network gives this number out, and none waits for it.
    fn handle(&self) -> Handle<'_> {
        Handle::Token(u64::MAX)
    }
}
