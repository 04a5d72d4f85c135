//! OpenVMS, as its servers imitate `DIRECTORY`: `NAME.TXT;1   9/9   2-JUN-1998 07:32:04  [GROUP,OWNER]  (RWED,RWED,RE,)`.
//!
//! Names that are too long for their column stand on a line of their own. The order of the columns differs, so they are told by their form.
//! Sizes are in blocks. The version belongs to the name of a file, since there may be several; directories are entered without it.

use super::dates::WrittenDate;
use super::{Entry, EntryKind, Known, Line, Words};
use std::ops::Range;

pub(super) fn parse_line(line: &[u8], known: &mut Known) -> Line {
    if is_heading(line) {
        return Line::Heading;
    }
    match parse_name(line) {
        Some(name) if line[name.end..].trim_ascii().is_empty() => Line::Begun,
        Some(name) => entry(line, name, known).into(),
        None => Line::NotUnderstood,
    }
}

/// `Directory USER1:[TEMP]`, `Total of 14 files, 123/456 blocks`.
fn is_heading(line: &[u8]) -> bool {
    let words = Words::of(line);
    let is_count = |word: &str| {
        let word = word.trim_end_matches(',');
        matches!(word, "of" | "files" | "file" | "blocks" | "block")
            || word.split('/').all(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match words.texts()[..] {
        [] => true,
        ["Directory", place] => place.ends_with(']') || place.ends_with(':'),
        [total, ref counts @ ..] => {
            total.eq_ignore_ascii_case("total")
                && counts.len() > 1
                && counts.iter().all(|word| is_count(word))
        }
    }
}

/// Name and version: up to the first semicolon that a number and a blank (or nothing) follow. It begins the line.
fn parse_name(line: &[u8]) -> Option<Range<usize>> {
    if line.starts_with(b" ") {
        return None;
    }
    let semicolons = line.iter().enumerate().filter(|(_, byte)| **byte == b';').map(|(index, _)| index);
    semicolons.filter(|&start| start > 0).find_map(|start| {
        let version = line[start + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = start + 1 + version;
        let ends = line.get(end).is_none_or(|byte| byte.is_ascii_whitespace());
        (version > 0 && ends).then_some(0..end)
    })
}

/// The columns after the name.
#[derive(Default)]
struct Columns {
    date: Option<WrittenDate>,
    has_size: bool,
    owner: Option<Range<usize>>,
    protection: Option<Range<usize>>,
}

fn entry(line: &[u8], name: Range<usize>, known: &Known) -> Option<Entry> {
    let columns = Columns::parse(line, name.end)?;
    let (name, kind) = match directory_name(&line[name.clone()]) {
        Some(length) => (0..length, EntryKind::Directory),
        None => (name, EntryKind::File),
    };
    let mut entry = Entry::new(line, name, kind)?;
    entry.modified = Some(columns.date?.resolve(known)?);
    entry.permissions = columns.protection;
    (entry.owner, entry.group) = match columns.owner {
        Some(owner) => owner_and_group(line, owner),
        None => (None, None),
    };
    Some(entry)
}

impl Columns {
    /// `None` where something stands that is none of them.
    fn parse(line: &[u8], start: usize) -> Option<Columns> {
        let words = Words::of(&line[start..]);
        let texts = words.texts();
        let mut columns = Columns::default();
        let mut index = 0;
        while let Some(&word) = texts.get(index) {
            let range = &words.ranges[index];
            index += columns.take(&texts[index..], word, &(start + range.start..start + range.end))?;
        }
        Some(columns)
    }

    /// How many words the column takes.
    fn take(&mut self, words: &[&str], word: &str, range: &Range<usize>) -> Option<usize> {
        if word.starts_with('(') && self.protection.is_none() {
            self.protection = Some(range.start + 1..range.end - usize::from(word.ends_with(')')));
            return word.ends_with(')').then_some(1);
        }
        if word.starts_with('[') && self.owner.is_none() {
            // Where it is too long, the closing bracket is missing.
            self.owner = Some(range.start + 1..range.end - usize::from(word.ends_with(']')));
            return Some(1);
        }
        if !self.has_size && is_size(word) {
            self.has_size = true;
            return Some(1);
        }
        if self.date.is_none() && word.contains('-') {
            let date = WrittenDate::parse(words)?;
            self.date = Some(date);
            return Some(date.word_count);
        }
        // Another name is the beginning of another entry.
        if self.owner.is_none() && !word.contains(';') {
            self.owner = Some(range.clone());
            return Some(1);
        }
        None
    }
}

/// `9`, `9/12` (used and allocated), `2KB`.
fn is_size(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match word.split_once('/') {
        Some((used, allocated)) => is_number(used) && is_number(allocated),
        None => is_number(word.trim_end_matches(['K', 'M', 'G', 'B'])),
    }
}

/// How much of `NAME.DIR;1` is the name of the directory.
fn directory_name(name: &[u8]) -> Option<usize> {
    let version = name.iter().rposition(|&byte| byte == b';')?;
    let length = version.checked_sub(b".DIR".len())?;
    (length > 0 && name[length..version].eq_ignore_ascii_case(b".DIR")).then_some(length)
}

/// `GROUP,OWNER`, or an owner alone.
fn owner_and_group(line: &[u8], owner: Range<usize>) -> (Option<Range<usize>>, Option<Range<usize>>) {
    match line[owner.clone()].iter().position(|&byte| byte == b',') {
        Some(offset) => {
            let comma = owner.start + offset;
            (Some(comma + 1..owner.end), Some(owner.start..comma))
        }
        None => (Some(owner), None),
    }
}
