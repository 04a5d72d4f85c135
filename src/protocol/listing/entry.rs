//! What a line of a listing says.

use crate::protocol::Timestamp;
use std::borrow::Cow;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// The listed directory itself (`cdir` of RFC 3659).
    CurrentDirectory,
    /// Its parent (`pdir` of RFC 3659).
    ParentDirectory,
    /// A device, socket, pipe, or what a server's own type names.
    Other,
    /// The listing does not say (NLST).
    Unknown,
}

/// One entry of a directory. What the listing does not say is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    raw: Vec<u8>,
    name: Vec<u8>,
    kind: EntryKind,
    pub(super) link_target: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) modified: Option<Timestamp>,
    pub(super) owner: Option<String>,
    pub(super) group: Option<String>,
    pub(super) permissions: Option<String>,
    pub(super) facts: Vec<(String, String)>,
}

impl Entry {
    pub(super) fn new(raw: &[u8], name: Vec<u8>, kind: EntryKind) -> Entry {
        Entry {
            raw: raw.to_vec(),
            name,
            kind,
            link_target: None,
            size: None,
            modified: None,
            owner: None,
            group: None,
            permissions: None,
            facts: Vec::new(),
        }
    }

    /// The name; bytes that are not UTF-8 become U+FFFD.
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    /// The name as the server wrote it. It comes from the peer: it may contain `/` or `..`.
    pub fn name_bytes(&self) -> &[u8] {
        &self.name
    }

    /// The whole line, without line end.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// What it is.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// Where a symbolic link points.
    pub fn link_target(&self) -> Option<&[u8]> {
        self.link_target.as_deref()
    }

    /// The size in bytes.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// When it was last modified.
    pub fn modified(&self) -> Option<&Timestamp> {
        self.modified.as_ref()
    }

    /// The owner, a name or a number.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// The group, a name or a number.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The permissions as `ls` writes them (`rwxr-xr-x`), or the octal digits of the fact `UNIX.mode`.
    pub fn permissions(&self) -> Option<&str> {
        self.permissions.as_deref()
    }

    /// The value of an MLSx fact, by its name in whatever case.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All MLSx facts, in the server's order.
    pub fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.facts.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
