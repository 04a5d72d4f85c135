//! Strings and buffers that cross the border.

use super::last::Problem;
use super::status::ftps_status::{FTPS_ERROR_INVALID_ARGUMENT, FTPS_ERROR_NULL};
use std::ffi::{c_char, c_void, CStr};

/// Bytes that end in NUL: what a C caller gets a pointer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terminated(Box<[u8]>);

impl Terminated {
    /// The bytes as they are; where they hold a NUL only the length tells their end.
    pub fn new(bytes: &[u8]) -> Self {
        Terminated([bytes, &[0]].concat().into_boxed_slice())
    }

    /// A text for people. Its only way to end is a NUL, so those inside are replaced.
    pub fn text(text: &str) -> Self {
        Terminated::new(text.replace('\0', "\u{FFFD}").as_bytes())
    }

    pub fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }

    /// The bytes without the NUL that was added.
    pub fn bytes(&self) -> &[u8] {
        &self.0[..self.len()]
    }

    /// The number of bytes before the last NUL.
    pub fn len(&self) -> usize {
        self.0.len() - 1
    }
}

impl Default for Terminated {
    fn default() -> Self {
        Terminated::new(b"")
    }
}

/// The bytes of the string argument `what`.
///
/// # Safety
///
/// `pointer` is NULL or points to a string that ends in NUL and stays unchanged during `'a`.
pub(super) unsafe fn bytes<'a>(pointer: *const c_char, what: &str) -> Result<&'a [u8], Problem> {
    if pointer.is_null() {
        return Err(null(what));
    }
    // SAFETY: it is not NULL, and so, by this function's contract, a string.
    Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// The same where NULL stands for nothing.
///
/// # Safety
///
/// As for [`bytes`].
pub(super) unsafe fn optional_bytes<'a>(pointer: *const c_char) -> &'a [u8] {
    // SAFETY: passed on to the caller. The only error is that of a NULL.
    unsafe { bytes(pointer, "") }.unwrap_or_default()
}

/// The string argument `what`, which must be UTF-8.
///
/// # Safety
///
/// As for [`bytes`].
pub(super) unsafe fn utf8<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, Problem> {
    // SAFETY: passed on to the caller.
    let bytes = unsafe { bytes(pointer, what) }?;
    std::str::from_utf8(bytes)
        .map_err(|_| Problem::new(FTPS_ERROR_INVALID_ARGUMENT, format!("{what} is not UTF-8")))
}

/// The same where NULL stands for nothing.
///
/// # Safety
///
/// As for [`bytes`].
pub(super) unsafe fn optional_utf8<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, Problem> {
    if pointer.is_null() {
        return Ok("");
    }
    // SAFETY: passed on to the caller.
    unsafe { utf8(pointer, what) }
}

/// The buffer argument `what`.
///
/// # Safety
///
/// `pointer` is NULL or points to `length` initialised bytes that stay unchanged during `'a`.
pub(super) unsafe fn buffer<'a>(
    pointer: *const c_void,
    length: usize,
    what: &str,
) -> Result<&'a [u8], Problem> {
    check_buffer(pointer, length, what)?;
    if length == 0 {
        return Ok(&[]);
    }
    // SAFETY: it is not NULL and not longer than an allocation may be; the rest is this function's contract.
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), length) })
}

/// Stores `value` where the out-parameter `pointer` points to; NULL means that nobody wants it.
///
/// # Safety
///
/// `pointer` is NULL or may be written to.
pub(super) unsafe fn store<T>(pointer: *mut T, value: T) {
    if !pointer.is_null() {
        // SAFETY: it is not NULL, and so, by this function's contract, may be written to.
        unsafe { pointer.write(value) };
    }
}

/// A pointer to `length` bytes that could be there.
pub(super) fn check_buffer(pointer: *const c_void, length: usize, what: &str) -> Result<(), Problem> {
    if pointer.is_null() && length > 0 {
        return Err(null(what));
    }
    if isize::try_from(length).is_err() {
        let message = format!("{what} is {length} bytes long, more than memory can hold");
        return Err(Problem::new(FTPS_ERROR_INVALID_ARGUMENT, message));
    }
    Ok(())
}

pub(super) fn null(what: &str) -> Problem {
    Problem::new(FTPS_ERROR_NULL, format!("{what} is NULL"))
}
