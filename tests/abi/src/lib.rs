//! The C header, generated and read, and the C library that `make library` built.
#![forbid(unsafe_code)]

mod header;
mod library;

pub use header::{generate_header, header_path, Enumerator, Header, Parameter, Prototype};
pub use library::{built_library, command_outside_cargo};

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The symbols that the library promises, in the order of `tests/abi/symbols.txt`.
pub fn promised_symbols() -> Vec<String> {
    lines_of("symbols.txt")
}

/// The enumerators that the header promises, in the form of `tests/abi/enums.txt`.
pub fn promised_enumerators() -> Vec<String> {
    lines_of("enums.txt")
}

fn lines_of(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}
