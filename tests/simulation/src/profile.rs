//! How rough the network is.

use crate::fault::FaultRates;
use fastrand::Rng;
use std::time::Duration;

/// What a connection is like. Start from [`Profile::calm`], [`Profile::rough`] or [`Profile::faulty`] and change
/// the fields that a test is about. Every probability is between 0 (never) and 1 (always).
#[derive(Clone, Debug)]
pub struct Profile {
    /// The shortest one-way delay that a connection may have.
    pub latency_min: Duration,
    /// The longest one-way delay that a connection may have; each connection draws its own between the two.
    pub latency_max: Duration,
    /// Added to the delay of every segment, between zero and this. Segments never overtake each other.
    pub jitter: Duration,
    /// Segments carry at most this many bytes; at least 1.
    pub segment_max: usize,
    /// How often a segment is cut shorter than it could be, at a random byte.
    pub fragmentation: f64,
    /// The smallest send window that a connection may have: bytes written that the peer has not read; at least 1.
    pub window_min: usize,
    /// The largest send window that a connection may have.
    pub window_max: usize,
    /// How often a read or write moves fewer bytes than it could.
    pub partial_calls: f64,
    /// How often bytes survive an RST: those under way still arrive, and those that the peer has not read yet can be read
    /// before the error, as on Linux. Otherwise both are lost, as RFC 9293 section 3.10.7.4 has it.
    pub bytes_survive_reset: f64,
    /// What goes wrong, and how often.
    pub faults: FaultRates,
}

impl Profile {
    /// Latency and nothing else.
    pub fn calm() -> Self {
        Profile {
            latency_min: Duration::from_millis(1),
            latency_max: Duration::from_millis(20),
            jitter: Duration::ZERO,
            segment_max: 16 * 1024,
            fragmentation: 0.0,
            window_min: 64 * 1024,
            window_max: 64 * 1024,
            partial_calls: 0.0,
            bytes_survive_reset: 0.0,
            faults: FaultRates::NONE,
        }
    }

    /// Everything that a correct peer must cope with: fragments, small windows, jitter. Nothing breaks.
    pub fn rough() -> Self {
        Profile {
            latency_min: Duration::from_micros(100),
            latency_max: Duration::from_millis(150),
            jitter: Duration::from_millis(20),
            segment_max: 1460,
            fragmentation: 0.2,
            window_min: 512,
            window_max: 32 * 1024,
            partial_calls: 0.2,
            bytes_survive_reset: 0.5,
            faults: FaultRates::NONE,
        }
    }

    /// [`Profile::rough`], and about one connection in seven has a fault.
    pub fn faulty() -> Self {
        Profile { faults: FaultRates::OFTEN, ..Profile::rough() }
    }

    pub(crate) fn draw_latency(&self, rng: &mut Rng) -> Duration {
        draw_duration(rng, self.latency_min, self.latency_max)
    }

    pub(crate) fn draw_jitter(&self, rng: &mut Rng) -> Duration {
        draw_duration(rng, Duration::ZERO, self.jitter)
    }

    pub(crate) fn draw_window(&self, rng: &mut Rng) -> usize {
        let smallest = self.window_min.max(1);
        rng.usize(smallest..=self.window_max.max(smallest))
    }

    /// The size of the next segment when `left` bytes, at least one, are to be sent.
    pub(crate) fn draw_segment(&self, rng: &mut Rng, left: usize) -> usize {
        let largest = left.min(self.segment_max.max(1));
        if happens(rng, self.fragmentation) {
            rng.usize(1..=largest)
        } else {
            largest
        }
    }

    /// How many of `possible` bytes, at least one, a call moves.
    pub(crate) fn draw_call(&self, rng: &mut Rng, possible: usize) -> usize {
        if happens(rng, self.partial_calls) {
            rng.usize(1..=possible)
        } else {
            possible
        }
    }

    pub(crate) fn draw_bytes_survive_reset(&self, rng: &mut Rng) -> bool {
        happens(rng, self.bytes_survive_reset)
    }
}

/// Certainties draw nothing: [`Profile::calm`] would otherwise pay for dice that it never needs.
pub(crate) fn happens(rng: &mut Rng, probability: f64) -> bool {
    probability > 0.0 && (probability >= 1.0 || rng.f64() < probability)
}

fn draw_duration(rng: &mut Rng, shortest: Duration, longest: Duration) -> Duration {
    if longest <= shortest {
        return shortest;
    }
    let spread = u64::try_from((longest - shortest).as_nanos()).unwrap_or(u64::MAX);
    shortest + Duration::from_nanos(rng.u64(0..=spread))
}
