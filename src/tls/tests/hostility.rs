//! Any sequence of records, whole or damaged: never a panic, never a byte that the server did not send in this place.

use super::peers::*;
use crate::tls::{ControlSession, ResumptionPolicy, TlsSession};
use proptest::prelude::*;
use rustls::version::TLS13;
use rustls::ContentType;

/// One thing that a peer, or somebody on the way, does.
#[derive(Clone, Debug)]
enum Act {
    Application(Vec<u8>),
    Record(u8, Vec<u8>),
    Ticket { cut: usize },
    KeyUpdate(u8),
    Raw(Vec<u8>),
    Damage { act: Box<Act>, at: usize, bits: u8 },
    Shorten { act: Box<Act>, by: usize },
    Twice(Box<Act>),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..40);
    let whole = prop_oneof![
        8 => bytes().prop_map(Act::Application),
        2 => (any::<u8>(), bytes()).prop_map(|(kind, payload)| Act::Record(kind, payload)),
        2 => (20u8..24, bytes()).prop_map(|(kind, payload)| Act::Record(kind, payload)),
        3 => (0usize..60).prop_map(|cut| Act::Ticket { cut }),
        2 => (0u8..3).prop_map(Act::KeyUpdate),
        1 => bytes().prop_map(Act::Raw),
    ];
    let act = whole.clone().prop_map(Box::new);
    let damaged = prop_oneof![
        (act.clone(), any::<usize>(), 1u8..).prop_map(|(act, at, bits)| Act::Damage { act, at, bits }),
        (act.clone(), 1usize..8).prop_map(|(act, by)| Act::Shorten { act, by }),
        act.prop_map(Act::Twice),
    ];
    proptest::collection::vec(prop_oneof![12 => whole, 1 => damaged], 1..30)
}

/// The bytes of an act, and what of it is payload that the server meant to send.
fn bytes_of(act: &Act, server: &mut HostileServer, meant: &mut Vec<u8>) -> Vec<u8> {
    match act {
        Act::Application(payload) => {
            meant.extend_from_slice(payload);
            server.application(payload)
        }
        Act::Record(kind, payload) => {
            // Zeros at the end are padding, also in place of the type (RFC 8446 section 5.4): the byte before them is it then.
            let inner = [payload.as_slice(), &[*kind]].concat();
            let end = inner.iter().rposition(|byte| *byte != 0).unwrap_or_default();
            if inner[end] == 23 {
                meant.extend_from_slice(&inner[..end]);
            }
            server.record(ContentType::from(*kind), payload)
        }
        Act::Ticket { cut } => {
            let ticket = server.tickets[0].clone();
            let (head, tail) = ticket.split_at((*cut).min(ticket.len()));
            [server.handshake(head), server.handshake(tail)].concat()
        }
        Act::KeyUpdate(requested) => server.key_update(*requested),
        Act::Raw(bytes) => bytes.clone(),
        Act::Damage { act, at, bits } => {
            let mut bytes = bytes_of(act, server, meant);
            let length = bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(at % length) {
                *byte ^= bits;
            }
            bytes
        }
        Act::Shorten { act, by } => {
            let mut bytes = bytes_of(act, server, meant);
            bytes.truncate(bytes.len().saturating_sub(*by));
            bytes
        }
        Act::Twice(act) => {
            let once = bytes_of(act, server, meant);
            [once.as_slice(), once.as_slice()].concat()
        }
    }
}

/// Feeds all of it, going on after an error, and gives what came out.
fn received(client: &mut ControlSession, server: &mut HostileServer, acts: &[Act]) -> (Vec<u8>, Vec<u8>) {
    let (mut meant, mut got) = (Vec::new(), Vec::new());
    let mut failed = false;
    for act in acts {
        let bytes = bytes_of(act, server, &mut meant);
        failed |= feed(client, &bytes).is_err();
        let before = got.len();
        got.extend(read_all(client).unwrap_or_default());
        assert!(!failed || client.end() != crate::tls::StreamEnd::Open, "a failed session goes on");
        assert!(got.len() == before || meant.starts_with(&got), "{acts:?}");
    }
    (meant, got)
}

/// `PROPTEST_CASES` may ask for more, as `make fuzz` does.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    ProptestConfig { cases: config.cases.max(2000), ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_sequence_of_records_panics_or_adds_a_byte(acts in acts()) {
        let identity = Identity::for_host(HOST);
        let mut client = control(&trusting(&identity), ResumptionPolicy::Prefer);
        let mut server = accept(&mut client, server(&identity, &TLS13, 2, plain_tickets()));
        let (meant, got) = received(&mut client, &mut server, &acts);
        prop_assert!(meant.starts_with(&got), "{meant:?} {got:?}");
        let _ = client.write(b"QUIT\r\n");
        let _ = client.close_notify();
    }
}
