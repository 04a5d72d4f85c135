//! z/OS (MVS): data sets, the members of a partitioned one, load modules, and the jobs of JES. Each of these listings begins with a heading
//! that names its columns. The Unix side of z/OS writes as Unix does.
//!
//! Sizes are in tracks or records, and the date of a data set is that of its last use; neither is told.

use super::{Entry, EntryKind, Known, Line, Words};
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
    let words = Words::of(line);
    let (name, modified) = match words.texts()[..] {
        [] => return Line::Heading,
        [name] => (name, None),
        [name, version, _created, changed, clock, ..] if version.contains('.') => {
            let (Some(date), Some(clock)) = (parse_date(changed), Clock::parse(clock)) else {
                return Line::NotUnderstood;
            };
            (name, Timestamp::local(date, Some(clock)))
        }
        _ => return Line::NotUnderstood,
    };
    if !is_member_name(name) {
        return Line::NotUnderstood;
    }
    let entry = Entry::new(line, words.ranges[0].clone(), EntryKind::File);
    entry
        .map(|mut entry| {
            entry.modified = modified;
            entry
        })
        .into()
}

/// `EAGRTPRC  005F48   000011 EAGRTALT 00 FO   RN RU   31    ANY`: name, size in hexadecimal bytes, attributes of the linker.
fn load_module(line: &[u8], _known: &mut Known) -> Line {
    let words = Words::of(line);
    let (name, size) = match words.texts()[..] {
        [] => return Line::Heading,
        [name] => (name, None),
        [name, size, _, ..] => match u64::from_str_radix(size, 16) {
            Ok(size) if size_is_plain(&words.texts()) => (name, Some(size)),
            _ => return Line::NotUnderstood,
        },
        _ => return Line::NotUnderstood,
    };
    if !is_member_name(name) {
        return Line::NotUnderstood;
    }
    let entry = Entry::new(line, words.ranges[0].clone(), EntryKind::File);
    entry
        .map(|mut entry| {
            entry.size = size;
            entry
        })
        .into()
}

/// `from_str_radix` takes a plus sign too.
fn size_is_plain(words: &[&str]) -> bool {
    words.get(1).is_some_and(|size| size.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `IBMUSER2 JOB01906 IBMUSER  OUTPUT A        RC=0000 3 spool files`; the name is the number of the job, which RETR takes.
fn job(line: &[u8], _known: &mut Known) -> Line {
    let words = Words::of(line);
    let has_owner = match words.texts()[..] {
        [] => return Line::Heading,
        [_, id, _, status, ..] if is_job(id) && is_status(status) => true,
        [_, id, status, ..] if is_job(id) && is_status(status) => false,
        _ => return Line::NotUnderstood,
    };
    let entry = Entry::new(line, words.ranges[1].clone(), EntryKind::File);
    entry
        .map(|mut entry| {
            entry.owner = has_owner.then(|| words.ranges[2].clone());
            entry
        })
        .into()
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
    let number = |text: &str| crate::protocol::decimal(text);
    is_padded
        .then(|| Some(CalendarDate { year: year.parse().ok()?, month: number(month)?, day: number(day)? }))?
}
