//! A data connection in clear, in the form of a session.

use super::session::StreamEnd;
use std::ops::Range;

/// Many bytes are moved with one system call.
const CAPACITY: usize = 256 * 1024;

/// Payload as it is (PROT C).
pub(super) struct ClearLayer {
    inbox: Vec<u8>,
    /// What was received and not taken yet.
    waiting: Range<usize>,
    pub outbox: Vec<u8>,
    has_ended: bool,
}

impl ClearLayer {
    pub fn new() -> ClearLayer {
        ClearLayer { inbox: vec![0; CAPACITY], waiting: 0..0, outbox: Vec::new(), has_ended: false }
    }

    pub fn incoming(&mut self) -> &mut [u8] {
        match self.waiting.is_empty() {
            true => &mut self.inbox,
            false => &mut [],
        }
    }

    pub fn received(&mut self, count: usize) {
        self.waiting = 0..count;
        self.has_ended = count == 0;
    }

    pub fn plaintext(&self) -> &[u8] {
        &self.inbox[self.waiting.clone()]
    }

    pub fn consume(&mut self, count: usize) {
        self.waiting.start += count;
    }

    pub fn write(&mut self, bytes: &[u8]) -> usize {
        let count = bytes.len().min(CAPACITY.saturating_sub(self.outbox.len()));
        self.outbox.extend_from_slice(&bytes[..count]);
        count
    }

    /// FIN is all the end there is in clear, and has to do for close_notify.
    pub fn end(&self) -> StreamEnd {
        match self.has_ended {
            true => StreamEnd::CloseNotify,
            false => StreamEnd::Open,
        }
    }
}
