//! Whole sessions on the simulated network, with random faults of the network and of the server: identical bytes, or an error.

#[path = "../common/mod.rs"]
mod common;
mod dialogue;
mod faults;
mod plan;
mod tally;
mod work;

use dialogue::Dialogue;
use ftps::client::ActiveMode;
use plan::{Expected, Plan};
use simulation::{Campaign, Simulation, Trace};
use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;
use tally::Tally;
use work::{Failed, Outcome, Work};

const SESSIONS: u64 = 20_000;
/// Sessions that are run twice.
const REPEATED: u64 = 400;

fn campaign(sessions: u64, test: &str) -> Campaign {
    let command = format!("cargo test -p libftps-simulation --test sessions -- --exact {test}");
    Campaign::from_environment(sessions, &command).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn every_session_ends_in_identical_bytes_or_an_error() {
    let campaign = campaign(SESSIONS, "every_session_ends_in_identical_bytes_or_an_error");
    let outcomes = campaign.run(|seed| session(seed).map(|ended| ended.outcome));
    let outcomes = outcomes.unwrap_or_else(|failed| panic!("{failed}"));
    let mut tally = Tally::default();
    for (weather, outcome) in &outcomes {
        tally.add(*weather, outcome);
    }
    // Past the test harness, which would keep the line of a test that passes to itself.
    writeln!(std::io::stderr(), "{tally}").expect("stderr");
    tally.judge().unwrap_or_else(|unlikely| panic!("{unlikely}: {tally}"));
}

#[test]
fn a_seed_gives_the_same_session_again_to_the_last_byte() {
    let campaign = campaign(REPEATED, "a_seed_gives_the_same_session_again_to_the_last_byte");
    let seen = campaign.run(|seed| {
        let (first, second) = (session(seed)?, session(seed)?);
        let plan = Plan::draw(seed);
        first.compare(&second, !plan.is_post_quantum)?;
        Ok(format!("{:?} {:?}", plan.weather, plan.server.versions))
    });
    let kinds: BTreeSet<String> = seen.unwrap_or_else(|failed| panic!("{failed}")).into_iter().collect();
    if campaign.sessions >= REPEATED {
        assert_eq!(kinds.len(), 5 * 3, "every weather with every choice of TLS versions: {kinds:?}");
    }
}

/// A session that has ended, and everything that happened in it.
struct Ended {
    outcome: (plan::Weather, Outcome),
    trace: Trace,
}

impl Ended {
    /// The error tells where the two parted.
    fn compare(&self, other: &Ended, contents_too: bool) -> Result<(), String> {
        let parted = self.trace.events().zip(other.trace.events()).find(|(mine, its)| mine != its);
        if let Some((mine, its)) = parted {
            return Err(format!("two runs parted at\n{mine}\n{its}"));
        }
        if self.outcome != other.outcome {
            return Err(format!("two runs came to {:?} and to {:?}", self.outcome, other.outcome));
        }
        if self.trace.fingerprint() != other.trace.fingerprint() {
            return Err("two runs had different events, before the latest ones".into());
        }
        if contents_too && self.trace.contents() != other.trace.contents() {
            return Err("two runs wrote different bytes".into());
        }
        Ok(())
    }
}

fn session(seed: u64) -> Result<Ended, String> {
    let plan = Plan::draw(seed);
    let simulation = Simulation::new(seed, plan.profile());
    simulation.limit_virtual_time(Duration::from_secs(4 * 3600));
    simulation.limit_turns(500_000);
    let provider = plan.provider();
    let dialogue = Dialogue::default();
    let ended = simulation.run(|| {
        let server = common::serve(&simulation, &provider, plan.server.clone())
            .map_err(|error| format!("the server did not start: {error}"))?;
        let builder = common::client(&simulation, &provider, &server)
            .resumption(plan.policy)
            .active_mode(plan.is_active.then(ActiveMode::default));
        let outcome = Work::run(&plan, &simulation, &server, &dialogue, || builder.connect());
        let outcome = outcome.and_then(|outcome| judge(&plan, &server, outcome));
        server.stop();
        outcome
    });
    let trace = simulation.trace();
    match ended.map_err(|error| error.to_string()).and_then(|outcome| outcome) {
        Ok(outcome) => Ok(Ended { outcome: (plan.weather, outcome), trace }),
        Err(broken) => {
            Err(format!("{broken}\n{plan:?}\ndialogue:\n{dialogue}latest events:\n{}", trace.tail(60)))
        }
    }
}

/// What a session has to come to.
fn judge(plan: &Plan, server: &strict_server::Server, outcome: Outcome) -> Result<Outcome, String> {
    if outcome.slowest_step > plan.longest_step() {
        return Err(format!("a step took {:?} of virtual time", outcome.slowest_step));
    }
    let counters = server.counters();
    if counters.data_active != if plan.is_active { counters.data_connections } else { 0 } {
        return Err(format!("who made the data connections? {counters:?}"));
    }
    let commands = counters.commands;
    let transfers = ["STOR", "APPE", "RETR", "LIST", "MLSD"].iter().any(|verb| commands.contains_key(*verb));
    let statistics = &outcome.statistics;
    match plan.expected() {
        Expected::Either => {}
        Expected::NoTransfer if transfers || !outcome.errors.iter().all(is_for_want_of_a_session) => {
            return Err(format!("without a session, under require: {:?}, {commands:?}", outcome.errors));
        }
        Expected::NoTransfer => {}
        Expected::Success if !outcome.errors.is_empty() => {
            return Err(format!("nothing went wrong but the session: {:?}", outcome.errors));
        }
        Expected::Success if plan.holds_tether() && statistics.full + statistics.relogins > 0 => {
            return Err(format!("the tether did not hold: {statistics:?}"));
        }
        Expected::Success => {}
    }
    Ok(outcome)
}

/// There is nothing to rename, either.
fn is_for_want_of_a_session(failed: &Failed) -> bool {
    failed.kind == "not-resumed" || (failed.step == "Rename" && failed.kind == "refused")
}
