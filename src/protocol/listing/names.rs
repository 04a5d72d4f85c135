//! NLST (RFC 959 section 4.1.3): one name a line, and nothing else.

use super::{Entry, EntryKind, Known, Line};

pub(super) fn parse_line(line: &[u8], _known: &mut Known) -> Line {
    Entry::new(line, 0..line.len(), EntryKind::Unknown).into()
}
