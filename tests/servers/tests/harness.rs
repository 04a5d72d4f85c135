//! The harness itself: every server works for a client that resumes, turns away one that does not, and counts both.
//! The client is Python's ftplib, so that nothing of libftps is needed to trust the servers.

use real_servers::{Config, Kind, Outcome, RealServer, ResumptionLog, TlsVersion, WanLink};
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STRICT: [Kind; 3] = [Kind::Vsftpd, Kind::ProFtpd, Kind::FileZilla];

fn start(kind: Kind, config: &Config) -> RealServer {
    RealServer::start(kind, config).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs `client.py` and returns what it printed.
fn client(what: &str, server: &RealServer) -> String {
    let second = server.users().last().expect("a user");
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client.py"))
        .arg(what)
        .arg(server.address().ip().to_string())
        .arg(server.address().port().to_string())
        .arg(server.ca_path())
        .args([&server.user().name, &server.user().password, &second.name])
        .output()
        .expect("python3 runs");
    assert!(
        output.status.success(),
        "{what} on {}: {}\n{}",
        server.kind().name(),
        String::from_utf8_lossy(&output.stderr),
        server.logs()
    );
    String::from_utf8(output.stdout).expect("text")
}

fn log(server: &RealServer) -> ResumptionLog {
    server.resumption_log().expect("this server logs resumption")
}

fn works_and_counts(kind: Kind, tls: TlsVersion) {
    let server = start(kind, &Config::new(tls));
    let printed = client("transfer", &server);
    assert_eq!(printed, format!("home {}\n", server.user().remote_home));
    if let Some(log) = server.resumption_log() {
        let expected = ResumptionLog { control_handshakes: 1, data_full: 0, data_resumed: 3, refused: 0 };
        assert_eq!(log, expected, "{}", server.logs());
    }
    server.record("A client that resumes where it gets a ticket", Outcome::Works);
}

fn refuses_without_resumption(kind: Kind, tls: TlsVersion, refusal: &Refusal) {
    let server = start(kind, &Config::new(tls));
    assert_eq!(client("plain", &server), refusal.line(), "{}", server.logs());
    let expected = ResumptionLog { control_handshakes: 1, data_full: 1, data_resumed: 0, refused: 1 };
    assert_eq!(log(&server), expected, "{}", server.logs());
    server.record("A client that resumes nothing", Outcome::Refused(refusal.code));
}

/// The reply to a data connection that the server does not take.
struct Refusal {
    code: u16,
    text: &'static str,
}

impl Refusal {
    fn line(&self) -> String {
        format!("{} {}\n", self.code, self.text)
    }
}

const VSFTPD_REFUSAL: Refusal = Refusal { code: 522, text: "SSL connection failed: session reuse required" };
const PROFTPD_REFUSAL: Refusal =
    Refusal { code: 425, text: "Unable to build data connection: Operation not permitted" };
const FILEZILLA_REFUSAL: Refusal = Refusal {
    code: 425,
    text: "Unable to build data connection: TLS session of data connection not resumed.",
};
const OF_ANOTHER_LOGIN: &str = "A client that resumes another login's session";

#[test]
fn vsftpd_takes_and_counts_a_client_that_resumes_with_tls12() {
    works_and_counts(Kind::Vsftpd, TlsVersion::Tls12);
}

#[test]
fn vsftpd_takes_and_counts_a_client_that_resumes_with_tls13() {
    works_and_counts(Kind::Vsftpd, TlsVersion::Tls13);
}

#[test]
fn proftpd_takes_and_counts_a_client_that_resumes_with_tls12() {
    works_and_counts(Kind::ProFtpd, TlsVersion::Tls12);
}

#[test]
fn proftpd_takes_and_counts_a_client_that_resumes_with_tls13() {
    works_and_counts(Kind::ProFtpd, TlsVersion::Tls13);
}

#[test]
fn pureftpd_takes_a_client_that_resumes_with_tls12() {
    works_and_counts(Kind::PureFtpd, TlsVersion::Tls12);
}

#[test]
fn pureftpd_takes_any_client_with_tls13() {
    works_and_counts(Kind::PureFtpd, TlsVersion::Tls13);
}

#[test]
fn filezilla_takes_and_counts_a_client_that_resumes_with_tls12() {
    works_and_counts(Kind::FileZilla, TlsVersion::Tls12);
}

#[test]
fn filezilla_takes_and_counts_a_client_that_resumes_with_tls13() {
    works_and_counts(Kind::FileZilla, TlsVersion::Tls13);
}

#[test]
fn vsftpd_refuses_and_counts_a_client_that_does_not_resume() {
    refuses_without_resumption(Kind::Vsftpd, TlsVersion::Tls12, &VSFTPD_REFUSAL);
    refuses_without_resumption(Kind::Vsftpd, TlsVersion::Tls13, &VSFTPD_REFUSAL);
}

#[test]
fn proftpd_refuses_and_counts_a_client_that_does_not_resume() {
    refuses_without_resumption(Kind::ProFtpd, TlsVersion::Tls12, &PROFTPD_REFUSAL);
    refuses_without_resumption(Kind::ProFtpd, TlsVersion::Tls13, &PROFTPD_REFUSAL);
}

#[test]
fn filezilla_refuses_and_counts_a_client_that_does_not_resume() {
    refuses_without_resumption(Kind::FileZilla, TlsVersion::Tls12, &FILEZILLA_REFUSAL);
    refuses_without_resumption(Kind::FileZilla, TlsVersion::Tls13, &FILEZILLA_REFUSAL);
}

#[test]
fn pureftpd_takes_a_client_that_does_not_resume() {
    for tls in TlsVersion::ALL {
        let server = start(Kind::PureFtpd, &Config::new(tls));
        assert_eq!(client("plain", &server), "taken\n", "{}", server.logs());
        server.record("It takes data connections that resume nothing.", Outcome::Limit);
    }
}

#[test]
fn proftpd_refuses_and_counts_another_logins_session() {
    for tls in TlsVersion::ALL {
        let server = start(Kind::ProFtpd, &Config::new(tls));
        assert_eq!(client("crossed", &server), PROFTPD_REFUSAL.line(), "{}", server.logs());
        assert_eq!(log(&server).refused, 1, "{}", server.logs());
        server.record(OF_ANOTHER_LOGIN, Outcome::Refused(PROFTPD_REFUSAL.code));
    }
}

#[test]
fn filezilla_refuses_another_logins_session() {
    for tls in TlsVersion::ALL {
        let server = start(Kind::FileZilla, &Config::new(tls));
        assert_eq!(client("crossed", &server), FILEZILLA_REFUSAL.line(), "{}", server.logs());
        let expected = ResumptionLog { control_handshakes: 2, data_full: 1, data_resumed: 0, refused: 1 };
        assert_eq!(log(&server), expected, "{}", server.logs());
        server.record(OF_ANOTHER_LOGIN, Outcome::Refused(FILEZILLA_REFUSAL.code));
    }
}

#[test]
fn filezilla_gives_the_tls13_ticket_with_epsv_and_none_at_login() {
    let server = start(Kind::FileZilla, &Config::new(TlsVersion::Tls13));
    assert_eq!(client("tickets", &server), "after login: False\nafter EPSV: True\n");
    server.record("It gives no ticket at login: its first one comes with the reply to EPSV.", Outcome::Limit);
}

#[test]
fn filezilla_answers_an_upload_without_close_notify_with_an_error() {
    let server = start(Kind::FileZilla, &Config::new(TlsVersion::Tls13));
    let reply = "425 Error while transfering data: ECONNABORTED - Connection aborted\n";
    assert_eq!(client("truncated", &server), reply);
    server.record("Uploads that end without close_notify", Outcome::Refused(425));
}

#[test]
fn filezilla_is_usable_after_abor() {
    let server = start(Kind::FileZilla, &Config::new(TlsVersion::Tls13));
    let replies = "426 Data connection closed; transfer aborted.\n226 ABOR command successful.\n\
                   257 \"/\" is current directory.\n";
    assert_eq!(client("abort", &server), replies);
    server.record("Aborting an upload (ABOR)", Outcome::Works);
}

#[test]
fn every_server_speaks_exactly_the_chosen_tls_version() {
    for kind in Kind::ALL {
        for tls in TlsVersion::ALL {
            let server = start(kind, &Config::new(tls));
            assert_eq!(client("versions", &server), format!("{}\n", tls.name()), "{}", kind.name());
        }
    }
}

#[test]
fn every_server_works_on_ipv6() {
    for kind in Kind::ALL {
        let server = start(kind, &Config::new(TlsVersion::Tls13).ipv6());
        client("transfer", &server);
        server.record("IPv6", Outcome::Works);
    }
}

#[test]
fn strict_servers_work_with_implicit_tls() {
    for kind in STRICT {
        let server = start(kind, &Config::new(TlsVersion::Tls13).implicit());
        client("implicit", &server);
        assert_eq!(log(&server).data_resumed, 3, "{}", server.logs());
        server.record("Implicit TLS", Outcome::Works);
    }
}

#[test]
fn a_planted_file_can_be_overwritten_and_an_upload_is_found_on_disk() {
    for kind in Kind::ALL {
        let server = start(kind, &Config::new(TlsVersion::Tls12));
        let planted = server.user().plant("sent.bin", b"before").expect("a file");
        client("transfer", &server);
        // The client uploads over it, renames the upload and deletes that.
        assert!(!planted.exists(), "{}", kind.name());
    }
}

#[test]
fn dropping_a_server_ends_it_with_its_sessions() {
    // Its port may be another test's a moment later, but not at this address.
    let address = Ipv4Addr::new(127, 0, 0, 9).into();
    for kind in Kind::ALL {
        let server = start(kind, &Config { address, ..Config::new(TlsVersion::Tls12) });
        let address = server.address();
        let folder = server.folder().to_owned();
        let session = TcpStream::connect(address).expect("a session");
        drop(server);
        assert!(TcpStream::connect(address).is_err(), "{} still listens", kind.name());
        assert!(!folder.exists(), "{} left {}", kind.name(), folder.display());
        session.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        if let Err(error) = std::io::copy(&mut &session, &mut std::io::sink()) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "a session of {} lives on", kind.name());
        }
    }
}

