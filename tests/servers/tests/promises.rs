//! What must never happen, on real servers.

mod common;

use common::{connect, payload, start, start_with};
use ftps::client::Dialogue;
use ftps::net::CancelToken;
use ftps::Error;
use real_servers::{Config, Kind, Outcome, RealServer, TlsVersion};
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};

/// Breaks an upload in the way of `break_off`, and checks that the server never confirmed it and that the login goes on.
fn is_never_confirmed(feature: &str, kind: Kind, tls: TlsVersion, break_off: impl Fn(&mut ftps::FtpsClient)) {
    let server = start(kind, tls);
    let mut client = connect(&server, &server.user().clone());
    let codes = Arc::new(Mutex::new(Vec::new()));
    let seen = codes.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        let mut seen = seen.lock().expect("no panic while locked");
        match line {
            Dialogue::Sent(command) => seen.push(command.verb().to_owned()),
            Dialogue::Received(reply) => seen.push(reply.code().to_string()),
        }
    })));
    break_off(&mut client);
    client.noop().expect("the login goes on");
    let dialogue = codes.lock().expect("no panic while locked").clone();
    let after_stor = dialogue.iter().skip_while(|line| *line != "STOR");
    let verdict = after_stor.skip(1).find(|line| !line.starts_with('1')).expect("a final reply");
    assert!(verdict.starts_with('4') || verdict.starts_with('5'), "{} said {dialogue:?}", kind.name());
    client.upload_from("after", &mut &b"whole"[..], |_| true).expect("the next upload");
    server.record(feature, Outcome::Works);
}

struct FailingSource(usize);

impl Read for FailingSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::other("the disk is gone"));
        }
        let count = buffer.len().min(self.0);
        buffer[..count].fill(7);
        self.0 -= count;
        Ok(count)
    }
}

const STRICT: [(Kind, TlsVersion); 4] = [
    (Kind::Vsftpd, TlsVersion::Tls12),
    (Kind::Vsftpd, TlsVersion::Tls13),
    (Kind::ProFtpd, TlsVersion::Tls12),
    (Kind::ProFtpd, TlsVersion::Tls13),
];

#[test]
fn an_upload_whose_source_fails_is_never_confirmed() {
    for (kind, tls) in STRICT {
        is_never_confirmed("An upload whose source fails is never confirmed", kind, tls, |client| {
            let outcome = client.upload_from("broken", &mut FailingSource(3_000_000), |_| true);
            assert!(matches!(outcome, Err(Error::Local(_))), "{outcome:?}");
        });
    }
}

#[test]
fn an_upload_that_is_dropped_is_never_confirmed() {
    for (kind, tls) in STRICT {
        is_never_confirmed("A dropped upload is never confirmed", kind, tls, |client| {
            let mut upload = client.upload("broken", 0).expect("upload opens");
            upload.write_all(&payload(2_000_000)).expect("upload goes on");
            drop(upload);
        });
    }
}

#[test]
fn an_upload_that_is_cancelled_is_never_confirmed() {
    for (kind, tls) in STRICT {
        is_never_confirmed("A cancelled upload is never confirmed", kind, tls, |client| {
            let content = payload(4_000_000);
            let outcome = client.upload_from("broken", &mut content.as_slice(), |moved| moved < 1_000_000);
            assert!(matches!(&outcome, Err(Error::Cancelled(_))), "{outcome:?}");
        });
    }
}

#[test]
fn an_upload_whose_token_is_cancelled_is_never_confirmed() {
    for (kind, tls) in STRICT {
        is_never_confirmed(
            "An upload that is cancelled by a token is never confirmed",
            kind,
            tls,
            |client| {
                let token = CancelToken::new().expect("descriptors");
                client.set_cancel_token(Some(token.clone()));
                let content = payload(4_000_000);
                let outcome = client.upload_from("broken", &mut content.as_slice(), |moved| {
                    if moved >= 1_000_000 {
                        token.cancel();
                    }
                    true
                });
                assert!(matches!(&outcome, Err(Error::Cancelled(_))), "{outcome:?}");
                client.set_cancel_token(None);
            },
        );
    }
}

