//! Addresses of data connections: PASV and PORT (RFC 959), EPSV and EPRT (RFC 2428).

use super::reply::Reply;
use crate::Result;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

/// The port in the reply to `EPSV`: `229 Entering Extended Passive Mode (|||6446|)`. Any delimiter is taken, and
/// protocol and address between the delimiters, which should be empty, are ignored.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 229 or there is no port from 1 to 65535.
pub fn parse_epsv(reply: &Reply) -> Result<u16> {
    reply.expect_code(229, "EPSV")?;
    let text = reply.text();
    text.split('(')
        .skip(1)
        .find_map(|after| epsv_port(after.split_once(')')?.0))
        .ok_or_else(|| reply.unusable("the reply to EPSV names no port"))
}

/// The port in what stands between the parentheses.
fn epsv_port(body: &str) -> Option<u16> {
    let delimiter = body.chars().next()?;
    let fields: Vec<&str> = body.split(delimiter).collect();
    match fields[..] {
        ["", _protocol, _address, port, ""] => decimal(port).filter(|&port| port != 0),
        _ => None,
    }
}

/// The address in the reply to `PASV`: `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)`, with or without parentheses
/// (RFC 1123 section 4.1.2.6). It is what the server says, and not to be trusted: see the crate's handling of foreign addresses.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 227, a number is above 255, or the
/// port is 0.
pub fn parse_pasv(reply: &Reply) -> Result<SocketAddrV4> {
    reply.expect_code(227, "PASV")?;
    let text = reply.text();
    let compact = text.replace(", ", ",");
    // Digits elsewhere in the text are no hindrance: only a run of exactly six numbers is an address.
    compact
        .split(|c: char| !(c.is_ascii_digit() || c == ','))
        .find_map(pasv_address)
        .ok_or_else(|| reply.unusable("the reply to PASV names no usable address"))
}

fn pasv_address(run: &str) -> Option<SocketAddrV4> {
    let numbers: Vec<u8> = run.split(',').map(decimal).collect::<Option<_>>()?;
    let [a, b, c, d, high, low] = numbers[..] else { return None };
    let port = u16::from_be_bytes([high, low]);
    (port != 0).then(|| SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port))
}

/// Digits only: Rust's own parser takes a plus sign too.
fn decimal<T: std::str::FromStr>(digits: &str) -> Option<T> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The argument of `EPRT` (RFC 2428 section 2): `|1|132.235.1.2|6275|`.
pub fn eprt_argument(address: SocketAddr) -> String {
    let family = if address.is_ipv4() { 1 } else { 2 };
    format!("|{family}|{}|{}|", address.ip(), address.port())
}

/// The argument of `PORT` (RFC 959 section 4.1.2): `132,235,1,2,24,131`.
pub fn port_argument(address: SocketAddrV4) -> String {
    let [a, b, c, d] = address.ip().octets();
    let [high, low] = address.port().to_be_bytes();
    format!("{a},{b},{c},{d},{high},{low}")
}
