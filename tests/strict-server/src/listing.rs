//! What `LIST`, `NLST` and `MLSx` say about files.

use crate::options::ListingStyle;
use crate::store::Entry;
use std::time::{Duration, SystemTime};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// `ls` shows the time of day for what is younger than this, and the year for the rest.
const HALF_A_YEAR: Duration = Duration::from_secs(182 * 24 * 3600);

/// The facts that `MLSx` knows (RFC 3659 section 7.5), in the order of `FEAT`.
pub(crate) const FACTS: [&str; 4] = ["type", "size", "modify", "perm"];

/// One line of `LIST`, without its end.
pub(crate) fn line(entry: &Entry, style: ListingStyle, now: SystemTime) -> String {
    match style {
        ListingStyle::Unix => unix(entry, now),
        ListingStyle::Dos => dos(entry),
        ListingStyle::Facts => facts(entry, kind(entry), &FACTS),
    }
}

fn unix(entry: &Entry, now: SystemTime) -> String {
    let time = OffsetDateTime::from(entry.modified);
    let is_recent = now.duration_since(entry.modified).is_ok_and(|age| age < HALF_A_YEAR);
    let when = match is_recent {
        true => format!("{:02}:{:02}", time.hour(), time.minute()),
        false => format!("{:>5}", time.year()),
    };
    let (mode, links) = if entry.is_folder { ("drwxr-xr-x", 2) } else { ("-rw-r--r--", 1) };
    let (month, day) = (month_name(time.month()), time.day());
    format!("{mode} {links:>3} ftp      ftp      {:>10} {month} {day:>2} {when} {}", entry.size, entry.name)
}

fn month_name(month: Month) -> &'static str {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES[usize::from(u8::from(month)) - 1]
}

fn dos(entry: &Entry) -> String {
    let time = OffsetDateTime::from(entry.modified);
    let (half, hour) = match time.hour() {
        hour @ 0..12 => ("AM", hour),
        hour => ("PM", hour - 12),
    };
    let hour = if hour == 0 { 12 } else { hour };
    let size = if entry.is_folder { "<DIR>         ".to_owned() } else { format!("{:>14}", entry.size) };
    format!(
        "{:02}-{:02}-{:02}  {hour:02}:{:02}{half} {size:>20} {}",
        u8::from(time.month()),
        time.day(),
        time.year().rem_euclid(100),
        time.minute(),
        entry.name
    )
}

/// The fact `type` of an entry in a listing.
pub(crate) fn kind(entry: &Entry) -> &'static str {
    if entry.is_folder {
        "dir"
    } else {
        "file"
    }
}

/// A line of `MLSx`, without its end: the chosen facts, a space, the name.
pub(crate) fn facts(entry: &Entry, kind: &str, chosen: &[&str]) -> String {
    let mut line = String::new();
    for fact in chosen {
        let value = match *fact {
            "type" => kind.to_owned(),
            "size" if entry.is_folder => continue,
            "size" => entry.size.to_string(),
            "modify" => timestamp(entry.modified),
            "perm" if entry.is_folder => "cdeflmp".to_owned(),
            "perm" => "adfrw".to_owned(),
            _ => continue,
        };
        line.push_str(&format!("{fact}={value};"));
    }
    format!("{line} {}", entry.name)
}

/// The time that [`timestamp`] writes.
pub(crate) fn parse_timestamp(text: &str) -> Option<SystemTime> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text[range].parse::<u8>().ok();
    let month = Month::try_from(part(4..6)?).ok()?;
    let date = Date::from_calendar_date(text[..4].parse().ok()?, month, part(6..8)?).ok()?;
    let time = Time::from_hms(part(8..10)?, part(10..12)?, part(12..14)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc().into())
}

/// A time as `MDTM` and `modify` write it, in UTC (RFC 3659 section 2.3).
pub(crate) fn timestamp(time: SystemTime) -> String {
    let time = OffsetDateTime::from(time);
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}
