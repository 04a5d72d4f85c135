//! MLST and MLSD (RFC 3659 section 7).

use super::{Entry, EntryKind};
use crate::protocol::{Reply, Timestamp};
use crate::{Error, Failure, Result};

/// The entry in a 250 reply to `MLST`; it stands on the second line, after one space.
///
/// Fails with [`Error::Protocol`] when there is no such line.
pub fn parse_mlst(reply: &Reply) -> Result<Entry> {
    let line = reply.lines().nth(1).filter(|_| reply.code() == 250);
    line.and_then(|line| parse(line.strip_prefix(b" ").unwrap_or(line))).ok_or_else(|| {
        Error::Protocol(Failure::new("the reply to MLST has no entry").with_reply(reply.clone()))
    })
}

/// `fact=value;fact=value; name`: the name is everything after the first space.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    let space = line.iter().position(|&byte| byte == b' ')?;
    let (facts, name) = (&line[..space], &line[space + 1..]);
    if name.is_empty() {
        return None;
    }
    let facts = String::from_utf8_lossy(facts);
    let facts: Vec<(String, String)> = facts
        .split_terminator(';')
        .map(|fact| fact.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect::<Option<_>>()?;
    let fact = |wanted: &str| {
        facts.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
    };
    let (kind, target) = fact("type").map_or((EntryKind::Unknown, None), kind_and_target);
    let mut entry = Entry::new(line, name.to_vec(), kind);
    entry.link_target = target;
    entry.size = fact("size").or_else(|| fact("sizd")).and_then(|size| size.parse().ok());
    entry.modified = fact("modify").and_then(Timestamp::from_fact);
    entry.owner = fact("UNIX.ownername").or_else(|| fact("UNIX.owner")).map(str::to_owned);
    entry.group = fact("UNIX.groupname").or_else(|| fact("UNIX.group")).map(str::to_owned);
    entry.permissions = fact("UNIX.mode").map(str::to_owned);
    entry.facts = facts;
    Some(entry)
}

/// RFC 3659 section 7.5.1. Links are `OS.unix=slink:/target` (vsftpd, Pure-FTPd) or `OS.unix=symlink` (ProFTPD).
fn kind_and_target(value: &str) -> (EntryKind, Option<Vec<u8>>) {
    let lower = value.to_ascii_lowercase();
    match lower.as_str() {
        "file" => (EntryKind::File, None),
        "dir" => (EntryKind::Directory, None),
        "cdir" => (EntryKind::CurrentDirectory, None),
        "pdir" => (EntryKind::ParentDirectory, None),
        _ if lower.starts_with("os.unix=slink") || lower.starts_with("os.unix=symlink") => {
            let target = value.split_once(':').map(|(_, target)| target.as_bytes().to_vec());
            (EntryKind::Symlink, target)
        }
        _ => (EntryKind::Other, None),
    }
}
