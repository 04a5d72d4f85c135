//! What goes beyond RFC 959, on every server that offers it, and the right error where it does not.

mod common;

use common::{connect, start};
use ftps::FtpsClient;
use real_servers::{Kind, RealServer, TlsVersion};
use std::time::{Duration, SystemTime};

const REAL: [Kind; 3] = [Kind::Vsftpd, Kind::ProFtpd, Kind::PureFtpd];

/// Runs `play` in a login on each of `kinds`, over both TLS versions.
fn on_each(kinds: &[Kind], play: impl Fn(&RealServer, &mut FtpsClient)) {
    for kind in kinds {
        for tls in TlsVersion::ALL {
            let server = start(*kind, tls);
            let mut client = connect(&server, &server.user().clone());
            play(&server, &mut client);
        }
    }
}

/// ProFTPD and Pure-FTPd have MFMT, vsftpd MDTM with a time.
#[test]
fn a_time_of_modification_is_set_and_read() {
    on_each(&REAL, |server, client| {
        client.upload_from("a file", &mut &b"content"[..], |_| true).expect("upload");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        client
            .set_modification_time("a file", time)
            .unwrap_or_else(|error| panic!("{:?} {error}", server.kind()));
        let path = server.user().home.join("a file");
        assert_eq!(path.metadata().and_then(|data| data.modified()).expect("a time"), time);
        assert_eq!(client.modified("a file").expect("MDTM").to_system_time(), Some(time));
        let error = client.set_modification_time("missing", time).expect_err("no such file");
        assert_eq!(error.reply().map(|reply| reply.code()), Some(550), "{:?} {error}", server.kind());
    });
}
