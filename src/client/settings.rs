//! What a login is told once, and a silent re-login has to be told again; and what files may be done with.

use super::commands::expect_completion;
use super::FtpsClient;
use crate::protocol::Command;
use crate::{Error, Failure, Result};

impl FtpsClient {
    /// Sets a file's permissions, for instance `0o640` (SITE CHMOD).
    pub fn set_permissions(&mut self, path: impl AsRef<[u8]>, mode: u32) -> Result<()> {
        let argument = [format!("CHMOD {} ", octal(mode)?).as_bytes(), path.as_ref()].concat();
        self.change(&Command::new("SITE", argument)?)
    }

    /// Sets which permissions new files and directories do not get, for instance `0o027` (SITE UMASK). A silent
    /// re-login sets it again.
    pub fn set_umask(&mut self, mask: u32) -> Result<()> {
        self.set_for_the_login(Command::new("SITE", format!("UMASK {}", octal(mask)?))?)
    }

    /// Chooses the facts that MLSD and MLST tell (OPTS MLST, RFC 3659 section 7.9), for instance `type`, `size` and
    /// `modify`. A silent re-login chooses them again.
    pub fn set_mlst_facts(&mut self, facts: &[&str]) -> Result<()> {
        let facts: String = facts.iter().map(|fact| format!("{fact};")).collect();
        self.set_for_the_login(Command::new("OPTS", format!("MLST {facts}").trim_end())?)
    }

    /// Sends a command that has to be answered with 2yz.
    pub(super) fn change(&mut self, command: &Command) -> Result<()> {
        self.check_idle()?;
        let reply = self.operation(|client| client.control.command(command))?;
        expect_completion(command, reply).map(drop)
    }

    fn set_for_the_login(&mut self, command: Command) -> Result<()> {
        self.change(&command)?;
        if let Some(login) = &mut self.login {
            let names_the_same =
                |known: &Command| known.verb() == command.verb() && topic(known) == topic(&command);
            login.settings.retain(|known| !names_the_same(known));
            login.settings.push(command);
        }
        Ok(())
    }
}

/// `UMASK` of `SITE UMASK 022`.
fn topic(command: &Command) -> Option<&[u8]> {
    command.argument().split(|byte| *byte == b' ').next()
}

fn octal(mode: u32) -> Result<String> {
    match mode {
        0..=0o7777 => Ok(format!("{mode:03o}")),
        _ => Err(Error::InvalidArgument(Failure::new(
            "permissions are between 0 and 0o7777; nothing was sent",
        ))),
    }
}