#[test]
fn a_path_with_a_line_end_sends_nothing() {
    let server = start(Kind::ProFtpd, TlsVersion::Tls13);
    let mut client = connect(&server, &server.user().clone());
    let sent = Arc::new(Mutex::new(0));
    let count = sent.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        *count.lock().expect("no panic while locked") += u32::from(matches!(line, Dialogue::Sent(_)));
    })));
    for path in ["foo\r\nDELE bar", "foo\nDELE bar", "foo\0bar"] {
        assert!(matches!(client.delete(path), Err(Error::InvalidArgument(_))));
        assert!(matches!(client.rename("fine", path), Err(Error::InvalidArgument(_))));
        assert!(matches!(client.raw_command("SITE", path), Err(Error::InvalidArgument(_))));
        assert!(matches!(client.download(path, 0), Err(Error::InvalidArgument(_))));
        assert!(matches!(client.upload(path, 0), Err(Error::InvalidArgument(_))));
    }
    assert_eq!(*sent.lock().expect("no panic while locked"), 0);
}

#[test]
fn a_missing_file_is_an_error_with_the_reply_and_the_login_goes_on() {
    for (kind, tls) in STRICT {
        let server = start(kind, tls);
        let mut client = connect(&server, &server.user().clone());
        let error = client.download("missing", 0).expect_err("there is no such file");
        assert!(matches!(error, Error::Refused(_)), "{error:?}");
        assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(550));
        client.upload_from("present", &mut &b"x"[..], |_| true).expect("the login goes on");
        server.record("Download of a file that is not there", Outcome::Refused(550));
    }
}

fn ends_of_a_sparse_file(server: &RealServer) {
    const SIZE: u64 = 5 << 30;
    let user = server.user().clone();
    let path = user.plant("sparse", b"").expect("a file on the server");
    let file = std::fs::OpenOptions::new().write(true).open(path).expect("the file opens");
    file.set_len(SIZE).expect("a sparse file");
    std::os::unix::fs::FileExt::write_all_at(&file, b"the end", SIZE - 7).expect("its end");
    let mut client = connect(server, &user);
    assert_eq!(client.size("sparse").expect("SIZE"), SIZE);
    let mut tail = Vec::new();
    let mut download = client.download("sparse", SIZE - 7).expect("REST beyond 2^32");
    download.read_to_end(&mut tail).expect("download goes on");
    download.finish().expect("download ends");
    assert_eq!(tail, b"the end");
    let mut upload = client.upload("sparse", SIZE - 7).expect("REST beyond 2^32");
    upload.write_all(b"THE END, and more").expect("upload goes on");
    upload.finish().expect("upload ends");
    assert_eq!(client.size("sparse").expect("SIZE"), SIZE + 10);
    let mut end = [0; 17];
    let file = std::fs::File::open(user.home.join("sparse")).expect("the file opens");
    std::os::unix::fs::FileExt::read_exact_at(&file, &mut end, SIZE - 7).expect("its end");
    assert_eq!(&end, b"THE END, and more");
    server.record("Downloads and uploads that begin beyond 4 GiB (REST)", Outcome::Works);
}

#[test]
fn downloads_and_uploads_begin_beyond_four_gigabytes() {
    for (kind, tls) in STRICT {
        ends_of_a_sparse_file(&start(kind, tls));
    }
}

#[test]
fn ipv6_works() {
    for kind in [Kind::Vsftpd, Kind::ProFtpd] {
        let server = start_with(kind, Config::new(TlsVersion::Tls13).ipv6());
        let mut client = connect(&server, &server.user().clone());
        client.upload_from("six", &mut &b"6"[..], |_| true).expect("upload");
        assert_eq!(client.size("six").expect("SIZE"), 1);
        server.record("IPv6 (EPSV)", Outcome::Works);
    }
}
