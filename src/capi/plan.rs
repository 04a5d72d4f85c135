//! What a mirror will do, and doing it.

use super::cancel::ftps_cancel;
use super::enums;
use super::handle::{call, ftps_client, guarded, Content};
use super::last::Problem;
use super::mirror::ftps_mirror;
use super::pool::ftps_pool;
use super::report::ftps_report;
use super::status::ftps_status::{
    FTPS_ERROR_FORKED, FTPS_ERROR_INTERNAL, FTPS_ERROR_INVALID_ARGUMENT, FTPS_ERROR_NULL, FTPS_OK,
};
use super::strings::{null, store, Terminated};
use crate::trees::{ActionKind, Execution, OnFailure, Plan, Progress, Reason};
use std::ffi::{c_char, c_int, c_void};

/// What a mirror will do: its steps in their order, and what it leaves out because it could not be read or
/// must not be used.
///
/// Made by ftps_client_plan(), freed by ftps_plan_free(). Any number of threads may read it.
pub struct ftps_plan {
    steps: Vec<Step>,
    problems: Vec<Terminated>,
    text: Terminated,
    /// Until it is executed.
    plan: Option<Plan>,
}

struct Step {
    kind: c_int,
    path: Terminated,
    size: i64,
    reason: Terminated,
}

/// What is done with a path.
#[repr(C)]
pub enum ftps_action {
    /// The directory is made.
    FTPS_ACTION_CREATE_DIRECTORY = 0,
    /// The file is sent.
    FTPS_ACTION_UPLOAD = 1,
    /// The file is received.
    FTPS_ACTION_DOWNLOAD = 2,
    /// The file or link is deleted from the target.
    FTPS_ACTION_DELETE_FILE = 3,
    /// The directory, which is empty by then, is deleted from the target.
    FTPS_ACTION_DELETE_DIRECTORY = 4,
    /// Nothing.
    FTPS_ACTION_SKIP = 5,
}

/// What happens after a step has failed.
#[repr(C)]
pub enum ftps_on_failure {
    /// The others are done.
    FTPS_ON_FAILURE_CONTINUE = 0,
    /// What is under way is stopped, and nothing else is begun.
    FTPS_ON_FAILURE_STOP = 1,
}

/// Sees how far a mirror has come, on the thread that makes the call, for every piece of every file and at
/// every step's end (`over` is 1): the path of the step and the bytes of its file that have moved; files that
/// are over, of `files`; bytes that have moved, of `bytes` as far as sizes are known. 0 goes on; anything
/// else stops all.
pub type ftps_mirror_progress = Option<
    unsafe extern "C" fn(
        path: *const c_char,
        moved: u64,
        over: c_int,
        files_over: usize,
        files: usize,
        bytes_moved: u64,
        bytes: u64,
        userdata: *mut c_void,
    ) -> c_int,
>;

impl From<Plan> for ftps_plan {
    fn from(plan: Plan) -> Self {
        let step = |action: &crate::trees::Action| Step {
            kind: action_number(action.kind),
            path: Terminated::new(&action.path),
            size: action.size.map_or(-1, |size| i64::try_from(size).unwrap_or(i64::MAX)),
            reason: reason_text(action.reason),
        };
        ftps_plan {
            steps: plan.actions().iter().map(step).collect(),
            problems: plan.problems().iter().map(|problem| Terminated::text(&problem.to_string())).collect(),
            text: Terminated::text(&plan.to_string()),
            plan: Some(plan),
        }
    }
}

fn action_number(kind: ActionKind) -> c_int {
    let kind = match kind {
        ActionKind::CreateDirectory => ftps_action::FTPS_ACTION_CREATE_DIRECTORY,
        ActionKind::Upload => ftps_action::FTPS_ACTION_UPLOAD,
        ActionKind::Download => ftps_action::FTPS_ACTION_DOWNLOAD,
        ActionKind::DeleteFile => ftps_action::FTPS_ACTION_DELETE_FILE,
        ActionKind::DeleteDirectory => ftps_action::FTPS_ACTION_DELETE_DIRECTORY,
        ActionKind::Skip => ftps_action::FTPS_ACTION_SKIP,
    };
    kind as c_int
}

