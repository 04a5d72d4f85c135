//! Servers to test against, without a transport.

use super::hostile::{key_and_iv, ServerHandshake};
use crate::net::{Network, SystemNetwork};
use crate::tls::{ControlSession, DataSession, ResumptionPolicy, TlsConfig, TlsOptions, TlsSession};
use crate::Result;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::cipher::{MessageEncrypter, OutboundPlainMessage};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ProducesTickets, ServerSessionMemoryCache};
use rustls::{
    ContentType, ProtocolVersion, ServerConfig, ServerConnection, SupportedCipherSuite,
    SupportedProtocolVersion,
};
use std::io::{Read, Write};
use std::sync::Arc;

pub use super::hostile::HostileServer;

pub const HOST: &str = "ftp.example.org";

/// A certificate with its key.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub key: Vec<u8>,
}

impl Identity {
    pub fn new(params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Identity { certificate, key: key.serialize_der() }
    }

    pub fn for_host(name: &str) -> Identity {
        Identity::new(CertificateParams::new(vec![name.to_owned()]).unwrap())
    }

    /// One that an authority issued, and the authority's certificate in PEM.
    pub fn issued_for(name: &str) -> (Identity, String) {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = authority.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(authority, key);
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        (Identity { certificate: certificate.into(), key: key.serialize_der() }, root)
    }

    pub fn pem(&self) -> String {
        let base64: String = base64(&self.certificate);
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks(3).flat_map(|chunk| {
        let group = chunk.iter().chain([&0; 2]).take(3).fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        let digit = move |at: u32| char::from(DIGITS[(group >> (18 - 6 * at) & 63) as usize]);
        let given = chunk.len() as u32 + 1;
        (0..4).map(move |at| if at < given { digit(at) } else { '=' })
    });
    digits.collect()
}

/// Tickets as large as wanted, in clear: there is nobody to hide them from.
#[derive(Debug)]
pub struct PlainTickets {
    pub padding: usize,
    pub lifetime: u32,
}

impl ProducesTickets for PlainTickets {
    fn enabled(&self) -> bool {
        true
    }
    fn lifetime(&self) -> u32 {
        self.lifetime
    }
    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        Some([vec![0; self.padding].as_slice(), plain].concat())
    }
    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        cipher.get(self.padding..).map(<[u8]>::to_vec)
    }
}

/// A server that sends `tickets` tickets after a handshake; each may be offered as often as one likes.
pub fn server(
    identity: &Identity,
    version: &'static SupportedProtocolVersion,
    tickets: usize,
    form: PlainTickets,
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::try_from(identity.key.clone()).unwrap();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], key)
        .unwrap();
    config.send_tls13_tickets = tickets;
    config.ticketer = Arc::new(form);
    config.session_storage = ServerSessionMemoryCache::new(16);
    config.enable_secret_extraction = true;
    config
}

pub fn plain_tickets() -> PlainTickets {
    PlainTickets { padding: 0, lifetime: 3600 }
}

pub fn trusting(identity: &Identity) -> TlsOptions {
    TlsOptions::default().platform_roots(false).extra_roots_pem(identity.pem())
}

pub fn control(options: &TlsOptions, policy: ResumptionPolicy) -> ControlSession {
    control_on(Arc::new(SystemNetwork), options, policy)
}

/// The same with the clocks of `network`.
pub fn control_on(
    network: Arc<dyn Network>,
    options: &TlsOptions,
    policy: ResumptionPolicy,
) -> ControlSession {
    let config = TlsConfig::new(options, HOST, network).unwrap();
    ControlSession::new(&config, policy).unwrap()
}

/// Puts transport bytes into a session, as many as it has room for at a time.
pub fn feed(session: &mut dyn TlsSession, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        let room = session.incoming();
        let count = room.len().min(bytes.len());
        assert!(count > 0, "no room although nothing waits");
        room[..count].copy_from_slice(&bytes[..count]);
        bytes = &bytes[count..];
        session.received(count)?;
    }
    Ok(())
}

