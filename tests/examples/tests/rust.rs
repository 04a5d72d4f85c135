//! The programs of examples/rust. (`upload`, which the README shows, is run by readme.rs.)

use examples_tests::{finish, payload, root, with_files, Outcome, Scene};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use strict_server::{Options, ProxyBehaviour, ProxyKind, TestProxy, PROXY_PASSWORD, PROXY_USER};

/// The folder with the programs, which are built once, for as long as that takes.
static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "libftps", "--examples", "--manifest-path"]);
    let built = cargo.arg(root().join("Cargo.toml")).status().expect("cargo starts");
    assert!(built.success(), "the examples cannot be built");
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug").join("examples")
});

/// An example that is about to run in the scene's folder.
fn example(scene: &Scene, name: &str, arguments: &[&str]) -> Command {
    let mut program = Command::new(PROGRAMS.join(name));
    program
        .args(arguments)
        .current_dir(scene.path("."))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    program
}

/// Runs an example that takes the server and the login first.
fn run(scene: &Scene, name: &str, arguments: &[&str]) -> Outcome {
    let port = scene.server.addr().port().to_string();
    let login = ["127.0.0.1", &port, "ca.pem", "user", "password"];
    finish(example(scene, name, &[&login, arguments].concat()).spawn().expect("the program starts"))
}

#[test]
fn list_shows_a_directory_whose_listing_was_resumed() {
    let scene = Scene::new(with_files(&[("/folder/file", b"1234")]));
    let outcome = run(&scene, "list", &["folder"]).ended_with(0).said(&["1 of 1 data connections resumed"]);
    assert!(outcome.text().ends_with("           4  file\n"), "{}", outcome.text());
}

#[test]
fn mirror_plans_and_then_makes_a_directory_like_the_other() {
    let scene = Scene::new(with_files(&[("/site/a", b"a"), ("/site/docs/b", b"bb")]));
    let plan = run(&scene, "mirror", &["down", "/site", "copy", "--dry-run"]).ended_with(0);
    assert!(plan.text().contains("download docs/b (2 bytes): missing\n"), "{}", plan.text());
    assert!(!scene.path("copy").exists());
    let done = run(&scene, "mirror", &["down", "/site", "copy"]).ended_with(0);
    assert!(done.text().contains("2 files (3 bytes) transferred"), "{}", done.text());
    assert_eq!(scene.read("copy/docs/b"), b"bb");
    scene.write("copy/a", b"changed");
    run(&scene, "mirror", &["up", "/site", "copy"]).ended_with(0);
    assert_eq!(scene.server.file("/site/a").unwrap(), b"changed");
}

#[test]
fn reliable_tries_again_and_goes_on_where_an_earlier_run_was_cut_off() {
    let contents = payload(500_000);
    let faults = vec!["RETR@reply=reply:450 Busy.".parse().unwrap()];
    let scene = Scene::new(Options { faults, ..with_files(&[("/file", &contents)]) });
    scene.write("file", &contents[..200_000]);
    let outcome = run(&scene, "reliable", &["get", "/file", "file"]).ended_with(0).said(&["again in 500ms"]);
    assert!(outcome.text().contains("the same 500000 bytes"), "{}", outcome.text());
    assert!(scene.read("file") == contents, "the contents differ");
    assert_eq!(scene.server.counters().bytes_sent, 300_000 + 4096);
}

#[test]
fn reliable_leaves_no_half_upload() {
    let contents = payload(500_000);
    let faults = vec!["STOR@byte:200000=reset".parse().unwrap()];
    let scene = Scene::new(Options { faults, ..Options::default() });
    scene.write("file", &contents);
    run(&scene, "reliable", &["put", "/file", "file"]).ended_with(0).said(&["again in 500ms"]);
    assert!(scene.server.file("/file").unwrap() == contents, "the contents differ");
    assert_eq!(scene.server.list("/").unwrap(), ["file"]);
}

#[test]
fn proxy_lists_through_a_proxy_that_wants_to_know_who_asks() {
    let scene = Scene::new(with_files(&[("/file", b"")]));
    let port = scene.server.addr().port().to_string();
    for (word, kind) in [("socks5", ProxyKind::Socks5), ("http", ProxyKind::HttpConnect)] {
        let behaviour = ProxyBehaviour { asks_who: true, ..ProxyBehaviour::default() };
        let proxy = TestProxy::start(kind, behaviour).expect("the proxy starts");
        let proxy_port = proxy.addr().port().to_string();
        let arguments = [word, "127.0.0.1", &proxy_port, "127.0.0.1", &port, "ca.pem", "user", "password"];
        let mut command = example(&scene, "proxy", &arguments);
        command.env("PROXY_USER", PROXY_USER).env("PROXY_PASSWORD", PROXY_PASSWORD);
        let outcome = finish(command.spawn().expect("the program starts")).ended_with(0);
        assert!(outcome.text().ends_with("file\n"), "{}", outcome.text());
        assert_eq!(proxy.requests().len(), 2);
    }
}
