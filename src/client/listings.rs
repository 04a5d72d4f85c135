//! Directories, as they arrive or as a whole.

use super::commands::is_not_implemented;
use super::{Direction, FtpsClient};
use crate::protocol::listing::{Entry, ListingFormat, ListingItem, ListingParser};
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
    /// The entries of a directory, with MLSD where the server has it, else LIST. An empty path is the current
    /// directory.
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
        if self.has_mlsd() {
            match self.open_listing_with("MLSD", path, ListingFormat::Mlsx) {
                // Some servers name in FEAT what a proxy or a setting has taken away.
                Err(error) if is_not_implemented(&error) && self.is_usable() => {
                    log::info!("LIST in place of MLSD, which FEAT names: {error}");
                    if let Some(login) = &mut self.login {
                        login.mlsd_unknown = true;
                    }
                }
                outcome => return outcome,
            }
        }
        self.open_listing_with("LIST", path, ListingFormat::Auto)
    }

    fn open_listing_with(
        &mut self,
        verb: &str,
        path: impl AsRef<[u8]>,
        format: ListingFormat,
    ) -> Result<ListingParser> {
        self.open_transfer(Direction::Download, verb, path, 0)?;
        Ok(ListingParser::new(format, self.settings.network.wall_clock()))
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
