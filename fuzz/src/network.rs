//! A network without sockets, on which a peer answers within the process.

use ftps::net::{CancelToken, Handle, Interest, Listener, Network, Socket, SocketOptions, Watch, Woken};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// The other end of the one connection that is made.
pub(crate) trait Peer: Send {
    /// What it sends on hearing `bytes`; and once, with none, when the connection stands. It hangs up behind the last byte
    /// that it has to say.
    fn hear(&mut self, bytes: &[u8]) -> Vec<u8>;

    /// Whether it says nothing more, whatever it hears.
    fn is_done(&self) -> bool;
}

/// Its time passes only in waits.
#[derive(Clone)]
pub(crate) struct PeerNetwork(Arc<Mutex<State>>);

struct State {
    peer: Box<dyn Peer>,
    /// The most bytes that one read gives.
    piece: usize,
    said: Vec<u8>,
    begun: Instant,
    passed: Duration,
}

impl PeerNetwork {
    pub fn new(mut peer: impl Peer + 'static, piece: usize) -> PeerNetwork {
        let said = peer.hear(b"");
        let (begun, passed) = (Instant::now(), Duration::ZERO);
        PeerNetwork(Arc::new(Mutex::new(State { peer: Box::new(peer), piece, said, begun, passed })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for PeerNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PeerNetwork")
    }
}

impl State {
    fn is_readable(&self) -> bool {
        !self.said.is_empty() || self.peer.is_done()
    }
}

impl Network for PeerNetwork {
    fn now(&self) -> Instant {
        let state = self.state();
        state.begun + state.passed
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    fn resolve(
        &self,
        _host: &str,
        port: u16,
        _deadline: Instant,
        _cancel: Option<&CancelToken>,
    ) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)])
    }

    fn dial(&self, peer: SocketAddr, _options: &SocketOptions) -> io::Result<Box<dyn Socket>> {
        Ok(Box::new(PeerSocket { network: self.clone(), peer }))
    }

    fn listen(&self, _local: SocketAddr, _options: &SocketOptions) -> io::Result<Box<dyn Listener>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn wait(
        &self,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        _cancel: Option<&CancelToken>,
    ) -> io::Result<Woken> {
        let mut state = self.state();
        let is_readable = state.is_readable();
        let mut woken = Woken::Deadline;
        for watch in watched {
            watch.ready = Interest { read: watch.interest.read && is_readable, write: watch.interest.write };
            if watch.ready != Interest::default() {
                woken = Woken::Ready;
            }
        }
        if woken == Woken::Deadline {
            state.passed = state.passed.max(deadline.saturating_duration_since(state.begun));
        }
        Ok(woken)
    }
}

#[derive(Debug)]
struct PeerSocket {
    network: PeerNetwork,
    peer: SocketAddr,
}

impl Socket for PeerSocket {
    fn connected(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.network.state();
        if !state.is_readable() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let count = buffer.len().min(state.piece).min(state.said.len());
        for (place, byte) in buffer.iter_mut().zip(state.said.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.network.state();
        let answer = state.peer.hear(bytes);
        state.said.extend(answer);
        Ok(bytes.len())
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn reset(self: Box<Self>) {}

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 1))
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }

    fn handle(&self) -> Handle<'_> {
        Handle::Token(0)
    }
}
