//! What is asked of a socket beyond being one.

use crate::{Failure, Result};
use std::error::Error;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

/// Options of the sockets of a client. The default is the system's. `TCP_NODELAY` is always set: without it a small file
/// costs a delayed acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SocketOptions {
    /// The local address that connections come from, on a machine that has several. It must be one of this machine's, and
    /// of the family (IPv4, IPv6) of the server's address. In active mode the client listens on it too, unless
    /// [`ActiveMode::listen_on`](crate::client::ActiveMode::listen_on) says otherwise.
    pub bind_address: Option<IpAddr>,
    /// TCP keep-alive: how long a connection is silent before the system asks whether the peer is still there (in whole
    /// seconds, at least 1; default `None`: never). It keeps firewalls from forgetting a control connection that is
    /// silent during a long transfer.
    pub tcp_keep_alive: Option<Duration>,
    /// The send buffer of data connections in bytes (`SO_SNDBUF`). The system may grant another size, and stops fitting it
    /// to the link by itself.
    pub send_buffer: Option<usize>,
    /// The same of the receive buffer (`SO_RCVBUF`).
    pub receive_buffer: Option<usize>,
}

impl SocketOptions {
    /// Fails with [`crate::Error::InvalidArgument`] where a value means nothing to any system.
    pub(crate) fn check(&self) -> Result<()> {
        let invalid = |what: &str| Err(crate::Error::InvalidArgument(Failure::new(what)));
        match self {
            SocketOptions { tcp_keep_alive: Some(idle), .. } if idle.as_secs() == 0 => {
                invalid("a TCP keep-alive time has at least one second")
            }
            SocketOptions { send_buffer: Some(0), .. } => invalid("a send buffer has at least one byte"),
            SocketOptions { receive_buffer: Some(0), .. } => {
                invalid("a receive buffer has at least one byte")
            }
            _ => Ok(()),
        }
    }

    /// Commands and replies are small: buffers are those of data connections.
    pub(crate) fn for_control(&self) -> SocketOptions {
        SocketOptions { send_buffer: None, receive_buffer: None, ..self.clone() }
    }
}

/// The system's error when it refuses an option, with the option's name.
#[derive(Debug)]
pub(super) struct RefusedOption {
    what: String,
    source: io::Error,
}

impl RefusedOption {
    pub fn error(what: impl Into<String>, source: io::Error) -> io::Error {
        io::Error::new(source.kind(), RefusedOption { what: what.into(), source })
    }
}

impl fmt::Display for RefusedOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.source)
    }
}

impl Error for RefusedOption {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
