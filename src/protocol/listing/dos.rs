//! `dir` of Windows, as IIS answers LIST by default.

use super::{word, Entry, EntryKind};
use crate::protocol::timestamp::{date, Precision, Timestamp};
use time::Time;

/// `06-01-24  12:34PM       <DIR>          name` or `06-01-2024  12:34   1234 name`.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    let (day, rest) = word(line)?;
    let (clock, rest) = word(rest)?;
    let (kind_or_size, name) = word(rest)?;
    let modified = Timestamp::local(day_of(day)?, time_of(clock)?, Precision::Minute);
    let (kind, size) = match kind_or_size {
        "<DIR>" => (EntryKind::Directory, None),
        "<JUNCTION>" | "<SYMLINK>" | "<SYMLINKD>" => (EntryKind::Symlink, None),
        size => (EntryKind::File, Some(size.replace(',', "").parse().ok()?)),
    };
    // IIS pads `<DIR>` to the width of the size column; after a size there is one space.
    let name = if kind == EntryKind::File { name.strip_prefix(b" ")? } else { name.trim_ascii_start() };
    if name.is_empty() {
        return None;
    }
    let mut entry = Entry::new(line, name.to_vec(), kind);
    entry.size = size;
    entry.modified = Some(modified);
    Some(entry)
}

fn day_of(text: &str) -> Option<time::Date> {
    let fields: Vec<&str> = text.split(['-', '/']).collect();
    let [month, day, year] = fields[..] else { return None };
    let number: i32 = year.parse().ok()?;
    let year = match (year.len(), number) {
        (2, 70..) => 1900 + number,
        (2, _) => 2000 + number,
        (4, _) => number,
        _ => return None,
    };
    date(year, month.parse().ok()?, day.parse().ok()?)
}

fn time_of(text: &str) -> Option<Time> {
    let upper = text.to_ascii_uppercase();
    let (clock, half) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (upper.as_str(), None),
    };
    let (hour, minute) = clock.split_once(':')?;
    let hour: u8 = hour.parse().ok()?;
    let hour = match half {
        Some(offset) if (1..=12).contains(&hour) => hour % 12 + offset,
        Some(_) => return None,
        None => hour,
    };
    Time::from_hms(hour, minute.parse().ok()?, 0).ok()
}
