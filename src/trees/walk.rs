//! All that is beneath a directory of the server.

use super::pattern::{Pattern, Progress};
use super::remote_path::join;
use super::PathError;
use crate::client::Listing;
use crate::protocol::listing::{Entry, EntryKind, ListingFormat};
use crate::{Error, Failure, FtpsClient, Result};

/// Directories in directories at most. What is deeper is more likely a loop that the server hides.
const MAX_DEPTH: usize = 200;

/// An entry that a walk has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path, beginning with that of the walk: what to send to the server.
    pub path: Vec<u8>,
    /// What the listing tells.
    pub entry: Entry,
}

impl Found {
    /// Whether it is a directory, and not a link to one.
    pub fn is_directory(&self) -> bool {
        self.entry.kind() == EntryKind::Directory
    }
}

/// A walk without its client, which every step is given: the form that foreign languages build on. In Rust,
/// [`FtpsClient::walk`] is an iterator.
#[derive(Debug)]
pub struct Walker {
    pattern: Option<Pattern>,
    /// The directories that the walk is in, each with what is left of it.
    levels: Vec<Level>,
    /// What to list next.
    next: Option<Descent>,
}

#[derive(Debug)]
struct Descent {
    path: Vec<u8>,
    progress: Option<Progress>,
}

#[derive(Debug)]
struct Level {
    path: Vec<u8>,
    progress: Option<Progress>,
    /// What tells a directory from all others, where the server says it.
    unique: Option<String>,
    entries: std::vec::IntoIter<Entry>,
    unparsed: std::vec::IntoIter<Vec<u8>>,
}

impl Walker {
    /// A walk of all that is beneath `path`. An empty path is the current directory.
    pub fn new(path: impl Into<Vec<u8>>) -> Walker {
        let descent = Descent { path: path.into(), progress: None };
        Walker { pattern: None, levels: Vec::new(), next: Some(descent) }
    }

    /// A walk of what matches `pattern`, through the directories alone in which something can match.
    pub fn matching(pattern: impl AsRef<[u8]>) -> Result<Walker> {
        let (base, pattern) = Pattern::split(pattern.as_ref())?;
        let descent = Descent { path: base, progress: Some(pattern.start()) };
        Ok(Walker { pattern: Some(pattern), levels: Vec::new(), next: Some(descent) })
    }

    /// The next entry; a directory comes before what is in it. An error is one of a directory, and of the walk's end where the
    /// client cannot be used any more; otherwise the walk goes on behind it.
    pub fn step(&mut self, client: &mut FtpsClient) -> Option<std::result::Result<Found, PathError>> {
        loop {
            if let Some(descent) = self.next.take() {
                if let Err(error) = self.enter(client, &descent) {
                    if !client.is_usable() {
                        self.levels.clear();
                    }
                    return Some(Err(PathError::new(descent.path, error)));
                }
            }
            let level = self.levels.last_mut()?;
            if let Some(line) = level.unparsed.next() {
                return Some(Err(PathError::new(level.path.clone(), not_understood(&line))));
            }
            let Some(entry) = level.entries.next() else {
                self.levels.pop();
                continue;
            };
            if let Some(step) = self.come_to(entry) {
                return Some(step);
            }
        }
    }

    /// Leaves out what is in the directory that the last step came to.
    pub fn skip_directory(&mut self) {
        self.next = None;
    }

    fn enter(&mut self, client: &mut FtpsClient, descent: &Descent) -> Result<()> {
        let listing = list_telling_links(client, &descent.path)?;
        let itself = listing.entries.iter().find(|entry| entry.kind() == EntryKind::CurrentDirectory);
        self.levels.push(Level {
            path: descent.path.clone(),
            progress: descent.progress.clone(),
            unique: itself.and_then(Entry::unique).map(|unique| unique.into_owned()),
            entries: listing.entries.into_iter(),
            unparsed: listing.unparsed.into_iter(),
        });
        Ok(())
    }

