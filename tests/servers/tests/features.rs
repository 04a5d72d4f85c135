//! What goes beyond RFC 959, on every server that offers it, and the right error where it does not.

mod common;

use common::{builder, connect, log_in, not_offered, payload, start};
use ftps::client::{LineEnds, RateLimits};
use ftps::protocol::HashAlgorithm;
use ftps::{FtpsClient, TlsOptions};
use real_servers::{Kind, Outcome, RealServer, TlsVersion};
use std::num::NonZeroU64;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant, SystemTime};

const REAL: [Kind; 3] = [Kind::Vsftpd, Kind::ProFtpd, Kind::PureFtpd];

fn all() -> impl Iterator<Item = (Kind, TlsVersion)> {
    REAL.into_iter().flat_map(|kind| TlsVersion::ALL.map(|tls| (kind, tls)))
}

/// Runs `play` in a login on each server, over both TLS versions.
fn on_each(play: impl Fn(&RealServer, &mut FtpsClient)) {
    for (kind, tls) in all() {
        let server = start(kind, tls);
        let mut client = connect(&server, &server.user().clone());
        play(&server, &mut client);
    }
}

/// ProFTPD and Pure-FTPd have MFMT, vsftpd MDTM with a time.
#[test]
fn a_time_of_modification_is_set_and_read() {
    on_each(|server, client| {
        put(client, "a file", b"content");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        client
            .set_modification_time("a file", time)
            .unwrap_or_else(|error| panic!("{:?} {error}", server.kind()));
        let path = server.user().home.join("a file");
        assert_eq!(path.metadata().and_then(|data| data.modified()).expect("a time"), time);
        assert_eq!(client.modified("a file").expect("MDTM").to_system_time(), Some(time));
        let error = client.set_modification_time("missing", time).expect_err("no such file");
        assert_eq!(code(&error), 550, "{:?} {error}", server.kind());
        server.record("Setting the modification time (MFMT, MDTM)", Outcome::Works);
    });
}

#[test]
fn files_are_compared_by_the_servers_hash() {
    let local = std::env::temp_dir().join(format!("libftps-{}-hashed", std::process::id()));
    std::fs::write(&local, b"content").expect("a file");
    on_each(|server, client| {
        put(client, "same", b"content");
        put(client, "other", b"Content");
        if server.kind() != Kind::ProFtpd {
            let error = client.hash("same", HashAlgorithm::Sha256).expect_err("no hashes");
            server.record(HASH, not_offered(&error));
            assert_eq!(client.verify(&local, "same").expect_err("no hashes").kind(), "refused");
            return;
        }
        assert_eq!(client.hash_algorithms(), HashAlgorithm::ALL);
        for (algorithm, first) in HashAlgorithm::ALL.into_iter().zip(FIRST_BYTES) {
            assert_eq!(client.hash("same", algorithm).expect("HASH")[..4], first, "{algorithm:?}");
        }
        assert_eq!(client.verify(&local, "same").expect("the same"), HashAlgorithm::Sha512);
        assert_eq!(client.verify(&local, "other").expect_err("another").kind(), "mismatch");
        server.record(HASH, Outcome::Works);
    });
    std::fs::remove_file(&local).expect("removed");
}

const HASH: &str = "Hash of a file (HASH, XSHA256, ...)";

/// Those of the hashes of `content`, in the order of `HashAlgorithm::ALL`.
const FIRST_BYTES: [[u8; 4]; 5] = [
    [0xb2, 0xd1, 0xd2, 0x85],
    [0xed, 0x70, 0x02, 0xb4],
    [0x04, 0x0f, 0x06, 0xfd],
    [0x9a, 0x03, 0x64, 0xb9],
    [0xfe, 0xc5, 0x30, 0xa9],
];

/// vsftpd lets no anonymous user do it, and its tests have no other.
#[test]
fn permissions_are_set() {
    const FEATURE: &str = "Permissions (SITE CHMOD)";
    on_each(|server, client| {
        put(client, "a file", b"content");
        let outcome = client.set_permissions("a file", 0o640);
        if server.kind() == Kind::Vsftpd {
            assert_eq!(code(&outcome.expect_err("anonymous")), 550);
            server.record(FEATURE, Outcome::Refused(550));
            return;
        }
        outcome.expect("SITE CHMOD");
        let mode = server.user().home.join("a file").metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o7777, 0o640);
        server.record(FEATURE, Outcome::Works);
    });
}

/// vsftpd lets no anonymous user do it, the others do not know it.
#[test]
fn a_umask_that_cannot_be_set_is_an_error() {
    const FEATURE: &str = "Permissions of new files (SITE UMASK)";
    on_each(|server, client| {
        let error = client.set_umask(0o077).expect_err("no UMASK");
        match server.kind() {
            Kind::Vsftpd => server.record(FEATURE, Outcome::Refused(code(&error))),
            _ => server.record(FEATURE, not_offered(&error)),
        }
        client.noop().expect("the login goes on");
    });
}

