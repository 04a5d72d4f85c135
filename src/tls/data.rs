//! The TLS session of a data connection.

use super::clear::ClearLayer;
use super::failure::tls_error;
use super::record::Tls13Records;
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
    layer: Layer,
    pub(super) store: Arc<SessionStore>,
    offered: Option<OfferKind>,
    /// The certificate that a full handshake must present: the control connection's.
    control_leaf: Option<CertificateDer<'static>>,
    resumed: Option<bool>,
}

enum Layer {
    Rustls(Box<Unbuffered>),
    /// TLS 1.3 after close_notify was sent: tickets may still come (RFC 8446 section 6.1 closes one direction only).
    Tickets(Box<Tls13Records>, Vec<u8>),
    /// No TLS (PROT C).
    Clear(Box<ClearLayer>),
    /// close_notify could not be followed up.
    Failed,
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
        let layer = Layer::Rustls(Box::new(Unbuffered::new(connection, CHANNEL, INBOX, false)?));
        Ok(DataSession { layer, store, offered, control_leaf, resumed: None })
    }

    /// No session at all: payload goes in clear (PROT C).
    pub fn clear() -> DataSession {
        DataSession {
            layer: Layer::Clear(Box::new(ClearLayer::new())),
            store: Arc::default(),
            offered: None,
            control_leaf: None,
            resumed: None,
        }
    }

    /// Whether payload goes in clear.
    pub fn is_clear(&self) -> bool {
        matches!(self.layer, Layer::Clear(_))
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
        let Layer::Rustls(tls) = &self.layer else { return Ok(()) };
        if self.resumed.is_some() || !tls.is_established() {
            return Ok(());
        }
        let resumed = tls.connection().handshake_kind() == Some(HandshakeKind::Resumed);
        let leaf = tls.connection().peer_certificates().and_then(<[_]>::first);
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
            None if self.is_clear() => Ok(()),
            None => Err(Error::WrongState(Failure::new(
                "payload before the end of the data connection's TLS handshake",
            ))),
        }
    }
}

impl TlsSession for DataSession {
    fn is_handshaking(&self) -> bool {
        matches!(&self.layer, Layer::Rustls(tls) if !tls.is_established())
    }

    fn outgoing(&self) -> &[u8] {
        match &self.layer {
            Layer::Rustls(tls) => tls.outgoing(),
            Layer::Tickets(records, _) => &records.outbox,
            Layer::Clear(clear) => &clear.outbox,
            Layer::Failed => &[],
        }
    }

    fn sent(&mut self, count: usize) {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.sent(count),
            Layer::Tickets(records, _) => drop(records.outbox.drain(..count)),
            Layer::Clear(clear) => drop(clear.outbox.drain(..count)),
            Layer::Failed => {}
        }
    }

    fn incoming(&mut self) -> &mut [u8] {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.incoming(),
            Layer::Tickets(_, inbox) => inbox,
            Layer::Clear(clear) => clear.incoming(),
            Layer::Failed => &mut [],
        }
    }

    fn received(&mut self, count: usize) -> Result<()> {
        match &mut self.layer {
            Layer::Rustls(tls) => {
                tls.received(count)?;
                self.check_outcome()
            }
            Layer::Tickets(records, _) if count == 0 => {
                records.transport_ended();
                Ok(())
            }
            Layer::Tickets(records, inbox) => {
                // Everything was said: what cannot be read now costs a ticket at most, and ends the reading.
                if let Err(error) = records.receive(&inbox[..count], &mut |_| {}) {
                    log::debug!("after close_notify the server sent what is not TLS: {error}");
                }
                Ok(())
            }
            Layer::Clear(clear) => {
                clear.received(count);
                Ok(())
            }
            Layer::Failed => Ok(()),
        }
    }

    fn plaintext(&mut self) -> Result<&[u8]> {
        if self.is_handshaking() {
            return Ok(&[]);
        }
        self.check_payload_allowed()?;
        match &mut self.layer {
            Layer::Rustls(tls) => tls.plaintext(),
            Layer::Tickets(records, _) => Ok(records.plaintext()),
            Layer::Clear(clear) => Ok(clear.plaintext()),
            Layer::Failed => Ok(&[]),
        }
    }

    fn consume(&mut self, count: usize) {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.consume(count),
            Layer::Tickets(records, _) => records.consume(count),
            Layer::Clear(clear) => clear.consume(count),
            Layer::Failed => {}
        }
    }

    fn write(&mut self, plaintext: &[u8]) -> Result<usize> {
        self.check_payload_allowed()?;
        match &mut self.layer {
            Layer::Rustls(tls) => tls.write(plaintext),
            Layer::Clear(clear) => Ok(clear.write(plaintext)),
            Layer::Tickets(..) | Layer::Failed => {
                Err(Error::WrongState(Failure::new("payload after close_notify")))
            }
        }
    }

    fn close_notify(&mut self) -> Result<()> {
        let Layer::Rustls(tls) = &mut self.layer else { return Ok(()) };
        tls.close_notify()?;
        if !tls.can_read_on() {
            return Ok(());
        }
        let Layer::Rustls(tls) = std::mem::replace(&mut self.layer, Layer::Failed) else { return Ok(()) };
        let (records, inbox) = tls.into_records()?;
        self.layer = Layer::Tickets(Box::new(records), inbox);
        Ok(())
    }

    fn end(&self) -> StreamEnd {
        match &self.layer {
            Layer::Rustls(tls) => tls.end(),
            Layer::Tickets(records, _) => records.end(),
            Layer::Clear(clear) => clear.end(),
            Layer::Failed => StreamEnd::Eof,
        }
    }

    fn version(&self) -> Option<TlsVersion> {
        match &self.layer {
            Layer::Rustls(tls) => tls.version(),
            Layer::Tickets(..) => Some(TlsVersion::V1_3),
            Layer::Clear(_) | Layer::Failed => None,
        }
    }
}
