//! Which command lists a directory, and how its lines are read.

use crate::common::{builder, log_in, start};
use ftps::client::{Dialogue, FtpsClient, ListingCommand, ListingOptions};
use ftps::protocol::listing::{EntryKind, ListingFormat};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use strict_server::{Options, RunningServer};
use time::OffsetDateTime;

/// A server without MLSD and MLST.
fn without_mlsx(options: Options) -> RunningServer {
    let unknown = |verb: &str| (verb.to_owned(), "500 Unknown command.".to_owned());
    start(Options { answers: [unknown("MLSD"), unknown("MLST")].into(), ..options })
}

fn with_lines(lines: &str, system: &str) -> RunningServer {
    without_mlsx(Options {
        raw_listing: Some(lines.as_bytes().to_vec()),
        system: system.to_owned(),
        ..Options::default()
    })
}

/// A login, and the commands that it sends from here on, but for those that make data connections.
fn observed(server: &RunningServer, options: ListingOptions) -> (FtpsClient, Arc<Mutex<Vec<String>>>) {
    let mut client = log_in(builder(server).listing(options)).expect("login");
    let sent = Arc::new(Mutex::new(Vec::new()));
    let seen = sent.clone();
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        let Dialogue::Sent(command) = line else { return };
        if !["EPSV", "PASV"].contains(&command.verb()) {
            seen.lock().expect("no panic while locked").push(command.to_string());
        }
    })));
    (client, sent)
}

fn commands(sent: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut *sent.lock().expect("no panic while locked"))
}

#[test]
fn syst_is_asked_once_in_a_login_and_only_before_list() {
    let server = without_mlsx(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default());
    client.names("").expect("NLST");
    client.list_with("LIST", "", ListingFormat::Unix).expect("a format that is forced");
    assert_eq!(commands(&sent), ["NLST", "LIST"]);
    client.list("").expect("LIST");
    client.list("").expect("LIST");
    assert_eq!(commands(&sent), ["SYST", "LIST", "LIST"]);
    let server = start(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default());
    client.list("").expect("MLSD");
    assert_eq!(commands(&sent), ["MLSD"]);
}

#[test]
fn a_listing_that_no_line_tells_is_read_as_the_system_writes_it() {
    let on_tape = "V43525 Tape    NAME\r\n";
    let server = with_lines(on_tape, "215 MVS is the operating system of this server.");
    let listing = observed(&server, ListingOptions::default()).0.list("").expect("LIST");
    assert_eq!((listing.entries.len(), listing.unparsed.len()), (1, 0));
    assert_eq!((listing.entries[0].name().as_ref(), listing.entries[0].kind()), ("NAME", EntryKind::File));
    for system in ["215 UNIX Type: L8", "502 Command not implemented.", "530 Not for you."] {
        let listing =
            observed(&with_lines(on_tape, system), ListingOptions::default()).0.list("").expect(system);
        assert_eq!(
            (listing.entries.len(), listing.unparsed),
            (0, vec![on_tape.trim_end().as_bytes().to_vec()])
        );
    }
}

#[test]
fn the_lines_tell_their_format_whatever_the_system_says() {
    let server = with_lines("01-02-26  03:04AM       <DIR>          folder\r\n", "215 MVS");
    let listing = observed(&server, ListingOptions::default()).0.list("").expect("LIST");
    assert_eq!(listing.entries[0].kind(), EntryKind::Directory);
}

#[test]
fn command_format_and_arguments_can_be_forced() {
    use {ListingCommand as By, ListingFormat as As};
    let chosen = |command, format| ListingOptions::default().command(command).format(format);
    let cases = [
        (chosen(By::Auto, As::Auto), vec!["MLSD folder"]),
        (chosen(By::Auto, As::Mlsx), vec!["MLSD folder"]),
        (chosen(By::Mlsd, As::Auto), vec!["MLSD folder"]),
        (chosen(By::Auto, As::Unix), vec!["LIST folder"]),
        (chosen(By::Auto, As::Names), vec!["NLST folder"]),
        (chosen(By::List, As::Unix), vec!["LIST folder"]),
        (chosen(By::List, As::Auto), vec!["SYST", "LIST folder"]),
        (chosen(By::Nlst, As::Auto), vec!["NLST folder"]),
        (chosen(By::List, As::Unix).arguments("-a"), vec!["LIST -a folder"]),
        (chosen(By::Auto, As::Auto).arguments("-a"), vec!["MLSD folder"]),
    ];
    let server = start(Options::default());
    server.put_file("folder/file", b"content").expect("a file");
    for (options, expected) in cases {
        let (mut client, sent) = observed(&server, options.clone());
        let listing = client.list("folder").expect("listing");
        assert!(listing.entries.iter().any(|entry| entry.name() == "file"), "{options:?}: {listing:?}");
        assert_eq!(commands(&sent), expected, "{options:?}");
    }
}

