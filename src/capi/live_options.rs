//! Options that are set at any time before the client is closed, also while it is connected.

use super::callbacks::{dialogue_observer, ftps_dialogue, ftps_retry, retry_observer};
use super::cancel::ftps_cancel;
use super::enums;
use super::handle::{call, closed, ftps_client, Content, State};
use super::last::Problem;
use super::logging::{self, ftps_log, LogTarget};
use super::status::ftps_status::{FTPS_ERROR_FORKED, FTPS_ERROR_INVALID_ARGUMENT};
use super::strings::utf8;
use crate::client::{ActiveMode, RateLimits, RetryPolicy, Timeouts};
use std::ffi::{c_char, c_int, c_void};
use std::net::IpAddr;
use std::num::NonZeroU64;
use std::time::Duration;

/// Changes timeouts.
///
/// # Safety
///
/// `client` is NULL or a valid handle.
unsafe fn change_timeouts(
    client: *mut ftps_client,
    work: impl FnOnce(&mut Timeouts) -> Result<(), Problem>,
) -> c_int {
    let work = |content: &mut Content| match &mut content.state {
        State::Options(options) => work(&mut options.timeouts),
        State::Open(client) => {
            let mut timeouts = client.timeouts();
            work(&mut timeouts)?;
            client.set_timeouts(timeouts);
            Ok(())
        }
        State::Closed => Err(closed()),
    };
    // SAFETY: passed on to the caller.
    unsafe { call(client, work) }
}

/// Milliseconds for name resolution, the TCP connection and the TLS handshake together, each time; not 0
/// (default: 30,000). Also for a data connection with its handshake. Holds from the next connection on.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_connect_timeout(
    client: *mut ftps_client,
    milliseconds: u32,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_timeouts(client, |timeouts| set(&mut timeouts.connect, milliseconds)) }
}

/// Milliseconds for one whole reply, not 0 (default: 60,000). Holds from the next wait on.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_reply_timeout(client: *mut ftps_client, milliseconds: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_timeouts(client, |timeouts| set(&mut timeouts.reply, milliseconds)) }
}

/// Milliseconds for silence on a data connection, and in active mode for the server to make it; not 0
/// (default: 60,000). Holds from the next wait on, also in an open transfer.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_data_timeout(client: *mut ftps_client, milliseconds: u32) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_timeouts(client, |timeouts| set(&mut timeouts.data, milliseconds)) }
}

/// Milliseconds for one whole call, time in callbacks not counted; for a transfer that is read or written
/// piece by piece, from its opening to its end, time between the calls not counted. 0 (the default) is no
/// such limit: the other timeouts hold all the same. Holds from the next call on; an open transfer keeps its
/// own.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_operation_timeout(
    client: *mut ftps_client,
    milliseconds: u32,
) -> c_int {
    let work = |timeouts: &mut Timeouts| {
        timeouts.operation = (milliseconds > 0).then(|| Duration::from_millis(milliseconds.into()));
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { change_timeouts(client, work) }
}

fn set(timeout: &mut Duration, milliseconds: u32) -> Result<(), Problem> {
    if milliseconds == 0 {
        return Err(Problem::new(
            FTPS_ERROR_INVALID_ARGUMENT,
            "a timeout of 0 milliseconds leaves no time at all",
        ));
    }
    *timeout = Duration::from_millis(milliseconds.into());
    Ok(())
}

/// Active mode (RFC 959 section 3.2) from the next transfer on, in place of passive mode: for each data
/// connection this client listens, and the server connects. TLS is as in passive mode, and resumed. At any
/// time before the client is closed.
///
/// `first_port`, `last_port`: the ports to listen on, those that a firewall lets through; 0 and 0 is any.
/// `listen_address`: a numeric address of this machine; NULL is this end's address of the control connection.
/// `announced_address`: the numeric address to tell the server where it is another, that of a NAT; or NULL.
/// `trust_any_peer`: not 0 takes a data connection from any address; with 0 one that does not come from the
/// control connection's peer is closed, and waiting goes on.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_active_mode(
    client: *mut ftps_client,
    first_port: u16,
    last_port: u16,
    listen_address: *const c_char,
    announced_address: *const c_char,
    trust_any_peer: c_int,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let (listen_on, announced) = unsafe {
            (address(listen_address, "listen_address")?, address(announced_address, "announced_address")?)
        };
        let mut mode = ActiveMode::default()
            .listen_on(listen_on)
            .announced_address(announced)
            .trust_any_peer(trust_any_peer != 0);
        if (first_port, last_port) != (0, 0) {
            mode = mode.ports(first_port..=last_port);
        }
        set_mode(content, Some(mode))
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Passive mode from the next transfer on, which is the default: the client makes the data connections. At any
/// time before the client is closed.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_passive_mode(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| set_mode(content, None)) }
}

fn set_mode(content: &mut Content, mode: Option<ActiveMode>) -> Result<(), Problem> {
    match &mut content.state {
        State::Open(client) => client.set_active_mode(mode)?,
        State::Options(options) => {
            mode.as_ref().map_or(Ok(()), ActiveMode::check)?;
            options.builder = options.builder.clone().active_mode(mode);
        }
        State::Closed => return Err(closed()),
    }
    Ok(())
}

/// The IP address in the string argument `what`, if there is one.
///
/// # Safety
///
/// `text` is NULL or points to a string that ends in NUL.
pub(super) unsafe fn address(text: *const c_char, what: &str) -> Result<Option<IpAddr>, Problem> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: passed on to the caller.
    let text = unsafe { utf8(text, what) }?;
    let not_numeric =
        |_| Problem::new(FTPS_ERROR_INVALID_ARGUMENT, format!("{what} is no numeric IP address"));
    text.parse().map(Some).map_err(not_numeric)
}

