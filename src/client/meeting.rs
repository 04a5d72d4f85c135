//! How the two ends of a data connection come together.

use super::commands::refusal;
use super::data::DataSocket;
use super::dialing::cannot_connect;
use super::route::Route;
use super::tunnel::Tunnel;
use super::{Direction, FtpsClient};
use crate::net::{ClosedSocket, Destination, Interest, Listener, Proxy, Socket, Watch};
use crate::protocol::{Command, Reply};
use crate::{Error, Failure, Result};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

/// Where the two ends meet.
pub(super) enum Meeting {
    /// In passive mode: where the server listens.
    There(Route),
    /// In active mode: where we listen. Only a connection from `from` is taken, if there is such an address.
    Here { listener: Box<dyn Listener>, from: Option<IpAddr> },
}

/// A data connection that stands.
pub(super) struct Met {
    pub socket: DataSocket,
    /// The replies that came meanwhile.
    pub replies: Vec<Reply>,
    /// When its TLS handshake must have come to its end.
    pub deadline: Instant,
}

impl FtpsClient {
    /// Agrees with the server on where to meet.
    pub(super) fn arrange_meeting(&mut self, direction: Direction) -> Result<Meeting> {
        match self.settings.active.clone() {
            Some(mode) => self.announce(&mode),
            None => self.passive_address(direction).map(Meeting::There),
        }
    }

    /// Whether the transfer command goes out before the data connection stands. In active mode it must: the
    /// server connects because of it. In passive mode that is one round trip fewer; but not before a
    /// connection has succeeded, since a STOR whose data connection fails has truncated its target.
    pub(super) fn is_command_first(&self, meeting: &Meeting) -> bool {
        match meeting {
            Meeting::There(_) => self.passive.proven,
            Meeting::Here { .. } => true,
        }
    }

    /// Makes the data connection, or waits for it. Where the command is `under_way` already, its replies are
    /// collected meanwhile, and a negative one ends the attempt.
    pub(super) fn meet(&mut self, meeting: Meeting, under_way: Option<&Command>) -> Result<Met> {
        match meeting {
            Meeting::There(route) => {
                let deadline = self.connect_deadline();
                let approach = self.approach(route)?;
                let (socket, replies) = self.await_socket(approach, deadline, under_way)?;
                Ok(Met { socket, replies, deadline })
            }
            Meeting::Here { listener, from } => {
                let deadline = self.control.network.now() + self.settings.timeouts.data;
                let (socket, replies) =
                    self.await_socket(Approach::Theirs { listener, from }, deadline, under_way)?;
                Ok(Met { socket, replies, deadline: self.connect_deadline() })
            }
        }
    }

    fn approach(&self, route: Route) -> Result<Approach> {
        let Route { address, behind } = route;
        let socket = self.control.network.dial(address, &self.settings.sockets);
        let socket = socket.map_err(|error| cannot_connect(address, error))?;
        Ok(Approach::Ours { address, socket, behind: self.settings.proxy.clone().zip(behind) })
    }

    fn connect_deadline(&self) -> Instant {
        self.control.network.now() + self.settings.timeouts.connect
    }

    fn await_socket(
        &mut self,
        mut approach: Approach,
        deadline: Instant,
        under_way: Option<&Command>,
    ) -> Result<(DataSocket, Vec<Reply>)> {
        let awaited = if under_way.is_some() { Interest::READ } else { Interest::default() };
        let mut replies = Vec::new();
        loop {
            let mut watched = [approach.watch(), Watch::new(self.control.handle(), awaited)];
            self.control.wait_for(&mut watched, deadline, self.control.cancel.as_ref(), &approach.what())?;
            let [data, control] = watched.map(|watch| watch.ready);
            if let Some(command) = under_way.filter(|_| control.read) {
                while let Some(reply) = self.control.poll_reply()? {
                    if reply.is_negative() {
                        return Err(refusal(command, reply));
                    }
                    replies.push(reply);
                }
            }
            if data.read || data.write {
                if let Some(socket) = approach.complete()? {
                    return Ok((DataSocket::new(socket), replies));
                }
            }
        }
    }
}

/// A data connection in the making. Dropping it ends the attempt; a listener is closed with it.
enum Approach {
    /// We connect: to the server, or to a proxy that has to be asked for what is behind it.
    Ours { address: SocketAddr, socket: Box<dyn Socket>, behind: Option<(Proxy, Destination)> },
    /// The proxy has been reached.
    Through(Tunnel),
    /// The server connects.
    Theirs { listener: Box<dyn Listener>, from: Option<IpAddr> },
}

impl Approach {
    fn what(&self) -> String {
        match self {
            Approach::Ours { address, .. } => format!("the connection to {address}"),
            Approach::Through(tunnel) => tunnel.what(),
            Approach::Theirs { .. } => "the server's data connection (active mode)".to_owned(),
        }
    }

    fn watch(&self) -> Watch<'_> {
        match self {
            Approach::Ours { socket, .. } => Watch::new(socket.handle(), Interest::WRITE),
            Approach::Through(tunnel) => tunnel.watch(),
            Approach::Theirs { listener, .. } => Watch::new(listener.handle(), Interest::READ),
        }
    }

    /// The socket, once what is watched is ready. None: it was not the server's, or a proxy has not answered yet, and
    /// waiting goes on.
    fn complete(&mut self) -> Result<Option<Box<dyn Socket>>> {
        match self {
            Approach::Ours { address, socket, behind } => {
                socket.connected().map_err(|error| cannot_connect(*address, error))?;
                let socket = std::mem::replace(socket, Box::new(ClosedSocket));
                let Some((proxy, destination)) = behind else { return Ok(Some(socket)) };
                *self = Approach::Through(Tunnel::new(socket, proxy, destination)?);
                self.complete()
            }
            Approach::Through(tunnel) => Ok(tunnel.advance()?.then(|| tunnel.take_socket())),
            Approach::Theirs { listener, from } => accept(&mut **listener, *from),
        }
    }
}

fn accept(listener: &mut dyn Listener, from: Option<IpAddr>) -> Result<Option<Box<dyn Socket>>> {
    let socket = match listener.accept() {
        Ok(socket) => socket,
        Err(error) if is_passing(&error) => return Ok(None),
        Err(error) => return Err(cannot_accept(error)),
    };
    let Some(expected) = from else { return Ok(Some(socket)) };
    match socket.peer_addr() {
        Ok(peer) if peer.ip().to_canonical() == expected.to_canonical() => Ok(Some(socket)),
        Ok(peer) => {
            log::warn!("closed a data connection from {peer}: the server is {expected}");
            socket.reset();
            Ok(None)
        }
        // It is gone already. If it was the server's, a reply will say so.
        Err(_) => Ok(None),
    }
}

/// Nobody is there any more, or not yet.
fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, Interrupted, WouldBlock};
    matches!(error.kind(), ConnectionAborted | Interrupted | WouldBlock)
}

fn cannot_accept(error: io::Error) -> Error {
    Error::Connect(Failure::new("the server's data connection could not be accepted").with_cause(error))
}
