//! Options, and the way from them to a connection.

use super::active::ActiveMode;
use super::budget::Budget;
use super::control::{ControlConnection, Watchers};
use super::dialing::dial;
use super::known::Known;
use super::passive::PassiveState;
use super::transfer::Pace;
use super::{
    DataProtection, DialogueObserver, FtpsClient, LineEnds, ListingOptions, RateLimits, RetryPolicy,
    Statistics,
};
use crate::net::{CancelToken, Network, Proxy, SocketOptions, SystemNetwork};
use crate::protocol::{Charset, Command, Features, Reply};
use crate::tls::{ControlSession, ResumptionPolicy, TlsConfig, TlsOptions};
use crate::{Error, Failure, Result};
use std::sync::Arc;
use std::time::Duration;

/// When TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// After `AUTH TLS` (RFC 4217); port 21 by default.
    Explicit,
    /// At once; port 990 by default.
    Implicit,
}

/// How long to wait. Every wait has one of these as its end, whatever the peer does.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For name resolution, the TCP connection and the TLS handshake together, each time (default 30 s).
    pub connect: Duration,
    /// For one whole reply (default 60 s).
    pub reply: Duration,
    /// For silence on a data connection, and in active mode for the server to make it (default 60 s).
    pub data: Duration,
    /// For a whole operation: connecting, logging in, a command, a listing, a transfer from its opening to
    /// its end (default: no limit). A peer that sends a little now and then is never silent; this ends it all
    /// the same. Time spent in the caller's callbacks, and between the calls of a transfer, does not count.
    pub operation: Option<Duration>,
}

/// Longer than anybody waits, and short enough to be added to any clock.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

impl Timeouts {
    pub(super) fn bounded(self) -> Timeouts {
        Timeouts {
            connect: self.connect.min(FOREVER),
            reply: self.reply.min(FOREVER),
            data: self.data.min(FOREVER),
            operation: self.operation.map(|limit| limit.min(FOREVER)),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(30),
            reply: Duration::from_secs(60),
            data: Duration::from_secs(60),
            operation: None,
        }
    }
}

/// Everything a client was built with.
#[derive(Clone)]
pub(super) struct Settings {
    pub network: Arc<dyn Network>,
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub tls: TlsOptions,
    pub resumption: ResumptionPolicy,
    pub data_protection: DataProtection,
    pub timeouts: Timeouts,
    pub sockets: SocketOptions,
    pub proxy: Option<Proxy>,
    pub rate_limits: RateLimits,
    pub line_ends: LineEnds,
    pub relogin: bool,
    pub tolerate_missing_close_notify: bool,
    pub trust_passive_address: bool,
    /// None: passive mode.
    pub active: Option<ActiveMode>,
    /// From other logins on this server.
    pub known: Known,
    pub virtual_host: Option<String>,
    pub announce_sizes: bool,
    pub retry: Option<RetryPolicy>,
    pub keep_alive: Option<Duration>,
    pub listing: ListingOptions,
    pub charset: Charset,
}

/// Options of a connection.
#[derive(Clone)]
#[must_use]
pub struct Builder {
    pub(super) settings: Settings,
    port: Option<u16>,
    pub(super) watchers: Watchers,
}

impl Builder {
    pub(super) fn new(host: impl Into<String>) -> Builder {
        let settings = Settings {
            network: Arc::new(SystemNetwork),
            host: host.into(),
            port: 21,
            security: Security::Explicit,
            tls: TlsOptions::default(),
            resumption: ResumptionPolicy::default(),
            data_protection: DataProtection::default(),
            timeouts: Timeouts::default(),
            sockets: SocketOptions::default(),
            proxy: None,
            rate_limits: RateLimits::default(),
            line_ends: LineEnds::default(),
            relogin: true,
            tolerate_missing_close_notify: false,
            trust_passive_address: false,
            active: None,
            known: Known::default(),
            virtual_host: None,
            announce_sizes: false,
            retry: None,
            keep_alive: None,
            listing: ListingOptions::default(),
            charset: Charset::default(),
        };
        Builder { settings, port: None, watchers: Watchers::default() }
    }

    /// The port of the control connection (default: 21 explicit, 990 implicit).
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// When TLS begins (default: explicit).
    pub fn security(mut self, security: Security) -> Self {
        self.settings.security = security;
        self
    }

