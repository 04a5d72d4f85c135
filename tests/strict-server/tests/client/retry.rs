//! What fails for a reason that passes is tried again, and goes on where it ended.

use crate::common::{builder, get, log_in, on_threads, start, Folder, PATIENCE};
use ftps::client::{FtpsClient, Retry, RetryPolicy, Timeouts};
use ftps::net::CancelToken;
use ftps::TlsVersion;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, TlsVersions, Trigger};

fn content() -> Vec<u8> {
    (0..1_000_000u32).map(|number| (number % 251) as u8).collect()
}

fn policy(attempts: u32) -> RetryPolicy {
    RetryPolicy::new(attempts).first_delay(Duration::from_millis(1)).longest_delay(Duration::from_millis(5))
}

fn patient_client(server: &RunningServer) -> FtpsClient {
    log_in(builder(server).retry_policy(policy(3))).expect("login")
}

fn cuts(verb: &str, action: &FaultAction) -> Vec<Fault> {
    // Each attempt is cut further on.
    (1..=4u32)
        .map(|number| {
            let moment = Moment::DataByte(50_000 * u64::from(number));
            Fault::new(Trigger::new(moment).on(verb).nth(number), action.clone())
        })
        .collect()
}

const BREAKS: [FaultAction; 4] =
    [FaultAction::Cut, FaultAction::Reset, FaultAction::CutBoth, FaultAction::ResetBoth];

#[test]
fn a_download_that_is_cut_goes_on_where_it_ended() {
    let cases: Vec<_> = BREAKS
        .iter()
        .flat_map(|action| [TlsVersions::Tls12, TlsVersions::Tls13].map(|tls| (action, tls)))
        .collect();
    on_threads(&cases, |(action, versions)| {
        let server =
            start(Options { versions: *versions, faults: cuts("RETR", action), ..Options::default() });
        server.put_file("file", &content()).expect("a file");
        // A reset may throw away all that was on its way.
        let mut client = log_in(builder(&server).retry_policy(policy(9))).expect("login");
        assert!(get(&mut client, "file").expect("download") == content(), "{action:?}");
        let again = server.counters().bytes_sent - 1_000_000;
        // What is compared, and what was on its way when a reset threw it away.
        assert!(again < 4 * (4096 + 200_000), "{action:?}: {again} bytes twice");
        assert_eq!(server.counters().commands["RETR"], 5);
    });
}

#[test]
fn an_upload_that_is_cut_goes_on_where_it_ended() {
    let cases: Vec<_> = BREAKS
        .iter()
        .flat_map(|action| [TlsVersions::Tls12, TlsVersions::Tls13].map(|tls| (action, tls)))
        .collect();
    on_threads(&cases, |(action, versions)| {
        let server =
            start(Options { versions: *versions, faults: cuts("STOR", action), ..Options::default() });
        server.put_file("file", b"old").expect("a file");
        let mut client = patient_client(&server);
        let length =
            client.upload_from_seekable("file", &mut Cursor::new(content()), |_| true).expect("upload");
        assert_eq!(length, 1_000_000);
        assert!(server.file("file") == Some(content()), "{action:?}");
        assert_eq!(server.counters().bytes_received, 1_000_000, "{action:?}: nothing twice");
    });
}

#[test]
fn an_upload_never_goes_on_behind_what_was_there_before() {
    // Cut before the server has taken it: what is there is the old file, whose end is that of the new one's beginning.
    let fault = Fault::new(Trigger::new(Moment::Reply).on("STOR"), FaultAction::ResetBoth);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let mut old = content()[..500_000].to_vec();
    old[100] ^= 1;
    server.put_file("file", &old).expect("a file");
    let mut client = patient_client(&server);
    client.upload_from_seekable("file", &mut Cursor::new(content()), |_| true).expect("upload");
    assert!(server.file("file") == Some(content()));
}

#[test]
fn commands_and_listings_are_repeated_in_a_new_login_with_everything_as_it_was() {
    let lost = |verb| Fault::new(Trigger::new(Moment::Reply).on(verb), FaultAction::Reset);
    let faults = vec![lost("SIZE"), lost("MLSD"), lost("PWD"), lost("CWD")];
    let server = start(Options { faults, ..Options::default() });
    server.put_file("/deep/file", b"content").expect("a file");
    let mut client = patient_client(&server);
    client.change_directory("deep").expect("CWD");
    client.set_umask(0o077).expect("UMASK");
    assert_eq!(client.size("file").expect("SIZE"), 7);
    assert_eq!(client.list("").expect("MLSD").entries.len(), 3);
    assert_eq!(client.current_directory().expect("PWD"), b"/deep");
    assert_eq!((server.counters().logins, client.statistics().relogins), (5, 4));
}

#[test]
fn a_command_that_may_have_been_done_is_not_repeated() {
    let lost = Fault::new(Trigger::new(Moment::Reply).on("DELE"), FaultAction::Reset);
    let server = start(Options { faults: vec![lost], ..Options::default() });
    server.put_file("file", b"content").expect("a file");
    let mut client = patient_client(&server);
    assert_eq!(client.delete("file").expect_err("lost").kind(), "connection-lost");
    assert_eq!(server.counters().commands["DELE"], 1);
    // The next command finds the connection broken, and nothing was sent.
    client.delete("file").expect_err("it is gone");
    assert_eq!(server.counters().commands["DELE"], 2);
}

