//! Transfers that go on, that replace a file at once, and that are tried again.

use crate::common::{holds_on, with_file};
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

#[test]
fn transfers_go_on_where_an_earlier_one_ended() {
    holds_on("interrupted", "resumed", &with_file(100_000), |_| ());
}

#[test]
fn a_part_of_a_file_is_received_and_the_login_goes_on() {
    holds_on("interrupted", "ranges", &with_file(100_000), |_| ());
}

#[test]
fn an_atomic_upload_replaces_the_file_and_leaves_nothing_else() {
    holds_on("interrupted", "atomic", &with_file(100_000), |server| {
        assert_eq!(server.list("/").expect("names"), ["file"]);
    });
}

fn cut_twice() -> Options {
    let cut =
        |nth| Fault::new(Trigger::new(Moment::DataByte(30_000)).on("RETR").nth(nth), FaultAction::ResetBoth);
    Options { faults: vec![cut(1), cut(2)], ..with_file(100_000) }
}

#[test]
fn a_download_that_is_cut_is_tried_again_in_new_logins() {
    holds_on("interrupted", "tried_again", &cut_twice(), |server| assert_eq!(server.counters().logins, 3));
}

#[test]
fn the_caller_can_forbid_another_attempt() {
    holds_on("interrupted", "forbidden", &cut_twice(), |server| assert_eq!(server.counters().logins, 1));
}

#[test]
fn noops_go_out_while_a_transfer_is_slow() {
    holds_on("interrupted", "kept_alive", &with_file(100_000), |server| {
        assert!(server.counters().commands["NOOP"] >= 2);
    });
}
