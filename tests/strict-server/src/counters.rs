//! What the server saw, for tests and curious users to ask.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many commands are kept for [`crate::Server::commands`].
const COMMANDS_KEPT: usize = 20_000;
/// How many different verbs are counted; a client can invent any number.
const VERBS_COUNTED: usize = 256;

/// What the server saw since it started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Control connections accepted.
    pub control_connections: u64,
    /// Control connections whose TLS handshake completed.
    pub control_handshakes: u64,
    /// Successful logins (`230`).
    pub logins: u64,
    /// Data connections accepted (or made, in active mode), whatever became of them.
    pub data_connections: u64,
    /// Those of them that were made, in active mode.
    pub data_active: u64,
    /// Data connections with a full TLS handshake.
    pub data_full: u64,
    /// Data connections that resumed some session of this server.
    pub data_resumed: u64,
    /// Those of them that resumed a session of their own control connection.
    pub data_same_session: u64,
    /// Data connections refused for want of resumption.
    pub data_refused: u64,
    /// Tickets issued, both TLS versions, both kinds of connection.
    pub tickets_issued: u64,
    /// TLS 1.2 session ids issued.
    pub session_ids_issued: u64,
    /// Uploads that were answered with 2xx by the server's own decision.
    pub uploads_completed: u64,
    /// Downloads and listings that were answered with 2xx by the server's own decision.
    pub downloads_completed: u64,
    /// Payload bytes received and stored.
    pub bytes_received: u64,
    /// Payload bytes handed to data connections.
    pub bytes_sent: u64,
    /// Commands by verb, in capitals.
    pub commands: BTreeMap<String, u64>,
}

impl fmt::Display for Counters {
    /// One line of `name=number` pairs, without the commands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "control_connections={} control_handshakes={} logins={} data_connections={} data_full={} \
             data_resumed={} data_same_session={} data_refused={} tickets_issued={} session_ids_issued={} \
             uploads_completed={} downloads_completed={} bytes_received={} bytes_sent={} data_active={}",
            self.control_connections,
            self.control_handshakes,
            self.logins,
            self.data_connections,
            self.data_full,
            self.data_resumed,
            self.data_same_session,
            self.data_refused,
            self.tickets_issued,
            self.session_ids_issued,
            self.uploads_completed,
            self.downloads_completed,
            self.bytes_received,
            self.bytes_sent,
            self.data_active
        )
    }
}

/// A command line that the server received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Which control connection it came over, counted from 1.
    pub connection: u64,
    /// The line without its end. The argument of `PASS` is masked.
    pub line: String,
}

/// The counters and the commands, shared by all connections.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<(Counters, VecDeque<Command>)>);

impl Record {
    pub(crate) fn count(&self, change: impl FnOnce(&mut Counters)) {
        change(&mut self.lock().0);
    }

    pub(crate) fn command(&self, connection: u64, verb: &str, line: &str) {
        let mut record = self.lock();
        if record.0.commands.len() < VERBS_COUNTED || record.0.commands.contains_key(verb) {
            *record.0.commands.entry(verb.to_owned()).or_default() += 1;
        }
        let line = if verb == "PASS" { "PASS ***".to_owned() } else { line.to_owned() };
        if record.1.len() == COMMANDS_KEPT {
            record.1.pop_front();
        }
        record.1.push_back(Command { connection, line });
    }

    pub(crate) fn counters(&self) -> Counters {
        self.lock().0.clone()
    }

    pub(crate) fn commands(&self) -> Vec<Command> {
        self.lock().1.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, (Counters, VecDeque<Command>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
