//! One error type. Every variant names a cause and says what the caller can do.

use crate::protocol::Reply;
use std::fmt;
use std::io;

/// What every fallible call of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation failed. The variant is the cause; the [`Failure`] inside tells the circumstances.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An argument or option cannot be used. Nothing was sent. Correct it and call again.
    InvalidArgument(Failure),
    /// The call does not fit the client's state: not connected, not logged in, or a transfer is open. Nothing was sent.
    WrongState(Failure),
    /// An earlier failure left the control connection unusable. Connect again.
    Broken(Failure),
    /// The host name could not be resolved.
    Resolve(Failure),
    /// No connection could be made: refused, unreachable.
    Connect(Failure),
    /// The peer was silent, or too slow, for longer than the timeout allows.
    Timeout(Failure),
    /// The cancel token was set.
    Cancelled(Failure),
    /// An established connection broke.
    ConnectionLost(Failure),
    /// TLS failed: handshake, record layer, or an alert from the peer.
    Tls(Failure),
    /// The peer's certificate was not accepted: untrusted, expired, for another name, not the pinned one, or
    /// on a data connection not the one of the control connection.
    Certificate(Failure),
    /// A data connection did not resume the control connection's TLS session, and the server or
    /// the policy `require` insists on it.
    NotResumed(Failure),
    /// The server refused the user, the password or the account (530, 532).
    LoginRefused(Failure),
    /// The server answered a command with 4xx (try again later) or 5xx (do not repeat unchanged).
    Refused(Failure),
    /// The peer does not speak the protocol: malformed, unexpected or oversized replies and listings.
    Protocol(Failure),
    /// Fewer bytes arrived than the server had announced, or a download ended without TLS close_notify.
    Truncated(Failure),
    /// The caller's side failed: its reader, writer, file or callback.
    Local(Failure),
    /// The local and the remote content are not the same, or not one the beginning of the other. Neither was changed,
    /// unless the message says so.
    Mismatch(Failure),
}

/// The circumstances of an [`Error`].
#[derive(Debug, Default)]
pub struct Failure {
    message: String,
    reply: Option<Reply>,
    cause: Option<Cause>,
    bytes_moved: u64,
}

/// What lies beneath an [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The operating system's, or the caller's stream's, own error.
    Io(io::Error),
    /// TLS: what went wrong, and the alert if one was sent or received (RFC 8446 section 6).
    Tls {
        /// What went wrong.
        description: String,
        /// The alert's number, for instance 48 for `unknown_ca`.
        alert: Option<u8>,
        /// True when the peer sent the alert.
        from_peer: bool,
    },
    /// Another error of this crate that led to this one.
    Error(Box<Error>),
}

impl Failure {
    /// A failure that is told by its message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Failure { message: message.into(), ..Failure::default() }
    }

    /// Adds the server's reply.
    pub fn with_reply(mut self, reply: Reply) -> Self {
        self.reply = Some(reply);
        self
    }

    /// Adds what lies beneath.
    pub fn with_cause(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds how many payload bytes had moved.
    pub fn with_bytes_moved(mut self, bytes: u64) -> Self {
        self.bytes_moved = bytes;
        self
    }

    /// What went wrong and what to do, without the reply and the cause.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Cause::Io(error)
    }
}

impl From<Error> for Cause {
    fn from(error: Error) -> Self {
        Cause::Error(Box::new(error))
    }
}

impl Error {
    /// The circumstances, whatever the variant.
    pub fn failure(&self) -> &Failure {
        self.parts().1
    }

    /// The server's reply that belongs to this error: the refusing one, if there was one.
    pub fn reply(&self) -> Option<&Reply> {
        self.failure().reply.as_ref()
    }

    /// Payload bytes that had moved when the transfer failed; 0 outside transfers.
    pub fn bytes_moved(&self) -> u64 {
        self.failure().bytes_moved
    }

    /// What lies beneath.
    pub fn cause(&self) -> Option<&Cause> {
        self.failure().cause.as_ref()
    }

    /// The operating system's error number at the bottom of this error.
    pub fn errno(&self) -> Option<i32> {
        match self.cause()? {
            Cause::Io(error) => os_error(error),
            Cause::Error(inner) => inner.errno(),
            Cause::Tls { .. } => None,
        }
    }

