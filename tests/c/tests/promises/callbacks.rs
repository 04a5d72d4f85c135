//! A callback that fails stops the transfer, and the client goes on.

use crate::common::{content, holds_on, with_file};

const SIZE: usize = 1_000_000;

#[test]
fn an_upload_ends_with_its_failing_callback_and_is_never_taken_for_whole() {
    holds_on("callbacks", "uploads", &with_file(0), |server| {
        assert_eq!(server.counters().uploads_completed, 1);
        assert_eq!(server.file("/good"), Some(content(SIZE)));
    });
}

#[test]
fn a_download_ends_with_its_failing_callback() {
    holds_on("callbacks", "downloads", &with_file(SIZE), |_| ());
}

#[test]
fn a_listing_ends_with_its_failing_callback() {
    let mut options = with_file(0);
    let files = ["/a", "/b", "/c", "/d"].map(|name| (name.to_owned(), Vec::new()));
    options.storage = strict_server::Storage::Memory(files.to_vec());
    holds_on("callbacks", "listings", &options, |_| ());
}

#[test]
fn another_client_can_be_used_inside_a_callback() {
    holds_on("callbacks", "another_client_inside", &with_file(SIZE), |server| {
        assert_eq!(server.counters().downloads_completed, 2);
    });
}
