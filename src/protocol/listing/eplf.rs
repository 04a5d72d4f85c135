//! EPLF, the easily parsed list format of publicfile and anonftpd: `+i8388621.48594,m825718503,r,s280,up755<TAB>name`.

use super::{text, Entry, EntryKind, Known, Line};
use crate::protocol::decimal;
use crate::protocol::time::Timestamp;
use std::ops::Range;

pub(super) fn parse_line(line: &[u8], _known: &mut Known) -> Line {
    match line.trim_ascii() {
        b"" => Line::Heading,
        _ => entry(line).into(),
    }
}

fn entry(line: &[u8]) -> Option<Entry> {
    let facts = line.strip_prefix(b"+")?;
    let tab = 1 + facts.iter().position(|&byte| byte == b'\t')?;
    let facts = facts_between(line, 1..tab);
    let has = |wanted: &[u8]| facts.iter().any(|fact| &line[fact.clone()] == wanted);
    let kind = match (has(b"/"), has(b"r")) {
        (true, _) => EntryKind::Directory,
        (false, true) => EntryKind::File,
        (false, false) => EntryKind::Unknown,
    };
    let mut entry = Entry::new(line, tab + 1..line.len(), kind)?;
    for fact in facts {
        let value = fact.start + 1..fact.end;
        match &line[fact] {
            [b's', ..] => entry.size = Some(decimal(&text(line, &value))?),
            [b'm', ..] => entry.modified = Some(Timestamp::from_unix_seconds(decimal(&text(line, &value))?)),
            [b'i', ..] => entry.unique = Some(value),
            [b'u', b'p', ..] => entry.permissions = Some(value.start + 1..value.end),
            _ => {}
        }
    }
    Some(entry)
}

/// Each fact ends in a comma; some servers leave the last one out.
fn facts_between(line: &[u8], range: Range<usize>) -> Vec<Range<usize>> {
    let mut start = range.start;
    let facts = line[range].split(|&byte| byte == b',').map(|fact| {
        let range = start..start + fact.len();
        start = range.end + 1;
        range
    });
    facts.filter(|range| !range.is_empty()).collect()
}
