//! Directory listings, line by line: MLSx (RFC 3659 section 7), Unix `ls`, DOS, and bare names.
//!
//! One dialect, one file. A line that is not understood becomes [`ListingItem::Unparsed`]: nothing is dropped silently.

mod dos;
mod entry;
mod mlsx;
mod unix;

pub use entry::{Entry, EntryKind};
pub use mlsx::parse_mlst;

use crate::{Error, Failure, Result};
use std::collections::VecDeque;
use std::time::SystemTime;

/// The longest line of a listing that is taken, line end included.
pub const MAX_LISTING_LINE_BYTES: usize = 64 * 1024;

/// How the lines are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListingFormat {
    /// What LIST sends: Unix `ls` or DOS, recognised line by line.
    Auto,
    /// What MLSD sends.
    Mlsx,
    /// Unix `ls -l`.
    Unix,
    /// IIS and other Windows servers.
    Dos,
    /// What NLST sends: a name on each line.
    Names,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListingItem {
    /// An entry.
    Entry(Entry),
    /// A line that is none in the chosen format, as it came, without line end.
    Unparsed(Vec<u8>),
}

/// Reads a listing from bytes, however they are cut.
#[derive(Debug)]
pub struct ListingParser {
    format: ListingFormat,
    now: SystemTime,
    line: Vec<u8>,
    items: VecDeque<ListingItem>,
}

impl ListingParser {
    /// A parser for `format`. `now` is the server's idea of the time, for the years that `ls` leaves out.
    pub fn new(format: ListingFormat, now: SystemTime) -> Self {
        ListingParser { format, now, line: Vec::new(), items: VecDeque::new() }
    }

    /// Takes the next bytes. Fails with [`Error::Protocol`] when a line is longer than [`MAX_LISTING_LINE_BYTES`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            if self.line.len() + piece.len() > MAX_LISTING_LINE_BYTES {
                let message = format!("a line of the listing is longer than {MAX_LISTING_LINE_BYTES} bytes");
                return Err(Error::Protocol(Failure::new(message)));
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.end_line();
            }
        }
        Ok(())
    }

    /// The next line that is complete.
    pub fn next_item(&mut self) -> Option<ListingItem> {
        self.items.pop_front()
    }

    /// Takes a last line that has no line end.
    pub fn finish(&mut self) {
        if !self.line.is_empty() {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || (self.format != ListingFormat::Names && is_total(line)) {
            return;
        }
        let entry = match self.format {
            ListingFormat::Mlsx => mlsx::parse(line),
            ListingFormat::Unix => unix::parse(line, self.now),
            ListingFormat::Dos => dos::parse(line),
            ListingFormat::Names => Some(Entry::new(line, line.to_vec(), EntryKind::Unknown)),
            ListingFormat::Auto => unix::parse(line, self.now).or_else(|| dos::parse(line)),
        };
        self.items.push_back(match entry {
            Some(entry) => ListingItem::Entry(entry),
            None => ListingItem::Unparsed(line.to_vec()),
        });
    }
}

/// `total 123`, with which `ls -l` begins.
fn is_total(line: &[u8]) -> bool {
    line.strip_prefix(b"total ").is_some_and(|rest| rest.iter().all(u8::is_ascii_digit))
}

/// The next word of `line` and the bytes right behind it. Names may begin with spaces: they are the caller's to cut.
fn word(line: &[u8]) -> Option<(&str, &[u8])> {
    let begin = line.iter().position(|&byte| byte != b' ')?;
    let rest = &line[begin..];
    let end = rest.iter().position(|&byte| byte == b' ').unwrap_or(rest.len());
    Some((std::str::from_utf8(&rest[..end]).ok()?, &rest[end..]))
}
