//! Transfers: whole ones in one call, and such that are read or written piece by piece.

use super::callbacks::{ftps_progress, ftps_sink, ftps_source, progress, Sink, Source};
use super::client::tell;
use super::commands::keep_reply;
use super::enums;
use super::handle::{call, ftps_client, Content};
use super::last::Problem;
use super::options::local_path;
use super::strings::{buffer, bytes, check_buffer, null, optional_bytes, utf8};
use crate::client::Direction;
use crate::FtpsClient;
use std::ffi::{c_char, c_int, c_void};
use std::path::Path;

/// Sends a local file (STOR), which replaces what is there. `*moved`, unless `moved` is NULL, is its length,
/// after an error 0 (ftps_client_error_bytes_moved() has the part). `progress` may be NULL.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_upload_file(
    moved: *mut u64,
    client: *mut ftps_client,
    local: *const c_char,
    remote: *const c_char,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let transfer = |client: &mut FtpsClient, local: &Path, remote: &[u8], progress: Watching<'_>| {
        Ok(client.upload_file_with_progress(local, remote, progress)?)
    };
    // SAFETY: the header's rules.
    unsafe { transfer_file(moved, client, local, remote, progress, userdata, transfer) }
}

/// Receives into a local file (RETR), which is created or replaced once the server has agreed. A failed
/// download leaves what had arrived. `*moved` and `progress` are as for ftps_client_upload_file().
#[no_mangle]
pub unsafe extern "C" fn ftps_client_download_file(
    moved: *mut u64,
    client: *mut ftps_client,
    remote: *const c_char,
    local: *const c_char,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let transfer = |client: &mut FtpsClient, local: &Path, remote: &[u8], progress: Watching<'_>| {
        Ok(client.download_file_with_progress(remote, local, progress)?)
    };
    // SAFETY: the header's rules.
    unsafe { transfer_file(moved, client, local, remote, progress, userdata, transfer) }
}

/// Sends what `source` gives (STOR). When it fails, the transfer is aborted, and the server does not take the
/// part for the whole. `*moved` and `progress` are as for ftps_client_upload_file(); both callbacks get the
/// same `userdata`.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_upload_from(
    moved: *mut u64,
    client: *mut ftps_client,
    remote: *const c_char,
    source: ftps_source,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let remote = unsafe { bytes(remote, "remote") }?;
        let callback = source.ok_or_else(|| null("source"))?;
        let mut source = Source { callback, userdata };
        Ok(content.client()?.upload_from(remote, &mut source, self::progress(progress, userdata))?)
    };
    // SAFETY: the header's rules.
    unsafe { tell(moved, client, work) }
}

/// Gives a file to `sink` as it arrives (RETR). What was given is complete only when the call succeeds.
/// `*moved` and `progress` are as for ftps_client_upload_file(); both callbacks get the same `userdata`.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_download_to(
    moved: *mut u64,
    client: *mut ftps_client,
    remote: *const c_char,
    sink: ftps_sink,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let remote = unsafe { bytes(remote, "remote") }?;
        let callback = sink.ok_or_else(|| null("sink"))?;
        let mut sink = Sink { callback, userdata };
        Ok(content.client()?.download_to(remote, &mut sink, self::progress(progress, userdata))?)
    };
    // SAFETY: the header's rules.
    unsafe { tell(moved, client, work) }
}

/// Begins to receive a file (RETR), from byte `offset` on (REST). Read it with ftps_client_read() and end it
/// with ftps_client_finish() or ftps_client_abort(); until then every other command fails with
/// FTPS_ERROR_WRONG_STATE.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_open_download(
    client: *mut ftps_client,
    path: *const c_char,
    offset: u64,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { open(client, Direction::Download, "RETR", path, offset) }
}

/// Begins to send a file (STOR), which replaces what is there, or with an `offset` its end from that byte on
/// (REST). Write it with ftps_client_write() and end it with ftps_client_finish() or ftps_client_abort().
#[no_mangle]
pub unsafe extern "C" fn ftps_client_open_upload(
    client: *mut ftps_client,
    path: *const c_char,
    offset: u64,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { open(client, Direction::Upload, "STOR", path, offset) }
}

/// Begins to append to a file (APPE), as ftps_client_open_upload().
#[no_mangle]
pub unsafe extern "C" fn ftps_client_open_append(client: *mut ftps_client, path: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe { open(client, Direction::Upload, "APPE", path, 0) }
}

