//! One step of a plan, done.

use super::compare::exact_time;
use super::local_root::LocalRoot;
use super::plan::{Action, ActionKind, Plan, Reason};
use super::remote_path::join;
use crate::client::{AtomicUpload, Direction};
use crate::{Error, Failure, FtpsClient, Result};
use std::io::{Seek, SeekFrom};

/// What a step did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub bytes: u64,
    /// The server did not set the time of an upload.
    pub time_not_set: bool,
}

impl Plan {
    /// Does one step. `progress` is as in [`FtpsClient::download_to`].
    pub(super) fn perform(
        &self,
        action: &Action,
        client: &mut FtpsClient,
        local: &LocalRoot,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<Done> {
        let remote = join(&self.remote, &action.path);
        let is_upload = self.direction == Direction::Upload;
        match action.kind {
            ActionKind::Upload => return self.upload(action, client, local, progress),
            ActionKind::Download => return self.download(action, client, local, progress),
            // The local root is made when it is opened.
            ActionKind::CreateDirectory if !is_upload && action.path.is_empty() => {}
            ActionKind::CreateDirectory if is_upload => drop(client.make_directory(remote)?),
            ActionKind::CreateDirectory => local.make_directory(&action.path)?,
            ActionKind::DeleteFile if is_upload => client.delete(remote)?,
            ActionKind::DeleteFile if action.reason == Reason::Abandoned => {
                local.remove_abandoned(&action.path)?
            }
            ActionKind::DeleteFile => local.remove_file(&action.path)?,
            ActionKind::DeleteDirectory if is_upload => client.remove_directory(remote)?,
            ActionKind::DeleteDirectory => local.remove_directory(&action.path)?,
            ActionKind::Skip => {}
        }
        Ok(Done::default())
    }

    fn upload(
        &self,
        action: &Action,
        client: &mut FtpsClient,
        local: &LocalRoot,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<Done> {
        let remote = join(&self.remote, &action.path);
        let mut file = local.open_file(&action.path)?;
        let modified = file.metadata().and_then(|metadata| metadata.modified());
        let bytes = match self.atomic_uploads {
            true => client.upload_atomically(
                &remote,
                &mut file,
                &AtomicUpload::default().replace(true),
                progress,
            )?,
            false => client.upload_from_seekable(&remote, &mut file, progress)?,
        };
        let length = file.seek(SeekFrom::End(0)).unwrap_or(bytes);
        if length != bytes {
            let message = "the local file changed while it was sent: mirror it again";
            return Err(Error::Local(Failure::new(message).with_bytes_moved(bytes)));
        }
        let time_not_set = match modified {
            Err(_) => true,
            Ok(time) => match client.set_modification_time(&remote, time) {
                Ok(()) => false,
                Err(error) if error.reply().is_some() && client.is_usable() => {
                    log::info!("the server does not set the time of {}: {error}", remote.escape_ascii());
                    true
                }
                Err(error) => return Err(error),
            },
        };
        Ok(Done { bytes, time_not_set })
    }

    fn download(
        &self,
        action: &Action,
        client: &mut FtpsClient,
        local: &LocalRoot,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<Done> {
        let remote = join(&self.remote, &action.path);
        // Asked before: a file that changes meanwhile is then found older the next time.
        let modified = exact_time(client, &remote, action.modified)?;
        let mut file = local.begin_file(&action.path)?;
        let bytes = client.download_to(&remote, &mut file, progress)?;
        file.put_in_place(modified.map(|time| time.seconds))?;
        Ok(Done { bytes, time_not_set: false })
    }
}