#[test]
fn a_server_at_the_end_of_a_link_answers_after_a_round_trip() {
    let link = WanLink::start(20).unwrap_or_else(|error| panic!("{error}"));
    let server = start(Kind::ProFtpd, &Config::new(TlsVersion::Tls13).at_the_end_of(&link));
    let took = link.from_client(|| {
        let started = Instant::now();
        TcpStream::connect(server.address()).expect("a connection");
        started.elapsed()
    });
    let took = took.unwrap_or_else(|error| panic!("{error}"));
    assert!(took >= Duration::from_millis(40), "{took:?}");
    link.from_client(|| client("transfer", &server)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(log(&server).data_resumed, 3, "{}", server.logs());
}

/// Not a test: the child process of the one below.
#[test]
#[ignore = "started by a_server_ends_with_a_test_process_that_is_killed"]
fn keep_servers_running() {
    let config = Config::new(TlsVersion::Tls12);
    let servers: Vec<_> = Kind::ALL.into_iter().map(|kind| start(kind, &config)).collect();
    for server in &servers {
        println!("listening {}", server.address());
    }
    loop {
        std::thread::park();
    }
}

#[test]
fn a_server_ends_with_a_test_process_that_is_killed() {
    // The servers' folders are left behind: they go with this one.
    let scratch = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(std::env::current_exe().expect("this test binary"))
        .env("TMPDIR", scratch.path())
        .args(["--exact", "keep_servers_running", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child process");
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    let addresses: Vec<SocketAddr> = output
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.split_once("listening ")?.1.parse().ok())
        .take(Kind::ALL.len())
        .collect();
    child.kill().expect("a kill");
    child.wait().expect("an end");
    assert_eq!(addresses.len(), Kind::ALL.len());
    let deadline = Instant::now() + Duration::from_secs(10);
    for address in addresses {
        while TcpStream::connect(address).is_ok() {
            assert!(Instant::now() < deadline, "the server on {address} outlived its test process");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
