//! Texts in TYPE A, whose lines end in CR LF on the wire. The strict server stores what the wire brought.

use crate::common::{builder, connect, get, log_in, put, start, BOTH};
use ftps::client::{Direction, LineEnds};
use ftps::protocol::listing::ListingFormat;
use ftps::{FtpsClient, ResumptionPolicy};
use std::io::{Cursor, Read, Write};
use strict_server::{Options, RunningServer, Tickets};

fn text_client(server: &RunningServer) -> FtpsClient {
    let mut client = log_in(builder(server).line_ends(LineEnds::Lf)).expect("login");
    client.set_type("A").expect("TYPE A");
    client
}

/// Line ends at all offsets, so that some lie where pieces meet.
fn long(line_end: &str) -> Vec<u8> {
    (0..60_000).flat_map(|line: usize| [&b"abcdefg"[..line % 7], line_end.as_bytes()].concat()).collect()
}

#[test]
fn lines_are_converted_both_ways() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let mut client = text_client(&server);
        let (local, wire) = (long("\n"), long("\r\n"));
        assert_eq!(put(&mut client, "text", &local).expect("upload"), wire.len() as u64);
        assert!(server.file("text").expect("stored") == wire);
        assert!(get(&mut client, "text").expect("download") == local);
    }
}

#[test]
fn nothing_is_converted_in_type_i_or_where_local_lines_end_as_on_the_wire() {
    let server = start(Options::default());
    let mut client = text_client(&server);
    client.set_type("I").expect("TYPE I");
    put(&mut client, "image", b"one\ntwo\r\n").expect("upload");
    client.set_type("A").expect("TYPE A");
    client.set_line_ends(LineEnds::CrLf);
    put(&mut client, "as is", b"one\ntwo\r\n").expect("upload");
    for name in ["image", "as is"] {
        assert_eq!(server.file(name).expect("stored"), b"one\ntwo\r\n", "{name}");
    }
    assert_eq!(get(&mut client, "as is").expect("download"), b"one\ntwo\r\n");
}

#[test]
fn streams_convert_too_whatever_the_size_of_the_callers_pieces() {
    let server = start(Options::default());
    let mut client = text_client(&server);
    let mut upload = client.upload("text", 0).expect("STOR");
    for byte in b"one\r\n\rtwo\n\r" {
        upload.write_all(&[*byte]).expect("payload");
    }
    upload.finish().expect("226");
    assert_eq!(server.file("text").expect("stored"), b"one\r\n\rtwo\r\n\r");
    let mut download = client.download("text", 0).expect("RETR");
    let (mut text, mut byte) = (Vec::new(), [0]);
    while download.read(&mut byte).expect("payload") > 0 {
        text.push(byte[0]);
    }
    download.finish().expect("226");
    assert_eq!(text, b"one\n\rtwo\n\r");
}

#[test]
fn a_text_that_was_not_taken_to_its_end_is_not_finished() {
    let server = start(Options::default());
    server.put_file("text", b"one\r\ntwo\r\n").expect("a file");
    let mut client = text_client(&server);
    client.open_transfer(Direction::Download, "RETR", "text", 0).expect("RETR");
    client.read_data(&mut [0; 4]).expect("payload");
    let error = client.finish_transfer().expect_err("there is more");
    assert_eq!(error.kind(), "wrong-state", "{error}");
    client.noop().expect("the login goes on");
}

#[test]
fn listings_are_never_converted() {
    let options = Options { raw_listing: Some(b"one\r\r\ntwo\r\n".to_vec()), ..Options::default() };
    let server = start(options);
    let mut client = text_client(&server);
    let names = client.list_with("NLST", "", ListingFormat::Names).expect("NLST").entries;
    assert_eq!(names[0].name_bytes(), b"one\r");
}

#[test]
fn a_text_has_no_offsets() {
    let server = start(Options::default());
    server.put_file("text", b"one\r\ntwo\r\n").expect("a file");
    let mut client = text_client(&server);
    for error in [
        client.download("text", 5).map(drop).expect_err("no offset"),
        client.upload("text", 5).map(drop).expect_err("no offset"),
    ] {
        assert_eq!(error.kind(), "wrong-state", "{error}");
    }
    assert!(!server.commands().iter().any(|command| command.line.starts_with("REST")));
    client.noop().expect("the login goes on");
}

/// A single ticket at a time: every other upload is refused with payload under way, and sent again in a new login.
#[test]
fn a_text_that_is_sent_again_is_converted_once() {
    let tickets = Tickets { at_login: 1, single_use: true, on_uploads: 0, ..Tickets::default() };
    let server = start(Options { tickets, ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    client.set_line_ends(LineEnds::Lf);
    client.set_type("A").expect("TYPE A");
    let (local, wire) = (long("\n"), long("\r\n"));
    for round in 0..4 {
        put(&mut client, "short", b"one\ntwo\n").expect("upload");
        assert_eq!(server.file("short").expect("stored"), b"one\r\ntwo\r\n", "{round}");
        client.upload_from_seekable("text", &mut Cursor::new(&local), |_| true).expect("upload");
        assert!(server.file("text").expect("stored") == wire, "{round}");
    }
    assert!(client.statistics().relogins > 0, "{:?}", client.statistics());
}
