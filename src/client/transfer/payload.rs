//! Payload, while both connections are watched.

use super::recovery::is_session_refusal;
use super::Transfer;
use crate::client::commands::refusal;
use crate::client::{Direction, FtpsClient};
use crate::net::{Interest, Watch};
use crate::protocol::Reply;
use crate::tls::{StreamEnd, TlsSession};
use crate::{Error, Failure, Result};
use std::time::Instant;

/// Bytes of an upload that are kept, so that a refusal can be answered by sending them again.
const MAX_REPLAY: usize = 256 * 1024;

/// After so many bytes of an upload the control connection is looked at, also where nothing has to be waited for.
const GLANCE: u64 = 1024 * 1024;

impl FtpsClient {
    /// Hands the next piece of payload to `sink`, which says how much of it was taken. 0 is the end.
    pub(in crate::client) fn pull(&mut self, sink: impl FnOnce(&[u8]) -> Result<usize>) -> Result<usize> {
        let Some(mut text) = self.text.take() else { return self.pull_wire(sink) };
        let outcome = self.pull_text(&mut text, sink);
        self.text = Some(text);
        outcome
    }

    /// The same of the bytes as they come.
    pub(super) fn pull_wire(&mut self, sink: impl FnOnce(&[u8]) -> Result<usize>) -> Result<usize> {
        let awaited = self.counted(|client| {
            client.await_turn(Direction::Download)?;
            client.await_payload()
        });
        let outcome = awaited.and_then(|more| {
            let portion = self.portion(Direction::Download);
            let Some(transfer) = self.transfer.as_mut().filter(|_| more) else { return Ok(0) };
            let piece = transfer.data.session.plaintext()?;
            let available = piece.len().min(portion);
            let count = sink(&piece[..available])?.min(available);
            transfer.data.session.consume(count);
            transfer.moved += count as u64;
            self.note_moved(Direction::Download, count);
            Ok(count)
        });
        outcome.map_err(|error| self.fail(error))
    }

    /// Waits for payload. False at its end.
    pub(super) fn await_payload(&mut self) -> Result<bool> {
        let mut deadline = None;
        loop {
            self.control.check_patience()?;
            self.keep_control_alive()?;
            let Some(transfer) = &mut self.transfer else { return Ok(false) };
            if !transfer.data.session.plaintext()?.is_empty() {
                return Ok(true);
            }
            if transfer.data.session.end() != StreamEnd::Open {
                return Ok(false);
            }
            if transfer.data.receive_once()? {
                deadline = None;
            } else {
                transfer.data.flush_once()?;
                let deadline = *deadline.get_or_insert_with(|| self.end_of_silence());
                self.wait(deadline, "data")?;
            }
        }
    }

