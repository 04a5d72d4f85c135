//! The tether: what data connections offer, and what they insist on.

use super::peers::*;
use crate::tls::{ControlSession, OfferKind, ResumptionPolicy, TlsOptions, TlsSession, TlsVersion};
use crate::Error;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use std::io::Write;
use std::sync::Arc;

fn both() -> [&'static SupportedProtocolVersion; 2] {
    [&TLS12, &TLS13]
}

fn logged_in(options: &TlsOptions, policy: ResumptionPolicy, config: &Arc<ServerConfig>) -> ControlSession {
    let mut client = control(options, policy);
    connect(&mut client, config).unwrap();
    client
}

#[test]
fn every_data_connection_resumes() {
    for version in both() {
        let identity = Identity::for_host(HOST);
        let config = Arc::new(server(&identity, version, 1, plain_tickets()));
        let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Require, &config);
        for _ in 0..20 {
            assert_eq!(data(&mut client, &config).unwrap().resumed(), Some(true));
        }
    }
}

#[test]
fn one_ticket_at_login_serves_any_number_of_data_connections() {
    let identity = Identity::for_host(HOST);
    let config = server(&identity, &TLS13, 1, PlainTickets { padding: 20_000, lifetime: 3600 });
    let mut silent = config.clone();
    silent.send_tls13_tickets = 0;
    let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Require, &Arc::new(config));
    let silent = Arc::new(silent);
    for transfer in 0..50 {
        let session = data(&mut client, &silent).unwrap();
        assert_eq!(session.resumed(), Some(true));
        let kind = if transfer == 0 { OfferKind::Fresh } else { OfferKind::Control };
        assert_eq!(session.offered(), Some(kind));
    }
    let counts = client.ticket_counts();
    assert_eq!((counts.received, counts.offered, counts.reoffered), (1, 50, 49));
}

#[test]
fn require_with_nothing_to_offer_fails_and_prefer_goes_on() {
    let identity = Identity::for_host(HOST);
    let config = Arc::new(server(&identity, &TLS13, 0, plain_tickets()));
    let mut strict = logged_in(&trusting(&identity), ResumptionPolicy::Require, &config);
    assert!(!strict.can_offer());
    assert!(matches!(strict.data_session(), Err(Error::NotResumed(_))));
    let mut lax = logged_in(&trusting(&identity), ResumptionPolicy::Prefer, &config);
    assert_eq!(data(&mut lax, &config).unwrap().resumed(), Some(false));
}

#[test]
fn the_policy_off_offers_nothing() {
    for version in both() {
        let identity = Identity::for_host(HOST);
        let config = Arc::new(server(&identity, version, 2, plain_tickets()));
        let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Off, &config);
        let session = data(&mut client, &config).unwrap();
        assert_eq!((session.offered(), session.resumed()), (None, Some(false)));
    }
}

#[test]
fn tickets_of_a_data_connection_that_did_not_resume_are_not_taken() {
    for version in both() {
        let identity = Identity::for_host(HOST);
        let config = Arc::new(server(&identity, version, 2, plain_tickets()));
        let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Prefer, &config);
        let before = client.ticket_counts().received;
        let stranger = Arc::new(server(&identity, version, 2, PlainTickets { padding: 9, lifetime: 3600 }));
        assert_eq!(data(&mut client, &stranger).unwrap().resumed(), Some(false));
        assert_eq!(client.ticket_counts().received, before);
    }
}

#[test]
fn a_full_data_handshake_with_another_certificate_is_refused_before_payload() {
    for version in both() {
        let (identity, other) = (Identity::for_host(HOST), Identity::for_host(HOST));
        let options = TlsOptions::default().danger_accept_any_certificate(true);
        let config = Arc::new(server(&identity, version, 2, plain_tickets()));
        let mut client = logged_in(&options, ResumptionPolicy::Prefer, &config);
        let stranger = Arc::new(server(&other, version, 2, PlainTickets { padding: 9, lifetime: 3600 }));
        let mut session = client.data_session().unwrap();
        assert!(matches!(connect(&mut session, &stranger), Err(Error::Certificate(_))));
        assert!(matches!(session.write(b"secret"), Err(Error::Certificate(_))));
        assert!(matches!(session.plaintext(), Err(Error::Certificate(_))));
    }
}

#[test]
fn a_data_connection_negotiates_the_control_connections_version() {
    let identity = Identity::for_host(HOST);
    for (version, other) in [(&TLS12, &TLS13), (&TLS13, &TLS12)] {
        let config = Arc::new(server(&identity, version, 2, plain_tickets()));
        let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Prefer, &config);
        let changed = Arc::new(server(&identity, other, 2, plain_tickets()));
        assert!(data(&mut client, &changed).is_err());
        let expected = if version.version == TLS12.version { TlsVersion::V1_2 } else { TlsVersion::V1_3 };
        assert_eq!(data(&mut client, &config).unwrap().version(), Some(expected));
    }
}

#[test]
fn a_refused_kind_is_followed_by_the_other_once() {
    let identity = Identity::for_host(HOST);
    let config = Arc::new(server(&identity, &TLS13, 2, plain_tickets()));
    let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Prefer, &config);
    assert_eq!(client.data_session().unwrap().offered(), Some(OfferKind::Fresh));
    assert!(client.declined(OfferKind::Fresh));
    assert_eq!(client.data_session().unwrap().offered(), Some(OfferKind::Control));
    assert!(!client.declined(OfferKind::Control));
}

#[test]
fn what_arrives_on_an_upload_is_not_lost_in_writing() {
    let identity = Identity::for_host(HOST);
    let config = Arc::new(server(&identity, &TLS13, 2, plain_tickets()));
    let mut client = logged_in(&trusting(&identity), ResumptionPolicy::Prefer, &config);
    let mut session = client.data_session().unwrap();
    let mut server = ServerConnection::new(config).unwrap();
    exchange(&mut session, &mut server).unwrap();
    // The server sends payload, asks for new keys and closes, and the client writes before it reads.
    server.writer().write_all(b"early").unwrap();
    server.refresh_traffic_keys().unwrap();
    server.writer().write_all(b" bird").unwrap();
    server.send_close_notify();
    let mut back = Vec::new();
    while server.wants_write() {
        server.write_tls(&mut back).unwrap();
    }
    feed(&mut session, &back).unwrap();
    assert_eq!(session.write(b"upload").unwrap(), 6);
    let sent = take_outgoing(&mut session);
    server.read_tls(&mut sent.as_slice()).unwrap();
    assert_eq!(server.process_new_packets().unwrap().plaintext_bytes_to_read(), 6);
    assert_eq!(read_all(&mut session).unwrap(), b"early bird");
    assert_eq!(session.end(), crate::tls::StreamEnd::CloseNotify);
}
