//! The known inputs keep every promise, also where nothing is fuzzed.

use fuzz_targets::{inputs, TARGETS};

#[test]
fn known_inputs_break_no_promise() {
    for (name, target) in TARGETS {
        let inputs = inputs(name).expect("files of inputs");
        assert!(!inputs.is_empty(), "{name}");
        inputs.iter().for_each(|input| target(input));
    }
}
