//! What Java calls a client by its number.

use crate::callbacks::Callbacks;
use crate::errors::{wrong_state, Problem};
use crate::options;
use ftps::client::Builder;
use ftps::net::CancelToken;
use ftps::protocol::ListingParser;
use ftps::{Error, Failure, FtpsClient};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, TryLockError};

static SESSIONS: LazyLock<Mutex<HashMap<i64, Arc<Session>>>> = LazyLock::new(Mutex::default);
static NEXT: AtomicI64 = AtomicI64::new(1);

/// One client, and what belongs to it.
pub struct Session {
    pub token: CancelToken,
    pub callbacks: Arc<Callbacks>,
    state: Mutex<State>,
}

pub enum State {
    /// Not connected yet.
    Options(Box<Builder>),
    Open(Box<OpenClient>),
    Closed,
}

pub struct OpenClient {
    pub client: FtpsClient,
    /// Of the listing that is open.
    pub parser: Option<ListingParser>,
}

/// Takes a session up and returns its number.
pub fn add(options: &[u8], tells_dialogue: bool) -> Result<i64, Problem> {
    let callbacks = Arc::new(Callbacks::default());
    let builder = options::builder(options, &callbacks)?;
    let token = CancelToken::new().map_err(|error| {
        Error::Local(Failure::new("no descriptor is left for the client").with_cause(error))
    })?;
    let observer = tells_dialogue.then(|| callbacks.observer());
    let builder = builder.cancel_token(token.clone()).dialogue_observer(observer);
    let state = Mutex::new(State::Options(Box::new(builder)));
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    sessions().insert(number, Arc::new(Session { token, callbacks, state }));
    Ok(number)
}

pub fn find(number: i64) -> Result<Arc<Session>, Problem> {
    sessions().get(&number).cloned().ok_or_else(|| wrong_state("the client was closed: make a new one"))
}

/// Forgets a session, and closes its connection without waiting. A call that is still inside it, which Java does not let happen, would be the
/// last to use it.
pub fn remove(number: i64) {
    let removed = sessions().remove(&number);
    if let Some(session) = removed {
        session.close();
    }
}

fn sessions() -> MutexGuard<'static, HashMap<i64, Arc<Session>>> {
    SESSIONS.lock().unwrap_or_else(PoisonError::into_inner)
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
            State::Options(_) => Err(wrong_state("the client is not connected")),
            State::Closed => Err(wrong_state("the client was closed: make a new one")),
        }
    }

    pub fn connect(&self) -> Result<Vec<u8>, Problem> {
        let mut state = self.state()?;
        let State::Options(builder) = std::mem::replace(&mut *state, State::Closed) else {
            return Err(wrong_state("the client was connected before"));
        };
        let client = builder.connect()?;
        let greeting = crate::encode::reply(client.greeting());
        *state = State::Open(Box::new(OpenClient { client, parser: None }));
        Ok(greeting)
    }

    fn close(&self) {
        if let Ok(mut state) = self.state() {
            if let State::Open(open) = &mut *state {
                open.client.close();
            }
        }
    }

    pub fn quit(&self) -> Result<(), Problem> {
        match std::mem::replace(&mut *self.state()?, State::Closed) {
            State::Open(open) => Ok(open.client.quit()?),
            _ => Err(wrong_state("the client is not connected")),
        }
    }
}
