//! What commands that the caller wrote himself change of the state that a new login has to restore.

use super::FtpsClient;
use crate::protocol::{Command, Reply};
use crate::Result;

/// They change files, or nothing. (REST is not among them: a new login would forget it.)
const WITHOUT_EFFECT: [&str; 19] = [
    "ABOR", "ALLO", "DELE", "FEAT", "HELP", "MDTM", "MFMT", "MKD", "MLST", "NOOP", "PBSZ", "PWD", "RMD",
    "SIZE", "STAT", "SYST", "XMKD", "XPWD", "XRMD",
];

/// Their effect is known from the reply.
const WITH_KNOWN_EFFECT: [&str; 5] = ["CDUP", "CWD", "RNFR", "RNTO", "TYPE"];

impl FtpsClient {
    /// Before the command goes out: it may have its effect although no reply comes.
    pub(super) fn expect_effect(&mut self, command: &Command) {
        let verb = command.verb();
        let is_known = WITHOUT_EFFECT.contains(&verb) || WITH_KNOWN_EFFECT.contains(&verb);
        // As the login has it.
        let level = self.settings.data_protection.level();
        let protects = verb == "PROT" && command.argument().eq_ignore_ascii_case(level.as_bytes());
        if let Some(login) = self.login.as_mut().filter(|_| !is_known && !protects) {
            login.unknown_changes = true;
        }
    }

    pub(super) fn note_effect(&mut self, command: Command, reply: &Reply) -> Result<()> {
        let Some(login) = &mut self.login else { return Ok(()) };
        match command.verb() {
            "RNFR" => login.rename_pending = reply.is_intermediate(),
            "RNTO" => login.rename_pending = false,
            "TYPE" if reply.is_completion() => {
                login.representation = String::from_utf8_lossy(command.argument()).into_owned();
            }
            "CWD" | "CDUP" if reply.is_completion() => {
                let is_absolute = command.argument().starts_with(b"/");
                return self.remember_directory(command, is_absolute);
            }
            _ => {}
        }
        Ok(())
    }
}
