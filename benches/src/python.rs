//! The Python client beside the Rust core: whole files in one call, and file objects.

use crate::bindings::Binding;
use crate::job::Client;
use crate::Outcome;

/// The interpreter with the library loaded has a third of it before anything is transferred.
const MOST_MEMORY: Option<f64> = Some(64.0);

pub fn run() -> Outcome<()> {
    Binding { name: "Python", client: Client::LibftpsInPython, most_memory: MOST_MEMORY }
        .beside_the_core()?;
    Binding { name: "Python's file objects", client: Client::PythonFiles, most_memory: MOST_MEMORY }
        .beside_the_core()
}
