use crate::client::FtpsClient;
use crate::protocol::listing::{ListingFormat, ListingItem};
use crate::{Error, Failure, Result};
use std::path::Path;
pub(super) trait Pending: Sized {
    fn list_each(&mut self, path: &[u8], item: impl FnMut(ListingItem) -> bool) -> Result<()>;
    fn list_each_with(
        &mut self,
        verb: &str,
        path: &[u8],
        format: ListingFormat,
        item: impl FnMut(ListingItem) -> bool,
    ) -> Result<()>;
    fn upload_file_with_progress(
        &mut self,
        local: &Path,
        remote: &[u8],
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64>;
    fn download_file_with_progress(
        &mut self,
        remote: &[u8],
        local: &Path,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64>;
}
impl Pending for FtpsClient {
    fn list_each(&mut self, path: &[u8], mut item: impl FnMut(ListingItem) -> bool) -> Result<()> {
        let listing = self.list(path)?;
        for e in listing.entries {
            if !item(ListingItem::Entry(e)) {
                return Err(Error::Cancelled(Failure::new("stop")));
            }
        }
        for e in listing.unparsed {
            if !item(ListingItem::Unparsed(e)) {
                return Err(Error::Cancelled(Failure::new("stop")));
            }
        }
        Ok(())
    }
    fn list_each_with(
        &mut self,
        verb: &str,
        path: &[u8],
        format: ListingFormat,
        mut item: impl FnMut(ListingItem) -> bool,
    ) -> Result<()> {
        let listing = self.list_with(verb, path, format)?;
        for e in listing.entries {
            item(ListingItem::Entry(e));
        }
        for e in listing.unparsed {
            item(ListingItem::Unparsed(e));
        }
        Ok(())
    }
    fn upload_file_with_progress(
        &mut self,
        local: &Path,
        remote: &[u8],
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let mut f =
            std::fs::File::open(local).map_err(|e| Error::Local(Failure::new("open").with_cause(e)))?;
        self.upload_from(remote, &mut f, progress)
    }
    fn download_file_with_progress(
        &mut self,
        remote: &[u8],
        local: &Path,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let mut f =
            std::fs::File::create(local).map_err(|e| Error::Local(Failure::new("open").with_cause(e)))?;
        self.download_to(remote, &mut f, progress)
    }
}
