//! Options of the way to the server, set before the connection is made: sockets, proxies, and what is protected on it.

use super::enums;
use super::handle::ftps_client;
use super::last::Problem;
use super::live_options::address;
use super::options::{change, change_builder};
use super::status::ftps_status::FTPS_ERROR_NULL;
use super::strings::{bytes, utf8};
use crate::client::Builder;
use crate::net::SocketOptions;
use std::ffi::{c_char, c_int};
use std::time::Duration;

/// Changes the options of sockets.
///
/// # Safety
///
/// `client` is NULL or a valid handle.
unsafe fn change_sockets(
    client: *mut ftps_client,
    work: impl FnOnce(&mut SocketOptions) -> Result<(), Problem>,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { change(client, |options| work(&mut options.sockets)) }
}

/// The local address that connections come from, on a machine that has several: a numeric address of the
/// family (IPv4, IPv6) of the server's. NULL, the default, leaves it to the system. What the system refuses
/// is told by ftps_client_connect(). In active mode it is the address to listen on too, unless that is
/// another.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_bind_address(
    client: *mut ftps_client,
    local_address: *const c_char,
) -> c_int {
    let work = |sockets: &mut SocketOptions| {
        // SAFETY: the header's rules.
        sockets.bind_address = unsafe { address(local_address, "local_address") }?;
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { change_sockets(client, work) }
}

/// TCP keep-alive on both connections: how many seconds one is silent before the system asks whether the
/// peer is still there. 0, the default, is never. It keeps firewalls from forgetting a control connection
/// that is silent during a long transfer.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_tcp_keep_alive(client: *mut ftps_client, seconds: u32) -> c_int {
    let work = |sockets: &mut SocketOptions| {
        sockets.tcp_keep_alive = (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { change_sockets(client, work) }
}

/// The send buffer of data connections in bytes (SO_SNDBUF). 0, the default, leaves it to the system, which
/// fits it to the link.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_send_buffer(client: *mut ftps_client, size: usize) -> c_int {
    let work = |sockets: &mut SocketOptions| {
        sockets.send_buffer = (size > 0).then_some(size);
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { change_sockets(client, work) }
}

/// The receive buffer of data connections in bytes (SO_RCVBUF). 0, the default, leaves it to the system,
/// which fits it to the link.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_receive_buffer(client: *mut ftps_client, size: usize) -> c_int {
    let work = |sockets: &mut SocketOptions| {
        sockets.receive_buffer = (size > 0).then_some(size);
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { change_sockets(client, work) }
}

/// Makes both connections through a proxy, which resolves the server's name: `kind` is one of
/// ftps_proxy_kind (default: FTPS_PROXY_NONE, with which the other arguments are not looked at). In passive
/// mode only: with an active mode besides, ftps_client_connect() fails. `user` and `password` may both be
/// NULL where the proxy asks nobody; they go to it in clear, are copied, wiped with the client, and shown
/// nowhere.
///
/// What the proxy refuses is FTPS_ERROR_CONNECT, with a message that says why.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_proxy(
    client: *mut ftps_client,
    kind: c_int,
    host: *const c_char,
    port: u16,
    user: *const c_char,
    password: *const c_char,
) -> c_int {
    let work = |builder: Builder| {
        let Some(make) = enums::proxy(kind)? else { return Ok(builder.proxy(None)) };
        // SAFETY: the header's rules.
        let mut proxy = make(unsafe { utf8(host, "host") }?.to_owned(), port);
        match (user.is_null(), password.is_null()) {
            (true, true) => {}
            // SAFETY: the header's rules.
            (false, false) => unsafe {
                proxy = proxy.credentials(bytes(user, "user")?, bytes(password, "password")?);
            },
            _ => return Err(Problem::new(FTPS_ERROR_NULL, "user and password of a proxy belong together")),
        }
        proxy.check()?;
        Ok(builder.proxy(proxy))
    };
    // SAFETY: the header's rules.
    unsafe { change_builder(client, work) }
}

/// INSECURE where `protection` is FTPS_DATA_CLEAR: what protects files and listings, one of
/// ftps_data_protection (default: FTPS_DATA_PRIVATE). With FTPS_RESUMPTION_REQUIRE, which it contradicts,
/// ftps_client_connect() fails.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_data_protection(
    client: *mut ftps_client,
    protection: c_int,
) -> c_int {
    let work = |builder: Builder| Ok(builder.data_protection(enums::data_protection(protection)?));
    // SAFETY: the header's rules.
    unsafe { change_builder(client, work) }
}
