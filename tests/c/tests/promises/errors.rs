//! What an error tells.

use crate::common::{holds, holds_on, with_fault, with_file};
use strict_server::{FaultAction, Moment, Options, TlsVersions};

#[test]
fn a_refused_connection_tells_the_systems_error_number() {
    holds("errors", "nobody_listens");
}

#[test]
fn a_host_that_does_not_exist_is_named() {
    holds("errors", "no_such_host");
}

#[test]
fn a_host_that_cannot_be_one_is_refused() {
    holds("errors", "unusable_host");
}

#[test]
fn options_that_cannot_be_used_say_why() {
    holds_on("errors", "unusable_options", &with_file(0), |server| {
        assert_eq!(server.counters().control_connections, 0);
    });
}

#[test]
fn connect_can_be_tried_again() {
    holds_on("errors", "second_attempt", &with_file(0), |_| ());
}

#[test]
fn a_refused_command_tells_the_reply() {
    holds_on("errors", "refused_command", &with_file(0), |_| ());
}

#[test]
fn a_refused_login_tells_the_reply_and_not_the_password() {
    holds_on("errors", "refused_login", &with_file(0), |_| ());
}

#[test]
fn a_strange_certificate_is_refused() {
    holds_on("errors", "strange_authority", &with_file(0), |server| {
        assert_eq!(server.counters().control_handshakes, 0);
    });
}

#[test]
fn an_alert_of_the_server_is_told() {
    // The program insists on TLS 1.3.
    let options = Options { versions: TlsVersions::Tls12, ..with_file(0) };
    holds_on("errors", "alert_of_the_server", &options, |_| ());
}

#[test]
fn a_broken_transfer_tells_the_bytes_that_moved() {
    let options = with_fault(500_000, "RETR", Moment::DataByte(300_000), FaultAction::Stall);
    holds_on("errors", "bytes_moved", &options, |_| ());
}

#[test]
fn a_local_file_that_cannot_be_opened_is_named() {
    holds_on("errors", "local_files", &with_file(100), |_| ());
}

#[test]
fn silence_is_a_timeout() {
    let options = with_fault(0, "SYST", Moment::Reply, FaultAction::Stall);
    holds_on("errors", "silence", &options, |_| ());
}

#[test]
fn every_status_has_its_own_words() {
    holds("errors", "status_texts");
}
