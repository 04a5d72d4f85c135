//! The operating system's network, whose data connections are cut at chosen bytes.

use ftps::net::{Handle, Network, Socket, SocketOptions};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use strict_server::{Dialling, OnDial};

/// A data connection ends by RST after so many bytes, TLS included.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub after: u64,
    /// The control connection with it.
    pub both: bool,
}

/// Cuts data connections, each one at most once.
#[derive(Clone, Debug)]
pub struct Cutting {
    control_port: u16,
    plan: Arc<Mutex<VecDeque<Cut>>>,
    /// Whether the control connection of the moment is cut.
    control: Arc<Mutex<Arc<AtomicBool>>>,
}

impl Cutting {
    pub fn new(control_port: u16, plan: impl IntoIterator<Item = Cut>) -> Cutting {
        let plan = Arc::new(Mutex::new(plan.into_iter().collect()));
        Cutting { control_port, plan, control: Arc::default() }
    }

    /// The network for a client.
    pub fn network(&self) -> Arc<dyn Network> {
        Arc::new(OnDial(self.clone()))
    }

    /// How many cuts are still to come.
    pub fn left(&self) -> usize {
        lock(&self.plan).len()
    }
}

impl Dialling for Cutting {
    fn dialling(
        &self,
        peer: SocketAddr,
        _options: &SocketOptions,
        inner: Box<dyn Socket>,
    ) -> io::Result<Box<dyn Socket>> {
        let is_control = peer.port() == self.control_port;
        if is_control {
            *lock(&self.control) = Arc::default();
        }
        let cut = if is_control { None } else { lock(&self.plan).pop_front() };
        let control = lock(&self.control).clone();
        let end = End::Open(inner);
        Ok(Box::new(CutSocket { end, is_control, moved: 0, cut, plan: self.plan.clone(), control }))
    }
}

#[derive(Debug)]
enum End {
    Open(Box<dyn Socket>),
    /// A socket that is always ready, for the waits of who does not know yet.
    Cut(UnixStream),
}

#[derive(Debug)]
struct CutSocket {
    end: End,
    is_control: bool,
    moved: u64,
    cut: Option<Cut>,
    plan: Arc<Mutex<VecDeque<Cut>>>,
    control: Arc<AtomicBool>,
}

impl CutSocket {
    /// The connection, and how many bytes may still move on it.
    fn open(&mut self) -> io::Result<(&mut dyn Socket, usize)> {
        let left = self.cut.map_or(u64::MAX, |cut| cut.after - self.moved);
        if left == 0 || (self.is_control && self.control.load(Ordering::Relaxed)) {
            self.strike()?;
        }
        match &mut self.end {
            End::Open(socket) => Ok((&mut **socket, usize::try_from(left).unwrap_or(usize::MAX))),
            End::Cut(_) => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }

    fn strike(&mut self) -> io::Result<()> {
        let (ready, _) = UnixStream::pair()?;
        if let End::Open(socket) = std::mem::replace(&mut self.end, End::Cut(ready)) {
            socket.reset();
        }
        if self.cut.take().is_some_and(|cut| cut.both) {
            self.control.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn count(&mut self, moved: io::Result<usize>) -> io::Result<usize> {
        self.moved += *moved.as_ref().unwrap_or(&0) as u64;
        moved
    }
}

impl Socket for CutSocket {
    fn connected(&mut self) -> io::Result<()> {
        self.open()?.0.connected()
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (socket, left) = self.open()?;
        let most = buffer.len().min(left);
        let moved = socket.read(&mut buffer[..most]);
        self.count(moved)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (socket, left) = self.open()?;
        let moved = socket.write(&bytes[..bytes.len().min(left)]);
        self.count(moved)
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        self.open()?.0.shutdown_write()
    }

    fn reset(mut self: Box<Self>) {
        // It is gone in any case.
        let _ = self.strike();
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.end {
            End::Open(socket) => socket.local_addr(),
            End::Cut(_) => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.end {
            End::Open(socket) => socket.peer_addr(),
            End::Cut(_) => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn handle(&self) -> Handle<'_> {
        match &self.end {
            End::Open(socket) => socket.handle(),
            End::Cut(ready) => Handle::Descriptor(ready.as_fd()),
        }
    }
}

impl Drop for CutSocket {
    /// A cut that this connection was too short for is another's.
    fn drop(&mut self) {
        if let Some(cut) = self.cut.take() {
            lock(&self.plan).push_front(cut);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no panic while locked")
}
