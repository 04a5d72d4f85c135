//! rustls' record layer between two byte buffers.

use super::failure::tls_error;
use super::record::Tls13Records;
use super::session::StreamEnd;
use super::TlsVersion;
use crate::{Error, Failure, Result};
use rustls::client::UnbufferedClientConnection;
use rustls::unbuffered::{
    ConnectionState, EncodeError, EncryptError, InsufficientSizeError, UnbufferedStatus,
};
use rustls::{ProtocolVersion, SupportedCipherSuite};

/// A record header and what its length says (RFC 8446 section 5.1).
const RECORD_HEADER: usize = 5;
/// The type of a record with an alert (RFC 5246 section 6.2.1).
const ALERT: u8 = 21;
/// From change_cipher_spec to application_data (RFC 8446 section 5.1).
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=23;
/// The most that a record may hold (RFC 5246 section 6.2.3; RFC 8446 allows less).
const MAX_RECORD: usize = (1 << 14) + 2048;
/// The most payload that goes into one encryption call.
const WRITE_CHUNK: usize = 128 * 1024;
/// What encryption adds, at most, to every 16 KiB: header, explicit nonce, content type and tag.
const RECORD_OVERHEAD: usize = 64;

/// A client connection with its buffers.
pub(super) struct Unbuffered {
    connection: UnbufferedClientConnection,
    channel: &'static str,
    /// Transport bytes: `[start..limit)` may be processed, `[limit..filled)` waits.
    inbox: Vec<u8>,
    start: usize,
    limit: usize,
    filled: usize,
    /// Feed rustls single records, so that those behind the handshake remain ours.
    one_record_at_a_time: bool,
    /// TLS bytes for the transport: `[sent..queued)`.
    outbox: Vec<u8>,
    sent: usize,
    queued: usize,
    /// Decrypted payload: `[taken..]`.
    payload: Vec<u8>,
    taken: usize,
    established: bool,
    end: StreamEnd,
    transport_ended: bool,
    /// close_notify was sent. rustls counts it as a fatal alert, and asserts in debug builds that no other is
    /// needed after it; what the peer sends from then on is up to the peer, so rustls sees none of it. On a control
    /// connection, which may go on in clear, an alert is looked for.
    closing: bool,
    failed: bool,
}

/// Whether [`Unbuffered::step`] can do more.
#[derive(PartialEq)]
enum Step {
    Again,
    NeedsInput,
}

impl Unbuffered {
    pub fn new(
        connection: UnbufferedClientConnection,
        channel: &'static str,
        inbox: usize,
        one_record_at_a_time: bool,
    ) -> Result<Self> {
        let mut unbuffered = Unbuffered {
            connection,
            channel,
            inbox: vec![0; inbox],
            start: 0,
            limit: 0,
            filled: 0,
            one_record_at_a_time,
            outbox: Vec::new(),
            sent: 0,
            queued: 0,
            payload: Vec::new(),
            taken: 0,
            established: false,
            end: StreamEnd::Open,
            transport_ended: false,
            closing: false,
            failed: false,
        };
        unbuffered.process()?;
        Ok(unbuffered)
    }

    pub fn connection(&self) -> &UnbufferedClientConnection {
        &self.connection
    }

    pub fn is_established(&self) -> bool {
        self.established
    }

    pub fn outgoing(&self) -> &[u8] {
        &self.outbox[self.sent..self.queued]
    }

    pub fn sent(&mut self, count: usize) {
        self.sent += count;
        if self.sent == self.queued {
            (self.sent, self.queued) = (0, 0);
        }
    }

    pub fn incoming(&mut self) -> &mut [u8] {
        &mut self.inbox[self.filled..]
    }

