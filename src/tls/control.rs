//! The TLS session of a control connection, to which data connections are tethered.

use super::config::TlsConfig;
use super::data::DataSession;
use super::failure::tls_error;
use super::options::ResumptionPolicy;
use super::record::Tls13Records;
use super::session::{StreamEnd, TlsSession};
use super::store::SessionStore;
use super::tether::{Offer, OfferKind, Tether, TicketCounts};
use super::unbuffered::Unbuffered;
use super::TlsVersion;
use crate::{Error, Failure, Result};
use rustls::client::UnbufferedClientConnection;
use rustls::pki_types::CertificateDer;
use rustls::{AlertDescription, SupportedCipherSuite};
use std::sync::Arc;

/// A whole flight of a handshake with large certificates fits.
const INBOX: usize = 128 * 1024;
const CHANNEL: &str = "control connection";

pub(crate) struct ControlSession {
    config: TlsConfig,
    policy: ResumptionPolicy,
    store: Arc<SessionStore>,
    tether: Tether,
    layer: Layer,
    leaf: Option<CertificateDer<'static>>,
}

enum Layer {
    /// The handshake, and all of TLS 1.2.
    Rustls(Box<Unbuffered>),
    /// TLS 1.3 after the handshake.
    Records(Box<Tls13Records>, Vec<u8>),
    /// The handshake could not be turned into records.
    Failed,
}

impl ControlSession {
    /// Begins the handshake, with a session store of its own.
    pub fn new(config: &TlsConfig, policy: ResumptionPolicy) -> Result<ControlSession> {
        let store = Arc::new(SessionStore::default());
        let connection =
            UnbufferedClientConnection::new(config.for_control(store.clone()), config.server_name.clone())
                .map_err(|error| tls_error(error, CHANNEL))?;
        let layer = Layer::Rustls(Box::new(Unbuffered::new(connection, CHANNEL, INBOX, true)?));
        Ok(ControlSession {
            config: config.clone(),
            policy,
            store,
            tether: Tether::default(),
            layer,
            leaf: None,
        })
    }

    /// Whether a data connection would have something to offer now.
    pub fn can_offer(&mut self) -> bool {
        let now = self.config.clock.now();
        let version = self.version().unwrap_or(TlsVersion::V1_3);
        self.policy != ResumptionPolicy::Off && self.tether.choose(version, now).is_some()
    }

    /// Whether a data connection would have something to offer that the server has not refused in this login.
    pub fn has_unrefused_offer(&mut self) -> bool {
        let now = self.config.clock.now();
        let version = self.version().unwrap_or(TlsVersion::V1_3);
        self.tether.has_unrefused(version, now)
    }

    /// A data connection's session, with the best offer there is. Fails with [`Error::NotResumed`] where the policy
    /// requires resumption and there is none.
    pub fn data_session(&mut self) -> Result<DataSession> {
        let version = self.version().ok_or_else(|| {
            Error::WrongState(Failure::new(
                "a data connection before the end of the control connection's handshake",
            ))
        })?;
        let (kind, offer) = self.take_offer(version);
        if kind.is_none() && self.policy == ResumptionPolicy::Require {
            return Err(nothing_to_offer());
        }
        self.tether.counts.offered += u64::from(kind.is_some());
        let store = Arc::new(SessionStore::offering(self.store.kx_group(), offer.tls12, offer.tls13));
        let config = self.config.for_data(version, store.clone());
        DataSession::new(config, self.config.server_name.clone(), store, kind, self.leaf.clone())
    }

    /// Takes the tickets that a data connection brought. Those of a connection that was not resumed belong to
    /// another session.
    pub fn harvest(&mut self, data: &mut DataSession) {
        if data.resumed() != Some(true) {
            return;
        }
        let now = self.config.clock.now();
        for ticket in data.store.drain_tls13() {
            self.tether.keep_fresh(ticket, now);
        }
        if let Some(session) = data.store.take_tls12() {
            self.tether.keep_renewed(session);
        }
    }

    /// The server refused what was offered. True when there is another kind to try.
    pub fn declined(&mut self, kind: OfferKind) -> bool {
        let now = self.config.clock.now();
        let version = self.version().unwrap_or(TlsVersion::V1_3);
        self.tether.declined(kind, version, now)
    }

    /// Goes on from the session of an earlier login with what that one learnt of the server's taste in tickets.
    pub fn inherit_taste(&mut self, earlier: &ControlSession) {
        self.tether.inherit_taste(&earlier.tether);
    }

    /// The server took what was offered.
    pub fn accepted(&mut self, kind: OfferKind) {
        self.tether.accepted(kind);
    }

    pub fn ticket_counts(&self) -> TicketCounts {
        self.tether.counts
    }

    fn take_offer(&mut self, version: TlsVersion) -> (Option<OfferKind>, Offer) {
        if self.policy == ResumptionPolicy::Off {
            return (None, Offer::default());
        }
        let now = self.config.clock.now();
        let Some(kind) = self.tether.choose(version, now) else {
            return (None, Offer::default());
        };
        let offer = match (version, kind, &mut self.layer) {
            (TlsVersion::V1_2, kind, _) => Offer { tls12: self.tether.take_tls12(kind), tls13: None },
            (TlsVersion::V1_3, OfferKind::Fresh, _) => Offer { tls12: None, tls13: self.tether.take_fresh() },
            (TlsVersion::V1_3, OfferKind::Control, Layer::Records(records, _)) => {
                Offer { tls12: None, tls13: self.tether.reoffer(&mut records.kernel, &self.store, now) }
            }
            _ => Offer::default(),
        };
        let offered = offer.tls12.is_some() || offer.tls13.is_some();
        (offered.then_some(kind), offer)
    }

