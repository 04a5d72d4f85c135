//! Dates as they stand in the lines of `ls` and its relatives.

use super::dos::parse_year;
use super::months::month_number;
use super::Known;
use crate::protocol::decimal;
use crate::protocol::time::{calendar_year, CalendarDate, Clock, Precision, Timestamp};

/// A date as it stands in a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct WrittenDate {
    /// `ls` leaves the year out for times of the last half year.
    year: Option<i32>,
    month: u8,
    day: u8,
    clock: Option<Clock>,
    /// East of Greenwich, in seconds; only `ls --full-time` tells.
    zone: Option<i64>,
    /// How many words it takes; with one, without a clock, more blanks follow where clocks would be.
    pub(super) word_count: usize,
}

impl WrittenDate {
    pub(super) fn parse(words: &[&str]) -> Option<WrittenDate> {
        match words.first()?.as_bytes().first()? {
            b'0'..=b'9' => {
                parse_in_one_word(words).or_else(|| parse_with_units(words)).or_else(|| day_first(words))
            }
            _ => month_first(words),
        }
    }

    /// `3 29 03:26`, of locales that have no names for months: looks like anything, so ask last.
    pub(super) fn parse_two_numbers(words: &[&str]) -> Option<WrittenDate> {
        let [month, day, rest @ ..] = words else { return None };
        with_year_or_clock(decimal(month).filter(|month| (1..=12).contains(month))?, decimal(day)?, rest, 2)
    }

    /// The time, if the calendar has it. Where the year is missing it is the latest that is not in the
    /// future.
    pub(super) fn resolve(&self, known: &Known) -> Option<Timestamp> {
        let in_year = |year| {
            let date = CalendarDate { year, month: self.month, day: self.day };
            Timestamp::local(date, self.clock)
        };
        if let Some(year) = self.year {
            let local = in_year(year)?;
            return Some(self.zone.map_or(local, |zone| local.in_zone(zone)));
        }
        let this_year = calendar_year(known.now);
        let latest = known.now.saturating_add(known.tolerance);
        // Next year's: on the last day of December it is already January elsewhere.
        [this_year + 1, this_year, this_year - 1]
            .into_iter()
            .filter_map(in_year)
            .find(|time| time.unix_seconds() <= latest)
    }

    fn new(year: Option<i32>, month: u8, day: u8, clock: Option<Clock>, word_count: usize) -> WrittenDate {
        WrittenDate { year, month, day, clock, zone: None, word_count }
    }

    /// With the clock that may follow, and the zone that may follow that.
    fn with_clock_after(self, words: &[&str]) -> WrittenDate {
        let Some(clock) = words.get(self.word_count).and_then(|word| Clock::parse(word)) else {
            return self;
        };
        let dated = WrittenDate { clock: Some(clock), word_count: self.word_count + 1, ..self };
        match words.get(dated.word_count).and_then(|word| parse_zone(word)) {
            Some(zone) if clock.precision == Precision::Subsecond => {
                WrittenDate { zone: Some(zone), word_count: dated.word_count + 1, ..dated }
            }
            _ => dated,
        }
    }
}

/// `2020-01-03`, `2020/01/03`, `2020.01.03`, `03-01-2020`, `2-JUN-1998`, `01-jun-99`, each with or without a clock after it; or `01-03`
/// of `ls --time-style=iso`, with a year or clock.
fn parse_in_one_word(words: &[&str]) -> Option<WrittenDate> {
    let (word, rest) = words.split_first()?;
    let separator = word.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let mut fields = word.split(separator);
    let (first, second, third) = (fields.next()?, fields.next()?, fields.next());
    if fields.next().is_some() {
        return None;
    }
    let Some(third) = third else {
        let is_padded = separator == '-' && first.len() == 2 && second.len() == 2;
        return is_padded.then(|| with_year_or_clock(decimal(first)?, decimal(second)?, rest, 1))?;
    };
    let date = match (decimal::<u8>(second), first.len(), third.len()) {
        (Some(month), 4, 1..=2) => WrittenDate::new(decimal(first), month, decimal(third)?, None, 1),
        (Some(month), 1..=2, 4) if separator != '/' => {
            WrittenDate::new(decimal(third), month, decimal(first)?, None, 1)
        }
        (None, 1..=2, _) => {
            WrittenDate::new(Some(parse_year(third)?), month_number(second)?, decimal(first)?, None, 1)
        }
        _ => return None,
    };
    date.year?;
    Some(date.with_clock_after(words))
}

/// `Jan 3 2020`, `Jan 3 12:34`, `Jan 3 12:34:56 2020` (BSD's `ls -T`), `Jan 03, 2020 12:34` (VShell).
fn month_first(words: &[&str]) -> Option<WrittenDate> {
    let [month, day, rest @ ..] = words else { return None };
    let day_number = decimal(day.trim_end_matches(','))?;
    let date = with_year_or_clock(0, day_number, rest, 2)?;
    let date = WrittenDate { month: month_number(month)?, ..date };
    // Only the comma says that a clock is not the name.
    Some(if day.ends_with(',') { date.with_clock_after(words) } else { date })
}