    pub fn received(&mut self, count: usize) -> Result<()> {
        if count == 0 {
            self.transport_ended = true;
            if self.end == StreamEnd::Open && !self.established {
                return Err(Error::ConnectionLost(Failure::new(format!(
                    "the server closed the {} in the TLS handshake",
                    self.channel
                ))));
            }
            return Ok(());
        }
        if self.closing && !self.one_record_at_a_time {
            return Ok(());
        }
        self.filled += count;
        if self.closing {
            self.look_for_alert();
            return Ok(());
        }
        if self.established && !self.one_record_at_a_time {
            // Decryption waits until the payload is asked for: an unread payload must not pile up.
            self.limit = self.filled;
            return Ok(());
        }
        self.process()
    }

    pub fn plaintext(&mut self) -> Result<&[u8]> {
        while self.taken == self.payload.len() && self.established && !self.closing {
            self.payload.clear();
            self.taken = 0;
            self.widen();
            if self.step()? == Step::NeedsInput && !self.widen() {
                break;
            }
        }
        if self.transport_ended && self.end == StreamEnd::Open && self.taken == self.payload.len() {
            self.end = StreamEnd::Eof;
        }
        self.make_room();
        Ok(&self.payload[self.taken..])
    }

    pub fn consume(&mut self, count: usize) {
        self.taken += count;
    }

    pub fn write(&mut self, plaintext: &[u8]) -> Result<usize> {
        if self.closing {
            return Err(Error::WrongState(Failure::new("payload after close_notify")));
        }
        if plaintext.is_empty() || self.queued > 0 {
            return Ok(0);
        }
        let chunk = &plaintext[..plaintext.len().min(WRITE_CHUNK)];
        self.with_traffic(|traffic, room| traffic.encrypt(chunk, room), chunk.len())?;
        Ok(chunk.len())
    }

    pub fn close_notify(&mut self) -> Result<()> {
        if self.closing {
            return Ok(());
        }
        self.with_traffic(|traffic, room| traffic.queue_close_notify(room), 0)?;
        self.closing = true;
        if self.one_record_at_a_time {
            self.look_for_alert();
        }
        Ok(())
    }

    /// Behind our close_notify: the peer's, which the type of its record gives away also where the record cannot be read.
    /// Whoever inserts one could as well insert what comes behind it, in clear.
    fn look_for_alert(&mut self) {
        while self.end == StreamEnd::Open && holds_record(&self.inbox[self.start..self.filled]) {
            let [content_type, _, _, high, low, ..] = self.inbox[self.start..] else { return };
            if content_type == ALERT {
                self.end = StreamEnd::CloseNotify;
            }
            self.start += RECORD_HEADER + usize::from(u16::from_be_bytes([high, low]));
        }
        self.limit = self.limit.max(self.start);
        self.make_room();
    }

    pub fn end(&self) -> StreamEnd {
        self.end
    }

    pub fn version(&self) -> Option<TlsVersion> {
        match self.connection.protocol_version()? {
            ProtocolVersion::TLSv1_2 => Some(TlsVersion::V1_2),
            ProtocolVersion::TLSv1_3 => Some(TlsVersion::V1_3),
            _ => None,
        }
    }

    /// After a handshake fed record by record: the connection, the bytes still to send, and the bytes
    /// that came after the last record of the handshake.
    pub fn into_parts(self) -> Result<(UnbufferedClientConnection, Vec<u8>, Vec<u8>)> {
        if self.start != self.limit {
            // RFC 8446 section 5.1: a handshake message must not span the key change.
            return Err(tls_error(
                rustls::Error::PeerMisbehaved(rustls::PeerMisbehaved::KeyEpochWithPendingFragment),
                self.channel,
            ));
        }
        let unsent = self.outgoing().to_vec();
        let unread = self.inbox[self.limit..self.filled].to_vec();
        Ok((self.connection, unsent, unread))
    }

    /// Whether [`into_records`](Self::into_records) is possible and of use.
    pub fn can_read_on(&self) -> bool {
        self.version() == Some(TlsVersion::V1_3)
            && self.end == StreamEnd::Open
            && !self.transport_ended
            // A whole record that rustls has not let go of is a part of a message: rustls has decrypted it,
            // and it cannot be read again.
            && !holds_record(&self.inbox[self.start..self.filled])
    }

