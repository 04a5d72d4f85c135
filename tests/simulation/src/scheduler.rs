//! Threads that take turns: exactly one runs at a time, and it hands over only where it waits or ends.

use crate::failure::{panic_message, Reason, SimulationError};
use crate::internet::{Internet, Name};
use crate::world::{Baton, Job, TaskId, Turn, Wait, World};
use fastrand::Rng;
use ftps::net::{CancelToken, Handle, Interest, Watch, Woken};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The start of virtual time: 2026-06-01T00:00:00Z.
const WALL_CLOCK_START: Duration = Duration::from_secs(1_780_272_000);

/// Real time that a task may take between two waits. It is noticed within twice this time.
const STUCK_AFTER: Duration = Duration::from_secs(60);

/// How often a task may call its sockets or ask to wait after the end, before it is unwound.
const CALLS_AFTER_END: u32 = 1000;

/// How many events an error shows.
const EVENTS_IN_ERROR: usize = 40;

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
    static CALLS_SINCE_END: Cell<u32> = const { Cell::new(0) };
}

/// The task that a thread is.
struct Current {
    scheduler: Arc<Scheduler>,
    id: TaskId,
}

/// Makes the thread a task for as long as it lives.
struct Entered(Option<Current>);

impl Entered {
    fn new(scheduler: &Arc<Scheduler>, id: TaskId) -> Self {
        CALLS_SINCE_END.set(0);
        let current = Current { scheduler: Arc::clone(scheduler), id };
        Entered(CURRENT.with(|cell| cell.replace(Some(current))))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|cell| cell.replace(self.0.take()));
    }
}

/// The simulation that the calling thread is a task of.
pub(crate) fn current() -> Option<Arc<Scheduler>> {
    CURRENT.with(|cell| cell.borrow().as_ref().map(|current| Arc::clone(&current.scheduler)))
}

/// What unwinds a task that goes on after the end.
struct SimulationIsOver;

