//! Points in time as servers write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use time::{Date, Month, PrimitiveDateTime, Time};

/// How exactly a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The day only, as `ls` writes it for old files.
    Day,
    /// The minute.
    Minute,
    /// The second.
    Second,
    /// Fractions of a second.
    Subsecond,
}

/// A time of a file. Where the zone is not known ([`is_utc`](Self::is_utc) is false) it is the server's local time read as UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
    precision: Precision,
    utc: bool,
}

impl Timestamp {
    /// Seconds since 1970-01-01T00:00:00.
    pub fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after that second, 0 to 999,999,999.
    pub fn nanoseconds(&self) -> u32 {
        self.nanoseconds
    }

    /// How exactly the time is known.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Whether the time is in UTC (MDTM and MLSx, RFC 3659 section 2.3), and not in the server's own zone (`ls`, DOS).
    pub fn is_utc(&self) -> bool {
        self.utc
    }

    /// As the standard library has it; none where it cannot express the time.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let whole = Duration::from_secs(self.seconds.unsigned_abs());
        let second =
            if self.seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        second?.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }

    /// A time-val of RFC 3659 section 2.3: `YYYYMMDDHHMMSS[.F...]`, always UTC.
    pub(crate) fn from_fact(text: &str) -> Option<Timestamp> {
        let (digits, fraction) = match text.split_once('.') {
            Some((digits, fraction)) => (digits, Some(fraction)),
            None => (text, None),
        };
        if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let field = |from: usize, to: usize| digits[from..to].parse::<u8>().ok();
        let date = date(digits[..4].parse().ok()?, field(4, 6)?, field(6, 8)?)?;
        // A leap second is the last one of its minute.
        let time = Time::from_hms(field(8, 10)?, field(10, 12)?, field(12, 14)?.min(59)).ok()?;
        let mut stamp = Timestamp::local(date, time, Precision::Second);
        stamp.utc = true;
        if let Some(fraction) = fraction {
            stamp.nanoseconds = nanoseconds(fraction)?;
            stamp.precision = Precision::Subsecond;
        }
        Some(stamp)
    }

    /// A time in the server's own zone, whatever that is.
    pub(crate) fn local(date: Date, time: Time, precision: Precision) -> Timestamp {
        let seconds = PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp();
        Timestamp { seconds, nanoseconds: 0, precision, utc: false }
    }
}

pub(crate) fn date(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<9}")[..9].parse().ok()
}
