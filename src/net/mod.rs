//! Sockets behind a seam: everything the client does to the network goes through [`Network`].
//!
//! [`SystemNetwork`] is the operating system. The simulated network of the test-suite runs client and server in
//! one process on virtual time (`docs/design.md`, section 7). Every socket is non-blocking; the only
//! place where anything waits is [`Network::wait`], which always has a deadline.

mod cancel;
mod closed;
mod destination;
mod options;
mod proxy;
mod system;

pub use cancel::CancelToken;
pub(crate) use closed::ClosedSocket;
pub(crate) use destination::Destination;
pub use options::SocketOptions;
pub(crate) use proxy::Negotiation;
pub use proxy::Proxy;
pub use system::SystemNetwork;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;
use std::time::{Instant, SystemTime};

/// Where connections come from, and the clock that deadlines are measured on.
pub trait Network: Send + Sync + fmt::Debug {
    /// The monotonic clock of all deadlines.
    fn now(&self) -> Instant;

    /// The calendar clock: certificate validity, ticket age, the years that `ls` leaves out.
    fn wall_clock(&self) -> SystemTime;

    /// The addresses of `host`, in the order to try them. An address literal is answered without a query.
    ///
    /// Fails with [`io::ErrorKind::TimedOut`] at the deadline and [`io::ErrorKind::Interrupted`] when cancelled.
    fn resolve(
        &self,
        host: &str,
        port: u16,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Vec<SocketAddr>>;

    /// Starts a connection to `peer`. The socket becomes writable once the outcome is known;
    /// [`Socket::connected`] then tells it.
    fn dial(&self, peer: SocketAddr, options: &SocketOptions) -> io::Result<Box<dyn Socket>>;

    /// Opens a listening socket on `local` (port 0: any free port). The sockets that it accepts have `options`; the
    /// address to bind to among them plays no part.
    fn listen(&self, local: SocketAddr, options: &SocketOptions) -> io::Result<Box<dyn Listener>>;

    /// Waits until one of `watched` is ready, the deadline passes or `cancel` is set, whichever is first,
    /// and fills in [`Watch::ready`]. An interrupted system call is resumed here.
    fn wait(
        &self,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Woken>;
}

/// A connected, or connecting, non-blocking byte stream. Dropping it closes this process's descriptor and
/// does nothing else: the peer gets a FIN, unless another process (after `fork`) has the connection open too.
pub trait Socket: Send + fmt::Debug {
    /// Whether the connection that [`Network::dial`] started stands. Call it once the socket is writable.
    fn connected(&mut self) -> io::Result<()>;

    /// Reads what is there; `Ok(0)` is the end of the stream, [`io::ErrorKind::WouldBlock`] means nothing yet.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Writes what fits. Never raises a signal for a closed peer.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Ends the writing direction (FIN); reading goes on.
    fn shutdown_write(&mut self) -> io::Result<()>;

    /// Closes with RST, so that the peer cannot take what it has for the whole (`SO_LINGER` 0).
    fn reset(self: Box<Self>);

    /// The address of this end.
    fn local_addr(&self) -> io::Result<SocketAddr>;

    /// The address of the other end.
    fn peer_addr(&self) -> io::Result<SocketAddr>;

    /// What [`Network::wait`] knows this socket by.
    fn handle(&self) -> Handle<'_>;
}

/// A non-blocking listening socket.
pub trait Listener: Send + fmt::Debug {
    /// Takes the next connection; [`io::ErrorKind::WouldBlock`] when there is none.
    fn accept(&mut self) -> io::Result<Box<dyn Socket>>;

    /// The bound address, with the port that was chosen.
    fn local_addr(&self) -> io::Result<SocketAddr>;

    /// What [`Network::wait`] knows this listener by (readable: a connection is there).
    fn handle(&self) -> Handle<'_>;
}

/// What a [`Network`] recognises its sockets by.
#[derive(Clone, Copy, Debug)]
pub enum Handle<'a> {
    /// A file descriptor, for `poll`.
    Descriptor(BorrowedFd<'a>),
    /// A number that a network of another kind gave out.
    Token(u64),
}

/// The directions of interest, or of readiness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// Bytes, a connection or the end of the stream can be read.
    pub read: bool,
    /// Bytes can be written, or the outcome of a connection attempt is known.
    pub write: bool,
}

impl Interest {
    /// Reading only.
    pub const READ: Interest = Interest { read: true, write: false };
    /// Writing only.
    pub const WRITE: Interest = Interest { read: false, write: true };
    /// Both directions.
    pub const BOTH: Interest = Interest { read: true, write: true };
}

/// One socket in a call of [`Network::wait`].
#[derive(Debug)]
pub struct Watch<'a> {
    /// The socket.
    pub handle: Handle<'a>,
    /// What to wait for. Nothing set: the socket is not looked at.
    pub interest: Interest,
    /// What is ready. An error or a hang-up counts as ready in every direction asked for: the next call tells.
    pub ready: Interest,
}

impl<'a> Watch<'a> {
    /// Watches `handle` for `interest`.
    pub fn new(handle: Handle<'a>, interest: Interest) -> Self {
        Watch { handle, interest, ready: Interest::default() }
    }
}

/// Why [`Network::wait`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// At least one watched socket is ready.
    Ready,
    /// The deadline passed.
    Deadline,
    /// The cancel token is set.
    Cancelled,
}
