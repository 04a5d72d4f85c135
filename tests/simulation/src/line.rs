//! One direction of a connection: packets under way, in order.

use crate::fault::Breakage;
use crate::profile::Profile;
use fastrand::Rng;
use std::collections::VecDeque;
use std::time::Duration;

/// The clock, the dice and what is drawn with them.
#[derive(Debug)]
pub(crate) struct Conditions {
    pub now: Duration,
    pub rng: Rng,
    pub profile: Profile,
}

/// What travels on a line.
#[derive(Debug)]
pub(crate) enum Packet {
    /// SYN.
    Open,
    /// The listener's answer: the connection stands.
    Opened,
    /// The other answer.
    Refused,
    Data(Vec<u8>),
    /// FIN.
    End,
    /// RST.
    Reset,
    /// The peer has read so many bytes.
    Window(usize),
    /// A fault, between the bytes where it strikes.
    Break(Breakage),
    /// The FIN that a cut sends back to the end whose bytes ran into it.
    CutEcho,
}

#[derive(Debug)]
struct UnderWay {
    sent: Duration,
    arrival: Duration,
    packet: Packet,
}

#[derive(Debug)]
pub(crate) struct Line {
    latency: Duration,
    under_way: VecDeque<UnderWay>,
    /// Nothing overtakes the packet before it.
    last_arrival: Duration,
    /// Nothing arrives before this; [`Duration::MAX`]: never.
    held_until: Duration,
    bytes_sent: u64,
    breakage: Option<(u64, Breakage)>,
    /// A cut has passed: what comes after it is not delivered.
    pub severed: bool,
}

impl Line {
    pub fn new(latency: Duration, breakage: Option<(u64, Breakage)>) -> Self {
        Line {
            latency,
            under_way: VecDeque::new(),
            last_arrival: Duration::ZERO,
            held_until: Duration::ZERO,
            bytes_sent: 0,
            breakage,
            severed: false,
        }
    }

    /// Sends a packet. The opening packets are followed by the fault that strikes at byte 0.
    pub fn send(&mut self, packet: Packet, conditions: &mut Conditions) {
        let opens = matches!(packet, Packet::Open | Packet::Opened);
        self.enqueue(packet, conditions);
        if opens {
            self.strike(conditions);
        }
    }

    /// Sends bytes in segments that the profile draws.
    pub fn send_data(&mut self, mut bytes: &[u8], conditions: &mut Conditions) {
        while !bytes.is_empty() {
            let drawn = conditions.profile.draw_segment(&mut conditions.rng, bytes.len());
            let (segment, rest) = bytes.split_at(drawn.min(self.bytes_until_breakage()));
            bytes = rest;
            self.bytes_sent += segment.len() as u64;
            self.enqueue(Packet::Data(segment.to_vec()), conditions);
            self.strike(conditions);
        }
    }

    /// Forgets the bytes that are under way.
    pub fn discard_data(&mut self) {
        self.under_way.retain(|under_way| !matches!(under_way.packet, Packet::Data(_)));
    }

    /// Lets nothing arrive for `duration`; [`Duration::MAX`]: ever.
    pub fn hold(&mut self, now: Duration, duration: Duration) {
        self.held_until = self.held_until.max(now.saturating_add(duration));
    }

    /// When the next packet arrives, if one ever does.
    pub fn due(&self) -> Option<Duration> {
        if self.held_until == Duration::MAX {
            return None;
        }
        self.under_way.front().map(|first| first.arrival.max(self.held_until))
    }

    pub fn take(&mut self) -> Option<Packet> {
        self.under_way.pop_front().map(|first| first.packet)
    }

    fn enqueue(&mut self, packet: Packet, conditions: &mut Conditions) {
        let sent = conditions.now;
        if let (Packet::Window(more), Some(last)) = (&packet, self.under_way.back_mut()) {
            if let (Packet::Window(bytes), true) = (&mut last.packet, last.sent == sent) {
                *bytes += more;
                return;
            }
        }
        let jitter = conditions.profile.draw_jitter(&mut conditions.rng);
        let arrival = self.last_arrival.max(sent + self.latency + jitter);
        self.last_arrival = arrival;
        self.under_way.push_back(UnderWay { sent, arrival, packet });
    }

    /// At least 1: a breakage that has been reached has struck.
    fn bytes_until_breakage(&self) -> usize {
        match self.breakage {
            Some((after, _)) => usize::try_from(after - self.bytes_sent).unwrap_or(usize::MAX),
            None => usize::MAX,
        }
    }

    fn strike(&mut self, conditions: &mut Conditions) {
        match self.breakage {
            Some((after, breakage)) if after <= self.bytes_sent => {
                self.breakage = None;
                self.enqueue(Packet::Break(breakage), conditions);
            }
            _ => {}
        }
    }
}