    /// The records of a TLS 1.3 connection on which close_notify was sent, for reading what still comes; and
    /// the room to read it into.
    pub fn into_records(mut self) -> Result<(Tls13Records, Vec<u8>)> {
        let unsent = self.outgoing().to_vec();
        let unread = self.inbox[self.start..self.filled].to_vec();
        let inbox = std::mem::take(&mut self.inbox);
        let (secrets, kernel) = self
            .connection
            .dangerous_into_kernel_connection()
            .map_err(|error| tls_error(error, self.channel))?;
        let SupportedCipherSuite::Tls13(suite) = kernel.negotiated_cipher_suite() else {
            return Err(tls_error(rustls::Error::HandshakeNotComplete, self.channel));
        };
        let mut records = Tls13Records::new(secrets, kernel, suite, unsent)?;
        records.close_write();
        records.receive(&unread, &mut |_| {})?;
        Ok((records, inbox))
    }

    /// Handshakes as far as the input goes.
    fn process(&mut self) -> Result<()> {
        loop {
            let was_established = self.established;
            if self.step()? == Step::Again {
                continue;
            }
            let just_established = self.established && !was_established;
            if just_established && self.one_record_at_a_time {
                return Ok(());
            }
            if !self.widen() {
                break;
            }
        }
        self.make_room();
        Ok(())
    }

    /// Lets rustls see more of the inbox. False when there is no more.
    fn widen(&mut self) -> bool {
        let before = self.limit;
        if self.one_record_at_a_time {
            if let [content_type, _, _, high, low, ..] = self.inbox[self.limit..self.filled] {
                let length = usize::from(u16::from_be_bytes([high, low]));
                if !CONTENT_TYPES.contains(&content_type) || length > MAX_RECORD {
                    // Not TLS, and no reason to wait for as many bytes as it seems to announce: rustls says so.
                    self.limit = self.filled;
                } else if self.filled - self.limit >= RECORD_HEADER + length {
                    self.limit += RECORD_HEADER + length;
                }
            }
        } else {
            self.limit = self.filled;
        }
        self.limit > before
    }

