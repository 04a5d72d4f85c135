//! What a long listing costs to read.

use crate::table::{target, Table};
use crate::Outcome;
use ftps::protocol::listing::{ListingFormat, ListingItem, ListingParser};
use std::time::{Instant, SystemTime};

const ENTRIES: usize = 100_000;
const REPETITIONS: usize = 5;

/// What arrives at a time.
const PIECE: usize = 16 * 1024;

type Line = fn(usize) -> String;

const DIALECTS: [(&str, ListingFormat, Line); 3] = [
    ("MLSD", ListingFormat::Mlsx, |number| {
        format!("type=file;size={number};modify=20260102030405;perm=adfrw;UNIX.mode=0644;unique=801U{number:x}; file-{number}\r\n")
    }),
    ("LIST, Unix", ListingFormat::Auto, |number| {
        format!("-rw-r--r--   1 owner    group    {number:>10} Jan  2 03:04 file-{number}\r\n")
    }),
    ("LIST, DOS", ListingFormat::Auto, |number| format!("01-02-26  03:04AM  {number:>20} file-{number}\r\n")),
];

pub fn run() -> Outcome<()> {
    let mut table = Table::new(&["", "milliseconds", "target"]);
    for (name, format, line) in DIALECTS {
        let listing: String = (0..ENTRIES).map(line).collect();
        let times = (0..REPETITIONS).map(|_| milliseconds(format, listing.as_bytes()));
        let mut times = times.collect::<Outcome<Vec<f64>>>()?;
        times.sort_by(f64::total_cmp);
        let median = times[REPETITIONS / 2];
        table.row([name.to_owned(), format!("{median:.0}"), target("below 500", median < 500.0)]);
    }
    table.print(&format!(
        "A listing of {ENTRIES} entries, in pieces of {PIECE} bytes and one entry held at a time: the median of {REPETITIONS}."
    ));
    Ok(())
}

fn milliseconds(format: ListingFormat, listing: &[u8]) -> Outcome<f64> {
    let start = Instant::now();
    let mut parser = ListingParser::new(format, SystemTime::now());
    let mut entries = 0;
    for piece in listing.chunks(PIECE) {
        parser.push(piece)?;
        while let Some(item) = parser.next_item() {
            entries += usize::from(matches!(item, ListingItem::Entry(_)));
        }
    }
    parser.finish()?;
    match entries {
        ENTRIES => Ok(start.elapsed().as_secs_f64() * 1000.0),
        _ => Err(format!("{entries} entries of {ENTRIES} were understood").into()),
    }
}
