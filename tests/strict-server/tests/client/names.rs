//! Names that are not plain words.

use crate::common::{builder, get, log_in, put, start};
use ftps::protocol::Charset as NameCharset;
use strict_server::{Charset, Fault, FaultAction, Moment, Options, RunningServer, Trigger};

fn sent(server: &RunningServer, verb: &str) -> Vec<String> {
    let lines = server.commands().into_iter().map(|command| command.line);
    lines.filter(|line| line.starts_with(verb)).collect()
}

/// `ÿ` in ISO 8859-1, and Telnet's on the control connection.
#[test]
fn the_byte_of_telnet_is_doubled_once_the_server_does_not_say_otherwise() {
    let server = start(Options { charset: Charset::Latin1, ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    for name in [&b"\xff"[..], b"a\xff\xffb"] {
        put(&mut client, "plain", b"content").expect("upload");
        client.rename("plain", name).expect("rename");
        assert_eq!(get(&mut client, "plain").expect_err("renamed").kind(), "refused");
        let listing = client.list("").expect("listing");
        assert!(listing.entries.iter().any(|entry| entry.name_bytes() == name), "{listing:?}");
        client.delete(name).expect("deleted");
        let path = [b"/", name].concat();
        assert_eq!(client.make_directory(name).expect("made"), path);
        client.change_directory(name).expect("changed");
        assert_eq!(client.current_directory().expect("told"), path);
        client.change_to_parent().expect("changed");
        client.remove_directory(name).expect("removed");
    }
    assert_eq!(sent(&server, "STAT"), ["STAT"], "asked once in a login");
}

#[test]
fn a_server_that_is_known_to_be_deaf_to_telnet_gets_the_byte_as_it_is() {
    let status = "211-FTP server status:\r\n     vsFTPd 3.0.3 - secure, fast, stable\r\n211 End of status";
    let server = start(Options {
        charset: Charset::Latin1,
        answers: [("STAT".to_owned(), status.to_owned())].into(),
        ..Options::default()
    });
    let mut client = log_in(builder(&server)).expect("login");
    client.raw_command("NOOP", b"\xff\xff").expect("a reply");
    // This server undoubles.
    assert_eq!(sent(&server, "NOOP"), ["NOOP ÿ"]);
}

#[test]
fn utf8_is_asked_for_only_where_names_are_utf8() {
    for (charset, asked) in [(NameCharset::UTF_8, 1), (NameCharset::for_label("windows-1252").unwrap(), 0)] {
        let server = start(Options::default());
        let client = log_in(builder(&server).charset(charset)).expect("login");
        assert_eq!(sent(&server, "OPTS UTF8 ON").len(), asked);
        assert_eq!(client.charset(), charset);
    }
}

#[test]
fn names_in_a_legacy_character_set_are_sent_and_listed_in_it() {
    let server = start(Options { charset: Charset::Latin1, ..Options::default() });
    let latin1 = NameCharset::for_label("iso-8859-1").expect("known");
    let mut client = log_in(builder(&server).charset(latin1)).expect("login");
    let name = client.charset().encode("größe").expect("it has these letters");
    put(&mut client, "plain", b"content").expect("upload");
    client.rename("plain", &name).expect("rename");
    assert_eq!(server.list("/").expect("the root"), ["größe"]);
    let listing = client.list("").expect("listing");
    assert!(listing.entries.iter().any(|entry| latin1.decode(entry.name_bytes()) == "größe"), "{listing:?}");
}

#[test]
fn what_a_server_says_in_its_own_character_set_can_be_read() {
    let refusal = FaultAction::Reply(b"550 gr\xf6\xdfe: gibt es nicht\r\n".to_vec());
    let faults = vec![Fault::new(Trigger::new(Moment::Reply).on("DELE"), refusal)];
    let server = start(Options { charset: Charset::Latin1, faults, ..Options::default() });
    let latin1 = NameCharset::for_label("iso-8859-1").expect("known");
    let mut client = log_in(builder(&server).charset(latin1)).expect("login");
    let error = client.delete(b"gr\xf6\xdfe").expect_err("550");
    assert!(error.to_string().contains("550 größe: gibt es nicht"), "{error}");
}