pub(crate) struct Scheduler {
    pub seed: u64,
    pub tls_random: Mutex<Rng>,
    base: Instant,
    world: Mutex<World>,
    all_ended: Condvar,
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl Scheduler {
    pub fn new(seed: u64, tls_random: Rng, internet: Internet) -> Arc<Self> {
        Arc::new(Scheduler {
            seed,
            tls_random: Mutex::new(tls_random),
            base: Instant::now(),
            world: Mutex::new(World::new(internet)),
            all_ended: Condvar::new(),
        })
    }

    /// A panic of a task is reported as such; the state behind the lock is whole between any two calls.
    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`Scheduler::lock`] for a call of a socket or listener: after the end it fails, and where a task no longer waits it
    /// brings the end.
    pub fn enter_call(&self) -> io::Result<MutexGuard<'_, World>> {
        let mut world = self.lock();
        if world.over.is_none() {
            let Err(reason) = world.count_call() else { return Ok(world) };
            let never_begun = world.end(Some(reason));
            drop(world);
            drop(never_begun);
        } else {
            drop(world);
        }
        Err(refuse_to_go_on())
    }

    pub fn now(&self) -> Instant {
        self.base + self.lock().internet.now()
    }

    pub fn wall_clock(&self) -> SystemTime {
        UNIX_EPOCH + WALL_CLOCK_START + self.lock().internet.now()
    }

    pub fn spawn(&self, name: Option<String>, job: Job) {
        let mut world = self.lock();
        if world.over.is_none() {
            world.add_task(name, job);
        } else {
            // What the job holds may need the lock when it is dropped.
            drop(world);
            drop(job);
        }
    }

    /// Runs the main task on the calling thread, and ends the simulation with it.
    pub fn run<T>(self: &Arc<Self>, main: impl FnOnce() -> T) -> Result<T, SimulationError> {
        let id = {
            let mut world = self.lock();
            if world.over.is_some() || world.turns > 0 {
                return Err(self.error(&world, Reason::AlreadyRan));
            }
            world.turns = 1;
            world.add_main_task()
        };
        let result = {
            let _entered = Entered::new(self, id);
            catch_unwind(AssertUnwindSafe(main))
        };
        let name = self.lock().remove_task(id).unwrap_or_default();
        self.end(result.as_ref().err().and_then(|payload| panic_reason(name, payload.as_ref())));
        self.wait_for_the_others();
        let world = self.lock();
        match (&world.over, result) {
            (Some(Some(reason)), _) => Err(self.error(&world, reason.clone())),
            (_, Ok(value)) => Ok(value),
            (_, Err(payload)) => resume_unwind(payload),
        }
    }

    /// Ends the simulation without ever running it, or after its main task.
    pub fn end(&self, reason: Option<Reason>) {
        let never_begun = self.lock().end(reason);
        drop(never_begun);
    }

    fn wait_for_the_others(&self) {
        let world = self.lock();
        let (mut world, timeout) = self
            .all_ended
            .wait_timeout_while(world, STUCK_AFTER, |world| world.has_tasks())
            .unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() && !matches!(world.over, Some(Some(_))) {
            world.over = Some(Some(Reason::Stuck));
        }
    }

    /// `Network::wait`: gives up the baton until something watched is ready.
    pub fn wait(
        self: &Arc<Self>,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Woken> {
        let id = self.current_task()?;
        let names = names_of(watched)?;
        let wait = Wait {
            watched: names.iter().copied().filter(|(_, interest)| *interest != Interest::default()).collect(),
            deadline: deadline.saturating_duration_since(self.base),
            cancel: cancel.cloned(),
        };
        let mut world = self.lock();
        if world.over.is_some() {
            drop(world);
            return Err(refuse_to_go_on());
        }
        let baton = world.suspend(id, wait).ok_or_else(not_a_task)?;
        self.pass_on(world);
        self.await_baton(&baton);

        let world = self.lock();
        if world.over.is_some() {
            drop(world);
            return Err(refuse_to_go_on());
        }
        for (watch, (name, interest)) in watched.iter_mut().zip(names) {
            watch.ready = world.internet.readiness(name, interest);
        }
        world.woken(id).ok_or_else(not_a_task)
    }

    fn current_task(self: &Arc<Self>) -> io::Result<TaskId> {
        CURRENT.with(|cell| match &*cell.borrow() {
            Some(current) if Arc::ptr_eq(&current.scheduler, self) => Ok(current.id),
            _ => Err(not_a_task()),
        })
    }

    /// Chooses who runs next, and lets it.
    fn pass_on(self: &Arc<Self>, mut world: MutexGuard<'_, World>) {
        let turn = world.next_turn();
        match turn {
            Ok(Turn::Resume(thread)) => {
                drop(world);
                // Its own thread needs no waking.
                if thread.id() != std::thread::current().id() {
                    thread.unpark();
                }
            }
            Ok(Turn::Start { id, name, job }) => {
                drop(world);
                self.start(id, name, job);
            }
            Err(reason) => {
                let never_begun = world.end(Some(reason));
                drop(world);
                drop(never_begun);
            }
        }
    }

    fn start(self: &Arc<Self>, id: TaskId, name: String, job: Job) {
        let scheduler = Arc::clone(self);
        let started = std::thread::Builder::new().name(name).spawn(move || scheduler.run_task(id, job));
        if let Err(error) = started {
            self.lock().remove_task(id);
            self.end(Some(Reason::NoThread(error.to_string())));
        }
    }

    fn run_task(self: &Arc<Self>, id: TaskId, job: Job) {
        let result = {
            let _entered = Entered::new(self, id);
            catch_unwind(AssertUnwindSafe(job))
        };
        let mut world = self.lock();
        let name = world.remove_task(id).unwrap_or_default();
        if let Some(reason) = result.err().and_then(|payload| panic_reason(name, payload.as_ref())) {
            let never_begun = world.end(Some(reason));
            drop(world);
            drop(never_begun);
            world = self.lock();
        }
        if world.over.is_none() {
            self.pass_on(world);
        } else if !world.has_tasks() {
            self.all_ended.notify_all();
        }
    }

    fn await_baton(&self, baton: &Baton) {
        let mut turns_seen = None;
        let mut since = Instant::now();
        while !baton.take() {
            std::thread::park_timeout(STUCK_AFTER);
            if since.elapsed() < STUCK_AFTER {
                continue;
            }
            let turns = self.lock().turns;
            if turns_seen == Some(turns) {
                self.end(Some(Reason::Stuck));
            }
            turns_seen = Some(turns);
            since = Instant::now();
        }
    }

    fn error(&self, world: &World, reason: Reason) -> SimulationError {
        SimulationError {
            seed: self.seed,
            reason,
            tasks: world.last_report.clone(),
            trace: world.internet.trace.tail(EVENTS_IN_ERROR),
        }
    }
}

fn names_of(watched: &[Watch<'_>]) -> io::Result<Vec<(Name, Interest)>> {
    let name = |watch: &Watch<'_>| match watch.handle {
        Handle::Token(token) => Name::from_token(token).map(|name| (name, watch.interest)),
        Handle::Descriptor(_) => None,
    };
    watched
        .iter()
        .map(|watch| name(watch).ok_or_else(|| io::Error::other("not a socket of a simulated network")))
        .collect()
}

fn not_a_task() -> io::Error {
    io::Error::other("only tasks of this simulation can wait on its network")
}

/// The error of a call after the end. A task that does not take it for an answer is unwound.
fn refuse_to_go_on() -> io::Error {
    let calls = CALLS_SINCE_END.get() + 1;
    CALLS_SINCE_END.set(calls);
    if calls > CALLS_AFTER_END && !std::thread::panicking() {
        CALLS_SINCE_END.set(0);
        resume_unwind(Box::new(SimulationIsOver));
    }
    io::Error::other("the simulation is over")
}

/// The reason that a panic makes; none for the unwinding that the simulation itself began.
fn panic_reason(task: String, payload: &(dyn Any + Send)) -> Option<Reason> {
    if payload.is::<SimulationIsOver>() {
        return None;
    }
    Some(Reason::Panicked { task, message: panic_message(payload) })
}
