//! Prints `docs/servers.md` as the recorded outcomes make it. Runs in the root of the repository.
#![forbid(unsafe_code)]

use real_servers::{document, Record};
use std::fs;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Record::all().and_then(|records| document(&records, first_paragraph)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("servers-doc: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a file of tests says about itself.
fn first_paragraph(file: &str) -> Result<String, String> {
    let source = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let lines: Vec<&str> = source.lines().map_while(|line| line.strip_prefix("//! ")).collect();
    match lines.is_empty() {
        true => Err(format!("{file} begins with no comment that says what it is about")),
        false => Ok(lines.join(" ")),
    }
}