/// Takes what a session wants sent.
pub fn take_outgoing(session: &mut dyn TlsSession) -> Vec<u8> {
    let bytes = session.outgoing().to_vec();
    session.sent(bytes.len());
    bytes
}

pub fn read_all(session: &mut dyn TlsSession) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let piece = session.plaintext()?.to_vec();
        if piece.is_empty() {
            return Ok(all);
        }
        session.consume(piece.len());
        all.extend(piece);
    }
}

/// Carries bytes between both until neither has any; the client's error comes back.
pub fn exchange(client: &mut dyn TlsSession, server: &mut ServerConnection) -> Result<()> {
    loop {
        let out = take_outgoing(client);
        let mut rest = out.as_slice();
        while !rest.is_empty() {
            server.read_tls(&mut rest).unwrap();
            // The server's complaint, an alert, goes to the client below.
            let _ = server.process_new_packets();
        }
        let mut back = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut back).unwrap();
        }
        feed(client, &back)?;
        if out.is_empty() && back.is_empty() {
            return Ok(());
        }
    }
}

pub fn connect(client: &mut dyn TlsSession, config: &Arc<ServerConfig>) -> Result<ServerConnection> {
    let mut server = ServerConnection::new(config.clone()).unwrap();
    exchange(client, &mut server)?;
    Ok(server)
}

/// A login's next data connection, handshake and harvest.
pub fn data(control: &mut ControlSession, config: &Arc<ServerConfig>) -> Result<DataSession> {
    let mut session = control.data_session()?;
    let mut server = connect(&mut session, config)?;
    server.writer().write_all(b"payload").unwrap();
    exchange(&mut session, &mut server)?;
    assert_eq!(read_all(&mut session)?, b"payload");
    assert_eq!(session.write(b"upload")?, 6);
    exchange(&mut session, &mut server)?;
    let mut arrived = [0; 6];
    server.reader().read_exact(&mut arrived).unwrap();
    assert_eq!(&arrived, b"upload");
    control.harvest(&mut session);
    Ok(session)
}

/// Handshakes with `client` and keeps the tickets back.
pub fn accept(client: &mut ControlSession, config: ServerConfig) -> HostileServer {
    let mut handshake = ServerHandshake::new(config);
    loop {
        let was_handshaking = client.is_handshaking();
        let answer = handshake.take(&take_outgoing(client));
        if handshake.is_done() && !was_handshaking {
            return handshake.finish(answer);
        }
        feed(client, &answer).unwrap();
    }
}

impl HostileServer {
    /// Feeds `bytes` to `client`, which must refuse them, and gives the fatal alert it sends.
    pub fn refused(&mut self, client: &mut ControlSession, bytes: &[u8]) -> u8 {
        feed(client, bytes).unwrap_err();
        let sent = take_outgoing(client);
        let opened = self.open(&sent);
        let [.., (ContentType::Alert, alert)] = opened.as_slice() else { panic!("no alert: {opened:?}") };
        assert_eq!(alert[0], 2, "fatal");
        alert[1]
    }
}

/// What a TLS 1.2 server sends after the handshake, every record the test's choice. Of a suite without explicit nonces.
pub struct Tls12Records {
    encrypter: Box<dyn MessageEncrypter>,
    sequence: u64,
}

impl Tls12Records {
    pub fn after(server: ServerConnection) -> Tls12Records {
        let Some(SupportedCipherSuite::Tls12(suite)) = server.negotiated_cipher_suite() else {
            unreachable!()
        };
        let (sequence, secrets) = server.dangerous_extract_secrets().unwrap().tx;
        let (key, iv) = key_and_iv(&secrets);
        Tls12Records { encrypter: suite.aead_alg.encrypter(key, iv.as_ref(), &[]), sequence }
    }

    pub fn record(&mut self, content_type: ContentType, payload: &[u8]) -> Vec<u8> {
        let version = ProtocolVersion::TLSv1_2;
        let message = OutboundPlainMessage { typ: content_type, version, payload: payload.into() };
        let sealed = self.encrypter.encrypt(message, self.sequence).unwrap();
        self.sequence += 1;
        sealed.encode()
    }
}
