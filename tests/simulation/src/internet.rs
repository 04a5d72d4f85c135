//! All connections, listeners and names of a simulation, and its virtual time.

use crate::connection::Connection;
use crate::fault::Fault;
use crate::host::Host;
use crate::line::{Conditions, Packet};
use crate::profile::Profile;
use crate::trace::{Happening, Side, Subject, Trace};
use fastrand::Rng;
use ftps::net::Interest;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Ports that are given out for port 0, and for the dialling ends of connections.
const EPHEMERAL_PORTS: std::ops::Range<u16> = 40_000..60_000;

/// Connections that wait to be accepted; more are refused.
const BACKLOG: usize = 128;

/// What a socket or listener is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    End(u64, Side),
    Listener(u64),
}

impl Name {
    pub fn to_token(self) -> u64 {
        match self {
            Name::End(connection, Side::Dialler) => connection * 4,
            Name::End(connection, Side::Acceptor) => connection * 4 + 1,
            Name::Listener(listener) => listener * 4 + 2,
        }
    }

    pub fn from_token(token: u64) -> Option<Name> {
        match token % 4 {
            0 => Some(Name::End(token / 4, Side::Dialler)),
            1 => Some(Name::End(token / 4, Side::Acceptor)),
            2 => Some(Name::Listener(token / 4)),
            _ => None,
        }
    }
}

#[derive(Debug)]
struct Listener {
    host: Host,
    local: SocketAddr,
    backlog: VecDeque<u64>,
}

impl Listener {
    fn hears(&self, host: Host, address: SocketAddr) -> bool {
        let same_family = self.local.is_ipv4() == address.is_ipv4();
        let same_address =
            self.local.ip() == address.ip() || (self.local.ip().is_unspecified() && same_family);
        self.host == host && self.local.port() == address.port() && same_address
    }
}

/// A connection that a listener gives out.
pub(crate) struct Accepted {
    pub number: u64,
    pub local: SocketAddr,
    pub peer: SocketAddr,
}

/// How a name is resolved.
#[derive(Clone, Debug)]
pub(crate) struct NameEntry {
    pub addresses: Vec<IpAddr>,
    /// How long the answer takes; [`Duration::MAX`]: it never comes.
    pub delay: Duration,
}

#[derive(Debug)]
pub(crate) struct Internet {
    pub conditions: Conditions,
    pub trace: Trace,
    pub names: BTreeMap<String, NameEntry>,
    /// Faults, or their absence, that a test has chosen for the connection with this number.
    pub planned: BTreeMap<u64, Option<Fault>>,
    connections: BTreeMap<u64, Connection>,
    listeners: BTreeMap<u64, Listener>,
    dialled: u64,
    listened: u64,
    last_port: u16,
}

impl Internet {
    pub fn new(rng: Rng, profile: Profile) -> Self {
        Internet {
            conditions: Conditions { now: Duration::ZERO, rng, profile },
            trace: Trace::new(),
            names: BTreeMap::new(),
            planned: BTreeMap::new(),
            connections: BTreeMap::new(),
            listeners: BTreeMap::new(),
            dialled: 0,
            listened: 0,
            last_port: EPHEMERAL_PORTS.end,
        }
    }

    pub fn now(&self) -> Duration {
        self.conditions.now
    }

    pub fn record(&mut self, subject: Subject, what: Happening) {
        self.trace.record(self.conditions.now, subject, what);
    }

    /// When the next packet arrives anywhere.
    pub fn next_arrival(&self) -> Option<Duration> {
        self.next_packet().map(|(due, ..)| due)
    }

    /// Lets everything arrive that is due by now.
    pub fn deliver_due(&mut self) {
        while let Some((due, number, from)) = self.next_packet() {
            if due > self.conditions.now {
                break;
            }
            self.deliver(number, from);
        }
    }

    fn next_packet(&self) -> Option<(Duration, u64, Side)> {
        self.connections
            .iter()
            .filter_map(|(number, connection)| {
                let (due, from) = connection.due()?;
                Some((due, *number, from))
            })
            .min_by_key(|(due, ..)| *due)
    }

    fn deliver(&mut self, number: u64, from: Side) {
        let Some(packet) = self.connections.get_mut(&number).and_then(|c| c.take_packet(from)) else {
            return;
        };
        if matches!(packet, Packet::Open) {
            self.deliver_attempt(number);
        } else {
            self.on_connection(number, |connection, conditions| connection.deliver(from, packet, conditions));
        }
        self.forget_if_over(number);
    }

