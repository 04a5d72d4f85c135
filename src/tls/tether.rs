//! The tether: which session a data connection offers so that it counts as the control connection's.

use super::store::SessionStore;
use super::TlsVersion;
use rustls::client::{ClientConnectionData, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::kernel::KernelConnection;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Fresh tickets kept at most; the oldest go first.
const MAX_FRESH: usize = 32;
/// NewSessionTicket messages kept for re-offering at most; FileZilla Server 1.x sends one with every EPSV.
const MAX_CONTROL: usize = 4;
/// RFC 8446 section 4.6.1: a ticket is never used for longer than seven days.
const MAX_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// Where an offered session comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfferKind {
    /// Not offered before: a TLS 1.3 ticket, or the TLS 1.2 session that a data connection renewed.
    Fresh,
    /// The control connection's own, offered again: a TLS 1.3 ticket, or the pinned TLS 1.2 session.
    Control,
}

/// Counters of one login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TicketCounts {
    pub received: u64,
    pub offered: u64,
    pub reoffered: u64,
}

/// What is offered to rustls: at most one of the two.
#[derive(Default)]
pub(super) struct Offer {
    pub tls12: Option<Tls12ClientSessionValue>,
    pub tls13: Option<Tls13ClientSessionValue>,
}

/// Sessions at hand in one login, and what is known of the server's taste.
#[derive(Default)]
pub(super) struct Tether {
    pinned: Option<Tls12ClientSessionValue>,
    renewed: Option<Tls12ClientSessionValue>,
    fresh: VecDeque<Fresh>,
    control: VecDeque<ControlTicket>,
    /// Of the newest control ticket. rustls does not tell a fresh ticket's; a server gives all its tickets
    /// the same one.
    lifetime: Option<Duration>,
    fresh_refused: bool,
    control_refused: bool,
    pub counts: TicketCounts,
}

struct Fresh {
    ticket: Tls13ClientSessionValue,
    received: Instant,
}

/// The payload of a NewSessionTicket message (RFC 8446 section 4.6.1).
struct ControlTicket {
    payload: Vec<u8>,
    received: Instant,
    lifetime: Duration,
}

impl Tether {
    pub fn pin(&mut self, session: Option<Tls12ClientSessionValue>) {
        self.counts.received += u64::from(session.is_some());
        self.pinned = session;
    }

    /// A ticket that came over the control connection: rustls' form of it, and the payload it was made from.
    pub fn keep_control(&mut self, payload: &[u8], ticket: Option<Tls13ClientSessionValue>, now: Instant) {
        let Some(lifetime) = lifetime(payload) else { return };
        self.lifetime = Some(lifetime);
        if let Some(ticket) = ticket {
            self.keep_fresh(ticket, now);
        }
        if self.control.len() == MAX_CONTROL {
            self.control.pop_front();
        }
        self.control.push_back(ControlTicket { payload: payload.to_vec(), received: now, lifetime });
    }

    pub fn keep_fresh(&mut self, ticket: Tls13ClientSessionValue, now: Instant) {
        self.counts.received += 1;
        if self.fresh.len() == MAX_FRESH {
            self.fresh.pop_front();
        }
        self.fresh.push_back(Fresh { ticket, received: now });
    }

    pub fn keep_renewed(&mut self, session: Tls12ClientSessionValue) {
        self.counts.received += 1;
        self.renewed = Some(session);
    }

    /// The kind to offer next: what the server refused comes last, and nothing else is known to be worse.
    pub fn choose(&mut self, version: TlsVersion, now: Instant) -> Option<OfferKind> {
        self.drop_expired(now);
        let order = match version {
            // The pinned session is the control connection's by construction.
            TlsVersion::V1_2 => [OfferKind::Control, OfferKind::Fresh],
            TlsVersion::V1_3 => [OfferKind::Fresh, OfferKind::Control],
        };
        let at_hand = |kind: &&OfferKind| self.has(version, **kind);
        order
            .iter()
            .filter(at_hand)
            .find(|kind| !self.is_refused(**kind))
            .or_else(|| order.iter().find(at_hand))
            .copied()
    }

    /// Whether something is at hand that the server has not refused.
    pub fn has_unrefused(&mut self, version: TlsVersion, now: Instant) -> bool {
        self.choose(version, now).is_some_and(|kind| !self.is_refused(kind))
    }

    /// Remembers that the server refused `kind`. True when the other kind is at hand and not refused too.
    pub fn declined(&mut self, kind: OfferKind, version: TlsVersion, now: Instant) -> bool {
        self.set_refused(kind, true);
        self.drop_expired(now);
        let other = match kind {
            OfferKind::Fresh => OfferKind::Control,
            OfferKind::Control => OfferKind::Fresh,
        };
        self.has(version, other) && !self.is_refused(other)
    }

    /// Goes on from an earlier login with what that one learnt of the server's taste. Where both kinds were
    /// refused it was not taste: the sessions were gone.
    pub fn inherit_taste(&mut self, earlier: &Tether) {
        if earlier.fresh_refused != earlier.control_refused {
            (self.fresh_refused, self.control_refused) = (earlier.fresh_refused, earlier.control_refused);
        }
    }

