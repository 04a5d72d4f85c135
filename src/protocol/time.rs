//! Points in time as servers tell them (RFC 3659 section 2.3, and listings).

use super::decimal;
use std::time::{Duration, SystemTime};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// How exact a [`Timestamp`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Only the day is known: `ls` of a file older than half a year.
    Day,
    /// To the minute: `ls` of a newer file, DOS listings.
    Minute,
    /// To the second: MDTM, MLSx and some listings.
    Second,
    /// Finer than a second: MDTM and MLSx with a fraction, `ls --full-time`, OpenVMS.
    Subsecond,
}

/// A point in time as a server told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    unix_seconds: i64,
    nanoseconds: u32,
    precision: Precision,
    utc: bool,
}

impl Timestamp {
    /// Seconds since 1970-01-01 00:00:00, before it negative. Where [`is_utc`](Self::is_utc) is false, the
    /// server's local time was counted as if it were UTC.
    pub fn unix_seconds(&self) -> i64 {
        self.unix_seconds
    }

    /// The fraction of the second, 0 to 999,999,999, to be added to [`unix_seconds`](Self::unix_seconds).
    pub fn nanoseconds(&self) -> u32 {
        self.nanoseconds
    }

    /// How exact it is; what lies below is 0.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// True where the zone is known, and the time therefore given in UTC: MDTM and MLSx (RFC 3659 section 2.3),
    /// EPLF, and `ls --full-time`. False for other listings: those are in a zone that the server does not tell.
    pub fn is_utc(&self) -> bool {
        self.utc
    }

    /// As the standard library's type. Where [`is_utc`](Self::is_utc) is false, it is as far off as the
    /// server's time zone is from UTC. `None` where the platform cannot represent it.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        system_time(self.unix_seconds)?.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }

    /// A time from a listing, in the server's time zone. `None` when the calendar has no such time.
    pub(super) fn local(date: CalendarDate, clock: Option<Clock>) -> Option<Timestamp> {
        let precision = clock.map_or(Precision::Day, |clock| clock.precision);
        let clock = clock.unwrap_or(Clock::MIDNIGHT);
        let unix_seconds = unix_seconds(date, clock)?;
        Some(Timestamp { unix_seconds, nanoseconds: clock.nanosecond, precision, utc: false })
    }

    /// The same clock and calendar in a zone that is known after all: so far east of Greenwich.
    pub(super) fn in_zone(self, offset_seconds: i64) -> Timestamp {
        Timestamp { unix_seconds: self.unix_seconds.saturating_sub(offset_seconds), utc: true, ..self }
    }

    /// What Unix counts.
    pub(super) fn from_unix_seconds(unix_seconds: i64) -> Timestamp {
        Timestamp { unix_seconds, nanoseconds: 0, precision: Precision::Second, utc: true }
    }

    /// The time-val of RFC 3659 section 2.3: `YYYYMMDDHHMMSS`, perhaps with a fraction after a point.
    pub(super) fn from_time_val(value: &str) -> Option<Timestamp> {
        let (whole, fraction) = match value.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (value, None),
        };
        if whole.len() != 14 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let date = CalendarDate {
            year: decimal(&whole[..4])?,
            month: decimal(&whole[4..6])?,
            day: decimal(&whole[6..8])?,
        };
        let clock = Clock {
            hour: decimal(&whole[8..10])?,
            minute: decimal(&whole[10..12])?,
            second: decimal(&whole[12..14])?,
            nanosecond: 0,
            precision: Precision::Second,
        };
        let unix_seconds = unix_seconds(date, clock)?;
        let (nanoseconds, precision) = match fraction {
            Some(fraction) => (nanoseconds(fraction)?, Precision::Subsecond),
            None => (0, Precision::Second),
        };
        Some(Timestamp { unix_seconds, nanoseconds, precision, utc: true })
    }
}

/// Seconds since 1970-01-01 00:00:00 UTC as the standard library's type. `None` where the platform cannot represent it.
pub fn system_time(unix_seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(unix_seconds.unsigned_abs());
    match unix_seconds < 0 {
        true => SystemTime::UNIX_EPOCH.checked_sub(distance),
        false => SystemTime::UNIX_EPOCH.checked_add(distance),
    }
}

/// The time-val of RFC 3659 section 2.3, in UTC, without its fraction: ProFTPD takes none. None outside the years 0 to 9999.
pub fn time_val(time: SystemTime) -> Option<String> {
    let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).ok()?,
        Err(error) => {
            let before = error.duration();
            let whole = i64::try_from(before.as_secs()).ok()?;
            -whole - i64::from(before.subsec_nanos() > 0)
        }
    };
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    (0..=9999).contains(&time.year()).then(|| {
        format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    })
}

/// A day of the calendar, not checked yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct CalendarDate {
    pub(super) year: i32,
    /// 1 to 12.
    pub(super) month: u8,
    /// 1 to 31.
    pub(super) day: u8,
}

/// A time of the day, not checked yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// 0 where the precision is coarser.
    pub(super) nanosecond: u32,
    pub(super) precision: Precision,
}

impl Clock {
    const MIDNIGHT: Clock = Clock { hour: 0, minute: 0, second: 0, nanosecond: 0, precision: Precision::Day };

    /// `H:MM`, `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`.
    pub(super) fn parse(text: &str) -> Option<Clock> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let mut fields = whole.split(':');
        let (hour, minute) = (fields.next()?, fields.next()?);
        let (second, precision) = match (fields.next(), fraction) {
            (None, None) => ("00", Precision::Minute),
            (Some(second), None) => (second, Precision::Second),
            (Some(second), Some(_)) => (second, Precision::Subsecond),
            (None, Some(_)) => return None,
        };
        if fields.next().is_some() || hour.len() > 2 || minute.len() != 2 || second.len() != 2 {
            return None;
        }
        let nanosecond = fraction.map_or(Some(0), nanoseconds)?;
        let (hour, minute, second) = (decimal(hour)?, decimal(minute)?, decimal(second)?);
        let is_of_a_day = hour < 24 && minute < 60 && second < 60;
        is_of_a_day.then_some(Clock { hour, minute, second, nanosecond, precision })
    }
}

/// The year that `unix_seconds` is in, UTC; 1970 where the calendar does not reach.
pub(super) fn calendar_year(unix_seconds: i64) -> i32 {
    OffsetDateTime::from_unix_timestamp(unix_seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH).year()
}

fn unix_seconds(date: CalendarDate, clock: Clock) -> Option<i64> {
    let month = Month::try_from(date.month).ok()?;
    let day = Date::from_calendar_date(date.year, month, date.day).ok()?;
    // RFC 3659 section 2.3 allows a leap second; the count of Unix has none, it is the next minute's first.
    let is_leap_second = clock.second == 60;
    let second = if is_leap_second { 59 } else { clock.second };
    let time = Time::from_hms(clock.hour, clock.minute, second).ok()?;
    Some(PrimitiveDateTime::new(day, time).assume_utc().unix_timestamp() + i64::from(is_leap_second))
}

/// A decimal fraction of a second; digits beyond the ninth are cut off.
fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    decimal(&format!("{:0<9}", &fraction[..fraction.len().min(9)]))
}