    /// Once the handshake stands: pins the session, and takes over the records of TLS 1.3.
    fn establish(&mut self) -> Result<()> {
        let Layer::Rustls(tls) = &self.layer else { return Ok(()) };
        if !tls.is_established() || self.leaf.is_some() {
            return Ok(());
        }
        self.leaf =
            tls.connection().peer_certificates().and_then(<[_]>::first).map(|leaf| leaf.clone().into_owned());
        if tls.version() == Some(TlsVersion::V1_2) {
            self.tether.pin(self.store.take_tls12());
            return Ok(());
        }
        let Layer::Rustls(tls) = std::mem::replace(&mut self.layer, Layer::Failed) else { return Ok(()) };
        let (connection, unsent, unread) = tls.into_parts()?;
        let (secrets, kernel) =
            connection.dangerous_into_kernel_connection().map_err(|error| tls_error(error, CHANNEL))?;
        let SupportedCipherSuite::Tls13(suite) = kernel.negotiated_cipher_suite() else {
            return Err(tls_error(rustls::Error::HandshakeNotComplete, CHANNEL));
        };
        let mut records = Tls13Records::new(secrets, kernel, suite, unsent)?;
        let now = self.config.clock.now();
        let taken = records.receive(&unread, &mut |payload| {
            self.tether.keep_control(payload, self.store.pop_tls13(), now);
        });
        self.layer = Layer::Records(Box::new(records), vec![0; INBOX]);
        taken
    }
}

fn nothing_to_offer() -> Error {
    Error::NotResumed(Failure::new(
        "the server gave no TLS session to resume, and the policy requires resumption: nothing was transferred (the \
         policy `prefer` would go on with a full handshake)",
    ))
}

fn failed() -> Error {
    let cause = super::failure::violation("the handshake failed earlier", AlertDescription::InternalError);
    Error::Broken(Failure::new("the TLS session of the control connection is unusable").with_cause(cause))
}

impl TlsSession for ControlSession {
    fn is_handshaking(&self) -> bool {
        matches!(&self.layer, Layer::Rustls(tls) if !tls.is_established())
    }

    fn outgoing(&self) -> &[u8] {
        match &self.layer {
            Layer::Rustls(tls) => tls.outgoing(),
            Layer::Records(records, _) => &records.outbox,
            Layer::Failed => &[],
        }
    }

    fn sent(&mut self, count: usize) {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.sent(count),
            Layer::Records(records, _) => drop(records.outbox.drain(..count)),
            Layer::Failed => {}
        }
    }

    fn incoming(&mut self) -> &mut [u8] {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.incoming(),
            Layer::Records(_, inbox) => inbox,
            Layer::Failed => &mut [],
        }
    }

    fn received(&mut self, count: usize) -> Result<()> {
        match &mut self.layer {
            Layer::Rustls(tls) => {
                tls.received(count)?;
                self.establish()
            }
            Layer::Records(records, _) if count == 0 => {
                records.transport_ended();
                Ok(())
            }
            Layer::Records(records, inbox) => {
                let now = self.config.clock.now();
                records.receive(&inbox[..count], &mut |payload| {
                    self.tether.keep_control(payload, self.store.pop_tls13(), now);
                })
            }
            Layer::Failed => Err(failed()),
        }
    }

    fn plaintext(&mut self) -> Result<&[u8]> {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.plaintext(),
            Layer::Records(records, _) => Ok(records.plaintext()),
            Layer::Failed => Err(failed()),
        }
    }

    fn consume(&mut self, count: usize) {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.consume(count),
            Layer::Records(records, _) => records.consume(count),
            Layer::Failed => {}
        }
    }

    fn write(&mut self, plaintext: &[u8]) -> Result<usize> {
        match &mut self.layer {
            Layer::Rustls(tls) => tls.write(plaintext),
            Layer::Records(records, _) => records.write(plaintext).map(|()| plaintext.len()),
            Layer::Failed => Err(failed()),
        }
    }

    fn close_notify(&mut self) -> Result<()> {
        match &mut self.layer {
            Layer::Rustls(tls) if !tls.is_established() => Ok(()),
            Layer::Rustls(tls) => tls.close_notify(),
            Layer::Records(records, _) => records.close_notify(),
            Layer::Failed => Ok(()),
        }
    }

    fn end(&self) -> StreamEnd {
        match &self.layer {
            Layer::Rustls(tls) => tls.end(),
            Layer::Records(records, _) => records.end(),
            Layer::Failed => StreamEnd::Eof,
        }
    }

    fn version(&self) -> Option<TlsVersion> {
        match &self.layer {
            Layer::Rustls(tls) if tls.is_established() => tls.version(),
            Layer::Records(..) => Some(TlsVersion::V1_3),
            _ => None,
        }
    }
}
