//! The life of a client: made, connected, logged in, closed, freed; and what it tells of itself.

use super::enums;
use super::handle::{self, call, closed, ftps_client, Connection, Content, State};
use super::last::{LastError, LastReply, Problem};
use super::options::Options;
use super::status::ftps_status::{self, FTPS_ERROR_BUSY, FTPS_ERROR_FORKED, FTPS_ERROR_NULL, FTPS_OK};
use super::strings::{store, utf8};
use crate::client::Statistics;
use std::ffi::{c_char, c_int};

/// Makes a client for `host`: a name, an IPv4 address, or an IPv6 address without brackets. Nothing is sent
/// yet: set options, then call ftps_client_connect(). `*client` is the caller's, to be freed by
/// ftps_client_free(); NULL after an error. Fails with FTPS_ERROR_NULL, and with FTPS_ERROR_INVALID_ARGUMENT
/// where `host` is not UTF-8.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_new(client: *mut *mut ftps_client, host: *const c_char) -> c_int {
    if client.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    let made = handle::guarded(|| {
        // SAFETY: the header's rules.
        let host = unsafe { utf8(host, "host") }?;
        Ok::<_, Problem>(Box::into_raw(Box::new(ftps_client::new(Options::new(host.to_owned())))))
    });
    let (pointer, status) = match made {
        Ok(Ok(pointer)) => (pointer, FTPS_OK),
        Ok(Err(problem)) => (std::ptr::null_mut(), problem.status),
        Err(_) => (std::ptr::null_mut(), ftps_status::FTPS_ERROR_INTERNAL),
    };
    // SAFETY: it is not NULL, and so, by the header's rules, may be written to.
    unsafe { client.write(pointer) };
    status.code()
}

/// Frees a client. An open transfer is aborted and the connection closed without QUIT; call
/// ftps_client_quit() before for a goodbye. A connection that ftps_client_lease() got goes back to its pool.
/// Fails with FTPS_ERROR_BUSY, and frees nothing, while a call is running. The only call that works in a
/// forked child: there it closes the child's descriptors and says nothing to the server. Using the handle
/// afterwards is undefined behaviour.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_free(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { handle::free(client) }
}

/// Closes the connection, also one of a pool, without QUIT; an open transfer is aborted. The handle stays
/// valid: every later call but this one, which does nothing more, fails with FTPS_ERROR_CLOSED, and the error
/// accessors go on working.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_close(client: *mut ftps_client) -> c_int {
    let work = |content: &mut Content| {
        if let State::Open(mut open) = std::mem::replace(&mut content.state, State::Closed) {
            open.close();
        }
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Says goodbye (QUIT), waits for the answer, and closes as ftps_client_close() does, whatever the outcome. A
/// client that is not connected stays as it is: FTPS_ERROR_WRONG_STATE.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_quit(client: *mut ftps_client) -> c_int {
    let work = |content: &mut Content| {
        content.client()?;
        match std::mem::replace(&mut content.state, State::Closed) {
            State::Open(mut open) => Ok(open.say_goodbye()?),
            State::Options(_) | State::Closed => Err(closed()),
        }
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Connects, reads the greeting (see ftps_client_reply_code()) and establishes TLS. Log in next. After an
/// error the options can be changed and the call made again.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_connect(client: *mut ftps_client) -> c_int {
    let work = |content: &mut Content| {
        let open = content.options()?.builder().connect()?;
        content.reply = LastReply::from(open.greeting());
        content.state = State::Open(Connection::Own(Box::new(open)));
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// Logs in (USER, PASS) and protects the data connections (PBSZ, PROT P): after it, no transfer can happen in
/// clear. Both strings are UTF-8. Fails with FTPS_ERROR_LOGIN_REFUSED when the server does not take them.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_login(
    client: *mut ftps_client,
    user: *const c_char,
    password: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { ftps_client_login_with_account(client, user, password, c"".as_ptr()) }
}

/// The same for a server that wants an account too (RFC 959 section 4.1.1).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_login_with_account(
    client: *mut ftps_client,
    user: *const c_char,
    password: *const c_char,
    account: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let (user, password, account) =
            unsafe { (utf8(user, "user")?, utf8(password, "password")?, utf8(account, "account")?) };
        Ok(content.client()?.login_with_account(user, password, account)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// INSECURE: ends TLS on the control connection (CCC, RFC 4217 section 12.3), after the login. From here on
/// whoever is in between can read commands and replies, and insert others. For firewalls that have to read
/// PORT and PASV. Data connections are as protected as before, and still resume the control connection's
/// session; a silent re-login ends TLS again. Where the server does not offer it, FTPS_ERROR_REFUSED, and
/// TLS goes on.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_clear_command_channel(client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { call(client, |content| Ok(content.client()?.clear_command_channel()?)) }
}

/// Stores in `*usable` whether the control connection can still be used: 1 or 0. After a timeout on it, or
/// its loss, it cannot: close this client and connect with a new one.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_is_usable(usable: *mut c_int, client: *mut ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { tell(usable, client, |content| Ok(content.client()?.is_usable().into())) }
}

/// Stores the control connection's TLS version: one of ftps_tls_version.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_tls_version(version: *mut c_int, client: *mut ftps_client) -> c_int {
    let work =
        |content: &mut Content| Ok(content.client()?.tls_version().map_or(0, enums::tls_version_number));
    // SAFETY: the header's rules.
    unsafe { tell(version, client, work) }
}

