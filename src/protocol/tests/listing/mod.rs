mod dos;
mod fixtures;
mod mlsx;
mod parser;
mod unix;

use crate::protocol::{Entry, ListingFormat, ListingItem, ListingParser};
use std::time::{Duration, SystemTime};

/// 2024-05-10 12:00:00 UTC: the time at which the tests' listings arrive.
const NOW: i64 = 1_715_342_400;

fn at(unix_seconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds.unsigned_abs())
}

fn parser(format: ListingFormat) -> ListingParser {
    ListingParser::new(format, at(NOW))
}

/// All items of a listing that arrives whole.
fn items(format: ListingFormat, bytes: impl AsRef<[u8]>) -> Vec<ListingItem> {
    items_of_pieces(format, [bytes.as_ref()])
}

fn items_of_pieces<'a>(
    format: ListingFormat,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<ListingItem> {
    items_of(parser(format), pieces)
}

fn items_of<'a>(mut parser: ListingParser, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<ListingItem> {
    let mut items = Vec::new();
    for piece in pieces {
        parser.push(piece).unwrap();
        items.extend(std::iter::from_fn(|| parser.next_item()));
    }
    parser.finish().unwrap();
    items.extend(std::iter::from_fn(|| parser.next_item()));
    items
}

/// The entry that `line` is.
fn entry(format: ListingFormat, line: impl AsRef<[u8]>) -> Entry {
    let line = line.as_ref();
    match items(format, line).as_slice() {
        [ListingItem::Entry(entry)] => entry.clone(),
        other => panic!("{} is {other:?}", line.escape_ascii()),
    }
}

fn assert_unparsed(format: ListingFormat, line: impl AsRef<[u8]>) {
    let line = line.as_ref();
    assert_eq!(items(format, line), [ListingItem::Unparsed(line.to_vec())], "{}", line.escape_ascii());
}