/// Payload bytes a second at most, on average, of what comes from the server and of what goes there; 0, the
/// default, is no limit. At any time before the client is closed; holds from the next piece of payload on,
/// also in an open transfer. The time that a limit costs is not silence of the server, but part of the
/// operation.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_rate_limits(
    client: *mut ftps_client,
    download: u64,
    upload: u64,
) -> c_int {
    let limits = RateLimits { download: NonZeroU64::new(download), upload: NonZeroU64::new(upload) };
    let work = |content: &mut Content| {
        match &mut content.state {
            State::Open(client) => client.set_rate_limits(limits),
            State::Options(options) => options.builder = options.builder.clone().rate_limits(limits),
            State::Closed => return Err(closed()),
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// What ends a line of local texts in TYPE A, one of ftps_line_ends (default: FTPS_LINE_ENDS_CRLF), from the
/// next transfer on: see ftps_client_set_type(). At any time before the client is closed.
///
/// With FTPS_LINE_ENDS_LF an upload sends CR LF for each LF that has no CR before it, and a download makes
/// LF of CR LF; a CR or LF that is alone stays as it is. Bytes are counted as they are on the wire. In TYPE
/// I, and in listings, nothing is converted.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_line_ends(client: *mut ftps_client, line_ends: c_int) -> c_int {
    let work = |content: &mut Content| {
        let line_ends = enums::line_ends(line_ends)?;
        match &mut content.state {
            State::Open(client) => client.set_line_ends(line_ends),
            State::Options(options) => options.builder = options.builder.clone().line_ends(line_ends),
            State::Closed => return Err(closed()),
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// How often, and when, to try again what failed for a reason that may pass: a broken connection or one that
/// cannot be made, silence, and the replies 421, 425, 426 and 450. Repeated are commands that only ask, the
/// opening of a transfer, and whole local files, which go on where they were cut off once the bytes before
/// that were compared. Where the control connection is lost the client connects and logs in again and
/// restores type, directory and options, for which the password is kept in memory: set this before the
/// login. At any time before the client is closed.
///
/// `attempts`: at most so many more in a row, where a transfer that comes further begins to count anew; 0, the
/// default, is never. `first_delay`: milliseconds before the first; each wait is twice as long as the one
/// before, up to `longest_delay`. Waiting counts into the timeout for an operation, and ends when the client
/// is cancelled. `retry`, which may be NULL, sees each attempt and may forbid it.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_retry(
    client: *mut ftps_client,
    attempts: u32,
    first_delay: u32,
    longest_delay: u32,
    retry: ftps_retry,
    userdata: *mut c_void,
) -> c_int {
    let policy = RetryPolicy::new(attempts)
        .first_delay(Duration::from_millis(first_delay.into()))
        .longest_delay(Duration::from_millis(longest_delay.into()))
        .observer(retry_observer(retry, userdata));
    let policy = (attempts > 0).then_some(policy);
    let work = |content: &mut Content| {
        match &mut content.state {
            State::Open(client) => client.set_retry_policy(policy),
            State::Options(options) => options.builder = options.builder.clone().retry_policy(policy),
            State::Closed => return Err(closed()),
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Sends NOOP whenever the control connection has been silent for so many milliseconds while a transfer is
/// under way; 0, the default, is never. Its reply is not waited for. At any time before the client is closed.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_keep_alive(client: *mut ftps_client, milliseconds: u32) -> c_int {
    let interval = (milliseconds > 0).then(|| Duration::from_millis(milliseconds.into()));
    let work = |content: &mut Content| {
        match &mut content.state {
            State::Open(client) => client.set_keep_alive(interval),
            State::Options(options) => options.builder = options.builder.clone().keep_alive(interval),
            State::Closed => return Err(closed()),
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Watches `cancel` in every wait from now on; NULL ends that. At any time before the client is closed. The
/// object may be freed while the client lives.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_cancel(
    client: *mut ftps_client,
    cancel: *const ftps_cancel,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules: NULL or a valid object, whose functions all take it shared.
        let token = match unsafe { cancel.as_ref() } {
            None => None,
            Some(cancel) => Some(cancel.token().ok_or_else(|| {
                Problem::new(
                    FTPS_ERROR_FORKED,
                    "the cancel object belongs to the parent process: make a new one",
                )
            })?),
        };
        match &mut content.state {
            State::Open(client) => client.set_cancel_token(token),
            State::Options(options) => options.builder = options.builder.clone().cancel_token(token),
            State::Closed => return Err(closed()),
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Shows every command (passwords masked) and reply to `dialogue`, from now on; NULL ends that. At any time
/// before the client is closed.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_dialogue(
    client: *mut ftps_client,
    dialogue: ftps_dialogue,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        let observer = dialogue_observer(dialogue, userdata);
        match &mut content.state {
            State::Open(client) => client.set_dialogue_observer(observer),
            State::Options(options) => options.builder = options.builder.clone().dialogue_observer(observer),
            State::Closed => return Err(closed()),
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Hands what the client has to say of its work to `log`, from the next call on: lines of `level`, one of
/// ftps_log_level, and what is more important. NULL ends that. At any time before the client is closed.
///
/// Where a Rust program with a logger of its own links this library, that logger gets the lines instead.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_log(
    client: *mut ftps_client,
    log: ftps_log,
    level: c_int,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        if log.is_some() && logging::level_of(level).is_none() {
            let message = format!("{level} is no ftps_log_level: see the constants in ftps.h");
            return Err(Problem::new(FTPS_ERROR_INVALID_ARGUMENT, message));
        }
        if let State::Closed = content.state {
            return Err(closed());
        }
        if log.is_some() {
            logging::install();
        }
        content.log = LogTarget::new(log, level, userdata);
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}
