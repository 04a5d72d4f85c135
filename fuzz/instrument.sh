#!/bin/sh
# The compiler of this workspace's crates for `make fuzz` (RUSTC_WORKSPACE_WRAPPER): with the counters by which libFuzzer sees
# what an input reaches, and with every check that a debug build has.
exec "$@" -C opt-level=3 -C codegen-units=1 -C passes=sancov-module -C llvm-args=-sanitizer-coverage-level=4 \
  -C llvm-args=-sanitizer-coverage-inline-8bit-counters -C llvm-args=-sanitizer-coverage-pc-table \
  -C llvm-args=-sanitizer-coverage-trace-compares
