use super::reply;
use crate::protocol::{parse_mdtm, parse_size, time_val, Precision};
use crate::Error;
use proptest::prelude::*;
use std::time::{Duration, SystemTime};

#[test]
fn mdtm_tells_utc_to_the_second_or_finer() {
    let cases = [
        ("213 19700101000000", 0, 0, Precision::Second),
        ("213 19980615100045", 897_904_845, 0, Precision::Second),
        ("213 19980615100045.014", 897_904_845, 14_000_000, Precision::Subsecond),
        ("213 19980615100045.123456789987", 897_904_845, 123_456_789, Precision::Subsecond),
        ("213 20240229235959", 1_709_251_199, 0, Precision::Second),
        ("213 19691231235959", -1, 0, Precision::Second),
        ("213 20161231235960", 1_483_228_800, 0, Precision::Second),
        ("213 19980615100045 file.txt", 897_904_845, 0, Precision::Second),
    ];
    for (text, seconds, nanoseconds, precision) in cases {
        let time = parse_mdtm(&reply(format!("{text}\r\n"))).expect(text);
        assert_eq!(
            (time.unix_seconds(), time.nanoseconds(), time.precision()),
            (seconds, nanoseconds, precision),
            "{text}"
        );
        assert!(time.is_utc());
    }
}

#[test]
fn an_impossible_time_is_a_protocol_error() {
    for text in [
        "213",
        "213 x",
        "213 20230229000000",
        "213 20231301000000",
        "213 20230100000000",
        "213 20230101240000",
        "213 20230101006000",
        "213 20230101000061",
        "213 2023010100000",
        "213 202301010000000",
        "213 20230101000000.",
        "213 20230101000000.x",
        "213 +0230101000000",
        "213 20230101000000 20230101000001",
        "250 20230101000000",
    ] {
        let outcome = parse_mdtm(&reply(format!("{text}\r\n")));
        assert!(matches!(outcome, Err(Error::Protocol(_))), "{text}: {outcome:?}");
    }
}

#[test]
fn a_time_converts_to_the_standard_librarys() {
    let time = |text: &str| parse_mdtm(&reply(format!("213 {text}\r\n"))).unwrap().to_system_time().unwrap();
    assert_eq!(time("19700101000001.5"), SystemTime::UNIX_EPOCH + Duration::from_millis(1500));
    assert_eq!(time("19691231235959.5"), SystemTime::UNIX_EPOCH - Duration::from_millis(500));
}

#[test]
fn size_tells_the_whole_range_of_64_bits() {
    let cases = [
        ("213 0", 0),
        ("213 5368709120", 5_368_709_120),
        ("213 18446744073709551615", u64::MAX),
        ("213  12 ", 12),
        ("213 12 bytes", 12),
        ("213 size: 12", 12),
    ];
    for (text, size) in cases {
        assert_eq!(parse_size(&reply(format!("{text}\r\n"))).expect(text), size, "{text}");
    }
}

#[test]
fn what_is_not_one_number_is_no_size() {
    for text in
        ["213", "213 -1", "213 +1", "213 18446744073709551616", "213 1e3", "213 1 234", "213 1,234", "250 12"]
    {
        let outcome = parse_size(&reply(format!("{text}\r\n")));
        assert!(matches!(outcome, Err(Error::Protocol(_))), "{text}: {outcome:?}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_fact_parsers_panic(text in "[0-9. ]{0,30}|[^\r\n]{0,30}") {
        let reply = reply(format!("213 {text}\r\n"));
        let _ = parse_size(&reply);
        if let Ok(time) = parse_mdtm(&reply) {
            prop_assert!(time.nanoseconds() < 1_000_000_000);
            let _ = time.to_system_time();
        }
    }
}

#[test]
fn a_time_is_written_in_utc_without_its_fraction_where_the_calendar_has_it() {
    let at = |seconds: i64, nanoseconds: u32| {
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let start = SystemTime::UNIX_EPOCH;
        let second = if seconds < 0 { start - whole } else { start + whole };
        time_val(second + Duration::from_nanos(nanoseconds.into()))
    };
    assert_eq!(at(1_000_000_000, 999_999_999).as_deref(), Some("20010909014640"));
    assert_eq!(at(-1, 1).as_deref(), Some("19691231235959"));
    assert_eq!(at(-62_167_219_200, 0).as_deref(), Some("00000101000000"));
    assert_eq!(at(253_402_300_799, 0).as_deref(), Some("99991231235959"));
    assert_eq!((at(-62_167_219_201, 0), at(253_402_300_800, 0)), (None, None));
}
