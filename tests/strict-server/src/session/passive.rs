//! Where data connections come from: `EPSV`, `PASV`, `EPRT`, `PORT` (RFC 959, RFC 2428).

use super::{DataSource, Flow, Session};
use crate::options::PassiveAddress;
use ftps::net::SocketOptions;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

impl Session {
    pub(super) fn epsv(&mut self, argument: &str) -> Flow {
        if argument.eq_ignore_ascii_case("ALL") {
            return self.reply("200 EPSV ALL ok.");
        }
        let family = match self.control.link.socket().local_addr()? {
            SocketAddr::V4(_) => "1",
            SocketAddr::V6(_) => "2",
        };
        if !argument.is_empty() && argument != family {
            return self.reply(&format!("522 Network protocol not supported, use ({family})."));
        }
        match self.open_passive() {
            Ok(address) => {
                self.reply(&format!("229 Entering Extended Passive Mode (|||{}|).", address.port()))
            }
            Err(e) => self.reply(&format!("425 Cannot open a passive port: {e}.")),
        }
    }

    pub(super) fn pasv(&mut self) -> Flow {
        let IpAddr::V4(own) = self.control.link.socket().local_addr()?.ip() else {
            return self.reply("425 PASV needs IPv4: use EPSV.");
        };
        let shown = match self.shared.options.passive {
            PassiveAddress::Own => own,
            PassiveAddress::Given(other) => other,
        };
        match self.open_passive() {
            Ok(address) => {
                let [a, b, c, d] = shown.octets();
                let [high, low] = address.port().to_be_bytes();
                self.reply(&format!("227 Entering Passive Mode ({a},{b},{c},{d},{high},{low})."))
            }
            Err(e) => self.reply(&format!("425 Cannot open a passive port: {e}.")),
        }
    }

    fn open_passive(&mut self) -> io::Result<SocketAddr> {
        self.held = None;
        let local = SocketAddr::new(self.control.link.socket().local_addr()?.ip(), 0);
        let listener = self.shared.waiter.network.listen(local, &SocketOptions::default())?;
        let address = listener.local_addr()?;
        self.source = DataSource::Passive(listener);
        Ok(address)
    }

    pub(super) fn eprt(&mut self, argument: &str) -> Flow {
        match parse_eprt(argument) {
            Ok(address) => self.take_active(address),
            Err(reply) => self.reply(reply),
        }
    }

    pub(super) fn port(&mut self, argument: &str) -> Flow {
        match parse_port(argument) {
            Some(address) => self.take_active(address),
            None => self.reply("501 PORT needs six numbers."),
        }
    }

    /// Only the client itself is called back, never a third machine, and no port of the system's (RFC 2577 section 3).
    fn take_active(&mut self, address: SocketAddr) -> Flow {
        if address.ip() != self.control.link.socket().peer_addr()?.ip() || address.port() < 1024 {
            return self.reply("500 Illegal address.");
        }
        self.held = None;
        self.source = DataSource::Active(address);
        self.reply("200 Active mode ok.")
    }
}

/// `|1|132.235.1.2|6275|`, with any delimiter (RFC 2428 section 2); else the reply to it.
fn parse_eprt(argument: &str) -> Result<SocketAddr, &'static str> {
    const MALFORMED: &str = "501 EPRT needs |family|address|port|.";
    let delimiter = argument.chars().next().ok_or(MALFORMED)?;
    let fields: Vec<&str> = argument.split(delimiter).collect();
    let ["", family, address, port, ""] = fields[..] else { return Err(MALFORMED) };
    let ip: IpAddr = match family {
        "1" => address.parse::<Ipv4Addr>().map(IpAddr::from),
        "2" => address.parse::<Ipv6Addr>().map(IpAddr::from),
        _ => return Err("522 Network protocol not supported, use (1,2)."),
    }
    .map_err(|_| MALFORMED)?;
    Ok(SocketAddr::new(ip, port.parse().map_err(|_| MALFORMED)?))
}

/// `h1,h2,h3,h4,p1,p2`.
fn parse_port(argument: &str) -> Option<SocketAddr> {
    let numbers: Vec<u8> =
        argument.split(',').map(|number| number.trim().parse()).collect::<Result<_, _>>().ok()?;
    let [a, b, c, d, high, low] = numbers[..] else { return None };
    Some(SocketAddr::from((Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low]))))
}
