//! A local directory and what is beneath it, reached name by name without following symbolic links.

use super::remote_path::split;
use crate::{Error, Failure, Result};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

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
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        loop {
            let number = self.next_file.fetch_add(1, Ordering::Relaxed);
            let temporary = format!(".ftps-{}-{number}.part", std::process::id());
            match rustix::fs::openat(&directory, &temporary, flags, Mode::from_raw_mode(0o666)) {
                // Another root of this process has it, or a process of the same number left it.
                Err(Errno::EXIST) => {}
                Err(error) => return Err(failed("could not be made", &self.shown(path), error)),
                Ok(file) => {
                    let (file, path) = (File::from(file), self.shown(path));
                    return Ok(NewFile {
                        name: name.to_owned(),
                        path,
                        directory,
                        temporary: Some(temporary),
                        file,
                    });
                }
            }
        }
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

/// A file under a temporary name. Dropping it removes it, unless it was put in place.
#[derive(Debug)]
pub(super) struct NewFile {
    directory: OwnedFd,
    file: File,
    name: OsString,
    temporary: Option<String>,
    path: PathBuf,
}

impl NewFile {
    /// Gives it its time and its name. A link that has the name is replaced, not followed.
    pub fn put_in_place(mut self, modified: Option<i64>) -> Result<()> {
        if let Some(seconds) = modified {
            let times = Timestamps {
                last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
                last_modification: Timespec { tv_sec: seconds, tv_nsec: 0 },
            };
            let set = rustix::fs::futimens(&self.file, &times);
            set.map_err(|error| failed("could not be given its time", &self.path, error))?;
        }
        let Some(temporary) = &self.temporary else { return Ok(()) };
        let renamed = rustix::fs::renameat(&self.directory, temporary, &self.directory, &self.name);
        renamed.map_err(|error| failed("could not be put in place", &self.path, error))?;
        self.temporary = None;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            if let Err(error) = rustix::fs::unlinkat(&self.directory, temporary, AtFlags::empty()) {
                log::warn!("a temporary file beside {} is left: {error}", self.path.display());
            }
        }
    }
}

/// One name, which leads to nothing but what is in the directory it is looked up in.
fn component(name: &[u8]) -> Result<&OsStr> {
    match matches!(name, b"" | b"." | b"..") || name.contains(&0) {
        true => Err(Error::Local(Failure::new("a local path has a name that leads elsewhere"))),
        false => Ok(OsStr::from_bytes(name)),
    }
}

fn failed(what: &str, path: &Path, error: Errno) -> Error {
    failed_with(what, path, error.into())
}

fn failed_with(what: &str, path: &Path, error: io::Error) -> Error {
    Error::Local(Failure::new(format!("{} {what}", path.display())).with_cause(error))
}

#[cfg(test)]
mod tests {
    use super::*;
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
