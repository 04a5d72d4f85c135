//! The library that `make library` built.

use crate::repository;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Where the shared library is.
///
/// # Panics
/// It is not there, or older than the sources: tests do not build it themselves, because they run inside cargo.
pub fn built_library() -> PathBuf {
    let root = repository();
    let library = root.join("target/release/libftps.so");
    let built =
        modified(&library).unwrap_or_else(|| panic!("{} is missing: run make library", library.display()));
    for source in [root.join("Cargo.toml"), root.join("Cargo.lock"), root.join("src")] {
        if newest(&source) > Some(built) {
            panic!("{} is older than {}: run make library", library.display(), source.display());
        }
    }
    library
}

/// A command that does not see what cargo tells its tests, and what make tells its recipes.
pub fn command_outside_cargo(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let of_cargo = text.starts_with("CARGO") && text != "CARGO_HOME";
        if of_cargo || ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "LD_LIBRARY_PATH"].contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
    command
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// When the newest file in or at `path` was changed.
fn newest(path: &Path) -> Option<SystemTime> {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().filter_map(|entry| newest(&entry.path())).max(),
        Err(_) => modified(path),
    }
}
