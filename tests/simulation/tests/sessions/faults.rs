//! Faults of the server, drawn from the seed.
//!
//! None of them makes the server lie unseen: what it confirms with 2xx has happened, or cannot have, since there was no TLS session
//! yet; and a transfer has one final reply. A client cannot know better than a server that lies.

use crate::plan::choose;
use fastrand::Rng;
use std::time::Duration;
use strict_server::{Fault, FaultAction, Moment, Trigger};

const SIMPLE_COMMANDS: [&str; 14] = [
    "AUTH", "USER", "PASS", "PBSZ", "PROT", "FEAT", "OPTS", "TYPE", "EPSV", "PASV", "REST", "RNFR", "RNTO",
    "QUIT",
];
const TRANSFERS: [&str; 5] = ["STOR", "APPE", "RETR", "MLSD", "LIST"];

/// One fault in a session whose uploads have `length` bytes.
pub fn draw(rng: &mut Rng, length: usize) -> Fault {
    let at = |moment: Moment| Trigger::new(moment);
    match rng.u8(0..12) {
        0 => {
            Fault::new(at(choose(rng, &[Moment::Greeting, Moment::ControlHandshake])), draw_reply_fault(rng))
        }
        1..=3 => {
            let verb = choose(rng, &SIMPLE_COMMANDS);
            let closes_port = matches!(verb, "EPSV" | "PASV") && rng.bool();
            let action = if closes_port { FaultAction::ClosePassive } else { draw_reply_fault(rng) };
            Fault::new(at(Moment::Reply).on(verb).nth(draw_count(rng)), action)
        }
        4 => {
            let moment = choose(rng, &[Moment::Reply, Moment::AfterReply]);
            Fault::new(draw_transfer(rng, moment), draw_break(rng))
        }
        5 | 6 => Fault::new(draw_transfer(rng, Moment::FinalReply), draw_reply_fault(rng)),
        7 | 8 => {
            let moment = choose(rng, &[Moment::DataAccept, Moment::DataHandshake]);
            let action = match rng.u8(0..6) {
                0 => FaultAction::Reply(b"425 Cannot open the data connection.\r\n".to_vec()),
                1 => FaultAction::Reply(b"226 Done, I think.\r\n".to_vec()),
                _ => draw_data_fault(rng),
            };
            Fault::new(draw_transfer(rng, moment), action)
        }
        9 | 10 => {
            let moment = Moment::DataByte(rng.u64(0..=length as u64));
            Fault::new(draw_transfer(rng, moment), draw_data_fault(rng))
        }
        _ => {
            let action = if rng.bool() { FaultAction::NoCloseNotify } else { draw_data_fault(rng) };
            Fault::new(draw_transfer(rng, Moment::DataEnd), action)
        }
    }
}

fn draw_transfer(rng: &mut Rng, moment: Moment) -> Trigger {
    let trigger = Trigger::new(moment).on(choose(rng, &TRANSFERS));
    match rng.u8(0..8) {
        0 => trigger.every(),
        _ => trigger.nth(draw_count(rng)),
    }
}

fn draw_count(rng: &mut Rng) -> u32 {
    choose(rng, &[1, 1, 2])
}

/// What can become of a reply that ends something.
fn draw_reply_fault(rng: &mut Rng) -> FaultAction {
    match rng.u8(0..10) {
        0 => FaultAction::Reply(b"451 Local error in processing.\r\n".to_vec()),
        1 => FaultAction::Reply(b"530 Not logged in.\r\n".to_vec()),
        2 => FaultAction::Reply(b"421-Closing\r\n421 down.\r\n".to_vec()),
        3 => FaultAction::Reply(b"2x0 what?\r\n".to_vec()),
        4 => FaultAction::NoReply,
        5 => FaultAction::Endless(b"226-and so on\r\n".to_vec()),
        6 => FaultAction::Drip(Duration::from_millis(rng.u64(1..4000))),
        _ => draw_break(rng),
    }
}

/// What can happen to a connection at any moment.
fn draw_break(rng: &mut Rng) -> FaultAction {
    match rng.u8(0..5) {
        0 => FaultAction::Cut,
        1 => FaultAction::Reset,
        2 => FaultAction::Stall,
        3 => FaultAction::Garbage(b"\x17\x03\x03\x00\x05hello".to_vec()),
        _ => FaultAction::Delay(Duration::from_millis(rng.u64(1..90_000))),
    }
}

fn draw_data_fault(rng: &mut Rng) -> FaultAction {
    match rng.u8(0..6) {
        0 => FaultAction::CutBoth,
        1 => FaultAction::ResetBoth,
        _ => draw_break(rng),
    }
}
