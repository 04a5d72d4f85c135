//! C programs of the test-suite, built when they are first needed.

use crate::error::StartError;
use crate::installation::cache_folder;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Builds the C files of `sources` (a folder below `tests/`) into a program called `name`, unless it is there and
/// newer than all of them.
pub(crate) fn program(sources: &str, name: &str, libraries: &[&str]) -> Result<PathBuf, StartError> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(sources);
    let folder = cache_folder();
    let program = folder.join(name);
    let (files, newest) =
        c_files(&sources).map_err(StartError::doing(format!("cannot read {}", sources.display())))?;
    let built = fs::metadata(&program).and_then(|metadata| metadata.modified());
    if built.is_ok_and(|built| built > newest) {
        return Ok(program);
    }
    fs::create_dir_all(&folder).map_err(StartError::writing(&folder))?;
    // Tests run at the same time: each builds its own file, and renaming it into place is atomic.
    let scratch = tempfile::Builder::new()
        .prefix(name)
        .tempdir_in(&folder)
        .map_err(StartError::doing(format!("cannot build in {}", folder.display())))?;
    let built = scratch.path().join(name);
    let output = Command::new("cc")
        .args(["-std=c11", "-O2", "-g", "-Wall", "-Wextra", "-Werror", "-o"])
        .arg(&built)
        .args(files)
        .args(libraries)
        .output()
        .map_err(|error| StartError::Missing(format!("cannot run cc: {error}. {HINT}")))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(StartError::Missing(format!("{} does not build. {HINT}\n{words}", sources.display())));
    }
    fs::rename(&built, &program).map_err(StartError::writing(&program))?;
    Ok(program)
}

const HINT: &str = "Install what it is built with: apt-get install gcc libssl-dev";

/// The `.c` files of a folder, and the newest modification of those and its headers.
fn c_files(folder: &Path) -> io::Result<(Vec<PathBuf>, SystemTime)> {
    let mut files = Vec::new();
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("c" | "h")) {
            newest = newest.max(fs::metadata(&path)?.modified()?);
        }
        if extension == Some("c") {
            files.push(path);
        }
    }
    files.sort();
    Ok((files, newest))
}
