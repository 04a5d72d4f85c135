//! Both connections through a proxy, and what proxies do wrong.

use crate::common::{builder, get, kind_of, log_in, on_threads, put, start, BOTH};
use ftps::client::{ActiveMode, DataProtection, Dialogue, Timeouts};
use ftps::net::{CancelToken, Proxy};
use ftps::{FtpsClient, ResumptionPolicy};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use strict_server::{
    Options, PassiveAddress, ProxyBehaviour as Behaviour, ProxyFault as Fault, ProxyKind as Kind,
    RunningServer, TestProxy, PROXY_PASSWORD as PASSWORD, PROXY_USER as USER,
};

const KINDS: [Kind; 2] = [Kind::Socks5, Kind::HttpConnect];

fn start_proxy(kind: Kind, behaviour: Behaviour) -> TestProxy {
    TestProxy::start(kind, behaviour).expect("the proxy starts")
}

fn through(server: &RunningServer, proxy: Proxy) -> ftps::client::Builder {
    builder(server).resumption(ResumptionPolicy::Require).proxy(proxy)
}

#[test]
fn both_connections_go_through_the_proxy_and_the_tether_holds() {
    for kind in KINDS {
        for (versions, version) in BOTH {
            let server = start(Options { versions, ..Options::default() });
            let proxy = start_proxy(kind, Behaviour::default());
            let mut client = log_in(through(&server, proxy.as_proxy())).expect("login");
            let content = vec![7; 300_000];
            for _ in 0..3 {
                put(&mut client, "file", &content).expect("upload");
                assert!(get(&mut client, "file").expect("download") == content);
                client.list("").expect("listing");
            }
            assert_eq!(client.tls_version(), Some(version));
            assert_eq!(client.statistics().resumed, 9, "{kind:?}");
            assert_eq!(proxy.requests().len(), 10, "{kind:?}");
        }
    }
}

/// In clear FIN is all the end there is.
#[test]
fn data_in_clear_goes_through_the_proxy_and_ends() {
    for kind in KINDS {
        let server = start(Options::default());
        let proxy = start_proxy(kind, Behaviour::default());
        let clear = builder(&server).data_protection(DataProtection::Clear).proxy(proxy.as_proxy());
        let mut client = log_in(clear).expect("login");
        put(&mut client, "file", &[7; 300_000]).expect("upload");
        assert_eq!(get(&mut client, "file").expect("download"), [7; 300_000]);
    }
}

/// The name in the requests is what the caller wrote: nobody else resolved it.
#[test]
fn the_proxy_resolves_the_name_for_data_connections_too() {
    for kind in KINDS {
        let server = start(Options::default());
        let port = server.addr().port();
        let tls = ftps::TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
        let behaviour = Behaviour { knows: "ftp.test", ..Behaviour::default() };
        let proxy = start_proxy(kind, behaviour);
        let builder = FtpsClient::builder("ftp.test").port(port).tls(tls.server_name("localhost"));
        let mut client = log_in(builder.proxy(proxy.as_proxy())).expect("login");
        put(&mut client, "file", b"content").expect("upload");
        let requests = proxy.requests();
        assert_eq!(requests.len(), 2, "{requests:?}");
        assert_eq!(requests[0], format!("ftp.test:{port}"));
        assert!(requests[1].starts_with("ftp.test:"), "{requests:?}");
    }
}

#[test]
fn a_trusted_pasv_address_is_what_the_proxy_is_asked_for() {
    for kind in KINDS {
        let options = Options {
            answers: [("EPSV".to_owned(), "500 Unknown command.".to_owned())].into(),
            passive: PassiveAddress::Given(Ipv4Addr::LOCALHOST),
            ..Options::default()
        };
        let server = start(options);
        let tls = ftps::TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
        let proxy = start_proxy(kind, Behaviour::default());
        let builder = FtpsClient::builder("localhost").port(server.addr().port()).tls(tls);
        let builder = builder.proxy(proxy.as_proxy()).trust_passive_address(true);
        let mut client = log_in(builder).expect("login");
        put(&mut client, "file", b"content").expect("upload");
        let requests = proxy.requests();
        assert!(
            requests[0].starts_with("localhost:") && requests[1].starts_with("127.0.0.1:"),
            "{requests:?}"
        );
    }
}

#[test]
fn credentials_open_the_proxy_and_are_seen_nowhere() {
    for kind in KINDS {
        let server = start(Options::default());
        let behaviour = Behaviour { asks_who: true, ..Behaviour::default() };
        let proxy = start_proxy(kind, behaviour);
        let known = proxy.as_proxy().credentials(USER, PASSWORD);
        let seen = Arc::new(Mutex::new(String::new()));
        let log = seen.clone();
        let observer = move |line: Dialogue<'_>| log.lock().unwrap().push_str(&format!("{line:?}"));
        let mut client =
            log_in(through(&server, known).dialogue_observer(Some(Arc::new(observer) as _))).expect("login");
        put(&mut client, "file", b"content").expect("upload");
        let shown = format!("{} {client:?}", seen.lock().unwrap());
        assert!(!shown.contains(PASSWORD) && !shown.contains(USER), "{shown}");
        for (proxy, words) in [
            (proxy.as_proxy(), "give it credentials"),
            (proxy.as_proxy().credentials(USER, "close-sesame"), "the user"),
        ] {
            let error = through(&server, proxy).connect().expect_err("not let in");
            assert_eq!(error.kind(), "connect", "{kind:?} {error}");
            let text = format!("{error} {error:?}");
            assert!(text.contains(words) && !text.contains("sesame"), "{kind:?} {text}");
        }
    }
}

