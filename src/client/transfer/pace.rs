//! The pace of transfers: at most so many bytes a second.

use crate::client::control::{cancelled, lost};
use crate::client::{Direction, FtpsClient};
use crate::net::{Interest, Watch, Woken};
use crate::Result;
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

/// At most so many payload bytes a second, on average. `None`: as fast as it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// For what comes from the server: RETR and listings.
    pub download: Option<NonZeroU64>,
    /// For what goes to the server: STOR, APPE, STOU.
    pub upload: Option<NonZeroU64>,
}

/// What may be moved at once, and is saved up at most while nothing moves: this much time's worth.
const BURST: Duration = Duration::from_millis(125);

/// The token buckets of both directions.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct Pace {
    download: Bucket,
    upload: Bucket,
}

impl Pace {
    pub fn new(limits: RateLimits) -> Pace {
        let bucket = |rate| Bucket { rate, balanced: None };
        Pace { download: bucket(limits.download), upload: bucket(limits.upload) }
    }

    pub fn limits(&self) -> RateLimits {
        RateLimits { download: self.download.rate, upload: self.upload.rate }
    }

    fn bucket(&mut self, direction: Direction) -> &mut Bucket {
        match direction {
            Direction::Download => &mut self.download,
            Direction::Upload => &mut self.upload,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Bucket {
    rate: Option<NonZeroU64>,
    /// When what was taken out will have been filled in again; none before the first time.
    balanced: Option<Instant>,
}

impl Bucket {
    /// How many bytes may be taken out at once.
    fn portion(&self) -> usize {
        self.rate.map_or(usize::MAX, |rate| {
            let bytes = u128::from(rate.get()) * BURST.as_millis() / 1000;
            usize::try_from(bytes).unwrap_or(usize::MAX).max(1)
        })
    }

    /// When the next bytes may be taken out, if not now. The clock is read only where there is a limit: this is asked for each piece.
    fn turn(&self, now: impl FnOnce() -> Instant) -> Option<Instant> {
        self.rate.and(self.balanced).filter(|balanced| *balanced > now())
    }

    fn take(&mut self, bytes: usize, now: impl FnOnce() -> Instant) {
        let Some(rate) = self.rate else { return };
        let now = now();
        let full = now.checked_sub(BURST).unwrap_or(now);
        let start = self.balanced.map_or(full, |balanced| balanced.max(full));
        self.balanced = Some(start + Duration::from_secs_f64(bytes as f64 / rate.get() as f64));
    }
}

impl FtpsClient {
    /// How fast this client transfers at most.
    pub fn rate_limits(&self) -> RateLimits {
        self.pace.limits()
    }

    /// Other limits from the next piece of payload on, also in an open transfer.
    ///
    /// A limited download leaves bytes with the server, as far as the buffers on the way do not take them. The time that a limit
    /// costs is not silence of the server; it is part of [`Timeouts::operation`](crate::client::Timeouts::operation).
    pub fn set_rate_limits(&mut self, limits: RateLimits) {
        self.pace.download.rate = limits.download;
        self.pace.upload.rate = limits.upload;
    }

    /// How many bytes may move at once.
    pub(super) fn portion(&mut self, direction: Direction) -> usize {
        self.pace.bucket(direction).portion()
    }

    pub(super) fn note_moved(&mut self, direction: Direction, bytes: usize) {
        let network = &self.control.network;
        self.pace.bucket(direction).take(bytes, || network.now());
    }

    /// Waits until the limit allows the next bytes, while a negative reply ends the transfer. The data connection is not looked at:
    /// what comes there waits too.
    pub(super) fn await_turn(&mut self, direction: Direction) -> Result<()> {
        while let Some(turn) = self.pace.bucket(direction).turn(|| self.control.network.now()) {
            self.take_replies()?;
            self.keep_control_alive()?;
            self.control.check_patience()?;
            let is_answered = self.transfer.as_ref().is_none_or(|transfer| transfer.final_reply.is_some());
            let interest = if is_answered { Interest::default() } else { Interest::READ };
            let mut watched = [Watch::new(self.control.handle(), interest)];
            let end = self.control.budget.limit(turn);
            let woken = self.control.network.wait(&mut watched, end, self.control.cancel.as_ref());
            if woken.map_err(lost)? == Woken::Cancelled {
                return Err(cancelled());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_limit_the_clock_is_not_read() {
        let mut bucket = Bucket::default();
        bucket.take(1_000_000, || panic!("the clock was read"));
        assert_eq!(bucket.turn(|| panic!("the clock was read")), None);
        assert_eq!(bucket.portion(), usize::MAX);
    }

    #[test]
    fn what_was_taken_out_is_waited_for_and_a_burst_is_not() {
        let (mut bucket, now) = (Bucket { rate: NonZeroU64::new(1000), balanced: None }, Instant::now());
        assert_eq!(bucket.portion(), 125);
        bucket.take(125, || now);
        assert_eq!(bucket.turn(|| now), None);
        bucket.take(1000, || now);
        assert_eq!(bucket.turn(|| now), Some(now + Duration::from_secs(1)));
        assert_eq!(bucket.turn(|| now + Duration::from_secs(1)), None);
    }

    #[test]
    fn a_limit_that_is_lifted_is_not_waited_for() {
        let (mut bucket, now) = (Bucket { rate: NonZeroU64::new(1), balanced: None }, Instant::now());
        bucket.take(1000, || now);
        bucket.rate = None;
        assert_eq!(bucket.turn(|| panic!("the clock was read")), None);
    }
}
