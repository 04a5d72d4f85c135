//! What goes wrong before a login stands: greeting, TLS handshake, login commands.

use crate::common::{builder, kind_of, log_in, on_threads, start, BOTH};
use ftps::client::{Dialogue, DialogueObserver, Security};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use strict_server::{Charset, Fault, FaultAction, Moment, Options, Trigger, User};

/// Connects and logs in while `fault` is played, and returns the kind of what came of it.
fn outcome(fault: Fault, implicit: bool) -> &'static str {
    let server = start(Options { faults: vec![fault.clone()], implicit, ..Options::default() });
    let security = match implicit {
        true => ftps::client::Security::Implicit,
        false => ftps::client::Security::Explicit,
    };
    let began = Instant::now();
    let outcome = log_in(builder(&server).security(security));
    assert!(began.elapsed() < Duration::from_secs(10), "{fault:?}: a deadline was not kept");
    outcome.as_ref().map_or_else(kind_of, |_| "ok")
}

#[test]
fn a_fault_on_the_greeting_has_its_name() {
    let faults: [(FaultAction, &[&str]); 12] = [
        (FaultAction::Cut, &["connection-lost"]),
        // It may come before the connection is known to stand.
        (FaultAction::Reset, &["connection-lost", "connect"]),
        (FaultAction::Stall, &["timeout"]),
        (FaultAction::NoReply, &["timeout"]),
        (FaultAction::Drip(Duration::from_millis(400)), &["timeout"]),
        (FaultAction::Garbage(vec![0x55; 300]), &["protocol"]),
        (FaultAction::Endless(b"220-hello\r\n".repeat(1000)), &["protocol"]),
        (FaultAction::Endless(b"120 soon\r\n".repeat(1000)), &["protocol"]),
        (FaultAction::Endless(b"x".repeat(3000)), &["protocol"]),
        (FaultAction::Reply(b"421 Too many users.\r\n".to_vec()), &["refused"]),
        (FaultAction::Reply(b"230 Logged in already.\r\n".to_vec()), &["refused"]),
        (FaultAction::Reply(b"hello\r\n".to_vec()), &["protocol"]),
    ];
    on_threads(&faults, |(action, kinds)| {
        let fault = Fault::new(Trigger::new(Moment::Greeting), action.clone());
        let kind = outcome(fault, false);
        assert!(kinds.contains(&kind), "{kind}: {action:?}");
    });
}

#[test]
fn a_fault_on_the_control_connections_handshake_has_its_name() {
    let faults: [(FaultAction, &[&str]); 6] = [
        (FaultAction::Cut, &["connection-lost"]),
        // With implicit TLS the reset may come before the connection is known to stand.
        (FaultAction::Reset, &["connection-lost", "connect"]),
        (FaultAction::Stall, &["timeout"]),
        (FaultAction::Garbage(vec![0x55; 300]), &["tls", "protocol"]),
        (FaultAction::Endless(b"U".repeat(3000)), &["tls", "protocol"]),
        // Injected in clear (CVE-2011-0411 and its kin): seen before TLS begins, or as TLS.
        (FaultAction::Extra(b"230 Logged in.\r\n".to_vec()), &["tls", "protocol"]),
    ];
    on_threads(&faults, |(action, kinds)| {
        for implicit in [false, true] {
            let fault = Fault::new(Trigger::new(Moment::ControlHandshake), action.clone());
            let kind = outcome(fault, implicit);
            assert!(kinds.contains(&kind), "{kind}: implicit: {implicit}, {action:?}");
        }
    });
}

const LOGIN_VERBS: [&str; 7] = ["USER", "PASS", "PBSZ", "PROT", "FEAT", "OPTS", "TYPE"];

#[test]
fn a_fault_in_the_login_has_its_name() {
    let faults = [
        (FaultAction::Cut, "connection-lost"),
        (FaultAction::Reset, "connection-lost"),
        (FaultAction::Stall, "timeout"),
        (FaultAction::NoReply, "timeout"),
        (FaultAction::Garbage(vec![0x55; 300]), "tls"),
        (FaultAction::Reply(b"nonsense\r\n".to_vec()), "protocol"),
        (FaultAction::Endless(b"200-more\r\n".repeat(1000)), "protocol"),
        (FaultAction::Endless(b"150 again\r\n".repeat(1000)), "protocol"),
        (FaultAction::Reply(b"421 Going away.\r\n".to_vec()), "refused"),
    ];
    let mut cases = Vec::new();
    for verb in LOGIN_VERBS {
        for (action, kind) in &faults {
            cases.push((verb, action.clone(), *kind));
        }
    }
    on_threads(&cases, |(verb, action, kind)| {
        let fault = Fault::new(Trigger::new(Moment::Reply).on(verb), action.clone());
        assert_eq!(outcome(fault, false), *kind, "{verb} {action:?}");
    });
}

