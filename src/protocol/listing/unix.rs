//! `ls -l`, as most servers answer LIST.

use super::{word, Entry, EntryKind};
use crate::protocol::timestamp::{date, Precision, Timestamp};
use std::time::{SystemTime, UNIX_EPOCH};
use time::{Duration, OffsetDateTime, Time};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `-rw-r--r-- 1 owner group 1234 Jun  1 12:34 name`, with the group or the link count left out, too.
pub(super) fn parse(line: &[u8], now: SystemTime) -> Option<Entry> {
    let (mode, mut rest) = word(line)?;
    let kind = kind(mode)?;
    let mut words: Vec<&str> = Vec::new();
    // The date is found by its month: how many columns stand before it differs between servers.
    let (modified, name) = loop {
        if let Some(found) = modification_time(rest, now) {
            break found;
        }
        let (next, behind) = word(rest)?;
        words.push(next);
        rest = behind;
        if words.len() > 6 {
            return None;
        }
    };
    // One space parts date and name; any further ones belong to the name.
    let name = name.strip_prefix(b" ").filter(|name| !name.is_empty())?;
    let size = words.pop()?;
    let is_device = words.last().is_some_and(|word| word.ends_with(','));
    if is_device {
        words.pop();
    }
    let size: Option<u64> = if is_device { None } else { Some(size.parse().ok()?) };
    if words.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit())) && words.len() > 1 {
        words.remove(0);
    }
    let (name, target) = match kind {
        EntryKind::Symlink => split_link(name),
        _ => (name, None),
    };
    let mut entry = Entry::new(line, name.to_vec(), kind);
    entry.link_target = target.map(<[u8]>::to_vec);
    entry.size = size;
    entry.modified = Some(modified);
    entry.owner = words.first().map(|word| (*word).to_owned());
    entry.group = words.get(1).map(|word| (*word).to_owned());
    entry.permissions = Some(mode[1..].trim_end_matches(['+', '.', '@']).to_owned());
    Some(entry)
}

fn kind(mode: &str) -> Option<EntryKind> {
    let bits = mode.get(1..10)?;
    if !bits.bytes().all(|bit| b"rwxsStTlL-".contains(&bit)) || !matches!(&mode[10..], "" | "+" | "." | "@") {
        return None;
    }
    match mode.as_bytes()[0] {
        b'-' => Some(EntryKind::File),
        b'd' => Some(EntryKind::Directory),
        b'l' => Some(EntryKind::Symlink),
        b'b' | b'c' | b'p' | b's' | b'D' => Some(EntryKind::Other),
        _ => None,
    }
}

fn split_link(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    const ARROW: &[u8] = b" -> ";
    match name.windows(ARROW.len()).position(|window| window == ARROW) {
        Some(at) => (&name[..at], Some(&name[at + ARROW.len()..])),
        None => (name, None),
    }
}

/// `Jun  1 12:34` or `Jun  1  2024`, and what follows.
fn modification_time(rest: &[u8], now: SystemTime) -> Option<(Timestamp, &[u8])> {
    let (month, rest) = word(rest)?;
    let month = 1 + MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month))?;
    let (day, rest) = word(rest)?;
    let (clock, rest) = word(rest)?;
    let (month, day) = (u8::try_from(month).ok()?, day.parse().ok()?);
    let stamp = match clock.split_once(':') {
        Some((hour, minute)) => {
            let time = Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()?;
            recent(month, day, time, now)?
        }
        None => {
            let year = clock.parse().ok().filter(|year| (1900..=9999).contains(year))?;
            Timestamp::local(date(year, month, day)?, Time::MIDNIGHT, Precision::Day)
        }
    };
    Some((stamp, rest))
}

/// `ls` leaves the year out of the last months: it is the latest that does not lie in the future, where one day is
/// allowed for clocks and zones that differ.
fn recent(month: u8, day: u8, time: Time, now: SystemTime) -> Option<Timestamp> {
    let seconds = i64::try_from(now.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
    let limit = OffsetDateTime::from_unix_timestamp(seconds).ok()? + Duration::DAY;
    // Eight years back there is a 29 February for certain.
    (0..=8).filter_map(|back| date(limit.year() - back, month, day)).find_map(|day| {
        let stamp = Timestamp::local(day, time, Precision::Minute);
        (stamp.unix_seconds() <= limit.unix_timestamp()).then_some(stamp)
    })
}
