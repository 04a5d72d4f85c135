//! How far TLS goes: data connections in clear (PROT C), and the control connection after login (CCC).

use super::commands::expect_completion;
use super::FtpsClient;
use crate::protocol::Command;
use crate::Result;

/// What protects data connections (PROT, RFC 4217 section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataProtection {
    /// TLS, tethered to the control connection (`PROT P`).
    #[default]
    Private,
    /// **INSECURE**: nothing (`PROT C`). Whoever is in between can read and change every file and every listing, send another
    /// file in place of the one that was asked for, and take what is uploaded: a data connection in clear belongs to
    /// whoever connects first. That a download was cut short shows only where the server announces its size. For servers
    /// and links that cannot do with TLS; what goes through it must be protected by other means.
    Clear,
}

impl DataProtection {
    /// The argument of PROT.
    pub(super) fn level(self) -> &'static str {
        match self {
            DataProtection::Private => "P",
            DataProtection::Clear => "C",
        }
    }
}

impl FtpsClient {
    /// **INSECURE**: ends TLS on the control connection (CCC, RFC 4217 section 12.3), after login. From here on whoever is in
    /// between can read commands and replies, file names among them, and insert others: delete files, divert transfers. For
    /// firewalls that have to read PORT and PASV. The password has gone by then, but a password sent after it goes in clear.
    ///
    /// Data connections are as protected as before, and still resume the control connection's session. A silent
    /// re-login begins with TLS, and ends it in the same way.
    ///
    /// Fails with [`Error::Refused`](crate::Error::Refused) where the server does not offer it: TLS then goes on.
    pub fn clear_command_channel(&mut self) -> Result<()> {
        self.check_idle()?;
        self.check_has_logged_in()?;
        if self.control.is_clear() {
            return Ok(());
        }
        self.operation(Self::clear_now)?;
        if let Some(login) = &mut self.login {
            login.is_clear = true;
        }
        Ok(())
    }

    pub(super) fn clear_now(&mut self) -> Result<()> {
        let command = Command::new("CCC", "")?;
        let reply = self.control.command(&command)?;
        expect_completion(&command, reply)?;
        self.control.end_tls()
    }
}
