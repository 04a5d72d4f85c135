use super::{assert_unparsed, entry, items, items_of_pieces, parser};
use crate::protocol::EntryKind::{CurrentDirectory, ParentDirectory, Unknown};
use crate::protocol::ListingFormat::{
    self, Auto, Dos, Eplf, MacOsPeter, Mlsx, Names, NetWare, Os400, Unix, Vms, Zos,
};
use crate::protocol::{ListingItem, MAX_LISTING_LINE_BYTES};
use crate::Error;
use proptest::prelude::*;

const ALL: [ListingFormat; 11] = [Auto, Mlsx, Unix, Dos, Names, Os400, Zos, Vms, Eplf, NetWare, MacOsPeter];

const MLSX_LINE: &str = "type=file;size=1; x";
const UNIX_LINE: &str = "-rw-r--r-- 1 a b 1 Jan 3 2020 x";
const DOS_LINE: &str = "03-15-21  10:22AM                  1 x";

fn names_and_unparsed(items: &[ListingItem]) -> Vec<String> {
    let shown = |item: &ListingItem| match item {
        ListingItem::Entry(entry) => entry.name().into_owned(),
        ListingItem::Unparsed(line) => format!("? {}", line.escape_ascii()),
    };
    items.iter().map(shown).collect()
}

#[test]
fn auto_recognises_each_dialect_and_keeps_to_it() {
    for (line, other) in [(MLSX_LINE, UNIX_LINE), (UNIX_LINE, DOS_LINE), (DOS_LINE, MLSX_LINE)] {
        let items = items(Auto, format!("{line}\r\n{other}\r\n{line}\r\n"));
        assert_eq!(names_and_unparsed(&items), ["x".to_owned(), format!("? {other}"), "x".to_owned()]);
    }
}

#[test]
fn auto_reports_what_comes_before_the_first_line_it_understands() {
    let items = items(Auto, format!("\r\nls: x: denied\r\ntotal 4\r\n  \r\n{UNIX_LINE}\r\n"));
    assert_eq!(names_and_unparsed(&items), ["? ls: x: denied", "x"]);
}

#[test]
fn auto_never_takes_a_line_for_a_mere_name() {
    for line in ["name", "a=b c", " name", "file; x"] {
        assert_unparsed(Auto, line);
    }
}

#[test]
fn a_given_format_does_not_take_lines_of_another() {
    assert_unparsed(Unix, DOS_LINE);
    assert_unparsed(Dos, UNIX_LINE);
    assert_unparsed(Mlsx, DOS_LINE);
}

#[test]
fn of_names_each_line_is_one() {
    let items = items(Names, b"a\r\n b \ntotal 12\r\n\r\ncaf\xe9\r\ndir/x");
    assert_eq!(names_and_unparsed(&items), ["a", " b ", "total 12", "caf\u{fffd}", "dir/x"]);
    assert_eq!(entry(Names, "x").kind(), Unknown);
    assert_eq!((entry(Names, ".").kind(), entry(Names, "..").kind()), (CurrentDirectory, ParentDirectory));
}

#[test]
fn lines_may_end_in_lf_alone_and_only_one_cr_belongs_to_the_end() {
    assert_eq!(names_and_unparsed(&items(Names, "a\nb\r\nc\r\r\n")), ["a", "b", "c\r"]);
}

#[test]
fn a_line_is_told_only_when_its_end_is_there_or_the_listing_is_finished() {
    let mut parser = parser(Names);
    parser.push(b"one\r\ntw").unwrap();
    assert_eq!(names_and_unparsed(parser.next_item().as_slice()), ["one"]);
    assert_eq!(parser.next_item(), None);
    parser.push(b"o").unwrap();
    assert_eq!(parser.next_item(), None);
    parser.finish().unwrap();
    assert_eq!(names_and_unparsed(parser.next_item().as_slice()), ["two"]);
    assert_eq!(parser.next_item(), None);
}

#[test]
fn an_empty_listing_has_no_items() {
    for format in ALL {
        assert_eq!(items(format, ""), []);
    }
}

