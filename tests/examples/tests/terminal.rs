//! On a terminal, which `script` plays.

use examples_tests::{finish, payload, with_files, Scene};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// `command` with a terminal of its own, whose screen is standard output.
fn on_a_terminal(command: &Command) -> Command {
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_str().expect("arguments in UTF-8")))
        .collect();
    let mut script = Command::new("script");
    script
        .args(["--quiet", "--return", "--command", &words.join(" "), "/dev/null"])
        .current_dir(command.get_current_dir().expect("a folder"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in command.get_envs() {
        script.env(name, value.expect("set"));
    }
    script
}

#[test]
fn progress_shows_bytes_and_rate() {
    let scene = Scene::new(with_files(&[("/file", &payload(3 << 20))]));
    let outcome = finish(on_a_terminal(&scene.command("ftps-get", &["file"])).spawn().unwrap()).ended_with(0);
    let screen = outcome.text();
    assert!(screen.contains("file  3.0 MiB of 3.0 MiB  100 %  "), "{screen}");
    assert!(screen.contains("B/s"), "{screen}");
}

#[test]
fn the_progress_of_a_mirror_is_that_of_all_its_files() {
    let scene = Scene::new(with_files(&[("/one", &payload(3 << 20)), ("/two", b"2")]));
    let command = scene.command("ftps-mirror", &["--down", "/", "copy"]);
    let outcome = finish(on_a_terminal(&command).spawn().unwrap()).ended_with(0);
    let screen = outcome.text();
    assert!(screen.contains("2 of 2 files  3.0 MiB of 3.0 MiB  100 %  "), "{screen}");
}

#[test]
fn quiet_shows_no_progress() {
    let scene = Scene::new(with_files(&[("/file", b"content")]));
    let command = scene.command("ftps-get", &["--quiet", "file"]);
    let outcome = finish(on_a_terminal(&command).spawn().unwrap()).ended_with(0);
    assert_eq!(outcome.text(), "");
}

#[test]
fn names_that_would_steer_the_terminal_are_shown_harmless() {
    let scene = Scene::new(with_files(&[("/red\x1b[31m", b"")]));
    let outcome = finish(on_a_terminal(&scene.command("ftps-ls", &[])).spawn().unwrap()).ended_with(0);
    assert_eq!(outcome.text(), "red?[31m\r\n");
}

#[test]
fn the_password_is_asked_for_and_not_shown() {
    let scene = Scene::new(with_files(&[("/file", b"content")]));
    let command = scene.command("ftps-ls", &[]);
    let mut child = on_a_terminal(&command).env_remove("FTPS_PASSWORD").spawn().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut shown = String::new();
    while !shown.contains("Password of user at 127.0.0.1: ") {
        let mut byte = [0];
        screen.read_exact(&mut byte).unwrap_or_else(|_| panic!("no prompt: {shown}"));
        shown.push(char::from(byte[0]));
    }
    // It stays open: its end would be the terminal's.
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(b"password\n").unwrap();
    screen.read_to_string(&mut shown).unwrap();
    finish(child).ended_with(0);
    assert!(shown.ends_with(": \r\nfile\r\n"), "{shown}");
}
