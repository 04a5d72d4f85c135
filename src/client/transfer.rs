//! The life of a transfer (`docs/design.md`, section 3).

use super::commands::refusal;
use super::control::{cancelled, connect, lost, timeout};
use super::data::DataConnection;
use super::FtpsClient;
use crate::net::{Watch, Woken};
use crate::protocol::{Command, Reply};
use crate::tls::{OfferKind, ResumptionPolicy, StreamEnd, TlsSession};
use crate::{Error, Failure, Result};
use std::time::{Duration, Instant};

/// How long the server may take to explain on the control connection what broke on the data connection.
const EXPLANATION: Duration = Duration::from_secs(5);
/// How long to wait for tickets after 2xx.
const LINGER: Duration = Duration::from_millis(200);
/// Bytes of an upload that are kept, so that a refusal can be answered by sending them again.
const MAX_REPLAY: usize = 256 * 1024;

/// Which way the payload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the server: RETR, LIST, MLSD, NLST.
    Download,
    /// To the server: STOR, APPE, STOU.
    Upload,
}

/// The open transfer of a client.
pub(super) struct Transfer {
    request: Request,
    data: DataConnection,
    moved: u64,
    final_reply: Option<Reply>,
    /// What the preliminary reply promised: `150 ... (1234 bytes)`.
    promised: Option<u64>,
    /// All that was written so far, while that can still be sent again.
    replay: Option<Vec<u8>>,
}

/// What to transfer, and what was tried already to have it accepted.
#[derive(Clone)]
struct Request {
    direction: Direction,
    command: Command,
    offset: u64,
    other_kind_tried: bool,
    relogin_tried: bool,
    /// The reply that refused the session, if one came.
    refused_by: Option<Reply>,
}

impl FtpsClient {
    /// Opens a transfer of any verb. Read or write it with [`read_data`](Self::read_data) and [`write_data`](Self::write_data), and end it with
    /// [`finish_transfer`](Self::finish_transfer) or [`abort_transfer`](Self::abort_transfer).
    ///
    /// `offset` other than 0 is announced with REST directly before the command (RFC 3659 section 5). This is the form that foreign
    /// languages build on; in Rust, [`download`](Self::download) and [`upload`](Self::upload) are safer.
    pub fn open_transfer(
        &mut self,
        direction: Direction,
        verb: &str,
        argument: impl AsRef<[u8]>,
        offset: u64,
    ) -> Result<()> {
        let command = Command::new(verb, argument)?;
        self.check_idle()?;
        self.check_logged_in()?;
        self.open(Request {
            direction,
            command,
            offset,
            other_kind_tried: false,
            relogin_tried: false,
            refused_by: None,
        })
    }

    /// Payload bytes that the open transfer has moved; 0 when there is none.
    pub fn bytes_moved(&self) -> u64 {
        self.transfer.as_ref().map_or(0, |transfer| transfer.moved)
    }

    /// Whether the open transfer's data connection resumed the control connection's session.
    pub fn is_resumed(&self) -> Option<bool> {
        self.transfer.as_ref().and_then(|transfer| transfer.data.session.resumed())
    }

    /// Reads payload of the open download. 0 is its end; [`finish_transfer`](Self::finish_transfer) tells whether it is complete.
    /// After an error the transfer is over.
    pub fn read_data(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.check_open(Direction::Download)?;
        if buffer.is_empty() {
            return Ok(0);
        }
        self.pull(|piece| {
            let count = piece.len().min(buffer.len());
            buffer[..count].copy_from_slice(&piece[..count]);
            Ok(count)
        })
    }

    /// Hands the next piece of payload to `sink`, which says how much of it was taken. 0 is the end.
    pub(super) fn pull(&mut self, sink: impl FnOnce(&[u8]) -> Result<usize>) -> Result<usize> {
        let outcome = self.await_payload().and_then(|more| {
            let Some(transfer) = self.transfer.as_mut().filter(|_| more) else { return Ok(0) };
            let count = sink(transfer.data.session.plaintext()?)?;
            transfer.data.session.consume(count);
            transfer.moved += count as u64;
            Ok(count)
        });
        outcome.map_err(|error| self.fail(error))
    }

