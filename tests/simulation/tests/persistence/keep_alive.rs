//! NOOPs while a transfer is slow and while nothing happens: sent when they are due, and their replies taken for nothing else,
//! whether the server gives them at once, after the transfer, or never.

use crate::{campaign, chance, check, choose, common, payload, FILE};
use ftps::client::{Dialogue, Direction, FtpsClient, RateLimits};
use ftps::net::Network;
use ftps::protocol::Reply;
use simulation::{Host, Profile, Simulation};
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, NoopInTransfer, Options, Server, Trigger};

const SESSIONS: u64 = 600;

/// What a NOOP may be late by: a rate limit's waits, and a round trip.
const SLACK: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Success,
    /// The server's final reply is this refusal.
    Refused,
    /// The caller gives the transfer up half-way.
    GivenUp,
}

#[derive(Debug)]
struct Plan {
    answers: NoopInTransfer,
    direction: Direction,
    content: Vec<u8>,
    interval: Duration,
    /// How long the transfer is to take.
    seconds: u64,
    ending: Ending,
}

/// When the client sent something.
type Sent = Arc<Mutex<Vec<(Instant, bool)>>>;

impl Plan {
    fn draw(seed: u64) -> Plan {
        let mut rng = chance(seed);
        let kinds = [
            NoopInTransfer::AnsweredAtOnce,
            NoopInTransfer::AnsweredAfterwards,
            NoopInTransfer::Refused,
            NoopInTransfer::Swallowed,
        ];
        let length = rng.usize(20_000..60_000);
        Plan {
            answers: choose(&mut rng, &kinds),
            direction: choose(&mut rng, &[Direction::Upload, Direction::Download]),
            content: payload(&mut rng, length),
            interval: Duration::from_secs(rng.u64(5..40)),
            seconds: rng.u64(60..400),
            ending: choose(&mut rng, &[Ending::Success, Ending::Success, Ending::Refused, Ending::GivenUp]),
        }
    }

    fn options(&self) -> Options {
        let refusal = FaultAction::Reply(b"451 Local error in processing.\r\n".to_vec());
        let fault = Fault::new(Trigger::new(Moment::FinalReply), refusal);
        let faults = if self.ending == Ending::Refused { vec![fault] } else { Vec::new() };
        // With small windows and a slow client the server has nothing to do for long.
        let data_timeout = Duration::from_secs(3600);
        Options { noop_in_transfer: self.answers, faults, data_timeout, ..Options::default() }
    }

    fn run(&self, seed: u64) -> Result<(), String> {
        let simulation = Simulation::new(seed, Profile::rough());
        let provider = simulation::tls::provider();
        let ended = simulation.run(|| {
            let server = common::serve(&simulation, &provider, self.options())?;
            server.put_file(FILE, &self.content)?;
            let rate = NonZeroU64::new(self.content.len() as u64 / self.seconds);
            let sent = Sent::default();
            let mut client = common::client(&simulation, &provider, &server)
                .keep_alive(self.interval)
                .dialogue_observer(note_sent(&sent, simulation.network(Host::CLIENT)))
                .connect()?;
            client.login("user", "password")?;
            client.set_rate_limits(RateLimits { download: rate, upload: rate });
            self.transfer(&mut client, &server)?;
            client.set_rate_limits(RateLimits::default());
            self.check_in_step(&mut client)?;
            self.check_silence(&sent)?;
            self.idle(&simulation, &mut client, &sent)?;
            self.check_in_step(&mut client)?;
            client.quit()?;
            server.stop();
            Ok::<(), Box<dyn std::error::Error>>(())
        });
        let ended = ended
            .map_err(|error| error.to_string())
            .and_then(|ended| ended.map_err(|error| error.to_string()));
        ended.map_err(|broken| {
            let Plan { answers, direction, interval, seconds, ending, .. } = self;
            let tail = simulation.trace().tail(40);
            format!("{broken}\n{answers:?} {direction:?} {interval:?} {seconds} s {ending:?}\nlatest events:\n{tail}")
        })
    }

