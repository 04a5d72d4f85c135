//! Data connections in clear (PROT C), and the control connection in clear after login (CCC), on real servers.

mod common;

use common::{builder, gives_sessions, log_in, not_offered, payload, settled_log, start_with};
use ftps::client::DataProtection;
use ftps::{FtpsClient, ResumptionPolicy};
use real_servers::{Config, Kind, Outcome, TlsVersion};

fn round_trip(client: &mut FtpsClient, name: &str) {
    let content = payload(300_000);
    client.upload_from(name, &mut content.as_slice(), |_| true).expect("upload");
    let mut received = Vec::new();
    client.download_to(name, &mut received, |_| true).expect("download");
    assert!(received == content);
    assert!(client.names("").expect("listing").contains(&name.as_bytes().to_vec()));
}

#[test]
fn data_connections_are_in_clear_where_both_sides_agree() {
    for kind in [Kind::Vsftpd, Kind::ProFtpd, Kind::PureFtpd] {
        for tls in TlsVersion::ALL {
            let server = start_with(kind, Config::new(tls).clear());
            let clear =
                builder(&server).resumption(ResumptionPolicy::Prefer).data_protection(DataProtection::Clear);
            let mut client = log_in(clear, &server, server.user());
            for number in 0..5 {
                round_trip(&mut client, &format!("file{number}"));
            }
            assert_eq!((client.statistics().clear, client.statistics().relogins), (15, 0));
            client.quit().expect("QUIT");
            if let Some(log) = server.resumption_log() {
                let handshakes = (log.control_handshakes, log.data_resumed, log.data_full);
                assert_eq!(handshakes, (1, 0, 0), "{}", server.logs());
            }
            server.record("Data connections in clear (PROT C)", Outcome::Works);
        }
    }
}

#[test]
fn a_server_that_insists_on_protection_says_so() {
    for kind in [Kind::Vsftpd, Kind::ProFtpd, Kind::PureFtpd] {
        let server = start_with(kind, Config::new(TlsVersion::Tls13));
        let clear =
            builder(&server).resumption(ResumptionPolicy::Prefer).data_protection(DataProtection::Clear);
        let mut client = clear.connect().expect("a connection");
        let outcome = client.login(&server.user().name, &server.user().password);
        let refused = match kind {
            Kind::ProFtpd => outcome,
            // They take PROT C, and then no transfer.
            _ => outcome.and_then(|()| client.upload_from("file", &mut &b"content"[..], |_| true).map(drop)),
        };
        assert_eq!(refused.expect_err("nothing in clear").kind(), "refused", "{}", kind.name());
    }
}

#[test]
fn proftpd_resumes_every_data_connection_after_ccc() {
    for tls in TlsVersion::ALL {
        let server = start_with(Kind::ProFtpd, Config::new(tls).clear());
        let mut client = log_in(builder(&server), &server, server.user());
        round_trip(&mut client, "before");
        client.clear_command_channel().unwrap_or_else(|error| panic!("{error}\n{}", server.logs()));
        for number in 0..5 {
            round_trip(&mut client, &format!("file{number}"));
        }
        assert_eq!((client.statistics().resumed, client.statistics().relogins), (18, 0));
        client.quit().expect("QUIT");
        // Without a session on the control connection, ProFTPD compares the data connections' with nothing: it takes all of
        // them, calls each a renegotiation, and tells whether it was resumed.
        let log = settled_log(&server, 3);
        assert_eq!((log.control_handshakes, log.data_resumed, log.data_full, log.refused), (1, 3, 0, 0));
        let logs = server.logs();
        let (_, after) = logs.split_once("received CCC").expect("CCC is logged");
        let (all, resumed) =
            (after.matches(" accepted, using cipher ").count(), after.matches(", resumed session)").count());
        assert_eq!((all, resumed), (15, 15), "{logs}");
        server.record("Control connection in clear after login (CCC)", Outcome::Works);
    }
}

#[test]
fn pure_ftpd_resumes_what_it_gave_sessions_for_after_ccc() {
    for tls in TlsVersion::ALL {
        let server = start_with(Kind::PureFtpd, Config::new(tls).clear());
        let mut client = log_in(builder(&server), &server, server.user());
        client.clear_command_channel().unwrap_or_else(|error| panic!("{error}\n{}", server.logs()));
        for number in 0..5 {
            round_trip(&mut client, &format!("file{number}"));
        }
        let resumed = if gives_sessions(Kind::PureFtpd, tls) { 15 } else { 0 };
        assert_eq!((client.statistics().resumed, client.statistics().relogins), (resumed, 0));
        client.quit().expect("QUIT");
        server.record("Control connection in clear after login (CCC)", Outcome::Works);
    }
}

#[test]
fn vsftpd_does_not_know_ccc() {
    for tls in TlsVersion::ALL {
        let server = start_with(Kind::Vsftpd, Config::new(tls).clear());
        let mut client = log_in(builder(&server), &server, server.user());
        let error = client.clear_command_channel().expect_err("no CCC");
        round_trip(&mut client, "file");
        server.record("Control connection in clear after login (CCC)", not_offered(&error));
    }
}
