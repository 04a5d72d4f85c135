//! Why a server could not be started.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a server could not be started, with what to do about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// A program is not on this machine. The text says how to get it.
    Missing(String),
    /// This user lacks the rights that the server needs.
    Rights(String),
    /// The server does not offer what the configuration asks for.
    NotOffered(String),
    /// The server, or what prepares it, failed. The text has its own words.
    Failed(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Missing(text)
            | StartError::Rights(text)
            | StartError::NotOffered(text)
            | StartError::Failed(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for StartError {}

impl StartError {
    /// For `map_err`: says what was being done when the operating system refused.
    pub(crate) fn doing(what: impl fmt::Display) -> impl FnOnce(io::Error) -> StartError {
        move |error| StartError::Failed(format!("{what}: {error}"))
    }

    /// For `map_err` on a file.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> StartError {
        StartError::doing(format!("cannot write {}", path.display()))
    }
}
