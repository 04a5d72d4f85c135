//! That the tools which watch the programs do watch.

use c_tests::{Program, Setting, Tool, Verdict};

fn broken(case: &'static str, tool: Tool) -> Verdict {
    Program { name: "broken", case }.run(tool, None, Setting::default())
}

#[test]
fn valgrind_catches_what_is_wrong() {
    for (case, complaint) in [
        ("leaks_a_client", "definitely lost"),
        ("uses_a_message_after_its_client", "Invalid read"),
        ("writes_behind_a_buffer", "Invalid write"),
    ] {
        let verdict = broken(case, Tool::Valgrind);
        assert_eq!(verdict.status.code(), Some(99), "{case}: {verdict:?}");
        assert!(verdict.complaints.contains(complaint), "{case}: {verdict:?}");
    }
}

#[test]
fn the_sanitizers_catch_what_is_wrong() {
    for (case, complaint) in [
        ("leaks_a_client", "detected memory leaks"),
        ("uses_a_message_after_its_client", "heap-use-after-free"),
        ("writes_behind_a_buffer", "heap-buffer-overflow"),
    ] {
        let verdict = broken(case, Tool::Sanitizers);
        assert_eq!(verdict.status.code(), Some(98), "{case}: {verdict:?}");
        assert!(verdict.complaints.contains(complaint), "{case}: {verdict:?}");
    }
}

/// Programs end with 0 only when all their checks hold.
#[test]
fn a_program_without_its_case_fails() {
    for tool in Tool::ALL {
        assert_eq!(broken("no_such_case", tool).status.code(), Some(2));
    }
}
