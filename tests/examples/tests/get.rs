//! ftps-get.

use examples_tests::{finish, payload, send_signal, wait_until, with_files, Scene};
use rustix::process::Signal;
use std::fs;
use strict_server::{Fault, Options};

/// A server with `/file`, whose first download meets this fault.
fn server_that_fails(fault: &str, contents: &[u8]) -> Options {
    let fault: Fault = fault.parse().unwrap();
    Options { faults: vec![fault], ..with_files(&[("/file", contents)]) }
}

#[test]
fn several_files_arrive_whole_and_every_data_connection_is_resumed() {
    let large = payload(3 << 20);
    let scene = Scene::new(with_files(&[("/large", &large), ("/folder/empty", b"")]));
    scene
        .run("ftps-get", &["--stats", "large", "folder/empty"])
        .ended_with(0)
        .said(&["data_connections=2 resumed=2 full=0 relogins=0"]);
    assert!(scene.read("large") == large, "the contents differ");
    assert_eq!(scene.read("empty"), b"");
    assert_eq!(scene.local_names(), ["empty", "large"]);
    assert_eq!(scene.server.counters().data_same_session, 2);
}

#[test]
fn a_file_can_go_to_standard_output() {
    let contents = payload(100_000);
    let scene = Scene::new(with_files(&[("/file", &contents)]));
    let outcome = scene.run("ftps-get", &["-o", "-", "file"]).ended_with(0);
    assert!(outcome.stdout == contents, "the contents differ");
    assert!(scene.local_names().is_empty());
}

#[test]
fn a_missing_file_is_told_and_the_others_arrive() {
    let scene = Scene::new(with_files(&[("/here", b"here")]));
    scene.run("ftps-get", &["missing", "here"]).ended_with(1).said(&["ftps-get: missing: ", "550"]);
    assert_eq!(scene.local_names(), ["here"]);
}

#[test]
fn a_download_that_breaks_off_leaves_what_was_there_and_nothing_else() {
    let scene = Scene::new(server_that_fails("RETR@byte:50000=reset", &payload(100_000)));
    scene.write("file", b"the old content");
    scene.run("ftps-get", &["file"]).ended_with(1).said(&["ftps-get: file: "]);
    assert_eq!(scene.read("file"), b"the old content");
    assert_eq!(scene.local_names(), ["file"]);
}

#[test]
fn a_download_without_close_notify_is_not_taken_for_whole() {
    let scene = Scene::new(server_that_fails("RETR@end=no-close-notify", b"content"));
    scene.run("ftps-get", &["file"]).ended_with(1).said(&["close_notify"]);
    assert!(scene.local_names().is_empty());
}

#[test]
fn sigint_cancels_and_leaves_what_was_there() {
    interrupted_by(Signal::INT, 130);
}

#[test]
fn sigterm_cancels_and_leaves_what_was_there() {
    interrupted_by(Signal::TERM, 143);
}

fn interrupted_by(signal: Signal, code: i32) {
    let scene = Scene::new(server_that_fails("RETR@byte:50000=stall", &payload(100_000)));
    scene.write("file", b"the old content");
    let child = scene.command("ftps-get", &["file"]).spawn().unwrap();
    wait_until("half of the file has arrived", || {
        scene.local_names().iter().any(|name| {
            name.starts_with(".file.")
                && fs::metadata(scene.path(name)).is_ok_and(|found| found.len() == 50_000)
        })
    });
    send_signal(&child, signal);
    finish(child).ended_with(code).said(&["interrupted"]);
    assert_eq!(scene.read("file"), b"the old content");
    assert_eq!(scene.local_names(), ["file"]);
}

#[test]
fn a_full_disk_is_told_as_such() {
    let scene = Scene::new(with_files(&[("/file", b"content")]));
    scene
        .run("ftps-get", &["--output", "/dev/full", "file"])
        .ended_with(1)
        .said(&["cannot write /dev/full: No space left on device"]);
}

#[test]
fn a_link_stays_a_link_and_permissions_stay_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new(with_files(&[("/file", b"new")]));
    scene.write("real", b"old");
    fs::set_permissions(scene.path("real"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real", scene.path("file")).unwrap();
    scene.run("ftps-get", &["file"]).ended_with(0);
    assert!(fs::symlink_metadata(scene.path("file")).unwrap().is_symlink());
    assert_eq!(scene.read("real"), b"new");
    assert_eq!(fs::metadata(scene.path("real")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_anything_is_asked_for() {
    let scene = Scene::new(with_files(&[("/file", b"content")]));
    scene
        .run("ftps-get", &["--output", "no/such/folder", "file"])
        .ended_with(1)
        .said(&["cannot create no/such/folder: No such file or directory"]);
    assert!(!scene.was_sent("RETR"));
}
