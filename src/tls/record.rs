//! The record layer of a TLS 1.3 control connection, and of a data connection on which close_notify was sent (RFC 8446
//! section 5).
//!
//! rustls keeps the key schedule and parses tickets; protection of records is done here, so that the payload of
//! NewSessionTicket messages is ours and can be handed to rustls again.

use super::failure::{tls_error, violation};
use super::session::StreamEnd;
use crate::{Error, Failure, Result};
use rustls::client::ClientConnectionData;
use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, Iv, MessageDecrypter, MessageEncrypter, OutboundPlainMessage,
};
use rustls::kernel::KernelConnection;
use rustls::{
    AlertDescription, ConnectionTrafficSecrets, ContentType, ExtractedSecrets, PeerMisbehaved,
    ProtocolVersion, Tls13CipherSuite,
};

const CHANNEL: &str = "control connection";
const HEADER: usize = 5;
/// RFC 8446 section 5.2: 2^14 of payload, one of content type, 255 of padding and tag.
const MAX_CIPHERTEXT: usize = (1 << 14) + 256;
/// The largest payload of one record.
const MAX_FRAGMENT: usize = 1 << 14;
/// The largest handshake message taken after the handshake: tickets of 20 kB were seen, 64 KiB is what their
/// length field allows.
const MAX_HANDSHAKE: usize = 4 + 128 * 1024;
/// Records in a row that carry nothing: more of them are an attack on patience.
const MAX_EMPTY_RECORDS: u32 = 32;
/// Records in a row without payload, whatever they carry: as long as they come, nobody looks at a deadline.
pub(super) const MAX_RECORDS_WITHOUT_PAYLOAD: u32 = 64 * 1024;
/// KeyUpdate messages taken on one control connection: every one costs key derivation.
const MAX_KEY_UPDATES: u32 = 1024;

const NEW_SESSION_TICKET: u8 = 4;
const KEY_UPDATE: u8 = 24;
const ALERT_FATAL: u8 = 2;

pub(super) struct Tls13Records {
    pub kernel: KernelConnection<ClientConnectionData>,
    suite: &'static Tls13CipherSuite,
    encrypter: Box<dyn MessageEncrypter>,
    write_sequence: u64,
    decrypter: Box<dyn MessageDecrypter>,
    read_sequence: u64,
    /// An unfinished handshake message.
    handshake: Vec<u8>,
    inbox: Vec<u8>,
    pub outbox: Vec<u8>,
    payload: Vec<u8>,
    taken: usize,
    empty_records: u32,
    records_without_payload: u32,
    key_updates: u32,
    end: StreamEnd,
    closed: bool,
}

impl Tls13Records {
    pub fn new(
        secrets: ExtractedSecrets,
        kernel: KernelConnection<ClientConnectionData>,
        suite: &'static Tls13CipherSuite,
        unsent: Vec<u8>,
    ) -> Result<Self> {
        let (write_sequence, write) = secrets.tx;
        let (read_sequence, read) = secrets.rx;
        let (write_key, write_iv) = key_and_iv(write)?;
        let (read_key, read_iv) = key_and_iv(read)?;
        Ok(Tls13Records {
            kernel,
            suite,
            encrypter: suite.aead_alg.encrypter(write_key, write_iv),
            write_sequence,
            decrypter: suite.aead_alg.decrypter(read_key, read_iv),
            read_sequence,
            handshake: Vec::new(),
            inbox: Vec::new(),
            outbox: unsent,
            payload: Vec::new(),
            taken: 0,
            empty_records: 0,
            records_without_payload: 0,
            key_updates: 0,
            end: StreamEnd::Open,
            closed: false,
        })
    }

    /// Takes bytes of the transport; after an error a fatal alert waits in the outbox. `keep` gets the
    /// payload of every NewSessionTicket message, which rustls has then put into the connection's store.
    pub fn receive(&mut self, bytes: &[u8], keep: &mut dyn FnMut(&[u8])) -> Result<()> {
        if self.end != StreamEnd::Open {
            // RFC 8446 section 6.1: what comes after close_notify is ignored.
            return Ok(());
        }
        self.inbox.extend_from_slice(bytes);
        let outcome = self.process(keep);
        if let Err(error) = &outcome {
            self.fail(error);
        }
        outcome
    }

    /// close_notify was sent before these records were ours: nothing more is written, not even an alert.
    pub fn close_write(&mut self) {
        self.closed = true;
    }

    pub fn transport_ended(&mut self) {
        if self.end == StreamEnd::Open {
            self.end = StreamEnd::Eof;
        }
    }

    pub fn plaintext(&mut self) -> &[u8] {
        if self.taken == self.payload.len() {
            self.payload.clear();
            self.taken = 0;
        }
        &self.payload[self.taken..]
    }

