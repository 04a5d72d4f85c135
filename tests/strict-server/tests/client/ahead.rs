//! EPSV for the next file, asked while the current download ends.

use crate::common::{builder, get, log_in, put, start};
use ftps::client::Dialogue;
use ftps::FtpsClient;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, TlsVersions, Trigger};

/// What is said on the control connection: verbs and codes.
fn overheard(client: &mut FtpsClient) -> Arc<Mutex<Vec<String>>> {
    let said = Arc::new(Mutex::new(Vec::new()));
    let notes = said.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        notes.lock().expect("notes").push(match line {
            Dialogue::Sent(command) => command.verb().to_owned(),
            Dialogue::Received(reply) => reply.code().to_string(),
        });
    })));
    said
}

fn server(versions: TlsVersions) -> RunningServer {
    // Late enough that the payload's end comes first, as on any network.
    let late = FaultAction::Delay(Duration::from_millis(100));
    let fault = Fault::new(Trigger::new(Moment::FinalReply).on("RETR").every(), late);
    let server = start(Options { versions, faults: vec![fault], ..Options::default() });
    server.put_file("file", &[7; 50_000]).expect("a file");
    server
}

#[test]
fn a_batch_of_downloads_asks_for_the_next_address_while_a_file_ends() {
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let server = server(versions);
        let mut client = log_in(builder(&server)).expect("login");
        for _ in 0..2 {
            get(&mut client, "file").expect("download");
        }
        let said = overheard(&mut client);
        assert_eq!(get(&mut client, "file").expect("download"), [7; 50_000]);
        let said = said.lock().expect("notes");
        assert_eq!(*said, ["229", "RETR", "150", "EPSV", "226"], "{versions:?}");
        assert_eq!(server.counters().data_same_session, 3);
    }
}

#[test]
fn a_single_download_asks_for_nothing_ahead() {
    let server = server(TlsVersions::Tls13);
    let mut client = log_in(builder(&server)).expect("login");
    let said = overheard(&mut client);
    get(&mut client, "file").expect("download");
    put(&mut client, "other", b"content").expect("upload");
    get(&mut client, "file").expect("download");
    let asked = said.lock().expect("notes").iter().filter(|line| *line == "EPSV").count();
    assert_eq!(asked, 3);
}

#[test]
fn what_was_asked_ahead_is_in_the_way_of_nothing_that_follows() {
    let follow_ups: [fn(&mut FtpsClient); 5] = [
        |client| client.noop().expect("NOOP"),
        |client| assert_eq!(client.size("file").expect("SIZE"), 50_000),
        |client| assert_eq!(client.current_directory().expect("PWD"), b"/"),
        |client| assert_eq!(put(client, "new", b"content").expect("upload"), 7),
        |client| {
            client.rename("file", "renamed").and_then(|()| client.rename("renamed", "file")).expect("rename")
        },
    ];
    let server = server(TlsVersions::Tls13);
    let mut client = log_in(builder(&server)).expect("login");
    for follow_up in follow_ups {
        for _ in 0..3 {
            assert_eq!(get(&mut client, "file").expect("download").len(), 50_000);
        }
        follow_up(&mut client);
        assert_eq!(client.list("").expect("listing").unparsed, Vec::<Vec<u8>>::new());
    }
    client.quit().expect("QUIT");
}

#[test]
fn an_upload_asks_anew_where_to_go() {
    let server = server(TlsVersions::Tls13);
    let mut client = log_in(builder(&server)).expect("login");
    for _ in 0..3 {
        get(&mut client, "file").expect("download");
    }
    let said = overheard(&mut client);
    put(&mut client, "new", b"content").expect("upload");
    let said = said.lock().expect("notes");
    assert_eq!(said[..4], ["229", "EPSV", "229", "STOR"], "{said:?}");
}

#[test]
fn a_failed_download_of_a_batch_leaves_the_dialogue_in_step() {
    let server = server(TlsVersions::Tls13);
    let mut client = log_in(builder(&server)).expect("login");
    for _ in 0..3 {
        for _ in 0..3 {
            get(&mut client, "file").expect("download");
        }
        assert_eq!(get(&mut client, "missing").expect_err("no such file").kind(), "refused");
        assert_eq!(client.size("file").expect("SIZE"), 50_000);
    }
}

/// Servers that answer commands while a transfer still ends may be quicker with the address than with the verdict.
#[test]
fn an_address_that_comes_before_the_verdict_is_not_taken_for_it() {
    let reply = |verb, nth, moment, text: &str| {
        let line = FaultAction::Reply(format!("{text}\r\n").into_bytes());
        Fault::new(Trigger::new(moment).on(verb).nth(nth), line)
    };
    for (verdict, outcome) in [("226 Done.", Ok(50_000)), ("451 Disk error.", Err("refused"))] {
        // No server names the address before it was asked.
        let second = Trigger::new(Moment::FinalReply).on("RETR").nth(2);
        let faults = vec![
            Fault::new(second, FaultAction::Delay(Duration::from_millis(100))),
            // Nobody listens there: an upload asks anew.
            reply("RETR", 2, Moment::FinalReply, "229 Entering Extended Passive Mode (|||1|)"),
            reply("EPSV", 3, Moment::Reply, verdict),
        ];
        let server = start(Options { faults, ..Options::default() });
        server.put_file("file", &[7; 50_000]).expect("a file");
        let mut client = log_in(builder(&server)).expect("login");
        get(&mut client, "file").expect("download");
        let second = get(&mut client, "file").map(|content| content.len());
        assert_eq!(second.map_err(|error| error.kind()), outcome, "{verdict}");
        client.noop().expect("in step");
        put(&mut client, "new", b"content").expect("upload");
    }
}
