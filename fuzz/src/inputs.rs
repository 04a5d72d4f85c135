//! What the fuzzer starts from.

use crate::listings;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The inputs known for a target: the files of `fuzz/inputs/TARGET`, and for listings the fixtures of the parsers'
/// tests. An input that has broken a promise is kept there, so that `cargo test` tries it for ever.
pub fn inputs(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs = files(&root.join("inputs").join(target))?;
    if target == "listings" {
        let fixtures = files(&root.join("../src/protocol/tests/listing/fixtures"))?;
        inputs.extend(fixtures.iter().flat_map(|file| listings::inputs(&String::from_utf8_lossy(file))));
    }
    Ok(inputs)
}

/// The contents of a folder's files, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let entries: io::Result<Vec<PathBuf>> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut paths = entries?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}
