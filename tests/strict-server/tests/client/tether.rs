//! Data connections resume the control connection's session, or their failure to do so has a name.

use crate::common::{builder, connect, get, log_in, put, start, try_connect, BOTH};
use ftps::client::{Dialogue, Direction};
use ftps::net::CancelToken;
use ftps::{Error, ResumptionPolicy};
use std::sync::Arc;
use strict_server::{
    Fault, FaultAction, Moment, Options, Resumption, Tickets, Tls12Sessions, TlsVersions, Trigger, Wording,
};

#[test]
fn a_client_that_does_not_resume_is_told_so_in_every_servers_words() {
    for (wording, code) in [
        (Wording::FileZilla09, 450),
        (Wording::FileZilla1, 425),
        (Wording::Vsftpd, 522),
        (Wording::ProFtpd, 425),
    ] {
        for (versions, _) in BOTH {
            let server = start(Options { wording, versions, ..Options::default() });
            let mut client = connect(&server, ResumptionPolicy::Off);
            let error = client.list("").expect_err("refused");
            assert!(matches!(error, Error::NotResumed(_)), "{wording:?} {error:?}");
            assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(code), "{error:?}");
            assert_eq!(server.counters().logins, 1, "{wording:?}: a new login cannot help");
        }
    }
}

#[test]
fn every_data_connection_resumes_where_uploads_bring_no_tickets() {
    for (versions, version) in BOTH {
        let tickets = Tickets { on_uploads: 0, ..Tickets::default() };
        let server = start(Options { versions, tickets, wording: Wording::ProFtpd, ..Options::default() });
        let mut client = connect(&server, ResumptionPolicy::Require);
        for number in 0..50 {
            put(&mut client, &format!("file{number}"), b"content").expect("upload");
        }
        assert_eq!(get(&mut client, "file49").expect("download"), b"content");
        assert_eq!(client.tls_version(), Some(version));
        let counters = server.counters();
        assert_eq!((counters.data_same_session, counters.data_full, counters.data_refused), (51, 0, 0));
        assert_eq!((client.statistics().resumed, client.statistics().relogins), (51, 0));
    }
}

#[test]
fn tickets_that_are_good_once_last_for_a_whole_login() {
    let tickets = Tickets { single_use: true, ..Tickets::default() };
    let server = start(Options { tickets, versions: TlsVersions::Tls13, ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Require);
    for _ in 0..50 {
        put(&mut client, "file", b"content").expect("upload");
    }
    assert_eq!(server.counters().data_same_session, 50);
    assert_eq!(client.statistics().relogins, 0);
}

#[test]
fn tickets_of_the_control_connection_are_found_where_only_they_are_taken() {
    let tickets = Tickets { only_from_control: true, ..Tickets::default() };
    let server = start(Options { tickets, versions: TlsVersions::Tls13, ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    for _ in 0..20 {
        put(&mut client, "file", b"content").expect("upload");
    }
    assert_eq!(server.file("file").as_deref(), Some(&b"content"[..]));
    assert_eq!(client.statistics().relogins, 0);
}

#[test]
fn a_server_that_hangs_up_on_other_tickets_is_logged_in_to_anew_once() {
    let tickets = Tickets { only_from_control: true, ..Tickets::default() };
    let options =
        Options { tickets, wording: Wording::Vsftpd, versions: TlsVersions::Tls13, ..Options::default() };
    let server = start(options);
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    for _ in 0..20 {
        put(&mut client, "file", b"content").expect("upload");
    }
    assert_eq!(server.file("file").as_deref(), Some(&b"content"[..]));
    assert_eq!(client.statistics().relogins, 1);
}

fn without_sessions(versions: TlsVersions, resumption: Resumption) -> Options {
    let tickets = Tickets { at_login: 0, on_downloads: 0, on_uploads: 0, ..Tickets::default() };
    Options { versions, resumption, tickets, tls12_sessions: Tls12Sessions::Neither, ..Options::default() }
}

#[test]
fn require_without_a_session_fails_before_any_transfer_command() {
    for (versions, _) in BOTH {
        let server = start(without_sessions(versions, Resumption::NotRequired));
        server.put_file("target", b"untouched").expect("a file");
        let mut client = connect(&server, ResumptionPolicy::Require);
        let error = put(&mut client, "target", b"new").expect_err("nothing to resume");
        assert!(matches!(error, Error::NotResumed(_)), "{error:?}");
        assert!(!server.commands().iter().any(|command| command.line.starts_with("STOR")));
        assert_eq!(server.file("target").as_deref(), Some(&b"untouched"[..]));
    }
}

#[test]
fn prefer_goes_on_without_a_session_and_counts_it() {
    for (versions, _) in BOTH {
        let server = start(without_sessions(versions, Resumption::NotRequired));
        let mut client = connect(&server, ResumptionPolicy::Prefer);
        put(&mut client, "file", b"content").expect("upload");
        assert_eq!((client.statistics().full, client.statistics().resumed), (1, 0));
        assert_eq!(server.counters().data_full, 1);
    }
}

#[test]
fn a_server_that_forgot_its_sessions_is_logged_in_to_anew() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let mut client = connect(&server, ResumptionPolicy::Prefer);
        client.make_directory("/deep").expect("MKD");
        client.change_directory("/deep").expect("CWD");
        server.forget_sessions();
        put(&mut client, "file", b"content").expect("upload after a silent login");
        assert_eq!(server.file("/deep/file").as_deref(), Some(&b"content"[..]));
        assert_eq!(client.statistics().relogins, 1);
        assert_eq!(server.counters().logins, 2);
    }
}

#[test]
fn require_with_a_declined_ticket_sends_no_payload_and_brings_the_servers_reply() {
    for (versions, _) in BOTH {
        for (resumption, code) in [(Resumption::SameControlSession, 450), (Resumption::NotRequired, 426)] {
            let server = start(Options { versions, resumption, ..Options::default() });
            let builder = builder(&server).resumption(ResumptionPolicy::Require).relogin(false);
            let mut client = log_in(builder).expect("login");
            server.forget_sessions();
            let error = put(&mut client, "file", b"secret").expect_err("declined");
            assert_eq!(error.kind(), "not-resumed", "{error}");
            assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(code), "{versions:?} {error}");
            assert_eq!(server.counters().bytes_received, 0);
            client.noop().expect("the login goes on");
        }
    }
}

