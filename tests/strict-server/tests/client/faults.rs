//! What goes wrong on the server's side of a transfer ends in whole content or in an error that names the cause.

use crate::common::{builder, get, kind_of, log_in, on_threads, put, start, BOTH};
use ftps::client::FtpsClient;
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, Trigger};

const VERBS: [&str; 3] = ["STOR", "RETR", "MLSD"];
const CONTROL_MOMENTS: [Moment; 3] = [Moment::Reply, Moment::AfterReply, Moment::FinalReply];
const DATA_MOMENTS: [Moment; 5] = [
    Moment::DataAccept,
    Moment::DataHandshake,
    Moment::DataByte(0),
    Moment::DataByte(20_000),
    Moment::DataEnd,
];

/// One fault, and the promise.
struct Case {
    verb: &'static str,
    moment: Moment,
    action: FaultAction,
    /// The kinds of error that tell this cause; "ok" is whole content.
    outcomes: &'static [&'static str],
    usable_afterwards: bool,
}

#[test]
fn a_fault_on_the_control_connection_has_its_name() {
    let faults: [(FaultAction, &[&str], bool); 10] = [
        (FaultAction::Cut, &["connection-lost"], false),
        (FaultAction::Reset, &["connection-lost"], false),
        (FaultAction::CutBoth, &["connection-lost"], false),
        (FaultAction::ResetBoth, &["connection-lost"], false),
        (FaultAction::Stall, &["timeout"], false),
        (FaultAction::Reply(b"nonsense\r\n".to_vec()), &["protocol"], false),
        (FaultAction::Endless(b"150-more\r\n".repeat(1000)), &["protocol"], false),
        (FaultAction::Endless(b"150 again\r\n".repeat(1000)), &["protocol"], false),
        (FaultAction::Garbage(b"UUUUUU".repeat(50)), &["tls"], false),
        (FaultAction::Delay(Duration::from_millis(300)), &["ok"], true),
    ];
    let mut cases = Vec::new();
    for (action, outcomes, usable_afterwards) in faults {
        for verb in VERBS {
            for moment in CONTROL_MOMENTS {
                cases.push(Case { verb, moment, action: action.clone(), outcomes, usable_afterwards });
            }
        }
    }
    play(cases);
}

#[test]
fn a_reply_that_is_missing_or_too_many_has_its_name() {
    let going = || FaultAction::Extra(b"421 Going away\r\n".to_vec());
    let faults: [(Moment, FaultAction, &[&str], bool); 6] = [
        (Moment::Reply, FaultAction::NoReply, &["ok"], true),
        // ABOR and PWD show that nothing is left to come.
        (Moment::FinalReply, FaultAction::NoReply, &["timeout"], true),
        (Moment::FinalReply, FaultAction::Reply(b"451 Local error\r\n".to_vec()), &["refused"], true),
        (Moment::Reply, going(), &["refused"], false),
        (Moment::AfterReply, going(), &["refused"], false),
        // The transfer was confirmed before.
        (Moment::FinalReply, going(), &["ok"], false),
    ];
    let mut cases = Vec::new();
    for (moment, action, outcomes, usable_afterwards) in faults {
        for verb in VERBS {
            cases.push(Case { verb, moment, action: action.clone(), outcomes, usable_afterwards });
        }
    }
    play(cases);
}

#[test]
fn a_fault_on_the_data_connection_has_its_name_and_the_login_goes_on() {
    let faults: [(FaultAction, &[&str], bool); 8] = [
        (FaultAction::Cut, &["refused"], true),
        (FaultAction::Reset, &["refused"], true),
        (FaultAction::CutBoth, &["connection-lost"], false),
        (FaultAction::ResetBoth, &["connection-lost"], false),
        (FaultAction::Stall, &["timeout"], true),
        (FaultAction::Reply(b"451 Local error\r\n".to_vec()), &["refused"], true),
        (FaultAction::Reply(b"nonsense\r\n".to_vec()), &["protocol"], false),
        (FaultAction::Extra(b"421 Going away\r\n".to_vec()), &["refused"], false),
    ];
    let mut cases = Vec::new();
    for (action, outcomes, usable_afterwards) in faults {
        for verb in VERBS {
            for moment in DATA_MOMENTS {
                cases.push(Case { verb, moment, action: action.clone(), outcomes, usable_afterwards });
            }
        }
    }
    play(cases);
}

#[test]
fn garbage_on_the_data_connection_is_a_tls_failure_or_does_no_harm() {
    let mut cases = Vec::new();
    for verb in VERBS {
        for moment in DATA_MOMENTS {
            let outcomes: &[&str] = match (verb, moment) {
                (_, Moment::DataAccept | Moment::DataHandshake) => &["tls"],
                // What a server writes on an upload's connection matters only if it comes before the end.
                ("STOR", _) => &["ok", "tls"],
                _ => &["tls"],
            };
            let action = FaultAction::Garbage(b"UUUUUU".repeat(50));
            cases.push(Case { verb, moment, action, outcomes, usable_afterwards: true });
        }
    }
    play(cases);
}

