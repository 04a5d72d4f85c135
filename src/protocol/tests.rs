//! Tests on bytes.

use super::listing::{parse_mlst, Entry, EntryKind, ListingFormat, ListingItem, ListingParser};
use super::*;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn reply(text: &str) -> Reply {
    let mut parser = ReplyParser::new();
    parser.feed(text.as_bytes());
    parser.next_reply().expect("well-formed").expect("complete")
}

/// 2026-06-15T00:00:00Z.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_781_481_600)
}

fn items(format: ListingFormat, text: &str) -> Vec<ListingItem> {
    let mut parser = ListingParser::new(format, now());
    parser.push(text.as_bytes()).expect("short lines");
    parser.finish();
    std::iter::from_fn(|| parser.next_item()).collect()
}

fn entry(format: ListingFormat, line: &str) -> Entry {
    match items(format, line).remove(0) {
        ListingItem::Entry(entry) => entry,
        ListingItem::Unparsed(line) => panic!("not understood: {}", String::from_utf8_lossy(&line)),
    }
}

#[test]
fn a_reply_of_several_lines_ends_only_at_its_own_code() {
    let reply = reply("211-Features:\r\n 211 not the end\r\n226 nor this\r\n211 End\r\n");
    assert_eq!(reply.code(), 211);
    assert_eq!(reply.text(), "Features:\n 211 not the end\n226 nor this\nEnd");
}

#[test]
fn replies_are_the_same_however_they_are_cut() {
    let wire = b"220-Hello\r\n220 ready\r\n150\r\n226 \r\n250 bare line feed\n";
    let mut whole = ReplyParser::new();
    whole.feed(wire);
    let mut cut = ReplyParser::new();
    let mut from_cut = Vec::new();
    for byte in wire {
        cut.feed(&[*byte]);
        from_cut.extend(cut.next_reply().unwrap());
    }
    let from_whole: Vec<Reply> = std::iter::from_fn(|| whole.next_reply().unwrap()).collect();
    assert_eq!(from_whole.iter().map(Reply::code).collect::<Vec<_>>(), [220, 150, 226, 250]);
    assert_eq!(from_whole, from_cut);
}

#[test]
fn what_is_no_reply_is_a_protocol_error() {
    for wire in ["hello\r\n", "99 low\r\n", "SSH-2.0-OpenSSH\r\n"] {
        let mut parser = ReplyParser::new();
        parser.feed(wire.as_bytes());
        assert!(matches!(parser.next_reply(), Err(crate::Error::Protocol(_))), "{wire:?}");
    }
}

#[test]
fn an_endless_reply_is_a_protocol_error() {
    let mut parser = ReplyParser::new();
    let mut outcome = Ok(None);
    for _ in 0..64 {
        parser.feed(&vec![b'2'; 64 * 1024]);
        outcome = parser.next_reply();
        if outcome.is_err() {
            break;
        }
    }
    assert!(matches!(outcome, Err(crate::Error::Protocol(_))));
}

#[test]
fn a_command_that_would_become_two_is_refused() {
    for argument in ["foo\r\nDELE bar", "foo\nDELE bar", "foo\rDELE", "a\0b"] {
        let refused = Command::new("RETR", argument);
        assert!(matches!(refused, Err(crate::Error::InvalidArgument(_))), "{argument:?}");
        assert!(Command::raw(format!("SITE {argument}")).is_err());
    }
}

#[test]
fn passwords_are_never_shown() {
    let command = Command::new("pass", "secret").unwrap();
    assert_eq!(command.to_string(), "PASS ****");
    assert!(!format!("{command:?}").contains("secret"));
    assert_eq!(command.wire(), b"PASS secret\r\n");
}

#[test]
fn epsv_and_pasv_replies_are_read_as_servers_write_them() {
    assert_eq!(parse_epsv(&reply("229 Entering (|||6446|)\r\n")).unwrap(), 6446);
    assert_eq!(parse_epsv(&reply("229 Entering (!!!46934!)\r\n")).unwrap(), 46934);
    assert!(parse_epsv(&reply("229 Entering (|||0|)\r\n")).is_err());
    assert!(parse_epsv(&reply("229 Entering (|||70000|)\r\n")).is_err());
    let pasv = |text: &str| parse_pasv(&reply(text)).map(|address| address.to_string());
    assert_eq!(pasv("227 Entering Passive Mode (127,0,0,1,4,1)\r\n").unwrap(), "127.0.0.1:1025");
    assert_eq!(pasv("227 =127,0,0,1,4,1\r\n").unwrap(), "127.0.0.1:1025");
    assert!(pasv("227 (256,0,0,1,4,1)\r\n").is_err());
    assert!(pasv("227 (127,0,0,1,0,0)\r\n").is_err());
}

#[test]
fn active_addresses_are_written_as_the_rfcs_have_them() {
    assert_eq!(eprt_argument("132.235.1.2:6275".parse().unwrap()), "|1|132.235.1.2|6275|");
    assert_eq!(eprt_argument("[::1]:6275".parse().unwrap()), "|2|::1|6275|");
    assert_eq!(port_argument("132.235.1.2:6275".parse().unwrap()), "132,235,1,2,24,131");
}

#[test]
fn quotes_in_a_path_are_doubled_in_the_reply() {
    assert_eq!(parse_pwd(&reply("257 \"/a \"\"b\"\"\" is it\r\n")).unwrap(), b"/a \"b\"");
    assert!(parse_pwd(&reply("257 /a\r\n")).is_err());
}

