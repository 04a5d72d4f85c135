//! Whole files, from and to the local disk.

use crate::common::{builder, connect, log_in, start, Folder, BOTH};
use ftps::{ResumptionPolicy, TlsOptions};
use std::collections::HashSet;
use std::io::{Cursor, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, TlsVersions, Trigger};

#[test]
fn a_refused_download_leaves_the_local_file_alone() {
    let cut = Fault::new(Trigger::new(Moment::DataByte(0)).on("RETR"), FaultAction::Cut);
    let server = start(Options { faults: vec![cut], ..Options::default() });
    server.put_file("there", b"remote").expect("a file");
    let folder = Folder::new("refused");
    let local = folder.file(b"local");
    let mut client = log_in(builder(&server)).expect("login");
    // 426 before the first byte, then 550.
    for remote in ["there", "missing"] {
        let error = client.download_file(remote, &local).expect_err("refused");
        assert_eq!(error.kind(), "refused", "{error}");
        assert_eq!(std::fs::read(&local).expect("still there"), b"local", "{remote}");
    }
    assert_eq!(client.download_file("there", &local).expect("download"), 6);
    assert_eq!(std::fs::read(&local).expect("replaced"), b"remote");
}

#[test]
fn a_local_file_that_cannot_be_created_aborts_the_download() {
    let server = start(Options::default());
    server.put_file("there", &[7; 1 << 20]).expect("a file");
    server.put_file("empty", b"").expect("a file");
    let folder = Folder::new("uncreatable");
    let local = folder.0.join("no-such-folder/file");
    let mut client = log_in(builder(&server)).expect("login");
    for remote in ["there", "empty"] {
        let error = client.download_file(remote, &local).expect_err("no such folder");
        assert_eq!(error.kind(), "local", "{error}");
        assert!(error.to_string().contains("no-such-folder"), "{error}");
        assert_eq!(error.errno(), Some(2), "{error:?}");
        client.noop().expect("the login goes on");
    }
}

#[test]
fn a_local_folder_is_never_announced_to_the_server() {
    let server = start(Options::default());
    server.put_file("there", b"remote").expect("a file");
    let folder = Folder::new("folder");
    let mut client = log_in(builder(&server)).expect("login");
    let error = client.upload_file(&folder.0, "there").expect_err("a folder");
    assert_eq!((error.kind(), error.errno()), ("local", Some(21)), "{error}");
    assert!(error.to_string().contains("-folder"), "{error}");
    assert_eq!(server.counters().commands.get("STOR"), None);
    let mut content = Vec::new();
    client.download_to("there", &mut content, |_| true).expect("download");
    assert_eq!(content, b"remote");
}

#[test]
fn an_empty_file_is_received_as_one() {
    let server = start(Options::default());
    server.put_file("empty", b"").expect("a file");
    let folder = Folder::new("empty");
    let local = folder.file(b"something longer");
    let mut client = log_in(builder(&server)).expect("login");
    assert_eq!(client.download_file("empty", &local).expect("download"), 0);
    assert_eq!(std::fs::read(&local).expect("a file"), b"");
}

#[test]
fn progress_is_seen_both_ways_and_can_stop_both() {
    let server = start(Options::default());
    let folder = Folder::new("progress");
    let local = folder.file(&vec![7; 3 << 20]);
    let mut client = log_in(builder(&server)).expect("login");
    let mut seen = Vec::new();
    let mut note = |moved| {
        seen.push(moved);
        true
    };
    client.upload_file_with_progress(&local, "file", &mut note).expect("upload");
    client.download_file_with_progress("file", &local, &mut note).expect("download");
    assert!(seen.len() > 8 && seen.iter().filter(|moved| **moved == 3 << 20).count() == 2, "{seen:?}");

    let stop = |moved| moved < 1 << 20;
    let error = client.upload_file_with_progress(&local, "other", stop).expect_err("stopped");
    assert!(error.kind() == "cancelled" && error.bytes_moved() >= 1 << 20, "{error}");
    let error = client.download_file_with_progress("file", &local, stop).expect_err("stopped");
    assert!(error.kind() == "cancelled" && error.bytes_moved() >= 1 << 20, "{error}");
    client.noop().expect("the login goes on");
    assert_eq!(server.counters().uploads_completed, 1);
}

