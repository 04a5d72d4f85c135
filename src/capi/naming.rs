//! Names as text, and how directories are listed.

use super::commands::tell_string;
use super::enums;
use super::handle::{call, closed, ftps_client, Content, State};
use super::last::Problem;
use super::options::change_builder;
use super::strings::{bytes, optional_utf8, utf8};
use crate::client::ListingOptions;
use crate::protocol::Charset;
use std::ffi::{c_char, c_int};

/// The character set of the server's names, by a label of the WHATWG Encoding Standard, for instance
/// "windows-1252" (as which "iso-8859-1" is read there) or "shift_jis"; default: "utf-8". Paths, names, user
/// and password still cross this API as the server's bytes: ftps_client_encode() and ftps_client_decode() are
/// the way between them and text. With UTF-8 the server is asked for it (OPTS UTF8 ON) where FEAT names it.
/// Texts of replies, which are for people, are read in it.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_charset(client: *mut ftps_client, label: *const c_char) -> c_int {
    // SAFETY: the header's rules.
    unsafe {
        change_builder(client, |builder| Ok(builder.charset(Charset::for_label(utf8(label, "label")?)?)))
    }
}

/// `text`, which is UTF-8, in the client's character set: `*encoded` points to the bytes to send; valid until
/// the next call on this client, NULL after an error. FTPS_ERROR_INVALID_ARGUMENT where the set does not have
/// a character of it.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_encode(
    encoded: *mut *const c_char,
    client: *mut ftps_client,
    text: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        let charset = content.client()?.charset();
        // SAFETY: the header's rules.
        Ok(charset.encode(unsafe { utf8(text, "text") }?)?.into_owned())
    };
    // SAFETY: the header's rules.
    unsafe { tell_string(encoded, client, work) }
}

/// A name of the server's as text for people: `*text` points to UTF-8; valid until the next call on this
/// client, NULL after an error. Bytes that are not valid in the client's character set become U+FFFD: send
/// back the name, not the text.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_decode(
    text: *mut *const c_char,
    client: *mut ftps_client,
    name: *const c_char,
) -> c_int {
    let work = |content: &mut Content| {
        let charset = content.client()?.charset();
        // SAFETY: the header's rules.
        Ok(charset.decode(unsafe { bytes(name, "name") }?).into_owned().into_bytes())
    };
    // SAFETY: the header's rules.
    unsafe { tell_string(text, client, work) }
}

/// How ftps_client_list() and all that builds on it list a directory, from now on: `command` is one of
/// ftps_listing_command, `format` one of ftps_format (both 0 by default: found out from FEAT, SYST and the
/// lines). `arguments`, which may be NULL, goes between LIST or NLST and the path, for instance "-a", which
/// has many servers show hidden files; MLSD takes no such arguments. At any time before the client is closed.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_listing(
    client: *mut ftps_client,
    command: c_int,
    format: c_int,
    arguments: *const c_char,
) -> c_int {
    let work = |options: ListingOptions| {
        // SAFETY: the header's rules.
        let arguments = unsafe { optional_utf8(arguments, "arguments") }?;
        Ok(options
            .command(enums::listing_command(command)?)
            .format(enums::format(format)?)
            .arguments(arguments))
    };
    // SAFETY: the header's rules.
    unsafe { call(client, |content| change_listing(content, work)) }
}

/// What the server's clock shows, in its own time zone, in seconds ahead of UTC by this machine's clock: 3600
/// for a server in Central Europe in winter. ls leaves the year out of recent dates, and this clock then
/// tells which year it is. While `known` is 0, the default, such a date is the latest that is at most two
/// days ahead of this machine's clock, which is right for every time zone; so this is needed only for a
/// server whose clock is wrong. Times stay in the server's zone either way. At any time before the client is
/// closed.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_set_server_clock(
    client: *mut ftps_client,
    known: c_int,
    seconds_ahead_of_utc: i64,
) -> c_int {
    let clock = (known != 0).then_some(seconds_ahead_of_utc);
    // SAFETY: the header's rules.
    unsafe { call(client, |content| change_listing(content, |options| Ok(options.server_clock(clock)))) }
}

fn change_listing(
    content: &mut Content,
    change: impl FnOnce(ListingOptions) -> Result<ListingOptions, Problem>,
) -> Result<(), Problem> {
    match &mut content.state {
        State::Open(client) => {
            let listing = change(client.listing().clone())?;
            client.set_listing(listing)?;
        }
        State::Options(options) => {
            let listing = change(options.listing.clone())?;
            listing.check()?;
            options.listing = listing;
        }
        State::Closed => return Err(closed()),
    }
    Ok(())
}
