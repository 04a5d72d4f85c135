//! Files, in memory or in a folder.

mod folder;
mod memory;

pub(crate) use folder::FolderStore;
pub(crate) use memory::MemoryStore;

use std::fmt;
use std::io;
use std::time::SystemTime;

/// A tree of files. Paths are absolute and normalised by [`resolve`].
pub(crate) trait Store: Send + Sync + fmt::Debug {
    fn entry(&self, path: &str) -> io::Result<Entry>;
    /// What is in a folder, sorted by name.
    fn list(&self, path: &str) -> io::Result<Vec<Entry>>;
    fn open(&self, path: &str) -> io::Result<Box<dyn File>>;
    /// Opens for writing; the file is made if it is missing.
    fn create(&self, path: &str, now: SystemTime) -> io::Result<Box<dyn File>>;
    fn remove(&self, path: &str) -> io::Result<()>;
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn make_folder(&self, path: &str, now: SystemTime) -> io::Result<()>;
    fn remove_folder(&self, path: &str) -> io::Result<()>;
    fn set_modified(&self, path: &str, time: SystemTime) -> io::Result<()>;
}

/// An open file. It stays usable when the name goes away.
pub(crate) trait File: Send + fmt::Debug {
    fn len(&self) -> io::Result<u64>;
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    fn truncate(&self) -> io::Result<()>;
}

/// A file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The last part of the path; empty for the root.
    pub(crate) name: String,
    pub(crate) is_folder: bool,
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
}

/// The absolute path that `argument` means in `directory`: `.` and `..` resolved, no trailing slash.
/// None if it cannot be a path.
pub(crate) fn resolve(directory: &str, argument: &str) -> Option<String> {
    if argument.contains('\0') {
        return None;
    }
    let whole =
        if argument.starts_with('/') { argument.to_owned() } else { format!("{directory}/{argument}") };
    let mut parts = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            // Above the root is the root, as in a jail.
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

/// The folder that `path` is in, and its name there.
pub(crate) fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((folder, name)) => (folder, name),
        None => ("/", path),
    }
}