    /// Writes payload of the open upload and returns how many bytes were taken, at least one. After an error the transfer is over.
    pub fn write_data(&mut self, bytes: &[u8]) -> Result<usize> {
        self.check_open(Direction::Upload)?;
        if bytes.is_empty() {
            return Ok(0);
        }
        loop {
            let outcome = self.push(bytes);
            match outcome {
                Ok(count) => return Ok(count),
                Err(error) => {
                    let error = self.fail_keeping_replay(error);
                    self.replay_after(error)?;
                }
            }
        }
    }

    /// Ends the open transfer: the payload is complete, and the server has to agree. The transfer is over afterwards, whatever the outcome.
    pub fn finish_transfer(&mut self) -> Result<Reply> {
        match self.transfer.as_ref().map(|transfer| transfer.request.direction) {
            None => Err(Error::WrongState(Failure::new("no transfer is open"))),
            Some(Direction::Download) => {
                let outcome = self.finish_download();
                outcome.map_err(|error| self.fail(error))
            }
            Some(Direction::Upload) => loop {
                match self.finish_upload() {
                    Ok(reply) => return Ok(reply),
                    Err(error) => {
                        let error = self.fail_keeping_replay(error);
                        self.replay_after(error)?;
                    }
                }
            },
        }
    }

    /// Gives the open transfer up. The data connection is reset, so that the server cannot take a part for the whole; its reply is
    /// read before the next command. Does nothing when no transfer is open.
    pub fn abort_transfer(&mut self) {
        let Some(transfer) = self.transfer.take() else { return };
        if transfer.final_reply.is_none() {
            self.control.mark_unsettled();
        }
        transfer.data.reset();
    }

    fn check_open(&self, direction: Direction) -> Result<()> {
        match &self.transfer {
            Some(transfer) if transfer.request.direction == direction => Ok(()),
            Some(_) => Err(Error::WrongState(Failure::new("the open transfer goes the other way"))),
            None => Err(Error::WrongState(Failure::new("no transfer is open"))),
        }
    }

    /// Opens a transfer, trying the other kind of ticket once and a new login once when the session is refused.
    fn open(&mut self, mut request: Request) -> Result<()> {
        loop {
            let error = match self.try_open(&request) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            let offered = self.transfer.as_ref().and_then(|transfer| transfer.data.session.offered());
            let error = self.fail(error);
            self.note_data_failure(&error);
            let error = self.refusal_behind(error, &request);
            self.recover(&mut request, offered, error)?;
        }
    }