fn reason_text(reason: Reason) -> Terminated {
    Terminated::text(&reason.to_string())
}

/// Looks at both sides of a mirror with `client`, which is logged in. Nothing is changed: this is the dry
/// run. `*plan` is the caller's, to be freed by ftps_plan_free(); NULL after an error, which is kept with the
/// client.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_plan(
    plan: *mut *mut ftps_plan,
    client: *mut ftps_client,
    mirror: *const ftps_mirror,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { store(plan, std::ptr::null_mut()) };
    let work = |content: &mut Content| {
        if plan.is_null() {
            return Err(null("plan"));
        }
        // SAFETY: the header's rules.
        let mirror = unsafe { mirror.as_ref() }.ok_or_else(|| null("mirror"))?;
        let made = ftps_plan::from(mirror.mirror.plan(content.client()?)?);
        // SAFETY: it is not NULL, and so, by the header's rules, may be written to.
        unsafe { plan.write(Box::into_raw(Box::new(made))) };
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Frees a plan and all that belongs to it.
#[no_mangle]
pub unsafe extern "C" fn ftps_plan_free(plan: *mut ftps_plan) -> c_int {
    if plan.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: it came from `Box::into_raw` in `ftps_client_plan`, and nobody uses it from here on.
    drop(unsafe { Box::from_raw(plan) });
    FTPS_OK.code()
}

/// The plan for people: a line for each step in which something is done, and for each problem. Empty where
/// both sides are the same. UTF-8, control characters escaped; valid until the plan is freed. Empty, never
/// NULL, for a NULL plan.
#[no_mangle]
pub unsafe extern "C" fn ftps_plan_text(plan: *const ftps_plan) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { plan.as_ref() }.map_or(c"".as_ptr(), |plan| plan.text.as_ptr())
}

/// How many steps there are, those included in which nothing is done; 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn ftps_plan_count(plan: *const ftps_plan) -> usize {
    // SAFETY: the header's rules.
    unsafe { plan.as_ref() }.map_or(0, |plan| plan.steps.len())
}

/// The path of a step beneath both roots, "" for the root itself; NULL for an `index` beyond the last. Stores
/// what is done with it, one of ftps_action, the size of its source, -1 where that is not known, and why, in
/// a few words. Each pointer may be NULL; nothing is stored with NULL returned. Valid until the plan is
/// freed.
#[no_mangle]
pub unsafe extern "C" fn ftps_plan_step(
    action: *mut c_int,
    size: *mut i64,
    reason: *mut *const c_char,
    plan: *const ftps_plan,
    index: usize,
) -> *const c_char {
    // SAFETY: the header's rules.
    let step = unsafe { plan.as_ref() }.and_then(|plan| plan.steps.get(index));
    let Some(step) = step else { return std::ptr::null() };
    // SAFETY: the header's rules.
    unsafe {
        store(action, step.kind);
        store(size, step.size);
        store(reason, step.reason.as_ptr());
    }
    step.path.as_ptr()
}

/// How many paths could not be read or must not be used; 0 for NULL. Each is a failure of the mirror.
#[no_mangle]
pub unsafe extern "C" fn ftps_plan_problem_count(plan: *const ftps_plan) -> usize {
    // SAFETY: the header's rules.
    unsafe { plan.as_ref() }.map_or(0, |plan| plan.problems.len())
}

/// A line that says which, and why; NULL for an `index` beyond the last. UTF-8, valid until the plan is
/// freed.
#[no_mangle]
pub unsafe extern "C" fn ftps_plan_problem(plan: *const ftps_plan, index: usize) -> *const c_char {
    // SAFETY: the header's rules.
    let problem = unsafe { plan.as_ref() }.and_then(|plan| plan.problems.get(index));
    problem.map_or(std::ptr::null(), Terminated::as_ptr)
}

