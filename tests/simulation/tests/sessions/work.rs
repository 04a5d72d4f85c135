//! A session at work, and what it checks after every step.

use crate::dialogue::Dialogue;
use crate::plan::{Plan, Step};
use ftps::client::{FtpsClient, Statistics, Upload};
use ftps::{Error, ResumptionPolicy};
use simulation::Simulation;
use std::io::{self, Read, Write};
use std::time::Duration;
use strict_server::Server;

const FILE: &str = "file";

/// What came of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The errors: where, and their kind and text.
    pub errors: Vec<Failed>,
    /// After how many of them the client was still usable.
    pub recovered: u64,
    pub slowest_step: Duration,
    pub statistics: Statistics,
}

/// A step that ended in an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub step: String,
    pub kind: &'static str,
    pub message: String,
}

impl Failed {
    fn new(step: &str, error: &Error) -> Self {
        Failed { step: step.to_owned(), kind: error.kind(), message: error.to_string() }
    }
}

/// Why a step did not succeed.
enum Trouble {
    /// An error of the client: that is fine.
    Error(Error),
    /// A broken promise: that is not.
    Broken(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Error(error)
    }
}

fn broken(promise: impl Into<String>) -> Trouble {
    Trouble::Broken(promise.into())
}

pub struct Work<'a> {
    plan: &'a Plan,
    simulation: &'a Simulation,
    server: &'a Server,
    client: FtpsClient,
    logged_in: bool,
    /// What the remote file must contain; unknown after an upload that failed.
    content: Option<Vec<u8>>,
    confirmed_uploads: u64,
    confirmed_downloads: u64,
    outcome: Outcome,
    dialogue: &'a Dialogue,
}

impl<'a> Work<'a> {
    /// Connects, does all the steps and says goodbye. The error is a broken promise.
    pub fn run(
        plan: &'a Plan,
        simulation: &'a Simulation,
        server: &'a Server,
        dialogue: &'a Dialogue,
        connect: impl FnOnce() -> ftps::Result<FtpsClient>,
    ) -> Result<Outcome, String> {
        let begun = simulation.elapsed();
        let client = connect();
        let connecting = simulation.elapsed() - begun;
        let mut client = match client {
            Ok(client) => client,
            Err(error) => {
                let errors = vec![Failed::new("connect", &error)];
                return Ok(Outcome { errors, slowest_step: connecting, ..Outcome::default() });
            }
        };
        client.set_dialogue_observer(Some(dialogue.observer()));
        let outcome = Outcome { slowest_step: connecting, ..Outcome::default() };
        let mut work = Work {
            plan,
            simulation,
            server,
            client,
            logged_in: false,
            content: None,
            confirmed_uploads: 0,
            confirmed_downloads: 0,
            outcome,
            dialogue,
        };
        work.logged_in = work.attempt("login", |work| Ok(work.client.login("user", "password")?))?;
        if work.logged_in {
            for step in &plan.steps {
                work.attempt(&format!("{step:?}"), |work| work.step(*step))?;
                if !work.client.is_usable() {
                    break;
                }
            }
        }
        work.finish()
    }

    fn finish(mut self) -> Result<Outcome, String> {
        self.outcome.statistics = self.client.statistics();
        let counters = self.server.counters();
        if self.confirmed_uploads > counters.uploads_completed {
            return Err(format!(
                "{} uploads were reported as success, and the server completed {}",
                self.confirmed_uploads, counters.uploads_completed
            ));
        }
        let confirmed = self.confirmed_uploads + self.confirmed_downloads;
        if self.plan.policy == ResumptionPolicy::Require && confirmed > self.outcome.statistics.resumed {
            return Err(format!("{confirmed} transfers under require: {:?}", self.outcome.statistics));
        }
        // The end of a session that has gone wrong goes wrong too.
        let _ = self.client.quit();
        Ok(self.outcome)
    }

    /// One step, within its time. False when it ended in an error.
    fn attempt(
        &mut self,
        name: &str,
        step: impl FnOnce(&mut Self) -> Result<(), Trouble>,
    ) -> Result<bool, String> {
        let begun = self.simulation.elapsed();
        let outcome = step(self);
        let taken = self.simulation.elapsed() - begun;
        self.outcome.slowest_step = self.outcome.slowest_step.max(taken);
        match outcome {
            Ok(()) => Ok(true),
            Err(Trouble::Broken(promise)) => Err(format!("{name}: {promise}")),
            Err(Trouble::Error(error)) => {
                self.dialogue.note(&format!("{name}: {error}"));
                self.outcome.errors.push(Failed::new(name, &error));
                self.check_state_after(&error).map_err(|promise| format!("{name}: {promise}"))?;
                Ok(false)
            }
        }
    }

    /// The client works, or says that it does not.
    fn check_state_after(&mut self, error: &Error) -> Result<(), String> {
        if !self.client.is_usable() {
            return match self.client.noop() {
                Err(Error::Broken(_)) => Ok(()),
                other => Err(format!("unusable after {error}, and NOOP gives {other:?}")),
            };
        }
        // A reply that belongs to another command would not name the directory.
        match self.client.noop().and_then(|()| self.client.current_directory()) {
            Ok(directory) if directory == b"/" => {
                self.outcome.recovered += 1;
                Ok(())
            }
            Ok(directory) => Err(format!("out of step after {error}: PWD gives {directory:?}")),
            // Before the login there is no directory.
            Err(Error::Refused(_)) if !self.logged_in => Ok(()),
            Err(_) if !self.client.is_usable() => Ok(()),
            Err(next) => Err(format!("said to be usable after {error}, and NOOP or PWD fails: {next}")),
        }
    }

