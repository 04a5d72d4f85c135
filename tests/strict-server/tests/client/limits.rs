//! Deadlines hold whatever the peer does.

use crate::common::{builder, get, log_in, put, start};
use ftps::client::{FtpsClient, Timeouts};
use ftps::net::CancelToken;
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, Trigger};

/// A server that, from some moment on, sends or takes a byte at a time: never silent for long.
fn dripping(moment: Moment, verb: &str, interval: u64) -> RunningServer {
    let drip = FaultAction::Drip(Duration::from_millis(interval));
    let server = start(Options {
        faults: vec![Fault::new(Trigger::new(moment).on(verb), drip)],
        ..Options::default()
    });
    server.put_file("there", &[7; 40]).expect("a file");
    server
}

/// Patient with silence, and not with a whole operation.
fn limited(server: &RunningServer, limit: Option<u64>) -> ftps::Result<FtpsClient> {
    let operation = limit.map(Duration::from_millis);
    let patient = Duration::from_secs(60);
    log_in(builder(server).timeouts(Timeouts { connect: patient, reply: patient, data: patient, operation }))
}

fn assert_in_time(began: Instant) {
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

#[test]
fn a_dripping_download_goes_on_without_a_limit_and_ends_at_it_with_the_bytes_moved() {
    let server = dripping(Moment::DataByte(10), "RETR", 40);
    let mut patient = limited(&server, None).expect("login");
    assert_eq!(get(&mut patient, "there").expect("1.2 seconds of dripping"), [7; 40]);

    let server = dripping(Moment::DataByte(10), "RETR", 500);
    let mut client = limited(&server, Some(1500)).expect("login");
    let began = Instant::now();
    let error = get(&mut client, "there").expect_err("it would take 15 seconds");
    assert_in_time(began);
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!((10..40).contains(&error.bytes_moved()), "{error}");
    assert!(error.to_string().contains("a whole one"), "{error}");
}

#[test]
fn a_dripping_download_as_a_stream_ends_at_the_limit() {
    let server = dripping(Moment::DataByte(10), "RETR", 500);
    let mut client = limited(&server, Some(1500)).expect("login");
    let began = Instant::now();
    let mut download = client.download("there", 0).expect("RETR");
    let mut received = Vec::new();
    let error = download.read_to_end(&mut received).expect_err("it would take 15 seconds");
    assert_in_time(began);
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut, "{error}");
    assert!((10..40).contains(&received.len()));
}

#[test]
fn an_upload_to_a_server_that_takes_a_byte_at_a_time_ends_at_the_limit() {
    let server = dripping(Moment::DataByte(10), "STOR", 500);
    let mut client = limited(&server, Some(1500)).expect("login");
    let began = Instant::now();
    let error = put(&mut client, "new", &vec![7; 32 << 20]).expect_err("it would take days");
    assert_in_time(began);
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!(error.bytes_moved() > 0, "{error}");
    assert_eq!(server.counters().uploads_completed, 0);
}

#[test]
fn a_dripping_listing_ends_at_the_limit() {
    let server = dripping(Moment::DataByte(10), "MLSD", 500);
    let mut client = limited(&server, Some(1500)).expect("login");
    let began = Instant::now();
    let error = client.list("").expect_err("it would take a minute");
    assert_in_time(began);
    assert_eq!(error.kind(), "timeout", "{error}");
}

#[test]
fn a_dripping_reply_ends_at_the_limit() {
    for verb in ["PWD", "SIZE", "RNFR"] {
        let server = dripping(Moment::Reply, verb, 500);
        let mut client = limited(&server, Some(1500)).expect("login");
        let error = match verb {
            "PWD" => client.current_directory().map(drop),
            "SIZE" => client.size("no-such-file").map(drop),
            _ => client.rename("there", "elsewhere"),
        };
        let error = error.expect_err("it would take longer than a reply may");
        assert_eq!(error.kind(), "timeout", "{verb}: {error}");
        assert!(!client.is_usable());
    }
    let server = dripping(Moment::Reply, "PWD", 10);
    limited(&server, None).expect("login").current_directory().expect("patience");
}

#[test]
fn connecting_and_logging_in_end_at_the_limit() {
    let drip = FaultAction::Drip(Duration::from_millis(500));
    for trigger in [Trigger::new(Moment::Greeting), Trigger::new(Moment::Reply).on("PASS")] {
        let server = start(Options { faults: vec![Fault::new(trigger, drip.clone())], ..Options::default() });
        let began = Instant::now();
        let error = limited(&server, Some(1500)).expect_err("it would take a minute");
        assert_in_time(began);
        assert_eq!(error.kind(), "timeout", "{error}");
        assert!(error.to_string().contains("a whole one"), "{error}");
    }
}

#[test]
fn time_in_the_callers_callbacks_does_not_count() {
    let server = start(Options::default());
    server.put_file("there", &[7; 200_000]).expect("a file");
    let mut client = limited(&server, Some(1500)).expect("login");
    let pause = || std::thread::sleep(Duration::from_millis(800));
    client.set_dialogue_observer(Some(std::sync::Arc::new(move |_| {
        std::thread::sleep(Duration::from_millis(600))
    })));
    client.current_directory().expect("PWD");
    client.rename("there", "elsewhere").expect("RNFR, RNTO");
    client.set_dialogue_observer(None);
    let mut slow_sink = SlowSink;
    client.download_to("elsewhere", &mut slow_sink, |_| true).expect("a slow sink");
    let mut rounds = 0;
    let slow = |_| {
        rounds += 1;
        if rounds < 4 {
            pause();
        }
        true
    };
    client.upload_from("new", &mut &vec![7; 1 << 20][..], slow).expect("slow progress");
}

