//! What the C API promises, one promise a test; the programs are in `tests/c/programs`.
#![forbid(unsafe_code)]

mod attributes;
mod callbacks;
mod cancel;
mod changes;
mod common;
mod errors;
mod fork;
mod interrupted;
mod life;
mod listings;
mod misuse;
mod network;
mod observers;
mod signals;
mod threads;
mod tools;
