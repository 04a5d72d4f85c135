//! Commands that are answered by a reply alone.

use super::client::tell;
use super::handle::{call, ftps_client, Content};
use super::last::{LastReply, Problem};
use super::strings::{bytes, optional_bytes, store, utf8, Terminated};
use crate::protocol::Reply;
use crate::FtpsClient;
use std::ffi::{c_char, c_int};

/// Sends any command and keeps its reply, whatever the code: see ftps_client_reply_code(). For verbs without
/// a function of their own. `argument` may be NULL. After a verb that may change
/// what the client does not know of, SITE for instance, silent re-login is off.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_command(
    client: *mut ftps_client,
    verb: *const c_char,
    argument: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let (verb, argument) = unsafe { (utf8(verb, "verb")?, optional_bytes(argument)) };
        let reply = content.client()?.raw_command(verb, argument)?;
        content.reply = LastReply::from(&reply);
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Stores the size of a file in bytes (SIZE, RFC 3659 section 4).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_size(
    size: *mut u64,
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { tell(size, client, |content| Ok(content.client()?.size(bytes(path, "path")?)?)) }
}

/// Stores when a file was last modified (MDTM, RFC 3659 section 3): seconds since 1970-01-01 00:00:00 UTC,
/// and the nanoseconds on top of them. Either pointer may be NULL.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_modified(
    seconds: *mut i64,
    nanoseconds: *mut u32,
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { store(nanoseconds, 0) };
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let time = content.client()?.modified(unsafe { bytes(path, "path") }?)?;
        // SAFETY: the header's rules.
        unsafe { store(nanoseconds, time.nanoseconds()) };
        Ok(time.unix_seconds())
    };
    // SAFETY: the header's rules.
    unsafe { tell(seconds, client, work) }
}

/// Deletes a file (DELE).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_delete(client: *mut ftps_client, path: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe { on_path(client, path, |client, path| client.delete(path)) }
}

/// Renames or moves (RNFR, RNTO).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_rename(
    client: *mut ftps_client,
    from: *const c_char,
    to: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let (from, to) = unsafe { (bytes(from, "from")?, bytes(to, "to")?) };
        Ok(content.client()?.rename(from, to)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Creates a directory (MKD). `*created`, unless `created` is NULL, points to its path as the server gives
/// it, or to what was asked for where it gives none; valid until the next call on this client, NULL after an
/// error.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_make_directory(
    created: *mut *const c_char,
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe {
        tell_string(created, client, |content| Ok(content.client()?.make_directory(bytes(path, "path")?)?))
    }
}

/// Removes an empty directory (RMD).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_remove_directory(
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { on_path(client, path, |client, path| client.remove_directory(path)) }
}

/// Changes the current directory (CWD).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_change_directory(
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { on_path(client, path, |client, path| client.change_directory(path)) }
}

/// Changes to the parent directory (CDUP).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_change_to_parent(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.change_to_parent()?)) }
}

/// The current directory (PWD): `*path` points to it, in the server's bytes; valid until the next call on
/// this client, NULL after an error.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_current_directory(
    path: *mut *const c_char,
    client: *mut ftps_client,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { tell_string(path, client, |content| Ok(content.client()?.current_directory()?)) }
}

/// Does nothing, and shows that the server is there (NOOP).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_noop(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.noop()?)) }
}

/// For idle times: sends NOOP where the control connection has been silent for the time that was given to
/// ftps_client_set_keep_alive(), and does nothing otherwise. Also while a transfer is open, which then goes
/// on.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_keep_alive(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.keep_alive()?)) }
}

/// The kind of system (SYST): see ftps_client_reply_text().
#[no_mangle]
pub unsafe extern "C" fn ftps_client_system(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { keep_reply(client, |content| Ok(content.client()?.system()?)) }
}

/// The server's status, or with a path a listing over the control connection (STAT): see
/// ftps_client_reply_text(). `path` may be NULL.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_status(client: *mut ftps_client, path: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe { keep_reply(client, |content| Ok(content.client()?.status(optional_bytes(path))?)) }
}

/// Sets the representation type: "I" (the default) or "A" (TYPE).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_type(
    client: *mut ftps_client,
    representation: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let representation = unsafe { utf8(representation, "representation") }?;
        Ok(content.client()?.set_type(representation)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// # Safety
///
/// `client` is NULL or a valid handle, and `path` is NULL or a string.
unsafe fn on_path(
    client: *mut ftps_client,
    path: *const c_char,
    work: impl FnOnce(&mut FtpsClient, &[u8]) -> crate::Result<()>,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { call(client, |content| Ok(work(content.client()?, bytes(path, "path")?)?)) }
}

/// Keeps the reply that `work` got.
///
/// # Safety
///
/// `client` is NULL or a valid handle.
pub(super) unsafe fn keep_reply(
    client: *mut ftps_client,
    work: impl FnOnce(&mut Content) -> Result<Reply, Problem>,
) -> c_int {
    let work = |content: &mut Content| {
        let reply = work(content)?;
        content.reply = LastReply::from(&reply);
        Ok(())
    };
    // SAFETY: passed on to the caller.
    unsafe { call(client, work) }
}

/// Keeps the string that `work` got, and stores where it is.
///
/// # Safety
///
/// `client` is NULL or a valid handle, and `pointer` is NULL or may be written to.
pub(super) unsafe fn tell_string(
    pointer: *mut *const c_char,
    client: *mut ftps_client,
    work: impl FnOnce(&mut Content) -> Result<Vec<u8>, Problem>,
) -> c_int {
    // SAFETY: this function's contract.
    unsafe { store(pointer, std::ptr::null()) };
    let work = |content: &mut Content| {
        content.string = Terminated::new(&work(content)?);
        // SAFETY: this function's contract.
        unsafe { store(pointer, content.string.as_ptr()) };
        Ok(())
    };
    // SAFETY: passed on to the caller.
    unsafe { call(client, work) }
}
