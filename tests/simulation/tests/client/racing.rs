//! Hosts with several addresses: Happy Eyeballs (RFC 8305), on virtual time.

use crate::common;
use ftps::{FtpsClient, Result};
use simulation::{Happening, Host, Profile, Simulation};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use strict_server::Options;

/// Belongs to no machine: what is sent there is never answered.
const BLACK_HOLE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Connects to a host with these addresses, of which [`Host::SERVER`]'s IPv4 address has a server. How long that took, and
/// how many connections were attempted.
fn connect_to(addresses: &[IpAddr]) -> (Result<FtpsClient>, Duration, usize) {
    let quick = Profile { latency_max: Duration::from_millis(1), ..Profile::calm() };
    let simulation = Simulation::new(1, quick);
    simulation.name("several.test", addresses, Duration::ZERO);
    let provider = simulation::tls::provider();
    let outcome = simulation.run(|| {
        let server = common::serve(&simulation, &provider, Options::default()).expect("server");
        let client = common::client_of("several.test", &simulation, &provider, &server).connect();
        (client, simulation.elapsed())
    });
    let (client, elapsed) = outcome.unwrap_or_else(|failed| panic!("{failed}"));
    let trace = simulation.trace();
    let dialled = trace.events().filter(|event| matches!(event.what, Happening::Dialled { .. })).count();
    (client, elapsed, dialled)
}

#[test]
fn an_address_that_never_answers_costs_a_quarter_of_a_second_and_not_the_timeout() {
    let (client, elapsed, _) = connect_to(&[BLACK_HOLE, Host::SERVER.v4()]);
    client.expect("the second address answers");
    assert!((250..300).contains(&elapsed.as_millis()), "{elapsed:?}");
}

#[test]
fn an_address_that_refuses_costs_no_delay() {
    let (client, elapsed, _) = connect_to(&[Host::STRANGER.v4(), Host::SERVER.v4()]);
    client.expect("the second address answers");
    assert!(elapsed < Duration::from_millis(50), "{elapsed:?}");
}

#[test]
fn the_other_family_is_tried_before_the_rest_of_the_first() {
    let gone = |last: u16| IpAddr::from([0xfd00, 0, 0, 0, 0, 0, 1, last]);
    let (client, elapsed, dialled) = connect_to(&[gone(1), gone(2), gone(3), Host::SERVER.v4()]);
    client.expect("the fourth address answers");
    assert!((250..300).contains(&elapsed.as_millis()), "{elapsed:?}");
    assert_eq!(dialled, 2);
}

#[test]
fn an_address_that_answers_at_once_is_the_only_one_that_is_tried() {
    let (client, _, dialled) = connect_to(&[Host::SERVER.v4(), Host::STRANGER.v4(), BLACK_HOLE]);
    client.expect("the first address answers");
    assert_eq!(dialled, 1);
}

#[test]
fn where_every_address_refuses_the_error_names_each_with_its_cause() {
    let addresses = [Host::STRANGER.v6(), Host::STRANGER.v4(), Host::SERVER.v6()];
    let (client, elapsed, _) = connect_to(&addresses);
    let error = client.expect_err("nobody listens");
    assert_eq!(error.kind(), "connect");
    let text = error.to_string();
    let refusals = text.matches("refused").count();
    assert!(addresses.iter().all(|address| text.contains(&address.to_string())), "{text}");
    assert_eq!(refusals, 3, "{text}");
    assert!(elapsed < Duration::from_millis(50), "{elapsed:?}");
}

#[test]
fn where_an_address_is_silent_to_the_end_the_error_is_a_timeout_that_names_all_of_them() {
    let (client, elapsed, _) = connect_to(&[Host::STRANGER.v4(), BLACK_HOLE]);
    let error = client.expect_err("nobody listens");
    assert_eq!(error.kind(), "timeout");
    let text = error.to_string();
    assert!(text.contains("the connection to 192.0.2.1:21 did not come in time"), "{text}");
    assert!(text.contains("10.0.0.3:21") && text.contains("refused"), "{text}");
    assert_eq!(elapsed.as_secs(), 30);
}
