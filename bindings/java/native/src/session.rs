//! What Java calls a client by its number.

use crate::callbacks::Callbacks;
use crate::connection::Connection;
use crate::errors::{wrong_state, Problem};
use crate::handles::Handles;
use crate::options;
use crate::pool::Pooled;
use ftps::client::{Builder, Pool};
use ftps::net::CancelToken;
use ftps::protocol::ListingParser;
use ftps::trees::Walker;
use ftps::{Error, Failure};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

static SESSIONS: Handles<Session> = Handles::new("the client was closed: make a new one");

/// One client, and what belongs to it.
pub struct Session {
    pub token: CancelToken,
    pub callbacks: Arc<Callbacks>,
    state: Mutex<State>,
}

pub enum State {
    /// Not connected yet.
    Options(Box<Builder>),
    /// Not connected yet: this pool will lend it a connection.
    Borrower(Pool),
    Open(Box<OpenClient>),
    Closed,
}

pub struct OpenClient {
    pub client: Connection,
    /// Of the listing that is open.
    pub parser: Option<ListingParser>,
    /// The walk that is under way.
    pub walker: Option<Walker>,
}

/// Takes a session up and returns its number.
pub fn add(options: &[u8], tells_dialogue: bool) -> Result<i64, Problem> {
    let callbacks = Arc::new(Callbacks::default());
    let builder = options::builder(options, &callbacks)?;
    let token = new_token()?;
    let observer = tells_dialogue.then(|| callbacks.observer());
    let builder = builder.cancel_token(token.clone()).dialogue_observer(observer);
    let state = Mutex::new(State::Options(Box::new(builder)));
    Ok(SESSIONS.add(Session { token, callbacks, state }))
}

/// The same for a client that will have a connection of this pool.
pub fn add_borrower(pooled: &Pooled) -> Result<i64, Problem> {
    let (token, callbacks) = (new_token()?, pooled.callbacks.clone());
    let state = Mutex::new(State::Borrower(pooled.pool.clone()));
    Ok(SESSIONS.add(Session { token, callbacks, state }))
}

pub fn new_token() -> Result<CancelToken, Problem> {
    Ok(CancelToken::new().map_err(|error| {
        Error::Local(Failure::new("no file descriptor is left to cancel with").with_cause(error))
    })?)
}

pub fn find(number: i64) -> Result<Arc<Session>, Problem> {
    SESSIONS.find(number)
}

/// Forgets a session, and closes its connection without waiting. A call that is still inside it, which Java does not let happen, would be the
/// last to use it.
pub fn remove(number: i64) {
    if let Some(session) = SESSIONS.remove(number) {
        session.close();
    }
}

impl Session {
    /// The state, which only one call at a time may use. Nobody waits for it.
    pub fn state(&self) -> Result<MutexGuard<'_, State>, Problem> {
        self.state.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                wrong_state("another thread is inside this client: use one client a thread, or take turns")
            }
            TryLockError::Poisoned(_) => Problem::Ftps(Error::Broken(Failure::new(
                "a defect of libftps, reported by an earlier exception, has ended this client",
            ))),
        })
    }

    /// Runs `work` on the connected client.
    pub fn with_client<T>(
        &self,
        work: impl FnOnce(&mut OpenClient) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        match &mut *self.state()? {
            State::Open(open) => work(open),
            State::Options(_) | State::Borrower(_) => Err(wrong_state("the client is not connected")),
            State::Closed => Err(wrong_state("the client was closed: make a new one")),
        }
    }

    pub fn connect(&self) -> Result<Vec<u8>, Problem> {
        let mut state = self.state()?;
        let client = match std::mem::replace(&mut *state, State::Closed) {
            State::Options(builder) => Connection::Own(Box::new(builder.connect()?)),
            State::Borrower(pool) => Connection::Leased(pool.lease_watching(&self.token)?),
            State::Open(_) | State::Closed => return Err(wrong_state("the client was connected before")),
        };
        let greeting = crate::encode::reply(client.greeting());
        *state = State::Open(Box::new(OpenClient { client, parser: None, walker: None }));
        Ok(greeting)
    }

    fn close(&self) {
        let (mut state, is_sound) = match self.state.try_lock() {
            Ok(state) => (state, true),
            Err(TryLockError::Poisoned(poisoned)) => (poisoned.into_inner(), false),
            Err(TryLockError::WouldBlock) => return,
        };
        if let State::Open(open) = std::mem::replace(&mut *state, State::Closed) {
            open.client.leave(is_sound);
        }
    }

    pub fn quit(&self) -> Result<(), Problem> {
        match std::mem::replace(&mut *self.state()?, State::Closed) {
            State::Open(open) => Ok(open.client.quit()?),
            _ => Err(wrong_state("the client is not connected")),
        }
    }
}