#[test]
fn active_mode_behind_a_proxy_is_refused_before_anything_is_sent() {
    let server = start(Options::default());
    let proxy = start_proxy(Kind::Socks5, Behaviour::default());
    let both = through(&server, proxy.as_proxy()).active_mode(ActiveMode::default());
    assert_eq!(both.connect().expect_err("no way back").kind(), "invalid-argument");
    assert_eq!(proxy.requests(), [""; 0]);
    let mut client = log_in(through(&server, proxy.as_proxy())).expect("login");
    let error = client.set_active_mode(Some(ActiveMode::default())).expect_err("no way back");
    assert!(error.to_string().contains("active mode does not go through a proxy"), "{error}");
    put(&mut client, "file", b"content").expect("passive mode as before");
}

/// What the proxy does wrong, from which of its connections on, and what becomes of it.
#[test]
fn a_fault_of_the_proxy_has_its_name_on_both_connections() {
    let faults = [
        (Fault::Stalls, "timeout"),
        (Fault::HangsUp, "connect"),
        (Fault::HangsUpWithin, "connect"),
        (Fault::Answers(b"220 I am no proxy at all.\r\n"), "protocol"),
        (Fault::Floods, "protocol"),
        (Fault::Refuses, "connect"),
    ];
    let mut cases = Vec::new();
    for kind in KINDS {
        for fault in &faults {
            cases.extend([0, 1].map(|connection| (kind, fault.clone(), connection)));
        }
    }
    on_threads(&cases, |(kind, (fault, expected), connection)| {
        let server = start(Options::default());
        let proxy = start_proxy(*kind, Behaviour { from: *connection, ..Behaviour::of(fault.clone()) });
        let began = Instant::now();
        let outcome = log_in(through(&server, proxy.as_proxy()));
        let told = format!("{kind:?} {fault:?} from connection {connection}");
        if *connection == 0 {
            let error = outcome.expect_err("no control connection");
            assert_eq!(kind_of(&error), *expected, "{told}: {error}");
        } else {
            let mut client = outcome.expect("login");
            let error = put(&mut client, "file", b"content").expect_err("no data connection");
            assert_eq!(kind_of(&error), *expected, "{told}: {error}");
            assert!(server.file("file").is_none(), "{told}: STOR was sent");
            client.noop().expect("the login goes on");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{told}");
    });
}

/// The greeting of the server may come right behind the answer: it is the server's.
#[test]
fn an_answer_is_understood_in_whatever_pieces_it_comes() {
    for kind in KINDS {
        for fault in [Fault::Drips, Fault::Hurries] {
            let server = start(Options::default());
            let proxy = start_proxy(kind, Behaviour::of(fault));
            let mut client = log_in(through(&server, proxy.as_proxy())).expect("login");
            put(&mut client, "file", b"content").expect("upload");
        }
    }
}

#[test]
fn a_proxy_that_does_not_answer_is_left_when_another_thread_cancels() {
    for kind in KINDS {
        let server = start(Options::default());
        let proxy = start_proxy(kind, Behaviour::of(Fault::Stalls));
        let token = CancelToken::new().expect("descriptors");
        let canceller = token.clone();
        let asked = proxy.clone();
        let thread = std::thread::spawn(move || {
            asked.await_connection();
            canceller.cancel();
        });
        let patient = Timeouts { connect: Duration::from_secs(60), ..Timeouts::default() };
        let outcome = through(&server, proxy.as_proxy()).timeouts(patient).cancel_token(token).connect();
        assert_eq!(outcome.expect_err("cancelled").kind(), "cancelled", "{kind:?}");
        thread.join().expect("the canceller");
    }
}

/// 550 comes while the proxy is silent: it is not waited for to the end.
#[test]
fn a_refusal_ends_a_transfer_whose_proxy_is_silent() {
    for kind in KINDS {
        let server = start(Options::default());
        let proxy = start_proxy(kind, Behaviour { from: 2, ..Behaviour::of(Fault::Stalls) });
        let mut client = log_in(through(&server, proxy.as_proxy())).expect("login");
        // From here on the command goes out while the connection is made.
        put(&mut client, "file", b"content").expect("upload");
        let began = Instant::now();
        let error = get(&mut client, "missing").expect_err("550");
        assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
        assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(550), "{kind:?} {error}");
    }
}
