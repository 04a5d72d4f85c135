//! Active mode: this end listens, and tells the server where by PORT (RFC 959) or EPRT (RFC 2428).

use super::commands::refusal;
use super::meeting::Meeting;
use super::FtpsClient;
use crate::net::Listener;
use crate::protocol::{eprt_argument, port_argument, Command};
use crate::{Error, Failure, Result};
use std::io;
use std::net::{IpAddr, SocketAddr, SocketAddrV4};
use std::ops::RangeInclusive;

/// Active mode: for each data connection this client listens, and the server connects. For servers that offer
/// no passive mode; the network in between has to let the server's connections in.
///
/// TLS is not turned round: the client is the TLS client here too (RFC 4217 section 7), and the connection
/// resumes the control connection's session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ActiveMode {
    ports: Option<RangeInclusive<u16>>,
    listen_on: Option<IpAddr>,
    announced: Option<IpAddr>,
    any_peer: bool,
}

impl ActiveMode {
    /// The ports to listen on, those that a firewall lets through (default: any free one). They are used in
    /// turn; each is free again when its data connection stands.
    pub fn ports(mut self, ports: RangeInclusive<u16>) -> Self {
        self.ports = Some(ports);
        self
    }

    /// The address to listen on (default: this end's address of the control connection).
    pub fn listen_on(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.listen_on = address.into();
        self
    }

    /// The address to tell the server, where that is another: the outer one of a NAT that passes the ports on
    /// as they are (default: the address that is listened on, and where that is unspecified, this end's
    /// address of the control connection).
    pub fn announced_address(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.announced = address.into();
        self
    }

    /// Takes a data connection from any address (default: no; only from the control connection's peer, any other is
    /// closed, and waiting goes on). For servers that send data from another address. Whoever connects must still
    /// prove in TLS that it is this server.
    pub fn trust_any_peer(mut self, trust: bool) -> Self {
        self.any_peer = trust;
        self
    }

    /// Fails with [`Error::InvalidArgument`] where there is no port to listen on.
    pub(crate) fn check(&self) -> Result<()> {
        match &self.ports {
            Some(ports) if ports.is_empty() || *ports.start() == 0 => {
                Err(Error::InvalidArgument(Failure::new(format!(
                    "{} to {} is no range of ports: the first is at least 1, and not above the last",
                    ports.start(),
                    ports.end()
                ))))
            }
            _ => Ok(()),
        }
    }

    /// The ports to try, from the one whose turn it is. Port 0 is any free one.
    fn ports_from(&self, turn: u16) -> impl Iterator<Item = u16> {
        let ports = self.ports.clone().unwrap_or(0..=0);
        let turn = if ports.contains(&turn) { turn } else { *ports.start() };
        (turn..=*ports.end()).chain(*ports.start()..turn)
    }
}

impl FtpsClient {
    /// Data connections in active mode from the next transfer on; `None` is passive mode, the default.
    ///
    /// Fails with [`Error::InvalidArgument`] where the range of ports has none, and behind a proxy.
    pub fn set_active_mode(&mut self, mode: Option<ActiveMode>) -> Result<()> {
        self.settings.check_active(mode.as_ref())?;
        self.settings.active = mode;
        Ok(())
    }

    /// Whether the next data connection is one in active mode.
    pub fn is_active_mode(&self) -> bool {
        self.settings.active.is_some()
    }

    /// Listens, and tells the server where.
    pub(super) fn announce(&mut self, mode: &ActiveMode) -> Result<Meeting> {
        // Asked ahead before the mode was changed, and of no use any more.
        self.control.take_answer()?;
        let listener = self.listen(mode)?;
        let command = announcement(self.announced_address(mode, &*listener)?)?;
        let reply = self.control.command(&command)?;
        match reply.code() {
            200 => {
                let from = (!mode.any_peer).then(|| self.control.route.address.ip());
                Ok(Meeting::Here { listener, from })
            }
            _ if reply.is_negative() => Err(refusal(&command, reply)),
            _ => Err(self.control.out_of_step(&command, reply)),
        }
    }

    fn listen(&mut self, mode: &ActiveMode) -> Result<Box<dyn Listener>> {
        // With its scope, where it has one.
        let mut address = self.control.local_addr()?;
        if let Some(ip) = mode.listen_on {
            address = SocketAddr::new(ip, 0);
        }
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in mode.ports_from(self.next_active_port) {
            address.set_port(port);
            match self.control.network.listen(address, &self.settings.sockets) {
                Ok(listener) => {
                    self.next_active_port = port.wrapping_add(1);
                    return Ok(listener);
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
                Err(error) => return Err(cannot_listen(address.ip(), error)),
            }
        }
        Err(cannot_listen(address.ip(), last))
    }

    fn announced_address(&self, mode: &ActiveMode, listener: &dyn Listener) -> Result<SocketAddr> {
        let bound =
            listener.local_addr().map_err(|error| cannot_listen(self.control.route.address.ip(), error))?;
        let ip = match mode.announced {
            Some(ip) => ip,
            None if bound.ip().is_unspecified() => self.control.local_addr()?.ip(),
            None => bound.ip(),
        };
        Ok(SocketAddr::new(ip, bound.port()))
    }
}

/// Every server knows PORT, and it has room for IPv4 only.
fn announcement(address: SocketAddr) -> Result<Command> {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => Command::new("PORT", port_argument(SocketAddrV4::new(ip, address.port()))),
        IpAddr::V6(_) => Command::new("EPRT", eprt_argument(address)),
    }
}

fn cannot_listen(ip: IpAddr, error: io::Error) -> Error {
    let message = format!("no port of {ip} could be listened on for the server's data connection");
    Error::Connect(Failure::new(message).with_cause(error))
}
