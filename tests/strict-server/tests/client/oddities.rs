//! Replies as they are worded in the wild: a whole working day, and with each of them what goes wrong elsewhere.

use crate::common::{builder, get, log_in, on_threads, put, start, BOTH};
use ftps::client::FtpsClient;
use strict_server::{Fault, FaultAction, Moment, Oddity, Options, RunningServer, TlsVersions, Trigger};

fn server(oddities: Vec<Oddity>, versions: TlsVersions, faults: Vec<Fault>) -> RunningServer {
    start(Options { oddities, versions, faults, ..Options::default() })
}

fn works(client: &mut FtpsClient, what: &str) {
    let ok = |outcome: ftps::Result<()>| outcome.unwrap_or_else(|error| panic!("{what}: {error}"));
    ok(put(client, "größe", b"content").map(drop));
    assert_eq!(get(client, "größe").expect(what), b"content", "{what}");
    assert_eq!(client.size("größe").expect(what), 7, "{what}");
    ok(client.modified("größe").map(drop));
    let names: Vec<_> = client.list("").expect(what).entries.iter().map(|e| e.name().into_owned()).collect();
    assert!(names.contains(&"größe".to_owned()), "{what}: {names:?}");
    assert_eq!(client.names("").expect(what), ["größe".as_bytes()], "{what}");
    assert_eq!(client.entry("größe").expect(what).size(), Some(7), "{what}");
    assert_eq!(client.make_directory("a \"quoted\" name").expect(what), b"/a \"quoted\" name", "{what}");
    ok(client.change_directory("a \"quoted\" name"));
    assert_eq!(client.current_directory().expect(what), b"/a \"quoted\" name", "{what}");
    ok(client.change_to_parent());
    ok(client.remove_directory("a \"quoted\" name"));
    assert_eq!(
        client.delete("missing").expect_err(what).reply().map(|reply| reply.code()),
        Some(550),
        "{what}"
    );
    ok(client.noop());
}

#[test]
fn a_whole_working_day_goes_well_whatever_the_replies_look_like() {
    let all = Oddity::ALL.map(|(_, oddity)| oddity);
    let mut cases: Vec<_> = Oddity::ALL.iter().map(|(name, oddity)| (*name, vec![*oddity])).collect();
    cases.push(("all at once", all.to_vec()));
    let cases: Vec<_> = BOTH.iter().flat_map(|tls| cases.iter().map(move |case| (tls.0, case))).collect();
    on_threads(&cases, |(versions, (name, oddities))| {
        let server = server(oddities.clone(), *versions, Vec::new());
        let mut client = log_in(builder(&server)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(client.features().has("MLST") && client.features().has("UTF8"), "{name}");
        works(&mut client, name);
        let counters = server.counters();
        assert!(!counters.commands.contains_key("PASV"), "{name}: EPSV was understood");
        assert_eq!(counters.data_connections, counters.data_same_session, "{name}");
        client.quit().unwrap_or_else(|error| panic!("{name}: {error}"));
    });
}

/// What may befall a reply, and the errors that this may be.
fn faults() -> Vec<(FaultAction, &'static [&'static str])> {
    vec![
        (FaultAction::Cut, &["connection-lost"]),
        (FaultAction::Reset, &["connection-lost"]),
        (FaultAction::Stall, &["timeout"]),
        (FaultAction::NoReply, &["timeout"]),
        (FaultAction::Reply(b"226-Never ends\r\n226".to_vec()), &["timeout"]),
        (FaultAction::Reply(b"Not a reply.\n".to_vec()), &["protocol"]),
    ]
}

#[test]
fn a_reply_that_does_not_come_whole_is_an_error_whatever_the_others_look_like() {
    let places = [
        ("FEAT", Moment::Reply),
        ("EPSV", Moment::Reply),
        ("STOR", Moment::FinalReply),
        ("PWD", Moment::Reply),
    ];
    let mut cases = Vec::new();
    for (name, oddity) in Oddity::ALL {
        for (verb, moment) in places {
            cases.extend(
                faults().into_iter().map(|(action, kinds)| (name, oddity, verb, moment, action, kinds)),
            );
        }
    }
    on_threads(&cases, |(name, oddity, verb, moment, action, kinds)| {
        let fault = Fault::new(Trigger::new(*moment).on(*verb), action.clone());
        let server = server(vec![*oddity], TlsVersions::Both, vec![fault]);
        let error = log_in(builder(&server))
            .and_then(|mut client| {
                put(&mut client, "file", b"content")?;
                client.current_directory()
            })
            .expect_err(&format!("{name} {verb} {action:?}"));
        assert!(kinds.contains(&error.kind()), "{name} {verb} {action:?}: {error}");
    });
}
