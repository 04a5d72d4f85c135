//! Many simulations, each from its own seed, on all processors.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Failures after which a campaign gives up: the rest would hardly tell more.
const ENOUGH_FAILURES: usize = 5;

/// How often the watchdog looks.
const ROUND: Duration = Duration::from_millis(100);

/// Sessions at a time for each processor: their threads pass a baton, and where it is on its way another session can run.
const SESSIONS_PER_PROCESSOR: usize = 2;

/// Runs one session after the other, each with a seed of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// The first seed.
    pub first_seed: u64,
    /// How many sessions there are; their seeds follow each other.
    pub sessions: u64,
    /// The command that runs this campaign, for the report on a failing seed.
    pub command: String,
    /// Real time that a session may take. One that takes longer hangs: it fails, and its thread is left behind.
    pub patience: Duration,
}

impl Campaign {
    /// `default_sessions` from seed 0, unless the environment says otherwise: `FTPS_SIM_SEED` (this seed alone, or the
    /// first one when there is also `FTPS_SIM_SESSIONS`), `FTPS_SIM_SESSIONS` (this many). `command` is what runs the
    /// campaign. A session may take two minutes.
    ///
    /// # Errors
    /// A variable is not a number.
    pub fn from_environment(default_sessions: u64, command: &str) -> Result<Self, String> {
        Campaign::from_variables(default_sessions, command, |name| std::env::var(name).ok())
    }

    fn from_variables(
        default_sessions: u64,
        command: &str,
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
        Ok(Campaign {
            first_seed: seed.unwrap_or(0),
            sessions: sessions.unwrap_or(default_sessions),
            command: command.to_owned(),
            patience: Duration::from_secs(120),
        })
    }

