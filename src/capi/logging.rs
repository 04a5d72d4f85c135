//! The events of the `log` crate, for the client whose call they come from.
//!
//! The crate `log` has one logger for a process. This one hands each event to the client whose call is
//! running on this thread, since the core does all its work on the caller's thread. Where a Rust program that
//! links this library has a logger of its own, that one stays.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};
use std::sync::Once;

use super::strings::Terminated;

/// How important a log line is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ftps_log_level {
    /// Something failed that the caller is told of too.
    FTPS_LOG_ERROR = 1,
    /// Something that should be looked at: a silent re-login, a session that the server declined.
    FTPS_LOG_WARN = 2,
    /// What the client decided.
    FTPS_LOG_INFO = 3,
    /// Commands (passwords masked) and replies.
    FTPS_LOG_DEBUG = 4,
}

/// Sees a log line: `level` is one of ftps_log_level, `line` UTF-8 without a line end, valid during the call.
pub type ftps_log = Option<unsafe extern "C" fn(level: c_int, line: *const c_char, userdata: *mut c_void)>;

/// Where a client's log lines go.
#[derive(Clone, Copy)]
pub(super) struct LogTarget {
    level: Level,
    callback: unsafe extern "C" fn(c_int, *const c_char, *mut c_void),
    userdata: *mut c_void,
}

// SAFETY: the header says that callbacks and their user data are used on whatever thread makes the call.
unsafe impl Send for LogTarget {}

thread_local! {
    /// The target of the call that is running on this thread.
    static CURRENT: Cell<Option<LogTarget>> = const { Cell::new(None) };
}

static INSTALL: Once = Once::new();

impl LogTarget {
    /// None where there is no callback, or `level` is no level.
    pub fn new(callback: ftps_log, level: c_int, userdata: *mut c_void) -> Option<LogTarget> {
        let level = level_of(level)?;
        callback.map(|callback| LogTarget { level, callback, userdata })
    }
}

pub(super) fn level_of(level: c_int) -> Option<Level> {
    [Level::Error, Level::Warn, Level::Info, Level::Debug].into_iter().find(|known| number(*known) == level)
}

/// Takes the place of the process' logger, unless there is one.
pub(super) fn install() {
    INSTALL.call_once(|| {
        if log::set_logger(&Router).is_ok() {
            log::set_max_level(LevelFilter::Debug);
        }
    });
}

/// Runs `work` with its log lines going to `target`. Calls nest: a callback may use another client.
pub(super) fn with_target<R>(target: Option<LogTarget>, work: impl FnOnce() -> R) -> R {
    let outer = CURRENT.replace(target);
    let result = work();
    CURRENT.set(outer);
    result
}

fn number(level: Level) -> c_int {
    let level = match level {
        Level::Error => ftps_log_level::FTPS_LOG_ERROR,
        Level::Warn => ftps_log_level::FTPS_LOG_WARN,
        Level::Info => ftps_log_level::FTPS_LOG_INFO,
        Level::Debug | Level::Trace => ftps_log_level::FTPS_LOG_DEBUG,
    };
    level as c_int
}

struct Router;

impl Log for Router {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        CURRENT.get().is_some_and(|target| metadata.level() <= target.level)
    }

    fn log(&self, record: &Record<'_>) {
        let Some(target) = CURRENT.get().filter(|target| record.level() <= target.level) else { return };
        let line = Terminated::text(&record.args().to_string());
        // SAFETY: the callback is the caller's, who promised that it takes these arguments.
        unsafe { (target.callback)(number(record.level()), line.as_ptr(), target.userdata) };
    }

    fn flush(&self) {}
}