#[test]
fn replies_that_may_be_otherwise_later_are_waited_out_and_others_are_not() {
    for (reply, again) in
        [("421 Busy.", true), ("425 No.", true), ("426 No.", true), ("450 Busy.", true)].into_iter().chain([
            ("451 No.", false),
            ("452 Full.", false),
            ("530 No.", false),
            ("550 No.", false),
            ("552 Full.", false),
        ])
    {
        let action = FaultAction::Reply(format!("{reply}\r\n").into_bytes());
        let fault = Fault::new(Trigger::new(Moment::Reply).on("RETR"), action);
        let server = start(Options { faults: vec![fault], ..Options::default() });
        server.put_file("file", b"content").expect("a file");
        let outcome = get(&mut patient_client(&server), "file");
        assert_eq!(outcome.is_ok(), again, "{reply}: {outcome:?}");
        assert_eq!(server.counters().commands["RETR"], 1 + u64::from(again), "{reply}");
    }
}

#[test]
fn a_login_that_is_refused_ends_it() {
    let faults = vec![
        Fault::new(Trigger::new(Moment::Reply).on("PWD"), FaultAction::Reset),
        Fault::new(
            Trigger::new(Moment::Reply).on("PASS").nth(2),
            FaultAction::Reply(b"530 Locked.\r\n".to_vec()),
        ),
    ];
    let server = start(Options { faults, ..Options::default() });
    let error = patient_client(&server).current_directory().expect_err("locked out");
    assert_eq!(error.kind(), "login-refused", "{error}");
    assert_eq!(server.counters().commands["PASS"], 2);
}

#[test]
fn the_caller_sees_every_attempt_and_can_forbid_it() {
    let fault = Fault::new(Trigger::new(Moment::DataByte(200_000)).on("RETR").every(), FaultAction::Cut);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    server.put_file("file", &content()).expect("a file");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = seen.clone();
    let observer = move |retry: &Retry<'_>| {
        let mut notes = notes.lock().expect("no panic while locked");
        notes.push((retry.attempt, retry.offset, retry.error.kind()));
        notes.len() < 3
    };
    let policy = policy(9).observer(Arc::new(observer) as ftps::client::RetryObserver);
    let mut client = log_in(builder(&server).retry_policy(policy)).expect("login");
    get(&mut client, "file").expect_err("forbidden");
    let seen = seen.lock().expect("no panic while locked").clone();
    assert_eq!(seen.len(), 3, "{seen:?}");
    // How much arrives before the 426 is chance; who comes further begins to count anew.
    let follows = |pair: &[(u32, u64, &str)]| match pair[1].1 > pair[0].1 {
        true => pair[1].0 == 1,
        false => pair[1].0 == pair[0].0 + 1 && pair[1].1 == pair[0].1,
    };
    assert!(seen[0].0 == 1 && seen.windows(2).all(follows), "{seen:?}");
    assert_eq!(server.counters().commands["RETR"], 3);
}

#[test]
fn attempts_without_progress_are_counted_and_come_to_an_end() {
    let fault = Fault::new(
        Trigger::new(Moment::Reply).on("RETR").every(),
        FaultAction::Reply(b"450 Busy.\r\n".to_vec()),
    );
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let error = get(&mut patient_client(&server), "file").expect_err("busy for ever");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(450));
    assert_eq!(server.counters().commands["RETR"], 4);
}

#[test]
fn waiting_ends_when_the_caller_cancels_and_is_no_longer_than_the_operation_may_take() {
    let busy = FaultAction::Reply(b"450 Busy.\r\n".to_vec());
    let fault = Fault::new(Trigger::new(Moment::Reply).on("SIZE").every(), busy);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let long =
        RetryPolicy::new(9).first_delay(Duration::from_secs(600)).longest_delay(Duration::from_secs(600));
    let mut client = log_in(builder(&server).retry_policy(long)).expect("login");
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    let began = Instant::now();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        token.cancel();
    });
    assert_eq!(client.size("file").expect_err("cancelled").kind(), "cancelled");
    canceller.join().expect("the canceller");
    client.set_cancel_token(None);
    client.set_timeouts(Timeouts { operation: Some(Duration::from_millis(200)), ..PATIENCE });
    assert_eq!(client.size("file").expect_err("no time").kind(), "refused");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_connection_that_was_lost_says_nothing_about_tls_1_3() {
    let lost = |nth| Fault::new(Trigger::new(Moment::Reply).on("PWD").nth(nth), FaultAction::Reset);
    let server = start(Options { faults: vec![lost(1), lost(3)], ..Options::default() });
    let mut client = patient_client(&server);
    for _ in 0..2 {
        client.current_directory().expect("PWD");
        client.list("").expect("a data connection");
        assert_eq!(client.tls_version(), Some(TlsVersion::V1_3));
    }
    assert_eq!(client.statistics().relogins, 2);
    server.forget_sessions();
    client.list("").expect("a new login");
    assert_eq!(
        client.tls_version(),
        Some(TlsVersion::V1_3),
        "the first refusal is no reason to leave TLS 1.3"
    );
}

#[test]
fn resumed_transfers_of_files_are_tried_again_too() {
    let faults = [cuts("RETR", &FaultAction::ResetBoth), cuts("STOR", &FaultAction::ResetBoth)].concat();
    let server = start(Options { faults, ..Options::default() });
    server.put_file("file", &content()).expect("a file");
    let folder = Folder::new("retried");
    let local = folder.file(&content()[..10_000]);
    // A reset may throw away all that was on its way.
    let mut client = log_in(builder(&server).retry_policy(policy(9))).expect("login");
    client.download_resuming("file", &local, |_| true).expect("download");
    assert!(std::fs::read(&local).expect("a file") == content());
    client.upload_resuming(&local, "other", |_| true).expect("upload");
    assert!(server.file("other") == Some(content()));
}
