//! Builds the C programs in `programs/` and runs them against the strict server: plainly, under valgrind, and with sanitizers.
//!
//! A program has cases, `program case`; it ends with 0 when what the case promises holds. What it needs to know of the
//! server it finds in the environment (`programs/check.h`). What the server saw is for the driver to judge.
#![forbid(unsafe_code)]

mod build;
mod run;

pub use build::Tool;
pub use run::{Program, Setting, Verdict};
