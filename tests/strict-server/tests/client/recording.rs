//! The operating system's network, with a record of what is done to its sockets.

use ftps::net::{Handle, Network, Socket, SocketOptions};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use strict_server::{Dialling, OnDial};

/// What was done to a socket: that with this number, counted from 0 in the order of dialling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Write(usize),
    Shutdown(usize),
    Reset(usize),
    Close(usize),
}

#[derive(Clone, Debug, Default)]
pub struct Recording {
    acts: Arc<Mutex<Vec<Act>>>,
    copies: Arc<Mutex<Vec<TcpStream>>>,
    dialled: Arc<Mutex<Vec<(SocketAddr, SocketOptions)>>>,
}

impl Recording {
    /// The network for a client.
    pub fn network(&self) -> Arc<dyn Network> {
        Arc::new(OnDial(self.clone()))
    }

    /// What was done since the last call.
    pub fn take(&self) -> Vec<Act> {
        std::mem::take(&mut self.acts.lock().expect("acts"))
    }

    /// A second descriptor of every connection, as the parent has it after `fork`.
    pub fn copies(&self) -> Vec<TcpStream> {
        std::mem::take(&mut self.copies.lock().expect("copies"))
    }

    /// Where connections were made to, and with which options, in the order of dialling.
    pub fn dialled(&self) -> Vec<(SocketAddr, SocketOptions)> {
        self.dialled.lock().expect("dialled").clone()
    }
}

impl Dialling for Recording {
    fn dialling(
        &self,
        peer: SocketAddr,
        options: &SocketOptions,
        inner: Box<dyn Socket>,
    ) -> io::Result<Box<dyn Socket>> {
        self.dialled.lock().expect("dialled").push((peer, options.clone()));
        let Handle::Descriptor(descriptor) = inner.handle() else { return Err(io::ErrorKind::Other.into()) };
        let mut copies = self.copies.lock().expect("copies");
        let number = copies.len();
        copies.push(TcpStream::from(descriptor.try_clone_to_owned()?));
        Ok(Box::new(RecordedSocket { inner: Some(inner), number, acts: self.acts.clone() }))
    }
}

#[derive(Debug)]
struct RecordedSocket {
    /// None once it was reset.
    inner: Option<Box<dyn Socket>>,
    number: usize,
    acts: Arc<Mutex<Vec<Act>>>,
}

impl RecordedSocket {
    fn note(&self, act: Act) {
        self.acts.lock().expect("acts").push(act);
    }

    fn inner(&mut self) -> &mut dyn Socket {
        &mut **self.inner.as_mut().expect("not reset")
    }
}

impl Socket for RecordedSocket {
    fn connected(&mut self) -> io::Result<()> {
        self.inner().connected()
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner().read(buffer)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.note(Act::Write(self.number));
        self.inner().write(bytes)
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        self.note(Act::Shutdown(self.number));
        self.inner().shutdown_write()
    }

    fn reset(mut self: Box<Self>) {
        self.note(Act::Reset(self.number));
        if let Some(inner) = self.inner.take() {
            inner.reset();
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.as_ref().expect("not reset").local_addr()
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.inner.as_ref().expect("not reset").peer_addr()
    }

    fn handle(&self) -> Handle<'_> {
        self.inner.as_ref().expect("not reset").handle()
    }
}

impl Drop for RecordedSocket {
    fn drop(&mut self) {
        if self.inner.is_some() {
            self.note(Act::Close(self.number));
        }
    }
}
