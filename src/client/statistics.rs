//! Counters that tell whether the tether holds.

use crate::tls::TicketCounts;

/// Counters of one client, over all its logins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Data connections that stood, those with TLS after its handshake.
    pub data_connections: u64,
    /// Those of them that resumed the control connection's session.
    pub resumed: u64,
    /// Those of them with a full handshake.
    pub full: u64,
    /// Those of them in clear (PROT C).
    pub clear: u64,
    /// TLS sessions and tickets that the server gave.
    pub tickets_received: u64,
    /// Data connections that offered one.
    pub tickets_offered: u64,
    /// Offers of one that had been offered before.
    pub tickets_reoffered: u64,
    /// Silent re-logins.
    pub relogins: u64,
}

impl std::ops::AddAssign for Statistics {
    fn add_assign(&mut self, other: Statistics) {
        self.data_connections += other.data_connections;
        self.resumed += other.resumed;
        self.full += other.full;
        self.tickets_received += other.tickets_received;
        self.tickets_offered += other.tickets_offered;
        self.tickets_reoffered += other.tickets_reoffered;
        self.relogins += other.relogins;
    }
}

impl Statistics {
    pub(super) fn with_tickets(mut self, counts: TicketCounts) -> Statistics {
        self.tickets_received += counts.received;
        self.tickets_offered += counts.offered;
        self.tickets_reoffered += counts.reoffered;
        self
    }
}
