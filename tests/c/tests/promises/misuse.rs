//! What a caller does wrong is answered by a status, never by a crash.

use crate::common::{commands, holds, holds_on, with_fault, with_file};
use c_tests::{Program, Setting, Tool};
use libftps_abi::{promised_symbols, Header};
use strict_server::{FaultAction, Hashes, Moment, Options};

/// The names that a program has tests for.
fn names(name: &'static str) -> Vec<String> {
    let verdict = Program { name, case: "names" }.holds(Tool::None, None, Setting::default());
    let mut names: Vec<_> = verdict.output.lines().map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn every_function_is_called_on_handles_in_every_state() {
    assert_eq!(
        names("misuse"),
        promised_symbols(),
        "add the function to tests/c/programs/calls.h or misuse.c"
    );
}

#[test]
fn every_argument_that_can_be_null_is_tried() {
    let in_tables = |function: &str| function != "ftps_client_new" && function.starts_with("ftps_client_");
    let mut wanted = vec!["ftps_client_new:host".to_owned()];
    for prototype in Header::committed().prototypes() {
        let accessor = ["ftps_client_error_", "ftps_client_reply_"]
            .iter()
            .any(|start| prototype.name.starts_with(start));
        if !in_tables(&prototype.name) || accessor {
            // Covered by the tables of misuse.c, which call them with NULL in the place of everything.
            continue;
        }
        for parameter in prototype.parameters.iter().filter(|parameter| parameter.is_nullable()) {
            if parameter.name != "client" {
                wanted.push(format!("{}:{}", prototype.name, parameter.name));
            }
        }
    }
    wanted.sort();
    assert_eq!(names("arguments"), wanted, "add the argument to tests/c/programs/arguments.c");
}

#[test]
fn null_handles_get_a_status() {
    holds("misuse", "null_handles");
}

#[test]
fn unconnected_clients_take_options_and_refuse_commands() {
    holds_on("misuse", "unconnected", &with_file(0), |_| ());
}

#[test]
fn closed_clients_say_that_they_are_closed() {
    holds_on("misuse", "closed", &with_file(100_000), |_| ());
}

#[test]
fn busy_clients_say_so_at_once_to_other_threads() {
    let options = with_fault(100_000, "RETR", Moment::DataByte(50_000), FaultAction::Stall);
    holds_on("misuse", "busy", &options, |_| ());
}

#[test]
fn callbacks_find_their_own_client_busy() {
    holds_on("misuse", "reentered", &with_file(0), |_| ());
}

#[test]
fn a_client_is_not_freed_inside_its_callback() {
    holds_on("misuse", "freed_inside_a_callback", &with_file(100_000), |server| {
        assert_eq!(server.counters().downloads_completed, 2);
    });
}

#[test]
fn null_in_an_argument_gets_a_status_or_means_nothing() {
    let options = Options { hashes: Hashes::HashCommand, ..with_file(100) };
    holds_on("arguments", "null_in_every_argument", &options, |_| ());
}

#[test]
fn null_is_fine_where_the_length_is_0() {
    holds_on("arguments", "null_without_length", &with_file(100), |_| ());
}

#[test]
fn numbers_and_strings_out_of_range_are_refused() {
    holds_on("arguments", "numbers_and_strings_out_of_range", &with_file(100), |server| {
        assert_eq!(commands(server), ["QUIT"]);
    });
}

#[test]
fn line_ends_are_refused_with_nothing_sent() {
    holds_on("arguments", "line_ends_are_refused", &with_file(100), |server| {
        assert_eq!(commands(server), ["NOOP", "NOOP", "NOOP", "QUIT"]);
        assert_eq!(server.counters().logins, 1);
        assert!(server.file("/file").is_some(), "the file was deleted");
    });
}
