//! Where `tests/servers/fetch.sh` put the servers.

use crate::error::StartError;
use crate::site::Site;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of servers and built programs: `FTPS_SERVERS_DIR`, or `.cache/servers` in the repository's root.
pub(crate) fn cache_folder() -> PathBuf {
    match env::var_os("FTPS_SERVERS_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/servers"),
    }
}

/// The unpacked Debian packages.
#[derive(Debug)]
pub(crate) struct Installation {
    root: PathBuf,
}

impl Installation {
    /// Finds the packages.
    pub fn find(site: &Site) -> Result<Installation, StartError> {
        let root = locate(&cache_folder())?;
        Ok(Installation { root: within_reach(root, site, "servers")? })
    }

    /// Finds the packages, for programs that run under this process's own account.
    pub fn own() -> Result<Installation, StartError> {
        Ok(Installation { root: locate(&cache_folder())? })
    }

    /// A program or folder of the packages, for instance `usr/sbin/vsftpd`.
    pub fn path(&self, relative: &str) -> Result<PathBuf, StartError> {
        let path = self.root.join(relative);
        if path.exists() {
            return Ok(path);
        }
        Err(StartError::Missing(format!(
            "{} is missing: delete {} and run tests/servers/fetch.sh",
            path.display(),
            self.root.display()
        )))
    }

    /// The environment that makes the dynamic linker find the libraries of the packages.
    pub fn library_path(&self) -> Result<(String, OsString), StartError> {
        let libraries = self.path("usr/lib")?;
        let folder = fs::read_dir(&libraries)
            .map_err(StartError::doing(format!("cannot list {}", libraries.display())))?
            .filter_map(|entry| entry.ok())
            // Debian's multiarch folder: `x86_64-linux-gnu`, `arm-linux-gnueabihf`.
            .find(|entry| entry.file_name().to_string_lossy().contains("-linux-gnu"))
            .ok_or_else(|| StartError::Missing(format!("no libraries in {}", libraries.display())))?;
        Ok(("LD_LIBRARY_PATH".to_owned(), folder.path().into_os_string()))
    }
}

/// The root of the unpacked packages.
fn locate(folder: &Path) -> Result<PathBuf, StartError> {
    folder.join("root").canonicalize().map_err(|_| {
        StartError::Missing(format!(
            "the real servers are not in {}: run tests/servers/fetch.sh, which gets them from Debian",
            folder.display()
        ))
    })
}

/// `path` itself, or a copy called `name` in the server's folder where the account that the server works
/// under cannot reach it: root's clone of the repository may be in `/root`.
pub(crate) fn within_reach(path: PathBuf, site: &Site, name: &str) -> Result<PathBuf, StartError> {
    if !site.account.is_foreign() || is_open_to_all(&path) {
        return Ok(path);
    }
    let copy = site.path(name);
    // Not `fs::copy`: another thread that forks meanwhile would inherit the descriptor, and a program
    // that is open for writing cannot be run (ETXTBSY).
    match Command::new("cp").arg("-a").arg(&path).arg(&copy).status() {
        Ok(status) if status.success() => Ok(copy),
        _ => Err(StartError::Failed(format!("cannot copy {} to {}", path.display(), copy.display()))),
    }
}

/// Whether every account may go through all the folders down to `path`.
fn is_open_to_all(path: &Path) -> bool {
    path.ancestors()
        .all(|folder| fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_servers_are_an_error_that_says_how_to_get_them() {
        let empty = tempfile::tempdir().unwrap();
        let error = locate(empty.path()).unwrap_err();
        assert!(
            matches!(&error, StartError::Missing(text) if text.contains("run tests/servers/fetch.sh")),
            "{error}"
        );
    }

    #[test]
    fn a_folder_that_only_its_owner_may_enter_is_not_open_to_all() {
        let owner_only = fs::Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().permissions(owner_only).tempdir().unwrap();
        fs::create_dir(folder.path().join("inside")).unwrap();
        assert!(!is_open_to_all(&folder.path().join("inside")));
        assert!(is_open_to_all(Path::new("/usr/bin")));
    }
}
