//! No signal is raised, none is touched, and none disturbs.

use crate::common::{holds_on, with_fault, with_file};
use strict_server::{FaultAction, Moment};

#[test]
fn a_reset_in_an_upload_raises_no_sigpipe() {
    for action in [FaultAction::Reset, FaultAction::ResetBoth, FaultAction::Cut, FaultAction::CutBoth] {
        let options = with_fault(0, "STOR", Moment::DataByte(200_000), action);
        holds_on("signals", "reset_in_upload", &options, |_| ());
    }
}

#[test]
fn writing_to_a_connection_that_the_peer_closed_raises_no_sigpipe() {
    for action in [FaultAction::Cut, FaultAction::Reset] {
        let options = with_fault(0, "SYST", Moment::Reply, action);
        holds_on("signals", "written_after_the_peer_closed", &options, |_| ());
    }
}

#[test]
fn no_disposition_of_a_signal_is_changed() {
    holds_on("signals", "dispositions_stay", &with_file(0), |_| ());
}

#[test]
fn calls_go_on_after_a_signal() {
    holds_on("signals", "interrupted_calls_go_on", &with_file(0), |_| ());
}
