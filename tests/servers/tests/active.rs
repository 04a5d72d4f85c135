//! Active mode on real servers that require resumption, as counted by the servers' own logs.

mod common;

use common::{connect_in, payload, policy, settled_log, start_with};
use ftps::client::{ActiveMode, Dialogue};
use ftps::{Error, ResumptionPolicy};
use real_servers::{Config, Kind, Outcome, TlsVersion};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const ROUNDS: u64 = 30;

fn holds(kind: Kind, config: Config, verb: &str) {
    let server = start_with(kind, config);
    let mut client = connect_in(Some(ActiveMode::default()), &server, server.user());
    let verbs = Arc::new(Mutex::new(Vec::new()));
    let seen = verbs.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        if let Dialogue::Sent(command) = line {
            seen.lock().expect("no panic while locked").push(command.verb().to_owned());
        }
    })));
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
    let verbs = verbs.lock().expect("no panic while locked").clone();
    let count = |wanted: &str| verbs.iter().filter(|verb| *verb == wanted).count() as u64;
    assert_eq!((count(verb), count("EPSV"), count("PASV")), (all, 0, 0));
    let statistics = client.statistics();
    assert_eq!((statistics.data_connections, statistics.relogins), (all, 0));
    if policy(kind) == ResumptionPolicy::Require {
        assert_eq!((statistics.resumed, statistics.full), (all, 0));
        let log = settled_log(&server, all);
        assert_eq!((log.control_handshakes, log.data_resumed, log.data_full, log.refused), (1, all, 0, 0));
    }
    client.quit().expect("QUIT");
    server.record(&format!("Transfers and listings in active mode ({verb})"), Outcome::Works);
}

#[test]
fn vsftpd_makes_every_data_connection_and_resumes_it() {
    for tls in TlsVersion::ALL {
        holds(Kind::Vsftpd, Config::new(tls), "PORT");
    }
}

#[test]
fn proftpd_makes_every_data_connection_and_resumes_it() {
    for tls in TlsVersion::ALL {
        holds(Kind::ProFtpd, Config::new(tls), "PORT");
    }
}

#[test]
fn pure_ftpd_makes_every_data_connection() {
    for tls in TlsVersion::ALL {
        holds(Kind::PureFtpd, Config::new(tls), "PORT");
    }
}

#[test]
fn ipv6_is_announced_by_eprt() {
    for kind in [Kind::Vsftpd, Kind::ProFtpd] {
        holds(kind, Config::new(TlsVersion::Tls13).ipv6(), "EPRT");
    }
}

#[test]
fn a_refusal_in_place_of_a_connection_does_not_hang_and_the_login_goes_on() {
    for kind in [Kind::Vsftpd, Kind::ProFtpd] {
        for tls in TlsVersion::ALL {
            let server = start_with(kind, Config::new(tls));
            let mut client = connect_in(Some(ActiveMode::default()), &server, server.user());
            let began = Instant::now();
            let error = client.download("missing", 0).expect_err("there is no such file");
            assert!(matches!(error, Error::Refused(_)), "{error:?}");
            assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(550));
            assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
            client.upload_from("present", &mut &b"x"[..], |_| true).expect("the login goes on");
            server.record("Download of a file that is not there", Outcome::Refused(550));
        }
    }
}

#[test]
fn an_upload_in_active_mode_that_is_dropped_is_never_confirmed() {
    for kind in [Kind::Vsftpd, Kind::ProFtpd] {
        for tls in TlsVersion::ALL {
            let server = start_with(kind, Config::new(tls));
            let mut client = connect_in(Some(ActiveMode::default()), &server, server.user());
            let codes = Arc::new(Mutex::new(Vec::new()));
            let seen = codes.clone();
            client.set_dialogue_observer(Some(Arc::new(move |line| {
                if let Dialogue::Received(reply) = line {
                    seen.lock().expect("no panic while locked").push(reply.code());
                }
            })));
            let mut upload = client.upload("broken", 0).expect("upload opens");
            upload.write_all(&payload(2_000_000)).expect("upload goes on");
            drop(upload);
            client.noop().expect("the login goes on");
            let codes = codes.lock().expect("no panic while locked").clone();
            assert!(
                !codes.contains(&226) && codes.iter().any(|code| *code >= 400),
                "{}: {codes:?}",
                kind.name()
            );
            server.record("A dropped upload is never confirmed", Outcome::Works);
        }
    }
}
