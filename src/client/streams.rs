//! Transfers as `Read` and `Write` values.

use super::{Direction, FtpsClient};
use crate::protocol::Reply;
use crate::Result;
use std::io;

/// A file that is being received. Dropping it before [`finish`](Self::finish) aborts the transfer.
#[must_use = "a download is complete only when `finish` says so"]
#[derive(Debug)]
pub struct Download<'a> {
    client: &'a mut FtpsClient,
}

/// A file that is being sent. Dropping it before [`finish`](Self::finish) aborts the transfer: the connection
/// is reset, and the server is not told that this was all.
#[must_use = "an upload is complete only when `finish` says so"]
#[derive(Debug)]
pub struct Upload<'a> {
    client: &'a mut FtpsClient,
}

impl FtpsClient {
    /// Receives a file (RETR), from byte `offset` on.
    pub fn download(&mut self, path: impl AsRef<[u8]>, offset: u64) -> Result<Download<'_>> {
        self.open_transfer(Direction::Download, "RETR", path, offset)?;
        Ok(Download { client: self })
    }

    /// Sends a file (STOR), which replaces what is there, or with an `offset` its end from that byte on.
    pub fn upload(&mut self, path: impl AsRef<[u8]>, offset: u64) -> Result<Upload<'_>> {
        self.open_transfer(Direction::Upload, "STOR", path, offset)?;
        Ok(Upload { client: self })
    }

    /// Appends to a file (APPE).
    pub fn append(&mut self, path: impl AsRef<[u8]>) -> Result<Upload<'_>> {
        self.open_transfer(Direction::Upload, "APPE", path, 0)?;
        Ok(Upload { client: self })
    }
}

impl Download<'_> {
    /// Whether the data connection resumed the control connection's TLS session.
    pub fn is_resumed(&self) -> bool {
        self.client.is_resumed() == Some(true)
    }

    /// Confirms the end: the server's close_notify and its 2xx. Fails when there is unread payload.
    pub fn finish(self) -> Result<Reply> {
        self.client.finish_transfer()
    }
}

impl Upload<'_> {
    /// Whether the data connection resumed the control connection's TLS session.
    pub fn is_resumed(&self) -> bool {
        self.client.is_resumed() == Some(true)
    }

    /// Ends the file, and waits for the server's 2xx.
    pub fn finish(self) -> Result<Reply> {
        self.client.finish_transfer()
    }
}

impl io::Read for Download<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.client.read_data(buffer)?)
    }
}

impl io::Write for Upload<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(self.client.write_data(bytes)?)
    }

    /// Nothing is held back here; only [`finish`](Upload::finish) makes a file complete.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Download<'_> {
    fn drop(&mut self) {
        self.client.abort_transfer();
    }
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        self.client.abort_transfer();
    }
}
