//! Records of TLS 1.3 on the control connection, whole or damaged, behind a handshake.

#[allow(dead_code, reason = "the tests of src/tls use more of it")]
#[path = "../../src/tls/tests/hostile.rs"]
mod hostile;

use crate::network::{Peer, PeerNetwork};
use ftps::client::Dialogue;
use ftps::{FtpsClient, TlsOptions};
use hostile::{HostileServer, ServerHandshake};
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519};
use rustls::pki_types::PrivateKeyDer;
use rustls::version::TLS13;
use rustls::{ContentType, ServerConfig};
use std::sync::{Arc, LazyLock, Mutex};

/// Commands at most: a server that answers each has said all by then.
const COMMANDS: usize = 64;

static CONFIG: LazyLock<ServerConfig> = LazyLock::new(|| {
    let key = KeyPair::generate_for(&PKCS_ED25519).expect("a key");
    let params = CertificateParams::new(vec!["host".to_owned()]).expect("parameters");
    let certificate = params.self_signed(&key).expect("a certificate").der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&TLS13])
        .expect("TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate");
    config.send_tls13_tickets = 1;
    config.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new().expect("a ticketer");
    config.enable_secret_extraction = true;
    config
});

/// Greets, takes AUTH TLS, shakes hands, and then sends the records of an input, and hangs up.
struct Server {
    input: Vec<u8>,
    plain: Vec<u8>,
    handshake: Option<ServerHandshake>,
    is_done: bool,
    /// The payload that it has sent.
    meant: Arc<Mutex<Vec<u8>>>,
}

impl Peer for Server {
    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        match &mut self.handshake {
            _ if self.is_done => Vec::new(),
            Some(handshake) => {
                let answer = handshake.take(bytes);
                match self.handshake.take_if(|handshake| handshake.is_done()) {
                    None => answer,
                    Some(handshake) => {
                        self.is_done = true;
                        let mut meant = self.meant.lock().expect("nobody panicked");
                        records(&self.input, &mut handshake.finish(answer), &mut meant)
                    }
                }
            }
            None if bytes.is_empty() => b"220 ready\r\n".to_vec(),
            None => {
                self.plain.extend_from_slice(bytes);
                if self.plain != b"AUTH TLS\r\n" {
                    return Vec::new();
                }
                self.handshake = Some(ServerHandshake::new(CONFIG.clone()));
                b"234 go on\r\n".to_vec()
            }
        }
    }

    fn is_done(&self) -> bool {
        self.is_done
    }
}

/// The records that an input describes: a byte for what it is, one for how long, and the bytes.
fn records(mut input: &[u8], server: &mut HostileServer, meant: &mut Vec<u8>) -> Vec<u8> {
    let mut sent = Vec::new();
    while let [kind, length, rest @ ..] = input {
        let (payload, rest) = rest.split_at(rest.len().min((*length).into()));
        input = rest;
        let start = sent.len();
        match kind % 8 {
            0..=2 => {
                meant.extend_from_slice(payload);
                sent.extend(server.application(payload));
            }
            3 => {
                let ticket = server.tickets.first().cloned().unwrap_or_default();
                let (head, tail) = ticket.split_at(usize::from(*length).min(ticket.len()));
                sent.extend([server.handshake(head), server.handshake(tail)].concat());
            }
            4 => sent.extend(server.key_update(length % 3)),
            5 => sent.extend_from_slice(payload),
            6 => sent.extend(protected(server, *kind / 8, payload, meant)),
            _ => {
                sent.extend(server.application(payload));
                // Damage in the version of a record is none: nobody looks at it.
                meant.extend_from_slice(payload);
                let at = start + usize::from(*kind) % (sent.len() - start);
                sent[at] ^= 1 << (length % 8);
            }
        }
    }
    sent
}

/// A record of any type. Zeros at the end are padding, also in place of the type (RFC 8446 section 5.4): the byte before them is
/// it then.
fn protected(server: &mut HostileServer, kind: u8, payload: &[u8], meant: &mut Vec<u8>) -> Vec<u8> {
    let inner = [payload, &[kind]].concat();
    let end = inner.iter().rposition(|byte| *byte != 0).unwrap_or_default();
    if inner[end] == u8::from(ContentType::ApplicationData) {
        meant.extend_from_slice(&inner[..end]);
    }
    server.record(ContentType::from(kind), payload)
}

/// What a server sends behind the handshake.
pub fn stream(input: &[u8]) {
    for piece in [usize::MAX, 7] {
        let (meant, received) = talk(input, piece);
        assert!(meant.starts_with(&received), "{} is not what was sent", received.escape_ascii());
    }
}

/// The payload that the server has sent, and the replies that came of it.
fn talk(input: &[u8], piece: usize) -> (Vec<u8>, Vec<u8>) {
    let (meant, received) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let server = Server {
        input: input.to_vec(),
        plain: Vec::new(),
        handshake: None,
        is_done: false,
        meant: meant.clone(),
    };
    let mut client = FtpsClient::builder("host")
        .network(Arc::new(PeerNetwork::new(server, piece)))
        .tls(TlsOptions::default().danger_accept_any_certificate(true))
        .connect()
        .expect("a connection with TLS");
    let notes = received.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line: Dialogue<'_>| {
        if let Dialogue::Received(reply) = line {
            notes.lock().expect("nobody panicked").extend_from_slice(reply.raw());
        }
    })));
    for _ in 0..COMMANDS {
        if client.noop().is_err() && !client.is_usable() {
            break;
        }
    }
    drop(client);
    let taken = |bytes: &Mutex<Vec<u8>>| std::mem::take(&mut *bytes.lock().expect("nobody panicked"));
    (taken(&meant), taken(&received))
}