#[test]
fn a_new_login_that_cannot_connect_leaves_the_old_connection_as_it_was() {
    let no_more = Fault::new(Trigger::new(Moment::Greeting).nth(2), FaultAction::Cut);
    let server = start(Options { faults: vec![no_more], ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    server.forget_sessions();
    let error = put(&mut client, "file", b"content").expect_err("refused");
    assert_eq!(error.kind(), "not-resumed", "{error}");
    client.noop().expect("the old login goes on");
}

#[test]
fn a_new_login_that_is_refused_is_not_tried_again() {
    let refusal = FaultAction::Reply(b"530 Locked.\r\n".to_vec());
    let fault = Fault::new(Trigger::new(Moment::Reply).on("PASS").nth(2), refusal);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    server.forget_sessions();
    let error = put(&mut client, "file", b"content").expect_err("refused");
    assert_eq!(error.kind(), "not-resumed", "{error}");
    let error = put(&mut client, "file", b"content").expect_err("no login");
    assert!(error.kind() == "broken" && error.to_string().contains("530 Locked"), "{error}");
    let passwords = server.commands().iter().filter(|command| command.line.starts_with("PASS")).count();
    assert_eq!(passwords, 2);
}

#[test]
fn nothing_is_logged_in_to_anew_after_commands_whose_effect_is_not_known() {
    for foreign in [false, true] {
        let server = start(Options::default());
        let mut client = try_connect(&server, ResumptionPolicy::Prefer).expect("login");
        match foreign {
            // It opens no data connection; what matters is that it was sent.
            true => drop(client.open_transfer(Direction::Download, "SITE", "NOOP", 0)),
            false => drop(client.raw_command("SITE", "NOOP").expect("SITE")),
        }
        server.forget_sessions();
        let error = put(&mut client, "file", b"content").expect_err("refused");
        assert_eq!(error.kind(), "not-resumed", "{error}");
        assert_eq!((client.statistics().relogins, server.counters().logins), (0, 1));
    }
}

#[test]
fn what_raw_commands_of_known_effect_changed_is_restored_by_a_new_login() {
    let server = start(Options::default());
    let mut client = try_connect(&server, ResumptionPolicy::Prefer).expect("login");
    for (verb, argument) in [
        ("PBSZ", "0"),
        ("PROT", "P"),
        ("NOOP", ""),
        ("MKD", "deep"),
        ("CWD", "/deep"),
        ("TYPE", "A"),
        ("RNFR", "none"),
        ("PWD", ""),
    ] {
        client.raw_command(verb, argument).expect(verb);
    }
    server.forget_sessions();
    put(&mut client, "file", b"content").expect("upload after a silent login");
    assert_eq!(server.file("/deep/file").as_deref(), Some(&b"content"[..]));
    assert_eq!(client.statistics().relogins, 1);
    let types = server.commands().iter().filter(|command| command.line == "TYPE A").count();
    assert_eq!(types, 2);
}

#[test]
fn a_raw_rename_that_is_pending_is_not_lost_in_a_new_login() {
    let server = start(Options::default());
    let mut client = try_connect(&server, ResumptionPolicy::Prefer).expect("login");
    put(&mut client, "old", b"content").expect("upload");
    assert_eq!(client.raw_command("RNFR", "old").expect("RNFR").code(), 350);
    server.forget_sessions();
    put(&mut client, "file", b"content").expect_err("refused");
    assert_eq!(client.statistics().relogins, 0);
}

#[test]
fn a_rename_that_was_given_up_half_way_does_not_stand_in_the_way_of_a_new_login() {
    let server = start(Options::default());
    let mut client = try_connect(&server, ResumptionPolicy::Prefer).expect("login");
    put(&mut client, "old", b"content").expect("upload");
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    let canceller = token.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        if matches!(line, Dialogue::Received(reply) if reply.code() == 350) {
            canceller.cancel();
        }
    })));
    assert_eq!(client.rename("old", "new").expect_err("cancelled").kind(), "cancelled");
    client.set_dialogue_observer(None);
    token.reset();
    server.forget_sessions();
    put(&mut client, "file", b"content").expect("upload after a silent login");
    assert_eq!(client.statistics().relogins, 1);
}
