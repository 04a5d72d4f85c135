//! The tasks of a simulation and the network they share: who may run next, and when.

use crate::failure::Reason;
use crate::internet::{Internet, Name};
use crate::trace::{Happening, Subject};
use ftps::net::{CancelToken, Interest, Woken};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread::Thread;
use std::time::Duration;

pub(crate) type TaskId = u64;

/// What a task does, given to a thread at its first turn.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// What a task waits for.
pub(crate) struct Wait {
    pub watched: Vec<(Name, Interest)>,
    pub deadline: Duration,
    pub cancel: Option<CancelToken>,
}

/// The right to run, passed from thread to thread.
#[derive(Clone, Default)]
pub(crate) struct Baton(Arc<AtomicBool>);

impl Baton {
    pub fn give(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub fn take(&self) -> bool {
        self.0.swap(false, Ordering::Acquire)
    }
}

enum TaskState {
    New(Job),
    Running,
    Waiting(Wait),
}

struct Task {
    name: String,
    state: TaskState,
    /// Why its latest wait ended.
    woken: Woken,
    baton: Baton,
    /// Known from the first wait on.
    thread: Option<Thread>,
}

/// What it takes to let the chosen task run.
pub(crate) enum Turn {
    /// It has not run yet: it needs a thread.
    Start { id: TaskId, name: String, job: Job },
    /// Its thread has the baton, and may have to be woken.
    Resume(Thread),
}

pub(crate) struct Limits {
    pub virtual_time: Duration,
    pub turns: u64,
    /// Calls of sockets in one turn.
    pub calls: u64,
}

pub(crate) struct World {
    pub internet: Internet,
    pub limits: Limits,
    pub turns: u64,
    /// Calls of sockets since the latest turn began.
    calls: u64,
    /// Set when no turns are given any more: with the reason, unless the main task simply ended.
    pub over: Option<Option<Reason>>,
    /// What every task was doing when it ended.
    pub last_report: String,
    tasks: BTreeMap<TaskId, Task>,
    spawned: TaskId,
}

impl World {
    pub fn new(internet: Internet) -> Self {
        World {
            internet,
            limits: Limits {
                virtual_time: Duration::from_secs(24 * 60 * 60),
                turns: 5_000_000,
                calls: 100_000,
            },
            turns: 0,
            calls: 0,
            over: None,
            last_report: String::new(),
            tasks: BTreeMap::new(),
            spawned: 0,
        }
    }

    pub fn add_task(&mut self, name: Option<String>, job: Job) {
        self.insert(name, TaskState::New(job));
    }

    /// Adds the task that the calling thread is, with the baton in its hand.
    pub fn add_main_task(&mut self) -> TaskId {
        self.insert(Some("main".into()), TaskState::Running)
    }

    fn insert(&mut self, name: Option<String>, state: TaskState) -> TaskId {
        let id = self.spawned;
        self.spawned += 1;
        let name = name.unwrap_or_else(|| format!("task {id}"));
        let task = Task { name, state, woken: Woken::Ready, baton: Baton::default(), thread: None };
        self.tasks.insert(id, task);
        self.internet.record(Subject::Task(id), Happening::Spawned);
        id
    }

    pub fn remove_task(&mut self, id: TaskId) -> Option<String> {
        self.internet.record(Subject::Task(id), Happening::Ended);
        self.tasks.remove(&id).map(|task| task.name)
    }

    pub fn has_tasks(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// Notes what the calling task waits for; what it gets is the baton to wait with.
    pub fn suspend(&mut self, id: TaskId, wait: Wait) -> Option<Baton> {
        let task = self.tasks.get_mut(&id)?;
        task.state = TaskState::Waiting(wait);
        task.thread.get_or_insert_with(std::thread::current);
        Some(task.baton.clone())
    }

    /// Why the latest wait of a task ended.
    pub fn woken(&self, id: TaskId) -> Option<Woken> {
        self.tasks.get(&id).map(|task| task.woken)
    }

    /// Counts a call of a socket. A task that makes so many of them in one turn does not wait any more.
    pub fn count_call(&mut self) -> Result<(), Reason> {
        self.calls += 1;
        if self.calls > self.limits.calls {
            return Err(Reason::Spins { calls: self.calls - 1 });
        }
        Ok(())
    }

    /// Chooses who runs next. Virtual time advances only as far as it must for anybody to run.
    pub fn next_turn(&mut self) -> Result<Turn, Reason> {
        if self.turns >= self.limits.turns {
            return Err(Reason::TurnLimit);
        }
        self.turns += 1;
        self.calls = 0;
        loop {
            self.internet.deliver_due();
            let ready: Vec<(TaskId, Woken)> = self.ready_tasks().collect();
            if !ready.is_empty() {
                let chosen = match ready.len() {
                    1 => 0,
                    several => self.internet.conditions.rng.usize(0..several),
                };
                let (id, woken) = ready[chosen];
                return self.start_or_resume(id, woken);
            }
            self.advance_time()?;
        }
    }

    fn ready_tasks(&self) -> impl Iterator<Item = (TaskId, Woken)> + '_ {
        self.tasks.iter().filter_map(|(id, task)| match &task.state {
            TaskState::New(_) => Some((*id, Woken::Ready)),
            TaskState::Running => None,
            TaskState::Waiting(wait) => Some((*id, self.end_of_wait(wait)?)),
        })
    }