struct SlowSink;

impl Write for SlowSink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::thread::sleep(Duration::from_millis(200));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn time_between_the_calls_of_a_stream_does_not_count() {
    let server = start(Options::default());
    let mut client = limited(&server, Some(1500)).expect("login");
    let mut upload = client.upload("new", 0).expect("STOR");
    for _ in 0..3 {
        upload.write_all(&[7; 1000]).expect("payload");
        std::thread::sleep(Duration::from_millis(800));
    }
    upload.finish().expect("226");
    // And it begins anew with every operation.
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(800));
        client.noop().expect("NOOP");
    }
}

#[test]
fn silence_on_data_is_not_broken_by_replies_on_the_control_connection() {
    // Preliminary replies that come every 300 ms, and data that never does.
    let mut faults = Vec::new();
    for _ in 0..50 {
        let chatter = FaultAction::Extra(b"150 Still here.\r\n".to_vec());
        faults.push(Fault::new(Trigger::new(Moment::DataByte(10)).on("RETR"), chatter));
        let pause = FaultAction::Delay(Duration::from_millis(300));
        faults.push(Fault::new(Trigger::new(Moment::DataByte(10)).on("RETR"), pause));
    }
    let server = start(Options { faults, ..Options::default() });
    server.put_file("there", &[7; 40]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    let began = Instant::now();
    let error = get(&mut client, "there").expect_err("data is silent, and one second of that is allowed");
    assert_in_time(began);
    assert_eq!((error.kind(), error.bytes_moved()), ("timeout", 10), "{error}");
}

#[test]
fn endless_timeouts_are_no_overflow() {
    let server = start(Options::default());
    let timeouts = Timeouts {
        connect: Duration::MAX,
        reply: Duration::MAX,
        data: Duration::MAX,
        operation: Some(Duration::MAX),
    };
    let mut client = log_in(builder(&server).timeouts(timeouts)).expect("login");
    put(&mut client, "file", b"content").expect("upload");
}

#[test]
fn a_cancelled_command_is_not_sent_and_the_login_goes_on() {
    let server = start(Options::default());
    let mut client = log_in(builder(&server)).expect("login");
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    token.cancel();
    for error in [client.noop().expect_err("cancelled"), client.list("").map(drop).expect_err("cancelled")] {
        assert_eq!(error.kind(), "cancelled", "{error}");
    }
    assert!(!server.commands().iter().any(|command| command.line == "NOOP"));
    token.reset();
    client.noop().expect("the login goes on");
}

#[test]
fn clearing_up_after_a_cancelled_transfer_can_be_cancelled_too_and_is_resumed_later() {
    let stall = Fault::new(Trigger::new(Moment::DataByte(10)).on("RETR"), FaultAction::Stall);
    let server = start(Options { faults: vec![stall], ..Options::default() });
    server.put_file("there", &[7; 40]).expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    cancel_after(&token, 200);
    assert_eq!(get(&mut client, "there").expect_err("cancelled").kind(), "cancelled");
    token.reset();
    // The server stays silent until ABOR, for which the client waits 2 seconds.
    cancel_after(&token, 200);
    let began = Instant::now();
    assert_eq!(client.noop().expect_err("cancelled").kind(), "cancelled");
    assert!(began.elapsed() < Duration::from_millis(1800));
    token.reset();
    client.noop().expect("the login goes on");
}

#[test]
fn waiting_for_the_final_reply_can_be_cancelled() {
    for verb in ["STOR", "RETR"] {
        let fault =
            Fault::new(Trigger::new(Moment::FinalReply).on(verb), FaultAction::Delay(Duration::from_secs(3)));
        let server = start(Options { faults: vec![fault], ..Options::default() });
        server.put_file("there", &[7; 40]).expect("a file");
        let mut client = log_in(builder(&server)).expect("login");
        let token = CancelToken::new().expect("descriptors");
        client.set_cancel_token(Some(token.clone()));
        cancel_after(&token, 300);
        let began = Instant::now();
        let error = match verb {
            "STOR" => put(&mut client, "new", &[7; 40]).map(drop),
            _ => get(&mut client, "there").map(drop),
        };
        let error = error.expect_err("cancelled");
        assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
        assert_eq!((error.kind(), error.bytes_moved()), ("cancelled", 40), "{error}");
        token.reset();
        client.noop().expect("the final reply came, and belongs to nobody");
    }
}

fn cancel_after(token: &CancelToken, milliseconds: u64) {
    let token = token.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(milliseconds));
        token.cancel();
    });
}

/// What a server says about a broken data connection is waited for some seconds, where there are that many.
#[test]
fn waiting_for_the_servers_explanation_is_part_of_the_operation() {
    for (verb, moment) in [("RETR", Moment::DataByte(10)), ("STOR", Moment::DataByte(10))] {
        let broken = Fault::new(Trigger::new(moment).on(verb), FaultAction::Reset);
        let silent = Fault::new(Trigger::new(Moment::FinalReply).on(verb), FaultAction::Stall);
        let server = start(Options { faults: vec![broken, silent], ..Options::default() });
        server.put_file("there", &vec![7; 1 << 20]).expect("a file");
        let mut client = limited(&server, Some(700)).expect("login");
        let began = Instant::now();
        let error = match verb {
            "RETR" => get(&mut client, "there").map(drop),
            _ => put(&mut client, "new", &vec![7; 32 << 20]).map(drop),
        };
        let error = error.expect_err("reset");
        assert_eq!(error.kind(), "connection-lost", "{verb}: {error}");
        assert!(began.elapsed() < Duration::from_secs(4), "{verb}: {:?}", began.elapsed());
    }
}