/// Does what the plan says, once, over the connection of `client`. `*report` is the caller's, to be freed by
/// ftps_report_free(); NULL after an error, which is kept with the client: FTPS_ERROR_LOCAL where the local
/// root cannot be opened or made, FTPS_ERROR_INVALID_ARGUMENT where the plan was executed before. All else
/// that goes wrong is in the report, and the call returns FTPS_OK. `on_failure` is one of ftps_on_failure.
/// `progress` may be NULL. Nobody else may use the plan meanwhile.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_execute(
    report: *mut *mut ftps_report,
    client: *mut ftps_client,
    plan: *mut ftps_plan,
    on_failure: c_int,
    progress: ftps_mirror_progress,
    userdata: *mut c_void,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { store(report, std::ptr::null_mut()) };
    let work = |content: &mut Content| {
        if report.is_null() {
            return Err(null("report"));
        }
        let client = content.client()?;
        let execution = Execution::default().on_failure(self::on_failure(on_failure)?);
        // SAFETY: the header's rules.
        let plan = take(unsafe { plan.as_mut() })?;
        let done = plan.execute_with(client, &execution, |step| show(step, progress, userdata))?;
        // SAFETY: it is not NULL, and so, by the header's rules, may be written to.
        unsafe { report.write(Box::into_raw(Box::new(ftps_report::from(done)))) };
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// The same over at most `connections` connections of a pool at a time (0: as many as it may have), all of
/// which `cancel`, unless it is NULL, stops. The status is all that is told of an error; FTPS_ERROR_LOCAL
/// where the local root cannot be opened or made.
#[no_mangle]
pub unsafe extern "C" fn ftps_pool_execute(
    report: *mut *mut ftps_report,
    pool: *mut ftps_pool,
    plan: *mut ftps_plan,
    connections: usize,
    on_failure: c_int,
    cancel: *const ftps_cancel,
    progress: ftps_mirror_progress,
    userdata: *mut c_void,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { store(report, std::ptr::null_mut()) };
    let work = || {
        if report.is_null() {
            return Err(null("report"));
        }
        // SAFETY: the header's rules.
        let pool = unsafe { pool.as_ref() }.ok_or_else(|| null("pool"))?;
        let mut execution = Execution::default().on_failure(self::on_failure(on_failure)?);
        if connections > 0 {
            execution = execution.connections(connections);
        }
        // SAFETY: the header's rules.
        if let Some(cancel) = unsafe { cancel.as_ref() } {
            execution = execution.cancel_token(cancel.token().ok_or_else(forked)?);
        }
        let pool = pool.of_this_process().ok_or_else(forked)?;
        // SAFETY: the header's rules.
        let plan = take(unsafe { plan.as_mut() })?;
        let done = plan.execute(pool, &execution, |step| show(step, progress, userdata))?;
        // SAFETY: it is not NULL, and so, by the header's rules, may be written to.
        unsafe { report.write(Box::into_raw(Box::new(ftps_report::from(done)))) };
        Ok(())
    };
    let status = match guarded(work) {
        Err(_) => FTPS_ERROR_INTERNAL,
        Ok(outcome) => outcome.map_or_else(|problem: Problem| problem.status, |()| FTPS_OK),
    };
    status.code()
}

fn take(plan: Option<&mut ftps_plan>) -> Result<Plan, Problem> {
    let plan = plan.ok_or_else(|| null("plan"))?;
    plan.plan.take().ok_or_else(|| {
        Problem::new(FTPS_ERROR_INVALID_ARGUMENT, "the plan was executed before: make a new one")
    })
}

fn forked() -> Problem {
    Problem::new(FTPS_ERROR_FORKED, "the pool or the cancel object belongs to the parent process")
}

fn on_failure(number: c_int) -> Result<OnFailure, Problem> {
    let choices = [
        (ftps_on_failure::FTPS_ON_FAILURE_CONTINUE as c_int, OnFailure::Continue),
        (ftps_on_failure::FTPS_ON_FAILURE_STOP as c_int, OnFailure::Stop),
    ];
    enums::choose("ftps_on_failure", number, &choices)
}

fn show(step: &Progress<'_>, progress: ftps_mirror_progress, userdata: *mut c_void) -> bool {
    let Some(callback) = progress else { return true };
    let path = Terminated::new(&step.action.path);
    let ((files_over, files), (bytes_moved, bytes)) = (step.files, step.bytes);
    // SAFETY: the callback is the caller's, who promised that it takes these arguments.
    let answer = unsafe {
        callback(
            path.as_ptr(),
            step.moved,
            step.is_over.into(),
            files_over,
            files,
            bytes_moved,
            bytes,
            userdata,
        )
    };
    answer == 0
}
