//! Listings: what LIST, MLSD, MLST and NLST send, line by line.
//!
//! Each dialect is one file with one function from a line to a `Line`; a new one is added to
//! [`ListingFormat`] and, where it can be told from the others by one line, to the parser's list of
//! recognisable ones.

mod dates;
mod dos;
mod entry;
mod eplf;
mod formats;
mod macos;
mod mlsx;
mod months;
mod names;
mod netware;
mod os400;
mod parser;
mod unix;
mod vms;
mod zos;

pub use entry::{Entry, EntryKind};
pub use formats::ListingFormat;
pub use mlsx::parse_mlst;
pub use parser::{ListingItem, ListingParser, MAX_LISTING_LINE_BYTES};

use dates::DateOrder;
use std::borrow::Cow;
use std::ops::Range;

/// What a dialect makes of one line (without its line end, not empty).
type Dialect = fn(line: &[u8], known: &mut Known) -> Line;

/// What is known of a listing besides the line at hand.
#[derive(Debug)]
struct Known {
    /// The server's local time in seconds since 1970, as far as it is known.
    now: i64,
    /// How far ahead of it a time may be and still not be in the future.
    tolerance: i64,
    /// How this server writes dates like `02/03/04`, once a line has shown it.
    date_order: Option<DateOrder>,
}

/// What one line of a listing is.
enum Line {
    /// It describes a file.
    Entry(Entry),
    /// It describes no file, and never does: `total 12`.
    Heading,
    /// It describes no file, but tells how the lines after it are to be read.
    HeadingOf(Dialect),
    /// It is the first half of an entry that goes on in the next line.
    Begun,
    /// It is not of this dialect.
    NotUnderstood,
}

impl From<Option<Entry>> for Line {
    fn from(entry: Option<Entry>) -> Self {
        entry.map_or(Line::NotUnderstood, Line::Entry)
    }
}

/// The first words of a line, parted by blanks.
struct Words<'a> {
    ranges: Vec<Range<usize>>,
    texts: Vec<Cow<'a, str>>,
}

/// More words than any dialect has before the name.
const MAX_WORDS: usize = 32;

impl<'a> Words<'a> {
    fn of(line: &'a [u8]) -> Words<'a> {
        let ranges = words(line);
        let texts = ranges.iter().map(|range| text(line, range)).collect();
        Words { ranges, texts }
    }

    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(Cow::as_ref).collect()
    }
}

/// Where the first words of a line stand.
fn words(line: &[u8]) -> Vec<Range<usize>> {
    let mut end = 0;
    let next_word = || {
        let start = end + line[end..].iter().position(|byte| !is_blank(*byte))?;
        end =
            line[start..].iter().position(|byte| is_blank(*byte)).map_or(line.len(), |length| start + length);
        Some(start..end)
    };
    std::iter::from_fn(next_word).take(MAX_WORDS).collect()
}

/// A line feed parts the halves of a wrapped line.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n')
}

/// A part of a line as text. What is not UTF-8 is taken for ISO 8859-1: letters remain letters then, and that is all that
/// numbers, words and names of months need.
fn text<'a>(line: &'a [u8], range: &Range<usize>) -> Cow<'a, str> {
    let bytes = line.get(range.clone()).unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// Where the name begins after a column that ends at `end`, is padded to `width`, and is followed by one blank: blanks beyond these
/// belong to the name.
fn after_column(line: &[u8], end: usize, width: usize) -> usize {
    end + line[end..].iter().take(width).take_while(|&&byte| byte == b' ').count()
}
