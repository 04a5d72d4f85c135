//! Ends that come too early, at both ends of the dialogue.

use crate::common::{builder, get, log_in, put, start};
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

const LENGTH: usize = 60_000;

fn announcing(verb: &str, reply: &str, faults: Vec<Fault>) -> Options {
    let mut faults = faults;
    let action = FaultAction::Reply(format!("{reply}\r\n").into_bytes());
    faults.push(Fault::new(Trigger::new(Moment::Reply).on(verb), action));
    Options { faults, ..Options::default() }
}

fn ends_early(verb: &str) -> Fault {
    Fault::new(Trigger::new(Moment::DataByte(20_000)).on(verb), FaultAction::EndEarly)
}

#[test]
fn a_download_of_fewer_bytes_than_the_150_announced_is_truncated() {
    let reply = "150 Opening BINARY mode data connection for there (60000 bytes).";
    let server = start(announcing("RETR", reply, vec![ends_early("RETR")]));
    server.put_file("there", &[7; LENGTH]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    let error = get(&mut client, "there").expect_err("fewer bytes");
    assert_eq!((error.kind(), error.bytes_moved()), ("truncated", 20_000), "{error}");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(226), "{error}");
    client.noop().expect("the login goes on");
}

#[test]
fn a_resumed_download_of_fewer_bytes_than_announced_is_truncated() {
    let reply = "150 Opening BINARY mode data connection for there (60000 bytes).";
    let server = start(announcing("RETR", reply, vec![ends_early("RETR")]));
    server.put_file("there", &[7; LENGTH]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    let mut download = client.download("there", 10_000).expect("RETR");
    std::io::copy(&mut download, &mut std::io::sink()).expect("payload");
    let error = download.finish().expect_err("30,000 bytes of 50,000");
    assert_eq!(error.kind(), "truncated", "{error}");
}

#[test]
fn a_download_of_what_the_150_announced_is_whole() {
    for length in ["60000 bytes", "5 bytes", "some bytes"] {
        let reply = format!("150 Opening data connection for there ({length}).");
        let server = start(announcing("RETR", &reply, Vec::new()));
        server.put_file("there", &[7; LENGTH]).expect("a file");
        let mut client = log_in(builder(&server)).expect("login");
        // A file may have grown since it was announced.
        assert_eq!(get(&mut client, "there").expect("download"), [7; LENGTH], "{length}");
    }
}

#[test]
fn an_announced_size_does_not_count_for_text() {
    let reply = "150 Opening ASCII mode data connection for there (70000 bytes).";
    let server = start(announcing("RETR", reply, Vec::new()));
    server.put_file("there", &[b'x'; LENGTH]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    client.set_type("A").expect("TYPE A");
    assert_eq!(get(&mut client, "there").expect("line ends are converted").len(), LENGTH);
}

/// Nothing announced a size, close_notify came, and the server says 226: no client can tell.
#[test]
fn a_download_is_as_long_as_close_notify_and_226_say_where_no_size_was_announced() {
    let server = start(Options { faults: vec![ends_early("RETR")], ..Options::default() });
    server.put_file("there", &[7; LENGTH]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    assert_eq!(get(&mut client, "there").expect("226").len(), 20_000);
}

#[test]
fn a_226_before_the_end_of_a_download_does_not_end_it() {
    let early = Trigger::new(Moment::DataByte(20_000)).on("RETR");
    let late = Trigger::new(Moment::FinalReply).on("RETR");
    let faults = vec![
        Fault::new(early, FaultAction::Extra(b"226 Transfer complete.\r\n".to_vec())),
        Fault::new(late, FaultAction::NoReply),
    ];
    let server = start(Options { faults, ..Options::default() });
    server.put_file("there", &[7; LENGTH]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    assert_eq!(get(&mut client, "there").expect("download"), [7; LENGTH]);
    client.noop().expect("the login goes on");
}

/// More than any socket buffer takes: the client is still writing when the server says that it has everything.
#[test]
fn a_226_before_the_end_of_an_upload_is_an_error() {
    let server = start(Options { faults: vec![ends_early("STOR")], ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let error = put(&mut client, "file", &vec![7; 32 << 20]).expect_err("not all was taken");
    assert!(error.bytes_moved() < 32 << 20, "the rest need not be sent: {error}");
    assert!(["protocol", "connection-lost"].contains(&error.kind()), "{error}");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(226), "{error}");
    client.noop().expect("the login goes on");
}

/// The caller takes its time, so the server's word has arrived before the end of the file.
#[test]
fn a_226_that_lies_there_when_an_upload_is_finished_is_an_error() {
    let server = start(Options { faults: vec![ends_early("STOR")], ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let mut upload = client.upload("file", 0).expect("STOR");
    std::io::Write::write_all(&mut upload, &[7; LENGTH]).expect("payload");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let error = upload.finish().expect_err("not all was taken");
    assert_eq!(error.kind(), "protocol", "{error}");
    client.noop().expect("the login goes on");
}

#[test]
fn a_negative_final_reply_is_an_error_though_all_bytes_were_sent() {
    let fault = Fault::new(
        Trigger::new(Moment::FinalReply).on("STOR"),
        FaultAction::Reply(b"552 Quota exceeded.\r\n".to_vec()),
    );
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let error = put(&mut client, "file", &[7; LENGTH]).expect_err("552");
    assert_eq!((error.kind(), error.bytes_moved()), ("refused", LENGTH as u64), "{error}");
    client.noop().expect("the login goes on");
}

#[test]
fn a_negative_reply_ends_an_upload_that_is_blocked() {
    let faults = vec![Fault::new(
        Trigger::new(Moment::DataByte(20_000)).on("STOR"),
        FaultAction::Reply(b"552 Quota exceeded.\r\n".to_vec()),
    )];
    let server = start(Options { faults, ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let error = put(&mut client, "file", &vec![7; 32 << 20]).expect_err("552");
    assert_eq!(error.kind(), "refused", "{error}");
    assert!(error.bytes_moved() > 0, "{error}");
}

#[test]
fn an_end_without_close_notify_is_taken_only_where_the_caller_says_so() {
    let unsaid = Fault::new(Trigger::new(Moment::DataEnd).on("RETR").every(), FaultAction::NoCloseNotify);
    let server = start(Options { faults: vec![unsaid], ..Options::default() });
    server.put_file("there", &[7; LENGTH]).expect("a file");
    for (tolerate, outcome) in [(false, Err("truncated")), (true, Ok(LENGTH))] {
        let builder = builder(&server).tolerate_missing_close_notify(tolerate);
        let mut client = log_in(builder).expect("login");
        let received = get(&mut client, "there").map(|content| content.len());
        assert_eq!(received.map_err(|error| error.kind()), outcome);
    }
}