#[test]
fn a_line_as_long_as_the_limit_is_taken() {
    let name = "x".repeat(MAX_LISTING_LINE_BYTES - 2);
    assert_eq!(names_and_unparsed(&items(Names, format!("{name}\r\n{name}\r\n"))), [name.clone(), name]);
}

#[test]
fn a_longer_line_is_a_protocol_error_from_then_on() {
    let whole = "x".repeat(MAX_LISTING_LINE_BYTES) + "\n";
    for pieces in [vec![whole.as_bytes()], whole.as_bytes().chunks(1000).collect()] {
        let mut parser = parser(Names);
        parser.push(b"before\n").unwrap();
        let error = pieces.iter().find_map(|piece| parser.push(piece).err());
        assert!(matches!(error, Some(Error::Protocol(_))), "{error:?}");
        assert_eq!(names_and_unparsed(parser.next_item().as_slice()), ["before"]);
        assert_eq!(parser.next_item(), None);
        assert!(parser.push(b"after\n").is_err());
        assert!(parser.finish().is_err());
    }
}

#[test]
fn auto_keeps_to_what_a_heading_or_an_ambiguous_first_line_tells() {
    let members = " Name     VV.MM   Created       Changed      Size  Init   Mod   Id\r\nONE\r\nTWO\r\n";
    assert_eq!(names_and_unparsed(&items(Auto, members)), ["ONE", "TWO"]);
    // As by Peter Lewis' server, but by chance: the lines of Unix after it are still understood.
    let sum = "-rw-r--r-- 1 4 5 Jan 3 2020 sum\r\n";
    assert_eq!(names_and_unparsed(&items(Auto, format!("{sum}{UNIX_LINE}\r\n"))), ["sum", "x"]);
}

#[test]
fn what_the_system_is_said_to_write_is_tried_last() {
    let names = |expected: ListingFormat, line: &str| {
        names_and_unparsed(&super::items_of(parser(Auto).expecting(expected), [line.as_bytes()]))
    };
    let on_tape = "V43525 Tape    NAME";
    assert_eq!(names(Auto, on_tape), [format!("? {on_tape}")]);
    assert_eq!(names(Zos, on_tape), ["NAME"]);
    assert_eq!(names(Zos, UNIX_LINE), ["x"]);
}

#[test]
fn a_wrapped_line_whose_second_half_does_not_come_is_reported() {
    let whole = "B.TXT;1  1/1  2-JUN-1998 07:32:04";
    assert_eq!(names_and_unparsed(&items(Vms, format!("A.TXT;1\r\n{whole}\r\n"))), ["? A.TXT;1", "B.TXT;1"]);
    assert_eq!(names_and_unparsed(&items(Vms, "A.TXT;1\r\nB.TXT;2\r\n")), ["? A.TXT;1", "? B.TXT;2"]);
    assert_eq!(names_and_unparsed(&items(Vms, "A.TXT;1\r\n\r\n")), ["? A.TXT;1"]);
}

#[test]
fn a_hundred_thousand_entries_are_streamed_through_a_small_buffer() {
    for line in [MLSX_LINE, UNIX_LINE, DOS_LINE] {
        let piece = format!("{line}\r\n").repeat(100);
        let mut parser = parser(Auto);
        let mut count = 0;
        for _ in 0..1000 {
            parser.push(piece.as_bytes()).unwrap();
            count += std::iter::from_fn(|| parser.next_item()).count();
        }
        assert_eq!(count, 100_000);
        assert!(parser.buffer_capacity() < 4 * piece.len());
    }
}

