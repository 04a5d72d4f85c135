//! Proxies, and what is said to one until the connection behind it stands. No I/O is done here.

mod http;
mod socks5;

use super::destination::Destination;
use crate::{Error, Failure, Result};
use http::HttpConnect;
use socks5::Socks5;
use std::fmt;
use zeroize::Zeroizing;

/// A proxy that all connections of a client go through. It resolves the server's name, also for data connections: they go
/// to the same name as the control connection, unless the address in the reply to `PASV` is trusted.
///
/// Data connections are made in passive mode: no proxy lets the server call back. The proxy has to allow connections to the
/// server's passive ports. TLS is between client and server: the proxy sees names, addresses and amounts.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Proxy {
    kind: Kind,
    host: String,
    port: u16,
    credentials: Option<Credentials>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Socks5,
    HttpConnect,
}

/// Never shown.
#[derive(Clone, PartialEq, Eq)]
struct Credentials {
    user: Zeroizing<Vec<u8>>,
    password: Zeroizing<Vec<u8>>,
}

impl Proxy {
    /// A SOCKS5 proxy (RFC 1928), usually at port 1080.
    pub fn socks5(host: impl Into<String>, port: u16) -> Proxy {
        Proxy { kind: Kind::Socks5, host: host.into(), port, credentials: None }
    }

    /// An HTTP proxy that offers CONNECT (RFC 9110 section 9.3.6), often at port 3128 or 8080. The connection to the proxy
    /// itself is in clear.
    pub fn http_connect(host: impl Into<String>, port: u16) -> Proxy {
        Proxy { kind: Kind::HttpConnect, host: host.into(), port, credentials: None }
    }

    /// Who asks: by user and password (RFC 1929) of SOCKS5, 1 to 255 bytes each, or by HTTP's `Basic` (RFC 7617), where the
    /// user has no colon. Both go to the proxy in clear. Wiped from memory when dropped, and shown nowhere.
    pub fn credentials(mut self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Proxy {
        let zeroizing = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        self.credentials =
            Some(Credentials { user: zeroizing(user.as_ref()), password: zeroizing(password.as_ref()) });
        self
    }

    /// The proxy's own host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The proxy's own port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Fails with [`Error::InvalidArgument`] where the proxy could not be asked for anything.
    pub(crate) fn check(&self) -> Result<()> {
        if self.host.is_empty() || self.host.bytes().any(|byte| byte.is_ascii_control()) || self.port == 0 {
            return Err(invalid(
                "the proxy's host name is empty or has control characters, or its port is 0",
            ));
        }
        let Some(Credentials { user, password }) = &self.credentials else { return Ok(()) };
        match self.kind {
            Kind::Socks5 if [user, password].iter().any(|it| it.is_empty() || it.len() > 255) => {
                Err(invalid("user and password of a SOCKS5 proxy have 1 to 255 bytes each (RFC 1929)"))
            }
            Kind::HttpConnect if user.contains(&b':') => {
                Err(invalid("the user of an HTTP proxy has no colon (RFC 7617)"))
            }
            _ => Ok(()),
        }
    }

    /// Begins to ask for a connection to `destination`, on one to the proxy that stands. Fails with
    /// [`Error::InvalidArgument`] where the proxy's protocol cannot name the destination.
    pub(crate) fn negotiate(&self, destination: &Destination) -> Result<Box<dyn Negotiation>> {
        Ok(match self.kind {
            Kind::Socks5 => Box::new(Socks5::new(self, destination)?),
            Kind::HttpConnect => Box::new(HttpConnect::new(self, destination)?),
        })
    }
}

/// For messages.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Socks5 => "SOCKS5",
            Kind::HttpConnect => "HTTP",
        };
        write!(f, "the {kind} proxy {}", Destination::new(&self.host, self.port))
    }
}

/// Without the credentials.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = if self.credentials.is_some() { "with credentials" } else { "without credentials" };
        write!(f, "Proxy({self}, {credentials})")
    }
}

/// The dialogue with a proxy, fed with and emptied of bytes by whoever has the connection.
pub(crate) trait Negotiation: Send + fmt::Debug {
    /// Bytes that must go to the proxy.
    fn outgoing(&self) -> &[u8];
    /// `count` bytes of [`outgoing`](Self::outgoing) went out.
    fn sent(&mut self, count: usize);
    /// How many bytes may be read now: not one more, or it would be one of the connection behind the proxy. 0: that
    /// connection stands.
    fn wanted(&self) -> usize;
    /// The proxy sent `bytes`, at most as many as were wanted. Fails with [`Error::Connect`] where it refuses, and with
    /// [`Error::Protocol`] where it speaks another protocol.
    fn received(&mut self, bytes: &[u8]) -> Result<()>;
}

fn invalid(message: impl Into<String>) -> Error {
    Error::InvalidArgument(Failure::new(message))
}

fn refused(message: impl Into<String>) -> Error {
    Error::Connect(Failure::new(message))
}

fn violated(message: impl Into<String>) -> Error {
    Error::Protocol(Failure::new(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_shown_nowhere() {
        for proxy in [Proxy::socks5("proxy", 1080), Proxy::http_connect("::1", 8080)] {
            let proxy = proxy.credentials("somebody", "open-sesame");
            let negotiation = proxy.negotiate(&Destination::new("host", 21)).unwrap();
            let shown = format!("{proxy} {proxy:?} {negotiation:?}");
            assert!(!shown.contains("somebody") && !shown.contains("open-sesame"), "{shown}");
            assert!(!shown.contains("c29tZWJvZHk6b3Blbi1zZXNhbWU="), "{shown}");
        }
    }

    #[test]
    fn what_a_proxy_could_not_be_asked_is_an_invalid_argument() {
        let long = "x".repeat(256);
        for proxy in [
            Proxy::socks5("", 1080),
            Proxy::socks5("a\r\nb", 1080),
            Proxy::http_connect("proxy", 0),
            Proxy::socks5("proxy", 1080).credentials("", "password"),
            Proxy::socks5("proxy", 1080).credentials("user", ""),
            Proxy::socks5("proxy", 1080).credentials(&long, "password"),
            Proxy::socks5("proxy", 1080).credentials("user", &long),
            Proxy::http_connect("proxy", 8080).credentials("us:er", "password"),
        ] {
            assert_eq!(proxy.check().unwrap_err().kind(), "invalid-argument", "{proxy}");
        }
        Proxy::http_connect("proxy", 8080).credentials("", "pass:word").check().unwrap();
    }
}
