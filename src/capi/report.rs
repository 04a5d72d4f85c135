//! What became of a plan.

use super::status::ftps_status::{self, FTPS_ERROR_NULL, FTPS_OK};
use super::strings::{store, Terminated};
use crate::trees::Report;
use std::ffi::{c_char, c_int};

/// What became of a plan. Everything that the plan said is in it: done, failed, or not tried.
///
/// Made by ftps_client_execute() and ftps_pool_execute(), freed by ftps_report_free(). Any number of threads
/// may read it.
pub struct ftps_report {
    report: Report,
    text: Terminated,
    failures: Vec<(ftps_status, Terminated)>,
}

/// What ftps_report_number() tells.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum ftps_report_numbers {
    /// Files transferred.
    FTPS_REPORT_FILES = 0,
    /// Their bytes.
    FTPS_REPORT_BYTES = 1,
    /// Directories made.
    FTPS_REPORT_DIRECTORIES = 2,
    /// Files, links and directories deleted from the target.
    FTPS_REPORT_DELETED = 3,
    /// Files in which nothing had to be done, or which the plan leaves out with a reason.
    FTPS_REPORT_SKIPPED = 4,
    /// Uploaded files whose time the server did not set.
    FTPS_REPORT_TIMES_NOT_SET = 5,
    /// Steps that failed, and problems of the plan.
    FTPS_REPORT_FAILED = 6,
    /// Steps that were not tried, because the mirror was stopped or no connection was left.
    FTPS_REPORT_NOT_DONE = 7,
}

impl From<Report> for ftps_report {
    fn from(report: Report) -> Self {
        let text = Terminated::text(&report.to_string());
        let failures = report.failures.iter();
        let failures = failures
            .map(|failure| (ftps_status::from(&failure.error), Terminated::text(&failure.to_string())))
            .collect();
        ftps_report { text, failures, report }
    }
}

/// One number of a report, `which` of ftps_report_numbers; 0 for NULL and for a number that is none.
/// Everything was done where FTPS_REPORT_FAILED and FTPS_REPORT_NOT_DONE are 0.
#[no_mangle]
pub unsafe extern "C" fn ftps_report_number(report: *const ftps_report, which: c_int) -> u64 {
    use ftps_report_numbers::*;
    // SAFETY: the header's rules.
    let Some(ftps_report { report, .. }) = (unsafe { report.as_ref() }) else { return 0 };
    let numbers = [
        (FTPS_REPORT_FILES, report.files),
        (FTPS_REPORT_BYTES, report.bytes),
        (FTPS_REPORT_DIRECTORIES, report.directories),
        (FTPS_REPORT_DELETED, report.deleted),
        (FTPS_REPORT_SKIPPED, report.skipped),
        (FTPS_REPORT_TIMES_NOT_SET, report.times_not_set),
        (FTPS_REPORT_FAILED, report.failures.len() as u64),
        (FTPS_REPORT_NOT_DONE, report.not_done.len() as u64),
    ];
    numbers.into_iter().find(|(known, _)| *known as c_int == which).map_or(0, |(_, number)| number)
}

/// The report for people: a line of numbers, and one for each step that failed or was not tried. UTF-8, valid
/// until the report is freed. Empty, never NULL, for a NULL report.
#[no_mangle]
pub unsafe extern "C" fn ftps_report_text(report: *const ftps_report) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { report.as_ref() }.map_or(c"".as_ptr(), |report| report.text.as_ptr())
}

/// A step that failed, and why, in one line of UTF-8; NULL for an `index` beyond the last. Stores the status
/// of its error in `*status`, unless that is NULL. Valid until the report is freed.
#[no_mangle]
pub unsafe extern "C" fn ftps_report_failure(
    status: *mut c_int,
    report: *const ftps_report,
    index: usize,
) -> *const c_char {
    // SAFETY: the header's rules.
    let failure = unsafe { report.as_ref() }.and_then(|report| report.failures.get(index));
    // SAFETY: the header's rules.
    unsafe { store(status, failure.map_or(FTPS_OK, |(status, _)| *status).code()) };
    failure.map_or(std::ptr::null(), |(_, text)| text.as_ptr())
}

/// Frees a report.
#[no_mangle]
pub unsafe extern "C" fn ftps_report_free(report: *mut ftps_report) -> c_int {
    if report.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: it came from `Box::into_raw`, and nobody uses it from here on.
    drop(unsafe { Box::from_raw(report) });
    FTPS_OK.code()
}
