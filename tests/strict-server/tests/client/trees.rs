//! Walking, finding and deleting what is beneath a directory.

use crate::common::{connect, kind_of, start};
use ftps::trees::{Found, PathError};
use ftps::ResumptionPolicy;
use strict_server::{Options, RunningServer};

fn server_with(files: &[&str]) -> RunningServer {
    let server = start(Options::default());
    for file in files {
        server.put_file(file, file.as_bytes()).expect("a file");
    }
    server
}

fn paths(walk: impl Iterator<Item = Result<Found, PathError>>) -> Vec<String> {
    walk.map(|found| String::from_utf8(found.expect("an entry").path).expect("UTF-8")).collect()
}

#[test]
fn a_walk_comes_to_everything_each_directory_before_its_contents() {
    let server = server_with(&["/t/a", "/t/d/b", "/t/d/e/c", "/t/f", "/elsewhere"]);
    let mut client = connect(&server, ResumptionPolicy::Require);
    let expected = ["/t/a", "/t/d", "/t/d/b", "/t/d/e", "/t/d/e/c", "/t/f"];
    assert_eq!(paths(client.walk("/t")), expected);
    client.change_directory("t").expect("CWD");
    assert_eq!(paths(client.walk("")), ["a", "d", "d/b", "d/e", "d/e/c", "f"]);
}

#[test]
fn a_directory_is_left_out_when_asked() {
    let server = server_with(&["/t/a", "/t/d/b", "/t/f"]);
    let mut client = connect(&server, ResumptionPolicy::Require);
    let mut walk = client.walk("/t");
    let mut seen = Vec::new();
    while let Some(found) = walk.next() {
        let found = found.expect("an entry");
        if found.is_directory() {
            walk.skip_directory();
        }
        seen.push(found.path);
    }
    assert_eq!(seen, [b"/t/a".to_vec(), b"/t/d".to_vec(), b"/t/f".to_vec()]);
}

#[test]
fn what_cannot_be_listed_is_told_and_the_walk_goes_on() {
    let faults = vec!["MLSD#2@final=reply:550 Permission denied.".parse().expect("a fault")];
    let server = start(Options { faults, ..Options::default() });
    server.put_file("/d/hidden", b"").expect("a file");
    server.put_file("/z", b"").expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Require);
    let steps: Vec<_> = client.walk("/").collect();
    let error = steps[1].as_ref().expect_err("the listing that was refused");
    assert_eq!((error.path.as_slice(), kind_of(&error.error)), (&b"/d"[..], "refused"));
    assert_eq!(steps[2].as_ref().expect("what comes after").path, b"/z");
    assert_eq!(steps.len(), 3);
}

#[test]
fn a_walk_ends_with_its_connection() {
    let faults = vec!["MLSD#2@reply=cut-both".parse().expect("a fault")];
    let server = start(Options { faults, ..Options::default() });
    server.put_file("/d/hidden", b"").expect("a file");
    server.put_file("/z", b"").expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Require);
    let steps: Vec<_> = client.walk("/").collect();
    assert_eq!(steps.len(), 2, "{steps:?}");
    assert!(steps[1].is_err());
}

#[test]
fn a_loop_and_names_that_lead_elsewhere_are_told_and_not_followed() {
    let lines = "type=cdir;unique=1; .\r\ntype=dir;unique=1; loop\r\ntype=file; ../../x\r\ntype=file; ok\r\nnonsense\r\n";
    let server = start(Options { raw_listing: Some(lines.into()), ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Require);
    let steps: Vec<_> = client.walk("/").collect();
    let failed: Vec<_> =
        steps.iter().filter_map(|step| step.as_ref().err()).map(PathError::to_string).collect();
    assert_eq!(failed.len(), 3, "{failed:?}");
    assert!(failed[0].contains("nonsense"), "{failed:?}");
    assert!(failed[1].contains("leads back to a directory above it"), "{failed:?}");
    assert!(failed[2].contains("leads out of its directory"), "{failed:?}");
    assert_eq!(steps.iter().filter(|step| step.is_ok()).count(), 1);
}

#[test]
fn a_pattern_finds_what_matches_and_lists_no_more_than_it_has_to() {
    let server =
        server_with(&["/in/a/x.csv", "/in/a/y.txt", "/in/b/deep/z.csv", "/in/w.csv", "/other/v.csv"]);
    let mut client = connect(&server, ResumptionPolicy::Require);
    let listings = || server.counters().commands.get("MLSD").copied().unwrap_or_default();
    assert_eq!(paths(client.glob("/in/*.csv").expect("a pattern")), ["/in/w.csv"]);
    assert_eq!(listings(), 1, "neither / nor what is beneath /in");
    assert_eq!(paths(client.glob("/in/*/*.csv").expect("a pattern")), ["/in/a/x.csv"]);
    assert_eq!(
        paths(client.glob("/in/**/*.csv").expect("a pattern")),
        ["/in/a/x.csv", "/in/b/deep/z.csv", "/in/w.csv"]
    );
    assert_eq!(paths(client.glob("/in/w.csv").expect("a pattern")), ["/in/w.csv"]);
    assert!(client.glob("/in/[a").is_err());
}

#[test]
fn a_tree_is_deleted_with_all_that_is_beneath() {
    let server = server_with(&["/t/a", "/t/d/b", "/t/d/e/c", "/kept"]);
    let mut client = connect(&server, ResumptionPolicy::Require);
    let deleted = client.delete_tree("/t").expect("a deletion");
    assert!(deleted.failures.is_empty(), "{deleted:?}");
    assert_eq!((deleted.files, deleted.directories), (3, 3));
    assert_eq!(server.list("/").expect("the root"), ["kept"]);
}

#[test]
fn what_cannot_be_deleted_is_named_and_the_rest_is_deleted() {
    let faults = vec!["DELE#2@reply=reply:550 Permission denied.".parse().expect("a fault")];
    let server = start(Options { faults, ..Options::default() });
    for file in ["/t/a", "/t/d/b", "/t/e/c"] {
        server.put_file(file, b"").expect("a file");
    }
    let mut client = connect(&server, ResumptionPolicy::Require);
    let deleted = client.delete_tree("/t").expect("a deletion");
    let named: Vec<_> = deleted.failures.iter().map(|failure| failure.path.as_slice()).collect();
    assert_eq!(named, [b"/t/d/b"]);
    assert_eq!((deleted.files, deleted.directories), (2, 3));
}
