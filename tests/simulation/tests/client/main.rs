//! Promises of the client that need a network with chosen faults.

#[path = "../common/mod.rs"]
mod common;
mod racing;

use ftps::client::{FtpsClient, Security};
use ftps::{Error, Result, ResumptionPolicy};
use simulation::{Breakage, Direction, Profile, Simulation};
use std::io::Write;
use std::time::Duration;
use strict_server::{
    Fault, FaultAction, Moment, Options, Preliminary, RefusalPoint, Tickets, TlsVersions, Trigger, Wording,
};

/// The first data connection: the control connection is dialled before it.
const FIRST_DATA_CONNECTION: u64 = 1;

/// Jitter lets some time pass between the server's FIN and the RST that answers what is still under way: meanwhile the
/// send window is full, and the socket readable for good.
#[test]
fn an_upload_waits_while_the_server_has_ended_its_side_and_takes_nothing_more() {
    let profile = Profile { jitter: Duration::from_millis(20), ..Profile::calm() };
    let profile = Profile { window_min: 2048, window_max: 2048, segment_max: 512, ..profile };
    for seed in 0..20 {
        let simulation = Simulation::new(seed, profile.clone());
        let cut = simulation::Fault::Break {
            direction: Direction::FromDialler,
            after: 6000,
            breakage: Breakage::Cut,
        };
        simulation.plan(FIRST_DATA_CONNECTION, Some(cut));
        let provider = simulation::tls::provider();
        let outcome = simulation.run(|| {
            let server = common::serve(&simulation, &provider, Options::default()).expect("server");
            let mut client = common::client(&simulation, &provider, &server).connect().expect("connect");
            client.login("user", "password").expect("login");
            client.upload_from("file", &mut [7; 40_000].as_slice(), |_| true)
        });
        let error = outcome.unwrap_or_else(|failed| panic!("{failed}")).expect_err("the upload was cut");
        assert!(matches!(error, Error::ConnectionLost(_) | Error::Refused(_)), "seed {seed}: {error:?}");
    }
}

/// An alert that ends a session which has not begun, and then the end of the stream: nothing to wait for.
#[test]
fn close_notify_in_a_handshake_ends_it() {
    const CLOSE_NOTIFY: [u8; 7] = [21, 3, 3, 0, 2, 1, 0];
    for moment in [Moment::ControlHandshake, Moment::DataHandshake] {
        let faults = [FaultAction::Garbage(CLOSE_NOTIFY.to_vec()), FaultAction::Cut]
            .map(|action| Fault::new(Trigger::new(moment), action));
        let simulation = Simulation::new(1, Profile::calm());
        let provider = simulation::tls::provider();
        let outcome = simulation.run(|| {
            let options = Options { faults: faults.to_vec(), implicit: true, ..Options::default() };
            let server = common::serve(&simulation, &provider, options).expect("server");
            let client =
                common::client(&simulation, &provider, &server).security(Security::Implicit).port(21);
            let mut client = client.connect()?;
            client.login("user", "password")?;
            client.list("")
        });
        let error = outcome.unwrap_or_else(|failed| panic!("{failed}")).expect_err("no handshake");
        let fits = matches!(error, Error::ConnectionLost(_) | Error::Tls(_) | Error::Refused(_));
        assert!(fits, "{moment:?} {error:?}");
    }
}

fn in_a_login<T>(seed: u64, options: Options, work: impl FnOnce(&mut FtpsClient) -> Result<T>) -> Result<T> {
    in_a_login_with(ResumptionPolicy::Prefer, seed, options, work)
}

