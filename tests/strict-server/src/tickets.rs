//! Which TLS sessions can be resumed, by whom, how often and how long.
//!
//! A ticket is nothing but a random key into a table, for both TLS versions. That makes it possible to forget it after one use,
//! and to know which control connection it belongs to. (rustls' own `received_resumption_data` tells that for
//! TLS 1.3 only.)

use crate::options::{ForeignSessions, Options};
use ftps::net::Network;
use rustls::crypto::SecureRandom;
use rustls::server::{ProducesTickets, StoresServerSessions};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Sessions kept; beyond it the oldest go.
const CAPACITY: usize = 20_000;
/// Random bytes in a ticket.
const KEY_LENGTH: usize = 32;
/// The longest lifetime a ticket may announce (RFC 8446 section 4.6.1).
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// All sessions of one server.
#[derive(Debug, Default)]
pub(crate) struct SessionTable(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    sessions: BTreeMap<Vec<u8>, Session>,
    by_age: VecDeque<Vec<u8>>,
}

#[derive(Clone, Debug)]
struct Session {
    /// What rustls wants back.
    value: Vec<u8>,
    /// The control connections it belongs to. None for a data connection with a full handshake.
    owners: Vec<u64>,
    from_control: bool,
    issued: Instant,
}

impl SessionTable {
    /// Forgets every session, as a restarted server does.
    pub(crate) fn clear(&self) {
        *self.lock() = Table::default();
    }

    fn insert(&self, key: Vec<u8>, session: Session) {
        let mut table = self.lock();
        table.by_age.push_back(key.clone());
        table.sessions.insert(key, session);
        if table.by_age.len() > CAPACITY {
            if let Some(oldest) = table.by_age.pop_front() {
                table.sessions.remove(&oldest);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What decides whether a session may be resumed.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    single_use: bool,
    only_from_control: bool,
    lifetime: Duration,
    ticket_size: usize,
    decline_foreign: bool,
}

impl Rules {
    pub(crate) fn new(options: &Options) -> Self {
        Rules {
            single_use: options.tickets.single_use,
            only_from_control: options.tickets.only_from_control,
            lifetime: options.tickets.lifetime.min(WEEK),
            ticket_size: options.tickets.size.clamp(KEY_LENGTH, 65_000),
            decline_foreign: options.foreign_sessions == ForeignSessions::Decline,
        }
    }
}

/// The table as one TLS connection sees it.
#[derive(Debug)]
pub(crate) struct ConnectionSessions {
    pub(crate) table: Arc<SessionTable>,
    pub(crate) rules: Rules,
    pub(crate) network: Arc<dyn Network>,
    pub(crate) random: &'static dyn SecureRandom,
    /// The control connection, or the one that the data connection belongs to.
    pub(crate) owner: u64,
    pub(crate) is_control: bool,
    /// Whether rustls is to make TLS 1.2 tickets, and those of TLS 1.3 in the same way.
    pub(crate) tickets: bool,
    /// Whether TLS 1.2 session ids are given out and taken.
    pub(crate) ids: bool,
    pub(crate) seen: Seen,
}

/// What happened during the handshake.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    offered: Mutex<Option<(Vec<u8>, Vec<u64>)>>,
    tickets: AtomicU64,
    stored: AtomicU64,
}

impl ConnectionSessions {
    /// Whether the session that was resumed belongs to this control connection. Only meaningful if one was.
    pub(crate) fn resumed_own(&self) -> bool {
        self.offered().as_ref().is_some_and(|(_, owners)| owners.contains(&self.owner))
    }

    /// How many tickets went out.
    pub(crate) fn tickets_issued(&self, is_tls13: bool) -> u64 {
        let stored = if is_tls13 { self.seen.stored.load(Ordering::Relaxed) } else { 0 };
        self.seen.tickets.load(Ordering::Relaxed) + stored
    }

    /// How many TLS 1.2 session ids went out.
    pub(crate) fn ids_issued(&self, is_tls13: bool) -> u64 {
        if is_tls13 {
            0
        } else {
            self.seen.stored.load(Ordering::Relaxed)
        }
    }

    /// A control connection that resumed an older session shares it from now on: its data connections may offer it.
    pub(crate) fn adopt(&self) {
        if let Some((key, _)) = self.offered().as_ref() {
            if let Some(session) = self.table.lock().sessions.get_mut(key) {
                session.owners.push(self.owner);
            }
        }
    }

    fn find(&self, key: &[u8], use_up: bool) -> Option<Vec<u8>> {
        let now = self.network.now();
        let mut table = self.table.lock();
        let session = table.sessions.get(key)?.clone();
        if now.saturating_duration_since(session.issued) >= self.rules.lifetime {
            table.sessions.remove(key);
            return None;
        }
        let is_foreign = !self.is_control && !session.owners.contains(&self.owner);
        if (is_foreign && self.rules.decline_foreign)
            || (self.rules.only_from_control && !session.from_control)
        {
            return None;
        }
        if use_up && self.rules.single_use {
            table.sessions.remove(key);
        }
        *self.offered() = Some((key.to_vec(), session.owners));
        Some(session.value)
    }

    fn keep(&self, key: Vec<u8>, value: Vec<u8>) {
        let is_own = self.is_control || self.resumed_own();
        let owners = if is_own { vec![self.owner] } else { Vec::new() };
        let session = Session { value, owners, from_control: self.is_control, issued: self.network.now() };
        self.table.insert(key, session);
    }

    fn offered(&self) -> MutexGuard<'_, Option<(Vec<u8>, Vec<u64>)>> {
        self.seen.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tickets of both versions where TLS 1.2 has them.
impl ProducesTickets for ConnectionSessions {
    fn enabled(&self) -> bool {
        self.tickets
    }

    fn lifetime(&self) -> u32 {
        u32::try_from(self.rules.lifetime.as_secs()).unwrap_or(u32::MAX)
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let mut ticket = vec![0; self.rules.ticket_size];
        self.random.fill(&mut ticket[..KEY_LENGTH]).ok()?;
        self.keep(ticket.clone(), plain.to_vec());
        self.seen.tickets.fetch_add(1, Ordering::Relaxed);
        Some(ticket)
    }

    fn decrypt(&self, ticket: &[u8]) -> Option<Vec<u8>> {
        self.find(ticket, true)
    }
}

/// TLS 1.2 session ids, and TLS 1.3 tickets where TLS 1.2 has none.
impl StoresServerSessions for ConnectionSessions {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        self.keep(key, value);
        self.seen.stored.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// rustls asks for session ids in this way.
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.ids.then(|| self.find(key, false)).flatten()
    }

    /// rustls asks for TLS 1.3 tickets in this way.
    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.find(key, true)
    }

    fn can_cache(&self) -> bool {
        self.ids
    }
}
