//! The output of `ls -l`, which most servers imitate: `-rw-r--r--   1 owner group   1234 Jan  3 12:34 name`.
//!
//! Between mode and size anything may be missing or more: links, owner, group, blanks in them. So the line
//! is read from the first date that has a size before it, and the fields to the left are taken as they fit.

use super::dates::WrittenDate;
use super::{Entry, EntryKind, Known, Line, Words};
use crate::protocol::decimal;
use std::ops::Range;

pub(super) fn parse_line(line: &[u8], known: &mut Known) -> Line {
    if is_heading(line) {
        return Line::Heading;
    }
    entry(line, known).into()
}

/// `total 12`, with `-h` also `total 1.2M`, in some other languages too; or nothing but blanks.
pub(super) fn is_heading(line: &[u8]) -> bool {
    const TOTALS: [&str; 8] =
        ["total", "insgesamt", "gesamt", "totale", "totaal", "totalt", "yhteensä", "итого"];
    let words = Words::of(line);
    match words.texts()[..] {
        [] => true,
        [total, blocks] => {
            TOTALS.contains(&total.to_lowercase().as_str())
                && blocks.starts_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    }
}

pub(super) fn entry(line: &[u8], known: &Known) -> Option<Entry> {
    let words = Words::of(line);
    let (ranges, words) = (&words.ranges, words.texts());
    let kind = kind_of_mode(words.first()?)?;
    let (date_index, date) = find_date(&words)?;
    let size = Size::before(&words[1..date_index])?;
    let last_date_word = &ranges[date_index + date.word_count - 1];

    // One blank parts date and name; more of them belong to the name, unless they fill the column of clocks.
    let padding = match date.word_count {
        1 => line[last_date_word.end..].iter().take_while(|&&byte| byte == b' ').count(),
        _ => 1,
    };
    let rest = last_date_word.end + padding..line.len();
    let (name, link_target) = match kind {
        EntryKind::Symlink => name_and_target(line, rest),
        _ => (rest, None),
    };
    let mut entry = Entry::new(line, name, kind)?;
    entry.link_target = link_target;
    entry.size = size.bytes;
    entry.modified = Some(date.resolve(known)?);
    let mode = &ranges[0];
    entry.permissions = Some(mode.start + 1..mode.start + 10);
    (entry.owner, entry.group) = owner_and_group(&words, ranges, date_index - size.word_count);
    Some(entry)
}

/// The kind that the first letter of a mode like `drwxr-xr-x` tells; the mark of an ACL or another
/// attribute may follow.
fn kind_of_mode(mode: &str) -> Option<EntryKind> {
    let (&kind, rest) = mode.as_bytes().split_first()?;
    let (permissions, mark) = rest.split_at_checked(9)?;
    let are_permissions = permissions.iter().all(|letter| b"rwxsStTlL-".contains(letter));
    if !are_permissions || !matches!(mark, b"" | b"+" | b"." | b"@") {
        return None;
    }
    match kind {
        b'-' => Some(EntryKind::File),
        b'd' => Some(EntryKind::Directory),
        b'l' => Some(EntryKind::Symlink),
        // Devices, pipes, sockets, and what Solaris (D, P), macOS (w) and others add.
        b'b' | b'c' | b'p' | b's' | b'D' | b'P' | b'w' | b'C' | b'm' | b'n' => Some(EntryKind::Other),
        _ => None,
    }
}

/// The size column, which for devices holds two numbers instead: `8, 1`.
struct Size {
    bytes: Option<u64>,
    word_count: usize,
}

impl Size {
    /// The size at the end of `words`.
    fn before(words: &[&str]) -> Option<Size> {
        let (last, before) = words.split_last()?;
        if is_rounded(last) {
            return Some(Size { bytes: None, word_count: 1 });
        }
        if let Some((major, minor)) = last.split_once(',') {
            let is_device = decimal::<u64>(major).is_some() && decimal::<u64>(minor).is_some();
            return is_device.then_some(Size { bytes: None, word_count: 1 });
        }
        let number = decimal(last)?;
        let major = before.last().and_then(|word| decimal::<u64>(word.strip_suffix(',')?));
        match major {
            Some(_) => Some(Size { bytes: None, word_count: 2 }),
            None => Some(Size { bytes: Some(number), word_count: 1 }),
        }
    }
}

/// `1.2K`, as `ls -h` writes sizes: not exact, so not told.
fn is_rounded(word: &str) -> bool {
    let number = word.trim_end_matches(|c: char| "kKMGTPB".contains(c));
    let digits = number.replacen(['.', ','], "", 1);
    number.len() < word.len()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && number.starts_with(|c: char| c.is_ascii_digit())
}

/// The first date that has a size before it, and the index of its first word.
fn find_date(words: &[&str]) -> Option<(usize, WrittenDate)> {
    let date_at = |index: usize, parse: fn(&[&str]) -> Option<WrittenDate>| {
        Size::before(words.get(1..index)?)?;
        Some((index, parse(&words[index..])?))
    };
    // Size and date right after the mode come last: with a user `jan`, `1 jan 12 2020` looks like them.
    (3..words.len())
        .find_map(|index| date_at(index, WrittenDate::parse))
        .or_else(|| date_at(2, WrittenDate::parse))
        .or_else(|| (3..words.len()).find_map(|index| date_at(index, WrittenDate::parse_two_numbers)))
}

/// The name of a link, and what follows ` -> `.
fn name_and_target(line: &[u8], rest: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
    const ARROW: &[u8] = b" -> ";
    let written = line.get(rest.clone()).unwrap_or_default();
    match written.windows(ARROW.len()).position(|window| window == ARROW) {
        Some(offset) => {
            let arrow = rest.start + offset;
            (rest.start..arrow, Some(arrow + ARROW.len()..rest.end))
        }
        None => (rest, None),
    }
}

/// Owner and group out of the words between mode and size (its index is `end`). The number of links comes
/// first where there is one. With more than two words left, names have blanks in them; groups do more often
/// (`Domain Users`).
fn owner_and_group(
    words: &[&str],
    ranges: &[Range<usize>],
    end: usize,
) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let has_links = end > 1 && decimal::<u64>(words[1]).is_some();
    let names = &ranges[if has_links { 2 } else { 1 }..end];
    match names {
        [] => (None, None),
        [owner] => (Some(owner.clone()), None),
        [owner, first, ..] => (Some(owner.clone()), Some(first.start..ranges[end - 1].end)),
    }
}
