//! Replies, and the faults that befall them.

use super::{Flow, Over, Session, STALL_LIMIT};
use crate::fault::{FaultAction, Moment};
use ftps::net::{Interest, Watch};
use std::time::Duration;

/// What is left of a reply after the faults of its moment.
struct Outgoing {
    bytes: Vec<u8>,
    drip: Option<Duration>,
}

impl Session {
    /// The first, and for most commands only, reply.
    pub(super) fn reply(&mut self, text: &str) -> Flow {
        self.emit(Moment::Reply, Some(text))?;
        self.emit(Moment::AfterReply, None)
    }

    /// The reply that ends a transfer.
    pub(super) fn final_reply(&mut self, text: &str) -> Flow {
        self.emit(Moment::FinalReply, Some(text))
    }

    /// Sends `text` and a line end, or what the faults of `moment` make of that.
    pub(super) fn emit(&mut self, moment: Moment, text: Option<&str>) -> Flow {
        let mut outgoing = Outgoing { bytes: Vec::new(), drip: None };
        if let Some(text) = text {
            let oddities = self.shared.options.oddities.iter();
            let worded = oddities.fold(format!("{text}\r\n"), |reply, oddity| oddity.reword(reply));
            outgoing.bytes = self.control.encode_reply(&worded);
        }
        let mut extra = Vec::new();
        let faults = if moment.belongs_to_connection() { &mut self.opening } else { &mut self.armed };
        for action in faults.take(moment) {
            match action {
                FaultAction::Extra(bytes) => extra.extend_from_slice(&bytes),
                other => self.spoil(&mut outgoing, other)?,
            }
        }
        match outgoing.drip {
            None => self.control.send(&outgoing.bytes)?,
            Some(interval) => self.drip(&outgoing.bytes, interval)?,
        }
        Ok(self.control.send(&extra)?)
    }

    fn spoil(&mut self, outgoing: &mut Outgoing, action: FaultAction) -> Flow {
        match action {
            FaultAction::Reply(bytes) => outgoing.bytes = bytes,
            FaultAction::NoReply => outgoing.bytes.clear(),
            FaultAction::Delay(span) => self.shared.waiter.pause(span)?,
            FaultAction::Drip(interval) => outgoing.drip = Some(interval),
            FaultAction::ClosePassive => self.source = super::DataSource::None,
            FaultAction::Garbage(bytes) => {
                self.control.link.queue_raw(&bytes)?;
                self.control.flush()?;
            }
            FaultAction::Endless(bytes) => return self.repeat(&bytes),
            FaultAction::Stall => return Err(self.stall_control()),
            FaultAction::Cut | FaultAction::CutBoth => return Err(self.cut_control()),
            FaultAction::Reset | FaultAction::ResetBoth => return Err(Over::Reset),
            // These concern data connections alone; `emit` took care of the extra reply.
            FaultAction::NoCloseNotify | FaultAction::EndEarly | FaultAction::Extra(_) => {}
        }
        Ok(())
    }

    /// Sends byte by byte.
    fn drip(&mut self, bytes: &[u8], interval: Duration) -> Flow {
        for byte in bytes {
            self.control.send(std::slice::from_ref(byte))?;
            self.shared.waiter.pause(interval)?;
        }
        Ok(())
    }

    /// Sends `bytes` until the client goes away, which fails the write.
    fn repeat(&mut self, bytes: &[u8]) -> Flow {
        let until = self.shared.waiter.after(STALL_LIMIT);
        while !bytes.is_empty() && self.shared.waiter.network.now() < until {
            self.control.send(bytes)?;
        }
        Err(Over::Cut)
    }

    /// FIN, and then patience, so that unread commands do not turn it into a reset.
    pub(super) fn cut_control(&mut self) -> Over {
        match self.control.link.shutdown_write() {
            Ok(()) => self.outwait_client(super::LINGER),
            Err(e) => Over::Lost(e),
        }
    }

    /// Silence until the client closes its end or the server stops.
    pub(super) fn stall_control(&mut self) -> Over {
        self.outwait_client(STALL_LIMIT)
    }

    fn outwait_client(&mut self, limit: Duration) -> Over {
        let deadline = self.shared.waiter.after(limit);
        while let Ok(true) = self.control.link.discard() {
            let mut watched = [Watch::new(self.control.link.handle(), Interest::READ)];
            if self.shared.waiter.wait(&mut watched, deadline).is_err() {
                break;
            }
        }
        Over::Cut
    }
}
