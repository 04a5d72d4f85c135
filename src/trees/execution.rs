//! A plan, done: over one connection or several, with one who watches.

use super::local_root::LocalRoot;
use super::plan::{Action, ActionKind, Plan};
use super::report::Report;
use super::transfers::Done;
use super::watcher::Watcher;
use crate::client::pool::Lease;
use crate::client::{Direction, Pool};
use crate::net::{CancelToken, Handle, Interest, Network, SystemNetwork, Watch, Woken};
use crate::{Error, Failure, FtpsClient, Result};
use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{sync_channel, SyncSender};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

/// Events that may wait for the one who watches: then the workers wait too.
const EVENTS: usize = 64;

/// As debuggers and `top` show the threads.
const THREAD_NAME: &str = "ftps-mirror";

/// What happens after a step has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The others are done.
    #[default]
    Continue,
    /// What is under way is stopped, and nothing else is begun.
    Stop,
}

/// How a plan is executed.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Execution {
    connections: Option<usize>,
    on_failure: OnFailure,
    cancel: Option<CancelToken>,
    hook: Option<ThreadHook>,
}

/// What a thread does before it works, and has in hand as long as it does.
#[derive(Clone)]
struct ThreadHook(Arc<dyn Fn() -> Box<dyn Any> + Send + Sync>);

impl fmt::Debug for ThreadHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThreadHook")
    }
}

impl Execution {
    /// How many connections of the pool to use at a time (default: all that it may have).
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = Some(connections.max(1));
        self
    }

    /// What happens after a step has failed (default: the others are done).
    pub fn on_failure(mut self, on_failure: OnFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// A token that stops all connections at once.
    pub fn cancel_token(mut self, token: impl Into<Option<CancelToken>>) -> Self {
        self.cancel = token.into();
        self
    }

    /// Called by every thread that works for the plan, before it does; the value is dropped there when the thread has done its
    /// work. For observers of a pool's connections that have to know for whom these work.
    pub fn in_each_thread(mut self, enter: impl Fn() -> Box<dyn Any> + Send + Sync + 'static) -> Self {
        self.hook = Some(ThreadHook(Arc::new(enter)));
        self
    }
}

/// How far a plan has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The step that this is about.
    pub action: &'a Action,
    /// Bytes of its file that have moved.
    pub moved: u64,
    /// Whether the step is over, done or failed.
    pub is_over: bool,
    /// Files that are over, of how many.
    pub files: (usize, usize),
    /// Bytes of all files that have moved, of how many as far as sizes were known.
    pub bytes: (u64, u64),
}

