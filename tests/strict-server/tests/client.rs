//! The client's promises, on the embedded strict server.

use ftps::client::{FtpsClient, Timeouts};
use ftps::net::CancelToken;
use ftps::{Error, ResumptionPolicy, TlsOptions, TlsVersion};
use std::io::Write;
use std::time::{Duration, Instant};
use strict_server::{
    CertificateOptions, Fault, FaultAction, Leaf, Moment, Options, Resumption, RunningServer, Server,
    Tickets, Tls12Sessions, TlsVersions, Trigger, Wording,
};

const BOTH: [(TlsVersions, TlsVersion); 2] =
    [(TlsVersions::Tls12, TlsVersion::V1_2), (TlsVersions::Tls13, TlsVersion::V1_3)];

/// Short, so that a stalling server is noticed soon.
const PATIENCE: Timeouts =
    Timeouts { connect: Duration::from_secs(3), reply: Duration::from_secs(3), data: Duration::from_secs(1) };

fn start(options: Options) -> RunningServer {
    Server::start(options).expect("the server starts")
}

fn try_connect(server: &RunningServer, policy: ResumptionPolicy) -> ftps::Result<FtpsClient> {
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    let mut client = FtpsClient::builder("127.0.0.1")
        .port(server.addr().port())
        .tls(tls)
        .resumption(policy)
        .timeouts(PATIENCE)
        .connect()?;
    client.login("user", "password")?;
    Ok(client)
}

fn connect(server: &RunningServer, policy: ResumptionPolicy) -> FtpsClient {
    try_connect(server, policy).expect("login")
}

fn put(client: &mut FtpsClient, name: &str, content: &[u8]) -> ftps::Result<u64> {
    client.upload_from(name, &mut &content[..], |_| true)
}

fn get(client: &mut FtpsClient, name: &str) -> ftps::Result<Vec<u8>> {
    let mut received = Vec::new();
    client.download_to(name, &mut received, |_| true).map(|_| received)
}

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
fn a_certificate_that_is_not_right_is_refused_at_the_control_connection() {
    for control in [Leaf::Expired, Leaf::SelfSigned, Leaf::OtherName] {
        let certificates = CertificateOptions { control, ..CertificateOptions::default() };
        let server = start(Options { certificates, ..Options::default() });
        let error = try_connect(&server, ResumptionPolicy::Prefer).expect_err("refused");
        assert!(matches!(error, Error::Certificate(_)), "{control:?} {error:?}");
        assert_eq!(server.counters().logins, 0);
    }
}

#[test]
fn another_certificate_on_the_data_connection_is_refused() {
    for data in [Leaf::Valid, Leaf::Expired, Leaf::SelfSigned, Leaf::OtherName] {
        for (versions, _) in BOTH {
            let certificates = CertificateOptions { data: Some(data), ..CertificateOptions::default() };
            let options =
                Options { certificates, versions, resumption: Resumption::NotRequired, ..Options::default() };
            let server = start(options);
            let mut client = connect(&server, ResumptionPolicy::Off);
            let error = put(&mut client, "file", b"secret").expect_err("refused");
            assert!(matches!(error, Error::Certificate(_)), "{data:?} {error:?}");
            assert_eq!(server.counters().bytes_received, 0);
        }
    }
}

#[test]
fn a_stalled_transfer_ends_when_another_thread_cancels_it() {
    let fault = Fault::new(Trigger::new(Moment::DataByte(1000)).on("RETR"), FaultAction::Stall);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    server.put_file("file", &[7; 100_000]).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    let canceller = token.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        canceller.cancel();
        Instant::now()
    });
    let error = get(&mut client, "file").expect_err("cancelled");
    let returned = Instant::now();
    let cancelled = thread.join().expect("the canceller");
    assert!(matches!(error, Error::Cancelled(_)), "{error:?}");
    assert!(returned.saturating_duration_since(cancelled) < Duration::from_secs(1));
}

#[test]
fn a_dropped_upload_is_never_confirmed() {
    let server = start(Options { lenient_upload_end: true, ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let mut upload = client.upload("file", 0).expect("upload opens");
    upload.write_all(&[7; 50_000]).expect("upload goes on");
    drop(upload);
    client.noop().expect("the login goes on");
    assert_eq!(server.counters().uploads_completed, 0);
}

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
