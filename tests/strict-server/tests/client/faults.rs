//! What goes wrong on the server's side ends in whole content or in an error that names it.

use crate::common::{connect, get, put, start};
use ftps::ResumptionPolicy;
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

/// Every fault that a server can play, at every moment: the whole content or an error, in time, and afterwards a client that works or
/// says that it does not.
#[test]
fn every_fault_ends_in_whole_content_or_an_error() {
    let moments = [
        Moment::Reply,
        Moment::AfterReply,
        Moment::FinalReply,
        Moment::DataAccept,
        Moment::DataHandshake,
        Moment::DataByte(0),
        Moment::DataByte(20_000),
        Moment::DataEnd,
    ];
    let actions = [
        FaultAction::Cut,
        FaultAction::Reset,
        FaultAction::CutBoth,
        FaultAction::ResetBoth,
        FaultAction::Stall,
        FaultAction::NoCloseNotify,
        FaultAction::NoReply,
        FaultAction::Reply(b"451 Local error\r\n".to_vec()),
        FaultAction::Reply(b"nonsense\r\n".to_vec()),
        FaultAction::Extra(b"421 Going away\r\n".to_vec()),
        FaultAction::Endless(b"150-more\r\n".to_vec()),
        FaultAction::Garbage(vec![0x55; 300]),
    ];
    let content: Vec<u8> = (0..60_000u32).map(|number| (number % 251) as u8).collect();
    let cases: Vec<_> = ["STOR", "RETR", "MLSD"]
        .into_iter()
        .flat_map(|verb| moments.into_iter().map(move |moment| (verb, moment)))
        .flat_map(|(verb, moment)| actions.clone().into_iter().map(move |action| (verb, moment, action)))
        .collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| loop {
                let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some((verb, moment, action)) = cases.get(index) else { break };
                one_fault(verb, *moment, action.clone(), &content);
            });
        }
    });
}

fn one_fault(verb: &str, moment: Moment, action: FaultAction, content: &[u8]) {
    let case = format!("{verb} {moment:?} {action:?}");
    let fault = Fault::new(Trigger::new(moment).on(verb), action.clone());
    let server = start(Options { faults: vec![fault], ..Options::default() });
    server.put_file("there", content).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let began = Instant::now();
    let outcome = match verb {
        "STOR" => put(&mut client, "new", content).map(|_| {
            assert_eq!(server.file("new").as_deref(), Some(content), "{case}");
        }),
        "RETR" => get(&mut client, "there").map(|received| assert!(received == content, "{case}")),
        _ => client.list("").map(|listing| {
            assert!(listing.entries.iter().any(|entry| entry.name() == "there"), "{case} {listing:?}");
        }),
    };
    if let Err(error) = &outcome {
        assert!(!error.to_string().is_empty(), "{case}");
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{case}: a deadline was not kept");
    if matches!(action, FaultAction::Reply(_)) {
        // A server that answers one command twice: no client can tell which reply is whose.
        return;
    }
    match client.noop() {
        Ok(()) => assert!(client.is_usable(), "{case}"),
        Err(error) => assert!(!client.is_usable(), "{case}: {error:?}"),
    }
}
