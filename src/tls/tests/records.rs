//! Abuse of the control connection's record layer, and the reaction that RFC 8446 asks for.

use super::peers::*;
use crate::tls::record::MAX_RECORDS_WITHOUT_PAYLOAD;
use crate::tls::{ControlSession, ResumptionPolicy, StreamEnd, TlsSession};
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, ContentType};
use std::sync::Arc;

const UNEXPECTED_MESSAGE: u8 = 10;
const BAD_RECORD_MAC: u8 = 20;
const RECORD_OVERFLOW: u8 = 22;
const ILLEGAL_PARAMETER: u8 = 47;
const DECODE_ERROR: u8 = 50;

fn login_with(form: PlainTickets) -> (ControlSession, HostileServer) {
    let identity = Identity::for_host(HOST);
    let mut client = control(&trusting(&identity), ResumptionPolicy::Prefer);
    let server = accept(&mut client, server(&identity, &TLS13, 2, form));
    assert_eq!(server.tickets.len(), 2);
    (client, server)
}

fn login() -> (ControlSession, HostileServer) {
    login_with(plain_tickets())
}

fn received(client: &ControlSession) -> u64 {
    client.ticket_counts().received
}

#[test]
fn payload_passes_in_both_directions() {
    let (mut client, mut server) = login();
    feed(&mut client, &server.application(b"220 hello\r\n")).unwrap();
    assert_eq!(read_all(&mut client).unwrap(), b"220 hello\r\n");
    assert_eq!(client.write(b"NOOP\r\n").unwrap(), 6);
    let sent = take_outgoing(&mut client);
    assert_eq!(server.open(&sent), [(ContentType::ApplicationData, b"NOOP\r\n".to_vec())]);
}

#[test]
fn records_may_arrive_byte_by_byte() {
    let (mut client, mut server) = login();
    let ticket = server.tickets[0].clone();
    let bytes = [server.handshake(&ticket), server.application(b"ok")].concat();
    for byte in bytes {
        feed(&mut client, &[byte]).unwrap();
    }
    assert_eq!((received(&client), read_all(&mut client).unwrap()), (1, b"ok".to_vec()));
}

#[test]
fn a_ticket_may_be_fragmented_over_records() {
    let (mut client, mut server) = login();
    let ticket = server.tickets[0].clone();
    for byte in ticket {
        assert_eq!(received(&client), 0);
        let record = server.handshake(&[byte]);
        feed(&mut client, &record).unwrap();
    }
    assert_eq!(received(&client), 1);
}

#[test]
fn tickets_may_share_a_record() {
    let (mut client, mut server) = login();
    let both = server.tickets.concat();
    feed(&mut client, &server.handshake(&both)).unwrap();
    assert_eq!(received(&client), 2);
}

#[test]
fn a_ticket_of_20_kb_is_taken() {
    let (mut client, mut server) = login_with(PlainTickets { padding: 20_000, lifetime: 3600 });
    let ticket = server.tickets[0].clone();
    let records: Vec<u8> = ticket.chunks(16_384).flat_map(|part| server.handshake(part)).collect();
    feed(&mut client, &records).unwrap();
    assert_eq!(received(&client), 1);
    assert!(client.can_offer());
}

#[test]
fn a_ticket_without_lifetime_is_not_kept() {
    let (mut client, mut server) = login();
    let mut ticket = server.tickets[0].clone();
    ticket[4..8].fill(0);
    feed(&mut client, &server.handshake(&ticket)).unwrap();
    assert!(!client.can_offer());
}

#[test]
fn a_malformed_ticket_is_refused() {
    let (mut client, mut server) = login();
    let bytes = server.handshake(&[4, 0, 0, 2, 1, 1]);
    assert_eq!(server.refused(&mut client, &bytes), DECODE_ERROR);
}

#[test]
fn a_handshake_message_beyond_the_cap_is_refused_before_it_is_collected() {
    let (mut client, mut server) = login();
    let bytes = server.handshake(&[4, 255, 255, 255]);
    assert_eq!(server.refused(&mut client, &bytes), ILLEGAL_PARAMETER);
}

#[test]
fn the_servers_key_update_is_followed() {
    let (mut client, mut server) = login();
    for round in 0..3u8 {
        let bytes = [server.key_update(0), server.application(&[round])].concat();
        feed(&mut client, &bytes).unwrap();
        assert_eq!(read_all(&mut client).unwrap(), [round]);
        assert!(client.outgoing().is_empty(), "nobody asked for an answer");
    }
}

#[test]
fn a_requested_key_update_is_answered_and_then_used() {
    let (mut client, mut server) = login();
    feed(&mut client, &server.key_update(1)).unwrap();
    client.write(b"NOOP\r\n").unwrap();
    let sent = take_outgoing(&mut client);
    let expected = [
        (ContentType::Handshake, vec![24, 0, 0, 1, 0]),
        (ContentType::ApplicationData, b"NOOP\r\n".to_vec()),
    ];
    assert_eq!(server.open(&sent), expected);
}

