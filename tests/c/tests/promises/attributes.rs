//! What files have besides their content, and how transfers go.

use crate::common::{holds_on, with_file};
use strict_server::{Hashes, Options, RunningServer};

fn assert_sent(server: &RunningServer, lines: &[&str]) {
    let sent: Vec<String> = server.commands().into_iter().map(|command| command.line).collect();
    assert!(lines.iter().all(|line| sent.iter().any(|command| command == line)), "{sent:?}");
}

#[test]
fn times_permissions_and_facts_are_set() {
    holds_on("attributes", "times_and_permissions", &with_file(10), |server| {
        assert_sent(server, &["SITE CHMOD 640 file", "SITE UMASK 027", "OPTS MLST type;size;"]);
    });
}

#[test]
fn files_are_compared_by_the_servers_hash() {
    holds_on("attributes", "hashes", &Options { hashes: Hashes::HashCommand, ..with_file(10) }, |_| ());
}

#[test]
fn a_virtual_host_and_the_sizes_of_uploads_are_named() {
    let options = Options { virtual_hosts: vec!["ftp.example".to_owned()], ..with_file(10) };
    holds_on("attributes", "virtual_host_and_announced_sizes", &options, |server| {
        assert_sent(server, &["HOST ftp.example", "ALLO 7"]);
    });
}

#[test]
fn lines_of_texts_are_converted() {
    holds_on("attributes", "texts", &with_file(10), |server| {
        assert_eq!(server.file("text").expect("stored"), b"one\r\ntwo\r\n");
    });
}

#[test]
fn a_rate_limit_holds_until_it_is_changed() {
    holds_on("attributes", "rate_limits", &with_file(100_000), |_| ());
}
