//! What a session is like: everything is drawn from its seed.

use crate::faults;
use fastrand::Rng;
use ftps::ResumptionPolicy;
use rustls::crypto::CryptoProvider;
use simulation::{tls, Profile};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use strict_server::{
    Options, Preliminary, RefusalPoint, Resumption, Tickets, Tls12Sessions, TlsVersions, Wording,
};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weather {
    /// Nothing, and the network is smooth.
    Calm,
    /// Nothing, but fragments, jitter and small windows.
    Rough,
    /// The network.
    BadNetwork,
    /// The server.
    BadServer,
    /// Both.
    Storm,
}

/// What the session does, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// STOR, onto what is there.
    Upload,
    /// STOR after REST: a new second half.
    UploadTail,
    /// APPE.
    Append,
    /// STOR onto another file, given up half-way.
    AbandonedUpload,
    /// MLSD or LIST.
    List,
    /// RETR.
    Download,
    /// RETR after REST: the second half.
    DownloadTail,
    /// RNFR and RNTO, and back.
    Rename,
}

/// How the session has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Without an error.
    Success,
    /// The server gives no TLS sessions, and the policy insists: no transfer command is sent.
    NoTransfer,
    /// In identical bytes or an error.
    Either,
}

/// Virtual time that a step may take besides its payload's. A connection has one fault, and whoever runs into a deadline (60 seconds
/// for a reply or for silent data, 30 to connect) gives the connection up: so a step holds two of those deadlines at most, and
/// some seconds in which the reply to a broken transfer is waited for.
const WAITING: Duration = Duration::from_secs(180);

#[derive(Debug)]
pub struct Plan {
    pub seed: u64,
    pub weather: Weather,
    pub policy: ResumptionPolicy,
    pub server: Options,
    pub is_post_quantum: bool,
    /// The server makes the data connections.
    pub is_active: bool,
    pub steps: Vec<Step>,
    /// Bytes of each upload.
    pub length: usize,
}

impl Plan {
    pub fn draw(seed: u64) -> Plan {
        // Another stream than that of the simulation, which is seeded with the same number.
        let mut rng = Rng::with_seed(seed ^ 0x7365_7373_696f_6e73);
        let weather = match seed % 8 {
            0 => Weather::Calm,
            1 => Weather::Rough,
            2 => Weather::BadServer,
            3 => Weather::Storm,
            _ => Weather::BadNetwork,
        };
        let length = draw_length(&mut rng);
        let server = draw_server(&mut rng, weather, length);
        let mut steps = draw_steps(&mut rng);
        if server.wording.closes_control() {
            // It may have refused the session, and hung up, before it hears that the upload is given up.
            steps.retain(|step| *step != Step::AbandonedUpload);
        }
        Plan {
            seed,
            weather,
            policy: if rng.u8(0..3) == 0 { ResumptionPolicy::Require } else { ResumptionPolicy::Prefer },
            server,
            is_post_quantum: rng.u8(0..4) == 0,
            is_active: rng.u8(0..4) == 0,
            steps,
            length,
        }
    }

    pub fn profile(&self) -> Profile {
        match self.weather {
            Weather::Calm => Profile::calm(),
            Weather::Rough | Weather::BadServer => Profile::rough(),
            Weather::BadNetwork | Weather::Storm => Profile::faulty(),
        }
    }

    pub fn provider(&self) -> Arc<CryptoProvider> {
        if self.is_post_quantum {
            tls::post_quantum_provider()
        } else {
            tls::provider()
        }
    }

    pub fn expected(&self) -> Expected {
        let is_fair = matches!(self.weather, Weather::Calm | Weather::Rough);
        match (is_fair, self.policy) {
            (true, ResumptionPolicy::Require) if !self.gives_sessions() => Expected::NoTransfer,
            (true, _) => Expected::Success,
            (false, _) => Expected::Either,
        }
    }

    /// Virtual time that a step may take. The slowest connection carries one of its small windows in a round trip; a file grows to
    /// two uploads, and an upload that was refused is sent twice.
    pub fn longest_step(&self) -> Duration {
        let profile = self.profile();
        let round_trip = 2 * (profile.latency_max + profile.jitter);
        let windows = 3 * self.length / profile.window_min;
        WAITING + round_trip.mul_f64(windows as f64)
    }

