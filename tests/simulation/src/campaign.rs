//! Many simulations, each from its own seed, on all processors.

use std::fmt::Write;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Failures after which a campaign gives up: the rest would hardly tell more.
const ENOUGH_FAILURES: usize = 5;

/// Runs one session after the other, each with a seed of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// The first seed.
    pub first_seed: u64,
    /// How many sessions there are; their seeds follow each other.
    pub sessions: u64,
}

impl Campaign {
    /// `default_sessions` from seed 0, unless the environment says otherwise: `FTPS_SIM_SEED` (this seed alone, or the
    /// first one when there is also `FTPS_SIM_SESSIONS`), `FTPS_SIM_SESSIONS` (this many).
    ///
    /// A variable that is not a number is an error.
    pub fn from_environment(default_sessions: u64) -> Result<Self, String> {
        Campaign::from_variables(default_sessions, |name| std::env::var(name).ok())
    }

    fn from_variables(
        default_sessions: u64,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let number = |name: &str| {
            let parse = |text: String| {
                text.parse::<u64>().map_err(|_| format!("{name} must be a number, not {text:?}"))
            };
            variable(name).map(parse).transpose()
        };
        let seed = number("FTPS_SIM_SEED")?;
        let sessions = number("FTPS_SIM_SESSIONS")?;
        let default_sessions = if seed.is_some() { 1 } else { default_sessions };
        Ok(Campaign { first_seed: seed.unwrap_or(0), sessions: sessions.unwrap_or(default_sessions) })
    }

    /// Runs `session` once for each seed, on as many threads as there are processors, and returns how many ran.
    ///
    /// The error lists the seeds for which it returned an error or panicked, in the order of seeds, with the command line's
    /// variable that runs each alone. After five failures no more sessions are begun.
    pub fn run(&self, session: impl Fn(u64) -> Result<(), String> + Sync) -> Result<u64, String> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let begun = AtomicU64::new(0);
        let failed = AtomicUsize::new(0);
        let failures = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while failed.load(Ordering::Relaxed) < ENOUGH_FAILURES {
                        let number = begun.fetch_add(1, Ordering::Relaxed);
                        if number >= self.sessions {
                            break;
                        }
                        let seed = self.first_seed.wrapping_add(number);
                        if let Err(message) = run_one(&session, seed) {
                            failed.fetch_add(1, Ordering::Relaxed);
                            failures.lock().unwrap_or_else(PoisonError::into_inner).push((seed, message));
                        }
                    }
                });
            }
        });
        let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
        if failures.is_empty() {
            Ok(begun.into_inner().min(self.sessions))
        } else {
            Err(report(failures))
        }
    }
}

fn run_one(session: &impl Fn(u64) -> Result<(), String>, seed: u64) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| session(seed)))
        .unwrap_or_else(|payload| Err(crate::failure::panic_message(payload.as_ref())))
}

fn report(mut failures: Vec<(u64, String)>) -> String {
    failures.sort();
    let mut report = String::new();
    for (seed, message) in failures {
        // Writing to a string cannot fail.
        let _ =
            writeln!(report, "seed {seed} failed; alone: FTPS_SIM_SEED={seed} cargo test ...\n{message}\n");
    }
    report
}

#[cfg(test)]
mod tests {
    use super::Campaign;
    use std::sync::Mutex;

    fn campaign(variables: &[(&str, &str)]) -> Result<Campaign, String> {
        Campaign::from_variables(20_000, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn every_seed_runs_once() {
        let seen = Mutex::new(Vec::new());
        let session = |seed| {
            seen.lock().unwrap().push(seed);
            Ok(())
        };
        assert_eq!(Campaign { first_seed: 7, sessions: 50 }.run(session), Ok(50));
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, (7..57).collect::<Vec<u64>>());
    }

    #[test]
    fn a_failing_seed_is_named_with_its_message() {
        let session = |seed| if seed == 3 { Err("lost a byte".to_owned()) } else { Ok(()) };
        let report = Campaign { first_seed: 0, sessions: 10 }.run(session).unwrap_err();
        assert!(report.contains("FTPS_SIM_SEED=3 ") && report.contains("lost a byte"), "{report}");
    }

    #[test]
    fn a_panicking_session_is_a_failing_seed() {
        let session = |seed| -> Result<(), String> {
            assert_ne!(seed, 4, "bad luck");
            Ok(())
        };
        let report = Campaign { first_seed: 0, sessions: 10 }.run(session).unwrap_err();
        assert!(report.contains("FTPS_SIM_SEED=4 ") && report.contains("bad luck"), "{report}");
    }

    #[test]
    fn a_seed_in_the_environment_runs_alone() {
        assert_eq!(campaign(&[]), Ok(Campaign { first_seed: 0, sessions: 20_000 }));
        assert_eq!(campaign(&[("FTPS_SIM_SEED", "9")]), Ok(Campaign { first_seed: 9, sessions: 1 }));
    }

    #[test]
    fn a_number_of_sessions_in_the_environment_counts_from_the_seed() {
        let both = campaign(&[("FTPS_SIM_SEED", "9"), ("FTPS_SIM_SESSIONS", "3")]);
        assert_eq!(both, Ok(Campaign { first_seed: 9, sessions: 3 }));
    }

    #[test]
    fn a_variable_that_is_no_number_is_an_error() {
        assert!(campaign(&[("FTPS_SIM_SESSIONS", "many")]).unwrap_err().contains("FTPS_SIM_SESSIONS"));
    }
}
