//! The tether on real servers that require resumption, as counted by the servers' own logs.

mod common;

use common::{connect, payload, settled_log, start};
use real_servers::{Kind, Outcome, TlsVersion};
use std::io::{Read, Write};

const UPLOADS: u64 = 500;
const DOWNLOADS: u64 = 500;
const LISTINGS: u64 = 100;

fn holds_for_a_whole_night(kind: Kind, tls: TlsVersion) {
    let server = start(kind, tls);
    let mut client = connect(&server, &server.user().clone());
    let content = payload(10_000);
    for number in 0..UPLOADS {
        let mut upload = client.upload(format!("file{}", number % 20), 0).expect("upload opens");
        upload.write_all(&content).expect("upload goes on");
        upload.finish().expect("upload ends");
    }
    for number in 0..DOWNLOADS {
        let mut received = Vec::new();
        let mut download = client.download(format!("file{}", number % 20), 0).expect("download opens");
        download.read_to_end(&mut received).expect("download goes on");
        download.finish().expect("download ends");
        assert!(received == content);
    }
    for _ in 0..LISTINGS {
        assert!(client.list("").expect("listing").entries.len() >= 20);
    }
    let all = UPLOADS + DOWNLOADS + LISTINGS;
    let statistics = client.statistics();
    assert_eq!((statistics.data_connections, statistics.resumed, statistics.full), (all, all, 0));
    assert_eq!(statistics.relogins, 0);
    let log = settled_log(&server, all);
    assert_eq!((log.control_handshakes, log.data_resumed, log.data_full, log.refused), (1, all, 0, 0));
    server.record("500 uploads, 500 downloads and 100 listings of one login, each resumed", Outcome::Works);
}

#[test]
fn vsftpd_resumes_1100_transfers_of_one_login_with_tls_1_2() {
    holds_for_a_whole_night(Kind::Vsftpd, TlsVersion::Tls12);
}

#[test]
fn vsftpd_resumes_1100_transfers_of_one_login_with_tls_1_3() {
    holds_for_a_whole_night(Kind::Vsftpd, TlsVersion::Tls13);
}

#[test]
fn proftpd_resumes_1100_transfers_of_one_login_with_tls_1_2() {
    holds_for_a_whole_night(Kind::ProFtpd, TlsVersion::Tls12);
}

#[test]
fn proftpd_resumes_1100_transfers_of_one_login_with_tls_1_3() {
    holds_for_a_whole_night(Kind::ProFtpd, TlsVersion::Tls13);
}

#[test]
fn sessions_never_cross_eight_parallel_logins() {
    for tls in TlsVersion::ALL {
        let server = start(Kind::ProFtpd, tls);
        let users = server.users().to_vec();
        assert_eq!(users.len(), 8);
        std::thread::scope(|scope| {
            for user in &users {
                let server = &server;
                scope.spawn(move || {
                    let mut client = connect(server, user);
                    let content = payload(20_000);
                    for number in 0..25 {
                        let name = format!("file{number}");
                        client.upload_from(&name, &mut content.as_slice(), |_| true).expect("upload");
                        let mut received = Vec::new();
                        client.download_to(&name, &mut received, |_| true).expect("download");
                        assert!(received == content);
                    }
                    let statistics = client.statistics();
                    assert_eq!((statistics.resumed, statistics.full, statistics.relogins), (50, 0, 0));
                });
            }
        });
        let log = settled_log(&server, 400);
        assert_eq!((log.control_handshakes, log.data_resumed, log.data_full, log.refused), (8, 400, 0, 0));
        server.record("Eight logins at the same time, each with its own session", Outcome::Works);
    }
}
