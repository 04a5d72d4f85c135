//! What goes wrong with a connection, and where.

use fastrand::Rng;
use std::time::Duration;

/// One thing that goes wrong with one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The connection attempt is answered with RST although somebody listens.
    Refused,
    /// The connection attempt is never answered.
    NeverAnswered,
    /// The connection breaks once `after` bytes have passed in `direction`.
    Break {
        /// The direction whose bytes are counted.
        direction: Direction,
        /// How many bytes arrive before it; 0 is right after the connection stands.
        after: u64,
        /// What happens then.
        breakage: Breakage,
    },
}

/// A direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the end that called `dial`.
    FromDialler,
    /// To the end that called `dial`.
    ToDialler,
}

/// How a standing connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breakage {
    /// Both ends see FIN, and RST when they go on sending.
    Cut,
    /// Both ends see RST.
    Reset,
    /// Nothing passes in either direction for this long; then all of it does.
    Stall(Duration),
    /// Nothing passes in either direction any more.
    Silence,
}

/// How often a connection has which fault: probabilities that together are at most 1.
#[derive(Clone, Copy, Debug)]
pub struct FaultRates {
    /// [`Fault::Refused`].
    pub refused: f64,
    /// [`Fault::NeverAnswered`].
    pub never_answered: f64,
    /// [`Breakage::Cut`].
    pub cut: f64,
    /// [`Breakage::Reset`].
    pub reset: f64,
    /// [`Breakage::Stall`].
    pub stall: f64,
    /// [`Breakage::Silence`].
    pub silence: f64,
    /// A stall is at most this long.
    pub stall_max: Duration,
    /// Breakages happen within the first 2 to the power of this many bytes of their direction; below 63. Small positions are
    /// as likely as large ones are in total, so that handshakes and commands are hit as often as payload.
    pub within_bits: u32,
}

impl FaultRates {
    /// Nothing ever goes wrong.
    pub const NONE: FaultRates = FaultRates {
        refused: 0.0,
        never_answered: 0.0,
        cut: 0.0,
        reset: 0.0,
        stall: 0.0,
        silence: 0.0,
        stall_max: Duration::ZERO,
        within_bits: 0,
    };

    /// About one connection in seven has a fault.
    pub const OFTEN: FaultRates = FaultRates {
        refused: 0.01,
        never_answered: 0.01,
        cut: 0.04,
        reset: 0.04,
        stall: 0.03,
        silence: 0.02,
        stall_max: Duration::from_secs(120),
        within_bits: 17,
    };

    pub(crate) fn draw(&self, rng: &mut Rng) -> Option<Fault> {
        let mut left = rng.f64();
        let mut falls_to = |rate: f64| {
            left -= rate;
            left < 0.0
        };
        if falls_to(self.refused) {
            return Some(Fault::Refused);
        }
        if falls_to(self.never_answered) {
            return Some(Fault::NeverAnswered);
        }
        let breakage = if falls_to(self.cut) {
            Breakage::Cut
        } else if falls_to(self.reset) {
            Breakage::Reset
        } else if falls_to(self.stall) {
            Breakage::Stall(self.stall_max.mul_f64(rng.f64()))
        } else if falls_to(self.silence) {
            Breakage::Silence
        } else {
            return None;
        };
        let direction = if rng.bool() { Direction::FromDialler } else { Direction::ToDialler };
        Some(Fault::Break { direction, after: self.draw_position(rng), breakage })
    }

    fn draw_position(&self, rng: &mut Rng) -> u64 {
        let bits = rng.u32(0..=self.within_bits.min(62));
        rng.u64(0..=1 << bits)
    }
}