    pub fn accepted(&mut self, kind: OfferKind) {
        self.set_refused(kind, false);
    }

    pub fn take_tls12(&mut self, kind: OfferKind) -> Option<Tls12ClientSessionValue> {
        match kind {
            OfferKind::Control => {
                self.counts.reoffered += u64::from(self.counts.offered > 0);
                self.pinned.clone()
            }
            OfferKind::Fresh => self.renewed.clone(),
        }
    }

    pub fn take_fresh(&mut self) -> Option<Tls13ClientSessionValue> {
        self.fresh.pop_back().map(|fresh| fresh.ticket)
    }

    /// Makes rustls take the newest control ticket once more and hands out what it makes of it.
    pub fn reoffer(
        &mut self,
        kernel: &mut KernelConnection<ClientConnectionData>,
        store: &SessionStore,
        now: Instant,
    ) -> Option<Tls13ClientSessionValue> {
        let payload = aged(self.control.back()?, now)?;
        kernel.handle_new_session_ticket(&payload).ok()?;
        self.counts.reoffered += 1;
        store.pop_tls13()
    }

    fn has(&self, version: TlsVersion, kind: OfferKind) -> bool {
        match (version, kind) {
            (TlsVersion::V1_2, OfferKind::Control) => self.pinned.is_some(),
            (TlsVersion::V1_2, OfferKind::Fresh) => self.renewed.is_some(),
            (TlsVersion::V1_3, OfferKind::Control) => !self.control.is_empty(),
            (TlsVersion::V1_3, OfferKind::Fresh) => !self.fresh.is_empty(),
        }
    }

    fn is_refused(&self, kind: OfferKind) -> bool {
        match kind {
            OfferKind::Fresh => self.fresh_refused,
            OfferKind::Control => self.control_refused,
        }
    }

    fn set_refused(&mut self, kind: OfferKind, refused: bool) {
        match kind {
            OfferKind::Fresh => self.fresh_refused = refused,
            OfferKind::Control => self.control_refused = refused,
        }
    }

    fn drop_expired(&mut self, now: Instant) {
        let age = |received| now.duration_since(received);
        // What is offered must have a whole second left: `ticket_lifetime` counts in seconds.
        self.control.retain(|ticket| age(ticket.received) + Duration::from_secs(1) <= ticket.lifetime);
        let lifetime = self.lifetime.unwrap_or(MAX_LIFETIME);
        self.fresh.retain(|fresh| age(fresh.received) < lifetime);
    }
}

/// `ticket_lifetime`, in seconds, is the payload's first field; 0 means: discard at once.
fn lifetime(payload: &[u8]) -> Option<Duration> {
    let seconds = u32::from_be_bytes(*payload.first_chunk()?);
    (seconds > 0).then(|| Duration::from_secs(seconds.into()).min(MAX_LIFETIME))
}

/// rustls stamps a ticket that it is handed with age 0: what has passed is added to `ticket_age_add`, so that the
/// obfuscated age (RFC 8446 section 4.2.11.1) comes out right, and taken from `ticket_lifetime`.
fn aged(ticket: &ControlTicket, now: Instant) -> Option<Vec<u8>> {
    let age = now.duration_since(ticket.received);
    let left = u32::try_from(ticket.lifetime.checked_sub(age)?.as_secs()).ok().filter(|left| *left > 0)?;
    let mut payload = ticket.payload.clone();
    let age_add = u32::from_be_bytes(*payload.get(4..)?.first_chunk()?);
    // Modulo 2^32, as the RFC has it: only the low bits of the age count.
    let moved = age_add.wrapping_add(age.as_millis() as u32);
    payload.get_mut(..4)?.copy_from_slice(&left.to_be_bytes());
    payload.get_mut(4..8)?.copy_from_slice(&moved.to_be_bytes());
    Some(payload)
}

#[cfg(test)]
mod tests {
    use super::{aged, ControlTicket};
    use std::time::{Duration, Instant};

    fn ticket(lifetime: u32, age_add: u32) -> ControlTicket {
        let payload = [&lifetime.to_be_bytes()[..], &age_add.to_be_bytes(), b"\x00the rest"].concat();
        let received = Instant::now();
        ControlTicket { payload, received, lifetime: Duration::from_secs(lifetime.into()) }
    }

    #[test]
    fn the_age_of_a_ticket_is_added_in_milliseconds_and_taken_off_its_lifetime() {
        let ticket = ticket(3600, 0xffff_ff00);
        let older = aged(&ticket, ticket.received + Duration::from_millis(2500)).unwrap();
        assert_eq!(older[..4], 3597u32.to_be_bytes());
        assert_eq!(older[4..8], (2500u32 - 0x100).to_be_bytes());
        assert_eq!(&older[8..], b"\x00the rest");
    }

    #[test]
    fn a_ticket_without_a_whole_second_left_is_not_offered() {
        let ticket = ticket(10, 0);
        assert!(aged(&ticket, ticket.received + Duration::from_secs(9)).is_some());
        assert!(aged(&ticket, ticket.received + Duration::from_millis(9001)).is_none());
    }
}
