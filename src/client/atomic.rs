//! Uploads that nobody sees half: a temporary name, a check, and then a rename.

use super::budget::Budget;
use super::files::{not_opened, not_read, open_file};
use super::listings::is_unknown_command;
use super::FtpsClient;
use crate::protocol::Command;
use crate::{Error, Failure, Result};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// How long removing a temporary file may take, after the caller has given up.
const CLEARING_UP: Duration = Duration::from_secs(10);

/// How an atomic upload is done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AtomicUpload {
    pattern: String,
    replace: bool,
    verify_hash: bool,
}

impl Default for AtomicUpload {
    fn default() -> Self {
        AtomicUpload { pattern: ".{name}.{random}.tmp".to_owned(), replace: false, verify_hash: false }
    }
}

impl AtomicUpload {
    /// The temporary name, in the directory of the target (default: `.{name}.{random}.tmp`). `{name}` stands for the
    /// target's name and `{random}` for 16 hexadecimal digits.
    pub fn temporary_name(mut self, pattern: impl Into<String>) -> Self {
        self.pattern = pattern.into();
        self
    }

    /// Whether a target that stands in the way of the rename is deleted first (default: no). Most servers rename
    /// onto an existing file, and then this changes nothing. With the others there is no target for a moment; where the
    /// rename fails then too, the error names the temporary file, which has the whole content and is left.
    pub fn replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Whether the content is compared by a hash of the server's too, where it offers one (default: no; its length is
    /// compared).
    pub fn verify_hash(mut self, verify: bool) -> Self {
        self.verify_hash = verify;
        self
    }

    fn temporary_for(&self, target: &[u8], random: u64) -> Result<Vec<u8>> {
        let start = target.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let (directory, name) = target.split_at(start);
        let random = format!("{random:016x}");
        let mut temporary = directory.to_vec();
        let mut rest = self.pattern.as_bytes();
        while let [first, after @ ..] = rest {
            if let Some(after) = rest.strip_prefix(b"{name}") {
                temporary.extend_from_slice(name);
                rest = after;
            } else if let Some(after) = rest.strip_prefix(b"{random}") {
                temporary.extend_from_slice(random.as_bytes());
                rest = after;
            } else {
                temporary.push(*first);
                rest = after;
            }
        }
        if name.is_empty() || self.pattern.is_empty() || self.pattern.contains('/') || temporary == target {
            return Err(Error::InvalidArgument(Failure::new(
                "an atomic upload needs the path of a file, and for the temporary file another name in the same directory",
            )));
        }
        Ok(temporary)
    }
}

impl FtpsClient {
    /// Sends `source` from where it stands to its end, in such a way that the remote path has either what it had before
    /// or all of the new content, whatever happens to the connection or to this process: under a temporary name, whose
    /// length is then compared (SIZE, where the server has it), and which is then renamed (RNFR, RNTO).
    ///
    /// Where that fails the temporary file is deleted; if it cannot be, the error says so with its name. A server that
    /// does not rename onto an existing file refuses unless [`AtomicUpload::replace`] is set. `progress` is as in
    /// [`download_to`](Self::download_to).
    pub fn upload_atomically(
        &mut self,
        remote: impl AsRef<[u8]>,
        source: &mut (impl Read + Seek),
        options: &AtomicUpload,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let temporary = options.temporary_for(remote.as_ref(), self.tls.random()?)?;
        let (from, to) = (Command::new("RNFR", &temporary)?, Command::new("RNTO", remote)?);
        let start = source.stream_position().map_err(not_read)?;
        self.in_steps(|client| {
            let sent = client.upload_from_seekable(&temporary, source, progress);
            sent.and_then(|length| {
                client.check_arrived(&temporary, length)?;
                if options.verify_hash {
                    source.seek(SeekFrom::Start(start)).map_err(not_read)?;
                    client.verify_if_offered(&temporary, source)?;
                }
                client.operation(|client| client.begin_rename(&from, &to))?;
                Ok(length)
            })
            .map_err(|error| client.remove_temporary(&temporary, error))
            .and_then(|length| client.put_in_place(&temporary, &from, &to, options.replace).map(|()| length))
        })
    }

