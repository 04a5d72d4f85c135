use super::{assert_unparsed, at, entry};
use crate::protocol::EntryKind::{self, *};
use crate::protocol::ListingFormat::Unix;
use crate::protocol::{ListingItem, ListingParser, Precision};

struct Expected {
    kind: EntryKind,
    permissions: &'static str,
    owner: Option<&'static str>,
    group: Option<&'static str>,
    size: Option<u64>,
    seconds: i64,
    precision: Precision,
    name: &'static str,
}

/// An ordinary file, to be varied.
const FILE: Expected = Expected {
    kind: File,
    permissions: "rw-r--r--",
    owner: Some("ann"),
    group: Some("staff"),
    size: Some(1234),
    seconds: 1_704_285_240, // 2024-01-03 12:34
    precision: Precision::Minute,
    name: "name",
};

const JANUARY_3_2020: i64 = 1_578_009_600;

fn check(line: &str, expected: &Expected) {
    let entry = entry(Unix, line);
    let modified = entry.modified().expect("a time");
    assert_eq!(entry.kind(), expected.kind, "{line}");
    assert_eq!(entry.permissions().as_deref(), Some(expected.permissions), "{line}");
    assert_eq!(entry.owner().as_deref(), expected.owner, "{line}");
    assert_eq!(entry.group().as_deref(), expected.group, "{line}");
    assert_eq!(entry.size(), expected.size, "{line}");
    assert_eq!(
        (modified.unix_seconds(), modified.precision()),
        (expected.seconds, expected.precision),
        "{line}"
    );
    assert_eq!(entry.name(), expected.name, "{line}");
    assert_eq!(entry.raw(), line.as_bytes());
    assert!(!modified.is_utc() && modified.nanoseconds() == 0);
    assert_eq!(entry.facts().count(), 0);
}

#[test]
fn dates_of_every_form_are_understood() {
    check("-rw-r--r--   1 ann      staff        1234 Jan  3 12:34 name", &FILE);
    check("-rw-r--r-- 1 ann staff 1234 jan 03 12:34 name", &FILE);
    check("-rw-r--r-- 1 ann staff 1234 3 Jan 12:34 name", &FILE);
    check("-rw-r--r-- 1 ann staff 1234 2024-01-03 12:34 name", &FILE);
    check(
        "-rw-r--r-- 1 ann staff 1234 Jan  3 9:34 name",
        &Expected { seconds: FILE.seconds - 3 * 3600, ..FILE },
    );
    let day = Expected { seconds: JANUARY_3_2020, precision: Precision::Day, ..FILE };
    check("-rw-r--r--   1 ann staff 1234 Jan  3  2020 name", &day);
    check("-rw-r--r--   1 ann staff 1234  3 Jan  2020 name", &day);
    let second = Expected { seconds: JANUARY_3_2020 + 45_296, precision: Precision::Second, ..FILE };
    check("-rw-r--r--  1 ann staff 1234 Jan  3 12:34:56 2020 name", &second);
    check("-rw-r--r--  1 ann staff 1234 2020-01-03 12:34:56 name", &second);
}

#[test]
fn owner_and_group_are_found_however_many_words_there_are() {
    check(
        "-rw-r--r-- 1 1000 100 1234 Jan 3 12:34 name",
        &Expected { owner: Some("1000"), group: Some("100"), ..FILE },
    );
    check("-rw-r--r-- 1 ann 1234 Jan 3 12:34 name", &Expected { group: None, ..FILE });
    check("-rw-r--r-- 1 1234 Jan 3 12:34 name", &Expected { owner: None, group: None, ..FILE });
    check("-rw-r--r-- 1234 Jan 3 12:34 name", &Expected { owner: None, group: None, ..FILE });
    check("-rw-r--r-- ann staff 1234 Jan 3 12:34 name", &FILE);
    check(
        "-rw-r--r-- 1 ann Domain Users 1234 Jan 3 12:34 name",
        &Expected { group: Some("Domain Users"), ..FILE },
    );
    check(
        "-rw-r--r-- 1 CORP\\ann CORP\\x 1234 Jan 3 12:34 name",
        &Expected { owner: Some("CORP\\ann"), group: Some("CORP\\x"), ..FILE },
    );
    check(
        "-rw-r--r-- 1 5 Jan 1234 Jan 3 12:34 name",
        &Expected { owner: Some("5"), group: Some("Jan"), ..FILE },
    );
}

