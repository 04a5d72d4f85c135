//! NOOPs in the midst of transfers and between them, whenever their replies come.

use crate::common::{builder, get, log_in, on_threads, put, start};
use ftps::client::{Direction, FtpsClient};
use std::time::Duration;
use strict_server::{Fault, FaultAction, Moment, NoopInTransfer, Options, RunningServer, Trigger};

const KINDS: [NoopInTransfer; 4] = [
    NoopInTransfer::AnsweredAtOnce,
    NoopInTransfer::AnsweredAfterwards,
    NoopInTransfer::Refused,
    NoopInTransfer::Swallowed,
];

const INTERVAL: Duration = Duration::from_millis(30);

fn content() -> Vec<u8> {
    (0..400_000u32).map(|number| (number % 251) as u8).collect()
}

fn kept_alive(server: &RunningServer) -> FtpsClient {
    log_in(builder(server).keep_alive(INTERVAL)).expect("login")
}

/// Sends a file with pauses in between.
fn slow_upload(client: &mut FtpsClient, name: &str) -> ftps::Result<()> {
    client.open_transfer(Direction::Upload, "STOR", name, 0)?;
    for piece in content().chunks(100_000) {
        std::thread::sleep(2 * INTERVAL);
        client.write_all_data(piece)?;
    }
    client.finish_transfer().map(drop)
}

fn noops(server: &RunningServer) -> u64 {
    server.counters().commands.get("NOOP").copied().unwrap_or_default()
}

/// Commands whose replies could be mistaken for each other's.
fn assert_in_step(client: &mut FtpsClient, what: &str) {
    client.set_type("I").unwrap_or_else(|error| panic!("{what}: {error}"));
    client.noop().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(client.size("there").unwrap_or_else(|error| panic!("{what}: {error}")), 400_000, "{what}");
    assert_eq!(client.current_directory().unwrap_or_else(|error| panic!("{what}: {error}")), b"/", "{what}");
    assert!(get(client, "there").unwrap_or_else(|error| panic!("{what}: {error}")) == content(), "{what}");
}

#[test]
fn a_slow_transfer_is_kept_alive_and_its_end_is_not_taken_for_a_noops() {
    on_threads(&KINDS, |kind| {
        let what = format!("{kind:?}");
        let server = start(Options { noop_in_transfer: *kind, ..Options::default() });
        server.put_file("there", &content()).expect("a file");
        let mut client = kept_alive(&server);
        for round in 0..3 {
            let name = format!("file{round}");
            slow_upload(&mut client, &name).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(server.file(&name) == Some(content()), "{what}");
            let slow = |_| {
                std::thread::sleep(INTERVAL / 4);
                true
            };
            let mut received = Vec::new();
            client
                .download_to("there", &mut received, slow)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(received == content(), "{what}");
            assert_in_step(&mut client, &what);
        }
        assert!(noops(&server) > 9, "{what}: {}", noops(&server));
    });
}

#[test]
fn a_server_that_is_slow_to_confirm_is_kept_alive_too() {
    let late = FaultAction::Delay(5 * INTERVAL);
    for kind in KINDS {
        let what = format!("{kind:?}");
        let fault = Fault::new(Trigger::new(Moment::FinalReply).every(), late.clone());
        let server = start(Options { noop_in_transfer: kind, faults: vec![fault], ..Options::default() });
        server.put_file("there", &content()).expect("a file");
        let mut client = kept_alive(&server);
        put(&mut client, "file", &content()).expect("upload");
        get(&mut client, "file").expect("download");
        assert_in_step(&mut client, &what);
        assert!(noops(&server) > 2, "{what}");
    }
}

#[test]
fn a_failure_is_not_taken_for_a_noops_reply_nor_a_noops_reply_for_success() {
    let mut cases = Vec::new();
    for kind in KINDS {
        for reply in ["451 Local error.", "552 Disk full.", "426 Aborted.", "450 Busy."] {
            cases.push((kind, reply));
        }
    }
    on_threads(&cases, |(kind, reply)| {
        let what = format!("{kind:?} {reply}");
        let action = FaultAction::Reply(format!("{reply}\r\n").into_bytes());
        let fault = Fault::new(Trigger::new(Moment::FinalReply).on("STOR"), action);
        let server = start(Options { noop_in_transfer: *kind, faults: vec![fault], ..Options::default() });
        server.put_file("there", &content()).expect("a file");
        let mut client = kept_alive(&server);
        let error = slow_upload(&mut client, "file").expect_err("it failed");
        let code = error.reply().map(|reply| reply.code().to_string());
        assert_eq!(code.as_deref(), reply.get(..3), "{what}: {error}");
        assert_in_step(&mut client, &what);
    });
}

#[test]
fn a_transfer_that_is_given_up_while_noops_are_unanswered_leaves_the_login_in_step() {
    on_threads(&KINDS, |kind| {
        let what = format!("{kind:?}");
        let server = start(Options { noop_in_transfer: *kind, ..Options::default() });
        server.put_file("there", &content()).expect("a file");
        let mut client = kept_alive(&server);
        for direction in [Direction::Upload, Direction::Download] {
            let verb = if direction == Direction::Upload { "STOR" } else { "RETR" };
            client.open_transfer(direction, verb, "there", 0).expect(verb);
            for _ in 0..4 {
                std::thread::sleep(2 * INTERVAL);
                client.keep_alive().expect("NOOP");
            }
            client.abort_transfer();
            server.put_file("there", &content()).expect("a file");
            client.set_type("I").unwrap_or_else(|error| panic!("{what}: {error}"));
            server.put_file("there", &content()).expect("a file");
            assert_in_step(&mut client, &what);
        }
        assert!(noops(&server) >= 8, "{what}");
    });
}

#[test]
fn an_idle_connection_is_kept_alive_when_it_is_time() {
    let server = start(Options::default());
    let mut client = kept_alive(&server);
    client.keep_alive().expect("nothing to do");
    assert_eq!(noops(&server), 0);
    std::thread::sleep(2 * INTERVAL);
    client.keep_alive().expect("NOOP");
    client.keep_alive().expect("nothing to do");
    assert_eq!(noops(&server), 1);
}

#[test]
fn nothing_is_sent_where_nobody_asked_for_it() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    slow_upload(&mut client, "file").expect("upload");
    client.keep_alive().expect("nothing to do");
    assert_eq!(noops(&server), 0);
}
