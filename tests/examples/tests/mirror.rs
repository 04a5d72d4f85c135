//! ftps-mirror.

use examples_tests::{finish, payload, send_signal, wait_until, with_files, Scene};
use rustix::process::Signal;
use std::fs;
use strict_server::{Fault, Options};

/// `/site/a.txt`, `/site/docs/b.csv` and `/site/docs/large`.
fn with_site() -> Options {
    with_files(&[
        ("/site/a.txt", b"a"),
        ("/site/docs/b.csv", b"one;two\n"),
        ("/site/docs/large", &payload(1 << 20)),
    ])
}

fn with_fault(fault: &str) -> Options {
    let fault: Fault = fault.parse().unwrap();
    Options { faults: vec![fault], ..with_site() }
}

/// A scene with a local tree of its own: `copy/a.txt`, `copy/old/file` and `copy/old/kept.bak`.
fn with_copy(options: Options) -> Scene {
    let scene = Scene::new(options);
    fs::create_dir_all(scene.path("copy/old")).unwrap();
    scene.write("copy/a.txt", b"changed");
    scene.write("copy/old/file", b"old");
    scene.write("copy/old/kept.bak", b"kept");
    scene
}

/// The names in the local copy of `/site/docs`, sorted.
fn names_in_docs(scene: &Scene) -> Vec<String> {
    let entries = fs::read_dir(scene.path("copy/docs")).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn a_remote_tree_arrives_and_the_second_run_transfers_nothing() {
    let scene = Scene::new(with_site());
    let outcome = scene.run("ftps-mirror", &["--down", "/site", "copy"]).ended_with(0);
    assert!(outcome.text().starts_with("3 files (1048585 bytes) transferred, 2 directories made, "));
    assert!(scene.read("copy/docs/large") == payload(1 << 20), "the contents differ");
    assert_eq!(scene.read("copy/docs/b.csv"), b"one;two\n");
    let counters = scene.server.counters();
    assert_eq!((counters.data_full, counters.data_same_session > 3), (0, true));

    let second = scene.run("ftps-mirror", &["--down", "/site", "copy"]).ended_with(0);
    assert!(second
        .text()
        .starts_with("0 files (0 bytes) transferred, 0 directories made, 0 deleted, 3 skipped"));
    assert_eq!(scene.server.counters().commands["RETR"], 3);
}

#[test]
fn a_local_tree_is_sent_and_what_only_the_server_has_is_deleted_when_asked() {
    let scene = with_copy(with_site());
    scene.run("ftps-mirror", &["--up", "/site", "copy"]).ended_with(0);
    assert_eq!(scene.server.file("/site/a.txt").unwrap(), b"changed");
    assert_eq!(scene.server.file("/site/docs/b.csv").unwrap(), b"one;two\n");
    let outcome = scene.run("ftps-mirror", &["--up", "--delete", "/site", "copy"]).ended_with(0);
    assert!(outcome.text().contains(" 3 deleted"), "{}", outcome.text());
    assert_eq!(scene.server.list("/site").unwrap(), ["a.txt", "old"]);
    assert_eq!(scene.server.list("/site/old").unwrap(), ["file", "kept.bak"]);
}

#[test]
fn a_dry_run_prints_the_plan_and_changes_nothing() {
    let scene = with_copy(with_site());
    let outcome =
        scene.run("ftps-mirror", &["--down", "--dry-run", "--delete", "/site", "copy"]).ended_with(0);
    let plan = "create directory docs: missing\n\
                download a.txt (1 bytes): size differs\n\
                download docs/b.csv (8 bytes): missing\n\
                download docs/large (1048576 bytes): missing\n\
                delete old/kept.bak: not in the source\n\
                delete old/file: not in the source\n\
                delete directory old: not in the source\n";
    assert_eq!(outcome.text(), plan);
    assert_eq!(outcome.stderr, "");
    assert_eq!(scene.read("copy/a.txt"), b"changed");
    assert_eq!(scene.read("copy/old/file"), b"old");
    assert!(!scene.was_sent("RETR"));
}

#[test]
fn patterns_choose_what_is_taken_over_and_what_is_deleted() {
    let scene = with_copy(with_site());
    let arguments = ["--down", "--delete", "-i", "*.csv", "-i", "a.*", "-x", "*.bak", "/site", "copy"];
    scene.run("ftps-mirror", &arguments).ended_with(0);
    assert_eq!(scene.read("copy/a.txt"), b"a");
    assert_eq!(scene.read("copy/docs/b.csv"), b"one;two\n");
    assert_eq!(scene.read("copy/old/kept.bak"), b"kept");
    assert!(!scene.path("copy/docs/large").exists());
}

#[test]
fn sizes_alone_can_decide() {
    let scene = with_copy(with_site());
    scene.write("copy/a.txt", b"A");
    scene.run("ftps-mirror", &["--down", "--compare", "size", "/site", "copy"]).ended_with(0);
    assert_eq!(scene.read("copy/a.txt"), b"A");
    scene.run("ftps-mirror", &["--down", "--compare", "nothing", "/site", "copy"]).ended_with(0);
    assert_eq!(scene.read("copy/a.txt"), b"a");
}

#[test]
fn no_more_connections_are_made_than_asked_for() {
    let scene = Scene::new(with_site());
    scene
        .run("ftps-mirror", &["--stats", "--connections", "1", "--down", "/site", "copy"])
        .ended_with(0)
        .said(&["logins=1 refused=0 discarded=0"]);
    assert_eq!(scene.server.counters().logins, 1);
}

#[test]
fn a_url_or_an_option_names_the_remote_directory() {
    let scene = Scene::new(with_site());
    let url = scene.url("/site");
    let arguments = ["--ca-file", "ca.pem", "--down", &url, "by-url"];
    finish(scene.bare_command("ftps-mirror", &arguments).spawn().unwrap()).ended_with(0);
    assert_eq!(scene.read("by-url/a.txt"), b"a");
    scene.run("ftps-mirror", &["--down", "-d", "/site", "docs", "by-option"]).ended_with(0);
    assert_eq!(scene.read("by-option/b.csv"), b"one;two\n");
}

#[test]
fn a_file_that_is_refused_is_told_and_the_others_arrive() {
    let scene = Scene::new(with_fault("RETR@reply=reply:550 Not for you."));
    let outcome = scene
        .run("ftps-mirror", &["--down", "--connections", "1", "/site", "copy"])
        .ended_with(1)
        .said(&["failed: download a.txt (1 bytes): missing: ", "550 Not for you."]);
    assert!(outcome.text().starts_with("2 files "), "{}", outcome.text());
    assert!(!scene.path("copy/a.txt").exists());
    assert_eq!(scene.read("copy/docs/b.csv"), b"one;two\n");
}

#[test]
fn the_first_failure_can_end_all() {
    let scene = Scene::new(with_fault("RETR@reply=reply:550 Not for you."));
    scene
        .run("ftps-mirror", &["--down", "--stop", "--connections", "1", "/site", "copy"])
        .ended_with(1)
        .said(&["550 Not for you.", "not done: download docs/b.csv"]);
    assert!(!scene.path("copy/docs/b.csv").exists());
}

#[test]
fn a_source_that_is_not_there_is_told() {
    let scene = Scene::new(with_site());
    scene.run("ftps-mirror", &["--down", "/missing", "copy"]).ended_with(1).said(&["no directory /missing"]);
    assert!(!scene.path("copy").exists());
    scene
        .run("ftps-mirror", &["--up", "/site", "missing"])
        .ended_with(1)
        .said(&["missing could not be opened"]);
    assert!(!scene.was_sent("STOR"));
}

#[test]
fn sigint_ends_all_connections_and_leaves_no_part_of_a_file() {
    let scene = Scene::new(with_fault("RETR#*@byte:50000=stall"));
    let child = scene.command("ftps-mirror", &["--down", "/site", "copy"]).spawn().unwrap();
    wait_until("a part of the large file has arrived", || {
        let parts = fs::read_dir(scene.path("copy/docs")).into_iter().flatten().flatten();
        parts.into_iter().any(|part| part.metadata().is_ok_and(|part| part.len() == 50_000))
    });
    send_signal(&child, Signal::INT);
    let outcome = finish(child).ended_with(130).said(&["ftps-mirror: interrupted"]);
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    let mut left: Vec<_> =
        fs::read_dir(scene.path("copy/docs")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.retain(|name| name != "b.csv");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_a_killed_mirror_leaves_goes_when_nobody_has_touched_it_for_an_hour() {
    let scene = Scene::new(with_fault("RETR#*@byte:50000=stall"));
    let child = scene.command("ftps-mirror", &["--down", "/site", "copy"]).spawn().unwrap();
    let has_part = || names_in_docs(&scene).iter().any(|name| name.starts_with(".ftps-"));
    wait_until("the large file has begun to arrive", has_part);
    send_signal(&child, Signal::KILL);
    finish(child);
    let part =
        names_in_docs(&scene).into_iter().find(|name| name.starts_with(".ftps-")).expect("a part is left");

    let next = Scene::new(with_site());
    fs::create_dir_all(next.path("copy/docs")).unwrap();
    let left = next.path("copy/docs").join(&part);
    fs::rename(scene.path("copy/docs").join(&part), &left).unwrap();
    let mirror = ["--down", "--delete", "/site", "copy"];
    next.run("ftps-mirror", &mirror).ended_with(0);
    assert!(left.exists(), "whose it is cannot be known so soon");

    let file = fs::OpenOptions::new().write(true).open(&left).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600)).unwrap();
    let plan = next.run("ftps-mirror", &["--down", "--dry-run", "/site", "copy"]).ended_with(0);
    assert_eq!(plan.text(), format!("delete docs/{part}: left by a mirror that was killed\n"));
    next.run("ftps-mirror", &["--down", "/site", "copy"]).ended_with(0);
    assert_eq!(names_in_docs(&next), ["b.csv", "large"]);
}
