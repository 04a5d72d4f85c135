//! Real proxies in front of real servers, as told by the logs of both (Pure-FTPd's is silent about resumption).

mod common;

use common::{builder, gives_sessions, log_in, payload, settled_log, start};
use ftps::net::Proxy;
use real_servers::{Kind, Outcome, ProxyKind, RealProxy, TlsVersion};
use std::time::{Duration, Instant};

const ROUNDS: u64 = 5;

fn proxy_of(proxy: &RealProxy, kind: ProxyKind) -> Proxy {
    let (host, port) = (proxy.address().ip().to_string(), proxy.address().port());
    match kind {
        ProxyKind::MicroSocks => Proxy::socks5(host, port),
        ProxyKind::Tinyproxy => Proxy::http_connect(host, port),
    }
}

/// What the proxy's log says, once it has counted so many: it is written a moment later.
fn settled_connections(proxy: &RealProxy, host: &str, all: usize) -> usize {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let count = proxy.connections_to(host);
        if count >= all || Instant::now() > deadline {
            return count;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn holds(kind: Kind, through: ProxyKind) {
    for tls in TlsVersion::ALL {
        let server = start(kind, tls);
        let proxy = RealProxy::start(through).unwrap_or_else(|error| panic!("{error}"));
        let known = proxy_of(&proxy, through).credentials(proxy.user(), proxy.password());
        let mut client = log_in(builder(&server).proxy(known), &server, server.user());
        let content = payload(300_000);
        for number in 0..ROUNDS {
            let name = format!("file{number}");
            client.upload_from(&name, &mut content.as_slice(), |_| true).expect("upload");
            let mut received = Vec::new();
            client.download_to(&name, &mut received, |_| true).expect("download");
            assert!(received == content);
            assert!(client.names("").expect("listing").contains(&name.into_bytes()));
        }
        let all = 3 * ROUNDS;
        let statistics = client.statistics();
        let resumed = if gives_sessions(kind, tls) { all } else { 0 };
        assert_eq!((statistics.data_connections, statistics.resumed, statistics.relogins), (all, resumed, 0));
        if server.resumption_log().is_some() {
            let log = settled_log(&server, all);
            assert_eq!(
                (log.control_handshakes, log.data_resumed, log.data_full, log.refused),
                (1, all, 0, 0)
            );
        }
        let host = server.address().ip().to_string();
        let connections = settled_connections(&proxy, &host, 1 + all as usize);
        assert_eq!(connections, 1 + all as usize, "{}", proxy.log());
        client.quit().expect("QUIT");
        server.record(&format!("Both connections through an {}", through.name()), Outcome::Works);
    }
}

#[test]
fn vsftpd_resumes_every_data_connection_behind_a_socks5_proxy() {
    holds(Kind::Vsftpd, ProxyKind::MicroSocks);
}

#[test]
fn vsftpd_resumes_every_data_connection_behind_an_http_proxy() {
    holds(Kind::Vsftpd, ProxyKind::Tinyproxy);
}

#[test]
fn proftpd_resumes_every_data_connection_behind_a_socks5_proxy() {
    holds(Kind::ProFtpd, ProxyKind::MicroSocks);
}

#[test]
fn proftpd_resumes_every_data_connection_behind_an_http_proxy() {
    holds(Kind::ProFtpd, ProxyKind::Tinyproxy);
}

#[test]
fn pure_ftpd_resumes_what_it_gives_sessions_for_behind_a_socks5_proxy() {
    holds(Kind::PureFtpd, ProxyKind::MicroSocks);
}

#[test]
fn pure_ftpd_resumes_what_it_gives_sessions_for_behind_an_http_proxy() {
    holds(Kind::PureFtpd, ProxyKind::Tinyproxy);
}

#[test]
fn a_proxy_that_is_not_told_who_asks_lets_nobody_through() {
    let server = start(Kind::ProFtpd, TlsVersion::Tls13);
    for kind in ProxyKind::ALL {
        let proxy = RealProxy::start(kind).unwrap_or_else(|error| panic!("{error}"));
        let stranger = proxy_of(&proxy, kind);
        for (asks, words) in [
            (stranger.clone(), "give it credentials"),
            (stranger.credentials(proxy.user(), "wrong"), "the user"),
        ] {
            let error = builder(&server).proxy(asks).connect().expect_err("nobody is let through");
            assert_eq!(error.kind(), "connect", "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
        assert_eq!(proxy.connections_to(&server.address().ip().to_string()), 0, "{}", proxy.log());
    }
}
