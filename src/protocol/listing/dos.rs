//! The MS-DOS style of IIS and others: `01-03-20  12:34PM       <DIR>          name`, month first.

use super::{text, words, Entry, EntryKind, Line};
use crate::protocol::decimal;
use crate::protocol::time::{CalendarDate, Clock, Timestamp};

/// IIS pads `<DIR>` to the width of the size column and one blank; a blank beyond these belongs to the name.
const BLANKS_AFTER_DIR: usize = 10;

pub(super) fn parse_line(line: &[u8], _now: i64) -> Line {
    if line.trim_ascii().is_empty() {
        return Line::Heading;
    }
    entry(line).into()
}

fn entry(line: &[u8]) -> Option<Entry> {
    let ranges = words(line);
    let words: Vec<&str> = ranges.iter().map(|word| text(line, word)).collect();
    let date = parse_date(words.first()?)?;
    let (clock, clock_words) = parse_clock(&words[1..])?;
    let size_index = 1 + clock_words;
    let size_end = ranges.get(size_index)?.end;
    let (kind, size, name_start) = match *words.get(size_index)? {
        "<DIR>" => {
            let blanks =
                line[size_end..].iter().take(BLANKS_AFTER_DIR).take_while(|&&byte| byte == b' ').count();
            (EntryKind::Directory, None, size_end + blanks)
        }
        size => (EntryKind::File, Some(decimal(size)?), size_end + 1),
    };
    let mut entry = Entry::new(line, name_start..line.len(), kind)?;
    entry.size = size;
    entry.modified = Some(Timestamp::local(date, Some(clock))?);
    Some(entry)
}

/// `MM-DD-YY` or `MM-DD-YYYY`.
fn parse_date(word: &str) -> Option<CalendarDate> {
    let fields: Vec<&str> = word.split('-').collect();
    let [month, day, year] = fields[..] else { return None };
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    let written_year: i32 = decimal(year)?;
    let year = match year.len() {
        4 => written_year,
        // As POSIX' %y: no file is older than Unix.
        2 if written_year >= 69 => 1900 + written_year,
        2 => 2000 + written_year,
        _ => return None,
    };
    Some(CalendarDate { year, month: decimal(month)?, day: decimal(day)? })
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
