//! Connections that are lent.

use super::handle::{call, ftps_client, guarded, Connection, Content, State};
use super::last::Problem;
use super::status::ftps_status::{
    self, FTPS_ERROR_FORKED, FTPS_ERROR_INTERNAL, FTPS_ERROR_NULL, FTPS_ERROR_WRONG_STATE, FTPS_OK,
};
use super::strings::{null, store, utf8};
use crate::client::pool::PoolBuilder;
use crate::client::Pool;
use std::ffi::{c_char, c_int};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Connections to one server with one login, which are lent to clients by ftps_client_lease() and come back
/// when those are freed. Each has TLS sessions of its own.
///
/// Made by ftps_pool_new(), freed by ftps_pool_free(), at any time: clients that have a connection of it keep
/// that until they are freed. All functions but ftps_pool_free() may be called from several threads at once.
pub struct ftps_pool {
    process: u32,
    options: Mutex<PoolBuilder>,
    /// Made by the first lease.
    pool: OnceLock<Pool>,
}

/// What ftps_pool_statistic() tells.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum ftps_pool_statistics {
    /// Connections now: lent, idle, or being opened.
    FTPS_POOL_OPEN = 0,
    /// Those of them that are idle.
    FTPS_POOL_IDLE = 1,
    /// Leases that wait for a connection.
    FTPS_POOL_WAITING = 2,
    /// How many connections the server takes, where it has refused one; else 0.
    FTPS_POOL_SERVER_LIMIT = 3,
    /// Logins so far.
    FTPS_POOL_OPENED = 4,
    /// Connections that the server refused because it had enough.
    FTPS_POOL_REFUSED = 5,
    /// Connections that were closed when they came back, because they were not fit for another borrower.
    FTPS_POOL_DISCARDED = 6,
    /// Connections that had been idle and did not answer any more.
    FTPS_POOL_FOUND_DEAD = 7,
    /// Connections that were idle for too long.
    FTPS_POOL_EXPIRED = 8,
}

impl ftps_pool {
    pub(super) fn of_this_process(&self) -> Option<&Pool> {
        (self.process == std::process::id()).then(|| self.pool())
    }

    fn pool(&self) -> &Pool {
        self.pool.get_or_init(|| self.options.lock().unwrap_or_else(PoisonError::into_inner).clone().build())
    }

    /// Before the first lease.
    fn change(&self, work: impl FnOnce(PoolBuilder) -> PoolBuilder) -> ftps_status {
        let mut options = self.options.lock().unwrap_or_else(PoisonError::into_inner);
        if self.pool.get().is_some() {
            return FTPS_ERROR_WRONG_STATE;
        }
        *options = work(options.clone());
        FTPS_OK
    }
}

/// Runs `work` on a pool. Its status is the only thing that is told of an error.
///
/// # Safety
///
/// `pool` is NULL or a valid pool.
unsafe fn with_pool(pool: *const ftps_pool, work: impl FnOnce(&ftps_pool) -> ftps_status) -> c_int {
    // SAFETY: a valid pool, by this function's contract; all its functions take it shared.
    let status = match unsafe { pool.as_ref() } {
        None => FTPS_ERROR_NULL,
        Some(pool) if pool.process != std::process::id() => FTPS_ERROR_FORKED,
        Some(pool) => guarded(|| work(pool)).unwrap_or(FTPS_ERROR_INTERNAL),
    };
    status.code()
}

/// Makes a pool of connections with the options of `client`, which is not connected and stays so, and with
/// this login (UTF-8). Nothing is sent before the first lease. `*pool` is the caller's, to be freed by
/// ftps_pool_free(); NULL after an error, which is kept with the client. Callbacks among the options are
/// called for all its connections, by several threads at once where several have one.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_new_pool(
    pool: *mut *mut ftps_pool,
    client: *mut ftps_client,
    user: *const c_char,
    password: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { store(pool, std::ptr::null_mut()) };
    let work = |content: &mut Content| {
        if pool.is_null() {
            return Err(null("pool"));
        }
        // SAFETY: the header's rules.
        let (user, password) = unsafe { (utf8(user, "user")?, utf8(password, "password")?) };
        let options = content.options()?.builder().pool(user, password);
        let made =
            ftps_pool { process: std::process::id(), options: Mutex::new(options), pool: OnceLock::new() };
        // SAFETY: it is not NULL, and so, by the header's rules, may be written to.
        unsafe { pool.write(Box::into_raw(Box::new(made))) };
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Frees a pool. Its idle connections are closed, and those that are lent as soon as their clients are freed.
/// No other thread may be inside one of its functions. Works in a forked child, where it closes the child's
/// descriptors alone.
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_free(pool: *mut ftps_pool) -> c_int {
    if pool.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: it came from `Box::into_raw` in `ftps_client_new_pool`, and nobody uses it from here on.
    let pool = unsafe { Box::from_raw(pool) };
    let is_forked = pool.process != std::process::id();
    let end = move || match pool.pool.into_inner() {
        Some(pool) if is_forked => pool.abandon(),
        Some(pool) => pool.close(),
        None => {}
    };
    guarded(end).map_or(FTPS_ERROR_INTERNAL, |()| FTPS_OK).code()
}

/// How many connections there are at most, 1 or more (default 4); fewer where the server takes fewer. Like
/// the three below, to be set before the first lease: FTPS_ERROR_WRONG_STATE after it.
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_set_maximum(pool: *mut ftps_pool, connections: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, |pool| pool.change(|options| options.maximum(connections as usize))) }
}

