//! What a campaign came to, and whether that can be believed.

use crate::plan::Weather;
use crate::work::{Failed, Outcome};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Sessions of one kind of weather from which on shares mean something.
const ENOUGH: u64 = 200;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    sessions: u64,
    succeeded: u64,
}

#[derive(Debug, Default)]
pub struct Tally {
    by_weather: BTreeMap<Weather, Count>,
    /// First errors of sessions, by kind.
    by_error: BTreeMap<&'static str, u64>,
    errors: u64,
    recovered: u64,
    data_connections: u64,
    resumed: u64,
    relogins: u64,
    slowest_step: Duration,
}

impl Tally {
    pub fn add(&mut self, weather: Weather, outcome: &Outcome) {
        let count = self.by_weather.entry(weather).or_default();
        count.sessions += 1;
        match outcome.errors.first() {
            None => count.succeeded += 1,
            Some(failed) => *self.by_error.entry(failed.kind).or_default() += 1,
        }
        self.errors += outcome.errors.len() as u64;
        self.recovered += outcome.recovered;
        self.data_connections += outcome.statistics.data_connections;
        self.resumed += outcome.statistics.resumed;
        self.relogins += outcome.statistics.relogins;
        self.slowest_step = self.slowest_step.max(outcome.slowest_step);
    }

    /// A campaign in which everything fails, or nothing does, has tested nothing. Few sessions prove nothing.
    pub fn judge(&self) -> Result<(), String> {
        for (weather, count) in &self.by_weather {
            let share = count.succeeded as f64 / count.sessions as f64;
            let expected = match weather {
                // What must succeed there is checked session by session; some cannot.
                Weather::Calm | Weather::Rough => 0.9..=1.0,
                Weather::BadNetwork => 0.5..=0.8,
                Weather::BadServer => 0.3..=0.6,
                Weather::Storm => 0.15..=0.4,
            };
            if count.sessions >= ENOUGH && !expected.contains(&share) {
                return Err(format!("{weather:?}: {} of {} succeeded", count.succeeded, count.sessions));
            }
        }
        if self.sessions() < 20 * ENOUGH {
            return Ok(());
        }
        if let Some(kind) = KINDS.iter().find(|kind| !self.by_error.contains_key(*kind)) {
            return Err(format!("no session ended in {kind}"));
        }
        if self.recovered * 4 < self.errors || self.recovered * 10 > self.errors * 9 {
            return Err(format!("the client was usable after {} of {} errors", self.recovered, self.errors));
        }
        Ok(())
    }

    fn sessions(&self) -> u64 {
        self.by_weather.values().map(|count| count.sessions).sum()
    }
}

/// The errors that a campaign of some thousand sessions meets.
const KINDS: [&str; 9] = [
    "connect",
    "connection-lost",
    "login-refused",
    "not-resumed",
    "protocol",
    "refused",
    "timeout",
    "tls",
    "truncated",
];

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let succeeded: u64 = self.by_weather.values().map(|count| count.succeeded).sum();
        write!(f, "{} simulated sessions: {succeeded} without an error", self.sessions())?;
        for (weather, count) in &self.by_weather {
            write!(f, ", {weather:?} {}/{}", count.succeeded, count.sessions)?;
        }
        write!(f, "; first errors:")?;
        for (kind, sessions) in &self.by_error {
            write!(f, " {kind} {sessions}")?;
        }
        write!(
            f,
            "; usable after {} of {} errors; {} of {} data connections resumed, {} re-logins; slowest step {:.1?}",
            self.recovered, self.errors, self.resumed, self.data_connections, self.relogins, self.slowest_step
        )
    }
}

#[test]
fn a_campaign_in_which_every_session_fails_is_not_believed() {
    let mut tally = Tally::default();
    let failed = Failed { step: "login".into(), kind: "timeout", message: String::new() };
    let failing = Outcome { errors: vec![failed], ..Outcome::default() };
    for _ in 0..ENOUGH {
        tally.add(Weather::BadNetwork, &failing);
    }
    assert!(tally.judge().is_err());
}

#[test]
fn a_campaign_in_which_nothing_goes_wrong_is_not_believed() {
    let mut tally = Tally::default();
    for _ in 0..ENOUGH {
        tally.add(Weather::Storm, &Outcome::default());
    }
    assert!(tally.judge().is_err());
}
