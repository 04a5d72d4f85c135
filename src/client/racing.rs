//! A connection to the first of several addresses that answers: Happy Eyeballs (RFC 8305 section 5).

use super::control::{cancelled, lost, timeout};
use crate::net::{CancelToken, Interest, Network, Socket, SocketOptions, Watch, Woken};
use crate::{Error, Failure, Result};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long an address may take to answer before the next one is tried besides ("Connection Attempt Delay").
const STAGGER: Duration = Duration::from_millis(250);

/// A connection to one of the addresses.
pub(super) struct Attempt {
    pub address: SocketAddr,
    pub socket: Box<dyn Socket>,
}

/// Connects to whichever of `addresses` answers first. Where none does, the error names each with its cause.
pub(super) fn connect_first(
    network: &dyn Network,
    addresses: Vec<SocketAddr>,
    options: &SocketOptions,
    deadline: Instant,
    cancel: Option<&CancelToken>,
) -> Result<Attempt> {
    let race = Race {
        network,
        options,
        waiting: interleaved(addresses),
        running: Vec::new(),
        next_start: network.now(),
        failed: Vec::new(),
    };
    race.run(deadline, cancel)
}

struct Race<'a> {
    network: &'a dyn Network,
    options: &'a SocketOptions,
    /// Addresses that were not tried yet.
    waiting: VecDeque<SocketAddr>,
    running: Vec<Attempt>,
    /// When the next of those that wait is tried.
    next_start: Instant,
    failed: Vec<(SocketAddr, io::Error)>,
}

impl Race<'_> {
    fn run(mut self, deadline: Instant, cancel: Option<&CancelToken>) -> Result<Attempt> {
        loop {
            self.start_due();
            if self.running.is_empty() {
                return Err(no_connection(self.failed));
            }
            let end = if self.waiting.is_empty() { deadline } else { deadline.min(self.next_start) };
            let mut watched: Vec<Watch<'_>> =
                self.running.iter().map(|it| Watch::new(it.socket.handle(), Interest::WRITE)).collect();
            let woken = self.network.wait(&mut watched, end, cancel).map_err(lost)?;
            let decided: Vec<bool> = watched.iter().map(|watch| watch.ready.write).collect();
            match woken {
                Woken::Ready => {
                    if let Some(winner) = self.settle(&decided) {
                        return Ok(winner);
                    }
                }
                Woken::Deadline if self.network.now() >= deadline => return Err(self.too_late()),
                Woken::Deadline => {}
                Woken::Cancelled => return Err(cancelled()),
            }
        }
    }

    /// Tries the next address when its time has come, and at once where no other is being tried.
    fn start_due(&mut self) {
        while self.running.is_empty() || self.network.now() >= self.next_start {
            let Some(address) = self.waiting.pop_front() else { return };
            match self.network.dial(address, self.options) {
                Ok(socket) => {
                    self.running.push(Attempt { address, socket });
                    self.next_start = self.network.now() + STAGGER;
                }
                Err(error) => self.failed.push((address, error)),
            }
        }
    }

    /// Takes the outcome of the attempts that have one. The first that stands wins, and the others are closed.
    fn settle(&mut self, decided: &[bool]) -> Option<Attempt> {
        let mut index = 0;
        for is_decided in decided {
            if !is_decided {
                index += 1;
                continue;
            }
            let mut attempt = self.running.remove(index);
            match attempt.socket.connected() {
                Ok(()) => return Some(attempt),
                Err(error) => {
                    self.failed.push((attempt.address, error));
                    self.next_start = self.network.now();
                }
            }
        }
        None
    }

    fn too_late(self) -> Error {
        let late = self.running.iter().map(|it| it.address).chain(self.waiting);
        let late: Vec<String> = late.map(|address| address.to_string()).collect();
        let mut error = timeout(&format!("the connection to {}", late.join(" or ")));
        if !self.failed.is_empty() {
            error.set_cause(no_connection(self.failed));
        }
        error
    }
}

/// The addresses in their order, but of the two families in turn (RFC 8305 section 4), so that where one family does not
/// work the other one's turn comes soon.
fn interleaved(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let first_is_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_ipv6);
    let mut second = second.into_iter();
    let mut order: VecDeque<SocketAddr> =
        first.into_iter().flat_map(|address| [Some(address), second.next()]).flatten().collect();
    order.extend(second);
    order
}

/// No address was left. The last failure is the cause; those before it are told in the message.
fn no_connection(mut failed: Vec<(SocketAddr, io::Error)>) -> Error {
    let Some((last, cause)) = failed.pop() else {
        return Error::Resolve(Failure::new("the host has no address"));
    };
    let others: String = failed.iter().map(|(address, error)| format!("{address} ({error}) and ")).collect();
    Error::Connect(Failure::new(format!("no connection to {others}{last} could be made")).with_cause(cause))
}

#[cfg(test)]
mod tests {
    use super::interleaved;
    use std::net::SocketAddr;

    #[test]
    fn the_families_take_turns_from_the_one_that_is_first() {
        let addresses = ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"];
        let parsed: Vec<SocketAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        let order: Vec<String> = interleaved(parsed).iter().map(ToString::to_string).collect();
        assert_eq!(order, ["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"]);
    }
}
