//! Options that are set one by one before the connection is made.

use super::enums;
use super::handle::{call, ftps_client};
use super::last::Problem;
use super::status::ftps_status::FTPS_ERROR_INVALID_ARGUMENT;
use super::strings::{buffer, bytes, utf8};
use crate::client::{Builder, ListingOptions, Timeouts};
use crate::net::SocketOptions;
use crate::{Error, Failure, FtpsClient, TlsOptions};
use std::ffi::{c_char, c_int, c_void, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a client will be built with.
pub(super) struct Options {
    pub builder: Builder,
    pub tls: TlsOptions,
    pub timeouts: Timeouts,
    pub listing: ListingOptions,
    pub sockets: SocketOptions,
}

impl Options {
    pub fn new(host: String) -> Self {
        Options {
            builder: FtpsClient::builder(host),
            tls: TlsOptions::default(),
            timeouts: Timeouts::default(),
            listing: ListingOptions::default(),
            sockets: SocketOptions::default(),
        }
    }
}

/// Changes the options of a client that is not connected yet.
///
/// # Safety
///
/// `client` is NULL or a valid handle.
pub(super) unsafe fn change(
    client: *mut ftps_client,
    work: impl FnOnce(&mut Options) -> Result<(), Problem>,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { call(client, |content| work(content.options()?)) }
}

/// # Safety
///
/// As for [`change`].
pub(super) unsafe fn change_builder(
    client: *mut ftps_client,
    work: impl FnOnce(Builder) -> Result<Builder, Problem>,
) -> c_int {
    let work = |options: &mut Options| {
        options.builder = work(options.builder.clone())?;
        Ok(())
    };
    // SAFETY: passed on to the caller.
    unsafe { change(client, work) }
}

/// # Safety
///
/// As for [`change`].
unsafe fn change_tls(
    client: *mut ftps_client,
    work: impl FnOnce(TlsOptions) -> Result<TlsOptions, Problem>,
) -> c_int {
    let work = |options: &mut Options| {
        options.tls = work(options.tls.clone())?;
        Ok(())
    };
    // SAFETY: passed on to the caller.
    unsafe { change(client, work) }
}

/// The port of the control connection, not 0 (default: 21 explicit, 990 implicit).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_port(client: *mut ftps_client, port: u16) -> c_int {
    let work = |builder: Builder| match port {
        0 => Err(Problem::new(FTPS_ERROR_INVALID_ARGUMENT, "no server listens on port 0")),
        port => Ok(builder.port(port)),
    };
    // SAFETY: the header's rules.
    unsafe { change_builder(client, work) }
}

/// When TLS begins: one of ftps_security (default: FTPS_SECURITY_EXPLICIT).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_security(client: *mut ftps_client, security: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_builder(client, |builder| Ok(builder.security(enums::security(security)?))) }
}

/// What to do about data connections that do not resume: one of ftps_resumption (default:
/// FTPS_RESUMPTION_PREFER).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_resumption(client: *mut ftps_client, policy: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_builder(client, |builder| Ok(builder.resumption(enums::resumption(policy)?))) }
}

/// Whether to log in anew behind the caller's back when no TLS session is left that the server takes
/// (default: 1). The password is kept in memory only while this is on.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_relogin(client: *mut ftps_client, enabled: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_builder(client, |builder| Ok(builder.relogin(enabled != 0))) }
}

/// Whether a download that ends without TLS close_notify is taken for complete when the server says 2xx
/// (default: 0; such a download may have been cut).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_tolerate_missing_close_notify(
    client: *mut ftps_client,
    tolerate: c_int,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_builder(client, |builder| Ok(builder.tolerate_missing_close_notify(tolerate != 0))) }
}

/// Whether data connections go to the address in the reply to PASV (default: 0; to the control connection's
/// peer, because servers behind NAT name private addresses, and hostile ones name others').
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_trust_passive_address(
    client: *mut ftps_client,
    trust: c_int,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_builder(client, |builder| Ok(builder.trust_passive_address(trust != 0))) }
}

/// The name of the virtual host to log in to, where a server has several (HOST, RFC 7151); NULL, the
/// default, is none. A server that does not know HOST, or that host, refuses the login:
/// FTPS_ERROR_REFUSED.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_virtual_host(
    client: *mut ftps_client,
    name: *const c_char,
) -> c_int {
    let work = |builder: Builder| match name.is_null() {
        true => Ok(builder.virtual_host(None)),
        // SAFETY: the header's rules.
        false => Ok(builder.virtual_host(unsafe { utf8(name, "name") }?.to_owned())),
    };
    // SAFETY: the header's rules.
    unsafe { change_builder(client, work) }
}

