//! A plan, done: over one connection or several, with one who watches.

use super::local_root::LocalRoot;
use super::plan::{Action, ActionKind, Plan};
use super::report::{ActionFailure, Report};
use super::transfers::Done;
use crate::client::pool::Lease;
use crate::client::{Direction, Pool};
use crate::net::{CancelToken, Handle, Interest, Network, SystemNetwork, Watch, Woken};
use crate::{Error, Failure, FtpsClient, Result};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{sync_channel, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

/// Events that may wait for the one who watches: then the workers wait too.
const EVENTS: usize = 64;

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

enum Event {
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
struct Run<'a> {
    plan: &'a Plan,
    execution: &'a Execution,
    local: LocalRoot,
    /// Stops all connections of this run.
    cancel: CancelToken,
    stopped: AtomicBool,
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
        Ok(Run { plan, execution, local, cancel, stopped: AtomicBool::new(false) })
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
        watcher.report()
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
                scope.spawn(move || self.work(source, steps, next, &sender));
            }
            drop(sender);
            let _relay = self.execution.cancel.as_ref().and_then(|token| Relay::start(scope, token, self));
            watcher.watch(self, &receiver);
        });
    }

    /// Takes step after step, as long as there is a connection.
    fn work(&self, source: &mut Source<'_>, steps: &[usize], next: &AtomicUsize, events: &SyncSender<Event>) {
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
                self.stop();
            }
            if events.send(Event::Over { action, outcome }).is_err() {
                return;
            }
        }
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.cancel.cancel();
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
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
    /// Without a descriptor for it, the caller's token is looked at between pieces alone.
    fn start<'s, 'e>(
        scope: &'s thread::Scope<'s, 'e>,
        token: &'e CancelToken,
        run: &'e Run<'_>,
    ) -> Option<Relay> {
        let end = CancelToken::new().ok()?;
        let bell = end.clone();
        scope.spawn(move || {
            const ROUND: Duration = Duration::from_secs(3600);
            while !bell.is_cancelled() {
                let mut watched = [Watch::new(Handle::Descriptor(bell.descriptor()), Interest::READ)];
                if let Ok(Woken::Cancelled) =
                    SystemNetwork.wait(&mut watched, SystemNetwork.now() + ROUND, Some(token))
                {
                    return run.stop();
                }
            }
        });
        Some(Relay(end))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The one who is told everything, on the caller's thread.
struct Watcher<'a, P> {
    actions: &'a [Action],
    progress: P,
    report: Report,
    /// What each step has moved, and whether it was tried.
    moved: Vec<u64>,
    tried: Vec<bool>,
    files: (usize, usize),
    bytes: (u64, u64),
}

impl<'a, P: FnMut(&Progress<'_>) -> bool> Watcher<'a, P> {
    fn new(run: &Run<'a>, progress: P) -> Self {
        let plan = run.plan;
        Watcher {
            actions: &plan.actions,
            progress,
            report: Report::default(),
            moved: vec![0; plan.actions.len()],
            tried: vec![false; plan.actions.len()],
            files: (0, plan.files()),
            bytes: (0, plan.bytes()),
        }
    }

    /// Until nobody is left who sends events.
    fn watch(&mut self, run: &Run<'_>, events: &Receiver<Event>) {
        for event in events {
            match event {
                Event::Moved { action, bytes } => self.show(run, action, bytes, false),
                Event::Over { action, outcome } => {
                    let bytes = outcome.as_ref().map_or_else(Error::bytes_moved, |done| done.bytes);
                    self.note(action, outcome);
                    self.show(run, action, bytes.max(self.moved[action]), true);
                }
                Event::WithoutConnection(error) => drop(self.report.ended_by.get_or_insert(error)),
            }
        }
    }

    fn show(&mut self, run: &Run<'_>, index: usize, moved: u64, is_over: bool) {
        // A file that is sent again begins anew.
        self.bytes.0 = self.bytes.0 - self.moved[index] + moved;
        self.moved[index] = moved;
        let action = &self.actions[index];
        self.files.0 += usize::from(is_over && action.kind.is_transfer());
        let progress = Progress { action, moved, is_over, files: self.files, bytes: self.bytes };
        if !run.is_stopped() && !(self.progress)(&progress) {
            let message = "stopped by the progress callback";
            self.report.ended_by.get_or_insert_with(|| Error::Cancelled(Failure::new(message)));
            run.stop();
        }
    }

    fn note(&mut self, index: usize, outcome: Result<Done>) {
        self.tried[index] = true;
        let (report, action) = (&mut self.report, &self.actions[index]);
        match outcome {
            Err(error) => {
                let path = action.path.clone();
                report.failures.push(ActionFailure { path, action: Some(action.clone()), error });
            }
            Ok(done) => {
                report.bytes += done.bytes;
                report.times_not_set += u64::from(done.time_not_set);
                match action.kind {
                    ActionKind::Upload | ActionKind::Download => report.files += 1,
                    ActionKind::CreateDirectory => report.directories += 1,
                    ActionKind::DeleteFile | ActionKind::DeleteDirectory => report.deleted += 1,
                    ActionKind::Skip => {}
                }
            }
        }
    }

    fn report(mut self) -> Report {
        for (action, tried) in self.actions.iter().zip(&self.tried) {
            match action.kind {
                ActionKind::Skip => self.report.skipped += 1,
                _ if !tried => self.report.not_done.push(action.clone()),
                _ => {}
            }
        }
        self.report
    }
}
