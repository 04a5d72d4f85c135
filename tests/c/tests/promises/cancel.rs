//! A cancel object ends waits at once.

use crate::common::{holds_on, with_fault, with_file};
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

#[test]
fn a_stalled_download_is_cancelled_from_another_thread() {
    let options = with_fault(100_000, "RETR", Moment::DataByte(50_000), FaultAction::Stall);
    holds_on("cancel", "stalled_download", &options, |_| ());
}

#[test]
fn a_stalled_upload_is_cancelled_from_another_thread() {
    let options = with_fault(0, "STOR", Moment::DataByte(50_000), FaultAction::Stall);
    holds_on("cancel", "stalled_upload", &options, |server| {
        assert_eq!(server.counters().uploads_completed, 0);
    });
}

#[test]
fn a_reply_that_does_not_come_is_cancelled_from_another_thread() {
    let options = with_fault(0, "SYST", Moment::Reply, FaultAction::Stall);
    holds_on("cancel", "stalled_reply", &options, |_| ());
}

#[test]
fn a_greeting_that_does_not_come_is_cancelled_from_another_thread() {
    let faults = vec![Fault::new(Trigger::new(Moment::Greeting), FaultAction::Stall)];
    holds_on("cancel", "stalled_connect", &Options { faults, ..with_file(0) }, |_| ());
}

#[test]
fn a_stalled_download_is_cancelled_from_a_signal_handler() {
    let options = with_fault(100_000, "RETR", Moment::DataByte(50_000), FaultAction::Stall);
    holds_on("cancel", "signal_handler", &options, |_| ());
}

#[test]
fn a_cancellation_stays_until_it_is_reset() {
    holds_on("cancel", "sticky", &with_file(0), |server| assert_eq!(server.counters().logins, 1));
}

#[test]
fn a_cancellation_ends_a_transfer_that_never_waits() {
    holds_on("cancel", "transfers_that_never_wait", &with_file(1_000_000), |server| {
        assert_eq!(server.counters().uploads_completed, 0);
    });
}

#[test]
fn a_cancel_object_can_be_freed_while_its_client_lives() {
    holds_on("cancel", "freed_while_the_client_lives", &with_file(1000), |_| ());
}
