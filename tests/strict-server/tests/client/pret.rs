//! Distributed servers that want to know the transfer before they listen: PRET.

use crate::common::{builder, get, log_in, put, start};
use ftps::client::ActiveMode;
use strict_server::{Options, RunningServer};

fn lines(server: &RunningServer, verbs: &[&str]) -> Vec<String> {
    let lines = server.commands().into_iter().map(|command| command.line);
    lines.filter(|line| verbs.iter().any(|verb| line.starts_with(verb))).collect()
}

#[test]
fn every_passive_transfer_is_announced_where_the_server_lists_pret() {
    let server = start(Options { pret: true, ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    put(&mut client, " a name ", b"content").expect("upload");
    // A batch, in which EPSV is asked ahead elsewhere.
    for _ in 0..3 {
        assert_eq!(get(&mut client, " a name ").expect("download"), b"content");
    }
    client.list("").expect("listing");
    let sent = lines(&server, &["PRET", "EPSV"]);
    let expected =
        ["PRET STOR  a name ", "PRET RETR  a name ", "PRET RETR  a name ", "PRET RETR  a name ", "PRET MLSD"];
    let expected: Vec<&str> = expected.into_iter().flat_map(|line| [line, "EPSV"]).collect();
    assert_eq!(sent, expected);
}

#[test]
fn nothing_is_announced_in_active_mode_or_to_a_server_that_does_not_list_pret() {
    for pret in [false, true] {
        let server = start(Options { pret, features: (!pret).then(Vec::new), ..Options::default() });
        let mode = pret.then(ActiveMode::default);
        let mut client = log_in(builder(&server).active_mode(mode)).expect("login");
        put(&mut client, "file", b"content").expect("upload");
        assert_eq!(lines(&server, &["PRET"]), [""; 0]);
    }
}

#[test]
fn a_refusal_of_pret_is_that_of_the_transfer() {
    let answers = [("PRET".to_owned(), "550 No such file.".to_owned())].into();
    let server = start(Options { answers, features: Some(vec!["PRET".into()]), ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let error = get(&mut client, "missing").expect_err("550");
    assert_eq!((error.kind(), error.reply().map(ftps::protocol::Reply::code)), ("refused", Some(550)));
    assert_eq!(lines(&server, &["EPSV", "RETR"]), [""; 0]);
    client.noop().expect("the login goes on");
}

#[test]
fn a_server_that_lists_pret_and_does_not_know_it_is_asked_once() {
    let server = start(Options { features: Some(vec!["PRET".into()]), ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    put(&mut client, "one", b"content").expect("upload");
    put(&mut client, "two", b"content").expect("upload");
    assert_eq!(lines(&server, &["PRET"]), ["PRET STOR one"]);
}
