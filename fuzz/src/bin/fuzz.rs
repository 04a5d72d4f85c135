//! libFuzzer on the target that the environment variable `FUZZ_TARGET` names.
#![no_main]

use fuzz_targets::{target, Target};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    target(&name).unwrap_or_else(|| panic!("no target is called {name}"))
});

fuzz_target!(|input: &[u8]| TARGET(input));
