//! Uploads that leave either the old file or the new one.

use crate::common::{builder, connect, log_in, start, BOTH};
use ftps::client::{AtomicUpload, FtpsClient};
use ftps::net::CancelToken;
use ftps::ResumptionPolicy;
use std::io::Cursor;
use strict_server::{Fault, FaultAction, Hashes, Moment, Options, RunningServer, Trigger};

fn upload(client: &mut FtpsClient, options: &AtomicUpload) -> ftps::Result<u64> {
    client.upload_atomically("folder/file", &mut Cursor::new(vec![7; 100_000]), options, |_| true)
}

fn with_an_old_file(options: Options) -> RunningServer {
    let server = start(options);
    server.put_file("folder/file", b"old").expect("a file");
    server
}

fn on(verb: &str, moment: Moment, action: FaultAction) -> Fault {
    Fault::new(Trigger::new(moment).on(verb), action)
}

fn reply(line: &str) -> FaultAction {
    FaultAction::Reply(format!("{line}\r\n").into_bytes())
}

fn is_new(server: &RunningServer) -> bool {
    server.file("folder/file") == Some(vec![7; 100_000])
}

fn is_old(server: &RunningServer) -> bool {
    server.file("folder/file").as_deref() == Some(b"old") && server.list("folder").expect("names") == ["file"]
}

#[test]
fn the_new_file_takes_the_place_of_the_old_one() {
    for (versions, _) in BOTH {
        let server = with_an_old_file(Options { versions, ..Options::default() });
        let mut client = connect(&server, ResumptionPolicy::Require);
        assert_eq!(upload(&mut client, &AtomicUpload::default()).expect("upload"), 100_000);
        assert!(is_new(&server));
        assert_eq!(server.list("folder").expect("names"), ["file"]);
        let stor =
            server.commands().into_iter().find(|command| command.line.starts_with("STOR")).expect("STOR");
        assert!(stor.line.starts_with("STOR folder/.file.") && stor.line.ends_with(".tmp"), "{}", stor.line);
    }
}

#[test]
fn the_caller_chooses_the_temporary_name() {
    let server = with_an_old_file(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    upload(&mut client, &AtomicUpload::default().temporary_name("{name}.part")).expect("upload");
    assert!(server.commands().iter().any(|command| command.line == "STOR folder/file.part"));
}

#[test]
fn whatever_fails_leaves_the_old_file_and_no_temporary_one() {
    let faults = [
        on("STOR", Moment::DataByte(50_000), FaultAction::Reset),
        on("STOR", Moment::FinalReply, reply("552 Disk full.")),
        on("SIZE", Moment::Reply, reply("213 99999")),
        on("RNFR", Moment::Reply, reply("550 No.")),
        on("RNTO", Moment::Reply, reply("553 No.")),
    ];
    for fault in faults {
        let server = with_an_old_file(Options { faults: vec![fault.clone()], ..Options::default() });
        let mut client = log_in(builder(&server)).expect("login");
        let error = upload(&mut client, &AtomicUpload::default()).expect_err("it fails");
        // What the server has done before it answered otherwise cannot be undone.
        let renamed = fault == on("RNTO", Moment::Reply, reply("553 No."));
        assert!(renamed || is_old(&server), "{fault:?}: {error}");
        client.noop().expect("the login goes on");
    }
}

#[test]
fn cancelling_leaves_the_old_file_and_no_temporary_one() {
    let server = with_an_old_file(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    let cancel = |_| {
        token.cancel();
        true
    };
    let mut source = Cursor::new(vec![7; 3_000_000]);
    let error = client.upload_atomically("folder/file", &mut source, &AtomicUpload::default(), cancel);
    assert_eq!(error.expect_err("cancelled").kind(), "cancelled");
    assert!(is_old(&server));
}

#[test]
fn a_temporary_file_that_cannot_be_removed_is_named() {
    let faults = vec![
        on("STOR", Moment::FinalReply, reply("552 Disk full.")),
        on("DELE", Moment::Reply, FaultAction::Reset),
    ];
    let server = with_an_old_file(Options { faults, ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let options = AtomicUpload::default().temporary_name("{name}.part");
    let error = upload(&mut client, &options).expect_err("it fails");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(552), "{error}");
    assert!(error.to_string().contains("folder/file.part could not be removed"), "{error}");
}

#[test]
fn a_server_that_does_not_rename_onto_an_existing_file_is_an_error_unless_it_may_be_deleted() {
    let server = with_an_old_file(Options { renames_onto_existing: false, ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let error = upload(&mut client, &AtomicUpload::default()).expect_err("it is there");
    assert_eq!(error.kind(), "refused");
    assert!(error.to_string().contains("ask for the target to be replaced"), "{error}");
    assert!(is_old(&server));
    upload(&mut client, &AtomicUpload::default().replace(true)).expect("upload");
    assert!(is_new(&server));
}

#[test]
fn content_that_is_nowhere_else_is_never_removed() {
    let again = Fault::new(Trigger::new(Moment::Reply).on("RNFR").nth(2), reply("550 Not now."));
    let options = Options { renames_onto_existing: false, faults: vec![again], ..Options::default() };
    let server = with_an_old_file(options);
    let mut client = log_in(builder(&server)).expect("login");
    let options = AtomicUpload::default().temporary_name("{name}.part").replace(true);
    let error = upload(&mut client, &options).expect_err("the rename fails");
    assert!(error.to_string().contains("the new content is in folder/file.part"), "{error}");
    assert_eq!(server.file("folder/file.part"), Some(vec![7; 100_000]));
}

#[test]
fn content_is_compared_by_hash_where_that_is_asked_for() {
    let other = on("XSHA512", Moment::Reply, reply(&format!("250 {}", "0".repeat(128))));
    let server =
        with_an_old_file(Options { hashes: Hashes::OwnCommands, faults: vec![other], ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    let error = upload(&mut client, &AtomicUpload::default().verify_hash(true)).expect_err("another hash");
    assert_eq!(error.kind(), "mismatch", "{error}");
    assert!(is_old(&server));
    upload(&mut client, &AtomicUpload::default().verify_hash(true)).expect("upload");
    assert!(is_new(&server));
}