/// Where the connections come from.
enum Source<'a> {
    One(&'a mut FtpsClient),
    Pool(&'a Pool),
}

pub(super) enum Event {
    Moved {
        action: usize,
        bytes: u64,
    },
    Over {
        action: usize,
        outcome: Result<Done>,
    },
    /// A worker has no connection any more.
    WithoutConnection(Error),
}

/// What ends a run before its steps do.
#[derive(Clone, Copy)]
pub(super) enum Stop {
    /// By his token.
    Caller,
    /// By what the progress callback answered.
    Callback,
    /// The failure of a step, where the caller wants that.
    Failure,
}

impl Plan {
    /// Does what the plan says, with several connections of `pool` at a time. `progress` is called on this thread, for every piece
    /// of every file and at every step's end; `false` stops all.
    ///
    /// Fails only where the local root cannot be opened or made; all else that goes wrong is in the report.
    pub fn execute(
        self,
        pool: &Pool,
        execution: &Execution,
        progress: impl FnMut(&Progress<'_>) -> bool,
    ) -> Result<Report> {
        let connections = execution.connections.unwrap_or(pool.maximum()).min(pool.maximum());
        let run = Run::new(&self, execution)?;
        let sources = (0..connections).map(|_| Source::Pool(pool)).collect();
        let report = run.run(sources, progress);
        Ok(report.with_problems(self.problems))
    }

    /// The same with one connection. Without a token of its own, it is stopped by the one that the client watches.
    pub fn execute_with(
        self,
        client: &mut FtpsClient,
        execution: &Execution,
        progress: impl FnMut(&Progress<'_>) -> bool,
    ) -> Result<Report> {
        let mut execution = execution.clone();
        execution.cancel = execution.cancel.or_else(|| client.watched_token());
        let run = Run::new(&self, &execution)?;
        let token = client.replace_cancel_token(Some(run.cancel.clone()));
        let report = run.run(vec![Source::One(client)], progress);
        client.replace_cancel_token(token);
        Ok(report.with_problems(self.problems))
    }
}

/// A plan that is being executed.
pub(super) struct Run<'a> {
    pub plan: &'a Plan,
    execution: &'a Execution,
    local: LocalRoot,
    /// Stops all connections of this run.
    cancel: CancelToken,
    stopped: OnceLock<Stop>,
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan, execution: &'a Execution) -> Result<Run<'a>> {
        let local = match plan.direction {
            Direction::Upload => LocalRoot::open(&plan.local)?,
            Direction::Download => LocalRoot::create(&plan.local)?,
        };
        let cancel = CancelToken::new().map_err(|error| {
            Error::Local(Failure::new("no file descriptor is left for a token").with_cause(error))
        })?;
        Ok(Run { plan, execution, local, cancel, stopped: OnceLock::new() })
    }

    fn run(self, mut sources: Vec<Source<'_>>, progress: impl FnMut(&Progress<'_>) -> bool) -> Report {
        let mut watcher = Watcher::new(&self, progress);
        let steps = |wanted: fn(ActionKind) -> bool| -> Vec<usize> {
            let actions = self.plan.actions.iter().enumerate();
            actions.filter(|(_, action)| wanted(action.kind)).map(|(index, _)| index).collect()
        };
        // A directory stands before its contents come, and is empty before it goes: one connection does these in their order.
        let phases = [
            (steps(|kind| kind == ActionKind::CreateDirectory), 1),
            (steps(ActionKind::is_transfer), sources.len()),
            (steps(|kind| kind == ActionKind::DeleteFile), sources.len()),
            (steps(|kind| kind == ActionKind::DeleteDirectory), 1),
        ];
        for (steps, workers) in phases {
            if !steps.is_empty() {
                self.phase(&steps, &mut sources[..workers], &mut watcher);
            }
        }
        watcher.report(self.stopped.get().copied())
    }

    /// Does these steps, and returns when nobody works any more.
    fn phase<P: FnMut(&Progress<'_>) -> bool>(
        &self,
        steps: &[usize],
        sources: &mut [Source<'_>],
        watcher: &mut Watcher<'_, P>,
    ) {
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(EVENTS);
            for source in sources {
                let (sender, next) = (sender.clone(), &next);
                let work = move || self.work(source, steps, next, &sender);
                let started = thread::Builder::new().name(THREAD_NAME.to_owned()).spawn_scoped(scope, work);
                if let Err(error) = started {
                    let failure = Failure::new("the system starts no more threads").with_cause(error);
                    watcher.note_lost(Error::Local(failure));
                }
            }
            drop(sender);
            let _relay = self.execution.cancel.as_ref().and_then(|token| Relay::start(scope, token, self));
            watcher.watch(self, &receiver);
        });
    }

    /// Takes step after step, as long as there is a connection.
    fn work(&self, source: &mut Source<'_>, steps: &[usize], next: &AtomicUsize, events: &SyncSender<Event>) {
        let _entered = self.execution.hook.as_ref().map(|ThreadHook(enter)| enter());
        let mut lease = None;
        while next.load(Ordering::SeqCst) < steps.len() && !self.is_stopped() {
            let client = match source.client(&mut lease, &self.cancel) {
                Ok(client) => client,
                Err(error) => return drop(events.send(Event::WithoutConnection(error))),
            };
            let Some(&action) = steps.get(next.fetch_add(1, Ordering::SeqCst)) else { return };
            let progress = |bytes| events.send(Event::Moved { action, bytes }).is_ok() && !self.is_stopped();
            let outcome = self.plan.perform(&self.plan.actions[action], client, &self.local, progress);
            if outcome.is_err() && self.execution.on_failure == OnFailure::Stop {
                self.stop(Stop::Failure);
            }
            if events.send(Event::Over { action, outcome }).is_err() {
                return;
            }
        }
    }

    /// Ends what is under way. Whoever is first is the reason.
    pub fn stop(&self, why: Stop) {
        self.stopped.get_or_init(|| why);
        self.cancel.cancel();
    }

    pub fn is_stopped(&self) -> bool {
        if self.execution.cancel.as_ref().is_some_and(CancelToken::is_cancelled) {
            self.stop(Stop::Caller);
        }
        self.stopped.get().is_some()
    }
}

impl Source<'_> {
    /// A connection that works: a broken one of the pool's is given back for another.
    fn client<'b>(
        &'b mut self,
        lease: &'b mut Option<Lease>,
        cancel: &CancelToken,
    ) -> Result<&'b mut FtpsClient> {
        match self {
            Source::One(client) if client.is_usable() => Ok(client),
            Source::One(_) => Err(Error::Broken(Failure::new("the connection cannot be used any more"))),
            Source::Pool(pool) => {
                if lease.as_ref().is_none_or(|lease| !lease.is_usable()) {
                    *lease = None;
                    *lease = Some(pool.lease_watching(cancel)?);
                }
                lease.as_deref_mut().ok_or_else(|| Error::Broken(Failure::new("no connection")))
            }
        }
    }
}

/// Passes the caller's cancellation on to the token of the run, until it is dropped.
struct Relay(CancelToken);

impl Relay {
    /// Without a descriptor and a thread for it, the caller's token is looked at between pieces alone.
    fn start<'s, 'e>(
        scope: &'s thread::Scope<'s, 'e>,
        token: &'e CancelToken,
        run: &'e Run<'_>,
    ) -> Option<Relay> {
        let end = CancelToken::new().ok()?;
        let bell = end.clone();
        let relay = move || {
            const ROUND: Duration = Duration::from_secs(3600);
            while !bell.is_cancelled() {
                let mut watched = [Watch::new(Handle::Descriptor(bell.descriptor()), Interest::READ)];
                if let Ok(Woken::Cancelled) =
                    SystemNetwork.wait(&mut watched, SystemNetwork.now() + ROUND, Some(token))
                {
                    return run.stop(Stop::Caller);
                }
            }
        };
        thread::Builder::new().name(THREAD_NAME.to_owned()).spawn_scoped(scope, relay).ok()?;
        Some(Relay(end))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
