//! Listings of every dialect.

use crate::pieces::pieces;
use ftps::protocol::{Entry, ListingFormat, ListingItem, ListingParser, MAX_LISTING_LINE_BYTES};
use std::time::{Duration, SystemTime};

/// The formats, with the names that fixtures give them.
const FORMATS: [(&str, ListingFormat); 11] = [
    ("auto", ListingFormat::Auto),
    ("mlsx", ListingFormat::Mlsx),
    ("unix", ListingFormat::Unix),
    ("dos", ListingFormat::Dos),
    ("names", ListingFormat::Names),
    ("os400", ListingFormat::Os400),
    ("zos", ListingFormat::Zos),
    ("vms", ListingFormat::Vms),
    ("eplf", ListingFormat::Eplf),
    ("netware", ListingFormat::NetWare),
    ("macos-peter", ListingFormat::MacOsPeter),
];

/// How lines begin that describe no file.
const HEADINGS: [&str; 10] =
    ["total", "insgesamt", "gesamt", "totaal", "yhteens", "итого", "directory", "volume", "name", "jobname"];

/// A listing: the first byte says in which format, and what is expected where it is to be recognised; the others are its lines.
pub fn listing(input: &[u8]) {
    let Some((&format, bytes)) = input.split_first() else { return };
    let items = |pieces: &[&[u8]]| items(parser(format.into()), pieces);
    let whole = items(&[bytes]);
    // Where a line is too long, it depends on the pieces how much came before it.
    if is_within_limits(bytes) {
        assert_eq!(items(&pieces(bytes)), whole, "pieces differ from the whole");
        has_every_line(&whole, bytes);
    }
    for item in &whole {
        if let ListingItem::Entry(entry) = item {
            look_at(entry);
        }
    }
}

/// The listings of a file of fixtures as inputs for [`listing`], each in the format that the file names and to be recognised.
pub fn inputs(fixtures: &str) -> Vec<Vec<u8>> {
    let (head, listings) = fixtures.split_once("\n# ").unwrap_or_default();
    let formats = FORMATS.iter().position(|(name, _)| head.contains(&format!("@format {name}\n")));
    let raw = |listing: &str| -> String {
        let lines = listing.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with("=> "));
        lines.map(|line| format!("{line}\r\n")).collect()
    };
    let input = |format: usize, listing| [&[format as u8], raw(listing).as_bytes()].concat();
    let formats: Vec<usize> = formats.into_iter().chain([0]).collect();
    listings
        .split("\n# ")
        .flat_map(|listing| formats.iter().map(move |format| input(*format, listing)))
        .collect()
}

fn is_within_limits(bytes: &[u8]) -> bool {
    bytes.split_inclusive(|&byte| byte == b'\n').all(|line| line.len() <= MAX_LISTING_LINE_BYTES)
}

fn parser(choice: usize) -> ListingParser {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_000_000);
    let (_, format) = FORMATS[choice % FORMATS.len()];
    let (_, expected) = FORMATS[choice / FORMATS.len() % FORMATS.len()];
    ListingParser::new(format, now).expecting(expected)
}

fn items(mut parser: ListingParser, pieces: &[&[u8]]) -> Vec<ListingItem> {
    let mut items = Vec::new();
    for piece in pieces {
        if parser.push(piece).is_err() {
            return items;
        }
        items.extend(std::iter::from_fn(|| parser.next_item()));
    }
    if parser.finish().is_ok() {
        items.extend(std::iter::from_fn(|| parser.next_item()));
    }
    items
}

/// Every line comes out, once and in its place, as an entry or as one that was not understood.
fn has_every_line(items: &[ListingItem], bytes: &[u8]) {
    let mut found = items.iter().map(raw).flat_map(|raw| raw.split(|&byte| byte == b'\n')).peekable();
    for line in bytes.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if found.next_if_eq(&line).is_none() {
            assert!(may_be_heading(line), "a line is lost: {}", line.escape_ascii());
        }
    }
    assert_eq!(found.next(), None, "a line is invented");
}

fn may_be_heading(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line.trim_ascii()).to_lowercase();
    line.is_empty() || HEADINGS.iter().any(|heading| line.starts_with(heading))
}

/// The line that an item was made from, or the two of a wrapped entry.
fn raw(item: &ListingItem) -> &[u8] {
    match item {
        ListingItem::Entry(entry) => entry.raw(),
        ListingItem::Unparsed(line) => line,
    }
}

/// Whatever a client may ask of an entry; its words are parts of its line.
fn look_at(entry: &Entry) {
    let occurs = |part: &[u8]| entry.raw().windows(part.len().max(1)).any(|window| window == part);
    assert!(!entry.name_bytes().is_empty() && occurs(entry.name_bytes()));
    assert!(entry.link_target_bytes().is_none_or(|target| target.is_empty() || occurs(target)));
    if let Some(time) = entry.modified() {
        assert!(time.nanoseconds() < 1_000_000_000);
        let _ = time.to_system_time();
    }
    let _ = (entry.owner(), entry.group(), entry.permissions(), entry.unique(), entry.size());
    let debug = format!("{entry:?}");
    assert!(
        entry.facts().all(|(name, _)| !name.is_empty()) && !debug.contains(char::is_control),
        "{debug:?}"
    );
}
