//! The simulation as tests see it.

use crate::failure::SimulationError;
use crate::fault::Fault;
use crate::host::Host;
use crate::internet::{Internet, NameEntry};
use crate::network::SimulatedNetwork;
use crate::profile::Profile;
use crate::scheduler::Scheduler;
use crate::trace::Trace;
use fastrand::Rng;
use ftps::net::Network;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

/// Starts a task: what a server is given in place of `std::thread::spawn`.
pub type Spawner = Arc<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// A network, the tasks on it, and their virtual time. Simulations share nothing: run as many at once as there are
/// processors.
pub struct Simulation {
    scheduler: Arc<Scheduler>,
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation").field("seed", &self.scheduler.seed).finish_non_exhaustive()
    }
}

impl Simulation {
    /// A simulation in which everything that is left to chance is drawn from `seed`.
    ///
    /// The names `client.test`, `server.test`, `stranger.test` and `localhost` can be resolved.
    pub fn new(seed: u64, profile: Profile) -> Self {
        let mut rng = Rng::with_seed(seed);
        // Streams of their own: what TLS draws does not move the faults of the network.
        let tls_random = rng.fork();
        let scheduler = Scheduler::new(seed, tls_random, Internet::new(rng, profile));
        let simulation = Simulation { scheduler };
        simulation.name("client.test", &[Host::CLIENT.v4()], Duration::ZERO);
        simulation.name("server.test", &[Host::SERVER.v4()], Duration::ZERO);
        simulation.name("stranger.test", &[Host::STRANGER.v4()], Duration::ZERO);
        simulation.name("localhost", &[Ipv4Addr::LOCALHOST.into()], Duration::ZERO);
        simulation
    }

    /// The seed that [`Simulation::new`] was given.
    pub fn seed(&self) -> u64 {
        self.scheduler.seed
    }

    /// The network as `host` sees it.
    pub fn network(&self, host: Host) -> Arc<dyn Network> {
        Arc::new(SimulatedNetwork::new(Arc::clone(&self.scheduler), host))
    }

    /// Lets `host` be resolved to `addresses` after `delay`; [`Duration::MAX`]: the answer never comes.
    pub fn name(&self, host: &str, addresses: &[IpAddr], delay: Duration) {
        let entry = NameEntry { addresses: addresses.to_vec(), delay };
        self.scheduler.lock().internet.names.insert(host.to_ascii_lowercase(), entry);
    }

    /// Decides what happens to the connection with this number, in the order of dialling from 0, in place
    /// of what the profile would draw. Has an effect until it is dialled.
    pub fn plan(&self, connection: u64, fault: Option<Fault>) {
        self.scheduler.lock().internet.planned.insert(connection, fault);
    }

    /// Lets the simulation fail when virtual time goes beyond this; 24 hours unless set.
    pub fn limit_virtual_time(&self, limit: Duration) {
        self.scheduler.lock().limits.virtual_time = limit;
    }

    /// Lets the simulation fail after this many turns of all tasks together; 5,000,000 unless set.
    pub fn limit_turns(&self, limit: u64) {
        self.scheduler.lock().limits.turns = limit;
    }

    /// Lets the simulation fail when a task calls its sockets so many times without waiting in between; 100,000 unless set.
    pub fn limit_calls(&self, limit: u64) {
        self.scheduler.lock().limits.calls = limit;
    }

    /// Adds a task. It gets its first turn when the others wait. After the end of the simulation this does nothing.
    pub fn spawn(&self, name: &str, task: impl FnOnce() + Send + 'static) {
        self.scheduler.spawn(Some(name.to_owned()), Box::new(task));
    }

    /// [`Simulation::spawn`] as a function, for code that starts its own threads.
    pub fn spawner(&self) -> Spawner {
        let scheduler = Arc::clone(&self.scheduler);
        Arc::new(move |task| scheduler.spawn(None, task))
    }

    /// Does something after `delay` of virtual time from now, in a task of its own. Not at all if the simulation ends
    /// before that.
    pub fn after(&self, delay: Duration, action: impl FnOnce() + Send + 'static) {
        let network = self.network(Host::CLIENT);
        let then = network.now() + delay;
        self.spawn("timer", move || {
            if network.wait(&mut [], then, None).is_ok() {
                action();
            }
        });
    }

    /// Lets virtual time pass for the calling task, and everything due in it happen. Returns at once
    /// when the simulation is over.
    pub fn sleep(&self, duration: Duration) {
        let network = self.network(Host::CLIENT);
        // The only error is the end of the simulation, which `run` reports.
        let _ = network.wait(&mut [], network.now() + duration, None);
    }

    /// Runs `main` as a task on the calling thread, and the other tasks with it, until `main` returns.
    ///
    /// Then, and when the simulation fails, every `wait` of the other tasks returns an error, and this function
    /// returns once they have ended. What they do from then on is neither in turn nor traced. A panic of any task,
    /// `main` included, is returned as an error with the seed. A simulation runs once.
    pub fn run<T>(&self, main: impl FnOnce() -> T) -> Result<T, SimulationError> {
        self.scheduler.run(main)
    }

    /// Virtual time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.scheduler.lock().internet.now()
    }

    /// How often any task was given its turn.
    pub fn turns(&self) -> u64 {
        self.scheduler.lock().turns
    }

    /// What has happened so far.
    pub fn trace(&self) -> Trace {
        self.scheduler.lock().internet.trace.clone()
    }
}

impl Drop for Simulation {
    /// Lets go of tasks that wait for a [`Simulation::run`] which never comes.
    fn drop(&mut self) {
        self.scheduler.end(None);
    }
}
