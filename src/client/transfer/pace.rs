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

    /// When the next bytes may be taken out, if not now.
    fn turn(&self, now: Instant) -> Option<Instant> {
        self.balanced.filter(|balanced| *balanced > now && self.rate.is_some())
    }

    fn take(&mut self, bytes: usize, now: Instant) {
        let Some(rate) = self.rate else { return };
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
        let now = self.control.network.now();
        self.pace.bucket(direction).take(bytes, now);
    }

    /// Waits until the limit allows the next bytes, while a negative reply ends the transfer. The data connection is not looked at:
    /// what comes there waits too.
    pub(super) fn await_turn(&mut self, direction: Direction) -> Result<()> {
        while let Some(turn) = self.pace.bucket(direction).turn(self.control.network.now()) {
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