    fn try_open(&mut self, request: &Request) -> Result<()> {
        let address = self.passive_address()?;
        // Not sooner: FileZilla Server 1.x sends its ticket right before the reply to EPSV.
        self.check_ticket_at_hand()?;
        let deadline = self.control.network.now() + self.settings.timeouts.connect;
        if request.offset > 0 {
            let rest = Command::new("REST", request.offset.to_string())?;
            let reply = self.control.command(&rest)?;
            if reply.code() != 350 {
                return Err(refusal(&rest, reply));
            }
        }
        // One round trip fewer: the command travels while the connection is made. Not before one has succeeded, since a
        // STOR whose data connection fails has truncated its target.
        let early = self.passive.proven;
        if early {
            self.control.send(&request.command)?;
        }
        let network = self.control.network.clone();
        let cancel = self.control.cancel.clone();
        let connected = connect(&*network, address, deadline, cancel.as_ref());
        let socket = match connected {
            Ok(socket) => socket,
            Err(error) if early => {
                let error = self.explained(error);
                if !error_has_final_reply(&error) {
                    self.control.mark_unsettled();
                }
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        if !early {
            self.control.send(&request.command)?;
        }
        let session = self.control.session()?.data_session();
        let session = match session {
            Ok(session) => session,
            Err(error) => {
                socket.reset();
                self.control.mark_unsettled();
                return Err(error);
            }
        };
        self.transfer = Some(Transfer {
            request: request.clone(),
            data: DataConnection::new(socket, session),
            moved: 0,
            final_reply: None,
            promised: None,
            replay: (request.direction == Direction::Upload).then(Vec::new),
        });
        self.handshake(deadline)?;
        if request.direction == Direction::Download {
            // A server that refuses does so before the first byte: here it can still be helped. It may close the data connection
            // before it says so.
            if !self.await_payload()? {
                self.end_download()?;
            }
        }
        Ok(())
    }

    /// Under `require`, a missing ticket must show before the command does harm.
    fn check_ticket_at_hand(&mut self) -> Result<()> {
        if self.settings.resumption != ResumptionPolicy::Require || self.control.session()?.can_offer() {
            return Ok(());
        }
        Err(Error::NotResumed(Failure::new(
            "the server gave no TLS session to resume, and the policy requires resumption; no transfer command was sent",
        )))
    }

    fn handshake(&mut self, deadline: Instant) -> Result<()> {
        loop {
            let Some(transfer) = &mut self.transfer else { return Ok(()) };
            transfer.data.flush_once()?;
            if !transfer.data.session.is_handshaking() {
                break;
            }
            if !transfer.data.receive_once()? {
                self.wait(deadline, "the TLS handshake on the data connection")?;
            }
        }
        self.judge_resumption()
    }

    fn judge_resumption(&mut self) -> Result<()> {
        let Some(transfer) = &mut self.transfer else { return Ok(()) };
        let resumed = transfer.data.session.resumed() == Some(true);
        self.statistics.data_connections += 1;
        self.statistics.resumed += u64::from(resumed);
        self.statistics.full += u64::from(!resumed);
        let tether = self.control.session()?;
        tether.harvest(&mut transfer.data.session);
        match (resumed, transfer.data.session.offered()) {
            (true, Some(kind)) => tether.accepted(kind),
            (false, Some(kind)) => {
                log::warn!("the server declined the TLS session that the data connection offered");
                tether.declined(kind);
            }
            _ => {}
        }
        if !resumed && self.settings.resumption == ResumptionPolicy::Require {
            return Err(Error::NotResumed(Failure::new(
                "the server did not resume the TLS session on the data connection; no payload was sent",
            )));
        }
        Ok(())
    }

    /// Waits for payload. False at its end.
    fn await_payload(&mut self) -> Result<bool> {
        loop {
            let Some(transfer) = &mut self.transfer else { return Ok(false) };
            if !transfer.data.session.plaintext()?.is_empty() {
                return Ok(true);
            }
            if transfer.data.session.end() != StreamEnd::Open {
                return Ok(false);
            }
            if !transfer.data.receive_once()? {
                transfer.data.flush_once()?;
                let deadline = self.control.network.now() + self.settings.timeouts.data;
                self.wait(deadline, "data")?;
            }
        }
    }

    /// Encrypts and sends a piece; returns its length.
    fn push(&mut self, bytes: &[u8]) -> Result<usize> {
        loop {
            let Some(transfer) = &mut self.transfer else {
                return Err(Error::WrongState(Failure::new("no transfer is open")));
            };
            if transfer.data.flush_once()? {
                let count = transfer.data.session.write(bytes)?;
                if count > 0 {
                    transfer.moved += count as u64;
                    transfer.keep(&bytes[..count]);
                    transfer.data.flush_once()?;
                    return Ok(count);
                }
            }
            if transfer.data.drain_once()? {
                continue;
            }
            let deadline = self.control.network.now() + self.settings.timeouts.data;
            self.wait(deadline, "room for data")?;
        }
    }

    fn finish_download(&mut self) -> Result<Reply> {
        if self.await_payload()? {
            return Err(Error::WrongState(Failure::new(
                "the download was finished before its end: read on until 0 bytes come, or abort it",
            )));
        }
        let end = self.transfer.as_ref().map_or(StreamEnd::Open, |transfer| transfer.data.session.end());
        let reply = self.end_download()?;
        self.harvest()?;
        let Some(transfer) = self.transfer.take() else { return Ok(reply) };
        if end != StreamEnd::CloseNotify && !self.settings.tolerate_missing_close_notify {
            return Err(Error::Truncated(
                Failure::new(
                    "the data connection ended without TLS close_notify: the file may have been cut",
                )
                .with_reply(reply)
                .with_bytes_moved(transfer.moved),
            ));
        }
        match transfer.promised {
            Some(promised) if transfer.moved < promised => Err(Error::Truncated(
                Failure::new(format!("the server announced {promised} bytes and sent {}", transfer.moved))
                    .with_reply(reply)
                    .with_bytes_moved(transfer.moved),
            )),
            _ => {
                self.passive.proven = true;
                Ok(reply)
            }
        }
    }

    /// Answers the end of the payload, and waits for the reply.
    fn end_download(&mut self) -> Result<Reply> {
        if let Some(transfer) = &mut self.transfer {
            transfer.data.session.close_notify()?;
            // The server has said its last word: whether it hears ours changes nothing.
            let _ = transfer.data.flush_once();
        }
        self.final_reply()
    }

    fn finish_upload(&mut self) -> Result<Reply> {
        self.flush_all()?;
        while let Some(reply) = self.control.poll_reply()? {
            self.take_reply(reply)?;
        }
        let early = self.transfer.as_ref().is_some_and(|transfer| transfer.final_reply.is_some());
        if early {
            return Err(Error::Protocol(Failure::new(
                "the server reported success before the end of the upload",
            )));
        }
        if let Some(transfer) = &mut self.transfer {
            transfer.data.session.close_notify()?;
        }
        self.flush_all()?;
        if let Some(transfer) = &mut self.transfer {
            transfer.data.shutdown_write()?;
        }
        let reply = self.final_reply()?;
        self.linger()?;
        self.transfer = None;
        self.passive.proven = true;
        Ok(reply)
    }

    fn flush_all(&mut self) -> Result<()> {
        loop {
            let Some(transfer) = &mut self.transfer else { return Ok(()) };
            if transfer.data.flush_once()? {
                return Ok(());
            }
            if !transfer.data.drain_once()? {
                let deadline = self.control.network.now() + self.settings.timeouts.data;
                self.wait(deadline, "room for data")?;
            }
        }
    }

    /// The reply that ends the transfer, while what still comes on the data connection is read: closing over unread
    /// bytes would make TCP reset the connection, and the server lose the tail of an upload.
    fn final_reply(&mut self) -> Result<Reply> {
        let deadline = self.control.reply_deadline();
        loop {
            let Some(transfer) = &mut self.transfer else {
                return Err(Error::WrongState(Failure::new("no transfer is open")));
            };
            if let Some(reply) = &transfer.final_reply {
                return Ok(reply.clone());
            }
            if transfer.data.drain_after_end() {
                continue;
            }
            self.wait(deadline, "the reply that ends the transfer")?;
        }
    }

    /// Tickets come on the data connection, sometimes after the reply; they are worth waiting for only when there are no others.
    fn linger(&mut self) -> Result<()> {
        let deadline = self.control.network.now() + LINGER;
        self.harvest()?;
        while !self.control.session()?.has_unrefused_offer()
            && self.settings.resumption != ResumptionPolicy::Off
        {
            let Some(transfer) = &mut self.transfer else { break };
            if !transfer.data.is_open() {
                break;
            }
            if !transfer.data.drain_after_end() {
                let mut watched = [Watch::new(transfer.data.handle(), crate::net::Interest::READ)];
                if self.control.network.wait(&mut watched, deadline, None).map_err(lost)? != Woken::Ready {
                    break;
                }
            }
            self.harvest()?;
        }
        Ok(())
    }

    fn harvest(&mut self) -> Result<()> {
        if let Some(transfer) = &mut self.transfer {
            // Tickets may lie there unread when the reply came first.
            while transfer.data.drain_after_end() {}
            self.control.session()?.harvest(&mut transfer.data.session);
        }
        Ok(())
    }

    /// Waits for either connection, and takes the replies that have come. A negative one ends the transfer.
    fn wait(&mut self, deadline: Instant, what: &str) -> Result<()> {
        if self.control.has_unread_bytes() {
            if let Some(reply) = self.control.poll_reply()? {
                return self.take_reply(reply);
            }
        }
        let Some(transfer) = &self.transfer else { return Ok(()) };
        let control_interest = match transfer.final_reply {
            None => crate::net::Interest::READ,
            Some(_) => crate::net::Interest::default(),
        };
        let mut watched = [
            Watch::new(transfer.data.handle(), transfer.data.interest()),
            Watch::new(self.control.handle(), control_interest),
        ];
        match self.control.network.wait(&mut watched, deadline, self.control.cancel.as_ref()) {
            Ok(Woken::Ready) => {}
            Ok(Woken::Deadline) => return Err(timeout(what)),
            Ok(Woken::Cancelled) => return Err(cancelled()),
            Err(error) => return Err(lost(error)),
        }
        let control_ready = watched[1].ready.read;
        if control_ready {
            if let Some(reply) = self.control.poll_reply()? {
                self.take_reply(reply)?;
            }
        }
        Ok(())
    }

    fn take_reply(&mut self, reply: Reply) -> Result<()> {
        let Some(transfer) = &mut self.transfer else { return Ok(()) };
        if reply.is_preliminary() {
            if transfer.request.command.verb() == "RETR" && transfer.request.offset == 0 {
                transfer.promised = promised_size(&reply);
            }
            return Ok(());
        }
        transfer.final_reply = Some(reply.clone());
        if reply.is_completion() {
            return Ok(());
        }
        let declined = transfer.data.declined();
        let refused = is_session_refusal(&reply);
        let command = transfer.request.command.clone();
        if refused || (declined.is_some() && reply.code() / 10 % 10 == 2) {
            return Err(Error::NotResumed(
                Failure::new("the server refused the data connection because of its TLS session")
                    .with_reply(reply),
            ));
        }
        Err(refusal(&command, reply))
    }

    /// Ends a failed transfer: resets it, adds what the server has to say, and the bytes that moved.
    fn fail(&mut self, error: Error) -> Error {
        let error = self.fail_keeping_replay(error);
        self.transfer = None;
        error
    }

    /// The same, but the request and the kept bytes remain for another attempt.
    fn fail_keeping_replay(&mut self, error: Error) -> Error {
        let Some(transfer) = &mut self.transfer else { return error };
        let moved = transfer.moved;
        // An alert of ours tells the server why; then nothing that looks like an end.
        let _ = transfer.data.flush_once();
        let broke = matches!(error, Error::ConnectionLost(_) | Error::Tls(_) | Error::Truncated(_));
        let mut error = if broke && transfer.final_reply.is_none() { self.explained(error) } else { error };
        if error.bytes_moved() == 0 {
            error.set_bytes_moved(moved);
        }
        if let Some(transfer) = self.transfer.take() {
            if transfer.final_reply.is_none() && !error_has_final_reply(&error) {
                self.control.mark_unsettled();
            }
            let Transfer { request, data, replay, .. } = transfer;
            self.failed_upload = Some(FailedUpload { offered: data.session.offered(), request, replay });
            data.reset();
        }
        error
    }

    /// After a failure on the data connection the server usually says why on the control connection.
    fn explained(&mut self, error: Error) -> Error {
        if matches!(error, Error::Cancelled(_)) || !self.control.is_usable() {
            return error;
        }
        let deadline = self.control.network.now() + EXPLANATION;
        loop {
            let left = deadline.saturating_duration_since(self.control.network.now());
            match self.control.reply_within(left) {
                Some(reply) if reply.is_preliminary() => {}
                Some(reply) if is_session_refusal(&reply) => {
                    return Error::NotResumed(
                        Failure::new("the server refused the data connection because of its TLS session")
                            .with_reply(reply)
                            .with_cause(error),
                    )
                }
                Some(reply) => return with_verdict(error, reply),
                None => return error,
            }
        }
    }

    /// Prepares another attempt after the server refused the session, or gives `error` back.
    fn recover(&mut self, request: &mut Request, offered: Option<OfferKind>, error: Error) -> Result<()> {
        if !matches!(error, Error::NotResumed(_)) {
            return Err(error);
        }
        request.refused_by = error.reply().cloned();
        if let Some(kind) = offered.filter(|_| !request.other_kind_tried && self.control.is_usable()) {
            if self.control.session()?.declined(kind) {
                request.other_kind_tried = true;
                log::info!("trying the other kind of TLS session: {error}");
                return Ok(());
            }
        }
        if request.relogin_tried || !self.can_relogin() {
            return Err(error);
        }
        request.relogin_tried = true;
        self.log_in_anew(error)
    }

    /// vsftpd closes the control connection after it has refused a session, which may show only when the transfer is opened
    /// again. (Not later: once payload has gone out, a lost control connection says nothing about the session.)
    fn refusal_behind(&self, error: Error, request: &Request) -> Error {
        if !request.other_kind_tried || self.control.is_usable() || matches!(error, Error::NotResumed(_)) {
            return error;
        }
        let failure =
            Failure::new("the server refused the data connection because of its TLS session, and hung up");
        let failure = match &request.refused_by {
            Some(reply) => failure.with_reply(reply.clone()),
            None => failure,
        };
        Error::NotResumed(failure.with_cause(error))
    }

    /// Opens a refused upload again and sends once more what had been sent, where that was kept.
    fn replay_after(&mut self, error: Error) -> Result<()> {
        let Some(FailedUpload { mut request, offered, replay }) = self.failed_upload.take() else {
            return Err(error);
        };
        let Some(replay) = replay else { return Err(error) };
        self.recover(&mut request, offered, error)?;
        self.open(request)?;
        let mut rest = replay.as_slice();
        while !rest.is_empty() {
            let outcome = self.push(rest);
            let count = outcome.map_err(|error| self.fail(error))?;
            rest = &rest[count..];
        }
        Ok(())
    }
}

/// What remains of an upload that failed.
pub(super) struct FailedUpload {
    request: Request,
    offered: Option<OfferKind>,
    replay: Option<Vec<u8>>,
}

impl Transfer {
    fn keep(&mut self, bytes: &[u8]) {
        self.replay =
            self.replay.take().filter(|kept| kept.len() + bytes.len() <= MAX_REPLAY).map(|mut kept| {
                kept.extend_from_slice(bytes);
                kept
            });
    }
}

/// A server that refuses closes the data connection too, in whatever order: the refusal is the error, and the lost connection its cause.
fn with_verdict(mut error: Error, reply: Reply) -> Error {
    if matches!(error, Error::ConnectionLost(_)) && reply.is_negative() {
        let failure = Failure::new("the server refused the transfer").with_reply(reply);
        return Error::Refused(failure.with_cause(error));
    }
    error.set_reply(reply);
    error
}

fn error_has_final_reply(error: &Error) -> bool {
    error.reply().is_some_and(|reply| !reply.is_preliminary())
}

/// 425 and 522 refuse a data connection (ProFTPD, vsftpd); 450 does so in FileZilla Server 0.9's words.
fn is_session_refusal(reply: &Reply) -> bool {
    let text = reply.text().to_ascii_lowercase();
    let names_it = text.contains("session") || text.contains("resum") || text.contains("reuse");
    match reply.code() {
        425 | 522 => true,
        421 | 426 | 450 | 451 | 521 | 534 | 535 => names_it && (text.contains("tls") || text.contains("ssl")),
        _ => false,
    }
}

/// `150 Opening BINARY mode data connection for x (1234 bytes)`.
fn promised_size(reply: &Reply) -> Option<u64> {
    let text = reply.text();
    let (before, _) = text.rsplit_once(" bytes)")?;
    let (_, digits) = before.rsplit_once('(')?;
    digits.parse().ok()
}
