//! Entries out of a stream of bytes.

use super::{dos, mlsx, names, unix, Dialect, Entry, Line};
use crate::{Error, Failure, Result};
use std::time::{Duration, SystemTime};

/// The longest line of a listing that is taken, line end included.
pub const MAX_LISTING_LINE_BYTES: usize = 64 * 1024;

/// The dialects that one line is enough to recognise, in the order of asking.
const RECOGNISABLE: [Dialect; 3] = [mlsx::recognise_line, unix::parse_line, dos::parse_line];

/// How the lines of a listing are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListingFormat {
    /// MLSx, Unix or DOS, whichever the first line that is understood belongs to. Never
    /// [`Names`](Self::Names): any line might be a name.
    #[default]
    Auto,
    /// MLSD (RFC 3659 section 7).
    Mlsx,
    /// `ls -l`.
    Unix,
    /// MS-DOS, as IIS sends it.
    Dos,
    /// NLST: each line is a name.
    Names,
}

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
    now: i64,
    buffer: Vec<u8>,
    /// Where the next line begins; before it, lines that were taken.
    start: usize,
    /// How many bytes there are after the last LF.
    unfinished: usize,
    finished: bool,
    too_long: bool,
}

impl ListingParser {
    /// A parser for `format`. `now` is the current time: `ls` leaves the year out where it is close to it.
    pub fn new(format: ListingFormat, now: SystemTime) -> Self {
        let dialect: Option<Dialect> = match format {
            ListingFormat::Auto => None,
            ListingFormat::Mlsx => Some(mlsx::parse_line),
            ListingFormat::Unix => Some(unix::parse_line),
            ListingFormat::Dos => Some(dos::parse_line),
            ListingFormat::Names => Some(names::parse_line),
        };
        ListingParser {
            dialect,
            now: unix_seconds(now),
            buffer: Vec::new(),
            start: 0,
            unfinished: 0,
            finished: false,
            too_long: false,
        }
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
        while let Some(line) = self.take_line() {
            if line.is_empty() {
                continue;
            }
            match self.read_line(&line) {
                Line::Entry(entry) => return Some(ListingItem::Entry(entry)),
                Line::Heading => {}
                Line::NotUnderstood => return Some(ListingItem::Unparsed(line)),
            }
        }
        None
    }

    /// How much memory is held.
    #[cfg(test)]
    pub(in crate::protocol) fn buffer_capacity(&self) -> usize {
        self.buffer.capacity()
    }

    fn read_line(&mut self, line: &[u8]) -> Line {
        if let Some(dialect) = self.dialect {
            return dialect(line, self.now);
        }
        for dialect in RECOGNISABLE {
            match dialect(line, self.now) {
                Line::NotUnderstood => {}
                Line::Heading => return Line::Heading,
                entry @ Line::Entry(_) => {
                    self.dialect = Some(dialect);
                    return entry;
                }
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
