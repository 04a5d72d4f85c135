//! Which library this is.

use std::ffi::{c_char, c_int};

/// What the header was generated for: the number changes when a program that was built with an older header
/// would break.
pub const FTPS_ABI_VERSION: c_int = 1;

/// The FTPS_ABI_VERSION of the library that is running. A program or binding that loads the library itself
/// compares it with its own before any other call.
#[no_mangle]
pub extern "C" fn ftps_abi_version() -> c_int {
    FTPS_ABI_VERSION
}

/// The version of the library, for instance "0.1.0". Valid as long as the library is loaded.
#[no_mangle]
pub extern "C" fn ftps_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
