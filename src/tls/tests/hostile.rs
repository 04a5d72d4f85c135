//! A TLS 1.3 server whose every record is somebody's choice. (The fuzzer has it too: nothing of the library is used here.)

use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, Iv, MessageDecrypter, MessageEncrypter, OutboundPlainMessage,
};
use rustls::kernel::KernelConnection;
use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::ConnectionState;
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConfig, SupportedCipherSuite,
    Tls13CipherSuite,
};
use std::sync::Arc;

/// A handshake under way, fed with and emptied of bytes.
pub struct ServerHandshake {
    server: UnbufferedServerConnection,
    inbox: Vec<u8>,
    is_done: bool,
}

impl ServerHandshake {
    /// The secrets of `config` can be extracted.
    pub fn new(config: ServerConfig) -> ServerHandshake {
        let server = UnbufferedServerConnection::new(Arc::new(config)).unwrap();
        ServerHandshake { server, inbox: Vec::new(), is_done: false }
    }

    /// Whether the client has finished.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Takes bytes of the client, and gives those for it: behind the client's end, the tickets.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.inbox.extend_from_slice(bytes);
        let mut outbox = Vec::new();
        loop {
            let status = self.server.process_tls_records(&mut self.inbox);
            let (discard, mut goes_on) = (status.discard, true);
            match status.state.unwrap() {
                ConnectionState::EncodeTlsData(mut data) => {
                    let mut room = vec![0; 70_000];
                    let count = data.encode(&mut room).unwrap();
                    outbox.extend_from_slice(&room[..count]);
                }
                ConnectionState::TransmitTlsData(data) => data.done(),
                ConnectionState::WriteTraffic(_) => (self.is_done, goes_on) = (true, false),
                _ => goes_on = false,
            }
            self.inbox.drain(..discard);
            if !goes_on {
                return outbox;
            }
        }
    }

    /// Behind the handshake. `unsent` are the tickets, which nobody has sent.
    pub fn finish(self, unsent: Vec<u8>) -> HostileServer {
        let (secrets, kernel) = self.server.dangerous_into_kernel_connection().unwrap();
        let SupportedCipherSuite::Tls13(suite) = kernel.negotiated_cipher_suite() else { unreachable!() };
        HostileServer {
            kernel,
            suite,
            encrypter: encrypter(suite, &secrets.tx.1),
            write_sequence: 0,
            decrypter: decrypter(suite, &secrets.rx.1),
            read_sequence: secrets.rx.0,
            tickets: open_tickets(suite, &secrets.tx.1, &unsent),
        }
    }
}

/// The server's side behind the handshake.
pub struct HostileServer {
    kernel: KernelConnection<ServerConnectionData>,
    suite: &'static Tls13CipherSuite,
    encrypter: Box<dyn MessageEncrypter>,
    pub write_sequence: u64,
    decrypter: Box<dyn MessageDecrypter>,
    read_sequence: u64,
    /// Whole NewSessionTicket messages, header included, that the handshake made and nobody has sent.
    pub tickets: Vec<Vec<u8>>,
}

impl HostileServer {
    pub fn record(&mut self, content_type: ContentType, payload: &[u8]) -> Vec<u8> {
        let message = OutboundPlainMessage {
            typ: content_type,
            version: ProtocolVersion::TLSv1_2,
            payload: payload.into(),
        };
        let sealed = self.encrypter.encrypt(message, self.write_sequence).unwrap();
        self.write_sequence += 1;
        sealed.encode()
    }

    pub fn handshake(&mut self, payload: &[u8]) -> Vec<u8> {
        self.record(ContentType::Handshake, payload)
    }

    pub fn application(&mut self, payload: &[u8]) -> Vec<u8> {
        self.record(ContentType::ApplicationData, payload)
    }

    /// A KeyUpdate, after which this side writes with the next key.
    pub fn key_update(&mut self, requested: u8) -> Vec<u8> {
        let record = self.handshake(&[24, 0, 0, 1, requested]);
        let (sequence, secrets) = self.kernel.update_tx_secret().unwrap();
        self.encrypter = encrypter(self.suite, &secrets);
        self.write_sequence = sequence;
        record
    }

    /// What the client sent, record by record; KeyUpdates are obeyed.
    pub fn open(&mut self, mut bytes: &[u8]) -> Vec<(ContentType, Vec<u8>)> {
        let mut opened = Vec::new();
        while !bytes.is_empty() {
            let (content_type, payload, rest) = open_record(&mut *self.decrypter, self.read_sequence, bytes);
            self.read_sequence += 1;
            if content_type == ContentType::Handshake && payload[0] == 24 {
                let (sequence, secrets) = self.kernel.update_rx_secret().unwrap();
                self.decrypter = decrypter(self.suite, &secrets);
                self.read_sequence = sequence;
            }
            opened.push((content_type, payload));
            bytes = rest;
        }
        opened
    }
}

fn open_record<'a>(
    decrypter: &mut dyn MessageDecrypter,
    sequence: u64,
    bytes: &'a [u8],
) -> (ContentType, Vec<u8>, &'a [u8]) {
    let length = 5 + usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
    let mut body = bytes[5..length].to_vec();
    let opaque = InboundOpaqueMessage::new(ContentType::ApplicationData, ProtocolVersion::TLSv1_2, &mut body);
    let plain = decrypter.decrypt(opaque, sequence).unwrap();
    (plain.typ, plain.payload.to_vec(), &bytes[length..])
}

fn open_tickets(
    suite: &Tls13CipherSuite,
    secrets: &ConnectionTrafficSecrets,
    records: &[u8],
) -> Vec<Vec<u8>> {
    let mut decrypter = decrypter(suite, secrets);
    let (mut rest, mut messages, mut sequence) = (records, Vec::new(), 0);
    while !rest.is_empty() {
        let (_, payload, behind) = open_record(&mut *decrypter, sequence, rest);
        messages.extend(payload);
        rest = behind;
        sequence += 1;
    }
    let mut tickets = Vec::new();
    while let Some(header) = messages.first_chunk::<4>() {
        let length = 4 + u32::from_be_bytes([0, header[1], header[2], header[3]]) as usize;
        tickets.push(messages.drain(..length).collect());
    }
    tickets
}

pub fn key_and_iv(secrets: &ConnectionTrafficSecrets) -> (AeadKey, Iv) {
    match secrets {
        ConnectionTrafficSecrets::Aes128Gcm { key, iv }
        | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
        | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => {
            let copy: &[u8] = key.as_ref();
            let key = <[u8; 32]>::try_from(copy).map(Into::into);
            (key.expect("the preferred suites have keys of 32 bytes"), Iv::copy(iv.as_ref()))
        }
        _ => unreachable!(),
    }
}

fn encrypter(suite: &Tls13CipherSuite, secrets: &ConnectionTrafficSecrets) -> Box<dyn MessageEncrypter> {
    let (key, iv) = key_and_iv(secrets);
    suite.aead_alg.encrypter(key, iv)
}

fn decrypter(suite: &Tls13CipherSuite, secrets: &ConnectionTrafficSecrets) -> Box<dyn MessageDecrypter> {
    let (key, iv) = key_and_iv(secrets);
    suite.aead_alg.decrypter(key, iv)
}
