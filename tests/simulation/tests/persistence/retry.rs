//! What fails for a reason that passes arrives by attempts: identical, never twice, never short, and with each attempt seen.

use crate::{campaign, chance, check, choose, common, payload, FILE};
use fastrand::Rng;
use ftps::client::{Direction, FtpsClient, Retry, RetryObserver, RetryPolicy};
use simulation::{Breakage, Fault as NetworkFault, Profile, Simulation};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use strict_server::{Fault, FaultAction, Moment, Options, Server, Trigger};

const SESSIONS: u64 = 1_500;

/// In a row, without coming further.
const ATTEMPTS: u32 = 5;
const FIRST_DELAY: Duration = Duration::from_secs(2);
const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// How a session has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// Every trouble passes.
    Arrives,
    /// The observer forbids this attempt, counted from 1.
    Forbidden(usize),
    /// The server says 450 as often as it is asked.
    GivesUp,
}

#[derive(Debug)]
struct Plan {
    direction: Direction,
    content: Vec<u8>,
    /// What the server has before an upload.
    old: Option<Vec<u8>>,
    server: Vec<Fault>,
    network: Vec<NetworkFault>,
    ending: Ending,
}

/// One attempt, as the observer was shown it.
#[derive(Clone, Debug)]
struct Seen {
    attempt: u32,
    delay: Duration,
    offset: u64,
    kind: &'static str,
}

impl Plan {
    /// With troubles of the server, of which each meets exactly one attempt.
    fn with_server_troubles(seed: u64) -> Plan {
        let mut plan = Plan::without_troubles(seed);
        let mut rng = chance(!seed);
        let verb = if plan.direction == Direction::Upload { "STOR" } else { "RETR" };
        let troubles = rng.u32(1..=4);
        plan.ending = match rng.u8(0..8) {
            0 => Ending::GivesUp,
            1 | 2 => Ending::Forbidden(rng.usize(1..=troubles as usize)),
            _ => Ending::Arrives,
        };
        plan.server = match plan.ending {
            Ending::GivesUp => {
                vec![Fault::new(Trigger::new(Moment::Reply).on(verb).every(), reply("450 Busy."))]
            }
            _ => (1..=troubles)
                .map(|nth| {
                    let (moment, action) = draw_server_trouble(&mut rng, nth == troubles);
                    Fault::new(Trigger::new(moment).on(verb).nth(nth), action)
                })
                .collect(),
        };
        plan
    }

    /// With data connections that break, or are never made.
    fn with_network_troubles(seed: u64) -> Plan {
        let mut plan = Plan::without_troubles(seed);
        let mut rng = chance(!seed);
        plan.network = (0..rng.u8(1..=4)).map(|_| draw_network_trouble(&mut rng)).collect();
        plan
    }

    fn without_troubles(seed: u64) -> Plan {
        let mut rng = chance(seed);
        let direction = choose(&mut rng, &[Direction::Upload, Direction::Download]);
        // Longer than all troubles together let through.
        let length = rng.usize(60_000..150_000);
        let content = payload(&mut rng, length);
        let old = match rng.u8(0..4) {
            0 => None,
            1 => Some(content[..length / 2].to_vec()),
            2 => Some(payload(&mut rng, length + 10_000)),
            _ => Some(payload(&mut rng, 20_000)),
        };
        let (server, network) = (Vec::new(), Vec::new());
        Plan { direction, content, old, server, network, ending: Ending::Arrives }
    }

