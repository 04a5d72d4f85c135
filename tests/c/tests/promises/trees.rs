//! Pools, walks and mirrors.

use crate::common::{holds, holds_on};
use strict_server::{Options, Storage};

/// `/t/a`, `/t/d/b.csv` and `/t/e.csv`.
fn with_tree() -> Options {
    let files = ["/t/a", "/t/d/b.csv", "/t/e.csv"];
    let files = files.map(|path| (path.to_owned(), b"abc".to_vec())).to_vec();
    Options { storage: Storage::Memory(files), ..Options::default() }
}

#[test]
fn a_pool_lends_its_connections_to_clients() {
    holds_on("trees", "connections_are_lent", &with_tree(), |server| {
        assert_eq!(server.counters().data_full, 0);
    });
}

#[test]
fn waiting_for_a_connection_ends() {
    holds_on("trees", "a_wait_ends", &with_tree(), |server| assert_eq!(server.counters().logins, 1));
}

#[test]
fn a_tree_is_walked_searched_and_deleted() {
    holds_on("trees", "a_tree_is_walked_and_deleted", &with_tree(), |server| {
        assert_eq!(server.list("/").expect("the root"), Vec::<String>::new());
    });
}

#[test]
fn a_tree_is_mirrored_by_a_plan() {
    holds_on("trees", "a_tree_is_mirrored", &with_tree(), |server| {
        assert_eq!(server.counters().data_full, 0);
    });
}

#[test]
fn a_step_that_fails_is_in_the_report() {
    let faults = vec!["RETR#2@final=reply:550 Permission denied.".parse().expect("a fault")];
    holds_on("trees", "what_fails_is_reported", &Options { faults, ..with_tree() }, |_| ());
}

#[test]
fn a_mirror_takes_options_and_refuses_what_is_none() {
    holds("trees", "a_mirror_takes_options");
}
