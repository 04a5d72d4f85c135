//! Directories, as they arrive or as a whole.

use super::{Direction, FtpsClient, ListingCommand};
use crate::protocol::listing::{Entry, ListingFormat, ListingItem, ListingParser};
use crate::protocol::Command;
use crate::{Error, Failure, Result};

/// A directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The entries, in the server's order.
    pub entries: Vec<Entry>,
    /// Lines that were not understood, as they came.
    pub unparsed: Vec<Vec<u8>>,
}

impl Listing {
    /// True, so that the next one comes.
    fn add(&mut self, item: ListingItem) -> bool {
        match item {
            ListingItem::Entry(entry) => self.entries.push(entry),
            ListingItem::Unparsed(line) => self.unparsed.push(line),
        }
        true
    }
}

impl FtpsClient {
    /// The entries of a directory, by the command and in the format that [`ListingOptions`](super::ListingOptions) choose: by
    /// default MLSD where the server has it, else LIST. An empty path is the current directory.
    ///
    /// Lines that are not understood are in [`Listing::unparsed`]: the directory then has more than the entries show.
    pub fn list(&mut self, path: impl AsRef<[u8]>) -> Result<Listing> {
        let path = path.as_ref();
        self.retrying(|client, _| {
            let mut listing = Listing::default();
            client.list_each(path, |item| listing.add(item))?;
            Ok(listing)
        })
    }