    /// [`upload_atomically`](Self::upload_atomically) of a local file.
    pub fn upload_file_atomically(
        &mut self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        options: &AtomicUpload,
        progress: impl FnMut(u64) -> bool,
    ) -> Result<u64> {
        let local = local.as_ref();
        let mut file = open_file(local).map_err(|error| not_opened(error, local))?;
        self.upload_atomically(remote, &mut file, options, progress)
    }

    /// In TYPE A lengths change, and some servers have no SIZE: then the reply to the upload is all there is.
    fn check_arrived(&mut self, path: &[u8], length: u64) -> Result<()> {
        if self.check_binary().is_err() {
            return Ok(());
        }
        match self.check_size(path, length) {
            Err(error) if is_unknown_command(&error) => Ok(()),
            outcome => outcome,
        }
    }

    /// The second half of the rename.
    fn put_in_place(&mut self, temporary: &[u8], from: &Command, to: &Command, replace: bool) -> Result<()> {
        match self.operation(|client| client.end_rename(to)) {
            Err(error @ Error::Refused(_)) if replace => {
                log::info!("deleting what stands in the way of the rename: {error}");
                if self.delete(to.argument()).is_err() {
                    return Err(self.remove_temporary(temporary, error));
                }
                let renamed = self.operation(|client| {
                    client.begin_rename(from, to)?;
                    client.end_rename(to)
                });
                renamed.map_err(|mut error| {
                    let path = String::from_utf8_lossy(temporary);
                    error.note(&format!("the old file is deleted, and the new content is in {path}"));
                    error
                })
            }
            Err(mut error @ Error::Refused(_)) => {
                error.note("if it does not rename onto an existing file, ask for the target to be replaced");
                Err(self.remove_temporary(temporary, error))
            }
            outcome => outcome.map_err(|error| self.remove_temporary(temporary, error)),
        }
    }

    /// Deletes the temporary file, and gives `error` back, which says so if that did not succeed.
    fn remove_temporary(&mut self, temporary: &[u8], mut error: Error) -> Error {
        let is_gone = self.clearing_up(|client| match client.delete(temporary) {
            Ok(()) => Ok(true),
            Err(refusal @ Error::Refused(_)) => match client.size_if_there(temporary)? {
                // It was never created.
                None => Ok(true),
                Some(_) => Err(refusal),
            },
            Err(error) => Err(error),
        });
        if let Err(reason) = is_gone {
            let path = String::from_utf8_lossy(temporary);
            error.note(&format!("the temporary file {path} could not be removed: {reason}"));
        }
        error
    }

    /// Work that is done although the caller has cancelled, or has no time left, and that therefore takes little.
    fn clearing_up<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let cancel = self.control.cancel.take();
        let budget = std::mem::replace(&mut self.control.budget, Budget::new(Some(CLEARING_UP)));
        let outcome = self.counting(work);
        (self.control.cancel, self.control.budget) = (cancel, budget);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::AtomicUpload;

    fn temporary(pattern: &str, target: &str) -> Option<String> {
        let options = AtomicUpload::default().temporary_name(pattern);
        let temporary = options.temporary_for(target.as_bytes(), 0xabc).ok()?;
        Some(String::from_utf8(temporary).unwrap())
    }

    #[test]
    fn the_temporary_file_is_in_the_directory_of_the_target() {
        let pattern = &AtomicUpload::default().pattern;
        assert_eq!(temporary(pattern, "a/b/c").as_deref(), Some("a/b/.c.0000000000000abc.tmp"));
        assert_eq!(temporary(pattern, "c").as_deref(), Some(".c.0000000000000abc.tmp"));
        assert_eq!(temporary("{name}.part", "/c{name}").as_deref(), Some("/c{name}.part"));
    }

    #[test]
    fn what_is_no_other_name_in_the_same_directory_is_refused() {
        for (pattern, target) in [("", "a"), ("{name}", "a"), ("../{name}", "a"), ("{name}.tmp", "a/")] {
            assert_eq!(temporary(pattern, target), None, "{pattern} {target}");
        }
    }
}
