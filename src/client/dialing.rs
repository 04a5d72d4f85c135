//! From a host name to a connected socket.

use super::builder::Settings;
use super::control::{cancelled, timeout, Watchers};
use crate::net::{CancelToken, Interest, Socket, Watch, Woken};
use crate::{Cause, Error, Failure, Result};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

/// A socket, and where it leads.
pub(super) struct Connected {
    pub peer: SocketAddr,
    pub socket: Box<dyn Socket>,
}

/// Connects to the host, trying its addresses in order.
pub(super) fn dial(settings: &Settings, watchers: &Watchers) -> Result<Connected> {
    let cancel = watchers.cancel.as_ref();
    let network = settings.network.clone();
    let deadline = watchers.budget.limit(network.now() + settings.timeouts.connect);
    let addresses = network
        .resolve(&settings.host, settings.port, deadline, cancel)
        .map_err(|error| resolve_error(error, &settings.host))?;
    let mut last = Error::Resolve(Failure::new(format!("{} has no address", settings.host)));
    for (index, address) in addresses.iter().enumerate() {
        // An address that does not answer leaves time for the others.
        let left = deadline.saturating_duration_since(network.now());
        let share = network.now() + left / (addresses.len() - index) as u32;
        match connect(settings, *address, share, cancel) {
            Ok(socket) => return Ok(Connected { peer: *address, socket }),
            Err(error @ Error::Cancelled(_)) => return Err(error),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Connects to one address.
fn connect(
    settings: &Settings,
    address: SocketAddr,
    deadline: Instant,
    cancel: Option<&CancelToken>,
) -> Result<Box<dyn Socket>> {
    let refused = |error| cannot_connect(address, error);
    let network = &*settings.network;
    let mut socket = network.dial(address, &settings.sockets.for_control()).map_err(refused)?;
    let mut watched = [Watch::new(socket.handle(), Interest::WRITE)];
    match network.wait(&mut watched, deadline, cancel).map_err(refused)? {
        Woken::Ready => socket.connected().map(|()| socket).map_err(refused),
        Woken::Deadline => Err(timeout(&format!("the connection to {address}"))),
        Woken::Cancelled => Err(cancelled()),
    }
}

pub(super) fn cannot_connect(address: SocketAddr, error: io::Error) -> Error {
    Error::Connect(Failure::new(format!("no connection to {address} could be made")).with_cause(error))
}

fn resolve_error(error: io::Error, host: &str) -> Error {
    match error.kind() {
        io::ErrorKind::TimedOut => timeout(&format!("the address of {host}")),
        io::ErrorKind::Interrupted => cancelled(),
        _ => Error::Resolve(
            Failure::new(format!("the host name {host} could not be resolved")).with_cause(Cause::Io(error)),
        ),
    }
}
