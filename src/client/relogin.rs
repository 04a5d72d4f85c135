//! Silent re-login: the last resort when no TLS session is left that the server takes.

use super::commands::expect_completion;
use super::control::ControlConnection;
use super::login::{Credentials, LoginState};
use super::passive::PassiveState;
use super::FtpsClient;
use crate::tls::{TlsConfig, TlsVersion};
use crate::{Error, Failure, Result};

impl FtpsClient {
    /// Only between transfers, with the password at hand, and where everything can be restored.
    pub(super) fn can_relogin(&self) -> bool {
        self.settings.relogin && self.can_be_restored()
    }

    /// Whether a new login can be made to be like this one.
    pub(super) fn can_be_restored(&self) -> bool {
        self.login.as_ref().is_some_and(|login| {
            login.credentials.is_some() && !login.rename_pending && !login.unknown_changes
        })
    }

    /// Connects and logs in again, restores type and directory, and goes on with TLS 1.2 where 1.3 failed and
    /// 1.2 is allowed. Where that does not succeed, `reason` is the error; the old connection is given up
    /// only for a new one.
    pub(super) fn log_in_anew(&mut self, reason: Error) -> Result<()> {
        log::warn!("logging in anew, because of: {reason}");
        let is_tls13 = self.control.tls_version() == Some(TlsVersion::V1_3);
        // Where TLS 1.3 fails again after a new login, its tickets are not to this server's taste.
        let keeps_failing = std::mem::replace(&mut self.has_tls13_failed, is_tls13) && is_tls13;
        self.try_log_in_anew(keeps_failing).map_err(|error| {
            log::warn!("the new login failed: {error}");
            reason
        })
    }

    /// Connects and logs in again after the connection was lost, which says nothing about TLS sessions.
    pub(super) fn reconnect(&mut self) -> Result<()> {
        self.counted(|client| client.try_log_in_anew(false))
    }

    fn try_log_in_anew(&mut self, avoids_tls13: bool) -> Result<()> {
        let login = self.login.clone().unwrap_or_default();
        let Some(credentials) = &login.credentials else {
            return Err(Error::WrongState(Failure::new("the password was not kept")));
        };
        let (tls, control) = self.reopen_control(avoids_tls13)?;
        let old = std::mem::replace(&mut self.control, control);
        self.statistics = self.statistics.with_tickets(old.ticket_counts());
        self.control.succeed(old);
        self.tls = tls;
        self.passive = PassiveState::default();
        let restored = self.restore(&login, credentials);
        match &restored {
            Ok(()) => self.statistics.relogins += 1,
            Err(error) => self.control.mark_broken(format!("a new login failed: {error}")),
        }
        restored
    }

    fn restore(&mut self, login: &LoginState, credentials: &Credentials) -> Result<()> {
        self.authenticate(credentials)?;
        self.protect()?;
        if login.representation != "I" {
            self.set_representation(&login.representation)?;
        }
        for setting in &login.settings {
            let reply = self.control.command(setting)?;
            expect_completion(setting, reply)?;
        }
        for change in &login.directories {
            let reply = self.control.command(change)?;
            if !reply.is_completion() {
                let failure = Failure::new("the directory could not be restored").with_reply(reply);
                return Err(Error::Refused(failure));
            }
        }
        match login.is_clear {
            true => self.clear_now(),
            false => Ok(()),
        }
    }

    /// With TLS 1.2 in place of 1.3 where that is better, and the server has it.
    fn reopen_control(&self, avoids_tls13: bool) -> Result<(TlsConfig, ControlConnection)> {
        let open = |tls: TlsConfig| {
            let (control, _) = self.settings.open_control(&tls, self.control.watchers())?;
            Ok((tls, control))
        };
        match avoids_tls13.then(|| self.tls.limited_to_tls12()).flatten().map(open) {
            Some(Err(Error::Tls(failure))) => {
                log::info!("the server has no TLS 1.2: {}", failure.message());
                open(self.tls.clone())
            }
            Some(opened) => opened,
            None => open(self.tls.clone()),
        }
    }
}
