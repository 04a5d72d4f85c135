//! What both sides have already, compared where they meet: a transfer that is resumed must go on with the same content.

use crate::{Error, Failure, Result};

/// Bytes before the point of resumption that are compared.
pub(super) const OVERLAP: u64 = 4096;

/// What has been received so far: how much, and its end.
#[derive(Default)]
pub(super) struct Received {
    length: u64,
    /// At most [`OVERLAP`] bytes.
    end: Vec<u8>,
    /// For going on where the transfer is cut off.
    keeps_end: bool,
}

impl Received {
    /// `end` are the last bytes of what is there.
    pub fn new(length: u64, end: Vec<u8>) -> Received {
        Received { length, end, keeps_end: false }
    }

    pub fn keep_end(&mut self, keeps_end: bool) {
        self.keeps_end = keeps_end;
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// From where the file is to be sent, so that its first bytes can be compared.
    pub fn restart_offset(&self) -> u64 {
        self.length - self.end.len() as u64
    }

    pub fn overlap(&self) -> Overlap {
        Overlap::new(self.end.clone())
    }

    pub fn note(&mut self, new: &[u8]) {
        self.length += new.len() as u64;
        if self.keeps_end {
            let surplus = (self.end.len() + new.len()).saturating_sub(OVERLAP as usize);
            self.end.drain(..surplus.min(self.end.len()));
            self.end.extend_from_slice(&new[new.len().saturating_sub(OVERLAP as usize)..]);
        }
    }
}

/// Bytes that the other side has to repeat before anything new is taken from it.
pub(super) struct Overlap {
    expected: Vec<u8>,
    seen: usize,
}

impl Overlap {
    pub fn new(expected: Vec<u8>) -> Overlap {
        Overlap { expected, seen: 0 }
    }

    /// Compares what of `piece` is repetition, and returns the rest.
    pub fn new_part<'a>(&mut self, piece: &'a [u8]) -> Result<&'a [u8]> {
        let due = &self.expected[self.seen..];
        let (repeated, new) = piece.split_at(due.len().min(piece.len()));
        if !due.starts_with(repeated) {
            return Err(Error::Mismatch(Failure::new(
                "the local and the remote file differ before the point where the transfer would go on; neither was changed",
            )));
        }
        self.seen += repeated.len();
        Ok(new)
    }

    /// That all of it was repeated.
    pub fn check_complete(&self) -> Result<()> {
        if self.seen == self.expected.len() {
            return Ok(());
        }
        Err(Error::Mismatch(Failure::new(
            "the remote file ends before the point where the transfer would go on; neither file was changed",
        )))
    }
}
