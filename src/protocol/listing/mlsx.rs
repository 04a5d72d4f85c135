//! MLSD and MLST (RFC 3659 section 7): `type=file;size=12;modify=20200103123400; name`.

use super::{text, Entry, EntryKind, Known, Line};
use crate::protocol::time::Timestamp;
use crate::protocol::{decimal, Reply};
use crate::Result;
use std::ops::Range;

/// Facts of RFC 3659 section 7.5 of which every real server sends at least one.
const COMMON_FACTS: [&str; 5] = ["type", "modify", "size", "unique", "perm"];

/// What a type of RFC 3659 section 7.5.1.5 begins with when it is a symbolic link: servers disagree on the
/// word.
const LINK_TYPES: [&str; 2] = ["OS.unix=slink", "OS.unix=symlink"];

/// The entry in the reply to `MLST`.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 250 or no line of it is an
/// entry.
pub fn parse_mlst(reply: &Reply) -> Result<Entry> {
    reply.expect_code(250, "MLST")?;
    reply
        .lines()
        // The space before the facts is not part of them (section 7.2), and some servers leave it out.
        .map(|line| line.strip_prefix(b" ").unwrap_or(line))
        .find_map(recognised_entry)
        .ok_or_else(|| reply.unusable("the reply to MLST describes no file"))
}

/// A line of a listing that is known to be MLSD.
pub(super) fn parse_line(line: &[u8], _known: &mut Known) -> Line {
    entry(line).into()
}

/// A line of any listing: MLSD only if it has a common fact, or any line with `=` might be one.
pub(super) fn recognise_line(line: &[u8], _known: &mut Known) -> Line {
    recognised_entry(line).into()
}

fn recognised_entry(line: &[u8]) -> Option<Entry> {
    entry(line).filter(|entry| COMMON_FACTS.iter().any(|name| entry.fact(name).is_some()))
}

/// One `name=value` of the facts.
pub(super) struct Fact<'a> {
    pub(super) name: &'a [u8],
    /// Where the value stands in the line.
    pub(super) value: Range<usize>,
}

/// The facts that stand at `range` of `line`, or an error for each that is none.
pub(super) fn split_facts(
    line: &[u8],
    range: Range<usize>,
) -> impl Iterator<Item = std::result::Result<Fact<'_>, NotAFact>> {
    let mut start = range.start;
    let facts = line.get(range).unwrap_or_default();
    facts.split_inclusive(|&byte| byte == b';').map(move |piece| {
        let fact_start = start;
        start += piece.len();
        let fact = piece.strip_suffix(b";").unwrap_or(piece);
        match fact.iter().position(|&byte| byte == b'=') {
            None | Some(0) => Err(NotAFact),
            Some(equals) => {
                Ok(Fact { name: &fact[..equals], value: fact_start + equals + 1..fact_start + fact.len() })
            }
        }
    })
}

/// Something between semicolons that is not `name=value`.
pub(super) struct NotAFact;

fn entry(line: &[u8]) -> Option<Entry> {
    let facts = 0..facts_length(line)?;
    let name = facts.end + 1..line.len();
    let described = Described::from_facts(line, facts.clone())?;
    let mut entry = Entry::new(line, name, described.kind)?;
    entry.facts = facts;
    entry.link_target = described.link_target;
    entry.size = described.size.or(described.directory_size);
    entry.modified = described.modified;
    entry.owner = described.owner.best();
    entry.group = described.group.best();
    entry.permissions = described.mode;
    entry.unique = described.unique;
    Some(entry)
}

/// Up to which byte the facts reach; a space is there.
fn facts_length(line: &[u8]) -> Option<usize> {
    let space = line.iter().position(|&byte| byte == b' ')?;
    if !is_cut_link(&line[..space]) {
        return Some(space);
    }
    let end = line[space..].windows(2).position(|pair| pair == b"; ");
    Some(end.map_or(space, |offset| space + offset + 1))
}

