//! z/OS (MVS): data sets, the members of a partitioned one, load modules, and the jobs of JES. Each of these listings begins with a heading
//! that names its columns. The Unix side of z/OS writes as Unix does.
//!
//! Sizes are in tracks or records, and the date of a data set is that of its last use; neither is told.

use super::{text, Entry, EntryKind, Known, Line, Words};
use crate::protocol::decimal;
use crate::protocol::time::{CalendarDate, Clock, Timestamp};

/// A line of a listing that is known to come from z/OS: a heading, or the line of a data set.
pub(super) fn parse_line(line: &[u8], known: &mut Known) -> Line {
    match heading(line) {
        Line::NotUnderstood => data_set(line, known),
        heading => heading,
    }
}

/// A line of any listing: a heading, or a data set whose columns are all there.
pub(super) fn recognise_line(line: &[u8], _known: &mut Known) -> Line {
    match heading(line) {
        Line::NotUnderstood => described_data_set(line).into(),
        heading => heading,
    }
}

fn heading(line: &[u8]) -> Line {
    let words = Words::of(line);
    let words = words.texts();
    match words[..] {
        [] => Line::Heading,
        ["Volume", .., "Dsorg", "Dsname"] => Line::HeadingOf(data_set),
        ["Name", "VV.MM", "Created", ..] => Line::HeadingOf(member),
        ["Name", "Size", "TTR", ..] => Line::HeadingOf(load_module),
        ["JOBNAME", "JOBID", ..] => Line::HeadingOf(job),
        _ => Line::NotUnderstood,
    }
}

/// `SAVE00 3390   2004/06/23  1    1  FB     128  6144  PS    NAME`; what is not on a disk, not mounted or not to be read has fewer columns.
fn data_set(line: &[u8], _known: &mut Known) -> Line {
    let words = Words::of(line);
    let kind = match words.texts()[..] {
        [] => return Line::Heading,
        // In place of all columns, or after volume and unit.
        ["Migrated" | "MIGRAT", _] => EntryKind::Unknown,
        ["Pseudo", "Directory", _] => EntryKind::Directory,
        [_, "Not", "Direct", "Access", "Device", _] | [_, "Tape", _] => EntryKind::File,
        [_, "Not", "Mounted", _] | ["Error", "determining", "attributes", _] => EntryKind::Unknown,
        [_, _, "Error", "determining", "attributes", _] => EntryKind::Unknown,
        [_, _, "VSAM" | "HFS" | "ZFS" | "GDG" | "ALIAS" | "PATH", _]
        | ["GDG" | "VSAM" | "ALIAS" | "PATH", _] => EntryKind::Other,
        _ => return described_data_set(line).into(),
    };
    last_word(line, &words, kind).into()
}

/// A data set with its organisation: `PO` is a directory of members.
fn described_data_set(line: &[u8]) -> Option<Entry> {
    let words = Words::of(line);
    let texts = words.texts();
    let [volume, .., organisation, _] = texts[..] else { return None };
    let has_date = texts.iter().skip(1).take(2).any(|word| *word == "**NONE**" || parse_date(word).is_some());
    if !(6..=11).contains(&texts.len()) || volume.len() > 6 || !has_date {
        return None;
    }
    let kind = match organisation {
        "PO" | "PO-E" | "POE" => EntryKind::Directory,
        "PS" | "PS-E" | "PS-L" | "PSU" | "DA" | "DAU" | "POU" => EntryKind::File,
        "VS" | "VSAM" | "IS" => EntryKind::Other,
        _ => return None,
    };
    last_word(line, &words, kind)
}

fn last_word(line: &[u8], words: &Words<'_>, kind: EntryKind) -> Option<Entry> {
    Entry::new(line, words.ranges.last()?.clone(), kind)
}

/// `NAME     01.03 2002/09/12 2002/10/11 09:37    11    11     0 USER`, or the name alone where the editor kept no statistics.
fn member(line: &[u8], _known: &mut Known) -> Line {
    whole_line(line, |words| {
        let modified = match words.texts()[..] {
            [_name] => None,
            [_name, version, _created, changed, clock, ..] if version.contains('.') => {
                Timestamp::local(parse_date(changed)?, Some(Clock::parse(clock)?))
            }
            _ => return None,
        };
        let mut entry = member_named(line, words)?;
        entry.modified = modified;
        Some(entry)
    })
}

/// `EAGRTPRC  005F48   000011 EAGRTALT 00 FO   RN RU   31    ANY`: name, size in hexadecimal bytes, attributes of the linker.
fn load_module(line: &[u8], _known: &mut Known) -> Line {
    whole_line(line, |words| {
        let size = match words.texts()[..] {
            [_name] => None,
            [_name, size, _, ..] => Some(hexadecimal(size)?),
            _ => return None,
        };
        let mut entry = member_named(line, words)?;
        entry.size = size;
        Some(entry)
    })
}

/// `IBMUSER2 JOB01906 IBMUSER  OUTPUT A        RC=0000 3 spool files`; the name is the number of the job, which RETR takes.
fn job(line: &[u8], _known: &mut Known) -> Line {
    whole_line(line, |words| {
        let has_owner = match words.texts()[..] {
            [_, id, _, status, ..] if is_job(id) && is_status(status) => true,
            [_, id, status, ..] if is_job(id) && is_status(status) => false,
            _ => return None,
        };
        let mut entry = Entry::new(line, words.ranges[1].clone(), EntryKind::File)?;
        entry.owner = has_owner.then(|| words.ranges[2].clone());
        Some(entry)
    })
}

/// A heading if it is blank; else what `entry` makes of its words, of which there is at least one.
fn whole_line(line: &[u8], entry: impl FnOnce(&Words<'_>) -> Option<Entry>) -> Line {
    let words = Words::of(line);
    match words.ranges.is_empty() {
        true => Line::Heading,
        false => entry(&words).into(),
    }
}

/// A member, whose name is the first word.
fn member_named(line: &[u8], words: &Words<'_>) -> Option<Entry> {
    let name = words.ranges.first()?.clone();
    is_member_name(&text(line, &name)).then(|| Entry::new(line, name, EntryKind::File))?
}

/// `from_str_radix` takes a plus sign too.
fn hexadecimal(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok())?
}

fn is_job(id: &str) -> bool {
    let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
    (1..=3).contains(&letters)
        && id.len() > letters
        && id[letters..].bytes().all(|byte| byte.is_ascii_digit())
}

fn is_status(word: &str) -> bool {
    matches!(word, "INPUT" | "ACTIVE" | "OUTPUT" | "HELD" | "CYCLE")
}

fn is_member_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"$#@{-".contains(&byte);
    (1..=8).contains(&name.chars().count()) && name.bytes().all(|byte| is_letter(byte) || !byte.is_ascii())
}

/// `2004/06/23`.
fn parse_date(word: &str) -> Option<CalendarDate> {
    let mut fields = word.split('/');
    let (year, month, day) = (fields.next()?, fields.next()?, fields.next()?);
    let is_padded = year.len() == 4 && month.len() == 2 && day.len() == 2 && fields.next().is_none();
    is_padded
        .then(|| Some(CalendarDate { year: decimal(year)?, month: decimal(month)?, day: decimal(day)? }))?
}
