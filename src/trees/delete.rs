//! Deleting a tree of the server.

use super::{goes_on_after, PathError, Walker};
use crate::{FtpsClient, Result};

/// What became of a tree that was to be deleted.
#[derive(Debug, Default)]
pub struct Deleted {
    /// Files, links and other entries that are gone.
    pub files: u64,
    /// Directories that are gone.
    pub directories: u64,
    /// What could not be listed or deleted. A directory with something left in it is named too.
    pub failures: Vec<PathError>,
}

impl FtpsClient {
    /// Deletes a directory with all that is beneath it. Links are deleted, not followed. What cannot be deleted is named in
    /// the outcome, and the rest is deleted all the same.
    ///
    /// Fails only where the connection does not allow to go on.
    pub fn delete_tree(&mut self, path: impl AsRef<[u8]>) -> Result<Deleted> {
        let mut deleted = Deleted::default();
        let mut directories = vec![path.as_ref().to_vec()];
        let mut walker = Walker::new(path.as_ref());
        while let Some(step) = walker.step(self) {
            match step {
                Ok(found) if found.is_directory() => directories.push(found.path),
                Ok(found) => {
                    let outcome = self.delete(&found.path);
                    deleted.files += u64::from(outcome.is_ok());
                    deleted.note(self, found.path, outcome)?;
                }
                Err(PathError { path, error }) => deleted.note(self, path, Err(error))?,
            }
        }
        for directory in directories.into_iter().rev() {
            let outcome = self.remove_directory(&directory);
            deleted.directories += u64::from(outcome.is_ok());
            deleted.note(self, directory, outcome)?;
        }
        Ok(deleted)
    }
}

impl Deleted {
    fn note(&mut self, client: &FtpsClient, path: Vec<u8>, outcome: Result<()>) -> Result<()> {
        match outcome {
            Err(error) if goes_on_after(client, &error) => {
                self.failures.push(PathError::new(path, error));
                Ok(())
            }
            other => other,
        }
    }
}
