//! Entries out of a stream of bytes.

use super::formats::{from_any_line, Recognisable, RECOGNISABLE};
use super::{Dialect, Entry, Known, Line, ListingFormat};
use crate::{Error, Failure, Result};
use std::time::{Duration, SystemTime};

/// The longest line of a listing that is taken, line end included.
pub const MAX_LISTING_LINE_BYTES: usize = 64 * 1024;

/// How far ahead of our clock a server's local time may be: time zones differ by up to 26 hours, clocks by more.
const UNKNOWN_CLOCK_TOLERANCE_SECONDS: i64 = 2 * 24 * 60 * 60;

/// How far ahead of the server's own clock a time may be: summer time, and clocks that lag between reading and writing.
const KNOWN_CLOCK_TOLERANCE_SECONDS: i64 = 2 * 60 * 60;

/// One line of a listing that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListingItem {
    /// A line that was understood.
    Entry(Entry),
    /// A line that was not, without its line end. The listing has more than the entries show.
    Unparsed(Vec<u8>),
}

/// Reads a listing as it arrives, however it is cut. Lines may end in LF alone; empty lines and headings
/// (`total 12`) are passed over. Nothing is kept of the lines that were taken.
#[derive(Debug)]
pub struct ListingParser {
    /// `None` while it is to be recognised.
    dialect: Option<Dialect>,
    /// What to try where no line tells: see [`expecting`](Self::expecting).
    expected: Option<Dialect>,
    known: Known,
    /// The first half of an entry that is wrapped.
    begun: Option<Vec<u8>>,
    /// An item that was found before its turn.
    next: Option<ListingItem>,
    buffer: Vec<u8>,
    /// Where the next line begins; before it, lines that were taken.
    start: usize,
    /// How many bytes there are after the last LF.
    unfinished: usize,
    finished: bool,
    too_long: bool,
}

impl ListingParser {
    /// A parser for `format`. `now` is the current time: `ls` leaves the year out where it is close to it. Of the server's clock nothing is
    /// known then but that it is about right, in whatever time zone: a date without a year is the latest that is at most two days
    /// ahead of `now`.
    pub fn new(format: ListingFormat, now: SystemTime) -> Self {
        ListingParser {
            dialect: format.dialect(),
            expected: None,
            known: Known {
                now: unix_seconds(now),
                tolerance: UNKNOWN_CLOCK_TOLERANCE_SECONDS,
                date_order: None,
            },
            begun: None,
            next: None,
            buffer: Vec::new(),
            start: 0,
            unfinished: 0,
            finished: false,
            too_long: false,
        }
    }

    /// The server's clock, where it is known: what it shows now, counted as if it were UTC. A date without a year is then the latest
    /// that is not ahead of it.
    pub fn server_clock(mut self, local_now: SystemTime) -> Self {
        self.known.now = unix_seconds(local_now);
        self.known.tolerance = KNOWN_CLOCK_TOLERANCE_SECONDS;
        self
    }

    /// What the server's system writes when nothing else is said, for [`ListingFormat::Auto`]: asked where a line is of no
    /// recognisable dialect. See [`ListingFormat::of_system`].
    pub fn expecting(mut self, format: ListingFormat) -> Self {
        self.expected = format.dialect();
        self
    }

    /// Appends bytes of the data connection. Take the items with [`next_item`](Self::next_item) before
    /// pushing more.
    ///
    /// Fails with [`Error::Protocol`] when a line is longer than [`MAX_LISTING_LINE_BYTES`]; nothing of
    /// `bytes` is taken then, and everything but [`next_item`](Self::next_item) fails from then on.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.check_length()?;
        let mut unfinished = self.unfinished;
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            unfinished += piece.len();
            self.too_long |= unfinished > MAX_LISTING_LINE_BYTES;
            if piece.ends_with(b"\n") {
                unfinished = 0;
            }
        }
        self.check_length()?;
        self.unfinished = unfinished;
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// Says that the listing is complete: a last line without line end counts as one. Take the remaining
    /// items after it.
    ///
    /// Fails as [`push`](Self::push) did.
    pub fn finish(&mut self) -> Result<()> {
        self.check_length()?;
        self.finished = true;
        Ok(())
    }

    /// The next item, or `None` until more bytes are pushed.
    pub fn next_item(&mut self) -> Option<ListingItem> {
        if let Some(item) = self.next.take() {
            return Some(item);
        }
        while let Some(line) = self.take_line() {
            if let Some(item) = self.read(line) {
                return Some(item);
            }
        }
        self.begun.take_if(|_| self.finished).map(ListingItem::Unparsed)
    }

    /// What comes of one line; a second item waits in `next`.
    fn read(&mut self, line: Vec<u8>) -> Option<ListingItem> {
        let Some(begun) = self.begun.take() else { return self.read_whole(line) };
        let joined = [&begun[..], b"\n", &line[..]].concat();
        if let Line::Entry(entry) = self.recognise(&joined) {
            return Some(ListingItem::Entry(entry));
        }
        self.next = self.read_whole(line);
        Some(ListingItem::Unparsed(begun))
    }

    fn read_whole(&mut self, line: Vec<u8>) -> Option<ListingItem> {
        if line.is_empty() {
            return None;
        }
        match self.recognise(&line) {
            Line::Entry(entry) => Some(ListingItem::Entry(entry)),
            Line::Heading => None,
            Line::HeadingOf(dialect) => {
                self.dialect = Some(dialect);
                None
            }
            Line::Begun => {
                self.begun = Some(line);
                None
            }
            Line::NotUnderstood => Some(ListingItem::Unparsed(line)),
        }
    }

    /// How much memory is held.
    #[cfg(test)]
    pub(in crate::protocol) fn buffer_capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// What the known dialect makes of a line, or the first that understands it.
    fn recognise(&mut self, line: &[u8]) -> Line {
        if let Some(dialect) = self.dialect {
            return dialect(line, &mut self.known);
        }
        let expected = self.expected.map(from_any_line);
        for Recognisable { first, then } in RECOGNISABLE.into_iter().chain(expected) {
            match first(line, &mut self.known) {
                Line::NotUnderstood => {}
                entry @ Line::Entry(_) => {
                    self.dialect = Some(then);
                    return entry;
                }
                other => return other,
            }
        }
        Line::NotUnderstood
    }

    /// The next line, without its line end.
    fn take_line(&mut self) -> Option<Vec<u8>> {
        let rest = &self.buffer[self.start..];
        let whole_lines = rest.len() - self.unfinished;
        let length = match rest[..whole_lines].iter().position(|&byte| byte == b'\n') {
            Some(line_end) => line_end + 1,
            None if self.finished && !rest.is_empty() => {
                self.unfinished = 0;
                rest.len()
            }
            None => return None,
        };
        let line = &rest[..length];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        self.start += length;
        Some(line)
    }

    fn check_length(&self) -> Result<()> {
        if !self.too_long {
            return Ok(());
        }
        let message = format!("a line of the listing is longer than {MAX_LISTING_LINE_BYTES} bytes");
        Err(Error::Protocol(Failure::new(message)))
    }
}

/// Seconds since 1970, before it negative.
fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => seconds(after),
        Err(before) => -seconds(before.duration()),
    }
}
