//! Peter Lewis' FTPd and NetPresenz on the classic Mac OS: `ls -l`, but a file has the lengths of its resource fork, its data fork
//! and both together in place of links, owner and size, and a directory has the word `folder`.

use super::{unix, Entry, Known, Line, Words};
use crate::protocol::decimal;

/// A line of a listing that is known to be of this dialect.
pub(super) fn parse_line(line: &[u8], known: &mut Known) -> Line {
    if unix::is_heading(line) {
        return Line::Heading;
    }
    match unix::entry(line, known) {
        Some(entry) if has_marks(line) => Line::Entry(without_owner(entry)),
        other => other.into(),
    }
}

/// A line of any listing: only what other servers would not write.
pub(super) fn recognise_line(line: &[u8], known: &mut Known) -> Line {
    match unix::entry(line, known) {
        Some(entry) if has_marks(line) => Line::Entry(without_owner(entry)),
        _ => Line::NotUnderstood,
    }
}

fn has_marks(line: &[u8]) -> bool {
    let words = Words::of(line);
    match words.texts()[..] {
        [mode, "folder", count, ..] => mode.starts_with('d') && decimal::<u64>(count).is_some(),
        [mode, resource, data, both, ..] if mode.starts_with('-') => {
            let number = |word: &str| decimal::<u64>(word);
            let sum =
                number(resource).zip(number(data)).and_then(|(resource, data)| resource.checked_add(data));
            sum.is_some() && sum == number(both)
        }
        _ => false,
    }
}

fn without_owner(mut entry: Entry) -> Entry {
    (entry.owner, entry.group) = (None, None);
    entry
}