#[test]
fn names_are_kept_to_the_last_blank() {
    for name in [
        "two words",
        " leading",
        "   three",
        "trailing ",
        "a -> b",
        "12 Jan  3 2020 x",
        "-rw-r--r--",
        "\u{e9}",
        "a\tb",
    ] {
        let entry = entry(Unix, format!("-rw-r--r-- 1 ann staff 1234 Jan  3 12:34 {name}"));
        assert_eq!(entry.name(), name);
        let entry = super::entry(Unix, format!("-rw-r--r-- 1 ann staff 1234 Jan  3  2020 {name}\r\n"));
        assert_eq!(entry.name(), name);
    }
    let entry = entry(Unix, b"-rw-r--r-- 1 ann\xff staff 1234 Jan  3 12:34 caf\xe9");
    assert_eq!((entry.name_bytes(), entry.name().as_ref()), (&b"caf\xe9"[..], "caf\u{fffd}"));
    assert_eq!(entry.owner().as_deref(), Some("ann\u{fffd}"));
}

#[test]
fn the_mode_tells_kind_and_permissions() {
    let cases = [
        ("drwxr-xr-x", Directory, "rwxr-xr-x"),
        ("-rwsr-Sr-t", File, "rwsr-Sr-t"),
        ("-rw-r--r--+", File, "rw-r--r--"),
        ("-rw-r--r--.", File, "rw-r--r--"),
        ("drwx------@", Directory, "rwx------"),
        ("prw-r--r--", Other, "rw-r--r--"),
        ("srwxrwxrwx", Other, "rwxrwxrwx"),
    ];
    for (mode, kind, permissions) in cases {
        let line = format!("{mode} 1 ann staff 1234 Jan 3 12:34 name");
        check(&line, &Expected { kind, permissions, ..FILE });
    }
}

#[test]
fn a_link_is_parted_from_its_target() {
    let cases = [
        ("name -> target", "name", Some("target")),
        ("a b -> /c d/e", "a b", Some("/c d/e")),
        ("name -> a -> b", "name", Some("a -> b")),
        ("name", "name", None),
        ("name ->", "name ->", None),
    ];
    for (written, name, target) in cases {
        let entry = entry(Unix, format!("lrwxrwxrwx 1 ann staff 6 Jan 3 12:34 {written}"));
        assert_eq!((entry.kind(), entry.name().as_ref()), (Symlink, name), "{written}");
        assert_eq!(entry.link_target().as_deref(), target, "{written}");
        assert_eq!(entry.link_target_bytes(), target.map(str::as_bytes));
    }
}

#[test]
fn devices_have_two_numbers_in_place_of_a_size() {
    for numbers in ["8,   1", "8,1", "1, 3"] {
        let line = format!("brw-rw---- 1 ann staff {numbers} Jan  3 12:34 name");
        check(&line, &Expected { kind: Other, permissions: "rw-rw----", size: None, ..FILE });
    }
}

#[test]
fn the_directory_itself_and_the_one_above_are_told_apart() {
    let kind = |name: &str| entry(Unix, format!("drwxr-xr-x 2 ann staff 4096 Jan 3 12:34 {name}")).kind();
    assert_eq!(
        [kind("."), kind(".."), kind("..."), kind(" .")],
        [CurrentDirectory, ParentDirectory, Directory, Directory]
    );
}

