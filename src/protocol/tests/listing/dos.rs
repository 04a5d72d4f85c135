use super::{assert_unparsed, entry, items};
use crate::protocol::EntryKind::*;
use crate::protocol::ListingFormat::Dos;
use crate::protocol::Precision;

#[test]
fn files_and_directories_are_understood() {
    let cases = [
        ("03-15-21  10:22AM                  123 name", File, Some(123), 1_615_803_720),
        ("03-15-2021  10:22AM                123 name", File, Some(123), 1_615_803_720),
        ("03-15-21  10:22                    123 name", File, Some(123), 1_615_803_720),
        ("03-15-21  10:22 am                 123 name", File, Some(123), 1_615_803_720),
        ("03-15-21  10:22PM       <DIR>          name", Directory, None, 1_615_846_920),
        ("03-15-21  22:22         <DIR>          name", Directory, None, 1_615_846_920),
        ("03-15-21  12:00AM                    0 name", File, Some(0), 1_615_766_400),
        ("03-15-21  12:00PM                    0 name", File, Some(0), 1_615_809_600),
        ("01-01-70  12:00AM 18446744073709551615 name", File, Some(u64::MAX), 0),
        ("12-31-68  12:00AM                    0 name", File, Some(0), 3_124_137_600), // 2068
        ("01-01-69  12:00AM                    0 name", File, Some(0), -31_536_000),   // 1969
    ];
    for (line, kind, size, seconds) in cases {
        let entry = entry(Dos, line);
        let modified = entry.modified().unwrap();
        assert_eq!((entry.kind(), entry.size(), entry.name().as_ref()), (kind, size, "name"), "{line}");
        assert_eq!((modified.unix_seconds(), modified.precision()), (seconds, Precision::Minute), "{line}");
        assert!(!modified.is_utc());
        assert_eq!((entry.owner(), entry.group(), entry.permissions()), (None, None, None));
    }
}

#[test]
fn names_are_kept_to_the_last_blank() {
    for name in ["two words", " leading", "trailing ", "<DIR>", "12 name", "caf\u{e9}"] {
        assert_eq!(entry(Dos, format!("03-15-21  10:22AM                  123 {name}")).name(), name);
        assert_eq!(entry(Dos, format!("03-15-21  10:22AM       <DIR>          {name}")).name(), name);
    }
    assert_eq!(entry(Dos, "03-15-21 10:22AM <DIR> name").name(), "name");
}

#[test]
fn what_dos_would_not_write_is_unparsed() {
    for line in [
        "15-03-21  10:22AM                  123 name",
        "02-30-21  10:22AM                  123 name",
        "03-15-21  13:22PM                  123 name",
        "03-15-21  00:22AM                  123 name",
        "03-15-21  24:00                    123 name",
        "03-15-21  10:22XM                  123 name",
        "03-15-121 10:22AM                  123 name",
        "3-15-21   10:22AM                  123 name",
        "03-15-21  10:22AM                   -1 name",
        "03-15-21  10:22AM 18446744073709551616 name",
        "03-15-21  10:22AM       <FOO>          name",
        "03-15-21  10:22AM                  123 ",
        "03-15-21  10:22AM                  123",
        "03-15-21  10:22AM       <DIR>",
        "03-15-21  10:22AM       <DIR>          ",
        "03-15-21  10:22AM",
        "03-15-21",
        "03-15-21  \u{e9}",
        "name",
    ] {
        assert_unparsed(Dos, line);
    }
}

#[test]
fn blank_lines_are_passed_over() {
    assert_eq!(items(Dos, "\r\n   \r\n\t"), []);
}
