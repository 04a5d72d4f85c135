//! Timeouts that change while a client is connected.

use crate::common::{builder, log_in, put, start};
use ftps::client::{Direction, FtpsClient, Timeouts};
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, RunningServer, Trigger};

const SHORT: Duration = Duration::from_millis(300);
const PATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(600),
    reply: Duration::from_secs(600),
    data: Duration::from_secs(600),
    operation: None,
};

fn server(verb: &str, moment: Moment, action: FaultAction) -> RunningServer {
    let faults = vec![Fault::new(Trigger::new(moment).on(verb).every(), action)];
    let server = start(Options { faults, ..Options::default() });
    server.put_file("file", &[7; 50_000]).expect("a file");
    server
}

fn patient(server: &RunningServer) -> FtpsClient {
    log_in(builder(server).timeouts(PATIENT)).expect("login")
}

fn assert_times_out<T: std::fmt::Debug>(what: &str, call: impl FnOnce() -> ftps::Result<T>) {
    let began = Instant::now();
    let error = call().expect_err(what);
    assert_eq!(error.kind(), "timeout", "{what}: {error}");
    assert!(began.elapsed() < Duration::from_secs(20), "{what}: {:?}", began.elapsed());
}

#[test]
fn the_timeout_for_replies_holds_from_the_next_command() {
    let server = server("NOOP", Moment::Reply, FaultAction::Stall);
    let mut client = patient(&server);
    client.set_timeouts(Timeouts { reply: SHORT, ..PATIENT });
    assert_eq!(client.timeouts().reply, SHORT);
    assert_times_out("NOOP", || client.noop());
}

#[test]
fn the_timeout_for_silent_data_holds_in_an_open_transfer_too() {
    let server = server("RETR", Moment::DataByte(1000), FaultAction::Stall);
    let mut client = patient(&server);
    client.open_transfer(Direction::Download, "RETR", "file", 0).expect("RETR");
    let mut buffer = [0; 1000];
    while client.bytes_moved() < 1000 {
        client.read_data(&mut buffer).expect("the first bytes");
    }
    client.set_timeouts(Timeouts { data: SHORT, ..PATIENT });
    assert_times_out("data", || client.read_data(&mut buffer));
}

#[test]
fn the_timeout_for_connecting_holds_from_the_next_data_connection() {
    let server = server("STOR", Moment::DataHandshake, FaultAction::Stall);
    let mut client = patient(&server);
    client.set_timeouts(Timeouts { connect: SHORT, ..PATIENT });
    assert_times_out("the handshake", || put(&mut client, "other", b"content"));
}

#[test]
fn the_timeout_for_a_whole_operation_holds_from_the_next_one() {
    let server = server("RETR", Moment::DataByte(10), FaultAction::Drip(Duration::from_millis(100)));
    let mut client = patient(&server);
    let mut buffer = [0; 10];
    client.open_transfer(Direction::Download, "RETR", "file", 0).expect("RETR");
    client.set_timeouts(Timeouts { operation: Some(SHORT), ..PATIENT });
    while client.bytes_moved() < 20 {
        client.read_data(&mut buffer).expect("the transfer that is under way has its own limit, none");
    }
    client.abort_transfer();
    client.noop().expect("a quick command");
    assert_times_out("RETR", || {
        client.open_transfer(Direction::Download, "RETR", "file", 0)?;
        while client.read_data(&mut buffer)? > 0 {}
        Ok(())
    });
}

#[test]
fn a_new_login_behind_the_callers_back_keeps_changed_timeouts() {
    let server = server("NOOP", Moment::Reply, FaultAction::Stall);
    let mut client = patient(&server);
    client.set_timeouts(Timeouts { reply: SHORT * 10, ..PATIENT });
    server.forget_sessions();
    put(&mut client, "other", b"content").expect("upload in a new login");
    assert_eq!(client.statistics().relogins, 1);
    assert_times_out("NOOP", || client.noop());
}
