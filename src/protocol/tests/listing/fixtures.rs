//! Real lines of every dialect, and what they say: see the files in `fixtures`.
//!
//! A line is followed by what it is, after `=>`; a line without that is passed over or goes on in the next one.
//! `\xNN`, `\t` and `\\` stand for bytes. Each paragraph is a listing of its own, read with the format at the file's
//! head and with `Auto`.

use super::items_of;
use crate::protocol::{Entry, ListingFormat, ListingItem, ListingParser, Precision, Timestamp};
use std::time::{Duration, SystemTime};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

/// One file of fixtures.
struct Fixtures<'a> {
    format: ListingFormat,
    now: SystemTime,
    listings: Vec<Listing<'a>>,
}

struct Listing<'a> {
    raw: Vec<u8>,
    /// What `shown` gives for each item.
    expected: Vec<&'a str>,
    title: &'a str,
}

fn format_of(word: &str) -> ListingFormat {
    match word {
        "mlsx" => ListingFormat::Mlsx,
        "unix" => ListingFormat::Unix,
        "dos" => ListingFormat::Dos,
        "os400" => ListingFormat::Os400,
        "zos" => ListingFormat::Zos,
        "vms" => ListingFormat::Vms,
        "eplf" => ListingFormat::Eplf,
        "netware" => ListingFormat::NetWare,
        "macos-peter" => ListingFormat::MacOsPeter,
        _ => panic!("no format: {word}"),
    }
}

impl<'a> Fixtures<'a> {
    fn read(text: &'a str) -> Fixtures<'a> {
        let mut fixtures =
            Fixtures { format: ListingFormat::Auto, now: SystemTime::UNIX_EPOCH, listings: Vec::new() };
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(format) = line.strip_prefix("@format ") {
                fixtures.format = format_of(format);
            } else if let Some(now) = line.strip_prefix("@now ") {
                let now = OffsetDateTime::parse(&format!("{}:00Z", now.replace(' ', "T")), &Rfc3339).unwrap();
                fixtures.now = SystemTime::UNIX_EPOCH + Duration::from_secs(now.unix_timestamp() as u64);
            } else if let Some(title) = line.strip_prefix("# ") {
                fixtures.listings.push(Listing { raw: Vec::new(), expected: Vec::new(), title });
            } else {
                fixtures.listings.last_mut().expect("a title first").take(line);
            }
        }
        fixtures
    }
}

impl<'a> Listing<'a> {
    fn take(&mut self, line: &'a str) {
        match line.strip_prefix("=> ") {
            Some(expected) => self.expected.push(expected),
            None => {
                self.raw.extend_from_slice(&unescaped(line));
                self.raw.extend_from_slice(b"\r\n");
            }
        }
    }
}

fn unescaped(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = line.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let (escaped, length) = match rest {
            [b't', ..] => (b'\t', 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', ..] => (u8::from_str_radix(&line[line.len() - rest.len() + 1..][..2], 16).unwrap(), 3),
            _ => panic!("no escape: {line}"),
        };
        bytes.push(escaped);
        rest = &rest[length..];
    }
    bytes
}

fn shown(item: &ListingItem) -> String {
    match item {
        ListingItem::Entry(entry) => shown_entry(entry),
        ListingItem::Unparsed(_) => "not understood".to_owned(),
    }
}

/// Everything that is known of the entry.
fn shown_entry(entry: &Entry) -> String {
    let kind = format!("{:?}", entry.kind()).to_lowercase();
    let mut text = format!("{kind} \"{}\"", shown_bytes(entry.name_bytes()));
    let mut add = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            text.push_str(&format!(" {what} {value}"));
        }
    };
    add("to", entry.link_target_bytes().map(|target| format!("\"{}\"", shown_bytes(target))));
    add("size", entry.size().map(|size| size.to_string()));
    add("modified", entry.modified().map(shown_time));
    add("owner", entry.owner().map(String::from));
    add("group", entry.group().map(String::from));
    add("permissions", entry.permissions().map(String::from));
    add("unique", entry.unique().map(String::from));
    text
}

fn shown_bytes(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace('\t', "\\t"),
        Err(_) => bytes.escape_ascii().to_string(),
    }
}

/// As exact as it is, and with Z where the zone is known.
fn shown_time(time: &Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(time.unix_seconds()).unwrap();
    let text = moment.format(&Rfc3339).unwrap();
    let shown = match time.precision() {
        Precision::Day => text[..10].to_owned(),
        Precision::Minute => text[..16].to_owned(),
        Precision::Second => text[..19].to_owned(),
        Precision::Subsecond => format!("{}.{:09}", &text[..19], time.nanoseconds()),
    };
    format!("{shown}{}", if time.is_utc() { "Z" } else { "" })
}

fn check(name: &str, text: &str) {
    let fixtures = Fixtures::read(text);
    for listing in &fixtures.listings {
        for format in [fixtures.format, ListingFormat::Auto] {
            let parser = ListingParser::new(format, fixtures.now);
            let items = items_of(parser, listing.raw.split_inclusive(|&byte| byte == b'-'));
            let found: Vec<String> = items.iter().map(shown).collect();
            assert_eq!(found, listing.expected, "{name}: {} (as {format:?})", listing.title);
        }
    }
}

macro_rules! fixtures {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("fixtures/", stringify!($name), ".txt")));
        }
    )*};
}

fixtures! { mlsx unix dos os400 zos vms eplf netware macos }
