//! IBM i, formerly OS/400: `QSYS   77824 02/23/00 15:09:55 *DIR       name/`. (With `SITE LISTFMT 1` it writes as Unix does.)

use super::dates::resolve_numbers;
use super::{after_column, Entry, EntryKind, Known, Line, Words};
use crate::protocol::decimal;
use crate::protocol::time::{Clock, Timestamp};

/// The column of types and the blank after it.
const TYPE_WIDTH: usize = 11;

pub(super) fn parse_line(line: &[u8], known: &mut Known) -> Line {
    match line.trim_ascii() {
        b"" => Line::Heading,
        _ => entry(line, known).into(),
    }
}

fn entry(line: &[u8], known: &mut Known) -> Option<Entry> {
    let words = Words::of(line);
    let texts = words.texts();
    let (type_index, size, modified) = match texts[..] {
        // A member of a file.
        [_, kind, ..] if kind.starts_with('*') => (1, None, None),
        [_, size, date, clock, kind, ..] if kind.starts_with('*') => {
            (4, Some(decimal(size)?), parse_time(date, clock, known)?)
        }
        _ => return None,
    };
    let kind_range = &words.ranges[type_index];
    let name_start = after_column(line, kind_range.end, TYPE_WIDTH.saturating_sub(kind_range.len()).max(1));
    let name = line.get(name_start..)?;
    let is_directory = name.ends_with(b"/");
    let kind = match texts[type_index] {
        _ if is_directory => EntryKind::Directory,
        "*DIR" | "*DDIR" | "*LIB" | "*FLR" => EntryKind::Directory,
        "*STMF" | "*DSTMF" | "*FILE" | "*MEM" | "*DOC" | "*SAVF" | "*USRSPC" => EntryKind::File,
        "*SYMLNK" => EntryKind::Symlink,
        _ => EntryKind::Other,
    };
    let mut entry = Entry::new(line, name_start..line.len() - usize::from(is_directory), kind)?;
    entry.size = size;
    entry.modified = modified;
    entry.owner = Some(words.ranges[0].clone());
    Some(entry)
}

/// Date and clock in the form of the job's locale: `02/23/00`, `23.02.00`, `00-02-23`; `15:09:55`, `15.09.55`. The inner `None` when
/// the order of the date is not known.
fn parse_time(date: &str, clock: &str, known: &mut Known) -> Option<Option<Timestamp>> {
    let clock = Clock::parse(&clock.replace(['.', ','], ":"))?;
    resolve_numbers(date, clock, known)
}
