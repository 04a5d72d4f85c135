//! The control connection: commands out, replies in, each within its deadline.

mod failures;
mod tls;
mod wire;

pub(super) use failures::{cancelled, lost, overdue, timeout};
pub(super) use wire::read_socket;

use super::ahead::Ahead;
use super::budget::Budget;
use super::builder::{Settings, Timeouts};
use super::dialing::Connected;
use super::route::Route;
use super::settling::Unsettled;
use super::{Dialogue, DialogueObserver};
use crate::net::{CancelToken, ClosedSocket, Handle, Interest, Network, Socket, Watch, Woken};
use crate::protocol::telnet::{self, Telnet};
use crate::protocol::{Command, Reply, ReplyParser, MAX_REPLY_BYTES};
use crate::tls::{ControlSession, TicketCounts, TlsSession, TlsVersion};
use crate::{Error, Failure, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tls::Protection;

/// Replies taken after one command at most. A transfer may bring a few; a server that sends them without end
/// would hold the caller beyond every deadline, since there is always one more to read.
const MAX_REPLIES: u32 = 1000;

/// And their bytes: those of a transfer are kept while its connection is still being made.
const MAX_REPLIES_BYTES: usize = 4 * MAX_REPLY_BYTES;

/// What a connection is watched with, and what time it has left.
#[derive(Clone, Default)]
pub(super) struct Watchers {
    pub cancel: Option<CancelToken>,
    pub observer: Option<DialogueObserver>,
    pub budget: Budget,
}

pub(super) struct ControlConnection {
    pub network: Arc<dyn Network>,
    pub cancel: Option<CancelToken>,
    pub budget: Budget,
    pub observer: Option<DialogueObserver>,
    pub timeouts: Timeouts,
    pub route: Route,
    socket: Box<dyn Socket>,
    protection: Protection,
    parser: ReplyParser,
    /// The command under way, where it holds a password that its reply may repeat.
    secret: Option<Command>,
    /// Replies since the last command, and their bytes.
    replies: u32,
    replies_bytes: usize,
    /// Why the connection cannot be used any more.
    broken: Option<String>,
    pub unsettled: Option<Unsettled>,
    pub ahead: Ahead,
    /// After how much silence a NOOP is sent during transfers.
    pub keep_alive: Option<Duration>,
    /// When the last command went out.
    pub last_sent: Instant,
    /// NOOPs whose replies are still to come, if they ever do.
    pub unanswered_noops: u32,
    /// What the server does about the byte 0xFF, once that is known.
    pub telnet: Option<Telnet>,
}

impl ControlConnection {
    pub fn new(settings: &Settings, watchers: Watchers, connected: Connected) -> Self {
        let Watchers { cancel, observer, budget } = watchers;
        ControlConnection {
            network: settings.network.clone(),
            cancel,
            budget,
            observer,
            timeouts: settings.timeouts,
            route: connected.route,
            socket: connected.socket,
            protection: Protection::Nothing,
            parser: ReplyParser::for_charset(settings.charset),
            secret: None,
            replies: 0,
            replies_bytes: 0,
            broken: None,
            unsettled: None,
            ahead: Ahead::default(),
            keep_alive: settings.keep_alive,
            last_sent: settings.network.now(),
            unanswered_noops: 0,
            telnet: None,
        }
    }

    pub fn watchers(&self) -> Watchers {
        Watchers { cancel: self.cancel.clone(), observer: self.observer.clone(), budget: self.budget }
    }

    pub fn is_usable(&self) -> bool {
        self.broken.is_none()
    }

    pub fn tls_version(&self) -> Option<TlsVersion> {
        self.protection.session().and_then(TlsSession::version)
    }

    pub fn ticket_counts(&self) -> TicketCounts {
        self.protection.session().map(ControlSession::ticket_counts).unwrap_or_default()
    }

    /// The session that data connections are tethered to.
    pub fn session(&mut self) -> Result<&mut ControlSession> {
        let missing = || Error::WrongState(Failure::new("the control connection has no TLS"));
        self.protection.session_mut().ok_or_else(missing)
    }

    /// Follows `earlier`, which goes: what that login learnt of the server's taste in tickets holds on.
    pub fn succeed(&mut self, mut earlier: ControlConnection) {
        self.keep_alive = earlier.keep_alive;
        if let (Some(session), Some(known)) = (self.protection.session_mut(), earlier.protection.session()) {
            session.inherit_taste(known);
        }
        self.telnet = self.telnet.or(earlier.telnet);
        earlier.close();
    }

    pub fn handle(&self) -> Handle<'_> {
        self.socket.handle()
    }

    /// This end's address.
    pub fn local_addr(&self) -> Result<SocketAddr> {
        self.socket.local_addr().map_err(lost)
    }

    pub fn reply_deadline(&self) -> Instant {
        self.network.now() + self.timeouts.reply
    }

    pub fn check_not_cancelled(&self) -> Result<()> {
        match &self.cancel {
            Some(token) if token.is_cancelled() => Err(cancelled()),
            _ => Ok(()),
        }
    }

    pub fn mark_broken(&mut self, reason: impl Into<String>) {
        self.broken.get_or_insert(reason.into());
    }

    /// A reply that cannot belong to `command`: an earlier command was answered twice, and which reply is whose is not
    /// known from here on.
    pub fn out_of_step(&mut self, command: &Command, reply: Reply) -> Error {
        let message = format!("the server answered {command} with the reply to another command");
        self.mark_broken(&message);
        Error::Protocol(Failure::new(message).with_reply(reply))
    }

    /// 120 asks for patience; 220 is the greeting (RFC 959 section 5.4).
    pub fn greeting(&mut self) -> Result<Reply> {
        let deadline = self.reply_deadline();
        loop {
            let reply = self.read_reply(deadline)?;
            match reply.code() {
                120 => {}
                220 => {
                    self.telnet = Telnet::of_server(&reply);
                    return Ok(reply);
                }
                _ => {
                    let failure =
                        Failure::new("the server does not accept connections now").with_reply(reply);
                    return Err(Error::Refused(failure));
                }
            }
        }
    }

    /// One command and its final or intermediate reply.
    pub fn command(&mut self, command: &Command) -> Result<Reply> {
        self.send(command)?;
        let deadline = self.reply_deadline();
        loop {
            let reply = self.read_reply(deadline)?;
            if !reply.is_preliminary() {
                return Ok(reply);
            }
        }
    }

    pub fn send(&mut self, command: &Command) -> Result<()> {
        self.check_usable()?;
        // Before anything is sent, so that nothing is out of step.
        self.check_not_cancelled()?;
        self.settle()?;
        self.collect_ahead()?;
        // A reply that nobody asked for must not be taken for the answer to this command.
        while let Some(reply) = self.poll_reply()? {
            log::warn!("the server sent a reply that belongs to no command: {reply}");
        }
        self.prepare_telnet(command)?;
        self.send_now(command)
    }

    pub fn send_now(&mut self, command: &Command) -> Result<()> {
        self.check_usable()?;
        log::debug!("> {command}");
        self.show(Dialogue::Sent(command));
        self.secret = Some(command).filter(|command| command.is_secret()).cloned();
        (self.replies, self.replies_bytes) = (0, 0);
        self.last_sent = self.network.now();
        let deadline = self.reply_deadline();
        let is_escaped = self.telnet.unwrap_or(Telnet::RFC).commands && telnet::has_iac(command.wire());
        let outcome = match is_escaped {
            true => self.write_all(&telnet::escaped(command.wire()), deadline),
            false => self.write_all(command.wire(), deadline),
        };
        self.breaking(outcome)
    }

    /// The next reply, preliminary ones included.
    pub fn read_reply(&mut self, deadline: Instant) -> Result<Reply> {
        self.check_usable()?;
        let cancel = self.cancel.clone();
        let outcome = self.wait_for_reply(deadline, cancel.as_ref());
        self.breaking(outcome)
    }

    /// Whether bytes of a reply were read that were not taken yet: `poll` knows nothing of them.
    pub fn has_unread_bytes(&self) -> bool {
        !self.parser.is_empty()
    }

    /// A reply, if one is there without waiting.
    pub fn poll_reply(&mut self) -> Result<Option<Reply>> {
        self.check_usable()?;
        let outcome = self.receive_available();
        self.breaking(outcome)
    }

    /// Like [`read_reply`](Self::read_reply), but for clearing up: that none comes before the deadline, or the caller's
    /// patience ends, is no error.
    pub fn reply_before(&mut self, deadline: Instant) -> Option<Reply> {
        let cancel = self.cancel.clone();
        match self.wait_for_reply(deadline, cancel.as_ref()) {
            Ok(reply) => Some(reply),
            Err(Error::Timeout(_) | Error::Cancelled(_)) => None,
            Err(error) => {
                self.mark_broken(error.to_string());
                None
            }
        }
    }

    /// Says goodbye to TLS, as far as that goes without waiting, and closes the socket.
    pub fn close(&mut self) {
        if let Protection::Tls(tls) = &mut self.protection {
            if tls.close_notify().is_ok() {
                // The connection ends either way.
                let _ = self.flush_once();
            }
        }
        self.mark_broken("it was closed");
        self.socket = Box::new(ClosedSocket);
    }

    pub fn check_usable(&self) -> Result<()> {
        match &self.broken {
            None => Ok(()),
            Some(reason) => Err(Error::Broken(Failure::new(format!(
                "the control connection cannot be used any more, connect again: {reason}"
            )))),
        }
    }

    /// An error on the way of a command or reply leaves the dialogue out of step.
    pub fn breaking<T>(&mut self, outcome: Result<T>) -> Result<T> {
        if let Err(error) = &outcome {
            self.mark_broken(error.to_string());
        }
        outcome
    }

    fn show(&mut self, line: Dialogue<'_>) {
        let Some(observer) = &self.observer else { return };
        let counts = self.budget.is_running();
        self.budget.pause(self.network.now());
        observer(line);
        if counts {
            self.budget.resume(self.network.now());
        }
    }

    pub fn wait_for_reply(&mut self, deadline: Instant, cancel: Option<&CancelToken>) -> Result<Reply> {
        loop {
            if let Some(reply) = self.receive_available()? {
                return Ok(reply);
            }
            self.wait(Interest::READ, deadline, cancel, "a reply")?;
        }
    }

    /// Takes a reply that is complete, reading what has arrived.
    fn receive_available(&mut self) -> Result<Option<Reply>> {
        loop {
            if let Some(reply) = self.parser.next_reply()? {
                let reply = match &self.secret {
                    Some(command) => command.masked(reply),
                    None => reply,
                };
                log::debug!("< {reply}");
                self.show(Dialogue::Received(&reply));
                if reply.code() == 421 {
                    self.mark_broken(format!("the server is closing it: {reply}"));
                }
                return self.count_reply(reply).map(Some);
            }
            if !self.receive()? {
                return Ok(None);
            }
        }
    }

    fn count_reply(&mut self, reply: Reply) -> Result<Reply> {
        self.replies += 1;
        self.replies_bytes += reply.raw().len();
        if self.replies <= MAX_REPLIES && self.replies_bytes <= MAX_REPLIES_BYTES {
            return Ok(reply);
        }
        Err(Error::Protocol(Failure::new("the server sends replies without end").with_reply(reply)))
    }

    fn wait(
        &self,
        interest: Interest,
        deadline: Instant,
        cancel: Option<&CancelToken>,
        what: &str,
    ) -> Result<()> {
        self.wait_for(&mut [Watch::new(self.socket.handle(), interest)], deadline, cancel, what)
    }

    /// Whether the caller still wants this: for work that may never have to wait.
    pub fn check_patience(&self) -> Result<()> {
        if self.cancel.as_ref().is_some_and(CancelToken::is_cancelled) {
            return Err(cancelled());
        }
        if self.budget.is_limited() && self.budget.is_spent(self.network.now()) {
            return Err(overdue());
        }
        Ok(())
    }

    /// Waits until one of `watched` is ready. Fails at the deadline or the end of the whole operation; past
    /// it also when something is ready, or a peer could hold the caller by sending without end.
    pub fn wait_for(
        &self,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        cancel: Option<&CancelToken>,
        what: &str,
    ) -> Result<()> {
        let end = self.budget.limit(deadline);
        let woken = match self.network.now() > end {
            true => Woken::Deadline,
            false => self.network.wait(watched, end, cancel).map_err(lost)?,
        };
        match woken {
            Woken::Ready => Ok(()),
            Woken::Deadline if end < deadline => Err(overdue()),
            Woken::Deadline => Err(timeout(what)),
            Woken::Cancelled => Err(cancelled()),
        }
    }
}