    fn transfer(&self, client: &mut FtpsClient, server: &Server) -> Result<(), String> {
        let mut received = Vec::new();
        let half = self.content.len() as u64 / 2;
        let goes_on = |moved| self.ending != Ending::GivenUp || moved < half;
        let outcome = match self.direction {
            Direction::Upload => client.upload_from("new", &mut self.content.as_slice(), goes_on),
            Direction::Download => client.download_to(FILE, &mut received, goes_on),
        };
        match (self.ending, outcome) {
            (Ending::Success, Ok(_)) => {
                let upload = server.file("new");
                let arrived = if self.direction == Direction::Upload { upload } else { Some(received) };
                check(arrived.as_ref() == Some(&self.content), || {
                    "what has arrived is another file".to_owned()
                })
            }
            (Ending::Refused, Err(error)) => {
                let code = error.reply().map(Reply::code);
                check(code == Some(451), || format!("the refusal is 451, and told was {error}"))
            }
            (Ending::GivenUp, Err(error)) => {
                check(error.kind() == "cancelled", || format!("given up, and told was {error}"))
            }
            (_, outcome) => Err(format!("it ended in {outcome:?}")),
        }
    }

    /// Commands whose replies could be mistaken for each other's, and for a NOOP's.
    fn check_in_step(&self, client: &mut FtpsClient) -> Result<(), String> {
        let told = |error: ftps::Error| format!("out of step: {error}");
        client.set_type("I").map_err(told)?;
        let size = client.size(FILE).map_err(told)?;
        check(size == self.content.len() as u64, || format!("SIZE gives {size}"))?;
        let directory = client.current_directory().map_err(told)?;
        check(directory == b"/", || format!("PWD gives {}", directory.escape_ascii()))
    }

    /// From one command to the next it was never silent for longer than the interval.
    fn check_silence(&self, sent: &Sent) -> Result<(), String> {
        let sent = sent.lock().map_err(|_| "the observer panicked")?;
        let longest = sent.windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap_or_default();
        check(longest <= self.interval + SLACK, || format!("the client was silent for {longest:?}"))?;
        let noops = sent.iter().filter(|(_, is_noop)| *is_noop).count() as u64;
        let due = self.seconds / self.interval.as_secs();
        let least = match (self.ending, self.direction) {
            (Ending::Success, _) | (Ending::Refused, Direction::Upload) => due.saturating_sub(1),
            (Ending::GivenUp, _) => (due / 2).saturating_sub(1),
            // The server has sent all, and refuses, before the client has taken it.
            (Ending::Refused, Direction::Download) => 0,
        };
        check((least..=due + 2).contains(&noops), || format!("{noops} NOOPs, and due are {due}"))
    }

    /// Longer than the server lets a silent client be.
    fn idle(&self, simulation: &Simulation, client: &mut FtpsClient, sent: &Sent) -> Result<(), String> {
        let before = sent.lock().map_err(|_| "the observer panicked")?.len();
        for _ in 0..20 {
            simulation.sleep(self.interval / 2);
            client.keep_alive().map_err(|error| format!("idle: {error}"))?;
        }
        let noops = sent.lock().map_err(|_| "the observer panicked")?.len() - before;
        check((9..=10).contains(&noops), || format!("{noops} NOOPs in the time of ten"))
    }
}

fn note_sent(sent: &Sent, network: Arc<dyn Network>) -> ftps::client::DialogueObserver {
    let sent = sent.clone();
    Arc::new(move |line: Dialogue<'_>| {
        if let (Dialogue::Sent(command), Ok(mut sent)) = (line, sent.lock()) {
            sent.push((network.now(), command.to_string() == "NOOP"));
        }
    })
}

#[test]
fn a_slow_transfer_is_kept_alive_whenever_the_server_answers() {
    let test = "keep_alive::a_slow_transfer_is_kept_alive_whenever_the_server_answers";
    let ended = campaign(SESSIONS, test).run(|seed| Plan::draw(seed).run(seed));
    ended.unwrap_or_else(|failed| panic!("{failed}"));
}