    fn run(&self, seed: u64) -> Result<Vec<Seen>, String> {
        let simulation = Simulation::new(seed, Profile::rough());
        let provider = simulation::tls::provider();
        // Connection 0 is the control connection.
        for (number, fault) in (1..).zip(&self.network) {
            simulation.plan(number, Some(*fault));
        }
        let ended = simulation.run(|| {
            let options = Options { faults: self.server.clone(), ..Options::default() };
            let server = common::serve(&simulation, &provider, options).map_err(|error| error.to_string())?;
            let before =
                if self.direction == Direction::Upload { &self.old } else { &Some(self.content.clone()) };
            if let Some(before) = before {
                server.put_file(FILE, before).map_err(|error| error.to_string())?;
            }
            let seen = Arc::new(Mutex::new(Vec::new()));
            let policy = RetryPolicy::new(ATTEMPTS)
                .first_delay(FIRST_DELAY)
                .longest_delay(LONGEST_DELAY)
                .observer(self.observer(&seen));
            let builder = common::client(&simulation, &provider, &server).retry_policy(policy);
            let mut client = builder.connect().map_err(|error| error.to_string())?;
            client.login("user", "password").map_err(|error| error.to_string())?;
            let begun = simulation.elapsed();
            let (outcome, received) = self.transfer(&mut client);
            let taken = simulation.elapsed() - begun;
            let seen = seen.lock().map_err(|_| "the observer panicked")?.clone();
            self.judge(&server, &outcome, received, &seen, taken)?;
            if outcome.is_ok() {
                let directory = client.current_directory().map_err(|error| format!("PWD: {error}"))?;
                check(directory == b"/", || format!("out of step: PWD gives {}", directory.escape_ascii()))?;
            }
            server.stop();
            Ok(seen)
        });
        let ended = ended.map_err(|error| error.to_string()).and_then(|ended| ended);
        ended.map_err(|broken| {
            let Plan { direction, server, network, ending, .. } = self;
            let tail = simulation.trace().tail(40);
            format!("{broken}\n{direction:?} {ending:?} {server:?} {network:?}\nlatest events:\n{tail}")
        })
    }

    fn observer(&self, seen: &Arc<Mutex<Vec<Seen>>>) -> RetryObserver {
        let (seen, ending) = (seen.clone(), self.ending);
        Arc::new(move |retry: &Retry<'_>| {
            let Ok(mut seen) = seen.lock() else { return false };
            seen.push(Seen {
                attempt: retry.attempt,
                delay: retry.delay,
                offset: retry.offset,
                kind: retry.error.kind(),
            });
            !matches!(ending, Ending::Forbidden(attempt) if attempt == seen.len())
        })
    }

    /// How it ended, and the bytes that have arrived here, where it is a download.
    fn transfer(&self, client: &mut FtpsClient) -> (ftps::Result<u64>, Vec<u8>) {
        let mut received = Vec::new();
        let outcome = match self.direction {
            Direction::Upload => client.upload_from_seekable(FILE, &mut Cursor::new(&self.content), |_| true),
            Direction::Download => client.download_to(FILE, &mut received, |_| true),
        };
        (outcome, received)
    }

    fn judge(
        &self,
        server: &Server,
        outcome: &ftps::Result<u64>,
        received: Vec<u8>,
        seen: &[Seen],
        taken: Duration,
    ) -> Result<(), String> {
        let arrived = match self.direction {
            Direction::Upload => server.file(FILE).unwrap_or_default(),
            Direction::Download => received,
        };
        match (self.ending, outcome) {
            (Ending::Arrives, Ok(_)) => {
                check(arrived == self.content, || "what has arrived is not what was sent".to_owned())?;
            }
            (Ending::Forbidden(_) | Ending::GivesUp, Err(_)) => {
                let is_old = self.direction == Direction::Upload && self.old.as_ref() == Some(&arrived);
                let is_part = self.content.starts_with(&arrived);
                check(is_old || is_part, || {
                    format!("{} bytes are neither old nor a beginning", arrived.len())
                })?;
            }
            (_, Ok(_)) => return Err("it arrived, against what was decided".to_owned()),
            (_, Err(error)) => return Err(format!("it did not arrive: {error}; {seen:?}")),
        }
        self.judge_attempts(seen, taken)
    }

    fn judge_attempts(&self, seen: &[Seen], taken: Duration) -> Result<(), String> {
        let expected = match self.ending {
            Ending::Arrives if self.network.is_empty() => self.server.len()..=self.server.len(),
            // Some troubles of the network are in places that the data connection does not come to.
            Ending::Arrives => 0..=self.network.len(),
            Ending::Forbidden(attempt) => attempt..=attempt,
            Ending::GivesUp => ATTEMPTS as usize..=ATTEMPTS as usize,
        };
        check(expected.contains(&seen.len()), || {
            format!("{expected:?} attempts are due, and seen were {seen:?}")
        })?;
        let mut reached = 0;
        let mut number = 0;
        for one in seen {
            number = if one.offset > reached { 1 } else { number + 1 };
            reached = reached.max(one.offset);
            let delay = (FIRST_DELAY * (1 << (number - 1))).min(LONGEST_DELAY);
            let is_right =
                (one.attempt, one.delay) == (number, delay) && one.offset <= self.content.len() as u64;
            check(is_right, || format!("attempt {number} after {delay:?} is due: {seen:?}"))?;
        }
        let is_forbidden = matches!(self.ending, Ending::Forbidden(_));
        let made = seen.len() - usize::from(is_forbidden);
        let waited: Duration = seen[..made].iter().map(|one| one.delay).sum();
        check(taken >= waited, || format!("{waited:?} are to be waited, and all took {taken:?}"))
    }
}

