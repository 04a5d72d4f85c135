//! Commands that are answered by a reply alone.

use super::FtpsClient;
use crate::protocol::{parse_mdtm, parse_size, Command, Reply, Timestamp};
use crate::{Error, Failure, Result};

/// Changes of directory that are remembered for a re-login; beyond it PWD tells where we are.
const MAX_DIRECTORIES: usize = 32;

/// What cannot be repeated when the reply is lost: it may have been done.
const CHANGING: [&str; 3] = ["DELE", "MKD", "RMD"];

impl FtpsClient {
    /// Sends any command and returns its reply, whatever the code. For verbs this client has no method for.
    ///
    /// What it changes is restored by a silent re-login where that is known, as for `CWD` and `TYPE`. After a verb that may change
    /// what the client does not know of, `SITE` for instance, silent re-login is off.
    pub fn raw_command(&mut self, verb: &str, argument: impl AsRef<[u8]>) -> Result<Reply> {
        let command = Command::new(verb, argument)?;
        self.check_idle()?;
        self.expect_effect(&command);
        let reply = self.operation(|client| client.control.command(&command))?;
        self.note_effect(command, &reply)?;
        Ok(reply)
    }

    /// The size of a file in bytes (SIZE, RFC 3659 section 4).
    pub fn size(&mut self, path: impl AsRef<[u8]>) -> Result<u64> {
        parse_size(&self.completed("SIZE", path)?)
    }

    /// When a file was last modified (MDTM, RFC 3659 section 3); [`set_modification_time`](Self::set_modification_time) sets it.
    pub fn modified(&mut self, path: impl AsRef<[u8]>) -> Result<Timestamp> {
        parse_mdtm(&self.completed("MDTM", path)?)
    }

    /// Deletes a file (DELE).
    pub fn delete(&mut self, path: impl AsRef<[u8]>) -> Result<()> {
        self.completed("DELE", path).map(drop)
    }

    /// Renames or moves (RNFR, RNTO).
    pub fn rename(&mut self, from: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> Result<()> {
        let (from, to) = (Command::new("RNFR", from)?, Command::new("RNTO", to)?);
        self.check_idle()?;
        self.operation(|client| {
            client.begin_rename(&from, &to)?;
            client.end_rename(&to)
        })
    }

    /// Both are known from the start, because nothing may come between them.
    pub(super) fn begin_rename(&mut self, from: &Command, to: &Command) -> Result<()> {
        self.control.prepare_telnet(to)?;
        match self.control.command(from)? {
            reply if reply.code() == 350 => Ok(()),
            reply => Err(refusal(from, reply)),
        }
    }

    /// No new login can come before it: however this ends, nothing is pending for the caller.
    pub(super) fn end_rename(&mut self, to: &Command) -> Result<()> {
        let reply = self.control.command(to)?;
        expect_completion(to, reply).map(drop)
    }

    /// Creates a directory and returns its path as the server gives it (MKD); what was asked for, where it gives none.
    pub fn make_directory(&mut self, path: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        let reply = self.completed("MKD", path.as_ref())?;
        Ok(self.path_in(&reply).unwrap_or_else(|_| path.as_ref().to_vec()))
    }

    /// Removes an empty directory (RMD).
    pub fn remove_directory(&mut self, path: impl AsRef<[u8]>) -> Result<()> {
        self.completed("RMD", path).map(drop)
    }

    /// Changes the current directory (CWD).
    pub fn change_directory(&mut self, path: impl AsRef<[u8]>) -> Result<()> {
        let path = path.as_ref();
        self.completed("CWD", path)?;
        self.remember_directory(Command::new("CWD", path)?, path.starts_with(b"/"))
    }

    /// Changes to the parent directory (CDUP).
    pub fn change_to_parent(&mut self) -> Result<()> {
        self.completed("CDUP", "")?;
        self.remember_directory(Command::new("CDUP", "")?, false)
    }

    /// The current directory (PWD).
    pub fn current_directory(&mut self) -> Result<Vec<u8>> {
        let reply = self.completed("PWD", "")?;
        self.path_in(&reply)
    }

    /// Does nothing, and shows that the server is there (NOOP).
    pub fn noop(&mut self) -> Result<()> {
        self.completed("NOOP", "").map(drop)
    }

    /// The kind of system (SYST).
    pub fn system(&mut self) -> Result<Reply> {
        self.completed("SYST", "")
    }

    /// The server's status, or with a path a listing over the control connection (STAT).
    pub fn status(&mut self, path: impl AsRef<[u8]>) -> Result<Reply> {
        self.completed("STAT", path)
    }

    /// Sets the representation type: `I` (the default) or `A` (TYPE). [`set_line_ends`](Self::set_line_ends) says what becomes
    /// of the lines of a text.
    pub fn set_type(&mut self, representation: &str) -> Result<()> {
        Command::new("TYPE", representation)?;
        self.check_idle()?;
        self.operation(|client| client.set_representation(representation))?;
        if let Some(login) = &mut self.login {
            representation.clone_into(&mut login.representation);
        }
        Ok(())
    }

    /// Says goodbye (QUIT) and closes the connection. An open transfer is aborted.
    pub fn quit(mut self) -> Result<()> {
        self.say_goodbye()
    }

    pub(crate) fn say_goodbye(&mut self) -> Result<()> {
        self.abort_transfer();
        let quit = Command::new("QUIT", "")?;
        let reply = self.operation(|client| client.control.command(&quit));
        self.control.close();
        reply.map(drop)
    }

    fn path_in(&mut self, reply: &Reply) -> Result<Vec<u8>> {
        self.operation(|client| client.control.path_in(reply))
    }

    pub(super) fn completed(&mut self, verb: &str, argument: impl AsRef<[u8]>) -> Result<Reply> {
        let command = Command::new(verb, argument)?;
        self.check_idle()?;
        self.retrying(|client, attempts| {
            let reply = client.operation(|client| client.control.command(&command));
            if CHANGING.contains(&command.verb())
                && matches!(reply, Err(Error::ConnectionLost(_) | Error::Timeout(_)))
            {
                attempts.make_last();
            }
            expect_completion(&command, reply?)
        })
    }

    pub(super) fn remember_directory(&mut self, change: Command, absolute: bool) -> Result<()> {
        let Some(login) = &mut self.login else { return Ok(()) };
        if absolute {
            login.directories.clear();
        }
        login.directories.push(change);
        if login.directories.len() > MAX_DIRECTORIES {
            let here = Command::new("CWD", self.current_directory()?)?;
            if let Some(login) = &mut self.login {
                login.directories = vec![here];
            }
        }
        Ok(())
    }
}

pub(super) fn expect_completion(command: &Command, reply: Reply) -> Result<Reply> {
    if reply.is_completion() {
        Ok(reply)
    } else {
        Err(refusal(command, reply))
    }
}

pub(super) fn refusal(command: &Command, reply: Reply) -> Error {
    Error::Refused(Failure::new(format!("the server refused {command}")).with_reply(reply))
}
