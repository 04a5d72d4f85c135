//! Listings as they arrive.

use crate::common::{builder, log_in, start};
use ftps::protocol::listing::ListingItem;
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, Trigger};

const ENTRIES: usize = 50_000;

/// More entries than fit into the buffers on the way.
fn long_listing(faults: Vec<Fault>) -> RunningServer {
    let line =
        |number| format!("type=file;size={number};modify=20260102030405; name-of-some-length-{number}\r\n");
    let lines: String = (0..ENTRIES).map(line).collect();
    start(Options {
        raw_listing: Some(format!("{lines}not an entry\r\n").into_bytes()),
        faults,
        ..Options::default()
    })
}

#[test]
fn every_item_is_handed_over_in_order_understood_or_not() {
    let server = long_listing(Vec::new());
    let mut client = log_in(builder(&server)).expect("login");
    let (mut next, mut unparsed) = (0, 0);
    client
        .list_each("", |item| {
            match item {
                ListingItem::Entry(entry) => {
                    assert_eq!(entry.name(), format!("name-of-some-length-{next}"));
                    next += 1;
                }
                ListingItem::Unparsed(line) => {
                    assert_eq!(line, b"not an entry");
                    unparsed += 1;
                }
            }
            true
        })
        .expect("listing");
    assert_eq!((next, unparsed), (ENTRIES, 1));
}

#[test]
fn items_come_before_the_listing_has_ended() {
    // Without an end: only what comes meanwhile can be seen.
    let stall = Fault::new(Trigger::new(Moment::DataByte(100_000)).on("MLSD"), FaultAction::Stall);
    let server = long_listing(vec![stall]);
    let mut client = log_in(builder(&server)).expect("login");
    let mut seen = 0;
    let error = client
        .list_each("", |_| {
            seen += 1;
            true
        })
        .expect_err("stalled");
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!((1000..ENTRIES).contains(&seen), "{seen}");
}

#[test]
fn a_listing_can_be_stopped_and_the_login_goes_on() {
    let server = long_listing(Vec::new());
    let mut client = log_in(builder(&server)).expect("login");
    for last in [1, 1000, ENTRIES, ENTRIES + 1] {
        let mut seen = 0;
        let error = client
            .list_each("", |_| {
                seen += 1;
                seen < last
            })
            .expect_err("stopped");
        assert_eq!((error.kind(), seen), ("cancelled", last), "{error}");
        client.noop().expect("the login goes on");
    }
}

/// Proxies and settings take commands away that FEAT still names.
#[test]
fn list_takes_the_place_of_an_mlsd_that_feat_names_and_the_server_does_not_know() {
    for reply in ["500 Unknown command.", "502 Command not implemented."] {
        let server = start(Options {
            answers: [("MLSD".to_owned(), reply.to_owned())].into(),
            features: Some(vec!["MLST type*;size*;".to_owned()]),
            ..Options::default()
        });
        server.put_file("file", b"content").expect("a file");
        let mut client = log_in(builder(&server)).expect("login");
        for _ in 0..2 {
            let listing = client.list("").expect("LIST");
            assert!(listing.entries.iter().any(|entry| entry.name() == "file"), "{listing:?}");
        }
        let commands = server.counters().commands;
        assert_eq!((commands["MLSD"], commands["LIST"]), (1, 2), "asked once, and remembered");
    }
}

#[test]
fn an_mlsd_that_is_refused_for_another_reason_is_an_error() {
    for reply in ["501 Not a directory.", "550 No such directory.", "530 Not for you.", "450 Not now."] {
        let server = start(Options {
            answers: [("MLSD".to_owned(), reply.to_owned())].into(),
            features: Some(vec!["MLST type*;size*;".to_owned()]),
            ..Options::default()
        });
        let mut client = log_in(builder(&server)).expect("login");
        let error = client.list("").expect_err(reply);
        assert!(error.to_string().contains(reply), "{error}");
        assert!(!server.counters().commands.contains_key("LIST"), "{reply}");
    }
}
