//! Transfers go on where an earlier one ended, or say why they cannot.

use crate::common::{builder, connect, log_in, start, Folder, BOTH};
use ftps::ResumptionPolicy;
use std::collections::BTreeMap;
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, Trigger};

fn content() -> Vec<u8> {
    (0..1_000_000u32).map(|number| (number % 251) as u8).collect()
}

/// What is there already: nothing, less than is compared, more, all but a byte, all.
const THERE: [usize; 7] = [0, 1, 4095, 4097, 500_000, 999_999, 1_000_000];

fn verbs(server: &RunningServer) -> BTreeMap<String, u64> {
    server.counters().commands
}

#[test]
fn a_download_brings_what_is_missing() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        server.put_file("file", &content()).expect("a file");
        let folder = Folder::new("resumed-download");
        let mut client = connect(&server, ResumptionPolicy::Require);
        for there in THERE {
            let local = folder.file(&content()[..there]);
            let before = server.counters().bytes_sent;
            let mut last = 0;
            let length = client.download_resuming("file", &local, |length| {
                last = length;
                true
            });
            assert_eq!((length.expect("download"), last), (1_000_000, 1_000_000));
            assert!(std::fs::read(&local).expect("a file") == content(), "{there}");
            let sent = server.counters().bytes_sent - before;
            assert!(sent <= (1_000_000 - there + 4096) as u64, "{there}: {sent}");
        }
        let missing = folder.0.join("missing");
        client.download_resuming("file", &missing, |_| true).expect("a whole file");
        assert!(std::fs::read(&missing).expect("a file") == content());
    }
}

#[test]
fn an_upload_sends_what_is_missing() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let folder = Folder::new("resumed-upload");
        let local = folder.file(&content());
        let mut client = connect(&server, ResumptionPolicy::Require);
        for there in THERE {
            server.put_file("file", &content()[..there]).expect("a file");
            let before = server.counters().bytes_received;
            assert_eq!(client.upload_resuming(&local, "file", |_| true).expect("upload"), 1_000_000);
            assert!(server.file("file") == Some(content()), "{there}");
            assert_eq!(server.counters().bytes_received - before, (1_000_000 - there) as u64);
        }
        client.upload_resuming(&local, "missing", |_| true).expect("a whole file");
        assert!(server.file("missing") == Some(content()));
    }
}

#[test]
fn a_download_behind_other_content_is_refused_and_changes_nothing() {
    let server = start(Options::default());
    server.put_file("file", &content()).expect("a file");
    let folder = Folder::new("other-download");
    let mut client = log_in(builder(&server)).expect("login");
    let mut other = content()[..500_000].to_vec();
    other[499_000] ^= 1;
    let longer = [content(), b"more".to_vec()].concat();
    for there in [other, longer] {
        let local = folder.file(&there);
        let error = client.download_resuming("file", &local, |_| true).expect_err("another file");
        assert_eq!(error.kind(), "mismatch", "{error}");
        assert!(std::fs::read(&local).expect("a file") == there);
        client.noop().expect("the login goes on");
    }
}

#[test]
fn an_upload_behind_other_content_is_refused_and_changes_nothing() {
    let server = start(Options::default());
    let folder = Folder::new("other-upload");
    let local = folder.file(&content());
    let mut client = log_in(builder(&server)).expect("login");
    let mut other = content()[..500_000].to_vec();
    other[496_000] ^= 1;
    let longer = [content(), b"more".to_vec()].concat();
    for there in [other, longer] {
        server.put_file("file", &there).expect("a file");
        let error = client.upload_resuming(&local, "file", |_| true).expect_err("another file");
        assert_eq!(error.kind(), "mismatch", "{error}");
        assert!(server.file("file") == Some(there));
        client.noop().expect("the login goes on");
    }
    assert_eq!(verbs(&server).get("STOR"), None);
}

#[test]
fn an_upload_is_appended_to_where_stor_cannot_be_restarted() {
    let server = start(Options { restarts_uploads: false, ..Options::default() });
    server.put_file("file", &content()[..300_000]).expect("a file");
    let folder = Folder::new("appended");
    let local = folder.file(&content());
    let mut client = log_in(builder(&server)).expect("login");
    client.upload_resuming(&local, "file", |_| true).expect("upload");
    assert!(server.file("file") == Some(content()));
    assert_eq!(verbs(&server).get("APPE"), Some(&1));
}

#[test]
fn an_upload_that_the_server_does_not_have_whole_in_the_end_is_an_error() {
    let early =
        Fault::new(Trigger::new(Moment::Reply).on("SIZE").nth(2), FaultAction::Reply(b"213 7\r\n".into()));
    let server = start(Options { faults: vec![early], ..Options::default() });
    let folder = Folder::new("short");
    let mut client = log_in(builder(&server)).expect("login");
    server.put_file("file", &content()[..10]).expect("a file");
    let error = client.upload_resuming(folder.file(&content()), "file", |_| true).expect_err("7 bytes");
    assert!(error.kind() == "mismatch" && error.to_string().contains("7 bytes"), "{error}");
}

#[test]
fn a_resumed_transfer_that_is_cut_can_be_resumed_again() {
    let cut = |verb| Fault::new(Trigger::new(Moment::DataByte(300_000)).on(verb), FaultAction::Reset);
    let server = start(Options { faults: vec![cut("RETR"), cut("STOR")], ..Options::default() });
    server.put_file("file", &content()).expect("a file");
    let folder = Folder::new("cut");
    let local = folder.0.join("file");
    let mut client = log_in(builder(&server)).expect("login");
    client.download_resuming("file", &local, |_| true).expect_err("cut");
    let arrived = std::fs::metadata(&local).expect("a part").len();
    // A reset may throw away all that was on its way.
    assert!(arrived <= 300_000, "{arrived}");
    client.download_resuming("file", &local, |_| true).expect("the rest");
    assert!(std::fs::read(&local).expect("a file") == content());

    client.upload_resuming(&local, "other", |_| true).expect_err("cut");
    assert_eq!(server.file("other").expect("a part").len(), 300_000);
    client.upload_resuming(&local, "other", |_| true).expect("the rest");
    assert!(server.file("other") == Some(content()));
}

#[test]
fn nothing_is_resumed_in_ascii_mode() {
    let server = start(Options::default());
    let folder = Folder::new("ascii");
    let local = folder.file(b"content");
    let mut client = log_in(builder(&server)).expect("login");
    client.set_type("A").expect("TYPE A");
    let download = client.download_resuming("file", &local, |_| true).expect_err("TYPE A");
    let upload = client.upload_resuming(&local, "file", |_| true).expect_err("TYPE A");
    assert_eq!((download.kind(), upload.kind()), ("wrong-state", "wrong-state"));
}
