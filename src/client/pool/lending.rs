//! Lending and taking back.

use super::lease::Lease;
use super::limit::is_too_many;
use super::options::PoolBuilder;
use super::state::{Grant, Idle, State};
use super::PoolStatistics;
use crate::client::builder::Settings;
use crate::client::control::{cancelled, Watchers};
use crate::net::{CancelToken, Handle, Interest, Network, SystemNetwork, Watch, Woken};
use crate::{Error, Failure, FtpsClient, Result};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A wait limit that any clock can be set to.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

pub(super) struct Shared {
    options: PoolBuilder,
    state: Mutex<State>,
}

impl Shared {
    pub fn new(mut options: PoolBuilder) -> Shared {
        options.wait = options.wait.min(FOREVER);
        let state = Mutex::new(State::new(options.maximum));
        Shared { options, state }
    }

    pub fn maximum(&self) -> usize {
        self.options.maximum
    }

    pub fn cancel_token(&self) -> Option<CancelToken> {
        self.options.connection.watched_token()
    }

    pub fn lend(self: &Arc<Self>, cancel: Option<CancelToken>) -> Result<Lease> {
        let deadline = self.now() + self.options.wait;
        let mut refusal = None;
        loop {
            self.close_expired();
            let granted = match self.grant(None)? {
                Some(grant) => grant,
                None => self.wait_for_grant(deadline, cancel.as_ref(), &mut refusal)?,
            };
            let client = match granted {
                Grant::Lend(idle) => self.revive(*idle, &cancel),
                Grant::Open => self.open(&cancel, &mut refusal)?,
            };
            if let Some(client) = client {
                return Ok(Lease::new(self.clone(), client));
            }
        }
    }

    fn grant(&self, ticket: Option<u64>) -> Result<Option<Grant>> {
        let mut state = self.lock();
        match state.is_closed {
            true => Err(Error::WrongState(Failure::new("the pool is closed"))),
            false => Ok(state.grant(ticket, self.now())),
        }
    }

    /// Queues. What the server said when it refused a connection last explains why none became free.
    fn wait_for_grant(
        &self,
        deadline: Instant,
        cancel: Option<&CancelToken>,
        refusal: &mut Option<Error>,
    ) -> Result<Grant> {
        let bell = CancelToken::new().map_err(|error| {
            Error::Local(Failure::new("no file descriptor is left to wait with").with_cause(error))
        })?;
        let place = Place { shared: self, ticket: self.lock().join_queue(bell.clone()) };
        loop {
            bell.reset();
            if let Some(grant) = self.grant(Some(place.ticket))? {
                return Ok(grant);
            }
            let now = self.now();
            if now >= deadline {
                let limit = self.options.wait;
                let failure = Failure::new(format!("no connection of the pool became free within {limit:?}"));
                let failure = match refusal.take() {
                    Some(refusal) => failure.with_cause(refusal),
                    None => failure,
                };
                return Err(Error::Timeout(failure));
            }
            let next_attempt = self.lock().next_attempt().unwrap_or(deadline);
            wait_for(&bell, next_attempt.max(now).min(deadline), cancel)?;
        }
    }

    /// A connection that was idle, fit for use; `None` when it is not.
    fn revive(&self, idle: Idle, cancel: &Option<CancelToken>) -> Option<FtpsClient> {
        let Idle { mut client, since } = idle;
        let is_old = self.now().saturating_duration_since(since) > self.options.check_after;
        let (home, settings) = (self.lock().home.clone(), self.settings());
        client.start_over(settings, self.watchers(cancel));
        let revived = match is_old || client.control.unsettled.is_some() {
            true => client.noop(),
            false => Ok(()),
        };
        match revived.and_then(|()| client.return_to(home.as_deref())) {
            Ok(()) => Some(client),
            Err(error) => {
                log::info!("a connection of the pool is of no more use: {error}");
                self.lock().counters.found_dead += 1;
                self.remove(client);
                None
            }
        }
    }

    /// A new connection; `None` when the server has enough of them.
    fn open(&self, cancel: &Option<CancelToken>, refusal: &mut Option<Error>) -> Result<Option<FtpsClient>> {
        let counted = Counted(self);
        match self.try_open(cancel) {
            Ok(client) => {
                self.lock().note_opened(client.known(), self.now());
                counted.stays();
                Ok(Some(client))
            }
            Err(error) => {
                let mut state = self.lock();
                if !is_too_many(&error, state.counters.opened > 0) {
                    drop(state);
                    return Err(error);
                }
                log::info!("the server takes no more connections now: {error}");
                state.note_refused(self.now());
                counted.stays();
                *refusal = Some(error);
                Ok(None)
            }
        }
    }