/// `3 Jan 2020`, `3. Januar, 12:34`.
fn day_first(words: &[&str]) -> Option<WrittenDate> {
    let [day, month, rest @ ..] = words else { return None };
    let date = with_year_or_clock(0, decimal(day.trim_end_matches('.'))?, rest, 2)?;
    Some(WrittenDate { month: month_number(month)?, ..date })
}

/// The numbers of East Asia, with their units in whatever encoding: `4月 18日 2003年`, `2003年 4月 18日`, `8月 17 08:52`.
fn parse_with_units(words: &[&str]) -> Option<WrittenDate> {
    let [first, second, rest @ ..] = words else { return None };
    if let Some(year) = four_digits(number_before_unit(first)) {
        let has_unit = number_before_unit(second).len() < second.len();
        let month = has_unit.then(|| decimal(number_before_unit(second)))??;
        let day = decimal(number_before_unit(rest.first()?))?;
        return Some(WrittenDate::new(Some(year), month, day, None, 3));
    }
    let month = number_before_unit(first);
    if month.len() == first.len() {
        return None;
    }
    with_year_or_clock(decimal(month)?, decimal(number_before_unit(second))?, rest, 2)
}

/// The digits at the beginning where something follows that is not ASCII; else the whole word.
fn number_before_unit(word: &str) -> &str {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    match unit.chars().next() {
        Some(first) if !first.is_ascii() => &word[..word.len() - unit.len()],
        _ => word,
    }
}

/// What follows month and day: a year, or a clock of the last half year, or a clock with seconds and then the year. `before` is how many
/// words month and day took.
fn with_year_or_clock(month: u8, day: u8, rest: &[&str], before: usize) -> Option<WrittenDate> {
    let next = rest.first()?.trim_end_matches(',');
    if let Some(year) = four_digits(number_before_unit(next)) {
        return Some(WrittenDate::new(Some(year), month, day, None, before + 1));
    }
    let clock = Clock::parse(next)?;
    if clock.precision > Precision::Minute {
        let year = four_digits(rest.get(1)?)?;
        return Some(WrittenDate::new(Some(year), month, day, Some(clock), before + 2));
    }
    Some(WrittenDate::new(None, month, day, Some(clock), before + 1))
}

fn four_digits(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| decimal(word)).flatten()
}

/// `+0100`, in seconds.
fn parse_zone(word: &str) -> Option<i64> {
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let number: i64 = four_digits(digits)?.into();
    let (hours, minutes) = (number / 100, number % 100);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// In which order a server writes the three numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateOrder {
    YearMonthDay,
    MonthDayYear,
    DayMonthYear,
}

impl DateOrder {
    /// Those that a separator leaves open: points are of countries that write the day first.
    fn of_separator(separator: char) -> &'static [DateOrder] {
        match separator {
            '.' => &[DateOrder::DayMonthYear],
            _ => &[DateOrder::YearMonthDay, DateOrder::MonthDayYear, DateOrder::DayMonthYear],
        }
    }

    fn date(self, [first, second, third]: [&str; 3]) -> Option<CalendarDate> {
        let (year, month, day) = match self {
            DateOrder::YearMonthDay => (first, second, third),
            DateOrder::MonthDayYear => (third, first, second),
            DateOrder::DayMonthYear => (third, second, first),
        };
        Some(CalendarDate { year: parse_year(year)?, month: decimal(month)?, day: decimal(day)? })
    }
}

/// A date of three numbers whose order the server's locale decides. `None` when it is none in any order; the
/// inner `None` when the order is not known. A date that makes sense (the calendar has it, and it is not in the
/// future) in one order alone shows the order for the lines after it.
pub(super) fn resolve_numbers(date: &str, clock: Clock, known: &mut Known) -> Option<Option<Timestamp>> {
    let separator = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| "/.-,".contains(*c))?;
    let mut fields = date.split(separator);
    let fields = [fields.next()?, fields.next()?, fields.next().filter(|_| fields.next().is_none())?];
    let time = |order: DateOrder| Timestamp::local(order.date(fields)?, Some(clock));
    let orders = DateOrder::of_separator(separator).iter();
    let valid: Vec<_> = orders.filter_map(|order| Some((*order, time(*order)?))).collect();
    if valid.is_empty() {
        return None;
    }
    let latest = known.now.saturating_add(known.tolerance);
    let past: Vec<_> = valid.iter().filter(|(_, time)| time.unix_seconds() <= latest).collect();
    if let [(order, _)] = past[..] {
        known.date_order = Some(*order);
    }
    if let Some((_, time)) = valid.iter().find(|(order, _)| Some(*order) == known.date_order) {
        return Some(Some(*time));
    }
    let is_certain = past.windows(2).all(|pair| pair[0].1 == pair[1].1);
    Some(past.first().filter(|_| is_certain).map(|(_, time)| *time))
}
