//! The TLS side of both connections.

use crate::certificates::{Authority, ClientCertificate, KeyType, Leaf};
use crate::options::{Options, TlsVersions};
use crate::tickets::{ConnectionSessions, Rules, Seen, SessionTable};
use ftps::net::Network;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::UnixTime;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{
    ClientHello, NoClientAuth, ResolvesServerCert, ServerConfig, ServerConnection, WebPkiClientVerifier,
};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{HandshakeKind, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use std::io;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// Makes the TLS connections of one server.
#[derive(Debug)]
pub(crate) struct Tls {
    authority: Authority,
    key: KeyType,
    provider: Arc<CryptoProvider>,
    control: ServerConfig,
    data: ServerConfig,
    table: Arc<SessionTable>,
    rules: Rules,
    network: Arc<dyn Network>,
    tickets12: bool,
    ids12: bool,
}

/// A server-side TLS connection, and what it may resume.
#[derive(Debug)]
pub(crate) struct TlsStart {
    pub(crate) connection: ServerConnection,
    pub(crate) sessions: Arc<ConnectionSessions>,
}

/// What kind of handshake took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resumed {
    No,
    Foreign,
    Own,
}

impl Tls {
    pub(crate) fn new(options: &Options, network: Arc<dyn Network>) -> io::Result<Self> {
        let provider = options
            .provider
            .clone()
            .unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let certificates = &options.certificates;
        let authority = match &certificates.authority {
            Some(authority) => authority.clone(),
            None => Authority::new(certificates.key, &provider)?,
        };
        let leaf = |leaf: Leaf, serial| authority.leaf(leaf, serial, certificates.key, &provider);
        let control_leaf = leaf(certificates.control, 2)?;
        let data_leaf = match certificates.data {
            Some(other) => leaf(other, 3)?,
            None => control_leaf.clone(),
        };
        let verifier = client_verifier(certificates.client, &authority, &provider)?;
        let config = |leaf: Arc<CertifiedKey>| -> io::Result<ServerConfig> {
            let clock = Arc::new(NetworkClock(network.clone()));
            let mut config = ServerConfig::builder_with_details(provider.clone(), clock)
                .with_protocol_versions(&versions(options.versions))
                .map_err(io::Error::other)?
                .with_client_cert_verifier(verifier.clone())
                .with_cert_resolver(Arc::new(OneCertificate(leaf)));
            config.cert_compressors = Vec::new();
            Ok(config)
        };
        let (control, data) = (config(control_leaf)?, config(data_leaf)?);
        Ok(Tls {
            control,
            data,
            authority,
            key: certificates.key,
            provider,
            table: Arc::default(),
            rules: Rules::new(options),
            network,
            tickets12: options.tls12_sessions.tickets(),
            ids12: options.tls12_sessions.ids(),
        })
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    pub(crate) fn key(&self) -> KeyType {
        self.key
    }

    pub(crate) fn provider(&self) -> &CryptoProvider {
        &self.provider
    }

    /// Forgets every session, as a restarted server does.
    pub(crate) fn forget_sessions(&self) {
        self.table.clear();
    }

    /// The TLS side of control connection number `owner`.
    pub(crate) fn control(&self, owner: u64, tickets: usize) -> io::Result<TlsStart> {
        self.start(&self.control, owner, true, tickets)
    }

    /// The TLS side of a data connection that belongs to control connection number `owner`.
    pub(crate) fn data(&self, owner: u64, tickets: usize) -> io::Result<TlsStart> {
        self.start(&self.data, owner, false, tickets)
    }

    fn start(
        &self,
        base: &ServerConfig,
        owner: u64,
        is_control: bool,
        tickets: usize,
    ) -> io::Result<TlsStart> {
        let sessions = Arc::new(ConnectionSessions {
            table: self.table.clone(),
            rules: self.rules.clone(),
            network: self.network.clone(),
            random: self.provider.secure_random,
            owner,
            is_control,
            tickets: self.tickets12 && tickets > 0,
            ids: self.ids12,
            seen: Seen::default(),
        });
        let mut config = base.clone();
        config.send_tls13_tickets = tickets;
        config.session_storage = sessions.clone();
        config.ticketer = sessions.clone();
        let connection = ServerConnection::new(Arc::new(config)).map_err(io::Error::other)?;
        Ok(TlsStart { connection, sessions })
    }
}

/// What the handshake of `connection` resumed. Known as soon as the client's hello was answered.
pub(crate) fn resumed(connection: &ServerConnection, sessions: &ConnectionSessions) -> Resumed {
    match connection.handshake_kind() {
        Some(HandshakeKind::Resumed) if sessions.resumed_own() => Resumed::Own,
        Some(HandshakeKind::Resumed) => Resumed::Foreign,
        _ => Resumed::No,
    }
}

/// Whether `connection` speaks TLS 1.3.
pub(crate) fn is_tls13(connection: &ServerConnection) -> bool {
    connection.protocol_version() == Some(ProtocolVersion::TLSv1_3)
}

fn versions(versions: TlsVersions) -> Vec<&'static SupportedProtocolVersion> {
    match versions {
        TlsVersions::Tls12 => vec![&TLS12],
        TlsVersions::Tls13 => vec![&TLS13],
        TlsVersions::Both => vec![&TLS13, &TLS12],
    }
}

fn client_verifier(
    wanted: ClientCertificate,
    authority: &Authority,
    provider: &Arc<CryptoProvider>,
) -> io::Result<Arc<dyn ClientCertVerifier>> {
    if wanted == ClientCertificate::NotAsked {
        return Ok(Arc::new(NoClientAuth));
    }
    let mut roots = RootCertStore::empty();
    roots.add(authority.der()).map_err(io::Error::other)?;
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let builder = match wanted {
        ClientCertificate::Optional => builder.allow_unauthenticated(),
        _ => builder,
    };
    let verifier = builder.build().map_err(io::Error::other)?;
    Ok(verifier)
}

/// The same certificate whatever the client asks for; whether it suits is for the client to find out.
#[derive(Debug)]
struct OneCertificate(Arc<CertifiedKey>);

impl ResolvesServerCert for OneCertificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// The network's calendar clock, so that simulated time holds for certificates too.
#[derive(Debug)]
struct NetworkClock(Arc<dyn Network>);

impl TimeProvider for NetworkClock {
    fn current_time(&self) -> Option<UnixTime> {
        self.0.wall_clock().duration_since(UNIX_EPOCH).ok().map(UnixTime::since_unix_epoch)
    }
}
