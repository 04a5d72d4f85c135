//! Novell NetWare: `d [RWCEAFMS] owner   512 Jan 16 18:53 name`.

use super::dates::WrittenDate;
use super::{unix, Entry, EntryKind, Known, Line, Words};
use crate::protocol::decimal;

/// The rights that may stand between the brackets.
const RIGHTS: &[u8] = b"SRWCEMFAGVU-";

pub(super) fn parse_line(line: &[u8], known: &mut Known) -> Line {
    if unix::is_heading(line) {
        return Line::Heading;
    }
    entry(line, known).into()
}

fn entry(line: &[u8], known: &Known) -> Option<Entry> {
    let kind = match line.first()? {
        b'd' => EntryKind::Directory,
        b'-' => EntryKind::File,
        _ => return None,
    };
    // `d [` or `d[`.
    let bracket = 1 + usize::from(line.get(1) == Some(&b' '));
    let rights_start = bracket + 1;
    let length = line.get(rights_start..)?.iter().position(|&byte| byte == b']')?;
    let rights = rights_start..rights_start + length;
    let are_rights = length > 0 && line[rights.clone()].iter().all(|byte| RIGHTS.contains(byte));
    if line[bracket] != b'[' || !are_rights {
        return None;
    }
    let rest = rights.end + 1;
    let words = Words::of(&line[rest..]);
    let texts = words.texts();
    let [_owner, size, date_words @ ..] = &texts[..] else { return None };
    let date = WrittenDate::parse(date_words)?;
    let date_end = rest + words.ranges[1 + date.word_count].end;
    let blanks = line[date_end..].iter().take_while(|&&byte| byte == b' ').count();

    let mut entry = Entry::new(line, date_end + blanks..line.len(), kind)?;
    entry.size = Some(decimal(size)?);
    entry.modified = Some(date.resolve(known)?);
    entry.owner = Some(rest + words.ranges[0].start..rest + words.ranges[0].end);
    entry.permissions = Some(rights);
    Some(entry)
}
