//! How far TLS goes: data connections in clear (PROT C), and the control connection after login (CCC).

use crate::common::{builder, get, log_in, put, start, BOTH};
use ftps::client::{ActiveMode, DataProtection};
use ftps::ResumptionPolicy;
use strict_server::{
    Fault, FaultAction, Moment, Options, RunningServer, Tickets, TlsVersions, Trigger, Wording,
};

fn clear(server: &RunningServer) -> ftps::client::Builder {
    builder(server).data_protection(DataProtection::Clear)
}

fn count(server: &RunningServer, line: &str) -> usize {
    server.commands().iter().filter(|command| command.line == line).count()
}

#[test]
fn data_connections_are_in_clear_where_the_caller_says_so() {
    let server = start(Options::default());
    let mut client = log_in(clear(&server)).expect("login");
    let content: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();
    put(&mut client, "file", &content).expect("upload");
    assert!(get(&mut client, "file").expect("download") == content);
    put(&mut client, "empty", b"").expect("upload");
    assert_eq!(get(&mut client, "empty").expect("download"), b"");
    assert!(client.list("").expect("listing").entries.iter().any(|entry| entry.name() == "file"));
    client.set_active_mode(Some(ActiveMode::default())).expect("active mode");
    assert!(get(&mut client, "file").expect("download in active mode") == content);
    let counters = server.counters();
    assert_eq!((counters.data_connections, counters.data_full, counters.data_resumed), (6, 0, 0));
    let statistics = client.statistics();
    assert_eq!((statistics.data_connections, statistics.clear), (6, 6));
    assert_eq!((statistics.resumed, statistics.full, statistics.tickets_offered), (0, 0, 0));
    assert_eq!((count(&server, "PROT C"), count(&server, "PROT P")), (1, 0));
}

#[test]
fn data_connections_are_protected_unless_the_caller_says_otherwise() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    put(&mut client, "file", b"content").expect("upload");
    assert_eq!((client.statistics().clear, client.statistics().resumed), (0, 1));
    assert_eq!((count(&server, "PROT C"), count(&server, "PROT P")), (0, 1));
}

#[test]
fn clear_data_connections_and_required_resumption_contradict_each_other() {
    let server = start(Options::default());
    let outcome = clear(&server).resumption(ResumptionPolicy::Require).connect();
    assert_eq!(outcome.expect_err("one of the two").kind(), "invalid-argument");
    assert_eq!(server.counters().control_connections, 0);
}

/// vsftpd's code for it is also its code for a session that was not resumed; a new login would not help.
#[test]
fn a_server_that_insists_on_protection_refuses_and_is_not_logged_in_to_anew() {
    for (wording, code) in [(Wording::FileZilla09, 521), (Wording::Vsftpd, 522)] {
        let server = start(Options { require_protection: true, wording, ..Options::default() });
        let mut client = log_in(clear(&server)).expect("login");
        let error = put(&mut client, "file", b"content").expect_err("not in clear");
        assert_eq!(error.kind(), "refused", "{error}");
        assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(code), "{error}");
        assert_eq!(client.statistics().relogins, 0);
    }
}

#[test]
fn a_refusal_of_prot_c_is_the_logins() {
    let answers = [("PROT".to_owned(), "534 Not in clear.".to_owned())].into();
    let server = start(Options { answers, ..Options::default() });
    let error = log_in(clear(&server)).expect_err("no PROT C");
    assert!(error.to_string().starts_with("the server does not take data connections in clear"), "{error}");
}

#[test]
fn a_transfer_in_clear_that_breaks_is_an_error() {
    for action in [FaultAction::Cut, FaultAction::Reset, FaultAction::Stall] {
        for verb in ["RETR", "STOR"] {
            let fault = Fault::new(Trigger::new(Moment::DataByte(1000)).on(verb), action.clone());
            let server = start(Options { faults: vec![fault], ..Options::default() });
            server.put_file("file", &[7; 3_000_000]).expect("a file");
            let mut client = log_in(clear(&server)).expect("login");
            let outcome = match verb {
                "RETR" => get(&mut client, "file").map(drop),
                _ => put(&mut client, "other", &[7; 3_000_000]).map(drop),
            };
            outcome.expect_err("not all of it");
            client.noop().expect("the login goes on");
        }
    }
}

fn clearable(versions: TlsVersions) -> Options {
    // Without tickets of their own, data connections live on those of the control connection.
    let tickets = Tickets { on_uploads: 0, on_downloads: 0, ..Tickets::default() };
    Options { clear_control: true, versions, tickets, ..Options::default() }
}

#[test]
fn after_ccc_commands_go_in_clear_and_the_tether_holds() {
    for (versions, version) in BOTH {
        let server = start(clearable(versions));
        let mut client = log_in(builder(&server).resumption(ResumptionPolicy::Require)).expect("login");
        put(&mut client, "file", b"content").expect("upload");
        client.clear_command_channel().expect("CCC");
        for _ in 0..10 {
            put(&mut client, "file", b"content").expect("upload");
            assert_eq!(get(&mut client, "file").expect("download"), b"content");
            client.list("").expect("listing");
        }
        client.clear_command_channel().expect("nothing is left to be done");
        assert_eq!(count(&server, "CCC"), 1);
        assert_eq!(client.tls_version(), Some(version));
        let counters = server.counters();
        assert_eq!((counters.data_same_session, counters.data_full), (31, 0));
        client.quit().expect("QUIT");
    }
}

#[test]
fn a_server_that_ends_tls_only_after_the_client_is_not_waited_for() {
    for (versions, _) in BOTH {
        let server = start(Options { awaits_close_notify: true, ..clearable(versions) });
        let mut client = log_in(builder(&server).resumption(ResumptionPolicy::Require)).expect("login");
        client.clear_command_channel().expect("CCC");
        put(&mut client, "file", b"content").expect("upload");
        assert_eq!(server.counters().data_same_session, 1);
        client.quit().expect("QUIT");
    }
}

#[test]
fn a_refusal_of_ccc_leaves_tls_as_it_is() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    let error = client.clear_command_channel().expect_err("533");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(533), "{error}");
    put(&mut client, "file", b"content").expect("the login goes on");
}

#[test]
fn ccc_before_the_login_is_refused_here() {
    let server = start(clearable(TlsVersions::Both));
    let mut client = builder(&server).connect().expect("a connection");
    assert_eq!(client.clear_command_channel().expect_err("not logged in").kind(), "wrong-state");
    assert_eq!(count(&server, "CCC"), 0);
}

#[test]
fn a_server_that_does_not_end_tls_after_ccc_is_a_timeout_and_the_connection_is_over() {
    for (versions, _) in BOTH {
        let stall = Fault::new(Trigger::new(Moment::AfterReply).on("CCC"), FaultAction::Stall);
        let server = start(Options { faults: vec![stall], ..clearable(versions) });
        let mut client = log_in(builder(&server)).expect("login");
        assert_eq!(client.clear_command_channel().expect_err("no end").kind(), "timeout");
        assert!(!client.is_usable());
    }
}

#[test]
fn a_silent_login_repeats_ccc() {
    let tickets = Tickets { single_use: true, on_downloads: 0, on_uploads: 0, ..Tickets::default() };
    let server =
        start(Options { clear_control: true, versions: TlsVersions::Tls12, tickets, ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    client.clear_command_channel().expect("CCC");
    for _ in 0..4 {
        put(&mut client, "file", b"content").expect("upload");
    }
    let relogins = client.statistics().relogins;
    assert!(relogins > 0);
    assert_eq!(count(&server, "CCC") as u64, 1 + relogins);
}