/// Begins a transfer of any verb, in a direction of ftps_direction. `argument` may be NULL.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_open_transfer(
    client: *mut ftps_client,
    direction: c_int,
    verb: *const c_char,
    argument: *const c_char,
    offset: u64,
) -> c_int {
    let work = |content: &mut Content| {
        let direction = enums::direction(direction)?;
        // SAFETY: the header's rules.
        let (verb, argument) = unsafe { (utf8(verb, "verb")?, optional_bytes(argument)) };
        Ok(content.client()?.open_transfer(direction, verb, argument, offset)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Reads at most `size` bytes of the open download into `buffer`; `*count` is how many. 0 is the end, unless
/// `size` is 0: ftps_client_finish() then tells whether the file is complete. After an error the transfer is
/// over.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_read(
    count: *mut usize,
    client: *mut ftps_client,
    buffer: *mut c_void,
    size: usize,
) -> c_int {
    let work = |content: &mut Content| {
        if count.is_null() {
            return Err(null("count"));
        }
        check_buffer(buffer, size, "buffer")?;
        let copied = content.client()?.take_data(|piece| {
            let length = piece.len().min(size);
            // SAFETY: the buffer has `size` bytes by the header's rules, and `piece`, the client's own, does
            // not overlap it.
            unsafe { std::ptr::copy_nonoverlapping(piece.as_ptr(), buffer.cast(), length) };
            Ok(length)
        })?;
        Ok(copied)
    };
    // SAFETY: the header's rules.
    unsafe { tell(count, client, work) }
}

/// Writes `size` bytes to the open upload, all of them. After an error the transfer is over;
/// ftps_client_error_bytes_moved() tells how far it came.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_write(
    client: *mut ftps_client,
    bytes: *const c_void,
    size: usize,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.write_all_data(buffer(bytes, size, "bytes")?)?)) }
}

/// Ends the open transfer: the payload is complete, and the server has to agree. Its reply is kept, see
/// ftps_client_reply_code(). The transfer is over afterwards, whatever the outcome. A download must have been
/// read to its end.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_finish(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { keep_reply(client, |content| Ok(content.client()?.finish_transfer()?)) }
}

/// Gives the open transfer up: the data connection is reset, so that the server cannot take a part for the
/// whole. Does nothing when no transfer is open.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_abort(client: *mut ftps_client) -> c_int {
    let work = |content: &mut Content| {
        content.client()?.abort_transfer();
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Stores in `*resumed` whether the open transfer's data connection resumed the control connection's TLS
/// session: 1, 0, or -1 when no transfer is open.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_is_resumed(resumed: *mut c_int, client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { tell(resumed, client, |content| Ok(content.client()?.is_resumed().map_or(-1, c_int::from))) }
}

/// The caller's progress callback, or nothing.
pub(super) type Watching<'a> = &'a mut dyn FnMut(u64) -> bool;

/// Has `transfer` move a whole local file, and stores the length that it gives in `length`.
///
/// # Safety
///
/// `length` is NULL or may be written to, `client` is NULL or a valid handle, the paths are NULL or strings, and
/// `progress` takes `userdata`.
pub(super) unsafe fn transfer_file(
    length: *mut u64,
    client: *mut ftps_client,
    local: *const c_char,
    remote: *const c_char,
    progress: ftps_progress,
    userdata: *mut c_void,
    transfer: impl FnOnce(&mut FtpsClient, &Path, &[u8], Watching<'_>) -> Result<u64, Problem>,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: this function's contract.
        let (local, remote) = unsafe { (bytes(local, "local")?, bytes(remote, "remote")?) };
        transfer(content.client()?, local_path(local), remote, &mut self::progress(progress, userdata))
    };
    // SAFETY: this function's contract.
    unsafe { tell(length, client, work) }
}

/// # Safety
///
/// `client` is NULL or a valid handle, and `path` is NULL or a string.
unsafe fn open(
    client: *mut ftps_client,
    direction: Direction,
    verb: &str,
    path: *const c_char,
    offset: u64,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: this function's contract.
        let path = unsafe { bytes(path, "path") }?;
        Ok(content.client()?.open_transfer(direction, verb, path, offset)?)
    };
    // SAFETY: passed on to the caller.
    unsafe { call(client, work) }
}
