//! The seam: the simulated network as a [`Network`].

use crate::host::Host;
use crate::internet::{Internet, Name};
use crate::scheduler::Scheduler;
use crate::trace::{Happening, Side, Subject};
use ftps::net::{CancelToken, Handle, Listener, Network, Socket, SocketOptions, Watch, Woken};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// The simulated network as one of its machines sees it.
#[derive(Clone, Debug)]
pub struct SimulatedNetwork {
    scheduler: Arc<Scheduler>,
    host: Host,
}

impl SimulatedNetwork {
    pub(crate) fn new(scheduler: Arc<Scheduler>, host: Host) -> Self {
        SimulatedNetwork { scheduler, host }
    }

    fn wait_for_answer(
        &self,
        delay: Duration,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<()> {
        let answer = self.now().checked_add(delay).filter(|answer| *answer <= deadline);
        match (self.wait(&mut [], answer.unwrap_or(deadline), cancel)?, answer) {
            (Woken::Cancelled, _) => Err(io::ErrorKind::Interrupted.into()),
            (_, None) => Err(io::ErrorKind::TimedOut.into()),
            (_, Some(_)) => Ok(()),
        }
    }
}

impl Network for SimulatedNetwork {
    fn now(&self) -> Instant {
        self.scheduler.now()
    }

    fn wall_clock(&self) -> SystemTime {
        self.scheduler.wall_clock()
    }

    fn resolve(
        &self,
        host: &str,
        port: u16,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let entry = self.scheduler.lock().internet.names.get(&host.to_ascii_lowercase()).cloned();
        let Some(entry) = entry else {
            return Err(io::Error::other(format!("the simulated network knows no host named {host}")));
        };
        if !entry.delay.is_zero() {
            self.wait_for_answer(entry.delay, deadline, cancel)?;
        }
        Ok(entry.addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }

    fn dial(&self, peer: SocketAddr, _: &SocketOptions) -> io::Result<Box<dyn Socket>> {
        let (connection, local) = self.scheduler.enter_call()?.internet.dial(self.host, peer);
        Ok(Box::new(SimulatedSocket {
            scheduler: Arc::clone(&self.scheduler),
            connection,
            side: Side::Dialler,
            local,
            peer,
        }))
    }

    fn listen(&self, local: SocketAddr, _: &SocketOptions) -> io::Result<Box<dyn Listener>> {
        let (number, local) = self.scheduler.lock().internet.listen(self.host, local)?;
        Ok(Box::new(SimulatedListener { scheduler: Arc::clone(&self.scheduler), number, local }))
    }

    fn wait(
        &self,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Woken> {
        self.scheduler.wait(watched, deadline, cancel)
    }
}

#[derive(Debug)]
struct SimulatedSocket {
    scheduler: Arc<Scheduler>,
    connection: u64,
    side: Side,
    local: SocketAddr,
    peer: SocketAddr,
}

impl SimulatedSocket {
    /// Does something to the connection, and records what came of it.
    fn act<T>(
        &self,
        action: impl FnOnce(&mut Internet) -> io::Result<T>,
        happening: impl FnOnce(&T) -> Happening,
    ) -> io::Result<T> {
        let internet = &mut self.scheduler.enter_call()?.internet;
        let result = action(internet)?;
        internet.record(Subject::Connection(self.connection), happening(&result));
        Ok(result)
    }
}

impl Socket for SimulatedSocket {
    fn connected(&mut self) -> io::Result<()> {
        let internet = &mut self.scheduler.enter_call()?.internet;
        internet.with(self.connection, |connection, _| connection.connected(self.side))
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let side = self.side;
        self.act(
            |internet| {
                internet
                    .with(self.connection, |connection, conditions| connection.read(side, buffer, conditions))
            },
            |count| Happening::Read(side, *count),
        )
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let side = self.side;
        self.act(
            |internet| {
                let written = internet.with(self.connection, |connection, conditions| {
                    connection.write(side, bytes, conditions)
                });
                let count = written?;
                internet.trace.record_contents(&bytes[..count]);
                Ok(count)
            },
            |count| Happening::Wrote(side, *count),
        )
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        let side = self.side;
        self.act(
            |internet| {
                internet.with(self.connection, |connection, conditions| {
                    connection.shutdown_write(side, conditions)
                })
            },
            |()| Happening::ShutDown(side),
        )
    }

    fn reset(self: Box<Self>) {
        // What drop does afterwards to a closed end is nothing.
        self.scheduler.lock().internet.reset(self.connection, self.side);
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }

    fn handle(&self) -> Handle<'_> {
        Handle::Token(Name::End(self.connection, self.side).to_token())
    }
}

impl Drop for SimulatedSocket {
    fn drop(&mut self) {
        self.scheduler.lock().internet.close(self.connection, self.side);
    }
}

#[derive(Debug)]
struct SimulatedListener {
    scheduler: Arc<Scheduler>,
    number: u64,
    local: SocketAddr,
}

impl Listener for SimulatedListener {
    fn accept(&mut self) -> io::Result<Box<dyn Socket>> {
        let accepted = self.scheduler.enter_call()?.internet.accept(self.number)?;
        Ok(Box::new(SimulatedSocket {
            scheduler: Arc::clone(&self.scheduler),
            connection: accepted.number,
            side: Side::Acceptor,
            local: accepted.local,
            peer: accepted.peer,
        }))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }

    fn handle(&self) -> Handle<'_> {
        Handle::Token(Name::Listener(self.number).to_token())
    }
}

impl Drop for SimulatedListener {
    fn drop(&mut self) {
        self.scheduler.lock().internet.close_listener(self.number);
    }
}
