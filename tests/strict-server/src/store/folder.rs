//! Files in a folder of this machine.

use super::{split, Entry, File, Store};
use std::fs;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::time::SystemTime;

/// A folder of this machine as the root.
#[derive(Debug)]
pub(crate) struct FolderStore(PathBuf);

impl FolderStore {
    /// Fails unless `root` is a folder.
    pub(crate) fn new(root: PathBuf) -> io::Result<Self> {
        if !fs::metadata(&root)?.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::NotADirectory,
                format!("{} is no folder", root.display()),
            ));
        }
        Ok(FolderStore(root))
    }

    /// `path` is normalised, so that nothing in it leads upwards.
    fn real(&self, path: &str) -> PathBuf {
        self.0.join(path.trim_start_matches('/'))
    }
}

impl Store for FolderStore {
    fn entry(&self, path: &str) -> io::Result<Entry> {
        describe(split(path).1.to_owned(), &fs::metadata(self.real(path))?)
    }

    fn list(&self, path: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.real(path))? {
            let entry = entry?;
            // Names that are not UTF-8, and what vanished in between, cannot be shown.
            let (Ok(name), Ok(metadata)) = (entry.file_name().into_string(), fs::metadata(entry.path()))
            else {
                continue;
            };
            entries.push(describe(name, &metadata)?);
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn File>> {
        let file = fs::File::open(self.real(path))?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        Ok(Box::new(FolderFile(file)))
    }

    fn create(&self, path: &str, _now: SystemTime) -> io::Result<Box<dyn File>> {
        let file = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.real(path))?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        Ok(Box::new(FolderFile(file)))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.real(path))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.real(from), self.real(to))
    }

    fn make_folder(&self, path: &str, _now: SystemTime) -> io::Result<()> {
        fs::create_dir(self.real(path))
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        fs::remove_dir(self.real(path))
    }

    fn set_modified(&self, path: &str, time: SystemTime) -> io::Result<()> {
        fs::File::open(self.real(path))?.set_modified(time)
    }
}

fn describe(name: String, metadata: &fs::Metadata) -> io::Result<Entry> {
    Ok(Entry { name, is_folder: metadata.is_dir(), size: metadata.len(), modified: metadata.modified()? })
}

#[derive(Debug)]
struct FolderFile(fs::File);

impl File for FolderFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn truncate(&self) -> io::Result<()> {
        self.0.set_len(0)
    }
}
