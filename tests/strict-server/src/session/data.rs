//! The data connection: how it comes about, its handshake, its payload and its end.

use super::transfer::{Halt, Job, Moved};
use super::{DataSource, Flow, Over, Session, STALL_LIMIT};
use crate::fault::{FaultAction, Moment};
use crate::link::{Link, Received};
use crate::options::{NoopInTransfer, RefusalPoint, Resumption};
use crate::tickets::ConnectionSessions;
use crate::tls::{self, Resumed};
use ftps::net::{Handle, Interest, Socket, SocketOptions, Watch};
use rustls::HandshakeKind;
use std::io;
use std::time::Instant;

/// Payload moved at a time.
const CHUNK: usize = 32 * 1024;
/// A fatal `handshake_failure` alert in a plaintext record (RFC 8446 section 6).
const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// What the faults of a moment leave of a transfer.
struct Struck {
    link: Link,
    ends_here: bool,
    says_goodbye: bool,
}

impl Session {
    /// Accepts or makes the data connection.
    pub(super) fn open_data(&mut self) -> Result<Link, Halt> {
        let source = std::mem::replace(&mut self.source, DataSource::None);
        self.lingering = None;
        self.held = None;
        self.dripping = None;
        if self.armed.take_stall(Moment::DataAccept) {
            // Never accepted: as far as the client can see, the connection stands.
            return Err(self.stall_data(source));
        }
        let deadline = self.shared.waiter.after(self.shared.options.data_timeout);
        let is_active = matches!(source, DataSource::Active(_));
        let socket = match source {
            DataSource::Passive(mut listener) => loop {
                match listener.accept() {
                    Ok(socket) if self.is_the_client(&*socket) => break socket,
                    Ok(_) => log::warn!("a data connection from another machine was closed"),
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                        self.watch(listener.handle(), Interest::READ, deadline)?;
                    }
                    Err(e) => return Err(cannot_open(&e)),
                }
            },
            DataSource::Active(address) => {
                let dialled = self.shared.waiter.network.dial(address, &SocketOptions::default());
                let mut socket = dialled.map_err(|e| cannot_open(&e))?;
                self.watch(socket.handle(), Interest::WRITE, deadline)?;
                socket.connected().map_err(|e| cannot_open(&e))?;
                socket
            }
            DataSource::None => return Err(cannot_open(&io::ErrorKind::NotConnected.into())),
        };
        self.shared.record.count(|counters| {
            counters.data_connections += 1;
            counters.data_active += u64::from(is_active);
        });
        Ok(self.strike(Link::new(socket), Moment::DataAccept)?.link)
    }

    fn is_the_client(&self, socket: &dyn Socket) -> bool {
        match (socket.peer_addr(), self.control.link.socket().peer_addr()) {
            (Ok(data), Ok(control)) => data.ip() == control.ip(),
            _ => false,
        }
    }

    /// The TLS handshake, and the decision whether this connection is taken.
    pub(super) fn secure_data(&mut self, link: Link, is_upload: bool) -> Result<Link, Halt> {
        let mut link = self.strike(link, Moment::DataHandshake)?.link;
        let tickets = &self.shared.options.tickets;
        let tickets = if is_upload { tickets.on_uploads } else { tickets.on_downloads };
        let start = self.shared.tls.data(self.number, tickets).map_err(|e| cannot_secure(&e))?;
        link.start_tls(start.connection);
        let deadline = self.shared.waiter.after(self.shared.options.data_timeout);
        while link.is_handshaking() {
            link.flush().map_err(|e| cannot_secure(&e))?;
            if !link.advance_handshake().map_err(|e| cannot_secure(&e))? {
                self.watch(link.handle(), link.reading(), deadline)?;
            }
            if self.shared.options.refusal == RefusalPoint::DuringHandshake
                && link.tls().is_some_and(|tls| has_decided(tls.handshake_kind()))
                && !self.admits(&link, &start.sessions)
            {
                return Err(self.refuse_handshake(link));
            }
        }
        self.drain(&mut link)?;
        self.count_handshake(&link, &start.sessions);
        match self.admits(&link, &start.sessions) {
            true => Ok(link),
            false => {
                let link = self.strike(link, Moment::DataRefusal)?.link;
                Err(self.refuse_connection(link))
            }
        }
    }

    /// Closes a data connection whose handshake is complete.
    fn refuse_connection(&mut self, mut link: Link) -> Halt {
        if self.shared.options.refusal == RefusalPoint::AfterHandshake {
            link.queue_close_notify();
            // It is closed in any case.
            let _ = link.flush();
        }
        Halt::Refused
    }

    /// In place of the server's part of the handshake: an alert.
    fn refuse_handshake(&mut self, mut link: Link) -> Halt {
        link.drop_tls();
        let sent = link
            .queue_raw(&HANDSHAKE_FAILURE)
            .and_then(|()| link.flush())
            .and_then(|()| link.shutdown_write());
        if sent.is_ok() {
            self.linger(link);
        }
        Halt::Refused
    }

    fn admits(&self, link: &Link, sessions: &ConnectionSessions) -> bool {
        let resumed = link.tls().map_or(Resumed::No, |tls| tls::resumed(tls, sessions));
        match self.shared.options.resumption {
            Resumption::NotRequired => true,
            Resumption::AnyResumed => resumed != Resumed::No,
            Resumption::SameControlSession => resumed == Resumed::Own,
        }
    }

    fn count_handshake(&self, link: &Link, sessions: &ConnectionSessions) {
        let Some(tls) = link.tls() else { return };
        let (resumed, is_tls13) = (tls::resumed(tls, sessions), tls::is_tls13(tls));
        self.shared.record.count(|counters| {
            counters.data_full += u64::from(resumed == Resumed::No);
            counters.data_resumed += u64::from(resumed != Resumed::No);
            counters.data_same_session += u64::from(resumed == Resumed::Own);
            counters.tickets_issued += sessions.tickets_issued(is_tls13);
            counters.session_ids_issued += sessions.ids_issued(is_tls13);
        });
    }

    /// Sends the payload of a download or listing.
    pub(super) fn send(&mut self, mut link: Link, job: &Job) -> Result<Moved, Halt> {
        let mut position = 0;
        let mut buffer = vec![0; CHUNK];
        loop {
            let (back, room, is_cut_short) = self.reach(link, position, buffer.len())?;
            link = back;
            if is_cut_short {
                return Ok(Moved { link, is_cut_short });
            }
            let count = read_payload(job, position, &mut buffer[..room])
                .map_err(|e| Halt::Reply(format!("451 Reading the file failed: {e}.")))?;
            if count == 0 {
                return Ok(Moved { link, is_cut_short });
            }
            self.push(&mut link, &buffer[..count])?;
            position += count as u64;
            self.shared.record.count(|counters| counters.bytes_sent += count as u64);
        }
    }

    /// Takes in the payload of an upload.
    pub(super) fn receive(
        &mut self,
        mut link: Link,
        file: &dyn crate::store::File,
        start: u64,
    ) -> Result<Moved, Halt> {
        let mut position = 0;
        let mut buffer = vec![0; CHUNK];
        loop {
            let (back, room, is_cut_short) = self.reach(link, position, buffer.len())?;
            link = back;
            if is_cut_short {
                return Ok(Moved { link, is_cut_short });
            }
            match link.read(&mut buffer[..room]).map_err(|e| broken(&e))? {
                Received::Bytes(count) => {
                    file.write_at(start + position, &buffer[..count])
                        .map_err(|e| Halt::Reply(format!("452 Writing the file failed: {e}.")))?;
                    position += count as u64;
                    self.shared.record.count(|counters| counters.bytes_received += count as u64);
                }
                Received::Nothing => {
                    link.flush().map_err(|e| broken(&e))?;
                    let deadline = self.shared.waiter.after(self.shared.options.data_timeout);
                    self.watch(link.handle(), link.reading(), deadline)?;
                }
                Received::End if link.tls().is_some() && !self.shared.options.lenient_upload_end => {
                    return Err(Halt::Reply("426 The data connection ended without close_notify.".into()));
                }
                Received::CloseNotify | Received::End => return Ok(Moved { link, is_cut_short }),
            }
        }
    }

    /// Plays the faults due after `position` payload bytes. Returns how many bytes, `most` at most, may follow
    /// before the next ones, and whether a fault takes this for the end.
    fn reach(&mut self, mut link: Link, position: u64, most: usize) -> Result<(Link, usize, bool), Halt> {
        if self.armed.next_offset(position) == Some(position) {
            self.drain(&mut link)?;
            let struck = self.strike(link, Moment::DataByte(position))?;
            link = struck.link;
            if struck.ends_here {
                return Ok((link, 0, true));
            }
        }
        if let Some(interval) = self.dripping {
            self.shared.waiter.pause(interval).map_err(Over::from)?;
            return Ok((link, 1, false));
        }
        let room = match self.armed.next_offset(position) {
            Some(next) => usize::try_from(next - position).unwrap_or(most).min(most),
            None => most,
        };
        Ok((link, room, false))
    }

    /// close_notify and FIN.
    pub(super) fn end_data(&mut self, moved: Moved) -> Result<Moved, Halt> {
        let Moved { link, is_cut_short } = moved;
        let Struck { mut link, says_goodbye, .. } = self.strike(link, Moment::DataEnd)?;
        if says_goodbye {
            link.queue_close_notify();
        }
        self.drain(&mut link)?;
        link.shutdown_write().map_err(|e| broken(&e))?;
        Ok(Moved { link, is_cut_short })
    }

    /// Plays the faults that are due at `moment`.
    fn strike(&mut self, link: Link, moment: Moment) -> Result<Struck, Halt> {
        let mut struck = Struck { link, ends_here: false, says_goodbye: true };
        for action in self.armed.take(moment) {
            match action {
                FaultAction::Cut => return Err(self.cut_data(struck.link)),
                FaultAction::Reset => {
                    struck.link.reset();
                    return Err(Halt::Reply("426 Connection closed; transfer aborted.".into()));
                }
                FaultAction::CutBoth => {
                    // Gone in any case.
                    let _ = struck.link.shutdown_write();
                    return Err(Halt::Over(self.cut_control()));
                }
                FaultAction::ResetBoth => {
                    struck.link.reset();
                    return Err(Halt::Over(Over::Reset));
                }
                FaultAction::Stall => return Err(self.stall_data(struck.link)),
                FaultAction::Delay(span) => self.shared.waiter.pause(span).map_err(Over::from)?,
                FaultAction::Extra(bytes) => self.control.send(&bytes).map_err(Over::from)?,
                FaultAction::Garbage(bytes) => {
                    struck.link.queue_raw(&bytes).map_err(|e| broken(&e))?;
                    self.drain(&mut struck.link)?;
                }
                FaultAction::Reply(bytes) => {
                    self.control.send(&bytes).map_err(Over::from)?;
                    self.held = Some(struck.link);
                    return Err(Halt::Silent);
                }
                FaultAction::EndEarly => struck.ends_here = true,
                FaultAction::Drip(interval) => self.dripping = Some(interval),
                FaultAction::NoCloseNotify => struck.says_goodbye = false,
                // These concern replies alone.
                FaultAction::NoReply | FaultAction::Endless(_) | FaultAction::ClosePassive => {}
            }
        }
        Ok(struck)
    }

    fn cut_data(&mut self, mut link: Link) -> Halt {
        // Dropped at once, it would be reset if the client has sent something that was not read.
        if link.shutdown_write().is_ok() {
            self.linger(link);
        }
        Halt::Reply("426 Connection closed; transfer aborted.".into())
    }

    /// Holds on to `kept` and does nothing until the client aborts or the control connection ends.
    fn stall_data<T>(&mut self, kept: T) -> Halt {
        let deadline = self.shared.waiter.after(STALL_LIMIT);
        let halt = loop {
            if self.control.take_command(b"ABOR") {
                break Halt::Abort;
            }
            let interest = self.control.link.reading();
            let mut watched = [Watch::new(self.control.link.handle(), interest)];
            let ready = self.shared.waiter.wait(&mut watched, deadline);
            if let Err(e) = ready.and_then(|()| self.control.pull_all()) {
                break Halt::Over(Over::Lost(e));
            }
        };
        drop(kept);
        halt
    }

    /// Queues and sends all of `bytes`.
    fn push(&mut self, link: &mut Link, mut bytes: &[u8]) -> Result<(), Halt> {
        while !bytes.is_empty() {
            let count = link.queue(bytes).map_err(|e| broken(&e))?;
            bytes = &bytes[count..];
            self.drain(link)?;
        }
        Ok(())
    }

    /// Sends everything queued.
    fn drain(&mut self, link: &mut Link) -> Result<(), Halt> {
        let deadline = self.shared.waiter.after(self.shared.options.data_timeout);
        loop {
            link.flush().map_err(|e| broken(&e))?;
            if !link.wants_write() {
                return Ok(());
            }
            self.watch(link.handle(), Interest::WRITE, deadline)?;
        }
    }

    /// Waits for the data side while it looks after the control connection.
    fn watch(&mut self, data: Handle<'_>, interest: Interest, deadline: Instant) -> Result<(), Halt> {
        let control = &self.control.link;
        let mut watched = [Watch::new(control.handle(), control.reading()), Watch::new(data, interest)];
        match self.shared.waiter.wait(&mut watched, deadline) {
            Err(e) if e.kind() == io::ErrorKind::TimedOut => {
                return Err(Halt::Reply("426 Timeout on the data connection.".into()));
            }
            other => other.map_err(Over::from)?,
        }
        if watched[0].ready != Interest::default() {
            self.look_after_control()?;
        }
        if self.control.take_command(b"ABOR") {
            return Err(Halt::Abort);
        }
        Ok(())
    }

    fn look_after_control(&mut self) -> Flow {
        self.control.link.flush()?;
        self.control.pull_all()?;
        self.take_noops()
    }

    /// What becomes of NOOPs in the midst of a transfer.
    fn take_noops(&mut self) -> Flow {
        let answer: &[u8] = match self.shared.options.noop_in_transfer {
            NoopInTransfer::AnsweredAfterwards => return Ok(()),
            NoopInTransfer::AnsweredAtOnce => b"200 NOOP ok.\r\n",
            NoopInTransfer::Refused => b"450 NOOP: data transfer in progress\r\n",
            NoopInTransfer::Swallowed => b"",
        };
        while self.control.take_command(b"NOOP") {
            self.shared.record.command(self.number, "NOOP", "NOOP");
            self.control.send(answer)?;
        }
        Ok(())
    }
}

fn read_payload(job: &Job, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
    match job {
        Job::SendFile { file, start } => file.read_at(start + position, buffer),
        Job::SendText(bytes) => {
            let rest =
                usize::try_from(position).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            Ok(count)
        }
        Job::Receive { .. } => Ok(0),
    }
}

/// Whether the server knows what kind of handshake it will be. After a HelloRetryRequest it does not yet.
fn has_decided(kind: Option<HandshakeKind>) -> bool {
    matches!(kind, Some(HandshakeKind::Full | HandshakeKind::Resumed))
}

fn cannot_open(error: &io::Error) -> Halt {
    Halt::Reply(format!("425 Cannot open the data connection: {error}."))
}

fn cannot_secure(error: &io::Error) -> Halt {
    Halt::Reply(format!("425 The TLS handshake on the data connection failed: {error}."))
}

fn broken(error: &io::Error) -> Halt {
    Halt::Reply(format!("426 Data connection failed: {error}."))
}
