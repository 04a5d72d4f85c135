//! After fork the child gets errors, says nothing to the server, and the parent goes on.

use crate::common::{content, holds_on, with_file};
use strict_server::RunningServer;

const SIZE: usize = 400_000;

fn forked(case: &'static str, judge: impl Fn(&RunningServer)) {
    holds_on("fork", case, &with_file(SIZE), judge);
}

#[test]
fn a_download_goes_on_in_the_parent() {
    forked("during_a_download", |server| assert_eq!(server.counters().logins, 1));
}

#[test]
fn an_upload_goes_on_in_the_parent() {
    forked("during_an_upload", |server| {
        assert_eq!(server.counters().logins, 1);
        assert_eq!(server.file("/new"), Some(content(SIZE)));
    });
}

#[test]
fn an_idle_client_goes_on_in_the_parent() {
    forked("between_transfers", |server| assert_eq!(server.counters().logins, 1));
}

#[test]
fn a_client_that_is_not_connected_belongs_to_the_parent_too() {
    forked("before_the_connection", |server| assert_eq!(server.counters().control_connections, 1));
}

#[test]
fn the_child_can_have_a_client_of_its_own() {
    forked("a_client_of_the_childs_own", |server| assert_eq!(server.counters().logins, 2));
}

#[test]
fn a_cancel_object_belongs_to_the_parent() {
    forked("cancel_objects", |_| ());
}

#[test]
fn a_listing_can_be_read_and_freed_in_both() {
    forked("listings", |_| ());
}

#[test]
fn a_call_of_another_thread_goes_on_in_the_parent() {
    forked("inside_a_call_of_another_thread", |_| ());
}