#[test]
fn tickets_are_reoffered_across_key_updates() {
    let (mut client, mut server) = login();
    let ticket = server.tickets[0].clone();
    let bytes = [server.handshake(&ticket), server.key_update(1)].concat();
    feed(&mut client, &bytes).unwrap();
    for _ in 0..3 {
        assert!(client.data_session().unwrap().offered().is_some());
    }
}

#[test]
fn endless_key_updates_are_refused() {
    let (mut client, mut server) = login();
    let refused = (0..2000).any(|_| {
        let record = server.key_update(0);
        feed(&mut client, &record).is_err()
    });
    assert!(refused);
}

#[test]
fn a_key_update_must_end_its_record() {
    let (mut client, mut server) = login();
    let ticket = server.tickets[0].clone();
    let bytes = server.handshake(&[&[24, 0, 0, 1, 0][..], &ticket].concat());
    assert_eq!(server.refused(&mut client, &bytes), UNEXPECTED_MESSAGE);
}

#[test]
fn a_key_update_with_an_unknown_request_is_refused() {
    let (mut client, mut server) = login();
    let bytes = server.handshake(&[24, 0, 0, 1, 2]);
    assert_eq!(server.refused(&mut client, &bytes), ILLEGAL_PARAMETER);
}

#[test]
fn nothing_follows_the_clients_close_notify() {
    let (mut client, mut server) = login();
    client.close_notify().unwrap();
    feed(&mut client, &server.key_update(1)).unwrap();
    client.write(b"late").unwrap_err();
    let sent = take_outgoing(&mut client);
    assert_eq!(server.open(&sent), [(ContentType::Alert, vec![1, 0])]);
}

#[test]
fn close_notify_ends_the_stream_and_what_follows_is_ignored() {
    let (mut client, mut server) = login();
    let ticket = server.tickets[0].clone();
    let mut bytes = [server.handshake(&ticket), server.application(b"bye")].concat();
    bytes.extend(server.record(ContentType::Alert, &[1, 0]));
    bytes.extend(server.application(b"injected"));
    feed(&mut client, &bytes).unwrap();
    feed(&mut client, b"garbage").unwrap();
    assert_eq!((read_all(&mut client).unwrap(), client.end()), (b"bye".to_vec(), StreamEnd::CloseNotify));
    for _ in 0..3 {
        assert!(client.data_session().unwrap().offered().is_some(), "re-offering goes on");
    }
}

#[test]
fn an_end_without_close_notify_is_told_apart() {
    let (mut client, mut server) = login();
    let record = server.application(b"226 Transfer complete");
    feed(&mut client, &record[..record.len() - 1]).unwrap();
    client.received(0).unwrap();
    assert_eq!((read_all(&mut client).unwrap(), client.end()), (Vec::new(), StreamEnd::Eof));
}

#[test]
fn a_fatal_alert_is_an_error_that_names_it_and_is_not_answered() {
    let (mut client, mut server) = login();
    let bytes = server.record(ContentType::Alert, &[2, 40]);
    let error = feed(&mut client, &bytes).unwrap_err();
    assert_eq!(error.tls_alert(), Some(u8::from(AlertDescription::HandshakeFailure)));
    assert!(client.outgoing().is_empty());
    let after = server.application(b"after");
    feed(&mut client, &after).unwrap();
    assert!(read_all(&mut client).unwrap().is_empty(), "nothing is taken after a fatal alert");
}

#[test]
fn user_canceled_is_ignored() {
    let (mut client, mut server) = login();
    let bytes = [server.record(ContentType::Alert, &[1, 90]), server.application(b"on")].concat();
    feed(&mut client, &bytes).unwrap();
    assert_eq!(read_all(&mut client).unwrap(), b"on");
}

#[test]
fn endless_records_without_payload_are_refused_and_payload_in_between_is_not() {
    let nothings: [fn(&mut HostileServer) -> Vec<u8>; 2] = [
        |server| server.record(ContentType::Alert, &[1, 90]),
        |server| {
            let ticket = server.tickets[0].clone();
            server.handshake(&ticket)
        },
    ];
    for nothing in nothings {
        let (mut client, mut server) = login();
        for _ in 0..3 {
            for _ in 0..MAX_RECORDS_WITHOUT_PAYLOAD / 2 {
                feed(&mut client, &nothing(&mut server)).unwrap();
            }
            feed(&mut client, &server.application(b"on")).unwrap();
            assert_eq!(read_all(&mut client).unwrap(), b"on");
        }
        let records: Vec<u8> = (0..=MAX_RECORDS_WITHOUT_PAYLOAD).flat_map(|_| nothing(&mut server)).collect();
        assert_eq!(server.refused(&mut client, &records), UNEXPECTED_MESSAGE);
    }
}

#[test]
fn a_malformed_alert_is_refused() {
    for payload in [&[1][..], &[1, 0, 1, 0]] {
        let (mut client, mut server) = login();
        let bytes = server.record(ContentType::Alert, payload);
        assert_eq!(server.refused(&mut client, &bytes), DECODE_ERROR);
    }
}

