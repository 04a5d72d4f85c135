//! What is beneath a directory of the server.

use super::client::tell;
use super::handle::{call, ftps_client, Content};
use super::last::Problem;
use super::listing::ftps_entry;
use super::strings::{bytes, null, optional_bytes, Terminated};
use crate::trees::{PathError, Walker};
use crate::{Error, Failure, FtpsClient};
use std::ffi::{c_char, c_int, c_void};

/// How a walk goes on.
#[repr(C)]
pub enum ftps_step {
    /// With what comes next.
    FTPS_STEP_ON = 0,
    /// Behind the directory that was shown, without what is in it.
    FTPS_STEP_OVER = 1,
}

const ON: c_int = ftps_step::FTPS_STEP_ON as c_int;
const OVER: c_int = ftps_step::FTPS_STEP_OVER as c_int;

/// Sees one step of a walk: a path of the server, the bytes to send back to it, and its entry; or, with
/// `entry` NULL, what went wrong with that path as a line of UTF-8: a directory that cannot be listed, a line
/// that is not understood, a loop. All are valid during the call. Returns one of ftps_step; anything else
/// stops the walk, which ends in FTPS_ERROR_CANCELLED.
pub type ftps_found = Option<
    unsafe extern "C" fn(
        path: *const c_char,
        entry: *const ftps_entry,
        problem: *const c_char,
        userdata: *mut c_void,
    ) -> c_int,
>;

/// Shows all that is beneath a directory, depth first, each directory before what is in it. `path` may be
/// NULL for the current directory. Symbolic links are shown as such and not followed; because some servers
/// (ProFTPD) show them as directories in MLSD, a directory with subdirectories is listed a second time with
/// LIST.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_walk(
    client: *mut ftps_client,
    path: *const c_char,
    found: ftps_found,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let path = unsafe { optional_bytes(path) };
        show(content.client()?, Walker::new(path), found, userdata)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Shows all that matches a pattern, for instance "inbox/2026-*.csv", in the order of ftps_client_walk().
/// "*" is any number of characters in one name, "?" one, "[a-z]" one of these and "[!a-z]" one of the others,
/// "**" any number of directories; "\" takes away the meaning of the character that follows. Fails with
/// FTPS_ERROR_INVALID_ARGUMENT where it is no pattern.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_glob(
    client: *mut ftps_client,
    pattern: *const c_char,
    found: ftps_found,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let pattern = unsafe { bytes(pattern, "pattern") }?;
        let client = content.client()?;
        show(client, Walker::matching(pattern)?, found, userdata)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Deletes a directory with all that is beneath it; links are deleted, not followed. What cannot be deleted
/// is shown to `problem`, with `entry` NULL, and the rest is deleted all the same; where there was such a
/// thing the call fails with FTPS_ERROR_REFUSED. `*deleted`, unless `deleted` is NULL, is how many files,
/// links and directories are gone. `problem` may be NULL, and what it returns has no meaning.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_delete_tree(
    deleted: *mut u64,
    client: *mut ftps_client,
    path: *const c_char,
    problem: ftps_found,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let path = unsafe { bytes(path, "path") }?;
        let outcome = content.client()?.delete_tree(path)?;
        for failure in &outcome.failures {
            show_problem(failure, problem, userdata);
        }
        match outcome.failures.into_iter().next() {
            None => Ok(outcome.files + outcome.directories),
            Some(first) => Err(Problem::from(first.error)),
        }
    };
    // SAFETY: the header's rules.
    unsafe { tell(deleted, client, work) }
}

fn show(
    client: &mut FtpsClient,
    mut walker: Walker,
    found: ftps_found,
    userdata: *mut c_void,
) -> Result<(), Problem> {
    let callback = found.ok_or_else(|| null("found"))?;
    while let Some(step) = walker.step(client) {
        let answer = match step {
            // A path with a NUL would end there for most of C.
            Ok(found) if found.path.contains(&0) => {
                let error = Error::Protocol(Failure::new("its name contains a NUL"));
                show_problem(&PathError { path: found.path, error }, Some(callback), userdata)
            }
            Ok(found) => {
                let (path, entry) = (Terminated::new(&found.path), ftps_entry::new(&found.entry));
                // SAFETY: the callback is the caller's, who promised that it takes these arguments.
                unsafe { callback(path.as_ptr(), &entry, std::ptr::null(), userdata) }
            }
            Err(problem) if !client.is_usable() || matches!(problem.error, Error::Cancelled(_)) => {
                return Err(problem.error.into());
            }
            Err(problem) => show_problem(&problem, Some(callback), userdata),
        };
        match answer {
            ON => {}
            OVER => walker.skip_directory(),
            _ => return Err(Error::Cancelled(Failure::new("the walk was stopped by the caller")).into()),
        }
    }
    Ok(())
}

fn show_problem(problem: &PathError, found: ftps_found, userdata: *mut c_void) -> c_int {
    let Some(callback) = found else { return 0 };
    let (path, text) = (Terminated::new(&problem.path), Terminated::text(&problem.error.to_string()));
    // SAFETY: the callback is the caller's, who promised that it takes these arguments.
    unsafe { callback(path.as_ptr(), std::ptr::null(), text.as_ptr(), userdata) }
}
