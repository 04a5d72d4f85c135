//! Setting the time of last modification, in whichever way the server knows.

use super::commands::refusal;
use super::FtpsClient;
use crate::protocol::{time_val, Command, Reply};
use crate::{Error, Failure, Result};
use std::time::SystemTime;

/// A command that sets a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeCommand {
    /// draft-somers-ftp-mfxx section 3.
    Mfmt,
    /// MDTM with a time before the path: what servers offered before MFMT. vsftpd has this alone.
    Mdtm,
    /// NcFTPd's form, which says that its times are UTC.
    SiteUtime,
}

impl TimeCommand {
    /// In the order to try them.
    const ALL: [TimeCommand; 3] = [TimeCommand::Mfmt, TimeCommand::Mdtm, TimeCommand::SiteUtime];

    fn with(self, time: &str, path: &[u8]) -> Result<Command> {
        match self {
            TimeCommand::Mfmt => Command::new("MFMT", [time.as_bytes(), b" ", path].concat()),
            TimeCommand::Mdtm => Command::new("MDTM", [time.as_bytes(), b" ", path].concat()),
            TimeCommand::SiteUtime => {
                let times = format!(" {time} {time} {time} UTC");
                Command::new("SITE", [b"UTIME ", path, times.as_bytes()].concat())
            }
        }
    }

    /// Whether another way is worth trying. A server that knows MDTM without a time alone looks for a file of that name,
    /// and finds none.
    fn may_be_unknown(self, reply: &Reply) -> bool {
        is_unknown(reply) || (self == TimeCommand::Mdtm && reply.code() == 550)
    }
}

impl FtpsClient {
    /// Sets when a file was last modified, to the second: MFMT (draft-somers-ftp-mfxx), where the server does not know
    /// it MDTM with a time, and else SITE UTIME. What works is remembered for the login.
    ///
    /// Fails with [`Error::Refused`] where the server knows none of them, and with [`Error::InvalidArgument`]
    /// before the year 0 and after 9999.
    pub fn set_modification_time(&mut self, path: impl AsRef<[u8]>, time: SystemTime) -> Result<()> {
        let time = time_val(time).ok_or_else(|| {
            Error::InvalidArgument(Failure::new("FTP has no words for a time outside the years 0 to 9999"))
        })?;
        let known = self.login.as_ref().and_then(|login| login.time_command);
        let ways = match &known {
            Some(known) => std::slice::from_ref(known),
            None => &TimeCommand::ALL[..],
        };
        let commands = ways.iter().map(|way| Ok((*way, way.with(&time, path.as_ref())?)));
        let commands = commands.collect::<Result<Vec<_>>>()?;
        self.check_idle()?;
        self.operation(|client| client.set_time_with(commands))
    }

    /// Tries one after the other.
    fn set_time_with(&mut self, commands: Vec<(TimeCommand, Command)>) -> Result<()> {
        let mut refusals = Vec::new();
        for (way, command) in commands {
            let reply = self.control.command(&command)?;
            if reply.is_completion() {
                if let Some(login) = &mut self.login {
                    login.time_command = Some(way);
                }
                return Ok(());
            }
            let ends_here = !way.may_be_unknown(&reply);
            refusals.push((command, reply));
            if ends_here {
                break;
            }
        }
        // That there is no such file tells more than that a command is unknown.
        let telling = refusals.iter().position(|(_, reply)| !is_unknown(reply)).unwrap_or_default();
        let (command, reply) = refusals.swap_remove(telling);
        Err(refusal(&command, reply))
    }
}

/// Whether the reply is to a command or a parameter that the server does not know.
fn is_unknown(reply: &Reply) -> bool {
    matches!(reply.code(), 500..=502 | 504)
}
