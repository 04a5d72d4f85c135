//! What files have besides their content: times, permissions, hashes; and what a login is told once.

use super::client::tell;
use super::commands::tell_string;
use super::enums;
use super::handle::{call, ftps_client, Content};
use super::last::Problem;
use super::options::local_path;
use super::status::ftps_status::FTPS_ERROR_INVALID_ARGUMENT;
use super::strings::{bytes, utf8};
use crate::protocol::system_time;
use std::ffi::{c_char, c_int};

/// Sets when a file was last modified, in seconds since 1970-01-01 00:00:00 UTC: with MFMT, where the server
/// does not know it MDTM with a time, and else SITE UTIME; what works is remembered for the login. Fails with
/// FTPS_ERROR_REFUSED where the server knows none of them, and with FTPS_ERROR_INVALID_ARGUMENT before the
/// year 0 and after 9999.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_modification_time(
    client: *mut ftps_client,
    path: *const c_char,
    seconds: i64,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let path = unsafe { bytes(path, "path") }?;
        let time = system_time(seconds).ok_or_else(|| {
            Problem::new(
                FTPS_ERROR_INVALID_ARGUMENT,
                format!("{seconds} seconds are beyond this system's clock"),
            )
        })?;
        Ok(content.client()?.set_modification_time(path, time)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Sets the permissions of a file on a Unix server, 0 to 07777: 0640 for instance (SITE CHMOD).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_permissions(
    client: *mut ftps_client,
    path: *const c_char,
    mode: u32,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.set_permissions(bytes(path, "path")?, mode)?)) }
}

/// Sets which permissions new files and directories do not get on a Unix server, 0 to 07777: 027 for instance
/// (SITE UMASK). A silent re-login sets it again.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_umask(client: *mut ftps_client, mask: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.set_umask(mask)?)) }
}

/// Chooses the facts that MLSD and MLST tell (OPTS MLST, RFC 3659 section 7.9): names with semicolons between
/// them, "type;size;modify" for instance. A silent re-login chooses them again. Some servers say yes and go on
/// telling all.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_mlst_facts(client: *mut ftps_client, facts: *const c_char) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let facts = unsafe { utf8(facts, "facts") }?;
        let facts: Vec<&str> = facts.split(';').filter(|name| !name.is_empty()).collect();
        Ok(content.client()?.set_mlst_facts(&facts)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Stores 1 where the server says that it can compute hashes of files by `algorithm`, one of
/// ftps_hash_algorithm; else 0.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_has_hash(
    offered: *mut c_int,
    client: *mut ftps_client,
    algorithm: c_int,
) -> c_int {
    let work = |content: &mut Content| {
        let algorithm = enums::hash_algorithm(algorithm)?;
        Ok(c_int::from(content.client()?.hash_algorithms().contains(&algorithm)))
    };
    // SAFETY: the header's rules.
    unsafe { tell(offered, client, work) }
}

/// The hash of a file by `algorithm`, one of ftps_hash_algorithm, computed by the server: with HASH where it
/// offers the algorithm there, else with a command of its own (XSHA256). `*hash` points to it in hexadecimal
/// digits in lower case; valid until the next call on this client, NULL after an error. A server may take
/// long: ftps_client_set_reply_timeout() has to allow for that.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_hash(
    hash: *mut *const c_char,
    client: *mut ftps_client,
    path: *const c_char,
    algorithm: c_int,
) -> c_int {
    let work = |content: &mut Content| {
        let algorithm = enums::hash_algorithm(algorithm)?;
        // SAFETY: the header's rules.
        let hash = content.client()?.hash(unsafe { bytes(path, "path") }?, algorithm)?;
        Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes())
    };
    // SAFETY: the header's rules.
    unsafe { tell_string(hash, client, work) }
}

/// Compares a local and a remote file by the strongest hash that the server offers. `*algorithm`, unless
/// `algorithm` is NULL, is which that was, one of ftps_hash_algorithm; 0 after an error. Fails with
/// FTPS_ERROR_MISMATCH where they differ, and with FTPS_ERROR_REFUSED where the server offers no hash.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_verify(
    algorithm: *mut c_int,
    client: *mut ftps_client,
    local: *const c_char,
    remote: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let (local, remote) = unsafe { (bytes(local, "local")?, bytes(remote, "remote")?) };
        Ok(enums::hash_algorithm_number(content.client()?.verify(local_path(local), remote)?))
    };
    // SAFETY: the header's rules.
    unsafe { tell(algorithm, client, work) }
}