#[test]
fn debug_shows_what_is_known_in_words() {
    let shown = format!("{:?}", entry(Unix, b"lrwxrwxrwx 1 ann staff 6 Jan 3 2020 caf\xc3\xa9\x1b[1m -> b"));
    let start = r#"Entry { name: "café\\u{1b}[1m", kind: Symlink, link_target: "b", size: 6, modified: "#;
    assert!(shown.starts_with(start), "{shown}");
    assert!(
        shown.contains(r#"owner: "ann", group: "staff", permissions: "rwxrwxrwx", raw: "lrwx"#),
        "{shown}"
    );
}

#[test]
fn lines_that_were_taken_are_not_kept() {
    let mut parser = parser(Auto);
    let line = format!("{UNIX_LINE}\r\n");
    for _ in 0..10_000 {
        parser.push(line.as_bytes()).unwrap();
        assert!(matches!(parser.next_item(), Some(ListingItem::Entry(_))));
    }
    assert!(parser.buffer_capacity() < 1024);
}

/// Bytes in which the words of listings are likely.
fn listing_like_bytes() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "-rw-r--r--",
            "lrwxrwxrwx",
            "drwxr-xr-x+",
            "1",
            "8,",
            "8,1",
            "1234",
            "99999999999999999999",
            "Jan",
            "Feb",
            "30",
            "2020",
            "12:34",
            "12:34:56",
            "2020-01-03",
            "03-15-21",
            "10:22AM",
            "PM",
            "<DIR>",
            "->",
            "total",
            "name",
            "type=",
            "OS.unix=slink:",
            "file;",
            "size=1;",
            "modify=20200103123456;",
            ";",
            "=",
            ".",
            "..",
            "+r,s1,m2",
            "\t",
            "[RWCEAFMS]",
            "d",
            "A.TXT;1",
            "9/9",
            "2-JUN-1998",
            "[G,O]",
            "(RWED,,,)",
            "Directory",
            "D:[X]",
            "02/03/04",
            "15:09:55",
            "*STMF",
            "*MEM",
            "Volume",
            "Dsorg",
            "Dsname",
            "3390",
            "2004/06/23",
            "PO",
            "Name",
            "VV.MM",
            "Created",
            "01.03",
            "Size",
            "TTR",
            "JOBNAME",
            "JOBID",
            "JOB01906",
            "OUTPUT",
            "folder",
            "0",
            "\u{00e4}",
            "5\u{6708}",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    let separator = prop::sample::select(vec![" ", " ", " ", "  ", "", "\t", "\r\n", "\n", "\r"]);
    prop::collection::vec((word, separator), 0..40).prop_map(|words| {
        words.into_iter().flat_map(|(word, separator)| [&word, separator.as_bytes()].concat()).collect()
    })
}

fn any_format() -> impl Strategy<Value = ListingFormat> {
    prop::sample::select(ALL.to_vec())
}

proptest! {
    #[test]
    fn pieces_of_one_byte_give_what_the_whole_gives(format in any_format(), bytes in listing_like_bytes()) {
        prop_assert_eq!(items_of_pieces(format, bytes.chunks(1)), items(format, &bytes));
    }

    #[test]
    fn every_line_comes_out_as_it_came_unless_it_is_empty_or_a_heading(format in any_format(), bytes in listing_like_bytes()) {
        let lines = bytes.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let is_passed_over = |line: &[u8]| {
            let first = line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty()).unwrap_or_default();
            [&b""[..], b"total", b"Directory", b"Volume", b"Name", b"JOBNAME"].contains(&first)
        };
        let items = items(format, &bytes);
        // A wrapped entry has two lines.
        let mut raw = items.iter().flat_map(|item| match item {
            ListingItem::Entry(entry) => entry.raw(),
            ListingItem::Unparsed(line) => line,
        }.split(|&byte| byte == b'\n')).peekable();
        for line in lines {
            if raw.peek() == Some(&line) {
                raw.next();
            } else {
                prop_assert!(is_passed_over(line), "lost: {}", line.escape_ascii());
            }
        }
        prop_assert_eq!(raw.next(), None);
    }

    #[test]
    fn every_entry_can_be_looked_at_and_is_part_of_its_line(format in any_format(), bytes in listing_like_bytes()) {
        for item in items(format, &bytes) {
            let ListingItem::Entry(entry) = item else { continue };
            let occurs = |part: &[u8]| entry.raw().windows(part.len().max(1)).any(|window| window == part);
            prop_assert!(occurs(entry.name_bytes()));
            prop_assert!(entry.link_target_bytes().is_none_or(|target| target.is_empty() || occurs(target)));
            let _ = (entry.owner(), entry.group(), entry.permissions(), entry.unique(), entry.facts().count());
            let _ = entry.modified().and_then(|time| time.to_system_time());
        }
    }
}
