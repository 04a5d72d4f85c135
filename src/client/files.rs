//! Whole files in one call.

use super::{Direction, FtpsClient};
use crate::{Error, Failure, Result};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Bytes read from the caller's source at a time.
const CHUNK: usize = 128 * 1024;

impl FtpsClient {
    /// Receives a file into `sink` and returns its length. `progress` sees the bytes moved so far; `false` stops the
    /// transfer with [`Error::Cancelled`].
    pub fn download_to(
        &mut self,
        path: impl AsRef<[u8]>,
        sink: &mut dyn Write,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let moved = self.receive(path, progress, |piece| sink.write_all(piece).map_err(not_written))?;
        sink.flush().map_err(not_written)?;
        Ok(moved)
    }

    /// Sends all of `source` and returns its length. When the source fails the transfer is aborted, and the
    /// server does not take the part for the whole. `progress` is as in [`download_to`](Self::download_to).
    pub fn upload_from(
        &mut self,
        path: impl AsRef<[u8]>,
        source: &mut dyn Read,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        self.open_transfer(Direction::Upload, "STOR", path, 0)?;
        self.send(source, &mut progress)
    }

    /// Sends `source` from where it stands to its end. Where the server refuses the data connection's TLS
    /// session when payload is already under way, it is rewound and sent again, however much that was;
    /// `progress` then begins anew.
    pub fn upload_from_seekable(
        &mut self,
        path: impl AsRef<[u8]>,
        source: &mut (impl Read + Seek),
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let start = source.stream_position().map_err(not_read)?;
        self.open_transfer(Direction::Upload, "STOR", path, 0)?;
        loop {
            match self.send(source, &mut progress) {
                Err(error @ Error::NotResumed(_)) => {
                    self.reopen_upload(error)?;
                    if let Err(error) = source.seek(SeekFrom::Start(start)) {
                        return Err(self.abort_because(not_read(error)));
                    }
                }
                outcome => return outcome,
            }
        }
    }

    /// Receives into a local file, which is created or replaced once there is something to write to it: a
    /// refused download leaves it alone. A download that fails later leaves what had arrived.
    pub fn download_file(&mut self, remote: impl AsRef<[u8]>, local: impl AsRef<Path>) -> Result<u64> {
        self.download_file_with_progress(remote, local, |_| true)
    }

    /// [`download_file`](Self::download_file) with the `progress` of [`download_to`](Self::download_to).
    pub fn download_file_with_progress(
        &mut self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let local = local.as_ref();
        let mut created = None;
        let moved = self.receive(remote, progress, |piece| {
            let file = match &mut created {
                Some(file) => file,
                none => none.insert(File::create(local).map_err(|error| not_opened(error, local))?),
            };
            file.write_all(piece).map_err(not_written)
        })?;
        if created.is_none() {
            File::create(local).map_err(|error| not_opened(error, local))?;
        }
        Ok(moved)
    }

    /// Sends a local file.
    pub fn upload_file(&mut self, local: impl AsRef<Path>, remote: impl AsRef<[u8]>) -> Result<u64> {
        self.upload_file_with_progress(local, remote, |_| true)
    }

    /// [`upload_file`](Self::upload_file) with the `progress` of [`download_to`](Self::download_to).
    pub fn upload_file_with_progress(
        &mut self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let local = local.as_ref();
        let mut file = open_file(local).map_err(|error| not_opened(error, local))?;
        self.upload_from_seekable(remote, &mut file, progress)
    }

    fn receive(
        &mut self,
        path: impl AsRef<[u8]>,
        mut progress: impl FnMut(u64) -> bool,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64> {
        self.open_transfer(Direction::Download, "RETR", path, 0)?;
        while self.pull(|piece| sink(piece).map(|()| piece.len()))? > 0 {
            self.report(&mut progress)?;
        }
        let moved = self.bytes_moved();
        self.finish_transfer()?;
        Ok(moved)
    }

    fn send(&mut self, source: &mut dyn Read, progress: &mut impl FnMut(u64) -> bool) -> Result<u64> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.abort_because(not_read(error))),
            };
            self.write_all_data(&buffer[..count])?;
            self.report(progress)?;
        }
        let moved = self.bytes_moved();
        self.finish_transfer()?;
        Ok(moved)
    }

    fn report(&mut self, progress: &mut impl FnMut(u64) -> bool) -> Result<()> {
        if progress(self.bytes_moved()) {
            return Ok(());
        }
        Err(self.abort_because(Error::Cancelled(Failure::new("stopped by the progress callback"))))
    }

    fn abort_because(&mut self, mut error: Error) -> Error {
        error.set_bytes_moved(self.bytes_moved());
        self.abort_transfer();
        error
    }
}

/// A folder can be opened, but not read: that would show only when the remote file is truncated already.
fn open_file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(rustix::io::Errno::ISDIR.into()),
        false => Ok(file),
    }
}

fn not_written(error: io::Error) -> Error {
    Error::Local(Failure::new("what was received could not be written").with_cause(error))
}

fn not_read(error: io::Error) -> Error {
    Error::Local(
        Failure::new("what was to be sent could not be read; the upload was aborted").with_cause(error),
    )
}

fn not_opened(error: io::Error, path: &Path) -> Error {
    Error::Local(Failure::new(format!("{} could not be opened", path.display())).with_cause(error))
}