    fn step(&mut self) -> Result<Step> {
        self.check_not_failed()?;
        let UnbufferedStatus { discard, state, .. } =
            self.connection.process_tls_records(&mut self.inbox[self.start..self.limit]);
        let step = match state {
            Err(error) => {
                self.start += discard;
                self.failed = true;
                self.queue_alert();
                return Err(tls_error(error, self.channel));
            }
            Ok(ConnectionState::EncodeTlsData(mut data)) => {
                encode(&mut self.outbox, &mut self.queued, |room| encoded(data.encode(room)));
                Step::Again
            }
            Ok(ConnectionState::TransmitTlsData(data)) => {
                data.done();
                Step::Again
            }
            Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                while let Some(record) = traffic.next_record() {
                    let record = record.map_err(|error| tls_error(error, self.channel))?;
                    self.payload.extend_from_slice(record.payload);
                }
                Step::Again
            }
            Ok(ConnectionState::PeerClosed | ConnectionState::Closed) => {
                let first = self.end != StreamEnd::CloseNotify;
                self.end = StreamEnd::CloseNotify;
                if first {
                    Step::Again
                } else {
                    Step::NeedsInput
                }
            }
            Ok(ConnectionState::WriteTraffic(_)) => {
                self.established = true;
                Step::NeedsInput
            }
            Ok(_) => Step::NeedsInput,
        };
        self.start += discard;
        Ok(step)
    }

    /// After an error rustls may have an alert for the peer. It is not asked for more than that: a connection
    /// that has failed must not be fed again.
    fn queue_alert(&mut self) {
        while self.connection.wants_write() {
            // With the input as it stands: rustls may still refer to a message in it, and panics when it is gone.
            let UnbufferedStatus { discard, state, .. } =
                self.connection.process_tls_records(&mut self.inbox[self.start..self.limit]);
            self.start += discard;
            let Ok(ConnectionState::EncodeTlsData(mut data)) = state else { return };
            encode(&mut self.outbox, &mut self.queued, |room| encoded(data.encode(room)));
        }
    }

    fn check_not_failed(&self) -> Result<()> {
        if !self.failed {
            return Ok(());
        }
        let message = format!("the TLS session of the {} has failed earlier", self.channel);
        Err(Error::Tls(Failure::new(message)))
    }

    /// Runs `encrypt` where rustls allows payload, with room for `payload` bytes.
    fn with_traffic(
        &mut self,
        encrypt: impl Fn(
            &mut rustls::unbuffered::WriteTraffic<'_, rustls::client::ClientConnectionData>,
            &mut [u8],
        ) -> std::result::Result<usize, EncryptError>,
        payload: usize,
    ) -> Result<()> {
        // Whatever the input holds comes first: a state that is dropped takes its alert, KeyUpdate or
        // close_notify with it.
        while self.step()? == Step::Again {}
        if !self.established {
            return Err(Error::Tls(Failure::new(format!(
                "payload before the end of the TLS handshake on the {}",
                self.channel
            ))));
        }
        let needed = self.queued + payload + (payload / 16384 + 2) * RECORD_OVERHEAD;
        if self.outbox.len() < needed {
            self.outbox.resize(needed, 0);
        }
        let UnbufferedStatus { discard, state, .. } =
            self.connection.process_tls_records(&mut self.inbox[self.start..self.limit]);
        self.start += discard;
        // The only other state that is left is `Closed`, in which nothing can be said any more.
        let Ok(ConnectionState::WriteTraffic(mut traffic)) = state else { return Ok(()) };
        let mut failed = None;
        encode(&mut self.outbox, &mut self.queued, |room| match encrypt(&mut traffic, room) {
            Err(EncryptError::InsufficientSize(InsufficientSizeError { required_size, .. })) => {
                Err(required_size)
            }
            Err(error) => {
                failed = Some(error);
                Ok(0)
            }
            Ok(count) => Ok(count),
        });
        match failed {
            Some(error) => Err(tls_error(rustls::Error::General(error.to_string()), self.channel)),
            None => Ok(()),
        }
    }

    /// Moves unprocessed input to the front once the space behind it gets short.
    fn make_room(&mut self) {
        if self.start == self.filled {
            (self.start, self.limit, self.filled) = (0, 0, 0);
        } else if self.start > 0 && self.inbox.len() - self.filled < self.inbox.len() / 2 {
            self.inbox.copy_within(self.start..self.filled, 0);
            self.limit -= self.start;
            self.filled -= self.start;
            self.start = 0;
        }
    }
}

/// Whether `bytes` begin with a complete record.
fn holds_record(bytes: &[u8]) -> bool {
    match *bytes {
        [_, _, _, high, low, ref body @ ..] => body.len() >= usize::from(u16::from_be_bytes([high, low])),
        _ => false,
    }
}

/// The size that is missing, in place of rustls' error.
fn encoded(outcome: std::result::Result<usize, EncodeError>) -> std::result::Result<usize, usize> {
    match outcome {
        Ok(count) => Ok(count),
        Err(EncodeError::InsufficientSize(InsufficientSizeError { required_size, .. })) => Err(required_size),
        Err(EncodeError::AlreadyEncoded) => Ok(0),
    }
}

/// Appends what `write` produces to the outbox; `write` answers `Err(size)` when it needs more room.
fn encode(
    outbox: &mut Vec<u8>,
    queued: &mut usize,
    mut write: impl FnMut(&mut [u8]) -> std::result::Result<usize, usize>,
) {
    loop {
        match write(&mut outbox[*queued..]) {
            Ok(count) => {
                *queued += count;
                return;
            }
            Err(needed) => outbox.resize(*queued + needed, 0),
        }
    }
}
