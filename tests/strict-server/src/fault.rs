//! Faults: what goes wrong, when, and how to write that in one line.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something that goes wrong at a chosen moment.
///
/// Several faults at the same moment act in the order in which they were given, and they combine: a `226` that comes
/// early is [`FaultAction::Extra`] at [`Moment::DataByte`] and [`FaultAction::NoReply`] at [`Moment::FinalReply`].
///
/// In text (`strict-server --fault`): `[VERB][#N]@MOMENT=ACTION`, where `#*` is every time. Examples:
///
/// ```
/// use strict_server::{Fault, FaultAction, Moment, Trigger};
/// let fault: Fault = "STOR#2@byte:1000=reset".parse().unwrap();
/// assert_eq!(fault, Fault::new(Trigger::new(Moment::DataByte(1000)).on("STOR").nth(2), FaultAction::Reset));
/// "@greeting=stall".parse::<Fault>().unwrap();
/// "RETR#*@final=reply:451 Local error.".parse::<Fault>().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// When.
    pub at: Trigger,
    /// What.
    pub action: FaultAction,
}

impl Fault {
    /// `action` at `at`.
    pub fn new(at: Trigger, action: FaultAction) -> Self {
        Fault { at, action }
    }
}

/// When a fault acts: at `moment` of the `nth` command called `verb`, or of the `nth` control connection for the two
/// moments that belong to no command. At the moments of a transfer only commands that transfer are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    moment: Moment,
    verb: Option<String>,
    nth: Nth,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nth {
    Only(u32),
    Every,
}

impl Trigger {
    /// `moment` of the first command, whatever its verb.
    pub fn new(moment: Moment) -> Self {
        Trigger { moment, verb: None, nth: Nth::Only(1) }
    }

    /// Counts only commands called `verb`. Without effect at the greeting and the control handshake.
    pub fn on(mut self, verb: &str) -> Self {
        self.verb = Some(verb.to_ascii_uppercase());
        self
    }

    /// The `count`th instead of the first, counted from 1 over the server's life.
    pub fn nth(mut self, count: u32) -> Self {
        self.nth = Nth::Only(count);
        self
    }

    /// Every time.
    pub fn every(mut self) -> Self {
        self.nth = Nth::Every;
        self
    }
}

/// A moment in the life of a connection or a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The greeting is about to be sent.
    Greeting,
    /// The control connection's TLS handshake is about to begin.
    ControlHandshake,
    /// The first reply to a command is about to be sent: `150` for most transfers.
    Reply,
    /// The first reply to a command was sent.
    AfterReply,
    /// The final reply to a transfer is about to be sent.
    FinalReply,
    /// The data connection is about to be accepted (or made, in active mode).
    DataAccept,
    /// The data connection's TLS handshake is about to begin.
    DataHandshake,
    /// The data connection is about to be refused because of its TLS session.
    DataRefusal,
    /// This many payload bytes of a transfer have moved.
    DataByte(u64),
    /// All payload of a transfer has moved; close_notify is about to be sent.
    DataEnd,
}

impl Moment {
    fn belongs_to_data(self) -> bool {
        matches!(
            self,
            Moment::FinalReply
                | Moment::DataAccept
                | Moment::DataHandshake
                | Moment::DataRefusal
                | Moment::DataByte(_)
                | Moment::DataEnd
        )
    }

    pub(crate) fn belongs_to_connection(self) -> bool {
        matches!(self, Moment::Greeting | Moment::ControlHandshake)
    }
}

/// What goes wrong. "The connection" is the data connection at the `Data…` moments and the control connection
/// at all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultAction {
    /// The connection is closed with FIN, without close_notify. After a data connection `426` follows.
    Cut,
    /// The connection is closed with RST. After a data connection `426` follows.
    Reset,
    /// Data and control connection are closed with FIN, without a word.
    CutBoth,
    /// Data and control connection are closed with RST.
    ResetBoth,
    /// Silence on the connection, which stays open, until the client goes away, aborts the transfer, or
    /// the server stops; at most an hour.
    Stall,
    /// What was due happens this much later.
    Delay(Duration),
    /// The data connection ends without close_notify (at `DataEnd`); everything else is in order.
    NoCloseNotify,
    /// The transfer ends here as if the file did: close_notify and `226` (at `DataByte`).
    EndEarly,
    /// The reply is swallowed.
    NoReply,
    /// These bytes are sent in place of the reply, as they are. In place of `150` a reply with 4yz or 5yz is all that comes of
    /// the transfer. At `DataAccept`: they are sent as the final reply, while the data connection is accepted and left
    /// open and silent.
    Reply(Vec<u8>),
    /// These bytes are sent over the control connection in addition, after the reply if one is due.
    Extra(Vec<u8>),
    /// These bytes are sent again and again in place of the reply, until the client goes away.
    Endless(Vec<u8>),
    /// The reply is sent one byte at a time, with this much time in between. At `DataByte`: so is, or is read, the payload
    /// from there on.
    Drip(Duration),
    /// These bytes are written to the socket as they are, beneath TLS.
    Garbage(Vec<u8>),
    /// The port that the reply to `PASV` or `EPSV` names is closed.
    ClosePassive,
}

/// The faults that are due during one command or at the start of one connection.
#[derive(Debug, Default)]
pub(crate) struct Armed(Vec<(Moment, FaultAction)>);

impl Armed {
    /// Removes and returns what is due at `moment`.
    pub(crate) fn take(&mut self, moment: Moment) -> Vec<FaultAction> {
        let (due, later) = std::mem::take(&mut self.0).into_iter().partition(|(at, _)| *at == moment);
        self.0 = later;
        Vec::into_iter(due).map(|(_, action)| action).collect()
    }

