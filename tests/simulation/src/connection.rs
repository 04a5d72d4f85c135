//! One connection: two ends and the lines between them, with the manners of TCP.

use crate::fault::{Breakage, Direction, Fault};
use crate::host::Host;
use crate::line::{Conditions, Line, Packet};
use crate::trace::{Happening, Side};
use ftps::net::Interest;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The accepting end, before a listener has taken the connection.
    Unborn,
    Connecting,
    Established,
    /// Refused or reset, by either side.
    Dead,
}

#[derive(Debug)]
struct End {
    stage: Stage,
    /// A task, or a listener's backlog, holds it.
    held: bool,
    /// Told once, by whichever call comes first, as by the socket calls of Linux.
    error: Option<io::ErrorKind>,
    received: VecDeque<u8>,
    end_received: bool,
    end_sent: bool,
    /// Bytes written that the peer has not read, as far as this end knows.
    outstanding: usize,
}

impl End {
    fn new(stage: Stage, held: bool) -> Self {
        End {
            stage,
            held,
            error: None,
            received: VecDeque::new(),
            end_received: false,
            end_sent: false,
            outstanding: 0,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Connection {
    /// The machine that dialled: it decides whose loopback interface a loopback address means.
    pub origin: Host,
    pub dialler: SocketAddr,
    pub acceptor: SocketAddr,
    window: usize,
    refused: bool,
    ends: [End; 2],
    lines: [Line; 2],
}

impl Connection {
    /// A connection whose first packet is under way.
    pub fn dial(
        origin: Host,
        dialler: SocketAddr,
        acceptor: SocketAddr,
        fault: Option<Fault>,
        conditions: &mut Conditions,
    ) -> Self {
        let latency = conditions.profile.draw_latency(&mut conditions.rng);
        let breakage_in = |wanted: Direction| match fault {
            Some(Fault::Break { direction, after, breakage }) if direction == wanted => {
                Some((after, breakage))
            }
            _ => None,
        };
        let mut connection = Connection {
            origin,
            dialler,
            acceptor,
            window: conditions.profile.draw_window(&mut conditions.rng),
            refused: fault == Some(Fault::Refused),
            ends: [End::new(Stage::Connecting, true), End::new(Stage::Unborn, false)],
            lines: [
                Line::new(latency, breakage_in(Direction::FromDialler)),
                Line::new(latency, breakage_in(Direction::ToDialler)),
            ],
        };
        connection.line(Side::Dialler).send(Packet::Open, conditions);
        if fault == Some(Fault::NeverAnswered) {
            connection.fall_silent(conditions.now, Duration::MAX);
        }
        connection
    }

    /// When the next packet arrives, and from which side it comes.
    pub fn due(&self) -> Option<(Duration, Side)> {
        [Side::Dialler, Side::Acceptor]
            .into_iter()
            .filter_map(|from| Some((self.lines[from.index()].due()?, from)))
            .min_by_key(|(due, _)| *due)
    }

    pub fn take_packet(&mut self, from: Side) -> Option<Packet> {
        self.line(from).take()
    }

    /// Whether neither end can ever be seen again.
    pub fn is_over(&self) -> bool {
        let waits_for_acceptor =
            self.ends[Side::Acceptor.index()].stage == Stage::Unborn && self.due().is_some();
        !waits_for_acceptor && self.ends.iter().all(|end| !end.held)
    }

    /// Whether the fault of this connection is to be refused.
    pub fn is_to_be_refused(&self) -> bool {
        self.refused
    }

    /// The attempt arrived, and a listener took it.
    pub fn open(&mut self, conditions: &mut Conditions) {
        *self.end(Side::Acceptor) = End::new(Stage::Established, true);
        self.line(Side::Acceptor).send(Packet::Opened, conditions);
    }

    /// The attempt arrived, and nobody took it.
    pub fn refuse(&mut self, conditions: &mut Conditions) {
        self.line(Side::Acceptor).send(Packet::Refused, conditions);
    }

    /// Something else than a connection attempt arrives at the end opposite of `from`.
    pub fn deliver(&mut self, from: Side, packet: Packet, conditions: &mut Conditions) -> Option<Happening> {
        let side = from.other();
        match packet {
            Packet::Open => None,
            Packet::Opened => self.deliver_opened(side, conditions),
            Packet::Refused => {
                self.kill(side, io::ErrorKind::ConnectionRefused);
                Some(Happening::Refused(side))
            }
            Packet::Data(bytes) => self.deliver_data(side, bytes, conditions),
            Packet::End if self.lines[from.index()].severed => None,
            Packet::End => {
                self.end(side).end_received = true;
                Some(Happening::EndArrived(side))
            }
            Packet::Reset => self.deliver_reset(side, conditions),
            Packet::Window(bytes) => {
                let end = self.end(side);
                end.outstanding = end.outstanding.saturating_sub(bytes);
                Some(Happening::WindowOpened(side, bytes))
            }
            Packet::Break(breakage) => {
                self.break_here(side, breakage, conditions);
                Some(Happening::Broke(breakage))
            }
            Packet::CutEcho => {
                self.line(from).severed = true;
                self.end(side).end_received = true;
                Some(Happening::EndArrived(side))
            }
        }
    }

    fn deliver_opened(&mut self, side: Side, conditions: &mut Conditions) -> Option<Happening> {
        let end = self.end(side);
        if !end.held {
            self.line(side).send(Packet::Reset, conditions);
            return None;
        }
        if end.stage == Stage::Connecting {
            end.stage = Stage::Established;
        }
        Some(Happening::Established(side))
    }

    fn deliver_data(&mut self, side: Side, bytes: Vec<u8>, conditions: &mut Conditions) -> Option<Happening> {
        let severed = self.lines[side.other().index()].severed;
        let end = self.end(side);
        if severed || !end.held {
            self.line(side).send(Packet::Reset, conditions);
            return Some(Happening::ArrivedTooLate(side, bytes.len()));
        }
        if end.stage != Stage::Established {
            return None;
        }
        end.received.extend(&bytes);
        Some(Happening::Arrived(side, bytes.len()))
    }

    fn deliver_reset(&mut self, side: Side, conditions: &mut Conditions) -> Option<Happening> {
        let survive = conditions.profile.draw_bytes_survive_reset(&mut conditions.rng);
        let end = self.end(side);
        if end.stage == Stage::Dead {
            return None;
        }
        if !survive {
            end.received.clear();
        }
        // Linux: EPIPE where the peer had already closed its side, ECONNRESET otherwise.
        let error = if end.end_received { io::ErrorKind::BrokenPipe } else { io::ErrorKind::ConnectionReset };
        self.kill(side, error);
        Some(Happening::ResetArrived(side))
    }

    /// A fault strikes where bytes arrive at `side`.
    fn break_here(&mut self, side: Side, breakage: Breakage, conditions: &mut Conditions) {
        match breakage {
            Breakage::Cut => {
                self.end(side).end_received = true;
                self.line(side.other()).severed = true;
                self.line(side).send(Packet::CutEcho, conditions);
            }
            Breakage::Reset => {
                self.deliver_reset(side, conditions);
                self.line(side).send(Packet::Reset, conditions);
            }
            Breakage::Stall(duration) => self.fall_silent(conditions.now, duration),
            Breakage::Silence => self.fall_silent(conditions.now, Duration::MAX),
        }
    }

    fn fall_silent(&mut self, now: Duration, duration: Duration) {
        for line in &mut self.lines {
            line.hold(now, duration);
        }
    }

    /// What `interest` asks for and `side` has. Errors and the end of the stream make it ready.
    pub fn readiness(&self, side: Side, interest: Interest) -> Interest {
        let end = &self.ends[side.index()];
        let over = end.error.is_some() || end.stage == Stage::Dead;
        let readable = over || end.end_received || !end.received.is_empty();
        let writable =
            over || end.end_sent || (end.stage == Stage::Established && end.outstanding < self.window);
        Interest { read: interest.read && readable, write: interest.write && writable }
    }

    pub fn connected(&mut self, side: Side) -> io::Result<()> {
        let end = self.end(side);
        take_error(end)?;
        match end.stage {
            Stage::Established => Ok(()),
            Stage::Unborn | Stage::Connecting | Stage::Dead => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    pub fn read(&mut self, side: Side, buffer: &mut [u8], conditions: &mut Conditions) -> io::Result<usize> {
        let end = self.end(side);
        let possible = end.received.len().min(buffer.len());
        if possible > 0 {
            let count = conditions.profile.draw_call(&mut conditions.rng, possible);
            for (place, byte) in buffer.iter_mut().zip(end.received.drain(..count)) {
                *place = byte;
            }
            if end.stage == Stage::Established {
                self.line(side).send(Packet::Window(count), conditions);
            }
            return Ok(count);
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        take_error(end)?;
        if end.end_received || end.stage == Stage::Dead {
            return Ok(0);
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    pub fn write(&mut self, side: Side, bytes: &[u8], conditions: &mut Conditions) -> io::Result<usize> {
        let window = self.window;
        let end = self.end(side);
        take_error(end)?;
        if end.end_sent || end.stage == Stage::Dead {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if bytes.is_empty() {
            return Ok(0);
        }
        let possible = window.saturating_sub(end.outstanding).min(bytes.len());
        if end.stage != Stage::Established || possible == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let count = conditions.profile.draw_call(&mut conditions.rng, possible);
        end.outstanding += count;
        self.line(side).send_data(&bytes[..count], conditions);
        Ok(count)
    }

    pub fn shutdown_write(&mut self, side: Side, conditions: &mut Conditions) -> io::Result<()> {
        let end = self.end(side);
        if end.stage != Stage::Established {
            return Err(io::ErrorKind::NotConnected.into());
        }
        if !end.end_sent {
            end.end_sent = true;
            self.line(side).send(Packet::End, conditions);
        }
        Ok(())
    }

    /// Closes in the ordinary way: FIN, or RST where unread bytes are thrown away (RFC 2525 section 2.17).
    pub fn close(&mut self, side: Side, conditions: &mut Conditions) -> Option<Happening> {
        let end = self.end(side);
        if !end.held {
            return None;
        }
        end.held = false;
        if end.stage != Stage::Established {
            return Some(Happening::Closed(side));
        }
        if !end.received.is_empty() {
            self.line(side).send(Packet::Reset, conditions);
            return Some(Happening::ResetSent(side));
        }
        if !end.end_sent {
            end.end_sent = true;
            self.line(side).send(Packet::End, conditions);
        }
        Some(Happening::Closed(side))
    }

    /// Closes with RST.
    pub fn reset(&mut self, side: Side, conditions: &mut Conditions) -> Option<Happening> {
        let survive = conditions.profile.draw_bytes_survive_reset(&mut conditions.rng);
        let end = self.end(side);
        if !end.held {
            return None;
        }
        end.held = false;
        if end.stage != Stage::Established {
            return Some(Happening::Closed(side));
        }
        if !survive {
            self.line(side).discard_data();
        }
        self.line(side).send(Packet::Reset, conditions);
        Some(Happening::ResetSent(side))
    }

    fn kill(&mut self, side: Side, error: io::ErrorKind) {
        let end = self.end(side);
        end.stage = Stage::Dead;
        end.error = Some(error);
    }

    fn end(&mut self, side: Side) -> &mut End {
        &mut self.ends[side.index()]
    }

    /// The line that carries what `side` sends.
    fn line(&mut self, side: Side) -> &mut Line {
        &mut self.lines[side.index()]
    }
}

fn take_error(end: &mut End) -> io::Result<()> {
    match end.error.take() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