#[test]
fn a_missing_year_is_that_of_the_latest_such_time_not_in_the_future() {
    let cases = [
        // now, written, expected
        (1_715_342_400, "May 10 12:00", 1_715_342_400), // 2024-05-10 12:00
        (1_715_342_400, "May 11 20:00", 1_715_457_600), // zones and clocks differ: still this year
        (1_715_342_400, "May 13 12:00", 1_683_979_200), // 2023
        (1_715_342_400, "Dec 31 23:59", 1_704_067_140), // 2023
        (1_704_067_140, "Jan  1 09:00", 1_704_099_600), // on 2023-12-31 23:59: 2024
        (1_741_608_000, "Feb 29 12:00", 1_709_208_000), // on 2025-03-10: 2024 was the leap year
    ];
    for (now, written, expected) in cases {
        let mut parser = ListingParser::new(Unix, at(now));
        parser.push(format!("-rw-r--r-- 1 a b 1 {written} x\n").as_bytes()).unwrap();
        match parser.next_item() {
            Some(ListingItem::Entry(entry)) => {
                assert_eq!(entry.modified().unwrap().unix_seconds(), expected, "{written}")
            }
            other => panic!("{written}: {other:?}"),
        }
    }
}

#[test]
fn by_the_servers_own_clock_a_missing_year_is_decided_to_the_hour() {
    // 2024-05-10 12:00 here; the server says that it is a day, or a year, later or earlier.
    let cases = [
        (1_715_342_400, "May 10 13:00", 1_715_346_000), // summer time
        (1_715_342_400, "May 11 20:00", 1_683_835_200), // 2023
        (1_715_428_800, "May 11 12:00", 1_715_428_800),
        (946_728_000, "Jan  1 12:00", 946_728_000), // 2000-01-01
        (946_728_000, "Dec 31 12:00", 946_641_600), // 1999
    ];
    for (server_now, written, expected) in cases {
        let mut parser = ListingParser::new(Unix, at(super::NOW)).server_clock(at(server_now));
        parser.push(format!("-rw-r--r-- 1 a b 1 {written} x\n").as_bytes()).unwrap();
        match parser.next_item() {
            Some(ListingItem::Entry(entry)) => {
                assert_eq!(entry.modified().unwrap().unix_seconds(), expected, "{written}")
            }
            other => panic!("{written}: {other:?}"),
        }
    }
}

#[test]
fn sizes_reach_64_bits() {
    let size = |size: &str| entry(Unix, format!("-rw-r--r-- 1 a b {size} Jan 3 2020 x")).size();
    assert_eq!(size("18446744073709551615"), Some(u64::MAX));
    assert_eq!(size("0"), Some(0));
    assert_unparsed(Unix, "-rw-r--r-- 1 a b 18446744073709551616 Jan 3 2020 x");
}

#[test]
fn what_ls_would_not_write_is_unparsed() {
    for line in [
        "ls: cannot access 'x': No such file or directory",
        "dir:",
        "-rw-r--r-- 1 ann staff 1234 Feb 30 2020 name",
        "-rw-r--r-- 1 ann staff 1234 Feb 30 12:34 name",
        "-rw-r--r-- 1 ann staff 1234 Jan 0 2020 name",
        "-rw-r--r-- 1 ann staff 1234 Jan 3 24:00 name",
        "-rw-r--r-- 1 ann staff 1234 Jan 3 12:60 name",
        "-rw-r--r-- 1 ann staff 1234 Jan 3 12:34:56 name",
        "-rw-r--r-- 1 ann staff 1234 Foo 3 2020 name",
        "-rw-r--r-- 1 ann staff 1234 2020-13-03 12:34 name",
        "-rw-r--r-- 1 ann staff -1 Jan 3 2020 name",
        "-rw-r--r-- 1 ann staff Jan 3 2020 name",
        "-rw-r--r-- 1 ann staff 1234 Jan 3 2020",
        "-rw-r--r-- 1 ann staff 1234 Jan 3 2020 ",
        "lrwxrwxrwx 1 ann staff 1234 Jan 3 2020  -> target",
        "xrw-r--r-- 1 ann staff 1234 Jan 3 2020 name",
        "-rw-r--r-# 1 ann staff 1234 Jan 3 2020 name",
        "-rw-r--r-- ",
        "-rw-r--r",
        "total 12 files",
        "name",
    ] {
        assert_unparsed(Unix, line);
    }
}

#[test]
fn the_heading_and_blank_lines_are_passed_over() {
    for line in ["total 0", "total 12\r\n", "Total 1.2M", "total  12 ", "\r\n", "   ", "\n\n"] {
        assert_eq!(super::items(Unix, line), [], "{line:?}");
    }
}
