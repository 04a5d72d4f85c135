//! How transfers and clients end before their time.

use crate::common::{builder, connect, get, log_in, start};
use crate::recording::{Act, Recording};
use ftps::client::{Direction, FtpsClient, Timeouts};
use ftps::net::CancelToken;
use ftps::{Error, ResumptionPolicy};
use socket2::SockRef;
use std::io::Write;
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, Trigger};

#[test]
fn a_stalled_transfer_ends_when_another_thread_cancels_it() {
    let fault = Fault::new(Trigger::new(Moment::DataByte(1000)).on("RETR"), FaultAction::Stall);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    server.put_file("file", &[7; 100_000]).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    let canceller = token.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        canceller.cancel();
        Instant::now()
    });
    let error = get(&mut client, "file").expect_err("cancelled");
    let returned = Instant::now();
    let cancelled = thread.join().expect("the canceller");
    assert!(matches!(error, Error::Cancelled(_)), "{error:?}");
    assert!(returned.saturating_duration_since(cancelled) < Duration::from_secs(1));
}

/// There is always data, or room for it: nothing is waited for.
#[test]
fn a_transfer_that_never_waits_is_cancelled_at_the_next_piece() {
    let server = start(Options::default());
    server.put_file("file", &vec![7; 1 << 20]).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    for upload in [false, true] {
        token.reset();
        let mut first = 0;
        let cancel = |moved| {
            if first == 0 {
                first = moved;
            }
            token.cancel();
            // Whatever is on its way arrives meanwhile.
            std::thread::sleep(Duration::from_millis(200));
            true
        };
        let outcome = match upload {
            false => client.download_to("file", &mut std::io::sink(), cancel),
            true => client.upload_from("other", &mut &vec![7; 1 << 18][..], cancel),
        };
        let error = outcome.expect_err("cancelled");
        assert_eq!((error.kind(), error.bytes_moved()), ("cancelled", first), "upload: {upload}, {error}");
    }
    assert_eq!(server.counters().uploads_completed, 0);
}

#[test]
fn a_dropped_upload_is_never_confirmed() {
    let server = start(Options { lenient_upload_end: true, ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let mut upload = client.upload("file", 0).expect("upload opens");
    upload.write_all(&[7; 50_000]).expect("upload goes on");
    drop(upload);
    client.noop().expect("the login goes on");
    assert_eq!(server.counters().uploads_completed, 0);
}

/// As ProFTPD, which takes a FIN for the end of an upload.
fn lenient() -> RunningServer {
    start(Options { lenient_upload_end: true, ..Options::default() })
}

/// An upload that the server has begun to receive.
fn half_an_upload(server: &RunningServer, network: &Recording) -> FtpsClient {
    let mut client = log_in(builder(server).network(network.network())).expect("login");
    client.open_transfer(Direction::Upload, "STOR", "file", 0).expect("STOR");
    client.write_data(&[7; 50_000]).expect("payload");
    while server.counters().bytes_received < 50_000 {
        std::thread::sleep(Duration::from_millis(5));
    }
    network.take();
    client
}

#[test]
fn a_client_that_is_dropped_resets_its_open_transfer() {
    let (server, network) = (lenient(), Recording::default());
    drop(half_an_upload(&server, &network));
    let acts = network.take();
    assert!(acts.contains(&Act::Reset(1)) && !acts.contains(&Act::Shutdown(1)), "{acts:?}");
    drop(network.copies());
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(server.counters().uploads_completed, 0);
}

#[test]
fn a_client_that_panics_resets_its_open_transfer() {
    let (server, network) = (lenient(), Recording::default());
    let client = half_an_upload(&server, &network);
    let thread = std::thread::spawn(move || {
        let _client = client;
        panic!("on purpose: the caller's code fails");
    });
    thread.join().expect_err("it panicked");
    assert!(network.take().contains(&Act::Reset(1)));
}

#[test]
fn a_data_connection_that_ended_well_is_closed_and_not_reset() {
    let (server, network) = (lenient(), Recording::default());
    let mut client = half_an_upload(&server, &network);
    client.finish_transfer().expect("226");
    let acts = network.take();
    assert!(acts.contains(&Act::Shutdown(1)) && acts.contains(&Act::Close(1)), "{acts:?}");
    assert!(!acts.contains(&Act::Reset(1)), "{acts:?}");
}

/// vsftpd sends 226 only once its FIN was acknowledged, and an idle socket puts that off.
#[test]
fn a_download_ends_its_side_of_the_data_connection_without_waiting_for_the_reply() {
    let fault = Fault::new(Trigger::new(Moment::FinalReply).on("RETR"), FaultAction::NoReply);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    server.put_file("file", b"content").expect("a file");
    let network = Recording::default();
    let timeouts = Timeouts { reply: Duration::from_millis(500), ..Timeouts::default() };
    let builder = builder(&server).network(network.network()).timeouts(timeouts);
    let error = get(&mut log_in(builder).expect("login"), "file").expect_err("no reply");
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert!(network.take().contains(&Act::Shutdown(1)));
}

#[test]
fn abandoning_closes_descriptors_and_says_nothing_to_the_peer() {
    let (server, network) = (lenient(), Recording::default());
    half_an_upload(&server, &network).abandon();
    let mut acts = network.take();
    acts.sort_by_key(|act| format!("{act:?}"));
    assert_eq!(acts, [Act::Close(0), Act::Close(1)]);
    std::thread::sleep(Duration::from_millis(200));
    // What the parent has of both connections is as it was: the server has ended neither.
    let mut copies = network.copies();
    for copy in &mut copies {
        copy.set_nonblocking(true).expect("an open descriptor");
        let end = std::io::copy(copy, &mut std::io::sink()).expect_err("no end");
        assert_eq!(end.kind(), std::io::ErrorKind::WouldBlock);
        assert!(SockRef::from(&*copy).linger().expect("an option").is_none(), "its close would be a reset");
    }
    assert_eq!(server.counters().uploads_completed, 0);
}

#[test]
fn closing_aborts_an_open_transfer_and_ends_tls_on_the_control_connection() {
    let (server, network) = (lenient(), Recording::default());
    let mut client = half_an_upload(&server, &network);
    client.close();
    // close_notify goes out on the control connection; the data connection is reset.
    assert_eq!(network.take(), [Act::Reset(1), Act::Write(0), Act::Close(0)]);
    drop(network.copies());
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(server.counters().uploads_completed, 0);
}

#[test]
fn every_call_after_close_says_that_it_was_closed_and_closing_again_does_nothing() {
    let (server, network) = (lenient(), Recording::default());
    let mut client = log_in(builder(&server).network(network.network())).expect("login");
    client.close();
    network.take();
    client.close();
    assert_eq!(network.take(), []);
    assert!(!client.is_usable());
    let failures = [
        client.noop().expect_err("closed"),
        client.login("user", "password").expect_err("closed"),
        client.raw_command("NOOP", "").expect_err("closed"),
        client.set_type("A").expect_err("closed"),
        client.rename("a", "b").expect_err("closed"),
        client.list("").expect_err("closed"),
        client.open_transfer(Direction::Download, "RETR", "file", 0).expect_err("closed"),
        client.download("file", 0).expect_err("closed"),
    ];
    for failure in failures {
        assert!(failure.kind() == "broken" && failure.to_string().contains("closed"), "{failure}");
    }
    assert_eq!(client.read_data(&mut [0; 8]).expect_err("closed").kind(), "wrong-state");
}