#[test]
fn a_forced_mlsd_that_the_server_does_not_know_is_an_error() {
    let server = without_mlsx(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default().command(ListingCommand::Mlsd));
    assert_eq!(client.list("").expect_err("no MLSD").reply().map(|reply| reply.code()), Some(500));
    assert_eq!(commands(&sent), ["MLSD"]);
}

#[test]
fn a_path_that_looks_like_options_is_not_taken_for_them() {
    let server = without_mlsx(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default().format(ListingFormat::Unix));
    for directory in ["-la", " -la"] {
        client.make_directory(directory).expect("a directory");
        client.upload_from(format!("{directory}/inside"), &mut &b"x"[..], |_| true).expect("a file");
        assert_eq!(client.list(directory).expect("LIST").entries[0].name(), "inside");
        assert_eq!(client.names(directory).expect("NLST"), [b"inside"]);
    }
    let listings = commands(&sent).into_iter().filter(|line| line.contains("./")).collect::<Vec<_>>();
    assert_eq!(listings, ["LIST ./-la", "NLST ./-la", "LIST ./ -la", "NLST ./ -la"]);
}

#[test]
fn a_path_with_a_line_end_is_refused_before_anything_is_sent() {
    let server = without_mlsx(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default());
    assert_eq!(client.list("a\r\nDELE b").expect_err("refused").kind(), "invalid-argument");
    assert_eq!(commands(&sent), Vec::<String>::new());
}

#[test]
fn arguments_with_a_line_end_are_refused_before_anything_is_sent() {
    let server = start(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default());
    for arguments in ["-a\r\nDELE x", "-a\n", "-a\0"] {
        let options = ListingOptions::default().arguments(arguments);
        assert_eq!(client.set_listing(options.clone()).expect_err("refused").kind(), "invalid-argument");
        let error = builder(&server).listing(options).connect().expect_err("refused");
        assert_eq!(error.kind(), "invalid-argument");
    }
    assert_eq!(commands(&sent), Vec::<String>::new());
}

#[test]
fn years_that_are_left_out_are_those_of_the_servers_clock() {
    const YEAR: i64 = 365 * 24 * 3600;
    let written = OffsetDateTime::now_utc() - Duration::from_secs(60 * 24 * 3600);
    let (month, day) = (written.month().to_string(), written.day());
    let server = with_lines(&format!("-rw-r--r-- 1 a b 1 {} {day} 12:00 x\r\n", &month[..3]), "215 UNIX");
    let year = |options| {
        let (mut client, _) = observed(&server, options);
        let entry = client.list("").expect("LIST").entries.remove(0);
        let seconds = entry.modified().expect("a time").unix_seconds();
        OffsetDateTime::from_unix_timestamp(seconds).expect("in the calendar").year()
    };
    for options in [ListingOptions::default(), ListingOptions::default().server_clock(0)] {
        assert_eq!(year(options), written.year());
    }
    assert_eq!(year(ListingOptions::default().server_clock(-3 * YEAR)), written.year() - 3);
    assert_eq!(year(ListingOptions::default().server_clock(3 * YEAR)), written.year() + 3);
}

#[test]
fn one_entry_is_found_with_mlst_and_without() {
    let with = start(Options::default());
    let without = without_mlsx(Options::default());
    let only_feat_has_it = start(Options {
        answers: [("MLST".to_owned(), "502 Not here.".to_owned())].into(),
        features: Some(vec!["MLST type*;".to_owned()]),
        ..Options::default()
    });
    let expected = [("MLST", 5), ("LIST", 5), ("MLSD", 5)];
    for (server, (verb, count)) in [with, without, only_feat_has_it].iter().zip(expected) {
        server.put_file("folder/file", b"content").expect("a file");
        let (mut client, sent) = observed(server, ListingOptions::default());
        for path in ["folder/file", "/folder/file", "/folder//file"] {
            let entry = client.entry(path).unwrap_or_else(|error| panic!("{verb} {path}: {error}"));
            assert_eq!((entry.kind(), entry.size()), (EntryKind::File, Some(7)), "{verb} {path}");
        }
        let folder = client.entry("folder/").expect("a directory");
        assert_eq!(folder.kind(), EntryKind::Directory);
        let error = client.entry("folder/missing").expect_err("no such file");
        assert_eq!(error.kind(), "refused", "{error}");
        let sent = commands(&sent);
        assert_eq!(sent.iter().filter(|line| line.starts_with(verb)).count(), count, "{sent:?}");
    }
}

#[test]
fn without_mlst_a_path_without_a_name_is_told_apart_before_anything_is_sent() {
    let server = without_mlsx(Options::default());
    let (mut client, sent) = observed(&server, ListingOptions::default());
    for path in ["", "/", "//", ".", "..", "folder/.."] {
        assert_eq!(client.entry(path).expect_err(path).kind(), "invalid-argument");
    }
    assert_eq!(commands(&sent), Vec::<String>::new());
}
