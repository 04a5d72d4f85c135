//! Callbacks of the caller, and what the core sees in their place.

use super::listing::ftps_entry;
use super::status::ftps_status;
use super::strings::Terminated;
use crate::client::{Dialogue, DialogueObserver, Retry, RetryObserver};
use std::ffi::{c_char, c_int, c_void};
use std::io::{self, Read, Write};
use std::sync::Arc;

/// Sees one line of the dialogue: `received` is 0 for a command of the client (passwords masked), 1 for a
/// reply of the server. `line` is UTF-8 (replies read by ftps_client_set_charset(), other bytes replaced),
/// lines of a reply are parted by "\n", and there is no line end at the end; valid during the call.
pub type ftps_dialogue =
    Option<unsafe extern "C" fn(received: c_int, line: *const c_char, userdata: *mut c_void)>;

/// Sees the payload bytes that have moved so far. 0 goes on; anything else stops the transfer, which ends in
/// FTPS_ERROR_CANCELLED.
pub type ftps_progress = Option<unsafe extern "C" fn(moved: u64, userdata: *mut c_void) -> c_int>;

/// Gives the next bytes of an upload: writes at most `size` bytes to `buffer` and returns how many; 0 is the
/// end of the file. A negative number is a failure: the upload is aborted, so that the server does not take
/// the part for the whole, and ends in FTPS_ERROR_LOCAL.
pub type ftps_source =
    Option<unsafe extern "C" fn(buffer: *mut c_void, size: usize, userdata: *mut c_void) -> i64>;

/// Takes the next `size` bytes of a download, all of them, and returns 0. Anything else is a failure: the
/// download is aborted and ends in FTPS_ERROR_LOCAL.
pub type ftps_sink =
    Option<unsafe extern "C" fn(bytes: *const c_void, size: usize, userdata: *mut c_void) -> c_int>;

/// Sees one line of a listing: its entry, or NULL where it was not understood, and the line as it came with
/// its length. All are valid during the call. 0 goes on; anything else stops the listing, which ends in
/// FTPS_ERROR_CANCELLED.
pub type ftps_listing_item = Option<
    unsafe extern "C" fn(
        entry: *const ftps_entry,
        line: *const c_char,
        length: usize,
        userdata: *mut c_void,
    ) -> c_int,
>;

/// Sees another attempt before it is made: the status and the message of the error that the last one ended
/// with (the message is valid during the call), which attempt it is, from 1 on, since the transfer last came
/// further, how many milliseconds it waits, and how many bytes of the file are known to have arrived. 0 goes
/// on; anything else forbids it, and the error is the call's.
pub type ftps_retry = Option<
    unsafe extern "C" fn(
        status: c_int,
        message: *const c_char,
        attempt: u32,
        delay: u64,
        offset: u64,
        userdata: *mut c_void,
    ) -> c_int,
>;

/// The caller's pointer, handed back with every callback.
#[derive(Clone, Copy)]
struct Userdata(*mut c_void);

// SAFETY: it is never dereferenced here, and the header says that callbacks get it on whatever thread makes the call.
unsafe impl Send for Userdata {}
// SAFETY: the same; and a client makes one call at a time.
unsafe impl Sync for Userdata {}

impl Userdata {
    /// A method, so that closures capture the whole, which may move between threads, and not the pointer.
    fn pointer(&self) -> *mut c_void {
        self.0
    }
}

pub(super) fn dialogue_observer(dialogue: ftps_dialogue, userdata: *mut c_void) -> Option<DialogueObserver> {
    let callback = dialogue?;
    let userdata = Userdata(userdata);
    Some(Arc::new(move |line: Dialogue<'_>| {
        let (received, text) = match line {
            Dialogue::Sent(command) => (0, command.to_string()),
            Dialogue::Received(reply) => (1, reply.charset().decode(reply.raw()).replace("\r\n", "\n")),
        };
        let text = Terminated::text(text.trim_end_matches('\n'));
        // SAFETY: the callback is the caller's, who promised that it takes these arguments.
        unsafe { callback(received, text.as_ptr(), userdata.pointer()) };
    }))
}

pub(super) fn retry_observer(retry: ftps_retry, userdata: *mut c_void) -> Option<RetryObserver> {
    let callback = retry?;
    let userdata = Userdata(userdata);
    Some(Arc::new(move |retry: &Retry<'_>| {
        let message = Terminated::text(&retry.error.to_string());
        let status = ftps_status::from(retry.error).code();
        let delay = u64::try_from(retry.delay.as_millis()).unwrap_or(u64::MAX);
        let (attempt, offset) = (retry.attempt, retry.offset);
        // SAFETY: the callback is the caller's, who promised that it takes these arguments.
        unsafe { callback(status, message.as_ptr(), attempt, delay, offset, userdata.pointer()) == 0 }
    }))
}

/// The caller's progress callback; without one, everything goes on.
pub(super) fn progress(progress: ftps_progress, userdata: *mut c_void) -> impl FnMut(u64) -> bool {
    move |moved| match progress {
        None => true,
        // SAFETY: the callback is the caller's, who promised that it takes these arguments.
        Some(callback) => unsafe { callback(moved, userdata) == 0 },
    }
}

/// A source callback as a reader.
pub(super) struct Source {
    pub callback: unsafe extern "C" fn(*mut c_void, usize, *mut c_void) -> i64,
    pub userdata: *mut c_void,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the callback is the caller's, who promised that it takes these arguments; the buffer is as
        // large as it is told.
        let given = unsafe { (self.callback)(buffer.as_mut_ptr().cast(), buffer.len(), self.userdata) };
        match usize::try_from(given) {
            Ok(count) if count <= buffer.len() => Ok(count),
            Ok(count) => {
                let size = buffer.len();
                Err(io::Error::other(format!(
                    "the source callback gave {count} bytes into a buffer of {size}"
                )))
            }
            Err(_) => Err(io::Error::other(format!("the source callback failed with {given}"))),
        }
    }
}

/// A sink callback as a writer.
pub(super) struct Sink {
    pub callback: unsafe extern "C" fn(*const c_void, usize, *mut c_void) -> c_int,
    pub userdata: *mut c_void,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the callback is the caller's, who promised that it takes these arguments.
        match unsafe { (self.callback)(bytes.as_ptr().cast(), bytes.len(), self.userdata) } {
            0 => Ok(bytes.len()),
            failed => Err(io::Error::other(format!("the sink callback failed with {failed}"))),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
