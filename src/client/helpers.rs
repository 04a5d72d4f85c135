//! Whole transfers in one call.

use super::{Direction, FtpsClient};
use crate::protocol::listing::{Entry, ListingFormat, ListingItem, ListingParser};
use crate::{Error, Failure, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Bytes read from the caller's source at a time.
const CHUNK: usize = 128 * 1024;

/// A directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The entries, in the server's order.
    pub entries: Vec<Entry>,
    /// Lines that were not understood, as they came.
    pub unparsed: Vec<Vec<u8>>,
}

impl FtpsClient {
    /// The entries of a directory, with MLSD where the server has it, else LIST. An empty path is the current directory.
    pub fn list(&mut self, path: impl AsRef<[u8]>) -> Result<Listing> {
        match self.features.has("MLST") || self.features.has("MLSD") {
            true => self.list_with("MLSD", path, ListingFormat::Mlsx),
            false => self.list_with("LIST", path, ListingFormat::Auto),
        }
    }

    /// The names in a directory (NLST).
    pub fn names(&mut self, path: impl AsRef<[u8]>) -> Result<Vec<Vec<u8>>> {
        let listing = self.list_with("NLST", path, ListingFormat::Names)?;
        Ok(listing.entries.iter().map(|entry| entry.name_bytes().to_vec()).collect())
    }

    /// A listing by a verb and in a format of the caller's choice.
    pub fn list_with(
        &mut self,
        verb: &str,
        path: impl AsRef<[u8]>,
        format: ListingFormat,
    ) -> Result<Listing> {
        self.open_transfer(Direction::Download, verb, path, 0)?;
        let mut parser = ListingParser::new(format, self.settings.network.wall_clock());
        let mut listing = Listing::default();
        let mut take = |parser: &mut ListingParser| {
            while let Some(item) = parser.next_item() {
                match item {
                    ListingItem::Entry(entry) => listing.entries.push(entry),
                    ListingItem::Unparsed(line) => listing.unparsed.push(line),
                }
            }
        };
        while self.pull(|piece| parser.push(piece).map(|()| piece.len()))? > 0 {
            take(&mut parser);
        }
        self.finish_transfer()?;
        parser.finish()?;
        take(&mut parser);
        Ok(listing)
    }

    /// Receives a file into `sink` and returns its length. `progress` sees the bytes moved so far; `false` stops the
    /// transfer with [`Error::Cancelled`].
    pub fn download_to(
        &mut self,
        path: impl AsRef<[u8]>,
        sink: &mut dyn Write,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        self.open_transfer(Direction::Download, "RETR", path, 0)?;
        let mut write = |piece: &[u8]| {
            sink.write_all(piece).map(|()| piece.len()).map_err(|error| {
                Error::Local(Failure::new("what was received could not be written").with_cause(error))
            })
        };
        while self.pull(&mut write)? > 0 {
            self.report(&mut progress)?;
        }
        let moved = self.bytes_moved();
        self.finish_transfer()?;
        sink.flush().map_err(|error| {
            Error::Local(Failure::new("what was received could not be written").with_cause(error))
        })?;
        Ok(moved)
    }

    /// Sends all of `source` and returns its length. When the source fails the transfer is aborted, and the server does not
    /// take the part for the whole.
    pub fn upload_from(
        &mut self,
        path: impl AsRef<[u8]>,
        source: &mut dyn Read,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        self.open_transfer(Direction::Upload, "STOR", path, 0)?;
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let moved = self.bytes_moved();
                    self.abort_transfer();
                    return Err(Error::Local(
                        Failure::new("what was to be sent could not be read; the upload was aborted")
                            .with_cause(error)
                            .with_bytes_moved(moved),
                    ));
                }
            };
            self.write_all_data(&buffer[..count])?;
            self.report(&mut progress)?;
        }
        let moved = self.bytes_moved();
        self.finish_transfer()?;
        Ok(moved)
    }

    /// Receives into a local file, which is created or replaced. A failed download leaves what had arrived.
    pub fn download_file(&mut self, remote: impl AsRef<[u8]>, local: impl AsRef<Path>) -> Result<u64> {
        let mut file = File::create(&local).map_err(|error| local_file(error, local.as_ref()))?;
        self.download_to(remote, &mut file, |_| true)
    }

    /// Sends a local file.
    pub fn upload_file(&mut self, local: impl AsRef<Path>, remote: impl AsRef<[u8]>) -> Result<u64> {
        let mut file = File::open(&local).map_err(|error| local_file(error, local.as_ref()))?;
        self.upload_from(remote, &mut file, |_| true)
    }

    fn report(&mut self, progress: &mut impl FnMut(u64) -> bool) -> Result<()> {
        let moved = self.bytes_moved();
        if progress(moved) {
            return Ok(());
        }
        self.abort_transfer();
        let failure = Failure::new("stopped by the progress callback").with_bytes_moved(moved);
        Err(Error::Cancelled(failure))
    }
}

fn local_file(error: std::io::Error, path: &Path) -> Error {
    Error::Local(Failure::new(format!("{} could not be opened", path.display())).with_cause(error))
}
