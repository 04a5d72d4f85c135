//! Listings piece by piece, and whole files.

use crate::callbacks::Callbacks;
use crate::encode;
use crate::errors::{invalid, Problem};
use crate::options::{atomic_upload, local_path};
use crate::session::OpenClient;
use ftps::protocol::ListingItem;
use jni::objects::JObject;
use jni::refs::Global;

/// Entries that Java gets at a time, at least: fewer calls, and memory that does not grow with the directory.
const BATCH: usize = 256;

impl OpenClient {
    /// Begins a listing: names only (NLST), or entries by the best verb that the server has.
    pub fn open_listing(&mut self, path: &[u8], names_only: bool) -> Result<(), Problem> {
        self.parser = Some(match names_only {
            false => self.client.open_listing(path)?,
            true => self.client.open_names(path)?,
        });
        Ok(())
    }

    /// The next entries, or none at the end, which the server has then confirmed.
    pub fn next_entries(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let Some(mut parser) = self.parser.take() else { return Ok(None) };
        let mut items: Vec<ListingItem> = Vec::new();
        while items.len() < BATCH {
            let count = self.client.take_data(|piece| parser.push(piece).map(|()| piece.len()))?;
            if count == 0 {
                self.client.finish_transfer()?;
                parser.finish()?;
                items.extend(std::iter::from_fn(|| parser.next_item()));
                return Ok((!items.is_empty()).then(|| encode::items(&items)));
            }
            items.extend(std::iter::from_fn(|| parser.next_item()));
        }
        self.parser = Some(parser);
        Ok(Some(encode::items(&items)))
    }

    pub fn abort(&mut self) {
        self.parser = None;
        self.walker = None;
        self.client.abort_transfer();
    }

    /// Sends or receives a local file in the way of number `way`: `FileTransfers.java`. `options` are those of an atomic upload, and
    /// otherwise empty; `progress` is a `LongConsumer`, if there is one.
    pub fn transfer_file(
        &mut self,
        way: i32,
        local: &[u8],
        remote: &[u8],
        options: &[u8],
        callbacks: &Callbacks,
        progress: Option<&Global<JObject<'static>>>,
    ) -> Result<u64, Problem> {
        let local = local_path(local);
        let report = |moved| progress.is_none_or(|consumer| callbacks.progress(consumer, moved));
        Ok(match way {
            0 => self.client.download_file_with_progress(remote, local, report)?,
            1 => self.client.upload_file_with_progress(local, remote, report)?,
            2 => self.client.download_resuming(remote, local, report)?,
            3 => self.client.upload_resuming(local, remote, report)?,
            4 => self.client.upload_file_atomically(local, remote, &atomic_upload(options)?, report)?,
            _ => return Err(invalid("no such way: jar and native library do not belong together")),
        })
    }
}
