//! A local directory and what is beneath it, reached name by name without following symbolic links.

use super::new_file::{Abandoned, NewFile};
use super::remote_path::split;
use crate::{Error, Failure, Result};
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// A directory of the local file system. The caller named it, so links on the way to it are followed; beneath it none is, and no
/// name leads out of it, whatever was planted there earlier.
#[derive(Debug)]
pub(super) struct LocalRoot {
    path: PathBuf,
    directory: OwnedFd,
    /// Numbers the temporary files.
    next_file: AtomicU64,
}

/// What a local directory has.
#[derive(Debug)]
pub(super) struct LocalEntry {
    pub name: Vec<u8>,
    pub file_type: FileType,
    pub size: u64,
    /// Seconds since 1970.
    pub modified: i64,
}

impl LocalRoot {
    pub fn open(path: &Path) -> Result<LocalRoot> {
        let directory = rustix::fs::open(path, DIRECTORY, Mode::empty());
        let directory = directory.map_err(|error| failed("could not be opened", path, error))?;
        Ok(LocalRoot { path: path.to_owned(), directory, next_file: AtomicU64::new(0) })
    }

    /// Makes it, and the directories above it, where they are missing.
    pub fn create(path: &Path) -> Result<LocalRoot> {
        std::fs::create_dir_all(path).map_err(|error| failed_with("could not be made", path, error))?;
        LocalRoot::open(path)
    }