#[test]
fn a_record_header_beyond_the_limit_is_refused_without_its_body() {
    let (mut client, mut server) = login();
    assert_eq!(server.refused(&mut client, &[23, 3, 3, 0x41, 0x01]), RECORD_OVERFLOW);
}

#[test]
fn a_record_with_too_much_inside_is_refused() {
    let (mut client, mut server) = login();
    let bytes = server.application(&[7; (1 << 14) + 1]);
    assert_eq!(server.refused(&mut client, &bytes), RECORD_OVERFLOW);
}

#[test]
fn the_largest_record_is_taken() {
    let (mut client, mut server) = login();
    feed(&mut client, &server.application(&[7; 1 << 14])).unwrap();
    assert_eq!(read_all(&mut client).unwrap().len(), 1 << 14);
}

#[test]
fn a_replayed_record_is_refused() {
    let (mut client, mut server) = login();
    let record = server.application(b"once");
    feed(&mut client, &record).unwrap();
    assert_eq!(server.refused(&mut client, &record), BAD_RECORD_MAC);
}

#[test]
fn reordered_records_are_refused() {
    let (mut client, mut server) = login();
    let (_first, second) = (server.application(b"1"), server.application(b"2"));
    assert_eq!(server.refused(&mut client, &second), BAD_RECORD_MAC);
}

#[test]
fn a_changed_byte_is_refused() {
    let (mut client, mut server) = login();
    let mut record = server.application(b"226");
    *record.last_mut().unwrap() ^= 1;
    assert_eq!(server.refused(&mut client, &record), BAD_RECORD_MAC);
    assert!(read_all(&mut client).unwrap().is_empty());
}

#[test]
fn plaintext_records_are_refused() {
    for content_type in [20, 21, 22, 24, 99] {
        let (mut client, mut server) = login();
        let bytes = [content_type, 3, 3, 0, 1, 1];
        assert_eq!(server.refused(&mut client, &bytes), UNEXPECTED_MESSAGE, "type {content_type}");
    }
}

#[test]
fn an_empty_ciphertext_is_refused() {
    let (mut client, mut server) = login();
    assert_eq!(server.refused(&mut client, &[23, 3, 3, 0, 0]), BAD_RECORD_MAC);
}

#[test]
fn application_data_inside_a_fragmented_handshake_message_is_refused() {
    let (mut client, mut server) = login();
    let ticket = server.tickets[0].clone();
    let bytes = [server.handshake(&ticket[..9]), server.application(b"226")].concat();
    assert_eq!(server.refused(&mut client, &bytes), UNEXPECTED_MESSAGE);
}

#[test]
fn an_empty_handshake_fragment_is_refused() {
    let (mut client, mut server) = login();
    let bytes = server.handshake(&[]);
    assert_eq!(server.refused(&mut client, &bytes), UNEXPECTED_MESSAGE);
}

#[test]
fn a_record_without_content_type_is_refused() {
    let (mut client, mut server) = login();
    let bytes = server.record(ContentType::Unknown(0), &[0; 8]);
    assert_eq!(server.refused(&mut client, &bytes), UNEXPECTED_MESSAGE);
}

#[test]
fn other_handshake_messages_are_refused() {
    for kind in [0, 1, 2, 5, 8, 11, 13, 15, 20, 254] {
        let (mut client, mut server) = login();
        let bytes = server.handshake(&[kind, 0, 0, 0]);
        assert_eq!(server.refused(&mut client, &bytes), UNEXPECTED_MESSAGE, "message {kind}");
    }
}

#[test]
fn a_few_empty_application_records_pass_and_endless_ones_are_refused() {
    let (mut client, mut server) = login();
    for _ in 0..16 {
        feed(&mut client, &server.application(&[])).unwrap();
    }
    let refused = (0..100).any(|_| {
        let record = server.application(&[]);
        feed(&mut client, &record).is_err()
    });
    assert!(refused);
}

/// rustls sees to it: TLS 1.2 is its own record layer, also on the control connection.
#[test]
fn endless_tls12_records_without_payload_are_refused_and_payload_in_between_is_not() {
    let identity = Identity::for_host(HOST);
    let config = Arc::new(server(&identity, &TLS12, 0, plain_tickets()));
    let options = trusting(&identity).cipher_suites(["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"]);
    let nothings = [(ContentType::ApplicationData, [].as_slice()), (ContentType::Alert, [1, 90].as_slice())];
    for (content_type, nothing) in nothings {
        let mut client = control(&options, ResumptionPolicy::Prefer);
        let mut server = Tls12Records::after(connect(&mut client, &config).unwrap());
        for _ in 0..3 {
            feed(&mut client, &server.record(content_type, nothing)).unwrap();
            feed(&mut client, &server.record(ContentType::ApplicationData, b"payload")).unwrap();
            assert_eq!(read_all(&mut client).unwrap(), b"payload");
        }
        let refused = (0..1000).find_map(|_| {
            let fed = feed(&mut client, &server.record(content_type, nothing));
            fed.and_then(|()| read_all(&mut client)).err()
        });
        let error = refused.expect("no end of records that hold nothing");
        assert_eq!(error.kind(), "tls", "{content_type:?}: {error}");
    }
}