    /// Whether the server's TLS sessions can be resumed again and again: then no data connection has a full handshake.
    pub fn holds_tether(&self) -> bool {
        let tickets = &self.server.tickets;
        self.gives_sessions()
            && !tickets.single_use
            && !tickets.only_from_control
            && tickets.lifetime > Duration::from_secs(3600)
    }

    fn gives_sessions(&self) -> bool {
        self.server.tickets.at_login > 0
    }
}

/// Login comes before; what the issue names is always there, and some of the rest.
fn draw_steps(rng: &mut Rng) -> Vec<Step> {
    let mut steps = vec![Step::Upload, Step::List, Step::Download, Step::Rename];
    let extras = [Step::Upload, Step::UploadTail, Step::Append, Step::AbandonedUpload, Step::DownloadTail];
    for extra in extras {
        if rng.u8(0..3) == 0 {
            // After the first upload: they need a file.
            steps.insert(rng.usize(1..=steps.len()), extra);
        }
    }
    steps
}

/// Mostly small; sometimes nothing, sometimes more than the client keeps for sending it again.
fn draw_length(rng: &mut Rng) -> usize {
    match rng.u8(0..100) {
        0..=4 => 0,
        5 => rng.usize(250_000..300_000),
        _ => rng.usize(1..40_000),
    }
}

fn draw_server(rng: &mut Rng, weather: Weather, length: usize) -> Options {
    let (resumption, tickets, tls12_sessions) = draw_sessions(rng);
    let mut answers = BTreeMap::new();
    if rng.u8(0..6) == 0 {
        answers.insert("EPSV".to_owned(), "500 Unknown command.".to_owned());
    }
    if rng.u8(0..6) == 0 {
        let unknown = |verb: &str| (verb.to_owned(), "500 Unknown command.".to_owned());
        answers.extend(["MLSD", "MLST"].map(unknown));
    }
    let faults = match weather {
        Weather::BadServer | Weather::Storm => (0..rng.u8(1..3)).map(|_| faults::draw(rng, length)).collect(),
        Weather::Calm | Weather::Rough | Weather::BadNetwork => Vec::new(),
    };
    Options {
        versions: choose(rng, &[TlsVersions::Tls12, TlsVersions::Tls13, TlsVersions::Both]),
        resumption,
        tickets,
        tls12_sessions,
        wording: choose(rng, &[Wording::FileZilla09, Wording::FileZilla1, Wording::Vsftpd, Wording::ProFtpd]),
        refusal: choose(
            rng,
            &[
                RefusalPoint::DuringHandshake,
                RefusalPoint::AfterHandshake,
                RefusalPoint::AfterHandshakeAbruptly,
            ],
        ),
        preliminary: choose(rng, &[Preliminary::BeforeHandshake, Preliminary::AfterHandshake]),
        // Where the network forges a FIN, a server that takes it for the end of an upload (ProFTPD) confirms what it has not got.
        lenient_upload_end: !matches!(weather, Weather::BadNetwork | Weather::Storm) && rng.bool(),
        answers,
        faults,
        ..Options::default()
    }
}

/// Which sessions the server gives, and which it insists on.
fn draw_sessions(rng: &mut Rng) -> (Resumption, Tickets, Tls12Sessions) {
    let plain = Tickets::default();
    let tickets = match rng.u8(0..8) {
        0 | 1 => plain,
        2 | 3 => Tickets { on_uploads: 0, ..plain },
        4 => Tickets { single_use: true, ..plain },
        5 => Tickets { only_from_control: true, ..plain },
        6 => Tickets { lifetime: Duration::from_secs(30), ..plain },
        _ => {
            let none = Tickets { at_login: 0, on_downloads: 0, on_uploads: 0, ..plain };
            return (Resumption::NotRequired, none, Tls12Sessions::Neither);
        }
    };
    let resumption =
        choose(rng, &[Resumption::SameControlSession, Resumption::AnyResumed, Resumption::NotRequired]);
    let tls12 = choose(rng, &[Tls12Sessions::Ids, Tls12Sessions::Tickets, Tls12Sessions::Both]);
    (resumption, tickets, tls12)
}

pub fn choose<T: Clone>(rng: &mut Rng, choices: &[T]) -> T {
    choices[rng.usize(0..choices.len())].clone()
}
