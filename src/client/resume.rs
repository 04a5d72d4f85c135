//! Transfers that go on where an earlier one ended (REST, RFC 3659 section 5).

use super::files::{not_opened, not_read, not_written, open_file};
use super::listings::is_unknown_command;
use super::overlap::{Overlap, Received, OVERLAP};
use super::{Direction, FtpsClient};
use crate::{Error, Failure, Result};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

impl FtpsClient {
    /// Receives what the local file does not have yet, and returns its length then. Where there is no local file it
    /// is created.
    ///
    /// The last 4096 bytes of the local file are compared with the remote one before anything is written: where they
    /// differ, or the remote file is the shorter one, the error is [`Error::Mismatch`] and the local file is as it was.
    /// A resumed transfer that fails later leaves what had arrived, and can be resumed again. `progress` sees the length
    /// of the local file; `false` stops the transfer with [`Error::Cancelled`]. Needs TYPE I.
    pub fn download_resuming(
        &mut self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        self.check_binary()?;
        let (remote, local) = (remote.as_ref(), local.as_ref());
        let mut file = open_for_more(local).map_err(|error| not_opened(error, local))?;
        let received = what_is_there(&mut file).map_err(|error| not_opened(error, local))?;
        self.in_steps(|client| {
            client.check_not_longer(remote, received.length())?;
            client.receive_rest(remote, received, progress, |new| file.write_all(new).map_err(not_written))
        })
    }

    /// Sends what the remote file does not have yet, and returns the length of both. Where there is no remote file,
    /// all is sent.
    ///
    /// The last 4096 bytes of the remote file are read and compared with the local one before anything is sent: where
    /// they differ, or the local file is the shorter one, the error is [`Error::Mismatch`] and the remote file is as it
    /// was. Then come REST and STOR, or APPE where the server refuses that. At the end the server has to tell the local
    /// file's length (SIZE), or the error is [`Error::Mismatch`] too. `progress` sees the length of the remote file;
    /// `false` stops the transfer with [`Error::Cancelled`]. Needs TYPE I.
    pub fn upload_resuming(
        &mut self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        self.check_binary()?;
        let (remote, local) = (remote.as_ref(), local.as_ref());
        let mut file = open_file(local).map_err(|error| not_opened(error, local))?;
        let length = file.metadata().map_err(|error| not_opened(error, local))?.len();
        self.retrying(|client, attempts| {
            let offset = client.remote_part(remote, &mut file, 0, length)?;
            if offset == Some(length) {
                return Ok(length);
            }
            let offset = offset.unwrap_or(0);
            attempts.note_progress(offset);
            client.open_rest(remote, offset)?;
            client.send_from(&mut file, 0, offset, &mut progress)?;
            client.check_size(remote, length)?;
            Ok(length)
        })
    }

    /// Where an upload that replaces the remote file goes on: at its beginning, unless an earlier attempt (`begun`, with
    /// the size before it) has left a part. A size that has not changed may be that of the old file: some servers
    /// receive into a file of their own first.
    pub(super) fn upload_offset(
        &mut self,
        remote: &[u8],
        source: &mut (impl Read + Seek),
        start: u64,
        begun: &mut Option<Option<u64>>,
    ) -> Result<u64> {
        if self.settings.retry.is_none() || self.check_binary().is_err() {
            return Ok(0);
        }
        let size = match self.size_if_there(remote) {
            Err(error) if is_unknown_command(&error) => return Ok(0),
            size => size?,
        };
        let Some(before) = *begun else {
            *begun = Some(size);
            return Ok(0);
        };
        if size.is_none() || size == before {
            return Ok(0);
        }
        let length = source.seek(SeekFrom::End(0)).map_err(not_read)?.saturating_sub(start);
        match self.remote_part(remote, source, start, length) {
            Err(Error::Mismatch(failure)) => {
                log::info!("beginning anew: {}", failure.message());
                Ok(0)
            }
            offset => Ok(offset?.unwrap_or(0)),
        }
    }