    /// Encrypts and sends a piece; returns its length.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<usize> {
        self.control.check_patience()?;
        self.glance_at_control()?;
        self.await_turn(Direction::Upload)?;
        self.keep_control_alive()?;
        self.flush_all()?;
        let portion = self.portion(Direction::Upload).min(bytes.len());
        let Some(transfer) = &mut self.transfer else {
            return Err(Error::WrongState(Failure::new("no transfer is open")));
        };
        transfer.check_not_confirmed()?;
        let count = transfer.data.session.write(&bytes[..portion])?;
        transfer.moved += count as u64;
        transfer.keep(&bytes[..count]);
        // Taken is taken: were this an error of the same call, the bytes would be sent again behind those kept.
        transfer.write_failure = transfer.data.flush_once().err();
        self.note_moved(Direction::Upload, count);
        Ok(count)
    }

    /// A server that takes an upload as fast as it comes is never waited for; that it refuses it shows here.
    fn glance_at_control(&mut self) -> Result<()> {
        let Some(transfer) = &mut self.transfer else { return Ok(()) };
        if transfer.moved - transfer.glanced < GLANCE {
            return Ok(());
        }
        transfer.glanced = transfer.moved;
        self.take_replies()
    }

    /// Takes the replies that are there.
    pub(in crate::client) fn take_replies(&mut self) -> Result<()> {
        while let Some(reply) = self.control.poll_reply()? {
            self.take_reply(reply)?;
        }
        Ok(())
    }

    /// Writes everything that is queued. What the peer sends meanwhile is read, or both sides might wait for
    /// each other.
    pub(super) fn flush_all(&mut self) -> Result<()> {
        let mut least = usize::MAX;
        let mut deadline = None;
        loop {
            let Some(transfer) = &mut self.transfer else { return Ok(()) };
            transfer.check_written()?;
            if transfer.data.flush_once()? {
                return Ok(());
            }
            transfer.check_not_confirmed()?;
            let queued = transfer.data.session.outgoing().len();
            if queued < least {
                (least, deadline) = (queued, None);
            }
            transfer.data.drain_once()?;
            let deadline = *deadline.get_or_insert_with(|| self.end_of_silence());
            self.wait(deadline, "room for data")?;
        }
    }

    fn is_out_of_time(&self) -> bool {
        self.control.budget.is_spent(self.control.network.now())
    }

    fn end_of_silence(&self) -> Instant {
        self.control.network.now() + self.settings.timeouts.data
    }

    pub(super) fn push_all(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let count = self.push(bytes)?;
            bytes = &bytes[count..];
        }
        Ok(())
    }

    /// Waits for either connection, and takes the replies that have come. A negative one ends the transfer.
    pub(super) fn wait(&mut self, deadline: Instant, what: &str) -> Result<()> {
        if self.control.has_unread_bytes() {
            if let Some(reply) = self.control.poll_reply()? {
                return self.take_reply(reply);
            }
        }
        let Some(transfer) = &self.transfer else { return Ok(()) };
        let control_interest = match transfer.final_reply {
            None => Interest::READ,
            Some(_) => Interest::default(),
        };
        let mut watched = [
            Watch::new(transfer.data.handle(), transfer.data.interest()),
            Watch::new(self.control.handle(), control_interest),
        ];
        // The end of silence on the control connection ends a wait, and is no failure.
        let end = self.control.noop_time().map_or(deadline, |time| time.min(deadline));
        match self.control.wait_for(&mut watched, end, self.control.cancel.as_ref(), what) {
            Err(Error::Timeout(_))
                if end < deadline && self.control.is_noop_due() && !self.is_out_of_time() =>
            {
                return self.keep_control_alive();
            }
            outcome => outcome?,
        }
        let control_ready = watched[1].ready.read;
        if control_ready {
            if let Some(reply) = self.control.poll_reply()? {
                self.take_reply(reply)?;
            }
        }
        Ok(())
    }

    pub(super) fn take_reply(&mut self, reply: Reply) -> Result<()> {
        if self.control.answers_noop(&reply) {
            return Ok(());
        }
        let Some(reply) = self.control.keep_answer(reply) else { return Ok(()) };
        let Some(transfer) = &mut self.transfer else { return Ok(()) };
        if reply.is_preliminary() {
            // In other types, which a raw command may have set, line ends are converted and lengths change.
            let binary = self
                .login
                .as_ref()
                .is_some_and(|login| login.representation == "I" && !login.unknown_changes);
            // A 150 that repeats a name like `x (99 bytes)` and tells no size would be taken at the name's word.
            let command = &transfer.request.command;
            let ambiguous = command.argument().ends_with(b" bytes)");
            if binary && command.verb() == "RETR" && !ambiguous {
                // After REST some servers announce the whole file, some the rest: this is the smaller promise.
                transfer.promised =
                    promised_size(&reply).map(|size| size.saturating_sub(transfer.request.offset));
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
}

impl Transfer {
    /// Gives out the error of an earlier write.
    pub(super) fn check_written(&mut self) -> Result<()> {
        self.write_failure.take().map_or(Ok(()), Err)
    }

    /// A server that reports success before the end of an upload has taken a part for the whole.
    pub(super) fn check_not_confirmed(&self) -> Result<()> {
        match &self.final_reply {
            None => Ok(()),
            Some(reply) => Err(Error::Protocol(
                Failure::new("the server reported success before the end of the upload")
                    .with_reply(reply.clone()),
            )),
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.replay =
            self.replay.take().filter(|kept| kept.len() + bytes.len() <= MAX_REPLAY).map(|mut kept| {
                kept.extend_from_slice(bytes);
                kept
            });
    }
}

/// `150 Opening BINARY mode data connection for x (1234 bytes)`.
fn promised_size(reply: &Reply) -> Option<u64> {
    let text = reply.text();
    let (before, _) = text.rsplit_once(" bytes)")?;
    let (_, digits) = before.rsplit_once('(')?;
    digits.parse().ok()
}
