//! The TLS session of a data connection.

use super::failure::tls_error;
use super::session::{StreamEnd, TlsSession};
use super::store::SessionStore;
use super::tether::OfferKind;
use super::unbuffered::Unbuffered;
use super::TlsVersion;
use crate::{Error, Failure, Result};
use rustls::client::UnbufferedClientConnection;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, HandshakeKind};
use std::sync::Arc;

/// Many records are read with one system call.
const INBOX: usize = 256 * 1024;
const CHANNEL: &str = "data connection";

/// A session that offers what the tether chose, and checks what came of it.
pub(crate) struct DataSession {
    tls: Unbuffered,
    pub(super) store: Arc<SessionStore>,
    offered: Option<OfferKind>,
    /// The certificate that a full handshake must present: the control connection's.
    control_leaf: Option<CertificateDer<'static>>,
    resumed: Option<bool>,
}

impl DataSession {
    /// rustls takes the ticket here: construct the session late.
    pub(super) fn new(
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        store: Arc<SessionStore>,
        offered: Option<OfferKind>,
        control_leaf: Option<CertificateDer<'static>>,
    ) -> Result<DataSession> {
        let connection =
            UnbufferedClientConnection::new(config, name).map_err(|error| tls_error(error, CHANNEL))?;
        let tls = Unbuffered::new(connection, CHANNEL, INBOX, false)?;
        Ok(DataSession { tls, store, offered, control_leaf, resumed: None })
    }

    /// Whether the session was resumed, once the handshake is over.
    pub fn resumed(&self) -> Option<bool> {
        self.resumed
    }

    /// What was offered, if anything.
    pub fn offered(&self) -> Option<OfferKind> {
        self.offered
    }

    fn check_outcome(&mut self) -> Result<()> {
        if self.resumed.is_some() || !self.tls.is_established() {
            return Ok(());
        }
        let resumed = self.tls.connection().handshake_kind() == Some(HandshakeKind::Resumed);
        let leaf = self.tls.connection().peer_certificates().and_then(<[_]>::first);
        if !resumed && leaf != self.control_leaf.as_ref() {
            return Err(Error::Certificate(Failure::new(
                "the data connection presented another certificate than the control connection: somebody may be \
                 in between, or the server is misconfigured",
            )));
        }
        self.resumed = Some(resumed);
        Ok(())
    }

    /// Payload flows only once the outcome was checked, whatever became of the error.
    fn check_payload_allowed(&mut self) -> Result<()> {
        self.check_outcome()?;
        match self.resumed {
            Some(_) => Ok(()),
            None => Err(Error::WrongState(Failure::new(
                "payload before the end of the data connection's TLS handshake",
            ))),
        }
    }
}

impl TlsSession for DataSession {
    fn is_handshaking(&self) -> bool {
        !self.tls.is_established()
    }

    fn outgoing(&self) -> &[u8] {
        self.tls.outgoing()
    }

    fn sent(&mut self, count: usize) {
        self.tls.sent(count);
    }

    fn incoming(&mut self) -> &mut [u8] {
        self.tls.incoming()
    }

    fn received(&mut self, count: usize) -> Result<()> {
        self.tls.received(count)?;
        self.check_outcome()
    }

    fn plaintext(&mut self) -> Result<&[u8]> {
        if self.is_handshaking() {
            return Ok(&[]);
        }
        self.check_payload_allowed()?;
        self.tls.plaintext()
    }

    fn consume(&mut self, count: usize) {
        self.tls.consume(count);
    }

    fn write(&mut self, plaintext: &[u8]) -> Result<usize> {
        self.check_payload_allowed()?;
        self.tls.write(plaintext)
    }

    fn close_notify(&mut self) -> Result<()> {
        self.tls.close_notify()
    }

    fn end(&self) -> StreamEnd {
        self.tls.end()
    }

    fn version(&self) -> Option<TlsVersion> {
        self.tls.version()
    }
}
