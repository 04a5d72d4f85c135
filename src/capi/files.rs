//! Whole files that go on where an earlier transfer ended, that replace another at once, or of which a part is wanted.

use super::callbacks::{ftps_progress, ftps_sink, Sink};
use super::client::tell;
use super::handle::{call, ftps_client, Content};
use super::strings::{bytes, null, utf8};
use super::transfers::{transfer_file, Watching};
use crate::client::AtomicUpload;
use crate::FtpsClient;
use std::ffi::{c_char, c_int, c_void};
use std::path::Path;

/// Receives what the local file does not have yet (REST, RETR). Where there is no local file it is created.
/// `*length`, unless `length` is NULL, is the local file's length then, which is also what `progress` sees.
///
/// The last 4096 bytes of the local file are compared with the remote one before anything is written. Where
/// they differ, or the remote file is the shorter one: FTPS_ERROR_MISMATCH, and the local file is as it was.
/// What fails later leaves what had arrived. Needs type "I".
#[no_mangle]
pub unsafe extern "C" fn ftps_client_download_resuming(
    length: *mut u64,
    client: *mut ftps_client,
    remote: *const c_char,
    local: *const c_char,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let transfer = |client: &mut FtpsClient, local: &Path, remote: &[u8], progress: Watching<'_>| {
        Ok(client.download_resuming(remote, local, progress)?)
    };
    // SAFETY: the header's rules.
    unsafe { transfer_file(length, client, local, remote, progress, userdata, transfer) }
}

/// Sends what the remote file does not have yet (REST, STOR; APPE where the server refuses that). Where there
/// is no remote file, all is sent. `*length`, unless `length` is NULL, is the length of both then; `progress`
/// sees that of the remote file.
///
/// The last 4096 bytes of the remote file are read and compared with the local one before anything is sent.
/// Where they differ, or the local file is the shorter one: FTPS_ERROR_MISMATCH, and the remote file is as it
/// was. The same error where the server does not tell the local file's length in the end. Needs type "I".
#[no_mangle]
pub unsafe extern "C" fn ftps_client_upload_resuming(
    length: *mut u64,
    client: *mut ftps_client,
    local: *const c_char,
    remote: *const c_char,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let transfer = |client: &mut FtpsClient, local: &Path, remote: &[u8], progress: Watching<'_>| {
        Ok(client.upload_resuming(local, remote, progress)?)
    };
    // SAFETY: the header's rules.
    unsafe { transfer_file(length, client, local, remote, progress, userdata, transfer) }
}

/// Gives `length` bytes of a file, from byte `offset` on, to `sink`. `*moved`, unless `moved` is NULL, is how
/// many came: fewer only where the file ends before. The rest is not transferred, and the connection is fit
/// for the next command. Needs type "I".
#[no_mangle]
pub unsafe extern "C" fn ftps_client_download_range(
    moved: *mut u64,
    client: *mut ftps_client,
    remote: *const c_char,
    offset: u64,
    length: u64,
    sink: ftps_sink,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let remote = unsafe { bytes(remote, "remote") }?;
        let callback = sink.ok_or_else(|| null("sink"))?;
        let mut sink = Sink { callback, userdata };
        Ok(content.client()?.download_range(remote, offset, length, &mut sink)?)
    };
    // SAFETY: the header's rules.
    unsafe { tell(moved, client, work) }
}

/// Ends the open download, of which the caller has enough, and waits until the connection is fit for the next
/// command. ftps_client_abort() leaves the waiting to the next command.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_stop(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.stop_transfer()?)) }
}

/// Sends a local file in such a way that the remote path has either what it had before or all of the new
/// content, whatever happens to the connection or to this process: under a temporary name, whose length is
/// then compared (SIZE, where the server has it), and which is then renamed (RNFR, RNTO). Where that fails
/// the temporary file is deleted; if it cannot be, the error's message names it. `*moved` and `progress` are
/// as for ftps_client_upload_file().
///
/// `temporary_name`: the name in the target's directory, in which "{name}" stands for the target's name and
/// "{random}" for 16 hexadecimal digits; NULL is ".{name}.{random}.tmp".
/// `replace`: not 0 deletes a target that stands in the way of the rename, which on most servers none does;
/// with 0 the refusal is the error. Between the two there is no target, and if the rename fails then too, the
/// error's message names the temporary file, which has the whole content and is left.
/// `verify_hash`: not 0 compares a hash of the server's too, where it offers one.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_upload_atomically(
    moved: *mut u64,
    client: *mut ftps_client,
    local: *const c_char,
    remote: *const c_char,
    temporary_name: *const c_char,
    replace: c_int,
    verify_hash: c_int,
    progress: ftps_progress,
    userdata: *mut c_void,
) -> c_int {
    let transfer = |client: &mut FtpsClient, local: &Path, remote: &[u8], progress: Watching<'_>| {
        let mut options = AtomicUpload::default().replace(replace != 0).verify_hash(verify_hash != 0);
        if !temporary_name.is_null() {
            // SAFETY: the header's rules.
            options = options.temporary_name(unsafe { utf8(temporary_name, "temporary_name") }?);
        }
        Ok(client.upload_file_atomically(local, remote, &options, progress)?)
    };
    // SAFETY: the header's rules.
    unsafe { transfer_file(moved, client, local, remote, progress, userdata, transfer) }
}
