//! What can be changed while a client is connected.

use crate::common::{holds_on, with_fault, with_file};
use strict_server::{FaultAction, Moment, Options, TlsVersions};

#[test]
fn active_and_passive_mode_change_between_any_two_transfers() {
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        holds_on("changes", "modes", &Options { versions, ..with_file(0) }, |server| {
            let counters = server.counters();
            assert_eq!((counters.data_active, counters.data_same_session, counters.data_full), (4, 8, 0));
        });
    }
}

#[test]
fn a_server_that_never_connects_is_a_timeout() {
    let options = with_fault(0, "STOR", Moment::DataAccept, FaultAction::Stall);
    holds_on("changes", "nobody_comes", &options, |_| ());
}

#[test]
fn a_data_timeout_holds_in_an_open_transfer_too() {
    let options = with_fault(100_000, "RETR", Moment::DataByte(1000), FaultAction::Stall);
    holds_on("changes", "timeout_of_an_open_transfer", &options, |_| ());
}

#[test]
fn timeouts_hold_from_the_next_command() {
    let options = with_fault(0, "SYST", Moment::Reply, FaultAction::Stall);
    holds_on("changes", "timeout_of_the_next_command", &options, |_| ());
}