/// Milliseconds that a lease may wait until a connection is free (default 60,000).
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_set_wait(pool: *mut ftps_pool, milliseconds: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, |pool| pool.change(|options| options.wait(duration(milliseconds)))) }
}

/// A connection that was idle for longer than this many milliseconds is asked with NOOP before it is lent
/// again (default 30,000).
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_set_check_after(pool: *mut ftps_pool, milliseconds: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, |pool| pool.change(|options| options.check_after(duration(milliseconds)))) }
}

/// A connection that was idle for longer than this many milliseconds is closed when the pool is used next
/// (default 300,000).
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_set_expire_after(pool: *mut ftps_pool, milliseconds: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, |pool| pool.change(|options| options.expire_after(duration(milliseconds)))) }
}

/// Connects and logs in `client`, which is not connected yet, by a connection of the pool: an idle one, else
/// a new one, else the next that comes back. Of the client's own options its cancel object alone counts, also
/// for the connection; the others are those of the pool. ftps_client_free() gives the connection back, as
/// new; ftps_client_close() and ftps_client_quit() end it.
///
/// Fails with FTPS_ERROR_TIMEOUT when no connection becomes free in time, with FTPS_ERROR_WRONG_STATE when
/// the pool is closed, and as ftps_client_connect() and ftps_client_login() fail.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_lease(client: *mut ftps_client, pool: *mut ftps_pool) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let pool = unsafe { pool.as_ref() }.ok_or_else(|| null("pool"))?;
        let forked = || Problem::new(FTPS_ERROR_FORKED, "the pool belongs to the parent process");
        let pool = pool.of_this_process().ok_or_else(forked)?;
        let lease = match content.options()?.builder.watched_token() {
            Some(token) => pool.lease_watching(&token)?,
            None => pool.lease()?,
        };
        content.state = State::Open(Connection::Leased(lease));
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Stores one counter of the pool, `which` of ftps_pool_statistics.
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_statistic(value: *mut u64, pool: *mut ftps_pool, which: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { store(value, 0) };
    let work = |pool: &ftps_pool| match statistic(pool.pool(), which) {
        None => ftps_status::FTPS_ERROR_INVALID_ARGUMENT,
        Some(told) => {
            // SAFETY: the header's rules.
            unsafe { store(value, told) };
            FTPS_OK
        }
    };
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, work) }
}

fn statistic(pool: &Pool, which: c_int) -> Option<u64> {
    use ftps_pool_statistics::*;
    let told = pool.statistics();
    let numbers = [
        (FTPS_POOL_OPEN, told.open as u64),
        (FTPS_POOL_IDLE, told.idle as u64),
        (FTPS_POOL_WAITING, told.waiting as u64),
        (FTPS_POOL_SERVER_LIMIT, told.server_limit.unwrap_or(0) as u64),
        (FTPS_POOL_OPENED, told.opened),
        (FTPS_POOL_REFUSED, told.refused),
        (FTPS_POOL_DISCARDED, told.discarded),
        (FTPS_POOL_FOUND_DEAD, told.found_dead),
        (FTPS_POOL_EXPIRED, told.expired),
    ];
    numbers.into_iter().find(|(known, _)| *known as c_int == which).map(|(_, number)| number)
}

/// Closes the connections that were idle for too long.
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_close_expired(pool: *mut ftps_pool) -> c_int {
    let work = |pool: &ftps_pool| {
        pool.pool().close_expired();
        FTPS_OK
    };
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, work) }
}

/// Closes the idle connections, and those that are lent as soon as they come back. Every lease fails from now
/// on, those that wait too. Closing again does nothing.
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_close(pool: *mut ftps_pool) -> c_int {
    let work = |pool: &ftps_pool| {
        pool.pool().close();
        FTPS_OK
    };
    // SAFETY: the header's rules.
    unsafe { with_pool(pool, work) }
}

fn duration(milliseconds: u32) -> Duration {
    Duration::from_millis(milliseconds.into())
}