    fn end_of_wait(&self, wait: &Wait) -> Option<Woken> {
        let is_ready = |(name, interest): &(Name, Interest)| {
            self.internet.readiness(*name, *interest) != Interest::default()
        };
        if wait.cancel.as_ref().is_some_and(CancelToken::is_cancelled) {
            Some(Woken::Cancelled)
        } else if wait.watched.iter().any(is_ready) {
            Some(Woken::Ready)
        } else if wait.deadline <= self.internet.now() {
            Some(Woken::Deadline)
        } else {
            None
        }
    }

    fn start_or_resume(&mut self, id: TaskId, woken: Woken) -> Result<Turn, Reason> {
        let gone = || Reason::NoThread(format!("task {id} has none"));
        let task = self.tasks.get_mut(&id).ok_or_else(gone)?;
        task.woken = woken;
        let (turn, what) = match std::mem::replace(&mut task.state, TaskState::Running) {
            TaskState::New(job) => (Turn::Start { id, name: task.name.clone(), job }, Happening::Started),
            TaskState::Waiting(_) | TaskState::Running => {
                task.baton.give();
                (Turn::Resume(task.thread.clone().ok_or_else(gone)?), Happening::Woke(woken.into()))
            }
        };
        self.internet.record(Subject::Task(id), what);
        Ok(turn)
    }

    fn advance_time(&mut self) -> Result<(), Reason> {
        let arrival = self.internet.next_arrival();
        let deadline = self
            .tasks
            .values()
            .filter_map(|task| match &task.state {
                TaskState::Waiting(wait) => Some(wait.deadline),
                TaskState::New(_) | TaskState::Running => None,
            })
            .min();
        match arrival.into_iter().chain(deadline).min() {
            Some(next) if next <= self.limits.virtual_time => {
                self.internet.conditions.now = self.internet.now().max(next);
                Ok(())
            }
            _ if arrival.is_some() => Err(Reason::TimeLimit),
            _ => Err(Reason::Deadlock),
        }
    }

    /// Ends the simulation. Every waiting task is let go; what must be dropped outside the lock is returned.
    pub fn end(&mut self, reason: Option<Reason>) -> Vec<Job> {
        if self.over.is_some() {
            return Vec::new();
        }
        self.last_report = self.report();
        self.over = Some(reason);
        self.internet.trace.freeze();
        for task in self.tasks.values() {
            if let (TaskState::Waiting(_), Some(thread)) = (&task.state, &task.thread) {
                task.baton.give();
                thread.unpark();
            }
        }
        let (new, others) = std::mem::take(&mut self.tasks)
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(_, task)| matches!(task.state, TaskState::New(_)));
        self.tasks = others;
        new.into_values()
            .filter_map(|task| match task.state {
                TaskState::New(job) => Some(job),
                TaskState::Running | TaskState::Waiting(_) => None,
            })
            .collect()
    }

    fn report(&self) -> String {
        let mut report = String::new();
        for (id, task) in &self.tasks {
            let doing = match &task.state {
                TaskState::New(_) => "has not begun".to_owned(),
                TaskState::Running => "runs".to_owned(),
                TaskState::Waiting(wait) => {
                    format!("waits until {:?} for {:?}", wait.deadline, wait.watched)
                }
            };
            // Writing to a string cannot fail.
            let _ = writeln!(report, "  {id} ({}): {doing}", task.name);
        }
        report
    }
}
