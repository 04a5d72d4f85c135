//! `make bench`: what libftps costs, beside curl in the same run. `docs/benchmarks.md` says what is measured and how.

mod bindings;
mod job;
mod jvm;
mod large_file;
mod listing;
mod measure;
mod python;
mod round_trips;
mod servers;
mod small_files;
mod table;
mod worker;

use std::error::Error;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str =
    "usage: libftps-bench [round-trips] [large-file] [small-files] [listing] [jvm] [python]\n\nWithout a word: all six.";

type Section = (&'static str, fn() -> Outcome<()>);

const SECTIONS: [Section; 6] = [
    ("round-trips", round_trips::run),
    ("large-file", large_file::run),
    ("small-files", small_files::run),
    ("listing", listing::run),
    ("jvm", jvm::run),
    ("python", python::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.split_first() {
        Some((first, rest)) if first == worker::WORD => worker::run(rest),
        _ => sections(&words),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A section that cannot be measured here does not keep the others from it.
fn sections(words: &[String]) -> Outcome<()> {
    if words.iter().any(|word| !SECTIONS.iter().any(|(name, _)| name == word)) {
        return Err(USAGE.into());
    }
    let is_wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let mut failed = Vec::new();
    for (name, run) in SECTIONS.iter().filter(|(name, _)| is_wanted(name)) {
        if let Err(error) = run() {
            eprintln!("\n{name}: {error}");
            failed.push(*name);
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("not measured: {}", failed.join(", ")).into()),
    }
}
