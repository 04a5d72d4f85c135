//! Why a simulation did not end well.

use std::any::Any;
use std::fmt;

/// Why a simulation did not end well. Displayed, it tells the seed, what every task was doing, and the latest events.
#[derive(Clone, Debug)]
pub struct SimulationError {
    /// The seed of the simulation.
    pub seed: u64,
    /// What happened.
    pub reason: Reason,
    /// What every task was doing, one a line.
    pub tasks: String,
    /// The latest events, one a line.
    pub trace: String,
}

/// What kept a simulation from ending well.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Every task waits, nothing is under way, and no deadline lies within the limit of virtual time.
    Deadlock,
    /// The limit of virtual time was reached while something was still under way.
    TimeLimit,
    /// The tasks took more turns than allowed: one of them probably polls without ever waiting.
    TurnLimit,
    /// A task called its sockets again and again without waiting in between: it would never have ended.
    Spins {
        /// How many calls there were.
        calls: u64,
    },
    /// A task neither waited nor ended for more than a minute of real time: it probably blocks on a lock or a
    /// channel that another task of the simulation holds.
    Stuck,
    /// A task panicked.
    Panicked {
        /// The task.
        task: String,
        /// What it said.
        message: String,
    },
    /// The operating system gave no thread for a task.
    NoThread(String),
    /// [`run`](crate::Simulation::run) was called a second time.
    AlreadyRan,
}

impl fmt::Display for SimulationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "simulation with seed {}: {}", self.seed, self.reason)?;
        write!(f, "tasks:\n{}latest events:\n{}", self.tasks, self.trace)
    }
}

impl std::error::Error for SimulationError {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Deadlock => f.write_str("deadlock: every task waits and nothing is under way"),
            Reason::TimeLimit => f.write_str("the limit of virtual time was reached"),
            Reason::TurnLimit => f.write_str("the tasks took more turns than allowed"),
            Reason::Spins { calls } => {
                write!(f, "livelock: a task called its sockets {calls} times without waiting in between")
            }
            Reason::Stuck => f.write_str("a task neither waits nor ends"),
            Reason::Panicked { task, message } => write!(f, "task {task} panicked: {message}"),
            Reason::NoThread(why) => write!(f, "no thread for a task: {why}"),
            Reason::AlreadyRan => f.write_str("it has run already"),
        }
    }
}

/// What a panic said.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "(not a text)".to_owned(),
    }
}
