//! Elapsed time, processor time and memory of a process.

use crate::Outcome;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

/// What a process took.
pub struct Run {
    pub elapsed: Duration,
    /// User and system time.
    pub processor: Duration,
    /// The most memory it had at one time, in bytes. Linux counts in what this process had when it started the other.
    pub memory: u64,
    /// Seconds of each transfer that succeeded, as the process itself measured them.
    pub transfers: Vec<f64>,
}

impl Run {
    /// Runs `command`, which prints `SECONDS 0` for each transfer that succeeded. At least one of `expected` has to.
    pub fn of(mut command: Command, expected: usize) -> Outcome<Run> {
        let started = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} cannot be run: {error}", command.get_program().display()))?;
        let mut output = String::new();
        if let Some(stdout) = &mut child.stdout {
            stdout.read_to_string(&mut output)?;
        }
        let ended = child.wait4()?;
        let elapsed = started.elapsed();
        let transfers: Vec<f64> =
            output.lines().filter_map(|line| line.strip_suffix(" 0")?.parse().ok()).collect();
        if transfers.is_empty() && (expected > 0 || !ended.status.success()) {
            return Err(format!("{command:?} ended with {}: {output}", ended.status).into());
        }
        Ok(Run {
            elapsed,
            processor: ended.rusage.utime + ended.rusage.stime,
            memory: ended.rusage.maxrss,
            transfers,
        })
    }
}

/// The middle one of `values`; of an even number of them, the higher of the two in the middle; of none, 0.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