/// Whether the size of an upload is announced before it begins, where it is known (ALLO; default: 0). A server
/// without that much room can then refuse while the old file is still there.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_announce_sizes(client: *mut ftps_client, announce: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_builder(client, |builder| Ok(builder.announce_sizes(announce != 0))) }
}

/// The lowest and the highest TLS version to negotiate, each one of ftps_tls_version (default: 1.2 and 1.3).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_tls_versions(
    client: *mut ftps_client,
    lowest: c_int,
    highest: c_int,
) -> c_int {
    let work = |tls: TlsOptions| Ok(tls.versions(enums::tls_version(lowest)?, enums::tls_version(highest)?));
    // SAFETY: the header's rules.
    unsafe { change_tls(client, work) }
}

/// Whether the platform's root certificates are trusted (default: 1).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_platform_roots(client: *mut ftps_client, trusted: c_int) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.platform_roots(trusted != 0))) }
}

/// Trusts the certificates in `length` bytes of PEM besides. A server certificate that is itself among them
/// is trusted too; its name and dates are still checked. May be called repeatedly. The bytes are copied; what
/// is wrong with them is told by ftps_client_connect().
#[no_mangle]
pub unsafe extern "C" fn ftps_client_add_roots_pem(
    client: *mut ftps_client,
    pem: *const c_void,
    length: usize,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.extra_roots_pem(buffer(pem, length, "pem")?))) }
}

/// The same with a PEM file, read at once.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_add_roots_file(client: *mut ftps_client, path: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.extra_roots_pem(read_file(bytes(path, "path")?)?))) }
}

/// Accepts the certificate whose DER encoding has this SHA-256, in place of checking chain, name and dates;
/// with several pins, any of them. `fingerprint` is 64 hexadecimal digits, colons and spaces passed over:
/// what "openssl x509 -noout -fingerprint -sha256" prints behind the equals sign.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_add_pin_sha256(
    client: *mut ftps_client,
    fingerprint: *const c_char,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.pin_sha256_hex(utf8(fingerprint, "fingerprint")?)?)) }
}

/// INSECURE where `accept` is not 0: accepts any certificate, so that whoever sits in between can read the
/// password and the files. Handshake signatures are still verified, and data connections must present the
/// control connection's certificate.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_danger_accept_any_certificate(
    client: *mut ftps_client,
    accept: c_int,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.danger_accept_any_certificate(accept != 0))) }
}

/// The client's certificate chain and its private key (PKCS#8, PKCS#1 or SEC1, not encrypted), both PEM.
/// Copied; wiped from memory when the connection stands.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_identity_pem(
    client: *mut ftps_client,
    chain: *const c_void,
    chain_length: usize,
    key: *const c_void,
    key_length: usize,
) -> c_int {
    let work = |tls: TlsOptions| {
        // SAFETY: the header's rules.
        let (chain, key) =
            unsafe { (buffer(chain, chain_length, "chain")?, buffer(key, key_length, "key")?) };
        Ok(tls.client_identity_pem(chain, key))
    };
    // SAFETY: the header's rules.
    unsafe { change_tls(client, work) }
}

/// The same with two PEM files, read at once; they may be one and the same.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_identity_files(
    client: *mut ftps_client,
    chain: *const c_char,
    key: *const c_char,
) -> c_int {
    let work = |tls: TlsOptions| {
        // SAFETY: the header's rules.
        let (chain, key) = unsafe { (bytes(chain, "chain")?, bytes(key, "key")?) };
        Ok(tls.client_identity_pem(read_file(chain)?, read_file(key)?))
    };
    // SAFETY: the header's rules.
    unsafe { change_tls(client, work) }
}

/// Certificate revocation lists, PEM, for certificates whose chain is checked: with a pin, or when any
/// certificate is accepted, they are not looked at. Nothing is fetched: neither CRL nor OCSP. May be called
/// repeatedly.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_add_revocation_lists_pem(
    client: *mut ftps_client,
    pem: *const c_void,
    length: usize,
) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.revocation_lists_pem(buffer(pem, length, "pem")?))) }
}

/// The name to send in TLS and to check in the certificate, where it is not the host that is connected to.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_server_name(client: *mut ftps_client, name: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.server_name(utf8(name, "name")?))) }
}

/// Appends the TLS secrets of all connections to this file, in the format of SSLKEYLOGFILE, for reading
/// captures. Whoever has the file can read the traffic.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_key_log(client: *mut ftps_client, path: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe { change_tls(client, |tls| Ok(tls.key_log(local_path(bytes(path, "path")?)))) }
}

/// A local path, in the bytes of the operating system.
pub(super) fn local_path(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

fn read_file(path: &[u8]) -> Result<Vec<u8>, Problem> {
    let path = local_path(path);
    std::fs::read(path).map_err(|error| {
        let failure = Failure::new(format!("{} could not be read", path.display())).with_cause(error);
        Error::InvalidArgument(failure).into()
    })
}
