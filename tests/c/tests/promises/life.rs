//! The whole life of a client.

use crate::common::{holds_on, with_file};
use strict_server::{Options, TlsVersions};

fn whole(versions: TlsVersions, implicit: bool) {
    let options = Options { versions, implicit, ..with_file(0) };
    holds_on("life", "whole", &options, |server| {
        let counters = server.counters();
        assert_eq!(counters.data_full, 0);
        assert_eq!(counters.data_connections, counters.data_same_session);
        assert_eq!(server.list("/").expect("the root"), ["called", "empty", "file", "folder", "pieces"]);
    });
}

#[test]
fn a_whole_session_works_with_tls_1_2() {
    whole(TlsVersions::Tls12, false);
}

#[test]
fn a_whole_session_works_with_tls_1_3() {
    whole(TlsVersions::Tls13, false);
}

#[test]
fn a_whole_session_works_with_implicit_tls() {
    whole(TlsVersions::Tls13, true);
}

#[test]
fn entries_tell_what_mlsd_told() {
    let lines: &[u8] = b"type=cdir; .\r\n\
        Type=file;Size=5000000000;Modify=20010909014640.5;UNIX.mode=0644;UNIX.owner=joe;UNIX.group=staff;\
        Unique=AB12;Perm=awr;  name with blanks \r\n\
        this line is no entry\r\n\
        perm=r; caf\xe9\r\n\
        type=file; a\0b\r\n";
    holds_on("life", "entries_of_mlsd", &Options { raw_listing: Some(lines.into()), ..with_file(0) }, |_| ());
}

#[test]
fn entries_tell_what_list_told() {
    let lines = b"total 1\r\nlrwxrwxrwx   1 root     wheel          11 Feb  3  2001 link -> /else/where\r\n\
        lrwxrwxrwx   1 root     wheel          11 Feb  3  2001 cut -> /else\0/where\r\n";
    holds_on("life", "entries_of_list", &Options { raw_listing: Some(lines.into()), ..with_file(0) }, |_| ());
}