fn reply(text: &str) -> FaultAction {
    FaultAction::Reply(format!("{text}\r\n").into_bytes())
}

/// When one attempt fails, and how. (Behind the last byte only the last one may: what it had sent is complete, so that no other
/// need follow.)
fn draw_server_trouble(rng: &mut Rng, is_last: bool) -> (Moment, FaultAction) {
    let replies = ["421 Going down.", "425 No data connection.", "426 Broken off.", "450 Busy."];
    match rng.u8(0..4) {
        0 => (Moment::Reply, reply(choose(rng, &replies))),
        1 if is_last => (Moment::FinalReply, reply(choose(rng, &replies))),
        2 => (Moment::Reply, choose(rng, &[FaultAction::Cut, FaultAction::Reset])),
        _ => {
            let breaks = [FaultAction::Cut, FaultAction::Reset, FaultAction::CutBoth, FaultAction::ResetBoth];
            (Moment::DataByte(rng.u64(0..=8_000)), choose(rng, &breaks))
        }
    }
}

fn draw_network_trouble(rng: &mut Rng) -> NetworkFault {
    use simulation::Direction::{FromDialler, ToDialler};
    match rng.u8(0..6) {
        0 => NetworkFault::Refused,
        1 => NetworkFault::NeverAnswered,
        _ => NetworkFault::Break {
            direction: choose(rng, &[FromDialler, ToDialler]),
            after: rng.u64(0..=8_000),
            breakage: choose(rng, &[Breakage::Cut, Breakage::Reset, Breakage::Silence]),
        },
    }
}

#[test]
fn what_the_server_refuses_for_a_while_arrives_and_every_attempt_is_seen() {
    let test = "retry::what_the_server_refuses_for_a_while_arrives_and_every_attempt_is_seen";
    let campaign = campaign(SESSIONS, test);
    let seen = campaign.run(|seed| {
        let plan = Plan::with_server_troubles(seed);
        let seen = plan.run(seed)?;
        Ok((std::mem::discriminant(&plan.ending), seen))
    });
    let seen = seen.unwrap_or_else(|failed| panic!("{failed}"));
    if campaign.sessions >= SESSIONS {
        let endings = seen.iter().map(|(ending, _)| ending).collect::<std::collections::HashSet<_>>();
        let kinds: BTreeSet<_> = seen.iter().flat_map(|(_, seen)| seen).map(|one| one.kind).collect();
        let further = seen.iter().flat_map(|(_, seen)| seen).filter(|one| one.offset > 0).count();
        assert_eq!(endings.len(), 3);
        assert!(kinds.contains("refused") && kinds.contains("connection-lost"), "{kinds:?}");
        assert!(further as u64 > SESSIONS / 4, "{further} attempts went on behind what had arrived");
    }
}

#[test]
fn what_the_network_breaks_arrives_and_every_attempt_is_seen() {
    let test = "retry::what_the_network_breaks_arrives_and_every_attempt_is_seen";
    let campaign = campaign(SESSIONS, test);
    let seen = campaign.run(|seed| Plan::with_network_troubles(seed).run(seed));
    let seen = seen.unwrap_or_else(|failed| panic!("{failed}"));
    if campaign.sessions >= SESSIONS {
        let kinds: BTreeSet<_> = seen.iter().flatten().map(|one| one.kind).collect();
        for kind in ["connect", "refused", "timeout"] {
            assert!(kinds.contains(kind), "{kinds:?}");
        }
    }
}
