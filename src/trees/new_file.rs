//! Files that take their names only when they are complete, and what a process that was killed leaves of them.

use super::local_root::failed;
use crate::Result;
use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_OMIT};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// For how long nobody has written to a temporary file that may be removed. Who writes to one has a lock on it, but on some
/// network file systems other machines see none.
const UNTOUCHED: Duration = Duration::from_secs(3600);

/// Whether a file of this name is one that is not complete: `.ftps-PROCESS-NUMBER.part`.
pub(super) fn is_temporary(name: &[u8]) -> bool {
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let numbers = name.strip_prefix(b".ftps-").and_then(|rest| rest.strip_suffix(b".part"));
    let numbers = numbers.map(|numbers| numbers.split(|byte| *byte == b'-').collect::<Vec<_>>());
    numbers.is_some_and(|numbers| numbers.len() == 2 && numbers.into_iter().all(is_number))
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
    /// A file that is to be `name` in `directory`, which for people is `path`. `next` numbers the temporary files.
    pub fn begin(directory: OwnedFd, name: &OsStr, path: PathBuf, next: &AtomicU64) -> Result<NewFile> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let temporary = format!(".ftps-{}-{number}.part", std::process::id());
            match rustix::fs::openat(&directory, &temporary, flags, Mode::from_raw_mode(0o666)) {
                // Another root of this process has it, or a process of the same number left it.
                Err(Errno::EXIST) => {}
                Err(error) => return Err(failed("could not be made", &path, error)),
                Ok(file) => {
                    if let Err(error) = rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                        // Then nobody can have one, and without a lock nothing is removed.
                        log::debug!("no lock on a temporary file beside {}: {error}", path.display());
                    }
                    let (file, name) = (File::from(file), name.to_owned());
                    return Ok(NewFile { name, path, directory, temporary: Some(temporary), file });
                }
            }
        }
    }

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

/// A temporary file that a process which is no more has left. As long as this value lives it has the lock.
#[derive(Debug)]
pub(super) struct Abandoned {
    directory: OwnedFd,
    name: OsString,
    file: OwnedFd,
}

impl Abandoned {
    /// `None`: its name is another, it is no file, somebody writes to it or did so lately, or locks do not tell.
    pub fn find(directory: OwnedFd, name: &OsStr) -> Option<Abandoned> {
        let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if !is_temporary(name.as_encoded_bytes()) {
            return None;
        }
        let file = rustix::fs::openat(&directory, name, flags, Mode::empty()).ok()?;
        if !is_untouched(&rustix::fs::fstat(&file).ok()?) {
            return None;
        }
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
        Some(Abandoned { directory, name: name.to_owned(), file })
    }

    /// Unless the name has become another file's.
    pub fn remove(self) -> rustix::io::Result<()> {
        let mine = rustix::fs::fstat(&self.file)?;
        let named = rustix::fs::statat(&self.directory, &self.name, AtFlags::SYMLINK_NOFOLLOW)?;
        match (mine.st_dev, mine.st_ino) == (named.st_dev, named.st_ino) {
            true => rustix::fs::unlinkat(&self.directory, &self.name, AtFlags::empty()),
            false => Ok(()),
        }
    }
}

fn is_untouched(status: &Stat) -> bool {
    let written = u64::try_from(status.st_mtime).map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
    let age = written.ok().and_then(|written| SystemTime::now().duration_since(written).ok());
    FileType::from_raw_mode(status.st_mode) == FileType::RegularFile
        && age.is_some_and(|age| age >= UNTOUCHED)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        folder: tempfile::TempDir,
        next: AtomicU64,
    }

    impl Place {
        fn new() -> Place {
            Place { folder: tempfile::tempdir().expect("a folder"), next: AtomicU64::new(0) }
        }

        fn directory(&self) -> OwnedFd {
            File::open(self.folder.path()).expect("a directory").into()
        }

        fn begin(&self) -> NewFile {
            let path = self.folder.path().join("file");
            NewFile::begin(self.directory(), OsStr::new("file"), path, &self.next).expect("a file")
        }

        /// A file that was last written to two hours ago.
        fn plant_old(&self, name: &str) {
            let file = File::create(self.folder.path().join(name)).expect("a file");
            make_old(&file);
        }

        fn find(&self, name: &str) -> Option<Abandoned> {
            Abandoned::find(self.directory(), OsStr::new(name))
        }
    }

    fn make_old(file: &File) {
        file.set_modified(SystemTime::now() - 2 * UNTOUCHED).expect("its time");
    }

    #[test]
    fn what_a_killed_process_left_is_found_and_removed() {
        let place = Place::new();
        place.plant_old(".ftps-12-0.part");
        place.find(".ftps-12-0.part").expect("found").remove().expect("removed");
        assert!(!place.folder.path().join(".ftps-12-0.part").exists());
    }

    #[test]
    fn a_file_that_somebody_writes_to_is_not_abandoned_however_old_it_is() {
        let place = Place::new();
        let new_file = place.begin();
        make_old(&new_file.file);
        let name = new_file.temporary.clone().expect("a name");
        assert!(place.find(&name).is_none());
        new_file.put_in_place(None).expect("in place");
    }

    #[test]
    fn a_file_that_was_written_to_lately_is_not_abandoned() {
        let place = Place::new();
        std::fs::write(place.folder.path().join(".ftps-12-0.part"), "new").expect("a file");
        assert!(place.find(".ftps-12-0.part").is_none());
    }

    #[test]
    fn files_of_others_are_not_abandoned() {
        let place = Place::new();
        let names = [
            ".ftps-12.part",
            ".ftps-12-0.part~",
            "ftps-12-0.part",
            ".ftps-a-0.part",
            ".ftps--0.part",
            ".ftps-1-2-3.part",
        ];
        for name in names {
            place.plant_old(name);
            assert!(place.find(name).is_none(), "{name}");
        }
        std::fs::create_dir(place.folder.path().join(".ftps-12-0.part")).expect("a directory");
        assert!(place.find(".ftps-12-0.part").is_none());
    }

    #[test]
    fn a_name_that_has_become_another_files_stays() {
        let place = Place::new();
        place.plant_old(".ftps-12-0.part");
        let abandoned = place.find(".ftps-12-0.part").expect("found");
        std::fs::remove_file(place.folder.path().join(".ftps-12-0.part")).expect("removed");
        std::fs::write(place.folder.path().join(".ftps-12-0.part"), "another").expect("a file");
        abandoned.remove().expect("nothing is removed");
        assert!(place.folder.path().join(".ftps-12-0.part").exists());
    }
}
