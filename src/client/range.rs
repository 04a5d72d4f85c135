//! Parts of files.

use super::files::not_written;
use super::{Direction, FtpsClient};
use crate::Result;
use std::io::Write;

impl FtpsClient {
    /// Receives `length` bytes of a file from byte `offset` on into `sink` and returns how many came: fewer only where
    /// the file ends before. The rest of the file is not transferred: the data connection is reset, and the
    /// connection is usable afterwards. Needs TYPE I.
    pub fn download_range(
        &mut self,
        path: impl AsRef<[u8]>,
        offset: u64,
        length: u64,
        sink: &mut dyn Write,
    ) -> Result<u64> {
        self.check_binary()?;
        self.in_steps(|client| {
            client.open_transfer(Direction::Download, "RETR", path, offset)?;
            let mut left = length;
            while left > 0 {
                let wanted = usize::try_from(left).unwrap_or(usize::MAX);
                let count = client.pull(|piece| {
                    let piece = &piece[..piece.len().min(wanted)];
                    sink.write_all(piece).map(|()| piece.len()).map_err(not_written)
                })?;
                if count == 0 {
                    client.finish_transfer()?;
                    return Ok(length - left);
                }
                left -= count as u64;
            }
            client.stop_transfer()?;
            sink.flush().map_err(not_written)?;
            Ok(length)
        })
    }

    /// Ends the open download, of which the caller has enough, and waits until the connection is fit for the next
    /// command: the data connection is reset, and the server's replies are read, after ABOR where it is silent.
    /// [`abort_transfer`](Self::abort_transfer) leaves the waiting to the next command.
    pub fn stop_transfer(&mut self) -> Result<()> {
        self.abort_transfer();
        self.counted(|client| client.control.settle())
    }
}
