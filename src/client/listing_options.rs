//! How directories are listed, where the caller has a say in it.

use super::FtpsClient;
use crate::protocol::listing::ListingFormat;
use crate::protocol::Command;
use crate::Result;
use std::time::{Duration, SystemTime};

/// The command that lists a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListingCommand {
    /// MLSD where FEAT names MLST and no other format is wanted, else LIST; NLST for [`ListingFormat::Names`].
    #[default]
    Auto,
    /// MLSD (RFC 3659 section 7), whatever FEAT says.
    Mlsd,
    /// LIST (RFC 959 section 4.1.3).
    List,
    /// NLST: names alone.
    Nlst,
}

impl ListingCommand {
    pub(super) fn verb(self, format: ListingFormat, has_mlsd: bool) -> &'static str {
        match (self, format) {
            (ListingCommand::Mlsd, _) => "MLSD",
            (ListingCommand::List, _) => "LIST",
            (ListingCommand::Nlst, _) | (ListingCommand::Auto, ListingFormat::Names) => "NLST",
            (ListingCommand::Auto, ListingFormat::Auto | ListingFormat::Mlsx) if has_mlsd => "MLSD",
            (ListingCommand::Auto, _) => "LIST",
        }
    }
}

/// How [`FtpsClient::list`] and all that builds on it list a directory. The default finds out by itself: from FEAT, from SYST, and
/// from the lines.
///
/// ```no_run
/// # fn main() -> ftps::Result<()> {
/// use ftps::client::{FtpsClient, ListingCommand, ListingOptions};
/// // Hidden files too, of a server whose MLSD leaves them out.
/// let listing = ListingOptions::default().command(ListingCommand::List).arguments("-a");
/// let mut client = FtpsClient::builder("ftp.example.org").listing(listing).connect()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ListingOptions {
    pub(super) command: ListingCommand,
    pub(super) format: ListingFormat,
    pub(super) arguments: String,
    server_clock: Option<i64>,
}

impl ListingOptions {
    /// The command (default: [`ListingCommand::Auto`]).
    pub fn command(mut self, command: ListingCommand) -> Self {
        self.command = command;
        self
    }

    /// How the lines are read (default: [`ListingFormat::Auto`]).
    pub fn format(mut self, format: ListingFormat) -> Self {
        self.format = format;
        self
    }

    /// What goes between LIST or NLST and the path, for instance `-a`, which has many servers show hidden files (default:
    /// nothing). MLSD takes no such arguments. Sent as it is, though no server has to understand it.
    pub fn arguments(mut self, arguments: impl Into<String>) -> Self {
        self.arguments = arguments.into();
        self
    }

    /// What the server's clock shows, in its own time zone, in seconds ahead of UTC by this machine's clock: 3600 for a server in
    /// Central Europe in winter (default: `None`, not known).
    ///
    /// `ls` leaves the year out of recent dates, and this clock then tells which year it is. Where it is not known, such a date is
    /// the latest that is at most two days ahead of this machine's clock, which is right for every time zone; so it is
    /// needed only for a server whose clock is wrong. It is not guessed: nothing that a server sends tells its time zone
    /// for certain. Times stay in the server's zone either way (see
    /// [`Timestamp::is_utc`](crate::protocol::Timestamp::is_utc)), since summer time may have begun or ended since.
    pub fn server_clock(mut self, seconds_ahead_of_utc: impl Into<Option<i64>>) -> Self {
        self.server_clock = seconds_ahead_of_utc.into();
        self
    }

    /// Fails with [`Error::InvalidArgument`](crate::Error::InvalidArgument) where the arguments could not be sent.
    pub(crate) fn check(&self) -> Result<()> {
        Command::new("LIST", &self.arguments).map(drop)
    }

    /// What the server's clock shows, counted as if it were UTC, where that is known and can be told.
    pub(super) fn server_time(&self, now: SystemTime) -> Option<SystemTime> {
        let offset = self.server_clock?;
        let distance = Duration::from_secs(offset.unsigned_abs());
        if offset < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        }
    }

    /// The argument of LIST or NLST. A path that begins with `-` would be taken for options, and one that begins with a blank
    /// for one without.
    pub(super) fn argument(&self, path: &[u8]) -> Vec<u8> {
        let path = match path {
            [b'-' | b' ', ..] => [b"./", path].concat(),
            _ => path.to_vec(),
        };
        match (self.arguments.as_bytes(), path.is_empty()) {
            (b"", _) => path,
            (arguments, true) => arguments.to_vec(),
            (arguments, false) => [arguments, b" ", &path].concat(),
        }
    }
}

impl FtpsClient {
    /// How directories are listed from now on.
    ///
    /// Fails with [`Error::InvalidArgument`](crate::Error::InvalidArgument) where the arguments contain a line end or NUL.
    pub fn set_listing(&mut self, options: ListingOptions) -> Result<()> {
        options.check()?;
        self.settings.listing = options;
        Ok(())
    }

    /// How directories are listed.
    pub fn listing(&self) -> &ListingOptions {
        &self.settings.listing
    }
}