    /// `None`: not an entry of its own, or none that matches.
    fn come_to(&mut self, entry: Entry) -> Option<std::result::Result<Found, PathError>> {
        if matches!(entry.kind(), EntryKind::CurrentDirectory | EntryKind::ParentDirectory) {
            return None;
        }
        let level = self.levels.last()?;
        let path = join(&level.path, entry.name_bytes());
        if entry.name_bytes().contains(&b'/') || matches!(entry.name_bytes(), b"." | b"..") {
            let error = protocol("the listing has a name that leads out of its directory");
            return Some(Err(PathError::new(path, error)));
        }
        let progress = match (&self.pattern, &level.progress) {
            (Some(pattern), Some(progress)) => Some(pattern.advance(progress, entry.name_bytes())),
            _ => None,
        };
        let found = Found { path, entry };
        let leads_on = progress.as_ref().is_none_or(Progress::leads_on);
        let is_match = progress.as_ref().is_none_or(Progress::is_match);
        if found.is_directory() && leads_on {
            if let Some(obstacle) = self.obstacle(&found) {
                return Some(Err(PathError::new(found.path, protocol(obstacle))));
            }
            self.next = Some(Descent { path: found.path.clone(), progress });
        }
        is_match.then_some(Ok(found))
    }

    /// Why a directory is not gone into.
    fn obstacle(&self, found: &Found) -> Option<&'static str> {
        let unique = found.entry.unique();
        let is_above = |level: &Level| unique.is_some() && level.unique.as_deref() == unique.as_deref();
        if self.levels.iter().any(is_above) {
            return Some("it leads back to a directory above it, and is not followed");
        }
        let is_too_deep = self.levels.len() >= MAX_DEPTH;
        is_too_deep.then_some("it is too deep to be anything but a loop, and is not followed")
    }
}

/// A walk; see [`FtpsClient::walk`].
#[derive(Debug)]
pub struct Walk<'a> {
    client: &'a mut FtpsClient,
    walker: Walker,
}

impl Walk<'_> {
    /// Leaves out what is in the directory that came last.
    pub fn skip_directory(&mut self) {
        self.walker.skip_directory();
    }
}

impl Iterator for Walk<'_> {
    type Item = std::result::Result<Found, PathError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.walker.step(self.client)
    }
}

impl FtpsClient {
    /// All that is beneath a directory, depth first, each directory before what is in it. An empty path is the current
    /// directory. Directories are listed one by one as the walk comes to them: what is held is one listing for each
    /// level.
    ///
    /// Symbolic links are told as such and not followed; since some servers (ProFTPD) show them as directories in MLSD, a
    /// directory with subdirectories is listed a second time with LIST. A directory that cannot be listed, a line that is not
    /// understood, and a loop are items too.
    pub fn walk(&mut self, path: impl AsRef<[u8]>) -> Walk<'_> {
        Walk { walker: Walker::new(path.as_ref()), client: self }
    }

    /// All that matches a [`Pattern`], for instance `inbox/**/*.csv`, in the order of [`walk`](Self::walk).
    ///
    /// Fails with [`Error::InvalidArgument`] where it is no pattern.
    pub fn glob(&mut self, pattern: impl AsRef<[u8]>) -> Result<Walk<'_>> {
        Ok(Walk { walker: Walker::matching(pattern)?, client: self })
    }
}

/// A directory in which links are links. MLSD of ProFTPD tells the type of what a link leads to (unless its `FactsOptions` say
/// otherwise), and whoever deletes what is in such a directory deletes elsewhere. LIST shows links everywhere.
fn list_telling_links(client: &mut FtpsClient, path: &[u8]) -> Result<Listing> {
    let mut listing = client.list(path)?;
    let may_hide_a_link =
        |entry: &Entry| entry.kind() == EntryKind::Directory && entry.fact("type").is_some();
    if !listing.entries.iter().any(may_hide_a_link) {
        return Ok(listing);
    }
    let lines = match client.list_with("LIST", path, ListingFormat::Auto) {
        Ok(lines) => lines,
        Err(error) if client.is_usable() && error.reply().is_some() => {
            log::info!("LIST does not tell which directories are links: {error}");
            return Ok(listing);
        }
        Err(error) => return Err(error),
    };
    for link in lines.entries.into_iter().filter(|entry| entry.kind() == EntryKind::Symlink) {
        let hidden = |entry: &&mut Entry| entry.name_bytes() == link.name_bytes();
        if let Some(entry) = listing.entries.iter_mut().find(hidden) {
            *entry = link;
        }
    }
    Ok(listing)
}

fn not_understood(line: &[u8]) -> Error {
    protocol(&format!("a line of its listing was not understood: {}", line.escape_ascii()))
}

fn protocol(message: &str) -> Error {
    Error::Protocol(Failure::new(message))
}
