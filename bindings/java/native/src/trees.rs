//! Walks, and mirrors by their plans.

use crate::callbacks::{self, Callbacks};
use crate::errors::{wrong_state, Problem};
use crate::handles::Handles;
use crate::pool::Pooled;
use crate::session::{new_token, OpenClient, Session};
use crate::{encode_trees, options};
use ftps::net::CancelToken;
use ftps::trees::{Plan, Progress, Walker};
use ftps::Error;
use jni::objects::JObject;
use jni::refs::Global;
use jni::Env;
use std::sync::{Mutex, PoisonError};

const EXECUTED: &str = "the plan was executed: make a new one";

static PLANS: Handles<Planned> = Handles::new(EXECUTED);

/// A plan that Java calls by its number.
struct Planned {
    /// None once it was executed.
    plan: Mutex<Option<Plan>>,
    /// Stops its execution over a pool, also when that is only about to begin. A plan that is only looked at needs no descriptors.
    token: Mutex<Option<CancelToken>>,
}

impl Planned {
    fn take(&self) -> Result<Plan, Problem> {
        let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner).take();
        plan.ok_or_else(|| wrong_state(EXECUTED))
    }

    fn token(&self) -> Result<CancelToken, Problem> {
        let mut known = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let token = known.take().map_or_else(new_token, Ok)?;
        Ok(known.insert(token).clone())
    }
}

/// Who is told how far a plan has come: a `java.util.function.Function`, if there is one, and who keeps what it throws.
struct Listener<'a> {
    function: Option<Global<JObject<'static>>>,
    callbacks: &'a Callbacks,
}

impl Listener<'_> {
    fn hears(&self, progress: &Progress<'_>) -> bool {
        let told = |function| self.callbacks.plan_progress(function, &encode_trees::progress(progress));
        self.function.as_ref().is_none_or(told)
    }
}

impl OpenClient {
    /// Begins a walk beneath a path, or of what matches a pattern.
    pub fn open_walk(&mut self, start: &[u8], is_pattern: bool) -> Result<(), Problem> {
        self.walker = Some(match is_pattern {
            false => Walker::new(start),
            true => Walker::matching(start)?,
        });
        Ok(())
    }

    /// What a walk comes to next, or none at its end. `skips`: not what is in the directory that it has come to.
    pub fn next_found(&mut self, skips: bool) -> Result<Option<Vec<u8>>, Problem> {
        let Some(walker) = &mut self.walker else { return Ok(None) };
        if skips {
            walker.skip_directory();
        }
        match walker.step(&mut self.client) {
            None => Ok(None),
            Some(Ok(found)) => Ok(Some(encode_trees::found(&found))),
            Some(Err(problem))
                if !self.client.is_usable() || matches!(problem.error, Error::Cancelled(_)) =>
            {
                Err(problem.error.into())
            }
            Some(Err(problem)) => Ok(Some(encode_trees::walk_problem(&problem))),
        }
    }

    /// Looks at both sides. The answer begins with the plan's number.
    pub fn plan(&mut self, mirror: &[u8]) -> Result<Vec<u8>, Problem> {
        let plan = options::mirror(mirror)?.plan(&mut self.client)?;
        let described = encode_trees::plan(&plan);
        let number = PLANS.add(Planned { plan: Mutex::new(Some(plan)), token: Mutex::default() });
        Ok([&number.to_be_bytes()[..], &described].concat())
    }
}

/// What a plan is executed with.
pub struct Order<'a> {
    pub number: i64,
    pub options: &'a [u8],
    pub upcalls: &'a JObject<'a>,
    /// Who hears how far it has come; null for nobody.
    pub progress: &'a JObject<'a>,
}

impl Order<'_> {
    fn listener<'c>(&self, env: &Env, callbacks: &'c Callbacks) -> Result<Listener<'c>, Problem> {
        Ok(Listener { function: callbacks::global(env, self.progress)?, callbacks })
    }
}

impl Session {
    /// Does what a plan says. It is stopped as every other call of the client.
    pub fn execute(&self, env: &Env, order: &Order) -> Result<Vec<u8>, Problem> {
        let execution = options::execution(order.options)?;
        let listener = order.listener(env, &self.callbacks)?;
        self.callbacks.during_execution(env, order.upcalls, self.token.clone(), |crew| {
            self.with_client(|open| {
                let plan = PLANS.find(order.number)?.take()?;
                let execution = execution.in_each_thread(move || Box::new(crew.enter()));
                let report = plan.execute_with(&mut open.client, &execution, |done| listener.hears(done));
                remove(order.number);
                Ok(encode_trees::report(&report?))
            })
        })
    }
}

impl Pooled {
    /// The same over several connections. [`stop`] stops it.
    pub fn execute(&self, env: &Env, order: &Order) -> Result<Vec<u8>, Problem> {
        let execution = options::execution(order.options)?;
        let listener = order.listener(env, &self.callbacks)?;
        let planned = PLANS.find(order.number)?;
        let token = planned.token()?;
        self.callbacks.during_execution(env, order.upcalls, token.clone(), |crew| {
            let execution = execution.cancel_token(token);
            let execution = execution.in_each_thread(move || Box::new(crew.enter()));
            let report = planned.take()?.execute(&self.pool, &execution, |done| listener.hears(done));
            remove(order.number);
            Ok(encode_trees::report(&report?))
        })
    }
}

/// Stops the execution of a plan over a pool; does nothing when it is over.
pub fn stop(number: i64) {
    if let Ok(token) = PLANS.find(number).and_then(|planned| planned.token()) {
        token.cancel();
    }
}

/// Forgets a plan, which is executed no more.
pub fn remove(number: i64) {
    drop(PLANS.remove(number));
}