/// Runs `work` in a login on a calm network, where every connection has its own latency.
fn in_a_login_with<T>(
    policy: ResumptionPolicy,
    seed: u64,
    options: Options,
    work: impl FnOnce(&mut FtpsClient) -> Result<T>,
) -> Result<T> {
    let simulation = Simulation::new(seed, Profile::calm());
    // Some hundred are enough; who polls without a pause needs more.
    simulation.limit_turns(10_000);
    let provider = simulation::tls::provider();
    let outcome = simulation.run(|| {
        let server = common::serve(&simulation, &provider, options).expect("server");
        let mut client = common::client(&simulation, &provider, &server).resumption(policy).connect()?;
        client.login("user", "password")?;
        work(&mut client)
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"))
}

#[test]
fn a_refusal_that_comes_after_the_end_of_an_empty_download_is_recovered_from() {
    for seed in 0..10 {
        let options = Options {
            versions: TlsVersions::Tls13,
            tickets: Tickets { only_from_control: true, ..Tickets::default() },
            refusal: RefusalPoint::AfterHandshakeAbruptly,
            preliminary: Preliminary::AfterHandshake,
            ..Options::default()
        };
        let listed = in_a_login(seed, options, |client| {
            client.upload_from("file", &mut b"content".as_slice(), |_| true)?;
            (0..3).try_for_each(|_| client.list("").map(drop))
        });
        listed.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
}

#[test]
fn a_server_that_hangs_up_after_its_refusal_is_logged_in_to_anew() {
    let refusals = [RefusalPoint::DuringHandshake, RefusalPoint::AfterHandshake];
    let policies = [ResumptionPolicy::Prefer, ResumptionPolicy::Require];
    for seed in 0..40 {
        let options = Options {
            versions: TlsVersions::Tls12,
            tickets: Tickets { single_use: true, ..Tickets::default() },
            wording: Wording::Vsftpd,
            refusal: refusals[seed as usize % 2],
            preliminary: Preliminary::AfterHandshake,
            ..Options::default()
        };
        let outcome = in_a_login_with(policies[seed as usize / 2 % 2], seed, options, |client| {
            for _ in 0..4 {
                client.upload_from("file", &mut b"content".as_slice(), |_| true)?;
            }
            Ok(client.statistics().relogins)
        });
        assert!(outcome.unwrap_or_else(|error| panic!("seed {seed}: {error}")) > 0);
    }
}

#[test]
fn a_server_without_tls12_can_be_logged_in_to_anew_more_than_once() {
    let options = Options {
        versions: TlsVersions::Tls13,
        // One transfer a login: the only ticket is used up by it.
        tickets: Tickets {
            at_login: 1,
            single_use: true,
            on_downloads: 0,
            on_uploads: 0,
            ..Tickets::default()
        },
        wording: Wording::Vsftpd,
        ..Options::default()
    };
    let relogins = in_a_login(1, options, |client| {
        client.upload_from("file", &mut b"content".as_slice(), |_| true)?;
        for _ in 0..6 {
            client.list("")?;
        }
        Ok(client.statistics().relogins)
    });
    assert!(relogins.expect("every upload succeeds") > 1);
}

#[test]
fn the_reply_to_an_upload_is_waited_for_in_peace_whatever_still_comes_on_the_data_connection() {
    let garbage = FaultAction::Garbage(b"not TLS at all".to_vec());
    let late = FaultAction::Delay(Duration::from_secs(30));
    let faults = vec![
        Fault::new(Trigger::new(Moment::DataEnd), garbage),
        Fault::new(Trigger::new(Moment::FinalReply), late),
    ];
    let outcome = in_a_login(1, Options { faults, ..Options::default() }, |client| {
        client.upload_from("file", &mut b"content".as_slice(), |_| true)
    });
    assert_eq!(outcome.expect("226 in the end"), 7);
}

#[test]
fn success_that_was_reported_before_the_end_of_an_upload_is_an_error() {
    let early = FaultAction::Reply(b"226 Done already.\r\n".to_vec());
    let faults = vec![Fault::new(Trigger::new(Moment::DataByte(0)), early)];
    let simulation = Simulation::new(1, Profile::calm());
    let provider = simulation::tls::provider();
    let outcome = simulation.run(|| {
        let options = Options { faults, ..Options::default() };
        let server = common::serve(&simulation, &provider, options).expect("server");
        let mut client = common::client(&simulation, &provider, &server).connect().expect("connect");
        client.login("user", "password").expect("login");
        let mut upload = client.upload("file", 0).expect("the data connection stands");
        upload.write_all(b"content").expect("there is room");
        simulation.sleep(Duration::from_secs(5));
        upload.finish()
    });
    let error = outcome.unwrap_or_else(|failed| panic!("{failed}")).expect_err("nobody read the content");
    assert!(matches!(error, Error::Protocol(_)), "{error:?}");
}
