//! The output of `ls -l`, which most servers imitate: `-rw-r--r--   1 owner group   1234 Jan  3 12:34 name`.
//!
//! Between mode and size anything may be missing or more: links, owner, group, blanks in them. So the line
//! is read from the first date that has a size before it, and the fields to the left are taken as they fit.

use super::{text, words, Entry, EntryKind, Line};
use crate::protocol::decimal;
use crate::protocol::time::{calendar_year, CalendarDate, Clock, Precision, Timestamp};
use std::ops::Range;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// How far ahead of us a time may be and still be this year's: time zones differ by up to 26 hours, clocks
/// by more.
const TOLERATED_FUTURE_SECONDS: i64 = 2 * 24 * 60 * 60;

pub(super) fn parse_line(line: &[u8], now: i64) -> Line {
    if is_heading(line) {
        return Line::Heading;
    }
    entry(line, now).into()
}

/// `total 12`, with `-h` also `total 1.2M`; or nothing but blanks.
fn is_heading(line: &[u8]) -> bool {
    let words = words(line);
    let words: Vec<&str> = words.iter().map(|word| text(line, word)).collect();
    match words[..] {
        [] => true,
        [total, blocks] => {
            total.eq_ignore_ascii_case("total") && blocks.starts_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    }
}

fn entry(line: &[u8], now: i64) -> Option<Entry> {
    let ranges = words(line);
    let words: Vec<&str> = ranges.iter().map(|word| text(line, word)).collect();
    let kind = kind_of_mode(words.first()?)?;
    let (date_index, date) = find_date(&words)?;
    let size = Size::before(&words[1..date_index])?;
    let last_date_word = &ranges[date_index + date.word_count - 1];

    // One blank parts date and name; more of them belong to the name.
    let rest = last_date_word.end + 1..line.len();
    let (name, link_target) = match kind {
        EntryKind::Symlink => name_and_target(line, rest),
        _ => (rest, None),
    };
    let mut entry = Entry::new(line, name, kind)?;
    entry.link_target = link_target;
    entry.size = size.bytes;
    entry.modified = Some(date.resolve(now)?);
    let mode = &ranges[0];
    entry.permissions = Some(mode.start + 1..mode.start + 10);
    (entry.owner, entry.group) = owner_and_group(&words, &ranges, date_index - size.word_count);
    Some(entry)
}

/// The kind that the first letter of a mode like `drwxr-xr-x` tells; the mark of an ACL or another
/// attribute may follow.
fn kind_of_mode(mode: &str) -> Option<EntryKind> {
    let (&kind, rest) = mode.as_bytes().split_first()?;
    let (permissions, mark) = rest.split_at_checked(9)?;
    let are_permissions = permissions.iter().all(|letter| b"rwxsStTlL-".contains(letter));
    if !are_permissions || !matches!(mark, b"" | b"+" | b"." | b"@") {
        return None;
    }
    match kind {
        b'-' => Some(EntryKind::File),
        b'd' => Some(EntryKind::Directory),
        b'l' => Some(EntryKind::Symlink),
        // Devices, pipes, sockets, and what Solaris (D, P), macOS (w) and others add.
        b'b' | b'c' | b'p' | b's' | b'D' | b'P' | b'w' | b'C' | b'm' | b'n' => Some(EntryKind::Other),
        _ => None,
    }
}

/// The size column, which for devices holds two numbers instead: `8, 1`.
struct Size {
    bytes: Option<u64>,
    word_count: usize,
}

impl Size {
    /// The size at the end of `words`.
    fn before(words: &[&str]) -> Option<Size> {
        let (last, before) = words.split_last()?;
        if let Some((major, minor)) = last.split_once(',') {
            let is_device = decimal::<u64>(major).is_some() && decimal::<u64>(minor).is_some();
            return is_device.then_some(Size { bytes: None, word_count: 1 });
        }
        let number = decimal(last)?;
        let major = before.last().and_then(|word| decimal::<u64>(word.strip_suffix(',')?));
        match major {
            Some(_) => Some(Size { bytes: None, word_count: 2 }),
            None => Some(Size { bytes: Some(number), word_count: 1 }),
        }
    }
}

/// The first date that has a size before it, and the index of its first word.
fn find_date(words: &[&str]) -> Option<(usize, WrittenDate)> {
    let date_at = |index: usize| {
        Size::before(words.get(1..index)?)?;
        Some((index, WrittenDate::parse(&words[index..])?))
    };
    // Size and date right after the mode come last: with a user `jan`, `1 jan 12 2020` looks like them.
    (3..words.len()).find_map(date_at).or_else(|| date_at(2))
}

/// A date as it stands in the line.
struct WrittenDate {
    /// `ls` leaves the year out for times of the last half year.
    year: Option<i32>,
    month: u8,
    day: u8,
    clock: Option<Clock>,
    word_count: usize,
}

impl WrittenDate {
    fn parse(words: &[&str]) -> Option<WrittenDate> {
        WrittenDate::parse_iso(words).or_else(|| WrittenDate::parse_month_and_day(words))
    }

    /// `2020-01-03 12:34`, as `ls --time-style=long-iso` writes it.
    fn parse_iso(words: &[&str]) -> Option<WrittenDate> {
        let [date, clock, ..] = words else { return None };
        let fields: Vec<&str> = date.split('-').collect();
        let [year, month, day] = fields[..] else { return None };
        Some(WrittenDate {
            year: Some(four_digits(year)?),
            month: decimal(month)?,
            day: decimal(day)?,
            clock: Some(Clock::parse(clock)?),
            word_count: 2,
        })
    }

    /// `Jan 3 2020`, `Jan 3 12:34` and, as BSD's `ls -T` writes it, `Jan 3 12:34:56 2020`; each also with
    /// the day first.
    fn parse_month_and_day(words: &[&str]) -> Option<WrittenDate> {
        let [first, second, third, ..] = words else { return None };
        let (month, day) = match month_number(first) {
            Some(month) => (month, second),
            None => (month_number(second)?, first),
        };
        let day = decimal(day)?;
        if let Some(year) = four_digits(third) {
            return Some(WrittenDate { year: Some(year), month, day, clock: None, word_count: 3 });
        }
        let clock = Some(Clock::parse(third)?);
        match clock.map(|clock| clock.precision) {
            Some(Precision::Second) => Some(WrittenDate {
                year: Some(four_digits(words.get(3)?)?),
                month,
                day,
                clock,
                word_count: 4,
            }),
            _ => Some(WrittenDate { year: None, month, day, clock, word_count: 3 }),
        }
    }

    /// The time, if the calendar has it. Where the year is missing it is the latest that is not in the
    /// future.
    fn resolve(&self, now: i64) -> Option<Timestamp> {
        let in_year = |year| {
            let date = CalendarDate { year, month: self.month, day: self.day };
            Timestamp::local(date, self.clock)
        };
        if let Some(year) = self.year {
            return in_year(year);
        }
        let this_year = calendar_year(now);
        let latest = now.saturating_add(TOLERATED_FUTURE_SECONDS);
        // Next year's: on the last day of December it is already January elsewhere.
        [this_year + 1, this_year, this_year - 1]
            .into_iter()
            .filter_map(in_year)
            .find(|time| time.unix_seconds() <= latest)
    }
}

fn four_digits(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| decimal(word)).flatten()
}

