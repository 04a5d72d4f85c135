//! Whole files in one call.

use super::listings::is_unknown_command;
use super::overlap::Received;
use super::{Direction, FtpsClient};
use crate::protocol::Command;
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
        self.send(source, 0, &mut progress)
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
        let mut begun = None;
        self.retrying(|client, attempts| {
            client.announce_size(source, start)?;
            let offset = client.upload_offset(path.as_ref(), source, start, &mut begun)?;
            attempts.note_progress(offset);
            client.open_rest(path.as_ref(), offset)?;
            let length = client.send_from(source, start, offset, &mut progress)?;
            match offset {
                0 => Ok(length),
                _ => client.check_size(path.as_ref(), length).map(|()| length),
            }
        })
    }

    /// ALLO (RFC 959 section 4.1.3), where the caller wants it. A server that has no use for it says so (202), or
    /// does not know it.
    fn announce_size(&mut self, source: &mut impl Seek, start: u64) -> Result<()> {
        // How long a text is on the wire shows only there.
        if !self.settings.announce_sizes || self.check_binary().is_err() {
            return Ok(());
        }
        let end = source.seek(SeekFrom::End(0)).map_err(not_read)?;
        match self.change(&Command::new("ALLO", end.saturating_sub(start).to_string())?) {
            Err(error) if is_unknown_command(&error) => Ok(()),
            outcome => outcome,
        }
    }

    /// Sends `source` to the open upload, which began at `offset`, again from there where its session is refused.
    /// `start` is the position in `source` of the file's first byte.
    pub(super) fn send_from(
        &mut self,
        source: &mut (impl Read + Seek),
        start: u64,
        offset: u64,
        progress: &mut impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        loop {
            if let Err(error) = source.seek(SeekFrom::Start(start + offset)) {
                return Err(self.abort_because(not_read(error)));
            }
            match self.send(source, offset, progress) {
                Err(error @ Error::NotResumed(_)) => self.reopen_upload(error)?,
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
        progress: impl FnMut(u64) -> bool,
        sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64> {
        self.receive_rest(path.as_ref(), Received::default(), progress, sink)
    }

    /// Receives what comes behind what is there already, and returns the length of both together, which is also what
    /// `progress` sees.
    pub(super) fn receive_rest(
        &mut self,
        path: &[u8],
        mut received: Received,
        mut progress: impl FnMut(u64) -> bool,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64> {
        received.keep_end(self.settings.retry.is_some());
        self.retrying(|client, attempts| {
            let outcome = client.receive_once(path, &mut received, &mut progress, &mut sink);
            attempts.note_progress(received.length());
            if received.length() > 0 && client.check_binary().is_err() {
                attempts.make_last();
            }
            outcome
        })?;
        Ok(received.length())
    }

    fn receive_once(
        &mut self,
        path: &[u8],
        received: &mut Received,
        progress: &mut impl FnMut(u64) -> bool,
        sink: &mut impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut overlap = received.overlap();
        self.open_transfer(Direction::Download, "RETR", path, received.restart_offset())?;
        while self.pull(|piece| {
            let new = overlap.new_part(piece)?;
            sink(new)?;
            received.note(new);
            Ok(piece.len())
        })? > 0
        {
            self.report(received.length(), progress)?;
        }
        // First whether this is the file's end: the connection may have been cut before it.
        self.finish_transfer()?;
        overlap.check_complete()
    }

    /// Sends the rest of `source` to the open upload, which began at `offset` of the remote file.
    pub(super) fn send(
        &mut self,
        source: &mut dyn Read,
        offset: u64,
        progress: &mut impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.abort_because(not_read(error))),
            };
            self.write_all_data(&buffer[..count])?;
            self.report(offset + self.bytes_moved(), progress)?;
        }
        let moved = self.bytes_moved();
        self.finish_transfer()?;
        Ok(offset + moved)
    }

    fn report(&mut self, length: u64, progress: &mut impl FnMut(u64) -> bool) -> Result<()> {
        if progress(length) {
            return Ok(());
        }
        Err(self.abort_because(Error::Cancelled(Failure::new("stopped by the progress callback"))))
    }

    pub(super) fn abort_because(&mut self, mut error: Error) -> Error {
        error.set_bytes_moved(self.bytes_moved());
        self.abort_transfer();
        error
    }
}

/// A folder can be opened, but not read: that would show only when the remote file is truncated already.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(rustix::io::Errno::ISDIR.into()),
        false => Ok(file),
    }
}

pub(super) fn not_written(error: io::Error) -> Error {
    Error::Local(Failure::new("what was received could not be written").with_cause(error))
}

pub(super) fn not_read(error: io::Error) -> Error {
    Error::Local(
        Failure::new("what was to be sent could not be read; the upload was aborted").with_cause(error),
    )
}

pub(super) fn not_opened(error: io::Error, path: &Path) -> Error {
    Error::Local(Failure::new(format!("{} could not be opened", path.display())).with_cause(error))
}
