//! What rustls keeps sessions in: one small store for a control connection, one for each of its data connections.

use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use rustls::NamedGroup;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tickets kept at most: a server that sends more loses the oldest.
const MAX_TICKETS: usize = 32;

/// Sessions of one connection. Server names play no part: a store never serves two servers.
#[derive(Debug, Default)]
pub(super) struct SessionStore {
    inner: Mutex<Sessions>,
}

#[derive(Debug, Default)]
struct Sessions {
    kx_hint: Option<NamedGroup>,
    tls12_offer: Option<Tls12ClientSessionValue>,
    tls12_received: Option<Tls12ClientSessionValue>,
    tls13_offer: Option<Tls13ClientSessionValue>,
    tls13_received: VecDeque<Tls13ClientSessionValue>,
}

impl SessionStore {
    /// A store for a data connection, that has at most one session to offer.
    pub fn offering(
        kx_hint: Option<NamedGroup>,
        tls12: Option<Tls12ClientSessionValue>,
        tls13: Option<Tls13ClientSessionValue>,
    ) -> Self {
        let sessions = Sessions { kx_hint, tls12_offer: tls12, tls13_offer: tls13, ..Sessions::default() };
        SessionStore { inner: Mutex::new(sessions) }
    }

    pub fn kx_group(&self) -> Option<NamedGroup> {
        self.lock().kx_hint
    }

    /// The TLS 1.2 session that the handshake established.
    pub fn take_tls12(&self) -> Option<Tls12ClientSessionValue> {
        self.lock().tls12_received.take()
    }

    /// The newest TLS 1.3 ticket.
    pub fn pop_tls13(&self) -> Option<Tls13ClientSessionValue> {
        self.lock().tls13_received.pop_back()
    }

    /// All TLS 1.3 tickets, oldest first.
    pub fn drain_tls13(&self) -> VecDeque<Tls13ClientSessionValue> {
        std::mem::take(&mut self.lock().tls13_received)
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        // Nothing in here can be left half done by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientSessionStore for SessionStore {
    fn set_kx_hint(&self, _: ServerName<'static>, group: NamedGroup) {
        self.lock().kx_hint = Some(group);
    }

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.lock().kx_hint
    }

    fn set_tls12_session(&self, _: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.lock().tls12_received = Some(session);
    }

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.lock().tls12_offer.clone()
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {
        self.lock().tls12_offer = None;
    }

    fn insert_tls13_ticket(&self, _: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        let received = &mut self.lock().tls13_received;
        if received.len() == MAX_TICKETS {
            received.pop_front();
        }
        received.push_back(ticket);
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.lock().tls13_offer.take()
    }
}
