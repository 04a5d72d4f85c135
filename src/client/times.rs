//! When files were last modified, as the caller wants it.

use super::commands::expect_completion;
use super::FtpsClient;
use crate::protocol::{time_val, Command};
use crate::{Error, Failure, Result};
use std::time::SystemTime;

/// The ways to set a file's time, the standard's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeCommand {
    /// `MFMT time path` (draft-somers-ftp-mfxx).
    Mfmt,
    /// `MDTM time path`, which was never standardised.
    Mdtm,
    /// `SITE UTIME path atime mtime ctime UTC`.
    SiteUtime,
}

impl TimeCommand {
    const ALL: [TimeCommand; 3] = [TimeCommand::Mfmt, TimeCommand::Mdtm, TimeCommand::SiteUtime];

    fn command(self, path: &[u8], time: &str) -> Result<Command> {
        let time = time.as_bytes();
        match self {
            TimeCommand::Mfmt => Command::new("MFMT", [time, path].join(&b' ')),
            TimeCommand::Mdtm => Command::new("MDTM", [time, path].join(&b' ')),
            TimeCommand::SiteUtime => {
                Command::new("SITE", [b"UTIME", path, time, time, time, b"UTC"].join(&b' '))
            }
        }
    }

    /// Whether another may be known where this one is not. Who knows MDTM as a question alone looks for a file of that
    /// name (550).
    fn leads_on(self, error: &Error) -> bool {
        error.reply().is_some_and(|reply| match reply.code() {
            500 | 501 | 502 | 504 => true,
            550 => self == TimeCommand::Mdtm,
            _ => false,
        })
    }
}

impl FtpsClient {
    /// Sets when a file was last modified, to the second: with MFMT, else MDTM with a time, else SITE UTIME. Which one
    /// the server knows is remembered for the login.
    pub fn set_modified(&mut self, path: impl AsRef<[u8]>, time: SystemTime) -> Result<()> {
        let time = time_val(time).ok_or_else(|| {
            Error::InvalidArgument(Failure::new("the time is not in the years 0 to 9999; nothing was sent"))
        })?;
        let known = self.login.as_ref().and_then(|login| login.time_command);
        let mut refusal = None;
        self.in_steps(|client| {
            for way in TimeCommand::ALL.into_iter().filter(|way| known.is_none_or(|known| known == *way)) {
                match client.change(&way.command(path.as_ref(), &time)?) {
                    Err(error) if way.leads_on(&error) => drop(refusal.get_or_insert(error)),
                    Err(error) => return Err(error),
                    Ok(()) => {
                        if let Some(login) = &mut client.login {
                            login.time_command = Some(way);
                        }
                        return Ok(());
                    }
                }
            }
            Err(refusal.unwrap_or_else(|| Error::Refused(Failure::new("the server sets no times"))))
        })
    }

    /// Sends a command that has to be answered with 2yz.
    pub(super) fn change(&mut self, command: &Command) -> Result<()> {
        self.check_idle()?;
        let reply = self.operation(|client| client.control.command(command))?;
        expect_completion(command, reply).map(drop)
    }
}
