#!/bin/sh
# usage: fuzz/run.sh SECONDS, in the root of the repository: has libFuzzer look at every target for so long. `make fuzz` builds what it needs.
#
# Inputs that reach something new stay in target/fuzz, where the next run goes on.
set -eu

seconds=$1
work=target/fuzz
for folder in "$work"/*/; do
  name=$(basename "$folder")
  log=$work/$name.log
  # An input that takes 10 seconds hangs, and one for which the process grows to 512 MB knows no bounds.
  if ! FUZZ_TARGET=$name target/debug/fuzz "$folder" -artifact_prefix="$work/$name-" \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -print_final_stats=1 >"$log" 2>&1; then
    grep -E 'panicked|^ERROR|SUMMARY|artifact|Test unit' -A 1 "$log" >&2 || tail -n 20 "$log" >&2
    echo "An input breaks a promise of $name (the whole story: $log). Once it is mended, keep the input in fuzz/inputs/$name." >&2
    exit 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  before=$(sed -n 's/^#[0-9]*[[:space:]]*INITED cov: \([0-9]*\).*/\1/p' "$log")
  after=$(sed -n 's/^#[0-9]*[[:space:]]*DONE *cov: \([0-9]*\).*/\1/p' "$log")
  echo "$name: $runs inputs, edges reached: $before before, $after now"
done