#[test]
fn size_and_time_of_a_file_are_read() {
    assert_eq!(parse_size(&reply("213 5368709120\r\n")).unwrap(), 5_368_709_120);
    assert!(parse_size(&reply("213 -1\r\n")).is_err());
    let time = parse_mdtm(&reply("213 20260615000000.5\r\n")).unwrap();
    assert_eq!((time.unix_seconds(), time.nanoseconds()), (1_781_481_600, 500_000_000));
    assert!(time.is_utc());
    assert!(parse_mdtm(&reply("213 20261315000000\r\n")).is_err());
}

#[test]
fn features_are_found_in_whatever_case() {
    let features = Features::parse(&reply(
        "211-Features:\r\n epsv\r\n REST STREAM\r\n MLST type*;size*;x;\r\n211 End\r\n",
    ));
    assert!(features.has("EPSV"));
    assert_eq!(features.parameters("rest"), Some("STREAM"));
    assert_eq!(features.mlst_facts().collect::<Vec<_>>(), [("type", true), ("size", true), ("x", false)]);
}

#[test]
fn mlsx_lines_become_entries() {
    let file = entry(ListingFormat::Mlsx, "Type=file;Size=12;Modify=20260615000000;UNIX.mode=0644;  a b\r\n");
    assert_eq!((file.kind(), file.size(), file.name_bytes()), (EntryKind::File, Some(12), &b" a b"[..]));
    assert_eq!(file.fact("unix.MODE"), Some("0644"));
    let link = entry(ListingFormat::Mlsx, "type=OS.unix=slink:/etc;size=4; link");
    assert_eq!((link.kind(), link.link_target()), (EntryKind::Symlink, Some(&b"/etc"[..])));
    let one = parse_mlst(&reply("250-Listing\r\n type=dir; /x\r\n250 End\r\n")).unwrap();
    assert_eq!((one.kind(), one.name_bytes()), (EntryKind::Directory, &b"/x"[..]));
}

#[test]
fn unix_lines_become_entries() {
    let cases: [(&str, EntryKind, Option<u64>, &str, i64); 8] = [
        ("-rw-r--r-- 1 ftp ftp 1234 Jun  1 12:34 a  b", EntryKind::File, Some(1234), "a  b", 1_780_317_240),
        (
            "drwxr-xr-x+ 2 1000 1000 4096 Dec 31 2024 dir",
            EntryKind::Directory,
            Some(4096),
            "dir",
            1_735_603_200,
        ),
        ("-rw-r--r-- 1 ftp 7 Jul  1 00:00 no group", EntryKind::File, Some(7), "no group", 1_751_328_000),
        ("lrwxrwxrwx 1 a b 3 Jan  1  2026 l -> t", EntryKind::Symlink, Some(3), "l", 1_767_225_600),
        ("crw-rw-rw- 1 root root 1, 3 Jan  1  2026 null", EntryKind::Other, None, "null", 1_767_225_600),
        ("-rw-r--r--. 1 a b 0 Jan  1  2026  lead", EntryKind::File, Some(0), " lead", 1_767_225_600),
        ("-rwsr-sr-t@ 1 a b 0 Feb 29 12:00 leap", EntryKind::File, Some(0), "leap", 1_709_208_000),
        (
            "-rw-r--r-- 1 a b 5368709120 Jan  1  2026 big",
            EntryKind::File,
            Some(5_368_709_120),
            "big",
            1_767_225_600,
        ),
    ];
    for (line, kind, size, name, modified) in cases {
        let entry = entry(ListingFormat::Auto, line);
        assert_eq!((entry.kind(), entry.size(), &*entry.name()), (kind, size, name), "{line}");
        assert_eq!(entry.modified().map(Timestamp::unix_seconds), Some(modified), "{line}");
    }
}

#[test]
fn dos_lines_become_entries() {
    let directory = entry(ListingFormat::Auto, "06-01-24  12:34PM       <DIR>          my dir");
    assert_eq!((directory.kind(), &*directory.name()), (EntryKind::Directory, "my dir"));
    assert_eq!(directory.modified().map(Timestamp::unix_seconds), Some(1_717_245_240));
    let file = entry(ListingFormat::Auto, "06-01-2024  12:34               1234 file.txt");
    assert_eq!((file.size(), &*file.name()), (Some(1234), "file.txt"));
}

#[test]
fn a_line_that_is_not_understood_is_reported() {
    let found =
        items(ListingFormat::Auto, "total 4\r\n\r\nwhat is this\r\n-rw-r--r-- 1 a b x Jan 1 2026 y\r\n");
    let unparsed = |line: &str| ListingItem::Unparsed(line.as_bytes().to_vec());
    assert_eq!(found, [unparsed("what is this"), unparsed("-rw-r--r-- 1 a b x Jan 1 2026 y")]);
}

#[test]
fn an_endless_line_of_a_listing_is_a_protocol_error() {
    let mut parser = ListingParser::new(ListingFormat::Mlsx, now());
    let outcome = parser.push(&vec![b'x'; listing::MAX_LISTING_LINE_BYTES + 1]);
    assert!(matches!(outcome, Err(crate::Error::Protocol(_))));
}

#[test]
fn no_bytes_make_a_listing_parser_panic() {
    const ALPHABET: &[u8] = b"-drwx 019:;=.,>\nJan Feb\xc3\xa4\"<DIR>PM";
    let mut state = 1u32;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..40)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ALPHABET[(state >> 16) as usize % ALPHABET.len()]
            })
            .collect();
        for format in [ListingFormat::Auto, ListingFormat::Mlsx, ListingFormat::Names] {
            let mut parser = ListingParser::new(format, now());
            parser.push(&bytes).unwrap();
            parser.finish();
            let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count();
            assert!(std::iter::from_fn(|| parser.next_item()).count() <= lines);
        }
    }
}