    /// The names in a directory (NLST).
    pub fn names(&mut self, path: impl AsRef<[u8]>) -> Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        self.names_each(path, |item| {
            names.push(match item {
                ListingItem::Entry(entry) => entry.name_bytes().to_vec(),
                ListingItem::Unparsed(line) => line,
            });
            true
        })?;
        Ok(names)
    }

    /// Hands over the names in a directory (NLST) as entries of which nothing else is known, as
    /// [`list_each`](Self::list_each) does.
    pub fn names_each(
        &mut self,
        path: impl AsRef<[u8]>,
        each: impl FnMut(ListingItem) -> bool,
    ) -> Result<()> {
        let parser = self.open_names(path)?;
        self.hand_over_all(parser, each)
    }

    /// A listing by a verb and in a format of the caller's choice. `path` goes to the server as it is, so that options of `ls` may
    /// stand before it.
    pub fn list_with(
        &mut self,
        verb: &str,
        path: impl AsRef<[u8]>,
        format: ListingFormat,
    ) -> Result<Listing> {
        let path = path.as_ref();
        self.retrying(|client, _| {
            let mut listing = Listing::default();
            client.list_each_with(verb, path, format, |item| listing.add(item))?;
            Ok(listing)
        })
    }

    /// Hands over what [`list`](Self::list) returns, one by one as it arrives: memory does not grow with the directory.
    ///
    /// When `each` answers `false` the transfer is aborted, and the error is [`Error::Cancelled`]. Whether
    /// the listing was complete is known only when this returns.
    pub fn list_each(&mut self, path: impl AsRef<[u8]>, each: impl FnMut(ListingItem) -> bool) -> Result<()> {
        let parser = self.open_listing(path)?;
        self.hand_over_all(parser, each)
    }

    /// [`list_each`](Self::list_each) by a verb and in a format of the caller's choice.
    pub fn list_each_with(
        &mut self,
        verb: &str,
        path: impl AsRef<[u8]>,
        format: ListingFormat,
        each: impl FnMut(ListingItem) -> bool,
    ) -> Result<()> {
        let parser = self.open_listing_with(verb, path, format)?;
        self.hand_over_all(parser, each)
    }

    /// Opens the transfer of what [`list`](Self::list) returns, and gives the parser for its payload: the form that foreign
    /// languages build on, as [`open_transfer`](Self::open_transfer).
    pub fn open_listing(&mut self, path: impl AsRef<[u8]>) -> Result<ListingParser> {
        let path = path.as_ref();
        let options = &self.settings.listing;
        let (command, format) = (options.command, options.format);
        let verb = command.verb(format, self.has_mlsd());
        if verb == "MLSD" {
            // A format that is forced holds for MLSD too.
            let read_as = if format == ListingFormat::Auto { ListingFormat::Mlsx } else { format };
            match self.open_listing_with(verb, path, read_as) {
                Err(error)
                    if command == ListingCommand::Auto && is_unknown_command(&error) && self.is_usable() =>
                {
                    log::info!("LIST in place of MLSD, which FEAT names: {error}");
                    if let Some(login) = &mut self.login {
                        login.mlsd_unknown = true;
                    }
                }
                outcome => return outcome,
            }
        }
        let options = &self.settings.listing;
        let (verb, argument) = (options.command.verb(format, false), options.argument(path));
        let read_as =
            if verb == "NLST" && format == ListingFormat::Auto { ListingFormat::Names } else { format };
        self.open_listing_with(verb, argument, read_as)
    }

    /// Opens the transfer of what [`names`](Self::names) returns, as [`open_listing`](Self::open_listing).
    pub fn open_names(&mut self, path: impl AsRef<[u8]>) -> Result<ListingParser> {
        let argument = self.settings.listing.argument(path.as_ref());
        self.open_listing_with("NLST", argument, ListingFormat::Names)
    }

    fn open_listing_with(
        &mut self,
        verb: &str,
        path: impl AsRef<[u8]>,
        format: ListingFormat,
    ) -> Result<ListingParser> {
        // A path that cannot be sent is refused before anything is.
        Command::new(verb, &path)?;
        let is_to_be_recognised = format == ListingFormat::Auto && verb.eq_ignore_ascii_case("LIST");
        let expected = if is_to_be_recognised { self.system_format()? } else { ListingFormat::Auto };
        self.open_transfer(Direction::Download, verb, path, 0)?;
        let now = self.settings.network.wall_clock();
        let parser = ListingParser::new(format, now).expecting(expected);
        Ok(match self.settings.listing.server_time(now) {
            Some(clock) => parser.server_clock(clock),
            None => parser,
        })
    }

    /// What SYST promises of the lines of LIST. Asked once in a login, since it costs a round trip.
    fn system_format(&mut self) -> Result<ListingFormat> {
        self.check_idle()?;
        self.check_has_logged_in()?;
        if let Some(known) = self.login.as_ref().and_then(|login| login.system_format) {
            return Ok(known);
        }
        let system = Command::new("SYST", "")?;
        let reply = self.operation(|client| client.control.command(&system))?;
        let format = ListingFormat::of_system(&reply);
        if let Some(login) = &mut self.login {
            login.system_format = Some(format);
        }
        Ok(format)
    }

    fn hand_over_all(
        &mut self,
        mut parser: ListingParser,
        mut each: impl FnMut(ListingItem) -> bool,
    ) -> Result<()> {
        while self.pull(|piece| parser.push(piece).map(|()| piece.len()))? > 0 {
            self.hand_over(&mut parser, &mut each)?;
        }
        self.finish_transfer()?;
        parser.finish()?;
        self.hand_over(&mut parser, &mut each)
    }

    fn hand_over(
        &mut self,
        parser: &mut ListingParser,
        each: &mut impl FnMut(ListingItem) -> bool,
    ) -> Result<()> {
        while let Some(item) = parser.next_item() {
            if !each(item) {
                let moved = self.bytes_moved();
                self.abort_transfer();
                let failure = Failure::new("the listing was stopped by the caller").with_bytes_moved(moved);
                return Err(Error::Cancelled(failure));
            }
        }
        Ok(())
    }

    fn has_mlsd(&self) -> bool {
        let is_unknown = self.login.as_ref().is_some_and(|login| login.mlsd_unknown);
        !is_unknown && (self.features.has("MLST") || self.features.has("MLSD"))
    }
}

/// Some servers name in FEAT what a proxy or a setting has taken away.
pub(super) fn is_unknown_command(error: &Error) -> bool {
    error.reply().is_some_and(|reply| matches!(reply.code(), 500 | 502))
}
