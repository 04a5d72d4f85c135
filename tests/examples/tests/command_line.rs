//! The command line itself: no server is asked.

use examples_tests::{finish, Outcome, Scene};

const PROGRAMS: [&str; 4] = ["ftps-ls", "ftps-get", "ftps-put", "ftps-mirror"];

fn run(program: &str, arguments: &[&str]) -> Outcome {
    finish(Scene::default().bare_command(program, arguments).spawn().unwrap())
}

#[test]
fn help_documents_options_and_exit_codes() {
    for program in PROGRAMS {
        let outcome = run(program, &["--help"]).ended_with(0);
        for word in ["Usage: ", program, "FTPS_PASSWORD", "Exit code:", "  3  no session"] {
            assert!(outcome.text().contains(word), "{program} --help says nothing of {word}");
        }
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn the_version_is_the_librarys() {
    for program in PROGRAMS {
        let outcome = run(program, &["--version"]).ended_with(0);
        assert_eq!(outcome.text(), format!("{program} (libftps {})\n", env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn mistakes_are_told_and_end_with_2() {
    let mistakes: &[(&str, &[&str], &str)] = &[
        ("ftps-ls", &[], "which server?"),
        ("ftps-ls", &["--no-such-option"], "--no-such-option"),
        ("ftps-ls", &["--port", "70000", "host"], "70000 is no port"),
        ("ftps-ls", &["host:port"], "no port"),
        ("ftps-ls", &["--timeout", "soon", "host"], "soon is no number of seconds"),
        ("ftps-ls", &["--tls-min", "1.1", "host"], "1.1 is not known"),
        ("ftps-ls", &["--tls-min", "1.3", "--tls-max", "1.2", "host"], "TLS"),
        ("ftps-ls", &["--resumption", "maybe", "host"], "prefer, require or off"),
        ("ftps-ls", &["--key", "file", "host"], "--key needs --cert"),
        ("ftps-ls", &["--pin", "abc", "host"], "64 hexadecimal digits"),
        ("ftps-ls", &["--ca-file", "/missing", "host"], "/missing"),
        ("ftps-ls", &["sftp://host"], "ftpes://"),
        ("ftps-ls", &["ftpes://host/a%zz"], "%-escape"),
        ("ftps-ls", &["ftpes:///path"], "names no host"),
        ("ftps-get", &["host"], "which file?"),
        ("ftps-get", &["host", "folder/"], "--output"),
        ("ftps-get", &["host", "a/file", "b/file"], "two files would be called file"),
        ("ftps-get", &["-o", "x", "host", "a", "b"], "--output is for one file"),
        ("ftps-put", &["host"], "which file?"),
        ("ftps-put", &["host", "-"], "--as"),
        ("ftps-put", &["--as", "x", "host", "a", "b"], "--as is for one file"),
        ("ftps-mirror", &["host", "/", "copy"], "which way? --down or --up"),
        ("ftps-mirror", &["--up", "--down", "host", "/", "copy"], "either --down or --up"),
        ("ftps-mirror", &["--up", "host", "/"], "one remote and one local directory"),
        ("ftps-mirror", &["--up", "-c", "0", "host", "/", "copy"], "0 is no number of connections"),
        ("ftps-mirror", &["--up", "--compare", "all", "host", "/", "copy"], "time, size, hash or nothing"),
        ("ftps-mirror", &["--up", "-x", "[a", "host", "/", "copy"], "[a is no pattern"),
    ];
    for (program, arguments, words) in mistakes {
        run(program, arguments).ended_with(2).said(&[words]);
    }
}

#[test]
fn a_password_on_the_command_line_is_refused_and_not_repeated() {
    let outcome = run("ftps-ls", &["ftpes://user:secret@host"])
        .ended_with(2)
        .said(&["FTPS_PASSWORD", "--password-file"]);
    assert!(!outcome.stderr.contains("secret"));
}
