//! Listings: what LIST, MLSD, MLST and NLST send, line by line.
//!
//! Each dialect is one file with one function from a line to a `Line`; a new one is added to
//! [`ListingFormat`] and, where it can be told from the others by one line, to the parser's list of
//! recognisable ones.

mod dos;
mod entry;
mod mlsx;
mod names;
mod parser;
mod unix;

pub use entry::{Entry, EntryKind};
pub use mlsx::parse_mlst;
pub use parser::{ListingFormat, ListingItem, ListingParser, MAX_LISTING_LINE_BYTES};

use std::ops::Range;

/// What a dialect makes of one line (without its line end, not empty). `now` is in Unix seconds.
type Dialect = fn(line: &[u8], now: i64) -> Line;

/// What one line of a listing is.
enum Line {
    /// It describes a file.
    Entry(Entry),
    /// It describes no file, and never does: `total 12`.
    Heading,
    /// It is not of this dialect.
    NotUnderstood,
}

impl From<Option<Entry>> for Line {
    fn from(entry: Option<Entry>) -> Self {
        entry.map_or(Line::NotUnderstood, Line::Entry)
    }
}

/// More words than any dialect has before the name.
const MAX_WORDS: usize = 32;

/// Where the first words of a line, parted by blanks, stand.
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

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A part of a line as text; empty, which no dialect expects, where it is not UTF-8.
fn text<'a>(line: &'a [u8], range: &Range<usize>) -> &'a str {
    line.get(range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}