    /// The length of the remote file, where that is the beginning of `source` as far as its last bytes tell. None where
    /// there is no remote file.
    fn remote_part(
        &mut self,
        remote: &[u8],
        source: &mut (impl Read + Seek),
        start: u64,
        length: u64,
    ) -> Result<Option<u64>> {
        let Some(size) = self.size_if_there(remote)? else { return Ok(None) };
        if size > length {
            return Err(Error::Mismatch(Failure::new(format!(
                "the remote file has {size} bytes and the local one only {length}: nothing to resume; neither was changed"
            ))));
        }
        let end = end_of(source, start + size, size).map_err(not_read)?;
        let mut overlap = Overlap::new(end);
        if size > 0 {
            self.open_transfer(Direction::Download, "RETR", remote, size.saturating_sub(OVERLAP))?;
            while self.pull(|piece| match overlap.new_part(piece)? {
                [] => Ok(piece.len()),
                _ => Err(Error::Mismatch(Failure::new(
                    "the remote file is growing: somebody else writes to it",
                ))),
            })? > 0
            {}
            // First whether this is the file's end: the connection may have been cut before it.
            self.finish_transfer()?;
            overlap.check_complete()?;
        }
        Ok(Some(size))
    }

    /// Opens the upload of what comes behind `offset`.
    pub(super) fn open_rest(&mut self, remote: &[u8], offset: u64) -> Result<()> {
        match self.open_transfer(Direction::Upload, "STOR", remote, offset) {
            Err(error) if offset > 0 && is_restart_refusal(&error) && self.is_usable() => {
                log::info!("APPE in place of REST and STOR: {error}");
                self.open_transfer(Direction::Upload, "APPE", remote, 0)
            }
            outcome => outcome,
        }
    }

    pub(super) fn check_size(&mut self, remote: &[u8], length: u64) -> Result<()> {
        match self.size(remote)? {
            size if size == length => Ok(()),
            size => Err(Error::Mismatch(Failure::new(format!(
                "the server has {size} bytes after an upload that should have made it {length}"
            )))),
        }
    }

    /// A server that does not know SIZE leaves it to the comparison.
    fn check_not_longer(&mut self, remote: &[u8], length: u64) -> Result<()> {
        match self.size(remote) {
            Ok(size) if size < length => Err(Error::Mismatch(Failure::new(format!(
                "the local file has {length} bytes and the remote one only {size}: nothing to resume; neither was changed"
            )))),
            Err(error) if !is_unknown_command(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// SIZE; none for a file that is not there (550).
    pub(super) fn size_if_there(&mut self, remote: &[u8]) -> Result<Option<u64>> {
        match self.size(remote) {
            Ok(size) => Ok(Some(size)),
            Err(error) if error.reply().is_some_and(|reply| reply.code() == 550) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// In other types line ends are converted, and no offset means the same on both sides.
    pub(super) fn check_binary(&self) -> Result<()> {
        match &self.login {
            Some(login) if login.representation != "I" => Err(Error::WrongState(Failure::new(
                "a transfer can be resumed in TYPE I alone: call set_type(\"I\")",
            ))),
            _ => Ok(()),
        }
    }
}

/// REST itself was refused, or STOR after it: ProFTPD without `AllowStoreRestart` says 451.
fn is_restart_refusal(error: &Error) -> bool {
    error.reply().is_some_and(|reply| matches!(reply.code(), 451 | 500..=504))
}

fn open_for_more(path: &Path) -> std::io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(path)
}

/// How long the file is and how it ends. It then stands at its end.
fn what_is_there(file: &mut File) -> std::io::Result<Received> {
    let length = file.seek(SeekFrom::End(0))?;
    Ok(Received::new(length, end_of(file, length, length)?))
}

/// The last bytes before `position`, at most those of an overlap, of the `length` that are there.
fn end_of(source: &mut (impl Read + Seek), position: u64, length: u64) -> std::io::Result<Vec<u8>> {
    let count = length.min(OVERLAP);
    source.seek(SeekFrom::Start(position - count))?;
    let mut end = Vec::new();
    source.take(count).read_to_end(&mut end)?;
    match end.len() as u64 == count {
        true => Ok(end),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}