/// Stores in `*offered` whether the server named `feature` ("MLST", "REST") in its answer to FEAT: 1 or 0.
/// Known after the login.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_has_feature(
    offered: *mut c_int,
    client: *mut ftps_client,
    feature: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        // SAFETY: the header's rules.
        let feature = unsafe { utf8(feature, "feature") }?;
        Ok(content.client()?.features().has(feature).into())
    };
    // SAFETY: the header's rules.
    unsafe { tell(offered, client, work) }
}

/// Stores one counter, `which` of ftps_statistic. Before the connection stands all are 0; read them before
/// ftps_client_quit() or ftps_client_close().
#[no_mangle]
pub unsafe extern "C" fn ftps_client_statistic(
    value: *mut u64,
    client: *mut ftps_client,
    which: c_int,
) -> c_int {
    let work = |content: &mut Content| {
        let statistics = match &content.state {
            State::Open(open) => open.statistics(),
            State::Options(_) => Statistics::default(),
            State::Closed => return Err(closed()),
        };
        enums::statistic(which, &statistics)
    };
    // SAFETY: the header's rules.
    unsafe { tell(value, client, work) }
}

/// Stores in `*value` what `work` tells; 0 after an error, also where the client is out of reach.
///
/// # Safety
///
/// `client` is NULL or a valid handle, and `value` is NULL or may be written to.
pub(super) unsafe fn tell<T: Default>(
    value: *mut T,
    client: *mut ftps_client,
    work: impl FnOnce(&mut Content) -> Result<T, Problem>,
) -> c_int {
    // SAFETY: this function's contract.
    unsafe { store(value, T::default()) };
    let work = |content: &mut Content| {
        let told = work(content)?;
        // SAFETY: this function's contract.
        unsafe { store(value, told) };
        Ok(())
    };
    // SAFETY: passed on to the caller.
    unsafe { call(client, work) }
}

/// The status of the last call on this client, FTPS_OK if it succeeded. That the handle itself is NULL, busy,
/// or another process's is only returned, never kept: the last error stays as it was. Accessors that meet
/// such a handle say so, or nothing.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_status(client: *const ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe {
        handle::peek(client, |content| content.map_or_else(|status| status, |content| content.error.status))
            .code()
    }
}

/// What went wrong in the last call and what to do about it: one line with the server's reply, the cause and
/// the bytes moved. Empty after success, never NULL. UTF-8, valid until the next call on this client.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_message(client: *const ftps_client) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe {
        handle::peek(client, |content| match content {
            Ok(content) => content.error.message.as_ptr(),
            Err(FTPS_ERROR_BUSY) => c"the client is in use by another call".as_ptr(),
            Err(FTPS_ERROR_FORKED) => {
                c"the client belongs to the process from which this one was forked".as_ptr()
            }
            Err(_) => c"the client is NULL".as_ptr(),
        })
    }
}

/// The code of the server's reply that belongs to the last error, for instance 550; 0 when there is none.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_reply_code(client: *const ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { error_number(client, |error| error.reply_code) }
}

/// Its text, lines parted by "\n". Empty when there is none, never NULL. UTF-8, read by
/// ftps_client_set_charset() (other bytes replaced), valid until the next call on this client.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_reply_text(client: *const ftps_client) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe {
        handle::peek(client, |content| {
            content.map_or(c"".as_ptr(), |content| content.error.reply_text.as_ptr())
        })
    }
}

/// The operating system's error number at the bottom of the last error; 0 when there is none.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_errno(client: *const ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { error_number(client, |error| error.errno) }
}

/// The TLS alert at the bottom of the last error (RFC 8446 section 6), for instance 48 for unknown_ca; -1
/// when there is none.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_tls_alert(client: *const ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { handle::peek(client, |content| content.map_or(-1, |content| content.error.tls_alert)) }
}

/// Payload bytes that had moved when the last call failed.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_error_bytes_moved(client: *const ftps_client) -> u64 {
    // SAFETY: the header's rules.
    unsafe { handle::peek(client, |content| content.map_or(0, |content| content.error.bytes_moved)) }
}

/// # Safety
///
/// `client` is NULL or a valid handle.
unsafe fn error_number(client: *const ftps_client, number: impl FnOnce(&LastError) -> c_int) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { handle::peek(client, |content| content.map_or(0, |content| number(&content.error))) }
}

/// The code of the last reply that a call was made for: the greeting after ftps_client_connect(), the reply
/// to ftps_client_command(), ftps_client_system() and ftps_client_status(), and what ended a transfer after
/// ftps_client_finish(). Other calls, those that transfer a whole file among them, leave it as it was. 0
/// before the first.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_reply_code(client: *const ftps_client) -> c_int {
    // SAFETY: the header's rules.
    unsafe { handle::peek(client, |content| content.map_or(0, |content| content.reply.code)) }
}

/// Its text without the code, lines parted by "\n". Never NULL. UTF-8, read by ftps_client_set_charset()
/// (other bytes replaced), valid until the next call on this client.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_reply_text(client: *const ftps_client) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe {
        handle::peek(client, |content| content.map_or(c"".as_ptr(), |content| content.reply.text.as_ptr()))
    }
}

/// Its bytes as they were received, codes and line ends included, and in `*length`, unless that is NULL, how
/// many there are. Never NULL; a NUL follows the last. Valid until the next call on this client.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_reply_raw(
    length: *mut usize,
    client: *const ftps_client,
) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe {
        handle::peek(client, |content| {
            let (pointer, count) = content
                .map_or((c"".as_ptr(), 0), |content| (content.reply.raw.as_ptr(), content.reply.raw.len()));
            store(length, count);
            pointer
        })
    }
}