    fn try_open(&self, cancel: &Option<CancelToken>) -> Result<FtpsClient> {
        let mut builder = self.options.connection.clone().cancel_token(cancel.clone());
        builder.settings.known = self.lock().known.clone();
        let mut client = builder.connect()?;
        client.login_as(&self.options.credentials)?;
        if self.lock().home.is_none() {
            // A server that does not tell it costs a login where a borrower has changed the directory.
            let home = client.current_directory().ok();
            self.lock().home = home;
        }
        Ok(client)
    }

    pub fn take_back(&self, client: FtpsClient) {
        let is_fit = !std::thread::panicking() && client.is_fit_for_another();
        if let Some(client) = self.keep(client, is_fit) {
            self.remove(client);
        }
        self.close_expired();
    }

    /// Gives the connection back where it is not kept.
    fn keep(&self, mut client: FtpsClient, is_fit: bool) -> Option<FtpsClient> {
        let mut state = self.lock();
        if is_fit && !state.is_closed {
            // Whatever token the borrower had, it is not watched any more.
            client.set_cancel_token(None);
            state.put_back(client, self.now());
            return None;
        }
        state.counters.discarded += u64::from(!is_fit);
        Some(client)
    }

    pub fn close_expired(&self) {
        let expired = self.lock().take_expired(self.options.expire_after, self.now());
        expired.into_iter().for_each(|client| self.remove(client));
    }

    pub fn close(&self) {
        let idle = self.lock().close();
        idle.into_iter().for_each(|client| self.remove(client));
    }

    pub fn abandon(&self) {
        if let Ok(mut state) = self.state.try_lock() {
            state.close().into_iter().for_each(FtpsClient::abandon);
        }
    }

    pub fn statistics(&self) -> PoolStatistics {
        self.lock().statistics()
    }

    /// Closes a connection, and only then lets another take its place: the server counts too.
    fn remove(&self, mut client: FtpsClient) {
        client.close();
        let past = client.statistics();
        drop(client);
        self.lock().remove(past);
    }

    fn settings(&self) -> Settings {
        self.options.connection.settings.clone()
    }

    fn watchers(&self, cancel: &Option<CancelToken>) -> Watchers {
        Watchers { cancel: cancel.clone(), ..self.options.connection.watchers.clone() }
    }

    fn now(&self) -> Instant {
        self.options.connection.settings.network.now()
    }

    /// No code that holds the lock panics; if it did, the counts are those of before.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue, which is left in any case.
struct Place<'a> {
    shared: &'a Shared,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.shared.lock().leave_queue(self.ticket);
    }
}

/// A connection that is counted while it is opened: an error or a panic takes it from the count.
struct Counted<'a>(&'a Shared);

impl Counted<'_> {
    fn stays(self) {
        std::mem::forget(self);
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.lock().remove(Default::default());
    }
}

/// Until the bell rings or the deadline passes. Fails when cancelled.
fn wait_for(bell: &CancelToken, deadline: Instant, cancel: Option<&CancelToken>) -> Result<()> {
    let mut watched = [Watch::new(Handle::Descriptor(bell.descriptor()), Interest::READ)];
    match SystemNetwork.wait(&mut watched, deadline, cancel) {
        Ok(Woken::Ready | Woken::Deadline) => Ok(()),
        Ok(Woken::Cancelled) => Err(cancelled()),
        Err(error) => Err(Error::Local(Failure::new("waiting for a connection failed").with_cause(error))),
    }
}

impl FtpsClient {
    /// Whether another borrower could be given this connection.
    fn is_fit_for_another(&self) -> bool {
        let is_restorable = self.login.as_ref().is_some_and(|login| {
            !login.rename_pending && !login.unknown_changes && !login.is_clear && login.settings.is_empty()
        });
        self.is_usable() && self.transfer.is_none() && is_restorable
    }

    /// As [`Builder::connect`](crate::client::Builder::connect) would have it.
    fn start_over(&mut self, settings: Settings, watchers: Watchers) {
        self.set_timeouts(settings.timeouts);
        self.set_rate_limits(settings.rate_limits);
        self.set_keep_alive(settings.keep_alive);
        self.settings = Settings { port: self.settings.port, ..settings };
        self.set_cancel_token(watchers.cancel);
        self.set_dialogue_observer(watchers.observer);
    }

    /// TYPE and directory as after a login.
    fn return_to(&mut self, home: Option<&[u8]>) -> Result<()> {
        let Some(login) = &self.login else { return Ok(()) };
        if login.representation != "I" {
            self.set_type("I")?;
        }
        if self.login.as_ref().is_some_and(|login| !login.directories.is_empty()) {
            let home = home.ok_or_else(|| {
                Error::WrongState(Failure::new("the server does not tell the login's first directory"))
            })?;
            self.change_directory(home)?;
            self.login.iter_mut().for_each(|login| login.directories.clear());
        }
        Ok(())
    }
}
