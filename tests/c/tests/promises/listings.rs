//! How directories are listed, and names as text.

use crate::common::{commands, holds_on, with_file};
use strict_server::{Charset, Options};

#[test]
fn command_format_and_arguments_of_a_listing_can_be_chosen() {
    let line = b"1-JUN.LIS;1   9/9   2-JUN-1998 07:32:04  [GROUP,OWNER]    (RWED,RWED,RWED,RE)\r\n";
    let options = Options { raw_listing: Some(line.into()), ..with_file(0) };
    holds_on("listings", "choices", &options, |server| {
        let sent = commands(server);
        let listings: Vec<_> = sent.iter().filter(|line| line.contains(" /") || *line == "SYST").collect();
        assert_eq!(listings, ["LIST -a /", "SYST", "LIST /", "MLSD /", "LIST /"]);
    });
}

#[test]
fn a_path_that_looks_like_options_is_not_taken_for_them() {
    holds_on("listings", "paths_like_options", &with_file(0), |_| ());
}

#[test]
fn years_that_are_left_out_are_those_of_the_servers_clock() {
    let line = b"-rw-r--r-- 1 a b 1 Jan 20 12:00 x\r\n";
    let options = Options { raw_listing: Some(line.into()), ..with_file(0) };
    holds_on("listings", "clock_of_the_server", &options, |_| ());
}

#[test]
fn names_become_text_and_text_becomes_names() {
    let options = Options { charset: Charset::Latin1, ..with_file(0) };
    holds_on("listings", "text", &options, |_| ());
}
