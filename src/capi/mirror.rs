//! What to make like what.

use super::enums;
use super::handle::guarded;
use super::options::local_path;
use super::status::ftps_status::{self, FTPS_ERROR_INTERNAL, FTPS_ERROR_NULL, FTPS_OK};
use super::strings::{bytes, store};
use crate::client::Direction;
use crate::trees::{Compare, Mirror};
use std::ffi::{c_char, c_int};
use std::time::Duration;

/// A mirror that is to be made: which side, like which, and how. ftps_client_plan() then looks at both sides.
///
/// Made by ftps_mirror_new(), freed by ftps_mirror_free(). One thread at a time.
pub struct ftps_mirror {
    pub(super) mirror: Mirror,
}

/// What makes two files differ.
#[repr(C)]
pub enum ftps_compare {
    /// Their size, or their time. Times count as far as both sides have them exact: MLSD and MDTM tell
    /// seconds, LIST minutes or days. Where the server sets no times, an upload is repeated only when the
    /// local file is newer.
    FTPS_COMPARE_SIZE_AND_TIME = 0,
    /// Their size alone.
    FTPS_COMPARE_SIZE = 1,
    /// Their size, or a hash that the server computes.
    FTPS_COMPARE_HASH = 2,
    /// Nothing: every file is transferred.
    FTPS_COMPARE_NOTHING = 3,
}

/// Makes a mirror: with FTPS_DOWNLOAD the local directory is to be like the remote one, with FTPS_UPLOAD the
/// remote one like the local one. Files are taken over with their times, so that the next time nothing is
/// left to do. `*mirror` is the caller's, to be freed by ftps_mirror_free(); NULL after an error.
///
/// A file that is received is called ".ftps-PROCESS-NUMBER.part" until it is complete. A process that is
/// killed leaves such files, and a download deletes those that it meets in its target: where nobody has them
/// open for writing (by a lock, flock) and nobody has written to them for an hour. Files of this name are
/// never taken over.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_new(
    mirror: *mut *mut ftps_mirror,
    direction: c_int,
    local: *const c_char,
    remote: *const c_char,
) -> c_int {
    if mirror.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: the header's rules.
    unsafe { store(mirror, std::ptr::null_mut()) };
    // SAFETY: the header's rules.
    let (Ok(local), Ok(remote)) = (unsafe { bytes(local, "local") }, unsafe { bytes(remote, "remote") })
    else {
        return FTPS_ERROR_NULL.code();
    };
    let made = match enums::direction(direction) {
        Ok(Direction::Download) => Mirror::download(remote, local_path(local)),
        Ok(Direction::Upload) => Mirror::upload(local_path(local), remote),
        Err(problem) => return problem.status.code(),
    };
    // SAFETY: the header's rules.
    unsafe { store(mirror, Box::into_raw(Box::new(ftps_mirror { mirror: made }))) };
    FTPS_OK.code()
}

/// Frees a mirror; plans that were made with it stay.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_free(mirror: *mut ftps_mirror) -> c_int {
    if mirror.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: it came from `Box::into_raw` in `ftps_mirror_new`, and nobody uses it from here on.
    drop(unsafe { Box::from_raw(mirror) });
    FTPS_OK.code()
}

/// What makes two files differ: one of ftps_compare (default: FTPS_COMPARE_SIZE_AND_TIME).
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_set_compare(mirror: *mut ftps_mirror, compare: c_int) -> c_int {
    let choices = [
        (ftps_compare::FTPS_COMPARE_SIZE_AND_TIME as c_int, Compare::SizeAndTime),
        (ftps_compare::FTPS_COMPARE_SIZE as c_int, Compare::Size),
        (ftps_compare::FTPS_COMPARE_HASH as c_int, Compare::Hash),
        (ftps_compare::FTPS_COMPARE_NOTHING as c_int, Compare::Nothing),
    ];
    match enums::choose("ftps_compare", compare, &choices) {
        // SAFETY: the header's rules.
        Ok(compare) => unsafe { change(mirror, |mirror| Ok(mirror.compare(compare))) },
        Err(problem) => problem.status.code(),
    }
}

/// Times that differ by no more than this many seconds are the same (default 0). 2 suit a FAT file system.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_set_tolerance(mirror: *mut ftps_mirror, seconds: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change(mirror, |mirror| Ok(mirror.tolerance(Duration::from_secs(seconds.into())))) }
}

/// Whether what only the target has is deleted: 1 or 0 (default). What a pattern leaves out stays, and so
/// does everything as long as a part of the source cannot be read.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_set_delete_extraneous(
    mirror: *mut ftps_mirror,
    enabled: c_int,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change(mirror, |mirror| Ok(mirror.delete_extraneous(enabled != 0))) }
}

/// Whether an upload gets its name only when it is complete: 1 (default) or 0. Downloads always do.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_set_atomic_uploads(mirror: *mut ftps_mirror, enabled: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change(mirror, |mirror| Ok(mirror.atomic_uploads(enabled != 0))) }
}

/// Takes over only files that match this pattern (see ftps_client_glob()) or another that was added. One
/// without "/" is a pattern of names at any depth, others begin at the root. Fails with
/// FTPS_ERROR_INVALID_ARGUMENT where it is no pattern.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_include(mirror: *mut ftps_mirror, pattern: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    let Ok(pattern) = (unsafe { bytes(pattern, "pattern") }) else { return FTPS_ERROR_NULL.code() };
    // SAFETY: the header's rules.
    unsafe { change(mirror, |mirror| mirror.include(pattern)) }
}

/// Leaves out what matches this pattern, with all that is beneath, also where it is included.
#[no_mangle]
pub unsafe extern "C" fn ftps_mirror_exclude(mirror: *mut ftps_mirror, pattern: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    let Ok(pattern) = (unsafe { bytes(pattern, "pattern") }) else { return FTPS_ERROR_NULL.code() };
    // SAFETY: the header's rules.
    unsafe { change(mirror, |mirror| mirror.exclude(pattern)) }
}

/// # Safety
///
/// `mirror` is NULL or a valid mirror that nobody else uses.
unsafe fn change(mirror: *mut ftps_mirror, work: impl FnOnce(Mirror) -> crate::Result<Mirror>) -> c_int {
    // SAFETY: this function's contract.
    let Some(handle) = (unsafe { mirror.as_mut() }) else { return FTPS_ERROR_NULL.code() };
    let changed = guarded(|| work(handle.mirror.clone()));
    let status = match changed {
        Err(_) => FTPS_ERROR_INTERNAL,
        Ok(Err(error)) => ftps_status::from(&error),
        Ok(Ok(changed)) => {
            handle.mirror = changed;
            FTPS_OK
        }
    };
    status.code()
}