    /// Certificates, names and TLS versions.
    pub fn tls(mut self, options: TlsOptions) -> Self {
        self.settings.tls = options;
        self
    }

    /// What to do about data connections that do not resume (default: [`ResumptionPolicy::Prefer`]).
    pub fn resumption(mut self, policy: ResumptionPolicy) -> Self {
        self.settings.resumption = policy;
        self
    }

    /// **INSECURE** where it is [`DataProtection::Clear`]: what protects files and listings (default:
    /// [`DataProtection::Private`], TLS). With [`ResumptionPolicy::Require`], which it contradicts, [`connect`](Self::connect) fails.
    pub fn data_protection(mut self, protection: DataProtection) -> Self {
        self.settings.data_protection = protection;
        self
    }

    /// How long to wait.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings.timeouts = timeouts.bounded();
        self
    }

    /// What ends a line of local texts in TYPE A (default: CR LF, as on the wire). See [`FtpsClient::set_line_ends`].
    pub fn line_ends(mut self, line_ends: LineEnds) -> Self {
        self.settings.line_ends = line_ends;
        self
    }

    /// The local address, TCP keep-alive and buffers of the connections (default: the system's).
    pub fn sockets(mut self, options: SocketOptions) -> Self {
        self.settings.sockets = options;
        self
    }

    /// How fast to transfer at most (default: no limits). See [`FtpsClient::set_rate_limits`].
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.settings.rate_limits = limits;
        self
    }

    /// Makes both connections through a proxy (default: none), in passive mode: with an active mode besides,
    /// [`connect`](Self::connect) fails.
    pub fn proxy(mut self, proxy: impl Into<Option<Proxy>>) -> Self {
        self.settings.proxy = proxy.into();
        self
    }

    /// Whether to log in anew behind the caller's back when no TLS session is left that the server takes
    /// (default: yes). The password is kept in memory only while this is on.
    pub fn relogin(mut self, enabled: bool) -> Self {
        self.settings.relogin = enabled;
        self
    }

    /// Takes a download that ends without TLS close_notify for complete when the server says 2xx (default: no; such
    /// a download may have been cut).
    pub fn tolerate_missing_close_notify(mut self, tolerate: bool) -> Self {
        self.settings.tolerate_missing_close_notify = tolerate;
        self
    }

    /// Connects data connections to the address in the reply to `PASV` (default: no; to the control
    /// connection's peer, because servers behind NAT name private addresses, and hostile ones name others').
    pub fn trust_passive_address(mut self, trust: bool) -> Self {
        self.settings.trust_passive_address = trust;
        self
    }

    /// Lets the server make the data connections (default: `None`, passive mode, in which the client makes them). See
    /// [`FtpsClient::set_active_mode`].
    pub fn active_mode(mut self, mode: impl Into<Option<ActiveMode>>) -> Self {
        self.settings.active = mode.into();
        self
    }

    /// The name of the virtual host to log in to, where a server has several (HOST, RFC 7151; default: none). A server
    /// that does not know HOST, or that host, refuses the login.
    pub fn virtual_host(mut self, name: impl Into<Option<String>>) -> Self {
        self.settings.virtual_host = name.into();
        self
    }

    /// Whether the size of an upload is announced before it begins, where it is known (ALLO; default: no). A server
    /// without that much room can then refuse while the old file is still there.
    pub fn announce_sizes(mut self, announce: bool) -> Self {
        self.settings.announce_sizes = announce;
        self
    }

    /// When to try again what failed for a reason that may pass (default: `None`, never). The password is kept in memory
    /// while this is on.
    pub fn retry_policy(mut self, policy: impl Into<Option<RetryPolicy>>) -> Self {
        self.settings.retry = policy.into();
        self
    }

    /// How directories are listed (default: found out). See [`FtpsClient::set_listing`].
    pub fn listing(mut self, options: ListingOptions) -> Self {
        self.settings.listing = options;
        self
    }

    /// After how much silence on the control connection NOOP is sent during transfers (default: `None`, never). See
    /// [`FtpsClient::set_keep_alive`].
    pub fn keep_alive(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.settings.keep_alive = interval.into();
        self
    }

    /// The character set of the server's names (default: UTF-8, which the server is asked for where FEAT names UTF8). Paths, names, user
    /// and password cross this API as the server's bytes all the same: [`Charset::encode`] and [`Charset::decode`] are the way
    /// between them and text. Texts of replies, which are for people, are read in it.
    pub fn charset(mut self, charset: Charset) -> Self {
        self.settings.charset = charset;
        self
    }

    /// Watches a token in every wait (default: none).
    pub fn cancel_token(mut self, token: impl Into<Option<CancelToken>>) -> Self {
        self.watchers.cancel = token.into();
        self
    }

    pub(crate) fn watched_token(&self) -> Option<CancelToken> {
        self.watchers.cancel.clone()
    }

    /// Shows every command (passwords masked) and reply to an observer, from the greeting on (default: none).
    pub fn dialogue_observer(mut self, observer: impl Into<Option<DialogueObserver>>) -> Self {
        self.watchers.observer = observer.into();
        self
    }

    /// Replaces the operating system's network.
    pub fn network(mut self, network: Arc<dyn Network>) -> Self {
        self.settings.network = network;
        self
    }

    /// Connects, reads the greeting and establishes TLS. Log in next.
    pub fn connect(mut self) -> Result<FtpsClient> {
        if self.settings.host.is_empty() || self.settings.host.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(Error::InvalidArgument(Failure::new(
                "the host name is empty or has control characters",
            )));
        }
        self.settings.check_active(self.settings.active.as_ref())?;
        self.settings.check_protection()?;
        self.settings.proxy.as_ref().map_or(Ok(()), Proxy::check)?;
        self.settings.sockets.check()?;
        self.settings.listing.check()?;
        let default = if self.settings.security == Security::Explicit { 21 } else { 990 };
        self.settings.port = self.port.unwrap_or(default);
        let tls = TlsConfig::new(&self.settings.tls, &self.settings.host, self.settings.network.clone())?;
        let tls = Some(&tls)
            .filter(|_| self.settings.known.tls12_works)
            .and_then(TlsConfig::limited_to_tls12)
            .unwrap_or(tls);
        self.watchers.budget = Budget::new(self.settings.timeouts.operation);
        self.watchers.budget.resume(self.settings.network.now());
        let (control, greeting) = self.settings.open_control(&tls, self.watchers)?;
        Ok(FtpsClient {
            pace: Pace::new(self.settings.rate_limits),
            settings: self.settings,
            tls,
            control,
            greeting,
            login: None,
            features: Features::default(),
            passive: PassiveState::default(),
            next_active_port: 0,
            statistics: Statistics::default(),
            transfer: None,
            text: None,
            failed_upload: None,
            is_in_steps: false,
            is_retried: false,
            has_tls13_failed: false,
        })
    }
}

