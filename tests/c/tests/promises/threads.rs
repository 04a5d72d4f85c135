//! Clients are independent.

use crate::common::{holds_on, with_file};

#[test]
fn two_clients_work_in_parallel() {
    holds_on("threads", "two_clients", &with_file(0), |server| {
        assert_eq!(server.counters().logins, 2);
        assert_eq!(server.counters().data_full, 0);
    });
}

#[test]
fn a_client_moves_between_threads() {
    holds_on("threads", "moved_between_threads", &with_file(10_000), |server| {
        assert_eq!(server.counters().logins, 1);
    });
}
