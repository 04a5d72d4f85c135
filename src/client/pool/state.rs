//! Who has which connection. Nothing here waits, or talks to the server.

use super::limit::ServerLimit;
use super::PoolStatistics;
use crate::client::known::Known;
use crate::client::Statistics;
use crate::net::CancelToken;
use crate::FtpsClient;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

pub(super) struct State {
    maximum: usize,
    /// The one that came back last is lent first: those that are not needed expire.
    idle: Vec<Idle>,
    /// Lent, idle, or being opened.
    open: usize,
    limit: ServerLimit,
    /// Those who wait, in the order in which they came.
    queue: VecDeque<Waiter>,
    next_ticket: u64,
    pub is_closed: bool,
    /// What other logins learnt of the server.
    pub known: Known,
    /// The directory of a login at its beginning.
    pub home: Option<Vec<u8>>,
    pub counters: PoolStatistics,
}

pub(super) struct Idle {
    pub client: FtpsClient,
    pub since: Instant,
}

struct Waiter {
    ticket: u64,
    bell: CancelToken,
}

/// What somebody whose turn it is may do.
pub(super) enum Grant {
    /// Use this connection.
    Lend(Box<Idle>),
    /// Open a connection: it is counted already.
    Open,
}

impl State {
    pub fn new(maximum: usize) -> State {
        State {
            maximum,
            idle: Vec::new(),
            open: 0,
            limit: ServerLimit::new(),
            queue: VecDeque::new(),
            next_ticket: 0,
            is_closed: false,
            known: Known::default(),
            home: None,
            counters: PoolStatistics::default(),
        }
    }

    /// A place at the end of the queue; its bell rings when it is worth asking again.
    pub fn join_queue(&mut self, bell: CancelToken) -> u64 {
        self.next_ticket += 1;
        self.queue.push_back(Waiter { ticket: self.next_ticket, bell });
        self.next_ticket
    }

    /// Whoever leaves wakes the next: the reason for which his bell rang may be another's.
    pub fn leave_queue(&mut self, ticket: u64) {
        self.queue.retain(|waiter| waiter.ticket != ticket);
        self.ring();
    }

    /// Where it is the turn of `ticket` (`None`: of somebody who did not queue), a connection or the right to open one.
    pub fn grant(&mut self, ticket: Option<u64>, now: Instant) -> Option<Grant> {
        if self.queue.front().map(|waiter| waiter.ticket) != ticket {
            return None;
        }
        if let Some(idle) = self.idle.pop() {
            return Some(Grant::Lend(Box::new(idle)));
        }
        if self.open >= self.maximum || !self.limit.admits_one_besides(self.open, now) {
            return None;
        }
        self.open += 1;
        Some(Grant::Open)
    }

    /// When [`grant`](Self::grant) may have another answer although nothing happens.
    pub fn next_attempt(&self) -> Option<Instant> {
        self.limit.retry_at().filter(|_| self.open < self.maximum)
    }

    pub fn note_opened(&mut self, known: Known, now: Instant) {
        self.known = known;
        self.counters.opened += 1;
        self.limit.note_success(self.open, now);
        self.ring();
    }

    pub fn note_refused(&mut self, now: Instant) {
        self.open -= 1;
        self.counters.refused += 1;
        self.limit.note_refusal(self.open, now);
        self.ring();
    }

    pub fn put_back(&mut self, client: FtpsClient, now: Instant) {
        self.known = client.known();
        self.idle.push(Idle { client, since: now });
        self.ring();
    }

    /// A connection is gone; `past` is what it did.
    pub fn remove(&mut self, past: Statistics) {
        self.open -= 1;
        self.counters.transfers += past;
        self.ring();
    }

    /// Takes out what was idle for longer than `limit`.
    pub fn take_expired(&mut self, limit: Duration, now: Instant) -> Vec<FtpsClient> {
        let is_expired = |idle: &Idle| now.saturating_duration_since(idle.since) > limit;
        let (expired, kept) = std::mem::take(&mut self.idle).into_iter().partition(is_expired);
        self.idle = kept;
        let expired: Vec<Idle> = expired;
        self.counters.expired += expired.len() as u64;
        expired.into_iter().map(|idle| idle.client).collect()
    }

    /// Takes out all that is idle, and wakes all who wait.
    pub fn close(&mut self) -> Vec<FtpsClient> {
        self.is_closed = true;
        self.queue.iter().for_each(|waiter| waiter.bell.cancel());
        std::mem::take(&mut self.idle).into_iter().map(|idle| idle.client).collect()
    }

    pub fn statistics(&self) -> PoolStatistics {
        let mut statistics = self.counters;
        statistics.open = self.open;
        statistics.idle = self.idle.len();
        statistics.waiting = self.queue.len();
        statistics.server_limit = self.limit.connections();
        self.idle.iter().for_each(|idle| statistics.transfers += idle.client.statistics());
        statistics
    }

    /// Whoever is first in the queue asks again.
    fn ring(&self) {
        if let Some(first) = self.queue.front() {
            first.bell.cancel();
        }
    }
}
