//! ftps-ls.

use examples_tests::{with_files, Scene};
use std::collections::BTreeMap;
use strict_server::{Fault, Options};

const UNIX_LINES: &[u8] = b"total 3\r\n\
drwxr-xr-x   2 ann  staff      4096 Jan 10  2024 folder\r\n\
-rw-r-----   1 ann  staff       123 Mar  5  2023 file with blanks\r\n\
lrwxrwxrwx   1 ann  staff         6 Mar  5  2023 link -> folder\r\n";

/// A server whose listings are these bytes, and which has no MLSD.
fn server_that_lists(lines: &[u8]) -> Options {
    let answers = BTreeMap::from([("MLSD".to_owned(), "500 Unknown command.".to_owned())]);
    let features = Some(vec!["EPSV".to_owned()]);
    Options { raw_listing: Some(lines.to_vec()), answers, features, ..Options::default() }
}

#[test]
fn names_are_listed_with_directories_marked() {
    let scene = Scene::new(with_files(&[("/a.txt", b"a"), ("/folder/b.txt", b"b")]));
    let outcome = scene.run("ftps-ls", &[]).ended_with(0);
    assert_eq!(outcome.text(), "a.txt\nfolder/\n");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn the_long_format_shows_what_the_server_tells() {
    let scene = Scene::new(server_that_lists(UNIX_LINES));
    let outcome = scene.run("ftps-ls", &["-l"]).ended_with(0);
    let lines: Vec<&str> = outcome.text().lines().collect();
    assert_eq!(
        lines,
        [
            "d rwxr-xr-x ann      staff            4096 2024-01-10           folder/",
            "- rw-r----- ann      staff             123 2023-03-05           file with blanks",
            "l rwxrwxrwx ann      staff               6 2023-03-05           link@ -> folder",
        ]
    );
}

#[test]
fn raw_lines_are_shown_as_the_server_sends_them() {
    let scene = Scene::new(server_that_lists(UNIX_LINES));
    let outcome = scene.run("ftps-ls", &["--raw"]).ended_with(0);
    for line in UNIX_LINES.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty()) {
        let line = std::str::from_utf8(line).unwrap().trim_end();
        assert!(outcome.text().lines().any(|shown| shown == line), "{line} is missing");
    }
}

#[test]
fn a_line_that_is_not_understood_is_reported_made_harmless_and_changes_the_exit_code() {
    let mut lines = UNIX_LINES.to_vec();
    lines.extend_from_slice(b"what \x1b]0;is\x07 this?\r\n");
    let scene = Scene::new(server_that_lists(&lines));
    let outcome = scene.run("ftps-ls", &[]).ended_with(4).said(&["not understood: what ?]0;is? this?"]);
    assert_eq!(outcome.text(), "folder/\nfile with blanks\nlink@\n");
}

#[test]
fn several_directories_are_listed_even_when_one_of_them_is_missing() {
    let scene = Scene::new(with_files(&[("/a/1", b""), ("/b/2", b"")]));
    let outcome = scene.run("ftps-ls", &["a", "missing", "b"]).ended_with(1).said(&["missing: ", "550"]);
    assert_eq!(outcome.text(), "a:\n1\n\nmissing:\n\nb:\n2\n");
}

#[test]
fn a_url_names_server_user_and_directory() {
    let scene = Scene::new(with_files(&[("/two words/inside", b"")]));
    let url = scene.url("/two%20words");
    let child = scene.bare_command("ftps-ls", &["--ca-file", "ca.pem", &url]).spawn().unwrap();
    let outcome = examples_tests::finish(child).ended_with(0);
    assert_eq!(outcome.text(), "inside\n");
}

#[test]
fn a_listing_that_was_cut_is_an_error() {
    let fault: Fault = "@byte:20=cut".parse().unwrap();
    let scene = Scene::new(Options { faults: vec![fault], ..server_that_lists(UNIX_LINES) });
    scene.run("ftps-ls", &[]).ended_with(1);
}
