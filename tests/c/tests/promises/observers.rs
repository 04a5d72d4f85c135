//! Log and dialogue belong to a client, and tell no password.

use crate::common::{holds_on, two_users, with_file};
use strict_server::Options;

fn observed(case: &'static str) {
    holds_on("observers", case, &Options { users: two_users(), ..with_file(0) }, |_| ());
}

#[test]
fn observers_in_two_threads_see_the_lines_of_their_own_client() {
    observed("two_threads");
}

#[test]
fn observers_of_a_client_inside_a_callback_see_its_own_lines() {
    observed("one_inside_the_other");
}

#[test]
fn observers_are_replaced_and_ended() {
    observed("replaced_and_ended");
}
