//! What happened, and when.

use crate::fault::Breakage;
use ftps::net::Woken;
use std::collections::hash_map::DefaultHasher;
use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::SocketAddr;
use std::time::Duration;

/// How many events are kept.
const KEPT: usize = 4096;

/// The end of a connection that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The end that called `dial`.
    Dialler,
    /// The end that a listener gave out.
    Acceptor,
}

impl Side {
    pub(crate) fn other(self) -> Side {
        match self {
            Side::Dialler => Side::Acceptor,
            Side::Acceptor => Side::Dialler,
        }
    }

    pub(crate) fn index(self) -> usize {
        match self {
            Side::Dialler => 0,
            Side::Acceptor => 1,
        }
    }
}

/// Something that happened. It holds lengths and not contents, of which [`Trace::contents`] is the fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Happening {
    /// A task was spawned.
    Spawned,
    /// A task got its first turn.
    Started,
    /// A task's wait ended.
    Woke(WokenBy),
    /// A task returned.
    Ended,
    /// A connection was dialled.
    Dialled {
        /// The dialling end's address.
        from: SocketAddr,
        /// The address that was dialled.
        to: SocketAddr,
    },
    /// A connection attempt arrived: taken by a listener, or refused.
    Opened {
        /// Whether a listener took it.
        taken: bool,
    },
    /// The dialler learned that its connection stands.
    Established(Side),
    /// The dialler learned that its connection was refused.
    Refused(Side),
    /// An end wrote so many bytes.
    Wrote(Side, usize),
    /// So many bytes arrived at an end.
    Arrived(Side, usize),
    /// Bytes arrived at an end that is closed or cut off: answered with RST.
    ArrivedTooLate(Side, usize),
    /// An end read so many bytes.
    Read(Side, usize),
    /// An end learned that so many bytes of its send window are free again.
    WindowOpened(Side, usize),
    /// An end ended its writing direction.
    ShutDown(Side),
    /// FIN arrived at an end.
    EndArrived(Side),
    /// An end was closed.
    Closed(Side),
    /// An end was closed with RST.
    ResetSent(Side),
    /// RST arrived at an end.
    ResetArrived(Side),
    /// A fault struck.
    Broke(Breakage),
}

/// Why a wait ended: [`Woken`], in a form that can be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WokenBy {
    /// A watched socket is ready.
    Ready,
    /// The deadline passed.
    Deadline,
    /// The cancel token is set.
    Cancelled,
}

impl From<Woken> for WokenBy {
    fn from(woken: Woken) -> Self {
        match woken {
            Woken::Ready => WokenBy::Ready,
            Woken::Deadline => WokenBy::Deadline,
            Woken::Cancelled => WokenBy::Cancelled,
        }
    }
}

/// What an event happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The task with this number, in the order of spawning; the main task is one of them.
    Task(u64),
    /// The connection with this number, in the order of dialling, from 0.
    Connection(u64),
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// Virtual time since the simulation began.
    pub at: Duration,
    /// What it happened to.
    pub subject: Subject,
    /// What happened.
    pub what: Happening,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>14.6}s  {:?}: {:?}", self.at.as_secs_f64(), self.subject, self.what)
    }
}

/// The latest events of a simulation, and fingerprints of all of them.
#[derive(Clone, Debug)]
pub struct Trace {
    events: VecDeque<Event>,
    count: u64,
    /// Without random keys: equal histories have equal fingerprints in every process.
    hasher: DefaultHasher,
    contents: DefaultHasher,
    frozen: bool,
}

impl Trace {
    pub(crate) fn new() -> Self {
        Trace {
            events: VecDeque::new(),
            count: 0,
            hasher: DefaultHasher::new(),
            contents: DefaultHasher::new(),
            frozen: false,
        }
    }

    pub(crate) fn record(&mut self, at: Duration, subject: Subject, what: Happening) {
        if self.frozen {
            return;
        }
        let event = Event { at, subject, what };
        event.hash(&mut self.hasher);
        self.count += 1;
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// Bytes that somebody wrote.
    pub(crate) fn record_contents(&mut self, bytes: &[u8]) {
        if !self.frozen {
            self.contents.write(bytes);
        }
    }

    /// What happens after the end of a simulation is not in any order that a seed decides.
    pub(crate) fn freeze(&mut self) {
        self.frozen = true;
    }

    /// The latest events, oldest first: at most 4096.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    /// How many events there were, including those no longer kept.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// A number that two simulations have in common when all their events are equal, in the same order.
    pub fn fingerprint(&self) -> u64 {
        self.hasher.finish()
    }

    /// A number that two simulations have in common when all bytes written to sockets are equal, in the same order.
    pub fn contents(&self) -> u64 {
        self.contents.finish()
    }

    /// The latest `lines` events as text, one a line. An event that repeats itself is one, with how often it came.
    pub fn tail(&self, lines: usize) -> String {
        let mut runs: Vec<(&Event, u64)> = Vec::new();
        for event in self.events.iter().rev() {
            let is_full = runs.len() == lines;
            match runs.last_mut() {
                Some((last, times)) if **last == *event => *times += 1,
                _ if is_full => break,
                _ => runs.push((event, 1)),
            }
        }
        let text = |(event, times): &(&Event, u64)| match times {
            1 => format!("{event}\n"),
            _ => format!("{event} ({times} times)\n"),
        };
        runs.iter().rev().map(text).collect()
    }
}
