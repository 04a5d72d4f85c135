//! Hashes, permissions, and what a login is told once.

use crate::common::{builder, connect, log_in, put, start, Folder};
use ftps::protocol::HashAlgorithm;
use ftps::ResumptionPolicy;
use strict_server::{Hashes, Options, RunningServer};

fn lines(server: &RunningServer) -> Vec<String> {
    server.commands().into_iter().map(|command| command.line).collect()
}

#[test]
fn files_are_compared_by_the_servers_hash() {
    for hashes in [Hashes::HashCommand, Hashes::OwnCommands] {
        let server = start(Options { hashes, ..Options::default() });
        let folder = Folder::new(&format!("hash-{hashes:?}"));
        let local = folder.file(b"content");
        let mut client = log_in(builder(&server)).expect("login");
        let algorithms = client.hash_algorithms();
        assert_eq!(algorithms, [HashAlgorithm::Sha512, HashAlgorithm::Sha256, HashAlgorithm::Sha1]);
        server.put_file("file", b"content").expect("a file");
        server.put_file("other", b"Content").expect("a file");
        assert_eq!(client.verify(&local, "file").expect("the same"), HashAlgorithm::Sha512);
        assert_eq!(client.verify(&local, "other").expect_err("another").kind(), "mismatch");
        let sha1 = client.hash("file", HashAlgorithm::Sha1).expect("SHA-1");
        assert_eq!(sha1[..4], [0x04, 0x0f, 0x06, 0xfd]);
        assert_eq!(client.hash("missing", HashAlgorithm::Sha256).expect_err("550").kind(), "refused");
    }
}

#[test]
fn a_server_without_hashes_is_not_asked() {
    let server = start(Options::default());
    let folder = Folder::new("no-hash");
    let mut client = log_in(builder(&server)).expect("login");
    let before = lines(&server).len();
    let error = client.verify(folder.file(b"content"), "file").expect_err("no hash");
    assert_eq!((error.kind(), lines(&server).len()), ("refused", before), "{error}");
}

#[test]
fn permissions_are_set_in_octal_digits() {
    let server = start(Options::default());
    server.put_file("a file", b"content").expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    client.set_permissions("a file", 0o640).expect("CHMOD");
    assert_eq!(lines(&server).last().map(String::as_str), Some("SITE CHMOD 640 a file"));
    assert_eq!(client.set_permissions("a file", 0o10000).expect_err("no mode").kind(), "invalid-argument");
}

#[test]
fn what_a_login_was_told_once_a_new_one_is_told_again() {
    let server = start(Options { virtual_hosts: vec!["ftp.example".into()], ..Options::default() });
    let mut client = log_in(builder(&server).virtual_host("ftp.example".to_owned())).expect("login");
    client.set_umask(0o027).expect("UMASK");
    client.set_umask(0o077).expect("UMASK");
    client.set_mlst_facts(&["type", "size"]).expect("OPTS MLST");
    let first = lines(&server);
    let host = first.iter().position(|line| line == "HOST ftp.example").expect("HOST");
    assert_eq!(first[host + 1], "USER user");
    server.forget_sessions();
    put(&mut client, "file", b"content").expect("upload after a silent login");
    let again = lines(&server)[first.len()..].to_vec();
    for line in ["HOST ftp.example", "SITE UMASK 077", "OPTS MLST type;size;"] {
        assert_eq!(again.iter().filter(|sent| *sent == line).count(), 1, "{line}: {again:?}");
    }
    assert!(!again.contains(&"SITE UMASK 027".to_owned()));
}

#[test]
fn a_host_that_is_not_there_refuses_the_login() {
    for hosts in [vec![], vec!["other.example".to_owned()]] {
        let server = start(Options { virtual_hosts: hosts, ..Options::default() });
        let error =
            log_in(builder(&server).virtual_host("ftp.example".to_owned())).expect_err("no such host");
        assert_eq!(error.kind(), "refused", "{error}");
        assert!(!lines(&server).contains(&"USER user".to_owned()));
    }
}

#[test]
fn a_server_without_room_says_so_before_the_old_file_is_gone() {
    let full = [("ALLO".to_owned(), "552 Disk full.".to_owned())].into();
    let server = start(Options { answers: full, ..Options::default() });
    server.put_file("file", b"old").expect("a file");
    let folder = Folder::new("allo");
    let local = folder.file(b"content");
    let mut client = log_in(builder(&server).announce_sizes(true)).expect("login");
    let error = client.upload_file(&local, "file").expect_err("no room");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(552), "{error}");
    assert_eq!(server.file("file").as_deref(), Some(&b"old"[..]));
    assert!(lines(&server).contains(&"ALLO 7".to_owned()));
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    client.upload_file(&local, "file").expect("it is announced only where that is wanted");
}