#[test]
fn a_refused_login_command_has_its_name() {
    let cases = [
        ("USER", "530 No.", "login-refused"),
        ("PASS", "530 No.", "login-refused"),
        ("PASS", "332 Account?", "login-refused"),
        ("USER", "451 Not now.", "refused"),
        ("PASS", "451 Not now.", "refused"),
        ("PROT", "536 No.", "refused"),
        ("TYPE", "504 No.", "refused"),
        // PBSZ means nothing in TLS (RFC 4217 section 9), and features can be done without.
        ("PBSZ", "500 No.", "ok"),
        ("FEAT", "502 No.", "ok"),
        ("FEAT", "534 No.", "ok"),
        ("OPTS", "501 No.", "ok"),
    ];
    on_threads(&cases, |(verb, reply, kind)| {
        let action = FaultAction::Reply(format!("{reply}\r\n").into_bytes());
        let fault = Fault::new(Trigger::new(Moment::Reply).on(verb), action);
        assert_eq!(outcome(fault, false), *kind, "{verb} {reply}");
    });
}

/// Many servers repeat what they do not understand.
#[test]
fn a_password_that_the_server_repeats_is_shown_to_nobody() {
    for reply in ["530 'PASS password': not understood.", "530-You said password\r\n password\r\n530 No."] {
        let action = FaultAction::Reply(format!("{reply}\r\n").into_bytes());
        let fault = Fault::new(Trigger::new(Moment::Reply).on("PASS"), action);
        let server = start(Options { faults: vec![fault], ..Options::default() });
        let said = Arc::new(Mutex::new(String::new()));
        let notes = said.clone();
        let observer: DialogueObserver = Arc::new(move |line| {
            if let Dialogue::Received(reply) = line {
                notes.lock().expect("notes").push_str(&String::from_utf8_lossy(reply.raw()));
            }
        });
        let error = log_in(builder(&server).dialogue_observer(observer)).expect_err("refused");
        assert_eq!(error.kind(), "login-refused");
        let seen = format!("{error} {}", said.lock().expect("notes"));
        assert!(seen.contains("****") && !seen.contains("password"), "{seen}");
        let raw = error.reply().expect("a reply").raw();
        assert!(!String::from_utf8_lossy(raw).contains("password"), "{error:?}");
    }
}

/// In TLS 1.2 the server speaks last in the handshake, and its greeting may come along with that.
#[test]
fn a_greeting_that_arrives_with_the_end_of_the_handshake_is_read() {
    for (versions, _) in BOTH {
        let server = start(Options { implicit: true, versions, ..Options::default() });
        log_in(builder(&server).security(Security::Implicit)).unwrap_or_else(|e| panic!("{versions:?}: {e}"));
    }
}

#[test]
fn a_login_with_a_refused_argument_sends_nothing_and_leaves_the_earlier_one() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    let before = server.commands().len();
    for (user, password) in [("us\r\ner", "password"), ("user", "pass\nword"), ("user", "pass\0word")] {
        let error = client.login(user, password).expect_err("refused");
        assert_eq!(error.kind(), "invalid-argument", "{error}");
    }
    assert_eq!(server.commands().len(), before);
    client.list("").expect("still logged in");
}

#[test]
fn a_login_can_be_in_another_character_set() {
    let users = vec![User::new("J\u{fc}rgen", "Schl\u{fc}ssel")];
    let server = start(Options { users, charset: Charset::Latin1, ..Options::default() });
    let mut client = builder(&server).connect().expect("connects");
    client.login("J\u{fc}rgen", "Schl\u{fc}ssel").expect_err("as UTF-8 it is another name");
    client.login(b"J\xfcrgen", b"Schl\xfcssel").expect("login");
}
