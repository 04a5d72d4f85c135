//! The C API: handles, options and callbacks around [`FtpsClient`](crate::FtpsClient), without logic of their own.
//!
//! `include/ftps.h` is generated from this room. The rules that hold for all of it are told once, at the top
//! of that header, whose text is in `cbindgen.toml`.
//!
//! Three things happen to every call, in `handle.rs`: a NULL, foreign-process, closed or busy handle becomes
//! a status; a panic stops there and becomes a status; and what went wrong is kept with the handle.
#![allow(unsafe_code)]
#![allow(non_camel_case_types)]
#![warn(unsafe_op_in_unsafe_fn)]
#![warn(clippy::undocumented_unsafe_blocks)]
// The safety contract of all exported functions is one: the rules at the top of the header.
#![allow(clippy::missing_safety_doc)]

mod attributes;
mod callbacks;
mod cancel;
mod client;
mod commands;
mod enums;
mod files;
mod handle;
mod last;
mod listing;
mod live_options;
mod logging;
mod naming;
mod network_options;
mod options;
mod status;
mod strings;
mod transfers;
mod version;