    fn step(&mut self, step: Step) -> Result<(), Trouble> {
        match step {
            Step::Upload => self.upload(),
            Step::UploadTail => self.upload_tail(),
            Step::Append => self.append(),
            Step::AbandonedUpload => self.abandon_upload(),
            Step::List => self.list(),
            Step::Download => self.download(0),
            Step::DownloadTail => self.download(self.content.as_ref().map_or(0, Vec::len) / 2),
            Step::Rename => self.rename(),
        }
    }

    fn upload(&mut self) -> Result<(), Trouble> {
        let whole = self.fresh_bytes();
        self.content = None;
        let moved = self.client.upload_from(FILE, &mut whole.as_slice(), |_| true)?;
        if moved != whole.len() as u64 {
            return Err(broken(format!("{moved} of {} bytes were uploaded", whole.len())));
        }
        self.check_upload(whole)
    }

    fn append(&mut self) -> Result<(), Trouble> {
        let Some(before) = self.content.take() else { return self.upload() };
        let more = self.fresh_bytes();
        send(self.client.append(FILE)?, &more)?;
        self.check_upload([before, more].concat())
    }

    fn upload_tail(&mut self) -> Result<(), Trouble> {
        let Some(mut whole) = self.content.take() else { return self.upload() };
        let start = whole.len() / 2;
        whole[start..].reverse();
        send(self.client.upload(FILE, start as u64)?, &whole[start..])?;
        self.check_upload(whole)
    }

    /// NOOP comes after whatever the server had to say.
    fn abandon_upload(&mut self) -> Result<(), Trouble> {
        let completed = self.server.counters().uploads_completed;
        let whole = self.fresh_bytes();
        let mut upload = self.client.upload("part", 0)?;
        upload.write_all(&whole[..whole.len() / 2]).map_err(own_error)?;
        drop(upload);
        self.client.noop()?;
        match self.server.counters().uploads_completed == completed {
            true => Ok(()),
            false => Err(broken("an upload was given up half-way, and the server took it for whole")),
        }
    }

    fn check_upload(&mut self, expected: Vec<u8>) -> Result<(), Trouble> {
        self.confirmed_uploads += 1;
        self.check_remote(FILE, &expected)?;
        self.content = Some(expected);
        Ok(())
    }

    fn check_remote(&self, name: &str, expected: &[u8]) -> Result<(), Trouble> {
        match self.server.file(name) {
            Some(content) if content == expected => Ok(()),
            Some(content) => Err(broken(format!(
                "success was reported, and the server has {} bytes that are not the {} sent",
                content.len(),
                expected.len()
            ))),
            None => Err(broken(format!("success was reported, and the server has no {name}"))),
        }
    }

    fn list(&mut self) -> Result<(), Trouble> {
        let listing = self.client.list("")?;
        self.confirmed_downloads += 1;
        let found = listing.entries.iter().find(|entry| entry.name() == FILE);
        let size = found.and_then(ftps::protocol::listing::Entry::size);
        match &self.content {
            Some(content) if size != Some(content.len() as u64) => {
                Err(broken(format!("a listing was reported whole, and is {listing:?}")))
            }
            _ => Ok(()),
        }
    }

    fn download(&mut self, start: usize) -> Result<(), Trouble> {
        let mut received = Vec::new();
        let outcome = self.client.download(FILE, start as u64).and_then(|mut download| {
            download.read_to_end(&mut received).map_err(own_error)?;
            download.finish().map(drop)
        });
        self.confirmed_downloads += u64::from(outcome.is_ok());
        let Some(content) = &self.content else { return Ok(outcome?) };
        if !content[start..].starts_with(&received) {
            return Err(broken(format!("{} bytes were received that are not the file's", received.len())));
        }
        outcome?;
        if received.len() != content.len() - start {
            let of = content.len() - start;
            return Err(broken(format!("a download was reported whole at {} of {of} bytes", received.len())));
        }
        Ok(())
    }

    /// There and back, so that the steps after it find the file.
    fn rename(&mut self) -> Result<(), Trouble> {
        let content = self.content.take();
        for (from, to) in [(FILE, "renamed"), ("renamed", FILE)] {
            self.client.rename(from, to)?;
            if self.server.file(from).is_some() {
                return Err(broken(format!("{from} was renamed to {to}, and is still there")));
            }
            if let Some(content) = &content {
                self.check_remote(to, content)?;
            }
        }
        self.content = content;
        Ok(())
    }

    /// Bytes that no other upload of the session has.
    fn fresh_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.plan.length];
        fastrand::Rng::with_seed(self.plan.seed ^ (self.confirmed_uploads << 48)).fill(&mut bytes);
        bytes
    }
}

fn send(mut upload: Upload<'_>, bytes: &[u8]) -> ftps::Result<()> {
    upload.write_all(bytes).map_err(own_error)?;
    upload.finish().map(drop)
}

/// The client's error in the clothes of `io`.
fn own_error(error: io::Error) -> Error {
    match error.downcast() {
        Ok(own) => own,
        Err(foreign) => Error::Local(ftps::Failure::new("not an error of the client").with_cause(foreign)),
    }
}
