//! Parts of files.

use crate::common::{builder, connect, kind_of, log_in, put, start, BOTH};
use ftps::ResumptionPolicy;
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

fn content() -> Vec<u8> {
    (0..1_000_000u32).map(|number| (number % 251) as u8).collect()
}

#[test]
fn a_range_is_these_bytes_and_the_login_goes_on() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        server.put_file("file", &content()).expect("a file");
        let mut client = connect(&server, ResumptionPolicy::Require);
        for (offset, length) in [(0, 0), (0, 1), (0, 999_999), (500_000, 16_385), (999_999, 1)] {
            let mut received = Vec::new();
            let count = client.download_range("file", offset, length, &mut received).expect("a range");
            assert_eq!(count, length);
            assert!(received == content()[offset as usize..(offset + length) as usize], "{offset} {length}");
            assert_eq!(client.current_directory().expect("the login goes on"), b"/");
            put(&mut client, "other", b"content").expect("and so do transfers");
        }
        let statistics = client.statistics();
        assert_eq!((statistics.full, statistics.relogins), (0, 0));
    }
}

#[test]
fn a_range_that_reaches_beyond_the_end_is_what_there_is() {
    let server = start(Options::default());
    server.put_file("file", &content()).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let mut received = Vec::new();
    assert_eq!(client.download_range("file", 999_990, 100, &mut received).expect("a range"), 10);
    assert_eq!(received, content()[999_990..]);
}

#[test]
fn a_range_that_the_connection_does_not_bring_whole_is_an_error() {
    let cut = Fault::new(Trigger::new(Moment::DataByte(1000)).on("RETR"), FaultAction::Cut);
    let server = start(Options { faults: vec![cut], ..Options::default() });
    server.put_file("file", &content()).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    let error = client.download_range("file", 0, 2000, &mut Vec::new()).expect_err("cut");
    assert!(["truncated", "refused"].contains(&kind_of(&error)), "{error}");
}

#[test]
fn no_part_of_a_file_has_an_offset_in_ascii_mode() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    client.set_type("A").expect("TYPE A");
    let error = client.download_range("file", 0, 1, &mut Vec::new()).expect_err("TYPE A");
    assert_eq!(error.kind(), "wrong-state", "{error}");
}
