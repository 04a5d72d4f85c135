//! One entry of a listing.

use super::mlsx;
use crate::protocol::printable::printable;
use crate::protocol::time::Timestamp;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// An ordinary file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, to whatever.
    Symlink,
    /// The directory that was listed: `cdir` of MLSx, or `.`.
    CurrentDirectory,
    /// A directory above it: `pdir` of MLSx, or `..`.
    ParentDirectory,
    /// Something else: a device, a socket, a pipe, another `OS.` type of MLSx.
    Other,
    /// The listing does not tell: NLST, or MLSx without the fact `type`.
    Unknown,
}

/// One file, directory or link of a listing, as the server described it.
///
/// Names and other words are the server's bytes and not to be trusted: a name may hold `/`, `\`, `..` or
/// control characters. Methods that return text replace what is not UTF-8 by U+FFFD.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    raw: Box<[u8]>,
    name: Range<usize>,
    kind: EntryKind,
    pub(super) link_target: Option<Range<usize>>,
    pub(super) size: Option<u64>,
    pub(super) modified: Option<Timestamp>,
    pub(super) owner: Option<Range<usize>>,
    pub(super) group: Option<Range<usize>>,
    pub(super) permissions: Option<Range<usize>>,
    pub(super) unique: Option<Range<usize>>,
    /// Where the facts of MLSx stand; empty for other dialects.
    pub(super) facts: Range<usize>,
}

impl Entry {
    /// An entry of which nothing but name and kind is known. `None` when there is no name.
    pub(super) fn new(line: &[u8], name: Range<usize>, kind: EntryKind) -> Option<Entry> {
        let kind = match (line.get(name.clone())?, kind) {
            (b"", _) => return None,
            (b".", EntryKind::Directory | EntryKind::Unknown) => EntryKind::CurrentDirectory,
            (b"..", EntryKind::Directory | EntryKind::Unknown) => EntryKind::ParentDirectory,
            (_, kind) => kind,
        };
        Some(Entry {
            raw: line.into(),
            name,
            kind,
            link_target: None,
            size: None,
            modified: None,
            owner: None,
            group: None,
            permissions: None,
            unique: None,
            facts: 0..0,
        })
    }

    /// The name, exactly as listed, blanks included.
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.name_bytes())
    }

    /// The name's bytes; what to send back to the server.
    pub fn name_bytes(&self) -> &[u8] {
        self.part(&self.name)
    }

    /// The line, without its line end. Where the server wrapped the entry, both lines with a LF in between.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// What it is.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// Where a symbolic link leads, if the listing tells.
    pub fn link_target(&self) -> Option<Cow<'_, str>> {
        self.word(&self.link_target)
    }

    /// The bytes of [`link_target`](Self::link_target).
    pub fn link_target_bytes(&self) -> Option<&[u8]> {
        self.link_target.as_ref().map(|range| self.part(range))
    }

    /// The size in bytes, if the listing tells. Servers report sizes of directories and links as well. Sizes in
    /// anything but bytes (OpenVMS' blocks, z/OS' tracks and records, the `1.2K` of `ls -h`) are not told, since they
    /// are no more than estimates; they are in [`raw`](Self::raw).
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The time of last modification, if the listing tells, and tells it so that it can be understood: of IBM i's
    /// `02/03/04` nobody knows the day before another line has shown the order.
    pub fn modified(&self) -> Option<&Timestamp> {
        self.modified.as_ref()
    }

    /// The owner, as a name or a number.
    pub fn owner(&self) -> Option<Cow<'_, str>> {
        self.word(&self.owner)
    }

    /// The group, as a name or a number.
    pub fn group(&self) -> Option<Cow<'_, str>> {
        self.word(&self.group)
    }

    /// The permissions, in the form of the listing: the nine letters `rwxr-xr-x` of `ls`, the octal `0755` of the MLSx
    /// fact `UNIX.mode` and of EPLF, OpenVMS' `RWED,RWED,RE,`, NetWare's `RWCEAFMS`.
    pub fn permissions(&self) -> Option<Cow<'_, str>> {
        self.word(&self.permissions)
    }

    /// What is the same for all names of one file: the MLSx fact `unique` (RFC 3659 section 7.5.2), or EPLF's `i`.
    pub fn unique(&self) -> Option<Cow<'_, str>> {
        self.word(&self.unique)
    }

    /// The value of an MLSx fact; its name in any case.
    pub fn fact(&self, name: &str) -> Option<Cow<'_, str>> {
        self.facts().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All MLSx facts in the server's order: name and value. None for other dialects.
    pub fn facts(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        mlsx::split_facts(&self.raw, self.facts.clone())
            .filter_map(|fact| fact.ok())
            .map(|fact| (String::from_utf8_lossy(fact.name), String::from_utf8_lossy(self.part(&fact.value))))
    }

    fn word(&self, range: &Option<Range<usize>>) -> Option<Cow<'_, str>> {
        range.as_ref().map(|range| String::from_utf8_lossy(self.part(range)))
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.raw.get(range.clone()).unwrap_or_default()
    }
}

/// How much of a line [`Debug`](fmt::Debug) shows.
const SHOWN_CHARACTERS: usize = 300;

/// Names and words as text, and only those that the listing tells.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |part: &[u8]| printable(part, SHOWN_CHARACTERS);
        let mut debug = f.debug_struct("Entry");
        debug.field("name", &shown(self.name_bytes())).field("kind", &self.kind);
        if let Some(target) = self.link_target_bytes() {
            debug.field("link_target", &shown(target));
        }
        if let Some(size) = self.size {
            debug.field("size", &size);
        }
        if let Some(modified) = &self.modified {
            debug.field("modified", modified);
        }
        let words = [
            ("owner", &self.owner),
            ("group", &self.group),
            ("permissions", &self.permissions),
            ("unique", &self.unique),
        ];
        for (what, range) in words {
            if let Some(range) = range {
                debug.field(what, &shown(self.part(range)));
            }
        }
        debug.field("raw", &shown(&self.raw)).finish()
    }
}
