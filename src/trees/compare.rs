//! Whether two files are the same, as far as listings tell.

use super::plan::Reason;
use crate::protocol::{Precision, Timestamp};
use crate::{FtpsClient, Result};
use std::time::Duration;

/// What makes two files differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// Their size, or their time. Times count as far as both sides have them exact: MLSD and MDTM tell seconds, LIST minutes
    /// or days. Where the server sets no times, an upload is repeated only when the local file is newer.
    #[default]
    SizeAndTime,
    /// Their size alone.
    Size,
    /// Their size, or a hash that the server computes (the strongest one it offers). Every file of the same size is read on
    /// both sides.
    Hash,
    /// Nothing: every file is transferred.
    Nothing,
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileFacts {
    pub size: Option<u64>,
    pub modified: Option<Moment>,
}

/// A time, and how long the stretch is that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub seconds: i64,
    pub stretch: i64,
}

impl From<&Timestamp> for Moment {
    fn from(time: &Timestamp) -> Moment {
        let stretch = match time.precision() {
            Precision::Day => 24 * 60 * 60,
            Precision::Minute => 60,
            Precision::Second | Precision::Subsecond => 1,
        };
        Moment { seconds: time.unix_seconds(), stretch }
    }
}

impl Moment {
    pub fn exact(seconds: i64) -> Moment {
        Moment { seconds, stretch: 1 }
    }

    /// Whether one began after the other had ended.
    fn is_later_than(&self, other: &Moment, tolerance: i64) -> bool {
        self.seconds >= other.seconds + other.stretch + tolerance
    }
}

/// How times are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeRule {
    /// In seconds.
    pub tolerance: i64,
    /// The target's time can be set to that of the source.
    pub is_kept: bool,
}

impl TimeRule {
    pub fn new(tolerance: Duration, is_kept: bool) -> TimeRule {
        TimeRule { tolerance: i64::try_from(tolerance.as_secs()).unwrap_or(i64::MAX / 4), is_kept }
    }
}

/// Why `source` is to be transferred, or is not.
pub(super) fn by_size_and_time(source: FileFacts, target: FileFacts, rule: TimeRule) -> (bool, Reason) {
    if let (true, reason) = by_size(source, target) {
        return (true, reason);
    }
    let (Some(ours), Some(theirs)) = (source.modified, target.modified) else {
        // Neither size nor time may be known.
        return (source.size.is_none() || target.size.is_none(), Reason::TimeUnknown);
    };
    if ours.is_later_than(&theirs, rule.tolerance) {
        return (true, Reason::Newer);
    }
    match theirs.is_later_than(&ours, rule.tolerance) {
        true => (rule.is_kept, Reason::Older),
        false => (false, Reason::Same),
    }
}

pub(super) fn by_size(source: FileFacts, target: FileFacts) -> (bool, Reason) {
    match (source.size, target.size) {
        (Some(ours), Some(theirs)) if ours != theirs => (true, Reason::SizeDiffers),
        _ => (false, Reason::Same),
    }
}

/// A time of LIST is coarse, and in a zone that is not told: MDTM, where the server has it, knows better.
pub(super) fn exact_time(
    client: &mut FtpsClient,
    path: &[u8],
    listed: Option<Moment>,
) -> Result<Option<Moment>> {
    let is_coarse = listed.is_none_or(|time| time.stretch > 1);
    if !is_coarse || !client.features().has("MDTM") {
        return Ok(listed);
    }
    match client.modified(path) {
        Ok(time) => Ok(Some(Moment::from(&time))),
        Err(error) if error.reply().is_some() && client.is_usable() => {
            log::info!("MDTM does not tell the time of {}: {error}", path.escape_ascii());
            Ok(listed)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: TimeRule = TimeRule { tolerance: 0, is_kept: true };
    const NOT_KEPT: TimeRule = TimeRule { tolerance: 0, is_kept: false };

    fn file(size: u64, seconds: i64, stretch: i64) -> FileFacts {
        FileFacts { size: Some(size), modified: Some(Moment { seconds, stretch }) }
    }

    #[test]
    fn a_file_of_the_same_size_and_time_is_the_same() {
        assert_eq!(by_size_and_time(file(1, 100, 1), file(1, 100, 1), KEPT), (false, Reason::Same));
        assert_eq!(by_size_and_time(file(1, 100, 1), file(2, 100, 1), KEPT), (true, Reason::SizeDiffers));
        assert_eq!(by_size_and_time(file(1, 101, 1), file(1, 100, 1), KEPT), (true, Reason::Newer));
        assert_eq!(by_size_and_time(file(1, 99, 1), file(1, 100, 1), KEPT), (true, Reason::Older));
    }

    #[test]
    fn a_coarse_time_stands_for_all_that_it_may_mean() {
        let listed = file(1, 120, 60);
        for seconds in [120, 179] {
            assert_eq!(by_size_and_time(file(1, seconds, 1), listed, KEPT), (false, Reason::Same));
            assert_eq!(by_size_and_time(listed, file(1, seconds, 1), KEPT), (false, Reason::Same));
        }
        assert_eq!(by_size_and_time(file(1, 180, 1), listed, KEPT), (true, Reason::Newer));
        assert_eq!(by_size_and_time(file(1, 119, 1), listed, KEPT), (true, Reason::Older));
        let tolerant = TimeRule { tolerance: 1, ..KEPT };
        assert_eq!(by_size_and_time(file(1, 180, 1), listed, tolerant), (false, Reason::Same));
    }

    #[test]
    fn where_times_are_not_kept_only_a_newer_source_counts() {
        assert_eq!(by_size_and_time(file(1, 101, 1), file(1, 100, 1), NOT_KEPT), (true, Reason::Newer));
        assert_eq!(by_size_and_time(file(1, 99, 1), file(1, 100, 1), NOT_KEPT), (false, Reason::Older));
    }

    #[test]
    fn what_is_not_known_of_a_file_is_no_reason_to_take_it_for_the_same() {
        let nothing = FileFacts { size: None, modified: None };
        assert_eq!(by_size_and_time(file(1, 1, 1), nothing, KEPT), (true, Reason::TimeUnknown));
        let size_only = FileFacts { size: Some(1), modified: None };
        assert_eq!(by_size_and_time(file(1, 1, 1), size_only, KEPT), (false, Reason::TimeUnknown));
    }
}