/// Pure-FTPd says yes, and goes on telling all facts.
#[test]
fn facts_are_chosen() {
    const FEATURE: &str = "Choice of facts (OPTS MLST)";
    on_each(|server, client| {
        put(client, "a file", b"content");
        match client.set_mlst_facts(&["type", "size"]) {
            Err(error) => return server.record(FEATURE, not_offered(&error)),
            Ok(()) => server.record(FEATURE, Outcome::Works),
        }
        let entry = client.entry("a file").expect("MLST");
        assert_eq!(entry.size(), Some(7));
        assert_eq!(entry.modified().is_none(), server.kind() == Kind::ProFtpd);
        if server.kind() == Kind::PureFtpd {
            server.record("OPTS MLST is answered with 200, and changes nothing.", Outcome::Limit);
        }
    });
}

#[test]
fn the_size_of_an_upload_is_announced() {
    let local = std::env::temp_dir().join(format!("libftps-{}-announced", std::process::id()));
    std::fs::write(&local, b"content").expect("a file");
    for (kind, tls) in all() {
        let server = start(kind, tls);
        let mut client = log_in(builder(&server).announce_sizes(true), &server, server.user());
        client.upload_file(&local, "announced").expect("ALLO, STOR");
        assert_eq!(std::fs::read(server.user().home.join("announced")).expect("on the disk"), b"content");
        server.record("Announced uploads (ALLO)", Outcome::Works);
    }
    std::fs::remove_file(&local).expect("removed");
}

/// ProFTPD knows no other name than those of its configuration, which has none here. It takes HOST only where TLS has named a
/// host (SNI). The others ask for the login before anything that they do not know.
#[test]
fn a_virtual_host_that_is_not_there_refuses_the_login() {
    const FEATURE: &str = "Virtual host that is not there (HOST)";
    for (kind, tls) in all() {
        let server = start(kind, tls);
        let trust = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
        let trust = trust.server_name("localhost");
        let options = builder(&server).tls(trust).virtual_host("localhost".to_owned());
        let mut client = options.connect().expect("connect");
        let error = client.login(&server.user().name, &server.user().password).expect_err("no such host");
        match (kind, code(&error)) {
            (Kind::ProFtpd, 504) => server.record(FEATURE, Outcome::Refused(504)),
            (Kind::Vsftpd | Kind::PureFtpd, 530) => server.record(FEATURE, Outcome::NotOffered(530)),
            _ => panic!("{kind:?} {error}"),
        }
    }
}

/// All three store LF. (vsftpd converts only with `ascii_upload_enable` and `ascii_download_enable`.)
#[test]
fn lines_of_texts_are_converted_on_both_sides() {
    on_each(|server, client| {
        client.set_type("A").expect("TYPE A");
        client.set_line_ends(LineEnds::Lf);
        let text: Vec<u8> =
            (0..20_000).flat_map(|line: usize| [&b"abcdefg"[..line % 7], b"\n"].concat()).collect();
        put(client, "text", &text);
        assert!(std::fs::read(server.user().home.join("text")).expect("on the disk") == text);
        let mut received = Vec::new();
        client.download_to("text", &mut received, |_| true).expect("download");
        assert!(received == text);
        client.set_line_ends(LineEnds::CrLf);
        received.clear();
        client.download_to("text", &mut received, |_| true).expect("download");
        assert_eq!(received.windows(2).filter(|pair| pair == b"\r\n").count(), 20_000);
        client.set_type("I").expect("TYPE I");
        assert_eq!(client.size("text").expect("SIZE"), text.len() as u64);
        server.record("Texts (TYPE A), lines converted", Outcome::Works);
    });
}

#[test]
fn limited_transfers_are_slow_and_whole() {
    on_each(|_, client| {
        let content = payload(60_000);
        let limit = NonZeroU64::new(100_000);
        client.set_rate_limits(RateLimits { download: limit, upload: limit });
        let (began, mut received) = (Instant::now(), Vec::new());
        put(client, "file", &content);
        client.download_to("file", &mut received, |_| true).expect("download");
        assert!(received == content);
        assert!(began.elapsed() > Duration::from_millis(700), "{:?}", began.elapsed());
    });
}

fn put(client: &mut FtpsClient, name: &str, content: &[u8]) {
    client.upload_from(name, &mut &*content, |_| true).expect("upload");
}

fn code(error: &ftps::Error) -> u16 {
    error.reply().map(|reply| reply.code()).unwrap_or_else(|| panic!("no reply: {error}"))
}
