//! From the greeting to a protected session: USER, PASS, ACCT, PBSZ, PROT, FEAT, OPTS, TYPE.

use super::commands::{expect_completion, refusal};
use super::passive::PassiveState;
use super::times::TimeCommand;
use super::FtpsClient;
use crate::protocol::{Command, Features, ListingFormat, Reply};
use crate::{Error, Failure, Result};
use zeroize::Zeroizing;

/// What a login established, for restoring it.
#[derive(Clone, Default)]
pub(super) struct LoginState {
    /// Kept only while re-login or trying again is enabled.
    pub credentials: Option<Credentials>,
    /// The last TYPE.
    pub representation: String,
    /// Successful CWD and CDUP commands since the last absolute path.
    pub directories: Vec<Command>,
    /// RNFR was accepted, RNTO has not followed.
    pub rename_pending: bool,
    /// A raw or SITE command may have changed what cannot be restored.
    pub unknown_changes: bool,
    /// OPTS and SITE commands that hold for the login.
    pub settings: Vec<Command>,
    /// The server does not know MLSD, although its FEAT names it.
    pub mlsd_unknown: bool,
    /// The command that sets times of modification here.
    pub time_command: Option<TimeCommand>,
    /// The same of MLST.
    pub mlst_unknown: bool,
    /// What SYST promises of the lines of LIST, once it was asked.
    pub system_format: Option<ListingFormat>,
}

#[derive(Clone)]
pub(super) struct Credentials {
    user: Vec<u8>,
    password: Zeroizing<Vec<u8>>,
    account: Zeroizing<Vec<u8>>,
}

impl Credentials {
    /// USER, PASS and ACCT. All three are checked before the first goes out: a line end in a password must not
    /// cost the user name.
    fn commands(&self) -> Result<[Command; 3]> {
        Ok([
            Command::new("USER", &self.user)?,
            Command::new("PASS", &*self.password)?,
            Command::new("ACCT", &*self.account)?,
        ])
    }
}

impl FtpsClient {
    /// Logs in, and protects the data connections: after it, no transfer can happen in clear. Text is sent as
    /// UTF-8; a server that expects another character set wants bytes.
    pub fn login(&mut self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Result<()> {
        self.login_with_account(user, password, "")
    }

    /// Logs in to a server that wants an account too (RFC 959 section 4.1.1).
    pub fn login_with_account(
        &mut self,
        user: impl AsRef<[u8]>,
        password: impl AsRef<[u8]>,
        account: impl AsRef<[u8]>,
    ) -> Result<()> {
        self.check_idle()?;
        let credentials = Credentials {
            user: user.as_ref().to_vec(),
            password: Zeroizing::new(password.as_ref().to_vec()),
            account: Zeroizing::new(account.as_ref().to_vec()),
        };
        credentials.commands()?;
        self.login = None;
        self.passive = PassiveState::default();
        self.operation(|client| {
            client.authenticate(&credentials)?;
            client.protect()
        })?;
        let is_kept = self.settings.relogin || self.settings.retry.is_some();
        let kept = is_kept.then_some(credentials);
        self.login =
            Some(LoginState { credentials: kept, representation: "I".into(), ..LoginState::default() });
        Ok(())
    }

    pub(super) fn authenticate(&mut self, credentials: &Credentials) -> Result<()> {
        let [user, password, account] = credentials.commands()?;
        self.name_host()?;
        let mut reply = self.control.command(&user)?;
        if reply.code() == 331 {
            reply = self.control.command(&password)?;
        }
        if reply.code() == 332 && !credentials.account.is_empty() {
            reply = self.control.command(&account)?;
        }
        match reply.code() {
            230 | 202 | 232 => Ok(()),
            332 => Err(refused("the server wants an account besides the password", reply)),
            _ if reply.is_transient_negative() => {
                Err(Error::Refused(Failure::new("the server takes no login now").with_reply(reply)))
            }
            _ => Err(refused("the login was refused", reply)),
        }
    }

    /// HOST, before USER (RFC 7151 section 3), where the caller wants one.
    fn name_host(&mut self) -> Result<()> {
        let Some(host) = &self.settings.virtual_host else { return Ok(()) };
        let command = Command::new("HOST", host)?;
        let reply = self.control.command(&command)?;
        expect_completion(&command, reply).map(drop)
    }

    /// PBSZ and PROT (RFC 4217 section 9), then what the server can do, and binary transfers.
    pub(super) fn protect(&mut self) -> Result<()> {
        // A server that refuses it has nothing to agree on: TLS has no buffer size (RFC 4217 section 9).
        self.ask("PBSZ", "0")?;
        let reply = self.ask("PROT", "P")?;
        if !reply.is_completion() {
            let failure =
                Failure::new("the server does not protect data connections (PROT P)").with_reply(reply);
            return Err(Error::Refused(failure));
        }
        // Servers without FEAT answer 500 or 502, AWS 534 in some states: go on without.
        self.features = Features::parse(&self.ask("FEAT", "")?);
        if self.settings.charset.is_utf8() && self.features.has("UTF8") {
            // Some answer 202, some refuse because it is always on.
            self.ask("OPTS", "UTF8 ON")?;
        }
        self.set_representation("I")
    }

    /// The reply to a command that need not succeed; that the server leaves is an error all the same.
    fn ask(&mut self, verb: &str, argument: &str) -> Result<Reply> {
        let command = Command::new(verb, argument)?;
        let reply = self.control.command(&command)?;
        match reply.code() {
            421 => Err(refusal(&command, reply)),
            _ => Ok(reply),
        }
    }

    pub(super) fn set_representation(&mut self, representation: &str) -> Result<()> {
        let reply = self.control.command(&Command::new("TYPE", representation)?)?;
        if !reply.is_completion() {
            let failure = Failure::new(format!("the server refused TYPE {representation}")).with_reply(reply);
            return Err(Error::Refused(failure));
        }
        Ok(())
    }
}

fn refused(message: &str, reply: Reply) -> Error {
    Error::LoginRefused(Failure::new(message).with_reply(reply))
}
