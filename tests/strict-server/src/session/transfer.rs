//! Commands that move data, from the command to the final reply.

use super::files::refusal;
use super::{DataSource, Flow, Over, Session};
use crate::fault::Moment;
use crate::link::Link;
use crate::options::Preliminary;
use crate::store::File;
use std::io;

/// Why a transfer ended before its end.
#[derive(Debug)]
pub(super) enum Halt {
    /// With this reply.
    Reply(String),
    /// The data connection was refused for want of resumption.
    Refused,
    /// The client sent `ABOR`.
    Abort,
    /// A fault has said everything already.
    Silent,
    /// The control connection is over too.
    Over(Over),
}

impl From<Over> for Halt {
    fn from(over: Over) -> Self {
        Halt::Over(over)
    }
}

/// What is to be moved.
#[derive(Debug)]
pub(super) enum Job {
    SendText(Vec<u8>),
    SendFile { file: Box<dyn File>, start: u64 },
    Receive { file: Box<dyn File>, start: u64 },
}

impl Job {
    pub(super) fn is_upload(&self) -> bool {
        matches!(self, Job::Receive { .. })
    }
}

/// How the moving of payload ended.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) link: Link,
    /// A fault took this for the end.
    pub(super) is_cut_short: bool,
}

impl Session {
    pub(super) fn retr(&mut self, argument: &str, start: u64) -> Flow {
        let Some(path) = self.path(argument) else {
            return self.reply("501 A path is needed.");
        };
        let opened = self.shared.store.open(&path).and_then(|file| Ok((file.len()?, file)));
        match opened {
            Err(e) => self.reply(&refusal(&e)),
            Ok((length, _)) if start > length => {
                self.reply("554 The restart offset is beyond the file's end.")
            }
            Ok((_, file)) => self.transfer(Job::SendFile { file, start }),
        }
    }

    /// Without `REST` the target is truncated here and now, before anybody knows whether the data
    /// connection will be taken: all strict servers do.
    pub(super) fn stor(&mut self, argument: &str, start: u64) -> Flow {
        if let Some(refusal) = self.not_ready() {
            return self.reply(refusal);
        }
        if start > 0 && !self.shared.options.restarts_uploads {
            return self.reply("451 Append/Restart not permitted, try again.");
        }
        let opened = self.open_target(argument).and_then(|file| {
            if start == 0 {
                file.truncate()?;
            }
            Ok((file.len()?, file))
        });
        match opened {
            Err(e) => self.reply(&refusal(&e)),
            Ok((length, _)) if start > length => {
                self.reply("554 The restart offset is beyond the file's end.")
            }
            Ok((_, file)) => self.transfer(Job::Receive { file, start }),
        }
    }

    pub(super) fn appe(&mut self, argument: &str) -> Flow {
        if let Some(refusal) = self.not_ready() {
            return self.reply(refusal);
        }
        match self.open_target(argument).and_then(|file| Ok((file.len()?, file))) {
            Err(e) => self.reply(&refusal(&e)),
            Ok((start, file)) => self.transfer(Job::Receive { file, start }),
        }
    }

    fn open_target(&self, argument: &str) -> io::Result<Box<dyn File>> {
        let path = self.path(argument).filter(|_| !argument.is_empty()).ok_or(io::ErrorKind::InvalidInput)?;
        self.shared.store.create(&path, self.shared.waiter.network.wall_clock())
    }

    pub(super) fn listing(&mut self, verb: &str, argument: &str) -> Flow {
        // Clients that are used to `ls` send its options along.
        let path = match argument.strip_prefix('-') {
            Some(options) if verb != "MLSD" => options.split_once(' ').map_or("", |(_, path)| path),
            _ => argument,
        };
        let lines = match self.list_lines(verb, path) {
            Err(e) if verb == "MLSD" && e.kind() == io::ErrorKind::NotADirectory => {
                return self.reply("501 Not a directory.");
            }
            Err(e) => return self.reply(&refusal(&e)),
            Ok(lines) => lines,
        };
        let bytes = match &self.shared.options.raw_listing {
            Some(bytes) => bytes.clone(),
            None => lines.iter().flat_map(|line| self.control.encode(&format!("{line}\r\n"))).collect(),
        };
        self.transfer(Job::SendText(bytes))
    }

    /// Why no transfer can start now.
    fn not_ready(&self) -> Option<&'static str> {
        match self.source {
            DataSource::None => Some("425 Use EPSV, PASV, EPRT or PORT first."),
            _ => self.protection_refusal(),
        }
    }

    /// A transfer, and its final reply.
    fn transfer(&mut self, job: Job) -> Flow {
        if let Some(refusal) = self.not_ready() {
            return self.reply(refusal);
        }
        match self.run_transfer(&job) {
            Ok(moved) => {
                self.count_completed(&job, &moved);
                self.finish(moved)
            }
            Err(Halt::Reply(text)) => self.final_reply(&text),
            Err(Halt::Refused) => self.refuse(),
            Err(Halt::Abort) => {
                self.final_reply("426 Transfer aborted.")?;
                Ok(self.control.send(b"226 Abort successful.\r\n")?)
            }
            Err(Halt::Silent) => Ok(()),
            Err(Halt::Over(over)) => Err(over),
        }
    }

    fn run_transfer(&mut self, job: &Job) -> Result<Moved, Halt> {
        let order = self.shared.options.preliminary;
        if order == Preliminary::BeforeHandshake {
            self.preliminary()?;
        }
        let mut link = self.open_data()?;
        if self.is_protected {
            link = self.secure_data(link, job.is_upload())?;
        }
        if order == Preliminary::AfterHandshake {
            self.preliminary()?;
        }
        let moved = match job {
            Job::Receive { file, start } => self.receive(link, &**file, *start)?,
            _ => self.send(link, job)?,
        };
        self.end_data(moved)
    }

    /// A fault that refuses in its place leaves nothing to be done.
    fn preliminary(&mut self) -> Result<(), Halt> {
        let is_refused = self.armed.refuses(Moment::Reply);
        self.reply("150 Opening data connection.")?;
        match is_refused {
            true => Err(Halt::Silent),
            false => Ok(()),
        }
    }

    fn count_completed(&mut self, job: &Job, moved: &Moved) {
        if !moved.is_cut_short {
            self.shared.record.count(|counters| match job.is_upload() {
                true => counters.uploads_completed += 1,
                false => counters.downloads_completed += 1,
            });
        }
    }

    fn finish(&mut self, moved: Moved) -> Flow {
        self.linger(moved.link);
        self.final_reply("226 Transfer complete.")
    }

    fn refuse(&mut self) -> Flow {
        self.shared.record.count(|counters| counters.data_refused += 1);
        let wording = self.shared.options.wording;
        self.final_reply(wording.refusal())?;
        if wording.closes_control() {
            return Err(Over::Quit);
        }
        Ok(())
    }
}