/// Whether the last fact names the target of a link and does not end. Values have no spaces (section 7.2),
/// but such a target may; the facts then end at a later semicolon.
fn is_cut_link(facts: &[u8]) -> bool {
    let last = facts.rsplit(|&byte| byte == b';').next().unwrap_or_default();
    match last.split_at_checked(b"type=".len()) {
        Some((name, value)) => {
            name.eq_ignore_ascii_case(b"type=") && link_target(value).is_some_and(|t| !t.is_empty())
        }
        None => false,
    }
}

/// What follows the colon when `value` is the type of a link; empty where the server does not tell the
/// target.
fn link_target(value: &[u8]) -> Option<&[u8]> {
    LINK_TYPES.iter().find_map(|link| {
        let (start, rest) = value.split_at_checked(link.len())?;
        match rest {
            _ if !start.eq_ignore_ascii_case(link.as_bytes()) => None,
            [] => Some(rest),
            [b':', target @ ..] => Some(target),
            _ => None,
        }
    })
}

/// What the facts say.
struct Described {
    kind: EntryKind,
    link_target: Option<Range<usize>>,
    size: Option<u64>,
    /// Pure-FTPd calls the size of a directory `sizd`.
    directory_size: Option<u64>,
    modified: Option<Timestamp>,
    owner: Named,
    group: Named,
    mode: Option<Range<usize>>,
    unique: Option<Range<usize>>,
}

impl Described {
    /// `None` when a fact is malformed: what it should say is then not known, and the caller sees the line.
    fn from_facts(line: &[u8], facts: Range<usize>) -> Option<Described> {
        let mut described = Described {
            kind: EntryKind::Unknown,
            link_target: None,
            size: None,
            directory_size: None,
            modified: None,
            owner: Named::default(),
            group: Named::default(),
            mode: None,
            unique: None,
        };
        for fact in split_facts(line, facts) {
            let fact = fact.ok()?;
            if !fact.value.is_empty() {
                described.take(line, fact)?;
            }
        }
        Some(described)
    }

    fn take(&mut self, line: &[u8], fact: Fact<'_>) -> Option<()> {
        let value = fact.value;
        match fact.name.to_ascii_lowercase().as_slice() {
            b"type" => (self.kind, self.link_target) = kind_and_target(line, value),
            b"size" => self.size = Some(decimal(&text(line, &value))?),
            b"sizd" => self.directory_size = Some(decimal(&text(line, &value))?),
            b"modify" => self.modified = Some(Timestamp::from_time_val(&text(line, &value))?),
            b"unix.ownername" => self.owner.name = Some(value),
            b"unix.owner" => self.owner.either = Some(value),
            b"unix.uid" => self.owner.number = Some(value),
            b"unix.groupname" => self.group.name = Some(value),
            b"unix.group" => self.group.either = Some(value),
            b"unix.gid" => self.group.number = Some(value),
            b"unix.mode" => self.mode = Some(value),
            b"unique" => self.unique = Some(value),
            _ => {}
        }
        Some(())
    }
}

/// An owner or group: servers send the name, the number, or one of them under a common fact.
#[derive(Default)]
struct Named {
    name: Option<Range<usize>>,
    either: Option<Range<usize>>,
    number: Option<Range<usize>>,
}

impl Named {
    fn best(self) -> Option<Range<usize>> {
        self.name.or(self.either).or(self.number)
    }
}

fn kind_and_target(line: &[u8], value: Range<usize>) -> (EntryKind, Option<Range<usize>>) {
    let written = &line[value.clone()];
    if let Some(target) = link_target(written) {
        let target = (!target.is_empty()).then_some(value.end - target.len()..value.end);
        return (EntryKind::Symlink, target);
    }
    let kind = match written.to_ascii_lowercase().as_slice() {
        b"file" => EntryKind::File,
        b"dir" => EntryKind::Directory,
        b"cdir" => EntryKind::CurrentDirectory,
        b"pdir" => EntryKind::ParentDirectory,
        _ => EntryKind::Other,
    };
    (kind, None)
}