    /// What is in the directory at `path` beneath the root, sorted by name.
    pub fn list(&self, path: &[u8]) -> Result<Vec<LocalEntry>> {
        let not_listed = |error| failed("could not be listed", &self.shown(path), error);
        let directory = self.directory(path)?;
        let mut entries = Vec::new();
        for entry in rustix::fs::Dir::read_from(&directory).map_err(not_listed)? {
            let name = entry.map_err(not_listed)?.file_name().to_bytes().to_vec();
            if matches!(name.as_slice(), b"." | b"..") {
                continue;
            }
            let status = rustix::fs::statat(&directory, OsStr::from_bytes(&name), AtFlags::SYMLINK_NOFOLLOW);
            let status = status.map_err(not_listed)?;
            entries.push(LocalEntry {
                name,
                file_type: FileType::from_raw_mode(status.st_mode),
                size: status.st_size.try_into().unwrap_or_default(),
                modified: status.st_mtime,
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// One that is there already is fine.
    pub fn make_directory(&self, path: &[u8]) -> Result<()> {
        let (parent, name) = self.place(path)?;
        match rustix::fs::mkdirat(&parent, name, Mode::from_raw_mode(0o777)) {
            Err(Errno::EXIST) => self.directory(path).map(drop),
            outcome => outcome.map_err(|error| failed("could not be made", &self.shown(path), error)),
        }
    }

    /// A file to be read; a link in its place is an error.
    pub fn open_file(&self, path: &[u8]) -> Result<File> {
        let (parent, name) = self.place(path)?;
        // Not blocking: a pipe in its place would have nobody wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&parent, name, flags, Mode::empty());
        let file =
            File::from(opened.map_err(|error| failed("could not be opened", &self.shown(path), error))?);
        let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
        match is_file {
            true => Ok(file),
            false => Err(Error::Local(Failure::new(format!("{} is no file", self.shown(path).display())))),
        }
    }

    /// A file that takes its name only when it is complete.
    pub fn begin_file(&self, path: &[u8]) -> Result<NewFile> {
        let (directory, name) = self.place(path)?;
        NewFile::begin(directory, name, self.shown(path), &self.next_file)
    }

    /// Whether a process that is no more has left this temporary file.
    pub fn is_abandoned(&self, path: &[u8]) -> bool {
        let abandoned = |(directory, name): (OwnedFd, &OsStr)| Abandoned::find(directory, name);
        self.place(path).ok().and_then(abandoned).is_some()
    }

    /// Removes a temporary file that a process which is no more has left, and no other.
    pub fn remove_abandoned(&self, path: &[u8]) -> Result<()> {
        let (directory, name) = self.place(path)?;
        let Some(abandoned) = Abandoned::find(directory, name) else {
            let message = format!("{} is in use again, and stays", self.shown(path).display());
            return Err(Error::Local(Failure::new(message)));
        };
        abandoned.remove().map_err(|error| failed("could not be deleted", &self.shown(path), error))
    }

    pub fn remove_file(&self, path: &[u8]) -> Result<()> {
        self.remove(path, AtFlags::empty())
    }

    pub fn remove_directory(&self, path: &[u8]) -> Result<()> {
        self.remove(path, AtFlags::REMOVEDIR)
    }

    fn remove(&self, path: &[u8], flags: AtFlags) -> Result<()> {
        let (parent, name) = self.place(path)?;
        let removed = rustix::fs::unlinkat(&parent, name, flags);
        removed.map_err(|error| failed("could not be deleted", &self.shown(path), error))
    }

    /// The directory that `path` is in, and its name there.
    fn place<'a>(&self, path: &'a [u8]) -> Result<(OwnedFd, &'a OsStr)> {
        let (parent, name) = split(path);
        Ok((self.directory(parent)?, component(name)?))
    }

    /// Each name is looked up in the directory before it; a link among them is an error.
    fn directory(&self, path: &[u8]) -> Result<OwnedFd> {
        let not_opened = |error| match error {
            Errno::LOOP | Errno::NOTDIR => Error::Local(
                Failure::new(format!(
                    "{} is a link or no directory, and is not followed",
                    self.shown(path).display()
                ))
                .with_cause(io::Error::from(error)),
            ),
            _ => failed("could not be opened", &self.shown(path), error),
        };
        let mut directory = self
            .directory
            .try_clone()
            .map_err(|error| failed_with("could not be opened", &self.path, error))?;
        for name in path.split(|byte| *byte == b'/').filter(|_| !path.is_empty()) {
            let flags = DIRECTORY | OFlags::NOFOLLOW;
            directory =
                rustix::fs::openat(&directory, component(name)?, flags, Mode::empty()).map_err(not_opened)?;
        }
        Ok(directory)
    }

    fn shown(&self, path: &[u8]) -> PathBuf {
        self.path.join(OsString::from_vec(path.to_vec()))
    }
}

/// One name, which leads to nothing but what is in the directory it is looked up in.
fn component(name: &[u8]) -> Result<&OsStr> {
    match matches!(name, b"" | b"." | b"..") || name.contains(&0) {
        true => Err(Error::Local(Failure::new("a local path has a name that leads elsewhere"))),
        false => Ok(OsStr::from_bytes(name)),
    }
}

pub(super) fn failed(what: &str, path: &Path, error: Errno) -> Error {
    failed_with(what, path, error.into())
}

fn failed_with(what: &str, path: &Path, error: io::Error) -> Error {
    Error::Local(Failure::new(format!("{} {what}", path.display())).with_cause(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::symlink;

    /// A root with a planted link that leads out of it.
    fn trap() -> (tempfile::TempDir, LocalRoot, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, outside) = (folder.path().join("root"), folder.path().join("outside"));
        std::fs::create_dir(&root).expect("a root");
        std::fs::create_dir(&outside).expect("an outside");
        std::fs::write(outside.join("file"), "secret").expect("a file");
        symlink(&outside, root.join("way-out")).expect("a link");
        symlink(outside.join("file"), root.join("file")).expect("a link");
        let root = LocalRoot::open(&root).expect("a root");
        (folder, root, outside)
    }

    #[test]
    fn a_planted_link_is_followed_by_nothing() {
        let (_folder, root, outside) = trap();
        assert!(root.begin_file(b"way-out/new").is_err());
        assert!(root.make_directory(b"way-out/new").is_err());
        assert!(root.make_directory(b"way-out").is_err());
        assert!(root.remove_file(b"way-out/file").is_err());
        assert!(root.remove_directory(b"way-out").is_err());
        assert!(root.list(b"way-out").is_err());
        assert!(root.open_file(b"file").is_err());
        assert_eq!(std::fs::read_dir(&outside).expect("an outside").count(), 1);
    }

    #[test]
    fn a_file_takes_the_place_of_a_link_and_not_of_what_it_leads_to() {
        let (_folder, root, outside) = trap();
        let mut file = root.begin_file(b"file").expect("a file");
        file.write_all(b"new").expect("content");
        file.put_in_place(Some(1_000_000_000)).expect("in place");
        assert_eq!(std::fs::read(outside.join("file")).expect("the old file"), b"secret");
        let entry = root.list(b"").expect("a listing").into_iter().find(|entry| entry.name == b"file");
        let entry = entry.expect("an entry");
        assert_eq!((entry.file_type, entry.size, entry.modified), (FileType::RegularFile, 3, 1_000_000_000));
    }

    #[test]
    fn names_that_lead_out_are_refused_at_every_level() {
        let (_folder, root, _) = trap();
        for path in [&b"../x"[..], b"a/../../x", b"/etc/x", b"a/./x", b"a//x", b"", b"..", b"a\0b"] {
            assert!(root.begin_file(path).is_err(), "{}", path.escape_ascii());
            assert!(root.make_directory(path).is_err(), "{}", path.escape_ascii());
            assert!(root.remove_file(path).is_err(), "{}", path.escape_ascii());
        }
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let (folder, root, _) = trap();
        drop(root.begin_file(b"half").expect("a file"));
        assert_eq!(std::fs::read_dir(folder.path().join("root")).expect("a root").count(), 2);
    }
}