#[test]
fn a_file_that_is_not_there_is_never_announced_to_the_server() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    let error = client.upload_file("/no/such/file", "file").expect_err("no such file");
    assert_eq!(error.kind(), "local", "{error}");
    assert!(!server.commands().iter().any(|command| command.line.starts_with("STOR")));
}

/// More than the client keeps for sending it again.
fn large() -> Vec<u8> {
    (0..3_000_000u32).map(|number| (number % 251) as u8).collect()
}

/// A server that has forgotten its sessions, and refuses only when much is under way already.
fn forgetful(versions: TlsVersions) -> RunningServer {
    let late = FaultAction::Delay(Duration::from_millis(300));
    let fault = Fault::new(Trigger::new(Moment::DataRefusal).every(), late);
    start(Options { versions, faults: vec![fault], ..Options::default() })
}

#[test]
fn a_file_is_sent_again_when_its_session_is_refused_after_payload() {
    for (versions, _) in BOTH {
        let server = forgetful(versions);
        let folder = Folder::new("again");
        let local = folder.file(&large());
        let mut client = connect(&server, ResumptionPolicy::Prefer);
        server.forget_sessions();
        assert_eq!(client.upload_file(&local, "file").expect("sent again"), 3_000_000);
        assert!(server.file("file") == Some(large()), "{versions:?}");
        assert_eq!(client.statistics().relogins, 1);
    }
}

/// As much as is kept for sending it again, in pieces of every size.
#[test]
fn what_was_kept_is_sent_again_once_and_in_order() {
    for (versions, _) in BOTH {
        for piece in [1000, 16_384, 100_000, 131_072] {
            let server = start(Options { versions, ..Options::default() });
            let mut client = connect(&server, ResumptionPolicy::Prefer);
            server.forget_sessions();
            let content = &large()[..256 * 1024];
            let mut upload = client.upload("file", 0).expect("STOR");
            for piece in content.chunks(piece) {
                upload.write_all(piece).expect("payload");
            }
            upload.finish().expect("sent again");
            assert!(server.file("file").as_deref() == Some(content), "{versions:?} {piece}");
        }
    }
}

#[test]
fn a_seekable_source_is_sent_again_from_where_it_stood() {
    let server = forgetful(TlsVersions::Both);
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    server.forget_sessions();
    let mut source = Cursor::new(large());
    source.set_position(1000);
    client.upload_from_seekable("file", &mut source, |_| true).expect("sent again");
    assert!(server.file("file").as_deref() == Some(&large()[1000..]));
}

#[test]
fn a_source_that_cannot_be_rewound_is_sent_once_and_the_refusal_is_the_error() {
    let server = forgetful(TlsVersions::Both);
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    server.forget_sessions();
    let content = large();
    let mut source = content.as_slice().take(u64::MAX);
    let error = client.upload_from("file", &mut source, |_| true).expect_err("refused");
    assert_eq!(error.kind(), "not-resumed", "{error}");
    assert!(error.bytes_moved() > 256 * 1024, "{error}");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(450), "{error}");
    assert_eq!(server.counters().uploads_completed, 0);
}

#[test]
fn the_key_log_has_the_secrets_of_both_connections_and_is_its_owners_alone() {
    let folder = Folder::new("keylog");
    let path = folder.0.join("keys");
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem()).key_log(&path);
        let mut client = log_in(builder(&server).tls(tls)).expect("login");
        client.list("").expect("listing");
        let keys = std::fs::read_to_string(&path).expect("keys");
        let label = if versions == TlsVersions::Tls12 { "CLIENT_RANDOM" } else { "CLIENT_TRAFFIC_SECRET_0" };
        let randoms: HashSet<&str> = keys
            .lines()
            .filter(|line| line.split(' ').next() == Some(label))
            .filter_map(|line| line.split(' ').nth(1))
            .collect();
        assert_eq!(randoms.len(), 2, "{versions:?}: {keys}");
    }
    let mode = std::fs::metadata(&path).expect("keys").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
