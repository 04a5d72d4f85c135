//! Addresses of data connections: PASV and PORT (RFC 959), EPSV and EPRT (RFC 2428).

use super::decimal;
use super::reply::Reply;
use crate::Result;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};

/// The port in the reply to `EPSV`: `229 Entering Extended Passive Mode (|||6446|)`. Any delimiter is
/// taken, and protocol and address between the delimiters, which should be empty, are ignored.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 229 or there is no port from
/// 1 to 65535.
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

/// The address in the reply to `PASV`: `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)`, with or without
/// parentheses (RFC 1123 section 4.1.2.6). It is what the server says; whether it can be used, and may be,
/// is another question (`0.0.0.0`, private addresses behind NAT, foreign hosts).
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 227, a number is above 255,
/// or the port is 0.
pub fn parse_pasv(reply: &Reply) -> Result<SocketAddrV4> {
    reply.expect_code(227, "PASV")?;
    let text = reply.text();
    (0..text.len())
        .filter(|&start| begins_number_list(text.as_bytes(), start))
        .find_map(|start| pasv_address(&text.as_bytes()[start..]))
        .ok_or_else(|| reply.unusable("the reply to PASV names no usable address"))
}

/// Whether a list of numbers begins at `start`: other numbers in the text are no hindrance, and the rest of
/// a longer or malformed list is no address.
fn begins_number_list(text: &[u8], start: usize) -> bool {
    let before = &text[..start];
    let inside_number = before.last().is_some_and(u8::is_ascii_digit);
    let inside_list = before.trim_ascii_end().last() == Some(&b',');
    text[start].is_ascii_digit() && !inside_number && !inside_list
}

/// Exactly six numbers with commas between them, and perhaps spaces.
fn pasv_address(list: &[u8]) -> Option<SocketAddrV4> {
    let end = list.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b',' | b' ')).unwrap_or(list.len());
    let list = std::str::from_utf8(&list[..end]).ok()?;
    let list = list.trim_end_matches([' ', ',']);
    let numbers: Vec<u8> = list.split(',').map(|number| decimal(number.trim())).collect::<Option<_>>()?;
    let [h1, h2, h3, h4, p1, p2] = numbers[..] else { return None };
    let port = u16::from_be_bytes([p1, p2]);
    (port != 0).then(|| SocketAddrV4::new(Ipv4Addr::new(h1, h2, h3, h4), port))
}

/// The argument of `EPRT`: `|1|132.235.1.2|6275|` (RFC 2428 section 2). An IPv6 scope is left out, it means
/// nothing to the server; an IPv4 address in IPv6 form goes as IPv4.
pub fn eprt_argument(address: SocketAddr) -> String {
    let ip = address.ip().to_canonical();
    let protocol = match ip {
        IpAddr::V4(_) => 1,
        IpAddr::V6(_) => 2,
    };
    format!("|{protocol}|{ip}|{}|", address.port())
}

/// The argument of `PORT`: `h1,h2,h3,h4,p1,p2` (RFC 959 section 4.1.2).
pub fn port_argument(address: SocketAddrV4) -> String {
    let [h1, h2, h3, h4] = address.ip().octets();
    let [p1, p2] = address.port().to_be_bytes();
    format!("{h1},{h2},{h3},{h4},{p1},{p2}")
}
