//! Puts the known inputs of every target where the fuzzer begins: `fuzz-inputs FOLDER`, into `FOLDER/TARGET/`.
#![forbid(unsafe_code)]

use fuzz_targets::{inputs, TARGETS};
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder =
        env::args_os().nth(1).map(PathBuf::from).ok_or(io::Error::other("usage: fuzz-inputs FOLDER"))?;
    for (target, _) in TARGETS {
        fs::create_dir_all(folder.join(target))?;
        for (number, input) in inputs(target)?.into_iter().enumerate() {
            fs::write(folder.join(target).join(format!("known-{number}")), input)?;
        }
    }
    Ok(())
}
