//! What a server's own log says about its TLS handshakes.

/// What a server saw, counted from its log. A handshake is logged before the server sends the reply that
/// ends the transfer, so that the numbers are complete once the client has that reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResumptionLog {
    /// TLS handshakes on control connections.
    pub control_handshakes: u64,
    /// Data connections with a full handshake, taken or not.
    pub data_full: u64,
    /// Data connections that resumed a session, taken or not.
    pub data_resumed: u64,
    /// Data connections that the server turned away: not resumed, or resumed from another login's session.
    pub refused: u64,
}

impl ResumptionLog {
    /// Adds up what `count` finds in each line.
    pub(crate) fn of(text: &str, count: impl Fn(&str, &mut ResumptionLog)) -> ResumptionLog {
        let mut log = ResumptionLog::default();
        for line in text.lines() {
            count(line, &mut log);
        }
        log
    }
}