    /// Whether a refusal is due in place of the reply at `moment`.
    pub(crate) fn refuses(&self, moment: Moment) -> bool {
        let is_refusal = |action: &FaultAction| matches!(action, FaultAction::Reply(bytes) if matches!(bytes.first(), Some(b'4' | b'5')));
        self.0.iter().any(|(at, action)| *at == moment && is_refusal(action))
    }

    /// Whether a stall is due at `moment`; it is removed if so.
    pub(crate) fn take_stall(&mut self, moment: Moment) -> bool {
        let before = self.0.len();
        self.0.retain(|(at, action)| *at != moment || *action != FaultAction::Stall);
        self.0.len() < before
    }

    /// The first payload offset from `position` on at which something is due.
    pub(crate) fn next_offset(&self, position: u64) -> Option<u64> {
        self.0
            .iter()
            .filter_map(|(moment, _)| match moment {
                Moment::DataByte(offset) if *offset >= position => Some(*offset),
                _ => None,
            })
            .min()
    }
}

/// All faults of a server, with how often each one's moment has come.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan(Mutex<Vec<(Fault, u32)>>);

impl FaultPlan {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        FaultPlan(Mutex::new(faults.into_iter().map(|fault| (fault, 0)).collect()))
    }

    pub(crate) fn add(&self, fault: Fault) {
        self.lock().push((fault, 0));
    }

    /// A control connection was accepted.
    pub(crate) fn connection(&self) -> Armed {
        self.arm(|trigger| trigger.moment.belongs_to_connection())
    }

    /// The command `verb` arrived.
    pub(crate) fn command(&self, verb: &str, transfers: bool) -> Armed {
        self.arm(|trigger| {
            !trigger.moment.belongs_to_connection()
                && (transfers || !trigger.moment.belongs_to_data())
                && trigger.verb.as_deref().is_none_or(|wanted| wanted == verb)
        })
    }

    fn arm(&self, concerns: impl Fn(&Trigger) -> bool) -> Armed {
        let mut armed = Armed::default();
        for (fault, seen) in self.lock().iter_mut().filter(|(fault, _)| concerns(&fault.at)) {
            *seen = seen.saturating_add(1);
            if fault.at.nth == Nth::Every || fault.at.nth == Nth::Only(*seen) {
                armed.0.push((fault.at.moment, fault.action.clone()));
            }
        }
        armed
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Fault, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a fault could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseFaultError(String);

impl fmt::Display for ParseFaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseFaultError {}

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseFaultError(format!("a fault is [VERB][#N]@MOMENT=ACTION, not \"{text}\""));
        let (whose, rest) = text.split_once('@').ok_or_else(wrong)?;
        let (moment, action) = rest.split_once('=').ok_or_else(wrong)?;
        let mut trigger = Trigger::new(parse_moment(moment)?);
        let (verb, nth) = whose.split_once('#').unwrap_or((whose, "1"));
        if !verb.is_empty() {
            trigger = trigger.on(verb);
        }
        trigger.nth = match nth {
            "*" => Nth::Every,
            count => Nth::Only(number(count)?),
        };
        Ok(Fault::new(trigger, parse_action(action)?))
    }
}

fn parse_moment(text: &str) -> Result<Moment, ParseFaultError> {
    Ok(match text.split_once(':') {
        Some(("byte", offset)) => Moment::DataByte(number(offset)?),
        _ => match text {
            "greeting" => Moment::Greeting,
            "control-handshake" => Moment::ControlHandshake,
            "reply" => Moment::Reply,
            "after-reply" => Moment::AfterReply,
            "final" => Moment::FinalReply,
            "accept" => Moment::DataAccept,
            "data-handshake" => Moment::DataHandshake,
            "refusal" => Moment::DataRefusal,
            "end" => Moment::DataEnd,
            _ => return Err(ParseFaultError(format!("unknown moment \"{text}\""))),
        },
    })
}

fn parse_action(text: &str) -> Result<FaultAction, ParseFaultError> {
    let (name, argument) = text.split_once(':').unwrap_or((text, ""));
    Ok(match name {
        "cut" => FaultAction::Cut,
        "reset" => FaultAction::Reset,
        "cut-both" => FaultAction::CutBoth,
        "reset-both" => FaultAction::ResetBoth,
        "stall" => FaultAction::Stall,
        "delay" => FaultAction::Delay(milliseconds(argument)?),
        "no-close-notify" => FaultAction::NoCloseNotify,
        "end-early" => FaultAction::EndEarly,
        "no-reply" => FaultAction::NoReply,
        "reply" => FaultAction::Reply(line(argument)),
        "extra" => FaultAction::Extra(line(argument)),
        "endless" => FaultAction::Endless(line(argument)),
        "drip" => FaultAction::Drip(milliseconds(argument)?),
        "garbage" => FaultAction::Garbage(argument.as_bytes().to_vec()),
        "close-passive" => FaultAction::ClosePassive,
        _ => return Err(ParseFaultError(format!("unknown action \"{name}\""))),
    })
}

fn line(text: &str) -> Vec<u8> {
    format!("{text}\r\n").into_bytes()
}

fn milliseconds(text: &str) -> Result<Duration, ParseFaultError> {
    number(text).map(Duration::from_millis)
}

fn number<N: FromStr>(text: &str) -> Result<N, ParseFaultError> {
    text.parse().map_err(|_| ParseFaultError(format!("\"{text}\" is not a number that fits here")))
}
