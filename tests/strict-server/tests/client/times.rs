//! Times of last modification, on servers that know one way of setting them or none.

use crate::common::{builder, connect, log_in, start, BOTH};
use ftps::ResumptionPolicy;
use std::time::{Duration, SystemTime};
use strict_server::{Options, RunningServer};

const UNKNOWN: &str = "500 Unknown command.";

/// A server that knows what `options` leave, with a file.
fn server(mdtm_sets: bool, unknown: &[&str]) -> RunningServer {
    let answers = unknown.iter().map(|verb| (verb.to_string(), UNKNOWN.to_owned())).collect();
    let server = start(Options { mdtm_sets, answers, ..Options::default() });
    server.put_file("a file", b"content").expect("a file");
    server
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn lines_with(server: &RunningServer, part: &str) -> Vec<String> {
    server.commands().into_iter().map(|command| command.line).filter(|line| line.contains(part)).collect()
}

#[test]
fn the_first_way_that_the_server_knows_sets_the_time_and_is_remembered() {
    let cases: [(bool, &[&str], &str); 3] = [
        (false, &[], "MFMT 20010909014640 a file"),
        (true, &["MFMT"], "MDTM 20010909014640 a file"),
        (false, &["MFMT"], "SITE UTIME a file 20010909014640 20010909014640 20010909014640 UTC"),
    ];
    for (mdtm_sets, unknown, last) in cases {
        let server = server(mdtm_sets, unknown);
        let mut client = connect(&server, ResumptionPolicy::Prefer);
        client.set_modification_time("a file", at(1_000_000_000)).expect("a way");
        assert_eq!(client.modified("a file").expect("MDTM").unix_seconds(), 1_000_000_000);
        client.set_modification_time("a file", at(1_000_000_000)).expect("the same way");
        let sent = lines_with(&server, "20010909014640");
        assert_eq!(sent[sent.len() - 2..], [last, last], "{sent:?}");
    }
}

#[test]
fn a_fraction_of_a_second_is_left_out_and_times_before_1970_are_times() {
    let server = server(false, &[]);
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    client.set_modification_time("a file", at(1) + Duration::from_millis(999)).expect("MFMT");
    assert_eq!(client.modified("a file").expect("MDTM").unix_seconds(), 1);
    let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1);
    client.set_modification_time("a file", before).expect("MFMT");
    assert_eq!(client.modified("a file").expect("MDTM").unix_seconds(), -1);
}

#[test]
fn a_time_that_cannot_be_said_sends_nothing() {
    let server = server(false, &[]);
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let error = client.set_modification_time("a file", at(300_000_000_000)).expect_err("the year 11476");
    assert_eq!(error.kind(), "invalid-argument", "{error}");
    let error = client.set_modification_time("a\r\nfile", at(0)).expect_err("two lines");
    assert_eq!(error.kind(), "invalid-argument", "{error}");
    assert_eq!(lines_with(&server, "MFMT"), Vec::<String>::new());
}

#[test]
fn a_server_that_knows_no_way_refuses() {
    let server = server(false, &["MFMT", "MDTM", "SITE"]);
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let error = client.set_modification_time("a file", at(0)).expect_err("no way");
    assert_eq!(error.reply().map(|reply| reply.code()), Some(500), "{error}");
    assert_eq!(lines_with(&server, "19700101000000").len(), 3);
}

#[test]
fn a_missing_file_is_what_the_error_says() {
    let cases: [(bool, &[&str]); 3] = [(false, &[]), (true, &["MFMT", "SITE"]), (false, &["MFMT"])];
    for (mdtm_sets, unknown) in cases {
        let server = server(mdtm_sets, unknown);
        let mut client = connect(&server, ResumptionPolicy::Prefer);
        let error = client.set_modification_time("missing", at(0)).expect_err("no such file");
        assert_eq!(error.reply().map(|reply| reply.code()), Some(550), "{unknown:?} {error}");
    }
}

#[test]
fn setting_a_time_leaves_silent_relogin_possible() {
    for (versions, _) in BOTH {
        let server = start(Options {
            versions,
            answers: [("MFMT".to_owned(), UNKNOWN.to_owned())].into(),
            ..Options::default()
        });
        let mut client = log_in(builder(&server)).expect("login");
        client.upload_from("file", &mut &b"content"[..], |_| true).expect("upload");
        client.set_modification_time("file", at(0)).expect("SITE UTIME");
        server.forget_sessions();
        client.download_to("file", &mut Vec::new(), |_| true).expect("a new login");
        assert_eq!(client.statistics().relogins, 1);
    }
}
