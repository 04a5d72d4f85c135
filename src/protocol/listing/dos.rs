//! The MS-DOS style of IIS and others: `01-03-20  12:34PM       <DIR>          name`, month first.

use super::{after_column, Entry, EntryKind, Known, Line, Words};
use crate::protocol::decimal;
use crate::protocol::time::{CalendarDate, Clock, Timestamp};
use std::ops::Range;

/// IIS pads `<DIR>` to the width of the size column and one blank.
const BLANKS_AFTER_DIR: usize = 10;

pub(super) fn parse_line(line: &[u8], _known: &mut Known) -> Line {
    if line.trim_ascii().is_empty() {
        return Line::Heading;
    }
    entry(line).into()
}

fn entry(line: &[u8]) -> Option<Entry> {
    let words = Words::of(line);
    let (ranges, words) = (&words.ranges, words.texts());
    let date = parse_date(words.first()?)?;
    let (clock, clock_words) = parse_clock(&words[1..])?;
    let size_index = 1 + clock_words;
    let size_end = ranges.get(size_index)?.end;
    let (kind, size) = match *words.get(size_index)? {
        "<DIR>" | "<JUNCTION>" => (EntryKind::Directory, None),
        "<SYMLINK>" | "<SYMLINKD>" => (EntryKind::Symlink, None),
        size => (EntryKind::File, Some(parse_size(size)?)),
    };
    let name_start = match size {
        None => after_column(line, size_end, BLANKS_AFTER_DIR),
        Some(_) => size_end + 1,
    };
    let (name, link_target) = match kind {
        EntryKind::Symlink => name_and_target(line, name_start),
        _ => (name_start..line.len(), None),
    };
    let mut entry = Entry::new(line, name, kind)?;
    entry.size = size;
    entry.link_target = link_target;
    entry.modified = Some(Timestamp::local(date, Some(clock))?);
    Some(entry)
}

/// Digits, perhaps with a comma before each group of three.
fn parse_size(word: &str) -> Option<u64> {
    let mut groups = word.split(',');
    let first = groups.next()?;
    let are_groups = groups.clone().all(|group| group.len() == 3);
    if !are_groups || (groups.next().is_some() && first.len() > 3) {
        return None;
    }
    decimal(&word.replace(',', ""))
}

/// `name [target]`, as `dir` shows a link.
fn name_and_target(line: &[u8], start: usize) -> (Range<usize>, Option<Range<usize>>) {
    let written = line.get(start..).unwrap_or_default();
    match written.windows(2).position(|pair| pair == b" [") {
        Some(offset) if written.ends_with(b"]") => {
            let bracket = start + offset;
            (start..bracket, Some(bracket + 2..line.len() - 1))
        }
        _ => (start..line.len(), None),
    }
}

/// `MM-DD-YY`, `MM-DD-YYYY` or `YYYY-MM-DD`.
fn parse_date(word: &str) -> Option<CalendarDate> {
    let mut fields = word.split('-');
    let (first, second, third) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let (month, day, year) = match first.len() {
        4 => (second, third, first),
        _ => (first, second, third),
    };
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    Some(CalendarDate { year: parse_year(year)?, month: decimal(month)?, day: decimal(day)? })
}

/// Of four digits, or of two as POSIX' `%y` has it: no file is older than Unix.
pub(super) fn parse_year(word: &str) -> Option<i32> {
    let year: i32 = decimal(word)?;
    match word.len() {
        4 => Some(year),
        2 if year >= 69 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// `12:34PM`, `12:34 PM`, or `12:34` of 24 hours; and how many words it takes.
fn parse_clock(words: &[&str]) -> Option<(Clock, usize)> {
    let first = words.first()?;
    if let Some(half) = words.get(1).and_then(|word| HalfDay::parse(word)) {
        return Some((half.apply(Clock::parse(first)?)?, 2));
    }
    match first.split_at_checked(first.len().saturating_sub(2)) {
        Some((digits, half)) => match HalfDay::parse(half) {
            Some(half) => Some((half.apply(Clock::parse(digits)?)?, 1)),
            None => Some((Clock::parse(first)?, 1)),
        },
        None => None,
    }
}

#[derive(Clone, Copy)]
enum HalfDay {
    Morning,
    Afternoon,
}

impl HalfDay {
    fn parse(word: &str) -> Option<HalfDay> {
        match word.to_ascii_uppercase().as_str() {
            "AM" => Some(HalfDay::Morning),
            "PM" => Some(HalfDay::Afternoon),
            _ => None,
        }
    }

    /// Hours of this half count 12, 1, 2 to 11.
    fn apply(self, clock: Clock) -> Option<Clock> {
        if !(1..=12).contains(&clock.hour) {
            return None;
        }
        let hour = clock.hour % 12;
        match self {
            HalfDay::Morning => Some(Clock { hour, ..clock }),
            HalfDay::Afternoon => Some(Clock { hour: hour + 12, ..clock }),
        }
    }
}