    /// The TLS alert at the bottom of this error.
    pub fn tls_alert(&self) -> Option<u8> {
        match self.cause()? {
            Cause::Tls { alert, .. } => *alert,
            Cause::Error(inner) => inner.tls_alert(),
            Cause::Io(_) => None,
        }
    }

    /// A stable word for the variant, as the bindings use it: `timeout`, `not-resumed`.
    pub fn kind(&self) -> &'static str {
        self.parts().0
    }

    pub(crate) fn failure_mut(&mut self) -> &mut Failure {
        match self {
            Error::InvalidArgument(f)
            | Error::WrongState(f)
            | Error::Broken(f)
            | Error::Resolve(f)
            | Error::Connect(f)
            | Error::Timeout(f)
            | Error::Cancelled(f)
            | Error::ConnectionLost(f)
            | Error::Tls(f)
            | Error::Certificate(f)
            | Error::NotResumed(f)
            | Error::LoginRefused(f)
            | Error::Refused(f)
            | Error::Protocol(f)
            | Error::Truncated(f)
            | Error::Local(f)
            | Error::Mismatch(f) => f,
        }
    }

    /// Adds to the message what became of it.
    pub(crate) fn note(&mut self, what: &str) {
        let message = &mut self.failure_mut().message;
        message.push_str("; ");
        message.push_str(what);
    }

    pub(crate) fn set_cause(&mut self, cause: impl Into<Cause>) {
        self.failure_mut().cause = Some(cause.into());
    }

    pub(crate) fn set_reply(&mut self, reply: Reply) {
        self.failure_mut().reply = Some(reply);
    }

    pub(crate) fn set_bytes_moved(&mut self, bytes: u64) {
        self.failure_mut().bytes_moved = bytes;
    }

    fn parts(&self) -> (&'static str, &Failure) {
        match self {
            Error::InvalidArgument(f) => ("invalid-argument", f),
            Error::WrongState(f) => ("wrong-state", f),
            Error::Broken(f) => ("broken", f),
            Error::Resolve(f) => ("resolve", f),
            Error::Connect(f) => ("connect", f),
            Error::Timeout(f) => ("timeout", f),
            Error::Cancelled(f) => ("cancelled", f),
            Error::ConnectionLost(f) => ("connection-lost", f),
            Error::Tls(f) => ("tls", f),
            Error::Certificate(f) => ("certificate", f),
            Error::NotResumed(f) => ("not-resumed", f),
            Error::LoginRefused(f) => ("login-refused", f),
            Error::Refused(f) => ("refused", f),
            Error::Protocol(f) => ("protocol", f),
            Error::Truncated(f) => ("truncated", f),
            Error::Local(f) => ("local", f),
            Error::Mismatch(f) => ("mismatch", f),
        }
    }
}

/// The number in `error`, or in what it was made of.
fn os_error(error: &io::Error) -> Option<i32> {
    let inner = || std::error::Error::source(error.get_ref()?)?.downcast_ref::<io::Error>();
    error.raw_os_error().or_else(|| os_error(inner()?))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = self.failure();
        f.write_str(&failure.message)?;
        if let Some(reply) = &failure.reply {
            write!(f, ": {reply}")?;
        }
        if let Some(cause) = &failure.cause {
            write!(f, " ({cause})")?;
        }
        if failure.bytes_moved > 0 {
            write!(f, " [{} bytes had moved]", failure.bytes_moved)?;
        }
        Ok(())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Io(error) => error.fmt(f),
            Cause::Tls { description, .. } => f.write_str(description),
            Cause::Error(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.cause()? {
            Cause::Io(error) => Some(error),
            Cause::Error(error) => Some(error.as_ref()),
            Cause::Tls { .. } => None,
        }
    }
}

/// For callers that see a transfer through [`io::Read`] and [`io::Write`]; the error is inside
/// and comes out again through [`io::Error::downcast`].
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::Timeout(_) => io::ErrorKind::TimedOut,
            // Not `Interrupted`: `io::copy` and friends would try again.
            Error::Cancelled(_) => io::ErrorKind::ConnectionAborted,
            Error::ConnectionLost(_) | Error::Broken(_) => io::ErrorKind::ConnectionReset,
            Error::Truncated(_) => io::ErrorKind::UnexpectedEof,
            Error::InvalidArgument(_) => io::ErrorKind::InvalidInput,
            Error::Protocol(_) => io::ErrorKind::InvalidData,
            Error::LoginRefused(_) | Error::Certificate(_) => io::ErrorKind::PermissionDenied,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