#[test]
fn a_download_without_close_notify_is_truncated_and_an_upload_does_not_need_one() {
    let case = |verb, outcomes| Case {
        verb,
        moment: Moment::DataEnd,
        action: FaultAction::NoCloseNotify,
        outcomes,
        usable_afterwards: true,
    };
    play(vec![case("RETR", &["truncated"]), case("MLSD", &["truncated"]), case("STOR", &["ok"])]);
}

fn play(cases: Vec<Case>) {
    let versions = BOTH.map(|(offered, _)| offered);
    let runs: Vec<_> =
        versions.into_iter().flat_map(|versions| cases.iter().map(move |case| (versions, case))).collect();
    on_threads(&runs, |(versions, case)| {
        let fault = Fault::new(Trigger::new(case.moment).on(case.verb), case.action.clone());
        let server = start(Options { faults: vec![fault], versions: *versions, ..Options::default() });
        play_one(case, &server, &format!("{versions:?} {} {:?} {:?}", case.verb, case.moment, case.action));
    });
}

fn play_one(case: &Case, server: &RunningServer, name: &str) {
    let content = content();
    server.put_file("there", &content).expect("a file");
    for number in 0..400 {
        server.put_file(&format!("listed/with-a-name-of-some-length-{number}"), b"").expect("a file");
    }
    let mut client = log_in(builder(server)).expect("login");
    let began = Instant::now();
    let outcome = transfer(&mut client, server, case.verb, &content, name);
    assert!(began.elapsed() < Duration::from_secs(20), "{name}: a deadline was not kept");
    let kind = outcome.as_ref().map_or_else(kind_of, |()| "ok");
    assert!(case.outcomes.contains(&kind), "{outcome:?}: {name}");
    let next = client.current_directory();
    assert_eq!(next.is_ok(), case.usable_afterwards, "{name}: {outcome:?}, then {next:?}");
    assert_eq!(client.is_usable(), case.usable_afterwards, "{name}");
}

/// Success is whole content.
fn transfer(
    client: &mut FtpsClient,
    server: &RunningServer,
    verb: &str,
    content: &[u8],
    name: &str,
) -> ftps::Result<()> {
    match verb {
        "STOR" => {
            put(client, "new", content)?;
            assert!(server.file("new").as_deref() == Some(content), "{name}: another content");
        }
        "RETR" => assert!(get(client, "there")? == content, "{name}: another content"),
        _ => {
            let listing = client.list("listed")?;
            let names =
                listing.entries.iter().filter(|entry| entry.name().starts_with("with-a-name")).count();
            assert_eq!((names, listing.unparsed.len()), (400, 0), "{name}");
        }
    }
    Ok(())
}

fn content() -> Vec<u8> {
    (0..60_000u32).map(|number| (number % 251) as u8).collect()
}

/// What a server that answers one command twice does to a client: a later answer may belong to an earlier question.
#[test]
fn success_after_a_command_was_answered_twice_still_means_whole_content() {
    let mut cases = Vec::new();
    for verb in ["STOR", "RETR", "NOOP", "EPSV", "SIZE"] {
        for reply in ["226 Done.", "200 Fine.", "451 Local error.", "150 Opening.", "229 OK (|||9|)"] {
            for moment in [Moment::Reply, Moment::AfterReply, Moment::FinalReply] {
                cases.push((verb, moment, format!("{reply}\r\n")));
            }
        }
    }
    on_threads(&cases, |(verb, moment, reply)| {
        let name = format!("{verb} {moment:?} {reply:?}");
        let fault =
            Fault::new(Trigger::new(*moment).on(verb), FaultAction::Extra(reply.clone().into_bytes()));
        let server = start(Options { faults: vec![fault], ..Options::default() });
        server.put_file("there", &content()).expect("a file");
        let mut client = log_in(builder(&server)).expect("login");
        for round in 0..3 {
            // Whether these fail says nothing; what they say when they succeed does.
            let _ = client.noop();
            if let Ok(size) = client.size("there") {
                assert_eq!(size, 60_000, "{name}");
            }
            let _ = transfer(&mut client, &server, "RETR", &content(), &name);
            let new = format!("new{round}");
            if put(&mut client, &new, &content()).is_ok() {
                assert!(server.file(&new) == Some(content()), "{name}: confirmed, and not whole");
            }
        }
    });
}

#[test]
fn a_reply_that_nobody_asked_for_is_noticed_and_the_dialogue_stays_in_step() {
    let fault =
        Fault::new(Trigger::new(Moment::Reply).on("NOOP"), FaultAction::Extra(b"250 What?\r\n".to_vec()));
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let notes = seen.clone();
    client.set_dialogue_observer(Some(std::sync::Arc::new(move |line| {
        if let ftps::client::Dialogue::Received(reply) = line {
            notes.lock().expect("notes").push(reply.code());
        }
    })));
    client.noop().expect("NOOP");
    // The server sent both in one breath.
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(client.current_directory().expect("PWD"), b"/");
    assert_eq!(*seen.lock().expect("notes"), [200, 250, 257]);
}
