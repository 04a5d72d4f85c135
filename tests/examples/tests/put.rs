//! ftps-put.

use examples_tests::{finish, payload, send_signal, wait_until, with_files, Scene};
use rustix::process::Signal;
use std::io::Write;
use std::process::Stdio;
use strict_server::{Fault, Options};

#[test]
fn several_files_arrive_whole_and_every_data_connection_is_resumed() {
    let large = payload(3 << 20);
    let scene = Scene::default();
    scene.write("large", &large);
    scene.write("empty", b"");
    scene
        .run("ftps-put", &["--stats", "large", "./empty"])
        .ended_with(0)
        .said(&["data_connections=2 resumed=2 full=0 relogins=0"]);
    assert!(scene.server.file("/large").unwrap() == large, "the contents differ");
    assert_eq!(scene.server.file("/empty").unwrap(), b"");
    assert_eq!(scene.server.counters().data_same_session, 2);
}

#[test]
fn standard_input_is_put_under_the_name_that_is_given() {
    let scene = Scene::default();
    let contents = payload(200_000);
    scene.run_with_input("ftps-put", &["--as", "name", "-"], &contents).ended_with(0);
    assert!(scene.server.file("/name").unwrap() == contents, "the contents differ");
}

#[test]
fn appended_bytes_follow_what_was_there() {
    let scene = Scene::new(with_files(&[("/log", b"one\n")]));
    scene.run_with_input("ftps-put", &["--append", "--as", "log", "-"], b"two\n").ended_with(0);
    assert_eq!(scene.server.file("/log").unwrap(), b"one\ntwo\n");
}

#[test]
fn a_url_names_the_directory() {
    let scene = Scene::new(with_files(&[("/inbox/old", b"")]));
    scene.write("new", b"new");
    let url = scene.url("/inbox");
    let child = scene.bare_command("ftps-put", &["--ca-file", "ca.pem", &url, "new"]).spawn().unwrap();
    finish(child).ended_with(0);
    assert_eq!(scene.server.file("/inbox/new").unwrap(), b"new");
}

#[test]
fn a_missing_directory_is_told_and_nothing_is_put_elsewhere() {
    let scene = Scene::default();
    scene.write("new", b"new");
    scene.run("ftps-put", &["--directory", "inbox", "new"]).ended_with(1).said(&["ftps-put: inbox: ", "550"]);
    assert!(!scene.was_sent("STOR"));
}

#[test]
fn a_local_file_that_cannot_be_read_is_told_without_touching_the_one_on_the_server() {
    let scene = Scene::new(with_files(&[("/missing", b"kept"), ("/folder", b"kept")]));
    std::fs::create_dir(scene.path("folder")).unwrap();
    scene.write("here", b"here");
    scene
        .run("ftps-put", &["missing", "folder", "here"])
        .ended_with(1)
        .said(&["cannot open missing: No such file or directory", "cannot open folder: Is a directory"]);
    assert_eq!(scene.server.file("/missing").unwrap(), b"kept");
    assert_eq!(scene.server.file("/folder").unwrap(), b"kept");
    assert_eq!(scene.server.file("/here").unwrap(), b"here");
}

#[test]
fn a_refusal_is_told_in_the_servers_words() {
    let fault: Fault = "STOR@reply=reply:553 Not on a Sunday.".parse().unwrap();
    let scene = Scene::new(Options { faults: vec![fault], ..Options::default() });
    scene.write("new", b"new");
    scene.run("ftps-put", &["new"]).ended_with(1).said(&["ftps-put: new: ", "553 Not on a Sunday."]);
}

#[test]
fn an_upload_that_sigint_ends_is_not_taken_for_whole_by_the_server() {
    let scene = Scene::default();
    let mut child = scene.command("ftps-put", &["--as", "name", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(b"a part").unwrap();
    wait_until("the part has arrived", || scene.server.counters().bytes_received == 6);
    send_signal(&child, Signal::INT);
    finish(child).ended_with(130).said(&["interrupted"]);
    assert_eq!(scene.server.counters().uploads_completed, 0);
}
