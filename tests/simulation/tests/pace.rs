//! Rate limits, on virtual time.

mod common;

use ftps::client::{Direction, FtpsClient, RateLimits, Timeouts};
use ftps::net::CancelToken;
use ftps::Result;
use simulation::{Host, Profile, Simulation};
use std::num::NonZeroU64;
use std::time::Duration;
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

const SECOND: Duration = Duration::from_secs(1);

fn limits(bytes_a_second: u64) -> RateLimits {
    RateLimits { download: NonZeroU64::new(bytes_a_second), upload: NonZeroU64::new(bytes_a_second) }
}

/// Runs `work` in a login with `limits`, and tells how long it took.
fn timed<T>(
    limits: RateLimits,
    timeouts: Timeouts,
    faults: Vec<Fault>,
    work: impl FnOnce(&Simulation, &mut FtpsClient) -> Result<T>,
) -> (Result<T>, Duration) {
    let simulation = Simulation::new(1, Profile::calm());
    let provider = simulation::tls::provider();
    let network = simulation.network(Host::CLIENT);
    let outcome = simulation.run(|| {
        let options = Options { faults, ..Options::default() };
        let server = common::serve(&simulation, &provider, options).expect("server");
        server.put_file("file", &[7; 100_000]).expect("a file");
        let builder = common::client(&simulation, &provider, &server).timeouts(timeouts);
        let mut client = builder.rate_limits(limits).connect().expect("connect");
        client.login("user", "password").expect("login");
        let began = network.now();
        let outcome = work(&simulation, &mut client);
        (outcome, network.now() - began)
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"))
}

fn upload(client: &mut FtpsClient, length: usize) -> Result<u64> {
    client.upload_from("new", &mut &vec![7; length][..], |_| true)
}

/// An eighth of a second's worth may go ahead, and the last eighth is not waited for; round trips come on top.
fn assert_took(elapsed: Duration, seconds: f64) {
    let range = seconds - 0.4..seconds + 0.4;
    assert!(range.contains(&elapsed.as_secs_f64()), "{elapsed:?}, not {seconds} seconds");
}

#[test]
fn a_limited_transfer_takes_the_time_that_its_bytes_take() {
    let (outcome, elapsed) =
        timed(limits(10_000), common::PATIENCE, vec![], |_, client| upload(client, 50_000));
    assert_eq!(outcome.expect("upload"), 50_000);
    assert_took(elapsed, 5.0);
    let (outcome, elapsed) = timed(limits(10_000), common::PATIENCE, vec![], |_, client| {
        client.download_to("file", &mut Vec::new(), |_| true)
    });
    assert_eq!(outcome.expect("download"), 100_000);
    assert_took(elapsed, 10.0);
}

#[test]
fn each_direction_has_a_limit_of_its_own() {
    let only_uploads = RateLimits { download: None, ..limits(10_000) };
    let (outcome, elapsed) = timed(only_uploads, common::PATIENCE, vec![], |_, client| {
        client.download_to("file", &mut Vec::new(), |_| true)?;
        upload(client, 20_000)
    });
    outcome.expect("both");
    assert_took(elapsed, 2.0);
}

#[test]
fn a_limit_that_changes_in_an_open_transfer_holds_from_there_on() {
    let (outcome, elapsed) = timed(limits(10_000), common::PATIENCE, vec![], |_, client| {
        client.open_transfer(Direction::Upload, "STOR", "new", 0)?;
        client.write_all_data(&[7; 20_000])?;
        client.set_rate_limits(RateLimits::default());
        client.write_all_data(&[7; 200_000])?;
        client.set_rate_limits(limits(1_000));
        client.write_all_data(&[7; 3_000])?;
        client.finish_transfer()
    });
    outcome.expect("upload");
    assert_took(elapsed, 5.0);
}

#[test]
fn what_a_limit_costs_is_not_silence() {
    let timeouts = Timeouts { data: SECOND / 2, ..common::PATIENCE };
    let (outcome, elapsed) = timed(limits(1), timeouts, vec![], |_, client| upload(client, 10));
    assert_eq!(outcome.expect("a byte a second"), 10);
    assert_took(elapsed, 9.0);
}

#[test]
fn what_a_limit_costs_is_part_of_the_operation() {
    let timeouts = Timeouts { operation: Some(3 * SECOND), ..common::PATIENCE };
    let (outcome, elapsed) = timed(limits(1), timeouts, vec![], |_, client| upload(client, 10));
    let error = outcome.expect_err("it would take ten seconds");
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!(error.to_string().contains("a whole one"), "{error}");
    assert_took(elapsed, 3.0);
}

#[test]
fn a_refusal_ends_the_wait() {
    let full = FaultAction::Reply(b"452 The disk is full.\r\n".to_vec());
    let faults = vec![Fault::new(Trigger::new(Moment::DataByte(3)).on("STOR"), full)];
    let slow = RateLimits { upload: NonZeroU64::new(1), download: None };
    let (outcome, elapsed) = timed(slow, common::PATIENCE, faults, |_, client| upload(client, 1000));
    let error = outcome.expect_err("refused");
    assert_eq!(error.reply().map(|reply| reply.code()), Some(452), "{error}");
    assert_took(elapsed, 2.0);
}

#[test]
fn the_wait_can_be_cancelled() {
    let (outcome, elapsed) = timed(limits(1), common::PATIENCE, vec![], |simulation, client| {
        let token = CancelToken::new().expect("descriptors");
        client.set_cancel_token(Some(token.clone()));
        simulation.after(5 * SECOND / 2, move || token.cancel());
        upload(client, 1000)
    });
    let error = outcome.expect_err("cancelled");
    assert_eq!(error.kind(), "cancelled", "{error}");
    assert_took(elapsed, 2.5);
}
