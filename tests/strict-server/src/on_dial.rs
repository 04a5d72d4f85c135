//! The operating system's network, for tests that put something between the client and its sockets.

use ftps::net::{CancelToken, Listener, Network, Socket, SocketOptions, SystemNetwork, Watch, Woken};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::{Instant, SystemTime};

/// What becomes of a connection that is being made.
pub trait Dialling: Send + Sync + fmt::Debug {
    /// What the client gets in place of `socket`, which is on its way to `peer`.
    ///
    /// # Errors
    /// The connection cannot be made.
    fn dialling(
        &self,
        peer: SocketAddr,
        options: &SocketOptions,
        socket: Box<dyn Socket>,
    ) -> io::Result<Box<dyn Socket>>;
}

/// [`SystemNetwork`] but for the connections that are made, which go through a [`Dialling`].
#[derive(Clone, Debug, Default)]
pub struct OnDial<D>(pub D);

impl<D: Dialling> Network for OnDial<D> {
    fn now(&self) -> Instant {
        SystemNetwork.now()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemNetwork.wall_clock()
    }

    fn resolve(
        &self,
        host: &str,
        port: u16,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Vec<SocketAddr>> {
        SystemNetwork.resolve(host, port, deadline, cancel)
    }

    fn dial(&self, peer: SocketAddr, options: &SocketOptions) -> io::Result<Box<dyn Socket>> {
        self.0.dialling(peer, options, SystemNetwork.dial(peer, options)?)
    }

    fn listen(&self, local: SocketAddr, options: &SocketOptions) -> io::Result<Box<dyn Listener>> {
        SystemNetwork.listen(local, options)
    }

    fn wait(
        &self,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Woken> {
        SystemNetwork.wait(watched, deadline, cancel)
    }
}