    fn deliver_attempt(&mut self, number: u64) {
        let Some(connection) = self.connections.get_mut(&number) else { return };
        let wanted = connection.acceptor;
        let host = connection.origin.find(wanted.ip());
        let listener = self
            .listeners
            .values_mut()
            .find(|listener| host.is_some_and(|host| listener.hears(host, wanted)))
            .filter(|listener| listener.backlog.len() < BACKLOG && !connection.is_to_be_refused());
        let taken = listener.is_some();
        match listener {
            Some(listener) => {
                listener.backlog.push_back(number);
                connection.open(&mut self.conditions);
            }
            // An address that exists nowhere does not even refuse.
            None if host.is_none() => {}
            None => connection.refuse(&mut self.conditions),
        }
        self.record(Subject::Connection(number), Happening::Opened { taken });
    }

    /// Starts a connection, and returns its number and the address it comes from.
    pub fn dial(&mut self, host: Host, peer: SocketAddr) -> (u64, SocketAddr) {
        let number = self.dialled;
        self.dialled += 1;
        let local = SocketAddr::new(host.source_for(peer.ip()), self.next_port());
        let drawn = self.conditions.profile.faults.draw(&mut self.conditions.rng);
        let fault = self.planned.get(&number).copied().unwrap_or(drawn);
        let connection = Connection::dial(host, local, peer, fault, &mut self.conditions);
        self.connections.insert(number, connection);
        self.record(Subject::Connection(number), Happening::Dialled { from: local, to: peer });
        (number, local)
    }

    /// Opens a listener, and returns its number and the address it is bound to.
    pub fn listen(&mut self, host: Host, wanted: SocketAddr) -> io::Result<(u64, SocketAddr)> {
        if !wanted.ip().is_unspecified() && !host.owns(wanted.ip()) {
            return Err(io::ErrorKind::AddrNotAvailable.into());
        }
        let port = if wanted.port() == 0 { self.next_port() } else { wanted.port() };
        let local = SocketAddr::new(wanted.ip(), port);
        if self.listeners.values().any(|other| other.host == host && other.local == local) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        let number = self.listened;
        self.listened += 1;
        self.listeners.insert(number, Listener { host, local, backlog: VecDeque::new() });
        Ok((number, local))
    }

    pub fn accept(&mut self, listener: u64) -> io::Result<Accepted> {
        let listener = self.listeners.get_mut(&listener).ok_or(io::ErrorKind::NotConnected)?;
        let number = listener.backlog.pop_front().ok_or(io::ErrorKind::WouldBlock)?;
        let connection = self.connections.get(&number).ok_or(io::ErrorKind::ConnectionAborted)?;
        Ok(Accepted { number, local: connection.acceptor, peer: connection.dialler })
    }

    /// Closes a listener; the connections that nobody accepted are reset.
    pub fn close_listener(&mut self, listener: u64) {
        let Some(listener) = self.listeners.remove(&listener) else { return };
        for number in listener.backlog {
            self.reset(number, Side::Acceptor);
        }
    }

    pub fn close(&mut self, number: u64, side: Side) {
        self.on_connection(number, |connection, conditions| connection.close(side, conditions));
        self.forget_if_over(number);
    }

    pub fn reset(&mut self, number: u64, side: Side) {
        self.on_connection(number, |connection, conditions| connection.reset(side, conditions));
        self.forget_if_over(number);
    }

    /// Does something to a connection that is not over, with the conditions at hand.
    pub fn with<T>(
        &mut self,
        number: u64,
        action: impl FnOnce(&mut Connection, &mut Conditions) -> io::Result<T>,
    ) -> io::Result<T> {
        let connection = self.connections.get_mut(&number).ok_or(io::ErrorKind::NotConnected)?;
        action(connection, &mut self.conditions)
    }

    pub fn readiness(&self, name: Name, interest: Interest) -> Interest {
        match name {
            Name::End(number, side) => match self.connections.get(&number) {
                Some(connection) => connection.readiness(side, interest),
                None => interest,
            },
            Name::Listener(listener) => {
                let waiting = self.listeners.get(&listener).is_some_and(|l| !l.backlog.is_empty());
                Interest { read: interest.read && waiting, write: false }
            }
        }
    }

    fn on_connection(
        &mut self,
        number: u64,
        action: impl FnOnce(&mut Connection, &mut Conditions) -> Option<Happening>,
    ) {
        let Some(connection) = self.connections.get_mut(&number) else { return };
        if let Some(what) = action(connection, &mut self.conditions) {
            self.record(Subject::Connection(number), what);
        }
    }

    fn forget_if_over(&mut self, number: u64) {
        if self.connections.get(&number).is_some_and(Connection::is_over) {
            self.connections.remove(&number);
        }
    }

    /// The next port, in turn, on which nobody listens.
    fn next_port(&mut self) -> u16 {
        for _ in EPHEMERAL_PORTS {
            let next = self.last_port.saturating_add(1);
            self.last_port = if EPHEMERAL_PORTS.contains(&next) { next } else { EPHEMERAL_PORTS.start };
            if self.listeners.values().all(|listener| listener.local.port() != self.last_port) {
                break;
            }
        }
        self.last_port
    }
}
