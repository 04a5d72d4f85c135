//! What a server says of one file or directory.

use super::listings::is_unknown_command;
use super::FtpsClient;
use crate::protocol::listing::{parse_mlst, Entry, ListingItem};
use crate::{Error, Failure, Result};

impl FtpsClient {
    /// One entry (MLST, RFC 3659 section 7). An empty path is the current directory.
    ///
    /// Where the server has no MLST, the directory that holds it is listed, and the entry is the one of that name: of a symbolic link
    /// then what is said of the link itself, and of a path that has no name (`/`, `..`, the empty one) nothing. A name that
    /// the listing does not have is [`Error::Refused`], without a reply.
    pub fn entry(&mut self, path: impl AsRef<[u8]>) -> Result<Entry> {
        let path = path.as_ref();
        if self.has_mlst() {
            match self.completed("MLST", path).and_then(|reply| parse_mlst(&reply)) {
                Err(error) if is_unknown_command(&error) && self.is_usable() => {
                    log::info!("a listing in place of MLST, which FEAT names: {error}");
                    if let Some(login) = &mut self.login {
                        login.mlst_unknown = true;
                    }
                }
                outcome => return outcome,
            }
        }
        self.listed_entry(path)
    }

    fn has_mlst(&self) -> bool {
        let is_unknown = self.login.as_ref().is_some_and(|login| login.mlst_unknown);
        !is_unknown && self.features.has("MLST")
    }

    fn listed_entry(&mut self, path: &[u8]) -> Result<Entry> {
        let (directory, name) = split(path).ok_or_else(|| {
            let message = "the server has no MLST, and no listing tells of a path that has no name";
            Error::InvalidArgument(Failure::new(message))
        })?;
        let (mut found, mut unparsed) = (None, 0);
        self.list_each(directory, |item| {
            match item {
                ListingItem::Entry(entry) if entry.name_bytes() == name => found = Some(entry),
                ListingItem::Entry(_) => {}
                ListingItem::Unparsed(_) => unparsed += 1,
            }
            true
        })?;
        found.ok_or_else(|| {
            let shown = String::from_utf8_lossy(name);
            let message = format!(
                "the server has no MLST, and the listing of the directory does not have {shown:?} \
                 (lines not understood: {unparsed}; of hidden names some servers tell only with the argument -a)"
            );
            Error::Refused(Failure::new(message))
        })
    }
}

/// The directory that holds a path, empty for the current one, and the name in it. `None` where there is no name.
fn split(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = path.iter().rposition(|&byte| byte != b'/')? + 1;
    let path = &path[..end];
    let (directory, name) = match path.iter().rposition(|&byte| byte == b'/') {
        Some(0) => (&path[..1], &path[1..]),
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (&path[..0], path),
    };
    (name != b"." && name != b"..").then_some((directory, name))
}