    pub fn consume(&mut self, count: usize) {
        self.taken += count;
    }

    pub fn end(&self) -> StreamEnd {
        self.end
    }

    pub fn write(&mut self, plaintext: &[u8]) -> Result<()> {
        if self.closed {
            return Err(Error::Broken(Failure::new(
                "TLS on the control connection has ended: connect again",
            )));
        }
        for fragment in plaintext.chunks(MAX_FRAGMENT) {
            self.seal(ContentType::ApplicationData, fragment)?;
        }
        Ok(())
    }

    pub fn close_notify(&mut self) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        self.closed = true;
        self.seal(ContentType::Alert, &[1, u8::from(AlertDescription::CloseNotify)])
    }

    fn process(&mut self, keep: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut inbox = std::mem::take(&mut self.inbox);
        let mut start = 0;
        let outcome = loop {
            let length = match record_length(&inbox[start..]) {
                Ok(Some(length)) if inbox.len() - start >= HEADER + length => length,
                Ok(_) => break Ok(()),
                Err(error) => break Err(error),
            };
            let body = &mut inbox[start + HEADER..start + HEADER + length];
            if let Err(error) = self.record(body, keep) {
                break Err(error);
            }
            start += HEADER + length;
            if self.end != StreamEnd::Open {
                break Ok(());
            }
        };
        inbox.drain(..start);
        self.inbox = inbox;
        outcome
    }

    fn record(&mut self, body: &mut [u8], keep: &mut dyn FnMut(&[u8])) -> Result<()> {
        let opaque = InboundOpaqueMessage::new(ContentType::ApplicationData, ProtocolVersion::TLSv1_2, body);
        let plain = self.decrypter.decrypt(opaque, self.read_sequence).map_err(|error| match error {
            rustls::Error::PeerSentOversizedRecord => {
                violation("a record is larger than TLS allows", AlertDescription::RecordOverflow)
            }
            // RFC 8446 section 5.4: a record of nothing but padding.
            rustls::Error::PeerMisbehaved(PeerMisbehaved::IllegalTlsInnerPlaintext) => {
                unexpected("a record without a content type")
            }
            _ => violation("a record could not be decrypted", AlertDescription::BadRecordMac),
        })?;
        self.read_sequence += 1;
        let content_type = plain.typ;
        let payload = plain.payload.to_vec();
        if !self.handshake.is_empty() && content_type != ContentType::Handshake {
            return Err(unexpected("a record of another type inside a fragmented handshake message"));
        }
        self.count_empty(&payload, content_type)?;
        self.count_without_payload(&payload, content_type)?;
        match content_type {
            ContentType::ApplicationData => {
                self.payload.extend_from_slice(&payload);
                Ok(())
            }
            ContentType::Handshake => self.handshake_bytes(&payload, keep),
            ContentType::Alert => self.alert(&payload),
            _ => Err(unexpected("a record of a type that has no place after the handshake")),
        }
    }

    fn count_empty(&mut self, payload: &[u8], content_type: ContentType) -> Result<()> {
        if !payload.is_empty() {
            self.empty_records = 0;
            return Ok(());
        }
        self.empty_records += 1;
        // RFC 8446 section 5.1: only application data may be empty.
        if content_type != ContentType::ApplicationData || self.empty_records > MAX_EMPTY_RECORDS {
            return Err(unexpected("empty records"));
        }
        Ok(())
    }

    fn count_without_payload(&mut self, payload: &[u8], content_type: ContentType) -> Result<()> {
        if content_type == ContentType::ApplicationData && !payload.is_empty() {
            self.records_without_payload = 0;
            return Ok(());
        }
        self.records_without_payload += 1;
        match self.records_without_payload > MAX_RECORDS_WITHOUT_PAYLOAD {
            true => Err(unexpected("records without payload, and no end of them")),
            false => Ok(()),
        }
    }

    fn handshake_bytes(&mut self, fragment: &[u8], keep: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.handshake.extend_from_slice(fragment);
        while let Some(header) = self.handshake.first_chunk::<4>() {
            let kind = header[0];
            let length =
                4 + usize::from(header[1]) * 65536 + usize::from(u16::from_be_bytes([header[2], header[3]]));
            if kind != NEW_SESSION_TICKET && kind != KEY_UPDATE {
                return Err(unexpected("a handshake message that has no place after the handshake"));
            }
            if length > MAX_HANDSHAKE {
                return Err(violation(
                    "a handshake message is too large",
                    AlertDescription::IllegalParameter,
                ));
            }
            if self.handshake.len() < length {
                return Ok(());
            }
            let message: Vec<u8> = self.handshake.drain(..length).collect();
            let body = &message[4..];
            if kind == NEW_SESSION_TICKET {
                self.kernel.handle_new_session_ticket(body).map_err(|error| tls_error(error, CHANNEL))?;
                keep(body);
            } else {
                self.key_update(body)?;
            }
        }
        Ok(())
    }

    /// RFC 8446 section 4.6.3.
    fn key_update(&mut self, body: &[u8]) -> Result<()> {
        let requested = match body {
            [0] => false,
            [1] => true,
            _ => return Err(violation("a malformed KeyUpdate", AlertDescription::IllegalParameter)),
        };
        if !self.handshake.is_empty() {
            // RFC 8446 section 5.1: the message before a key change must end its record.
            return Err(unexpected("a KeyUpdate that does not end its record"));
        }
        self.key_updates += 1;
        if self.key_updates > MAX_KEY_UPDATES {
            return Err(unexpected("more KeyUpdates than a control connection has use for"));
        }
        let (sequence, secrets) =
            self.kernel.update_rx_secret().map_err(|error| tls_error(error, CHANNEL))?;
        let (key, iv) = key_and_iv(secrets)?;
        self.decrypter = self.suite.aead_alg.decrypter(key, iv);
        self.read_sequence = sequence;
        // RFC 8446 section 6.1: nothing follows a close_notify.
        if requested && !self.closed {
            self.update_write_key()?;
        }
        Ok(())
    }

    pub(super) fn update_write_key(&mut self) -> Result<()> {
        self.seal_now(ContentType::Handshake, &[KEY_UPDATE, 0, 0, 1, 0])?;
        let (sequence, secrets) =
            self.kernel.update_tx_secret().map_err(|error| tls_error(error, CHANNEL))?;
        let (key, iv) = key_and_iv(secrets)?;
        self.encrypter = self.suite.aead_alg.encrypter(key, iv);
        self.write_sequence = sequence;
        Ok(())
    }

    fn alert(&mut self, payload: &[u8]) -> Result<()> {
        let [_level, description] = *payload else {
            return Err(violation("a malformed alert", AlertDescription::DecodeError));
        };
        // RFC 8446 section 6: the level is ignored; all but these two are fatal.
        match AlertDescription::from(description) {
            AlertDescription::CloseNotify => {
                self.end = StreamEnd::CloseNotify;
                Ok(())
            }
            AlertDescription::UserCanceled => Ok(()),
            alert => {
                self.closed = true;
                Err(tls_error(rustls::Error::AlertReceived(alert), CHANNEL))
            }
        }
    }

    /// Tells the peer of an error that it did not announce itself.
    fn fail(&mut self, error: &Error) {
        // RFC 8446 section 6.2: after a fatal alert, whoever sent it, nothing more is taken.
        self.end = StreamEnd::Eof;
        if self.closed {
            return;
        }
        self.closed = true;
        let alert = error.tls_alert().unwrap_or(u8::from(AlertDescription::DecodeError));
        // The connection is lost already: an alert that cannot be sealed changes nothing.
        let _ = self.seal(ContentType::Alert, &[ALERT_FATAL, alert]);
    }

    fn seal(&mut self, typ: ContentType, payload: &[u8]) -> Result<()> {
        // RFC 8446 section 5.5: a key protects a limited number of records. One is left for the KeyUpdate.
        if self.write_sequence >= self.suite.common.confidentiality_limit.saturating_sub(1) {
            self.update_write_key()?;
        }
        self.seal_now(typ, payload)
    }

    fn seal_now(&mut self, typ: ContentType, payload: &[u8]) -> Result<()> {
        let message =
            OutboundPlainMessage { typ, version: ProtocolVersion::TLSv1_2, payload: payload.into() };
        let sealed = self
            .encrypter
            .encrypt(message, self.write_sequence)
            .map_err(|error| tls_error(error, CHANNEL))?;
        self.write_sequence += 1;
        self.outbox.extend_from_slice(&sealed.encode());
        Ok(())
    }
}

/// The length in a record's header, checked; none while the header is incomplete.
fn record_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(&[content_type, _, _, high, low]) = bytes.first_chunk::<HEADER>() else {
        return Ok(None);
    };
    if ContentType::from(content_type) != ContentType::ApplicationData {
        return Err(unexpected("an unprotected record after the handshake"));
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MAX_CIPHERTEXT {
        return Err(violation("a record is larger than TLS allows", AlertDescription::RecordOverflow));
    }
    Ok(Some(length))
}

fn unexpected(description: &str) -> Error {
    violation(description, AlertDescription::UnexpectedMessage)
}

fn key_and_iv(secrets: ConnectionTrafficSecrets) -> Result<(AeadKey, Iv)> {
    match secrets {
        ConnectionTrafficSecrets::Aes128Gcm { key, iv }
        | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
        | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => Ok((key, iv)),
        _ => Err(violation("an unknown kind of traffic secret", AlertDescription::InternalError)),
    }
}
