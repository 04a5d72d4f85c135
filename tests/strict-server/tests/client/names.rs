//! Names that are not plain words.

use crate::common::{builder, get, log_in, put, start};
use ftps::protocol::Charset as NameCharset;
use strict_server::{Charset, Options, RunningServer};

fn sent(server: &RunningServer, verb: &str) -> Vec<String> {
    let lines = server.commands().into_iter().map(|command| command.line);
    lines.filter(|line| line.starts_with(verb)).collect()
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