fn month_number(word: &str) -> Option<u8> {
    (1..).zip(MONTHS).find(|(_, month)| word.eq_ignore_ascii_case(month)).map(|(number, _)| number)
}

/// The name of a link, and what follows ` -> `.
fn name_and_target(line: &[u8], rest: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
    const ARROW: &[u8] = b" -> ";
    let written = line.get(rest.clone()).unwrap_or_default();
    match written.windows(ARROW.len()).position(|window| window == ARROW) {
        Some(offset) => {
            let arrow = rest.start + offset;
            (rest.start..arrow, Some(arrow + ARROW.len()..rest.end))
        }
        None => (rest, None),
    }
}

/// Owner and group out of the words between mode and size (its index is `end`). The number of links comes
/// first where there is one. With more than two words left, names have blanks in them; groups do more often
/// (`Domain Users`).
fn owner_and_group(
    words: &[&str],
    ranges: &[Range<usize>],
    end: usize,
) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let has_links = end > 1 && decimal::<u64>(words[1]).is_some();
    let names = &ranges[if has_links { 2 } else { 1 }..end];
    match names {
        [] => (None, None),
        [owner] => (Some(owner.clone()), None),
        [owner, first, ..] => (Some(owner.clone()), Some(first.start..ranges[end - 1].end)),
    }
}