    /// Runs `session` once for each seed, on all processors, and returns what the sessions returned, in the order of seeds.
    ///
    /// # Errors
    /// The seeds for which `session` returned an error, panicked or hung, in their order, with the command line that
    /// runs each alone. After five failures, or a hang, no more sessions are begun.
    pub fn run<T: Send + 'static>(
        &self,
        session: impl Fn(u64) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Vec<T>, String> {
        let (session, progress) = (Arc::new(session), Arc::new(Progress::default()));
        let (sender, outcomes) = mpsc::channel();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..processors * SESSIONS_PER_PROCESSOR {
            let (campaign, session) = (self.clone(), session.clone());
            let (progress, sender) = (progress.clone(), sender.clone());
            std::thread::spawn(move || progress.work(&campaign, &*session, &sender));
        }
        drop(sender);

        let (mut results, mut failures) = (BTreeMap::new(), BTreeMap::new());
        loop {
            match outcomes.recv_timeout(ROUND) {
                Ok((seed, Ok(result))) => drop(results.insert(seed, result)),
                Ok((seed, Err(message))) => drop(failures.insert(seed, message)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let hanging = progress.hanging(self.patience);
            if !hanging.is_empty() {
                progress.stop.store(true, Ordering::Relaxed);
                let message = format!("it hangs: no end after {:?}", self.patience);
                failures.extend(hanging.into_iter().map(|seed| (seed, message.clone())));
                break;
            }
        }
        if failures.is_empty() {
            Ok(results.into_values().collect())
        } else {
            Err(self.report(&failures))
        }
    }

    fn report(&self, failures: &BTreeMap<u64, String>) -> String {
        let mut report = String::new();
        for (seed, message) in failures {
            // Writing to a string cannot fail.
            let _ = writeln!(
                report,
                "seed {seed} failed; alone: FTPS_SIM_SEED={seed} {}\n{message}\n",
                self.command
            );
        }
        report
    }
}

/// What the threads of a campaign and its watchdog share.
#[derive(Default)]
struct Progress {
    begun: AtomicU64,
    failed: AtomicUsize,
    stop: AtomicBool,
    /// The sessions that run, by seed, and since when.
    running: Mutex<BTreeMap<u64, Instant>>,
}

impl Progress {
    fn work<T>(
        &self,
        campaign: &Campaign,
        session: &impl Fn(u64) -> Result<T, String>,
        sender: &Sender<(u64, Result<T, String>)>,
    ) {
        let is_over =
            || self.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed) >= ENOUGH_FAILURES;
        while !is_over() {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            if number >= campaign.sessions {
                break;
            }
            let seed = campaign.first_seed.wrapping_add(number);
            self.running().insert(seed, Instant::now());
            let outcome = catch_unwind(AssertUnwindSafe(|| session(seed)))
                .unwrap_or_else(|payload| Err(crate::failure::panic_message(payload.as_ref())));
            self.running().remove(&seed);
            self.failed.fetch_add(usize::from(outcome.is_err()), Ordering::Relaxed);
            // Nobody listens any more once another session hangs.
            let _ = sender.send((seed, outcome));
        }
    }

    fn hanging(&self, patience: Duration) -> Vec<u64> {
        let hangs = |since: &Instant| since.elapsed() > patience;
        self.running().iter().filter(|(_, since)| hangs(since)).map(|(seed, _)| *seed).collect()
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<u64, Instant>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Campaign;
    use std::time::Duration;

    fn from_variables(variables: &[(&str, &str)]) -> Result<(u64, u64), String> {
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let campaign = Campaign::from_variables(20_000, "cargo test", variable)?;
        Ok((campaign.first_seed, campaign.sessions))
    }

    fn campaign(first_seed: u64, sessions: u64) -> Campaign {
        let command = "cargo test -p simulation -- a_test".to_owned();
        Campaign { first_seed, sessions, command, patience: Duration::from_secs(60) }
    }

    #[test]
    fn every_seed_runs_once_and_the_results_are_in_the_order_of_seeds() {
        assert_eq!(campaign(7, 50).run(Ok), Ok((7..57).collect::<Vec<u64>>()));
    }

    #[test]
    fn a_failing_seed_is_named_with_its_message_and_the_command_that_runs_it_alone() {
        let session = |seed| if seed == 3 { Err("lost a byte".to_owned()) } else { Ok(()) };
        let report = campaign(0, 10).run(session).unwrap_err();
        let expected =
            "seed 3 failed; alone: FTPS_SIM_SEED=3 cargo test -p simulation -- a_test\nlost a byte\n\n";
        assert_eq!(report, expected);
    }

    #[test]
    fn a_panicking_session_is_a_failing_seed() {
        let session = |seed| -> Result<(), String> {
            assert_ne!(seed, 4, "bad luck");
            Ok(())
        };
        let report = campaign(0, 10).run(session).unwrap_err();
        assert!(report.contains("FTPS_SIM_SEED=4 ") && report.contains("bad luck"), "{report}");
    }

    #[test]
    fn a_hanging_session_is_a_failing_seed() {
        let session = |seed| -> Result<(), String> {
            if seed == 5 {
                std::thread::sleep(Duration::from_secs(3600));
            }
            Ok(())
        };
        let impatient = Campaign { patience: Duration::from_millis(200), ..campaign(0, 10) };
        let report = impatient.run(session).unwrap_err();
        assert!(report.contains("FTPS_SIM_SEED=5 ") && report.contains("it hangs"), "{report}");
    }

    #[test]
    fn a_campaign_gives_up_after_some_failures() {
        let session = |seed| -> Result<(), String> { Err(format!("never {seed}")) };
        let report = campaign(0, 1_000_000).run(session).unwrap_err();
        assert!(report.lines().count() < 1000, "{report}");
    }

    #[test]
    fn a_seed_in_the_environment_runs_alone() {
        assert_eq!(from_variables(&[]), Ok((0, 20_000)));
        assert_eq!(from_variables(&[("FTPS_SIM_SEED", "9")]), Ok((9, 1)));
    }

    #[test]
    fn a_number_of_sessions_in_the_environment_counts_from_the_seed() {
        let both = from_variables(&[("FTPS_SIM_SEED", "9"), ("FTPS_SIM_SESSIONS", "3")]);
        assert_eq!(both, Ok((9, 3)));
    }

    #[test]
    fn a_variable_that_is_no_number_is_an_error() {
        assert!(from_variables(&[("FTPS_SIM_SESSIONS", "many")]).unwrap_err().contains("FTPS_SIM_SESSIONS"));
    }
}
