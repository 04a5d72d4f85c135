//! The life of a transfer (`docs/design.md`, section 3).

mod ending;
mod opening;
mod pace;
mod payload;
mod recovery;
mod text;

pub use pace::RateLimits;
pub use text::LineEnds;

pub(super) use pace::Pace;
pub(super) use recovery::FailedUpload;
pub(super) use text::Text;

use super::data::DataConnection;
use super::FtpsClient;
use crate::protocol::{Command, Reply};
use crate::{Error, Failure, Result};

/// What leaves nothing behind but files. Any other verb may change what a new login could not restore.
const TRANSFER_VERBS: [&str; 7] = ["RETR", "STOR", "APPE", "STOU", "LIST", "NLST", "MLSD"];

/// What can be opened again after it was refused or the connection was lost. (STOU would make a second file.)
const REPEATABLE_VERBS: [&str; 6] = ["RETR", "STOR", "APPE", "LIST", "NLST", "MLSD"];

/// Which way the payload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the server: RETR, LIST, MLSD, NLST.
    Download,
    /// To the server: STOR, APPE, STOU.
    Upload,
}

/// The open transfer of a client.
pub(super) struct Transfer {
    request: Request,
    data: DataConnection,
    moved: u64,
    /// At how many bytes the control connection was looked at last.
    glanced: u64,
    /// What became of bytes that were taken and then could not be written.
    write_failure: Option<Error>,
    final_reply: Option<Reply>,
    /// What the preliminary reply promised: `150 ... (1234 bytes)`.
    promised: Option<u64>,
    /// All that was written so far, while that can still be sent again.
    replay: Option<Vec<u8>>,
}

/// What to transfer, and what was tried already to have it accepted.
#[derive(Clone)]
struct Request {
    direction: Direction,
    command: Command,
    offset: u64,
    other_kind_tried: bool,
    relogin_tried: bool,
    /// The reply that refused the session, if one came.
    refused_by: Option<Reply>,
}

impl Transfer {
    /// Leaves the data connection to another process.
    pub fn abandon(self) {
        self.data.close();
    }
}

impl FtpsClient {
    /// Opens a transfer of any verb. Read or write it with [`read_data`](Self::read_data) and
    /// [`write_data`](Self::write_data), and end it with [`finish_transfer`](Self::finish_transfer) or
    /// [`abort_transfer`](Self::abort_transfer).
    ///
    /// After a verb that this client does not know, silent re-login is off, as after
    /// [`raw_command`](Self::raw_command).
    ///
    /// `offset` other than 0 is announced with REST directly before the command (RFC 3659 section 5). This is
    /// the form that foreign languages build on; in Rust, [`download`](Self::download) and
    /// [`upload`](Self::upload) are safer.
    pub fn open_transfer(
        &mut self,
        direction: Direction,
        verb: &str,
        argument: impl AsRef<[u8]>,
        offset: u64,
    ) -> Result<()> {
        let command = Command::new(verb, argument)?;
        self.check_idle()?;
        self.check_has_logged_in()?;
        self.failed_upload = None;
        if let Some(login) = self.login.as_mut().filter(|_| !TRANSFER_VERBS.contains(&command.verb())) {
            login.unknown_changes = true;
        }
        if offset > 0 {
            self.check_binary()?;
        }
        self.text = self.text_for(command.verb());
        let request = Request {
            direction,
            command,
            offset,
            other_kind_tried: false,
            relogin_tried: false,
            refused_by: None,
        };
        self.retrying(|client, attempts| {
            if !REPEATABLE_VERBS.contains(&request.command.verb()) {
                attempts.make_last();
            }
            client.operation(|client| client.open(request.clone()))
        })
    }

    /// Payload bytes that the open transfer has moved; 0 when there is none.
    pub fn bytes_moved(&self) -> u64 {
        self.transfer.as_ref().map_or(0, |transfer| transfer.moved)
    }

    /// Whether the open transfer's data connection resumed the control connection's session.
    pub fn is_resumed(&self) -> Option<bool> {
        self.transfer.as_ref().and_then(|transfer| transfer.data.session.resumed())
    }

    /// Reads payload of the open download. 0 is its end; [`finish_transfer`](Self::finish_transfer) tells
    /// whether it is complete. After an error the transfer is over.
    pub fn read_data(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if buffer.is_empty() {
            return self.check_open(Direction::Download).map(|()| 0);
        }
        self.take_data(|piece| {
            let count = piece.len().min(buffer.len());
            buffer[..count].copy_from_slice(&piece[..count]);
            Ok(count)
        })
    }

    /// The same without a copy: shows the next piece of payload to `sink`, which says how many of its bytes
    /// it took. `sink` is not called at the end; its error ends the transfer.
    pub fn take_data(&mut self, sink: impl FnOnce(&[u8]) -> Result<usize>) -> Result<usize> {
        self.check_open(Direction::Download)?;
        self.pull(sink)
    }

    /// Writes payload of the open upload and returns how many bytes were taken, at least one. After an error
    /// the transfer is over.
    pub fn write_data(&mut self, bytes: &[u8]) -> Result<usize> {
        self.check_open(Direction::Upload)?;
        match (bytes.is_empty(), &self.text) {
            (true, _) => Ok(0),
            (false, None) => self.write_wire(bytes),
            (false, Some(_)) => self.write_text(bytes),
        }
    }

    fn write_wire(&mut self, bytes: &[u8]) -> Result<usize> {
        loop {
            let outcome = self.counted(|client| client.push(bytes));
            match outcome {
                Ok(count) => return Ok(count),
                Err(error) => self.fail_or_replay(error)?,
            }
        }
    }

    /// Writes all of `bytes` to the open upload. After an error the transfer is over.
    pub fn write_all_data(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let taken = self.write_data(bytes)?;
            bytes = &bytes[taken..];
        }
        Ok(())
    }

    /// Ends the open transfer: the payload is complete, and the server has to agree. The transfer is over
    /// afterwards, whatever the outcome.
    pub fn finish_transfer(&mut self) -> Result<Reply> {
        match self.transfer.as_ref().map(|transfer| transfer.request.direction) {
            None => Err(Error::WrongState(Failure::new("no transfer is open"))),
            Some(Direction::Download) => {
                let outcome = self.counted(Self::finish_download);
                outcome.map_err(|error| self.fail(error))
            }
            Some(Direction::Upload) => loop {
                match self.counted(Self::finish_upload) {
                    Ok(reply) => return Ok(reply),
                    Err(error) => self.fail_or_replay(error)?,
                }
            },
        }
    }

    /// Gives the open transfer up. The data connection is reset, so that the server cannot take a part for
    /// the whole; its reply is read before the next command. Does nothing when no transfer is open.
    pub fn abort_transfer(&mut self) {
        let Some(transfer) = self.transfer.take() else { return };
        if transfer.final_reply.is_none() {
            self.control.mark_unsettled();
        }
    }

    fn check_open(&self, direction: Direction) -> Result<()> {
        match &self.transfer {
            Some(transfer) if transfer.request.direction == direction => Ok(()),
            Some(_) => Err(Error::WrongState(Failure::new("the open transfer goes the other way"))),
            None => Err(Error::WrongState(Failure::new("no transfer is open"))),
        }
    }
}
