//! From a host name to a connected socket.

use super::builder::Settings;
use super::control::{cancelled, timeout, Watchers};
use super::racing::{connect_first, Attempt};
use super::route::Route;
use super::tunnel::Tunnel;
use crate::net::{CancelToken, Destination, Socket};
use crate::{Cause, Error, Failure, Result};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

/// A socket, and where it leads.
pub(super) struct Connected {
    pub route: Route,
    pub socket: Box<dyn Socket>,
}

/// Connects to the host, through the proxy where there is one.
pub(super) fn dial(settings: &Settings, watchers: &Watchers) -> Result<Connected> {
    let cancel = watchers.cancel.as_ref();
    let deadline = watchers.budget.limit(settings.network.now() + settings.timeouts.connect);
    let Some(proxy) = &settings.proxy else {
        let Attempt { address, socket } = connect(settings, &settings.host, settings.port, deadline, cancel)?;
        return Ok(Connected { route: Route { address, behind: None }, socket });
    };
    let server = Destination::new(&settings.host, settings.port);
    let Attempt { address, socket } = connect(settings, proxy.host(), proxy.port(), deadline, cancel)?;
    let tunnel = Tunnel::new(socket, proxy, &server)?;
    let socket = tunnel.establish(&*settings.network, deadline, cancel)?;
    Ok(Connected { route: Route { address, behind: Some(server) }, socket })
}

/// Connects to one of the addresses of `host`.
fn connect(
    settings: &Settings,
    host: &str,
    port: u16,
    deadline: Instant,
    cancel: Option<&CancelToken>,
) -> Result<Attempt> {
    let network = &*settings.network;
    let addresses =
        network.resolve(host, port, deadline, cancel).map_err(|error| resolve_error(error, host))?;
    if addresses.is_empty() {
        return Err(Error::Resolve(Failure::new(format!("{host} has no address"))));
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
