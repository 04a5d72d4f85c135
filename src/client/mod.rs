//! The FTPS client: connect, log in, send commands, transfer files.

mod active;
mod ahead;
mod atomic;
mod budget;
mod builder;
mod commands;
mod control;
mod data;
mod dialing;
mod dialogue;
mod effects;
mod entries;
mod files;
mod hashes;
mod keep_alive;
mod known;
mod listing_options;
mod listings;
mod login;
mod meeting;
mod overlap;
mod passive;
pub mod pool;
mod protection;
mod racing;
mod range;
mod relogin;
mod resume;
mod retry;
mod route;
mod settings;
mod settling;
mod statistics;
mod streams;
mod telnet;
mod times;
mod transfer;
mod tunnel;

pub use active::ActiveMode;
pub use atomic::AtomicUpload;
pub use builder::{Builder, Security, Timeouts};
pub use dialogue::{Dialogue, DialogueObserver};
pub use listing_options::{ListingCommand, ListingOptions};
pub use listings::Listing;
pub use pool::Pool;
pub use protection::DataProtection;
pub use retry::{Retry, RetryObserver, RetryPolicy};
pub use statistics::Statistics;
pub use streams::{Download, Upload};
pub use transfer::{Direction, LineEnds, RateLimits};

use crate::net::CancelToken;
use crate::protocol::{Charset, Features, Reply};
use crate::tls::{TlsConfig, TlsVersion};
use crate::{Error, Failure, Result};
use builder::Settings;
use control::ControlConnection;
use login::LoginState;
use passive::PassiveState;
use transfer::{FailedUpload, Pace, Text, Transfer};

/// One connection to an FTPS server.
///
/// [`Builder::connect`] opens it, [`login`](Self::login) makes it usable. There is at most one transfer at a
/// time; while one is open every command fails with [`Error::WrongState`]. The value may move between
/// threads; calls need `&mut`.
pub struct FtpsClient {
    settings: Settings,
    tls: TlsConfig,
    control: ControlConnection,
    greeting: Reply,
    login: Option<LoginState>,
    features: Features,
    passive: PassiveState,
    /// The port whose turn it is, where active mode has a range of them.
    next_active_port: u16,
    statistics: Statistics,
    pace: Pace,
    transfer: Option<Transfer>,
    /// What the open transfer, or an upload that may be opened again, is converted by.
    text: Option<Text>,
    failed_upload: Option<FailedUpload>,
    /// The operation under way is made of several.
    is_in_steps: bool,
    /// The operation under way is tried again as a whole.
    is_retried: bool,
    /// A data connection's session of TLS 1.3 was refused until a new login.
    has_tls13_failed: bool,
}

impl FtpsClient {
    /// Options for a connection to `host`: a name, an IPv4 or an IPv6 address without brackets.
    pub fn builder(host: impl Into<String>) -> Builder {
        Builder::new(host)
    }

    /// The server's greeting.
    pub fn greeting(&self) -> &Reply {
        &self.greeting
    }

    /// What the server offers (FEAT); empty before login, or where it does not say.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// The character set of the server's names: see [`Builder::charset`].
    pub fn charset(&self) -> Charset {
        self.settings.charset
    }

    /// The TLS version of the control connection.
    pub fn tls_version(&self) -> Option<TlsVersion> {
        self.control.tls_version()
    }

    /// Counters since [`Builder::connect`], re-logins included.
    pub fn statistics(&self) -> Statistics {
        self.statistics.with_tickets(self.control.ticket_counts())
    }

    /// Whether the control connection can still be used. After [`Error::Broken`], a timeout on the control
    /// connection or its loss it cannot: connect again.
    pub fn is_usable(&self) -> bool {
        self.control.is_usable()
    }

    /// How long this client waits.
    pub fn timeouts(&self) -> Timeouts {
        self.settings.timeouts
    }

    /// Other timeouts from now on. Those for a reply and for silent data hold from the next wait, also in an open
    /// transfer; that for connecting from the next connection, and that for a whole operation from the next operation:
    /// what is under way keeps its own.
    pub fn set_timeouts(&mut self, timeouts: Timeouts) {
        self.settings.timeouts = timeouts.bounded();
        self.control.timeouts = self.settings.timeouts;
    }

    /// Watches `token` in every wait from now on; `None` stops that.
    pub fn set_cancel_token(&mut self, token: Option<CancelToken>) {
        self.control.cancel = token;
    }

    pub(crate) fn watched_token(&self) -> Option<CancelToken> {
        self.control.cancel.clone()
    }

    /// The same, and returns the token that was watched before.
    pub(crate) fn replace_cancel_token(&mut self, token: Option<CancelToken>) -> Option<CancelToken> {
        std::mem::replace(&mut self.control.cancel, token)
    }

    /// Shows every command (passwords masked) and reply to `observer`, from now on.
    pub fn set_dialogue_observer(&mut self, observer: Option<DialogueObserver>) {
        self.control.observer = observer;
    }

    /// Closes the connection without QUIT: an open transfer is aborted, TLS is ended as far as that goes
    /// without waiting, and the sockets are closed. Every call after it fails with [`Error::Broken`]. Closing
    /// again does nothing.
    pub fn close(&mut self) {
        self.abort_transfer();
        self.login = None;
        self.control.close();
    }

    /// Closes this process's descriptors and says nothing to the peer: for the child after `fork`, whose
    /// parent goes on using the connection. Neither FIN, RST nor TLS close_notify is sent, an open transfer
    /// is not aborted, and the password is wiped from this process's memory.
    pub fn abandon(mut self) {
        if let Some(transfer) = self.transfer.take() {
            transfer.abandon();
        }
    }

    fn check_idle(&self) -> Result<()> {
        match self.transfer {
            Some(_) => Err(Error::WrongState(Failure::new(
                "a transfer is open: finish or abort it before the next command",
            ))),
            None => Ok(()),
        }
    }

    fn check_has_logged_in(&self) -> Result<()> {
        match self.login {
            Some(_) => Ok(()),
            None => {
                self.control.check_usable()?;
                Err(Error::WrongState(Failure::new("log in first: this needs a protected data connection")))
            }
        }
    }
}

impl std::fmt::Debug for FtpsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FtpsClient")
            .field("host", &self.settings.host)
            .field("port", &self.settings.port)
            .field("usable", &self.is_usable())
            .finish_non_exhaustive()
    }
}
