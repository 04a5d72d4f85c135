//! From a host name to a connected socket.

use super::builder::Settings;
use super::control::{cancelled, timeout, Watchers};
use super::racing::connect_first;
use crate::net::Socket;
use crate::{Cause, Error, Failure, Result};
use std::io;
use std::net::SocketAddr;

/// A socket, and where it leads.
pub(super) struct Connected {
    pub peer: SocketAddr,
    pub socket: Box<dyn Socket>,
}

/// Connects to the host.
pub(super) fn dial(settings: &Settings, watchers: &Watchers) -> Result<Connected> {
    let cancel = watchers.cancel.as_ref();
    let network = &*settings.network;
    let deadline = watchers.budget.limit(network.now() + settings.timeouts.connect);
    let addresses = network
        .resolve(&settings.host, settings.port, deadline, cancel)
        .map_err(|error| resolve_error(error, &settings.host))?;
    if addresses.is_empty() {
        return Err(Error::Resolve(Failure::new(format!("{} has no address", settings.host))));
    }
    connect_first(network, addresses, &settings.sockets.for_control(), deadline, cancel)
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