impl Settings {
    /// Fails with [`Error::InvalidArgument`] where data connections could not be made in this mode.
    pub fn check_active(&self, mode: Option<&ActiveMode>) -> Result<()> {
        match (mode, &self.proxy) {
            (None, _) => Ok(()),
            (Some(mode), None) => mode.check(),
            (Some(_), Some(proxy)) => Err(Error::InvalidArgument(Failure::new(format!(
                "active mode does not go through a proxy: the server could not call back through {proxy}; use passive mode"
            )))),
        }
    }

    fn check_protection(&self) -> Result<()> {
        match (self.data_protection, self.resumption) {
            (DataProtection::Clear, ResumptionPolicy::Require) => {
                Err(Error::InvalidArgument(Failure::new(
                    "data connections in clear resume no TLS session, and the policy requires it: choose one of the two",
                )))
            }
            _ => Ok(()),
        }
    }

    /// A control connection with TLS, and the server's greeting.
    pub fn open_control(&self, tls: &TlsConfig, watchers: Watchers) -> Result<(ControlConnection, Reply)> {
        let connected = dial(self, &watchers)?;
        let mut control = ControlConnection::new(self, watchers, connected);
        if self.security == Security::Implicit {
            control.start_tls(ControlSession::new(tls, self.resumption)?)?;
        }
        let greeting = control.greeting()?;
        if self.security == Security::Explicit {
            let reply = control.command(&Command::new("AUTH", "TLS")?)?;
            if reply.code() != 234 && reply.code() != 334 {
                return Err(Error::Refused(
                    Failure::new("the server does not offer TLS (AUTH TLS); nothing was sent in clear")
                        .with_reply(reply),
                ));
            }
            control.start_tls(ControlSession::new(tls, self.resumption)?)?;
        }
        Ok((control, greeting))
    }
}
