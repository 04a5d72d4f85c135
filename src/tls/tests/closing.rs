//! A data connection on which close_notify was sent: what still comes is read for its tickets, and harms
//! nobody. rustls asserts, in debug builds, that it never has to send an alert after close_notify.

use super::peers::*;
use crate::tls::{ControlSession, DataSession, ResumptionPolicy, StreamEnd, TlsSession};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConnection, SupportedProtocolVersion};
use std::sync::Arc;

/// An upload of which the client has said all, close_notify included, before it has read the server's tickets.
struct Closed {
    control: ControlSession,
    session: DataSession,
    server: ServerConnection,
    /// What the server has not heard yet.
    said: Vec<u8>,
}

impl Closed {
    fn new(version: &'static SupportedProtocolVersion) -> Closed {
        let identity = Identity::for_host(HOST);
        let config = Arc::new(server(&identity, version, 2, plain_tickets()));
        let mut control = control(&trusting(&identity), ResumptionPolicy::Require);
        connect(&mut control, &config).unwrap();
        let mut session = control.data_session().unwrap();
        let mut server = ServerConnection::new(config).unwrap();
        while session.is_handshaking() {
            hear(&mut server, &take_outgoing(&mut session));
            feed(&mut session, &speak(&mut server)).unwrap();
        }
        let mut said = take_outgoing(&mut session);
        assert_eq!(session.write(b"all").unwrap(), 3);
        session.close_notify().unwrap();
        said.extend(take_outgoing(&mut session));
        Closed { control, session, server, said }
    }

    /// Tickets that the data connection has brought.
    fn harvested(&mut self) -> u64 {
        let before = self.control.ticket_counts().received;
        self.control.harvest(&mut self.session);
        self.control.ticket_counts().received - before
    }
}

fn hear(server: &mut ServerConnection, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        server.read_tls(&mut bytes).unwrap();
        server.process_new_packets().unwrap();
    }
}

fn speak(server: &mut ServerConnection) -> Vec<u8> {
    let mut bytes = Vec::new();
    while server.wants_write() {
        server.write_tls(&mut bytes).unwrap();
    }
    bytes
}

#[test]
fn close_notify_and_all_payload_reach_the_server() {
    for version in [&TLS12, &TLS13] {
        let mut closed = Closed::new(version);
        hear(&mut closed.server, &closed.said);
        let mut received = Vec::new();
        std::io::Read::read_to_end(&mut closed.server.reader(), &mut received).unwrap();
        assert_eq!(received, b"all");
    }
}

#[test]
fn tickets_that_come_after_close_notify_are_taken() {
    let mut closed = Closed::new(&TLS13);
    assert_eq!(closed.harvested(), 0);
    hear(&mut closed.server, &closed.said);
    closed.server.send_close_notify();
    feed(&mut closed.session, &speak(&mut closed.server)).unwrap();
    assert_eq!(closed.harvested(), 2);
    assert_eq!(closed.session.end(), StreamEnd::CloseNotify);
}

#[test]
fn tickets_after_close_notify_may_arrive_byte_by_byte() {
    let mut closed = Closed::new(&TLS13);
    hear(&mut closed.server, &closed.said);
    for byte in speak(&mut closed.server) {
        feed(&mut closed.session, &[byte]).unwrap();
    }
    assert_eq!(closed.harvested(), 2);
}

#[test]
fn a_ticket_may_have_begun_before_close_notify_was_sent() {
    let identity = Identity::for_host(HOST);
    let config = Arc::new(server(&identity, &TLS13, 2, plain_tickets()));
    let mut control = control(&trusting(&identity), ResumptionPolicy::Require);
    connect(&mut control, &config).unwrap();
    let mut session = control.data_session().unwrap();
    let mut server = ServerConnection::new(config).unwrap();
    while session.is_handshaking() {
        hear(&mut server, &take_outgoing(&mut session));
        feed(&mut session, &speak(&mut server)).unwrap();
    }
    hear(&mut server, &take_outgoing(&mut session));
    let tickets = speak(&mut server);
    feed(&mut session, &tickets[..10]).unwrap();
    session.close_notify().unwrap();
    feed(&mut session, &tickets[10..]).unwrap();
    let mut closed = Closed { control, session, server, said: Vec::new() };
    assert_eq!(closed.harvested(), 2);
}

#[test]
fn what_is_not_tls_after_close_notify_is_no_error_and_no_panic() {
    let kinds: [&[u8]; 6] = [
        &[0x55; 300],
        // application_data, alert and handshake that nobody encrypted.
        &[
            23, 3, 3, 0, 40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
            23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
        ],
        &[21, 3, 3, 0, 2, 2, 40],
        &[22, 3, 3, 0, 4, 0, 0, 0, 0],
        // A length beyond the limit, and none at all.
        &[23, 3, 3, 255, 255, 0, 0],
        &[23, 3, 3, 0, 0],
    ];
    for version in [&TLS12, &TLS13] {
        for bytes in kinds {
            let mut closed = Closed::new(version);
            for _ in 0..3 {
                feed(&mut closed.session, bytes).unwrap();
                assert!(read_all(&mut closed.session).unwrap().is_empty());
            }
            closed.session.received(0).unwrap();
            assert!(read_all(&mut closed.session).unwrap().is_empty());
            assert_eq!(closed.session.end(), StreamEnd::Eof);
            assert!(closed.session.write(b"more").is_err(), "nothing follows close_notify");
        }
    }
}

#[test]
fn a_session_that_has_failed_is_not_fed_again() {
    let identity = Identity::for_host(HOST);
    for version in [&TLS12, &TLS13] {
        let config = Arc::new(server(&identity, version, 2, plain_tickets()));
        let mut control = control(&trusting(&identity), ResumptionPolicy::Require);
        connect(&mut control, &config).unwrap();
        let mut session = data(&mut control, &config).unwrap();
        for _ in 0..3 {
            let failed = feed(&mut session, &[0x55; 300]).and_then(|()| read_all(&mut session));
            assert!(failed.is_err());
        }
        let _ = session.close_notify();
    }
}
