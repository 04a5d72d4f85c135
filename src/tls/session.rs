//! What the client drives: a TLS session without a transport.

use super::TlsVersion;
use crate::Result;

/// How the peer's direction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamEnd {
    /// It has not.
    Open,
    /// With close_notify (RFC 8446 section 6.1): everything that was sent has arrived.
    CloseNotify,
    /// The transport ended without it: what arrived may be a part.
    Eof,
}

/// One TLS session, fed with and emptied of bytes by whoever has the transport.
pub(crate) trait TlsSession {
    /// Whether the handshake is still under way.
    fn is_handshaking(&self) -> bool;
    /// TLS bytes that must go to the transport.
    fn outgoing(&self) -> &[u8];
    /// `count` bytes of [`outgoing`](Self::outgoing) went out.
    fn sent(&mut self, count: usize);
    /// Where to read transport bytes into. Empty only while plaintext waits to be taken.
    fn incoming(&mut self) -> &mut [u8];
    /// `count` bytes were read into [`incoming`](Self::incoming); 0 is the end of the transport. After an
    /// error an alert may wait in [`outgoing`](Self::outgoing).
    fn received(&mut self, count: usize) -> Result<()>;
    /// The next piece of decrypted payload; empty when more input is needed.
    fn plaintext(&mut self) -> Result<&[u8]>;
    /// `count` bytes of [`plaintext`](Self::plaintext) were taken.
    fn consume(&mut self, count: usize);
    /// Encrypts as much of `plaintext` as there is room for and returns how many bytes that was.
    fn write(&mut self, plaintext: &[u8]) -> Result<usize>;
    /// Queues close_notify: the end of this side's payload.
    fn close_notify(&mut self) -> Result<()>;
    /// How the peer's direction ended, as far as plaintext was taken.
    fn end(&self) -> StreamEnd;
    /// The negotiated version, once known.
    fn version(&self) -> Option<TlsVersion>;
}
