//! Listings.

use super::callbacks::ftps_listing_item;
use super::enums;
use super::handle::{call, ftps_client, Content};
use super::last::Problem;
use super::status::ftps_status::{FTPS_ERROR_NULL, FTPS_OK};
use super::strings::{bytes, null, optional_bytes, store, utf8, Terminated};
use crate::protocol::listing::{Entry, ListingItem};
use crate::FtpsClient;
use std::ffi::{c_char, c_int, c_void};

/// A directory, or the names in one. Freed by ftps_listing_free(), also after its client was. It never
/// changes: any number of threads may read it.
pub struct ftps_listing {
    entries: Vec<ftps_entry>,
    unparsed: Vec<Terminated>,
}

/// One file, directory or link of a listing, as the server described it. Belongs to its listing, and lives as
/// long.
///
/// What it tells is not to be trusted: a name may hold "/", "..", or control characters. Names, link targets
/// and whole lines are the server's bytes; all other words are UTF-8 (other bytes replaced).
pub struct ftps_entry {
    name: Terminated,
    raw: Terminated,
    kind: c_int,
    size: i64,
    modified: Option<Modified>,
    link_target: Option<Terminated>,
    owner: Option<Terminated>,
    group: Option<Terminated>,
    permissions: Option<Terminated>,
    unique: Option<Terminated>,
    facts: Vec<(Terminated, Terminated)>,
}

struct Modified {
    seconds: i64,
    nanoseconds: u32,
    precision: c_int,
    utc: bool,
}

impl ftps_entry {
    pub(super) fn new(entry: &Entry) -> Self {
        let word = |text: Option<std::borrow::Cow<'_, str>>| text.map(|text| Terminated::text(&text));
        let modified = entry.modified().map(|time| Modified {
            seconds: time.unix_seconds(),
            nanoseconds: time.nanoseconds(),
            precision: enums::precision_number(time.precision()),
            utc: time.is_utc(),
        });
        ftps_entry {
            name: Terminated::new(entry.name_bytes()),
            raw: Terminated::new(entry.raw()),
            kind: enums::entry_kind_number(entry.kind()),
            size: entry.size().map_or(-1, |size| i64::try_from(size).unwrap_or(i64::MAX)),
            modified,
            link_target: entry.link_target_bytes().map(Terminated::new),
            owner: word(entry.owner()),
            group: word(entry.group()),
            permissions: word(entry.permissions()),
            unique: word(entry.unique()),
            facts: entry
                .facts()
                .map(|(name, value)| (Terminated::text(&name), Terminated::text(&value)))
                .collect(),
        }
    }
}

/// What one line is to a C caller. A name or link target with a NUL in it would end there for most of C: its
/// line counts as one that was not understood.
enum Item {
    Entry(Box<ftps_entry>),
    Unparsed(Terminated),
}

impl From<ListingItem> for Item {
    fn from(item: ListingItem) -> Self {
        match item {
            ListingItem::Entry(entry)
                if entry.name_bytes().contains(&0)
                    || entry.link_target_bytes().is_some_and(|target| target.contains(&0)) =>
            {
                Item::Unparsed(Terminated::new(entry.raw()))
            }
            ListingItem::Entry(entry) => Item::Entry(Box::new(ftps_entry::new(&entry))),
            ListingItem::Unparsed(line) => Item::Unparsed(Terminated::new(&line)),
        }
    }
}

/// The entries of a directory, by the command and in the format that ftps_client_set_listing() chose, by
/// default MLSD where the server has it, else LIST; `path` may be NULL for the current directory. `*listing`
/// is the caller's, to be freed by ftps_listing_free(); NULL after an error. Look at
/// ftps_listing_unparsed_count() too: lines that were not understood are there, not dropped.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_list(
    listing: *mut *mut ftps_listing,
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    let work = |client: &mut FtpsClient, item: &mut dyn FnMut(ListingItem) -> bool| {
        // SAFETY: the header's rules.
        let path = unsafe { optional_bytes(path) };
        Ok(client.list_each(path, item)?)
    };
    // SAFETY: the header's rules.
    unsafe { collect(listing, client, work) }
}

/// A listing by a verb, and in a format (ftps_format), of the caller's choice. `path` goes to the server as
/// it is, so that options of ls may stand before it.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_list_with(
    listing: *mut *mut ftps_listing,
    client: *mut ftps_client,
    verb: *const c_char,
    path: *const c_char,
    format: c_int,
) -> c_int {
    let work = |client: &mut FtpsClient, item: &mut dyn FnMut(ListingItem) -> bool| {
        // SAFETY: the header's rules.
        let (verb, path) = unsafe { (utf8(verb, "verb")?, optional_bytes(path)) };
        Ok(client.list_each_with(verb, path, enums::format(format)?, item)?)
    };
    // SAFETY: the header's rules.
    unsafe { collect(listing, client, work) }
}

/// The names in a directory (NLST), as entries of which nothing else is known.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_names(
    listing: *mut *mut ftps_listing,
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    let work = |client: &mut FtpsClient, item: &mut dyn FnMut(ListingItem) -> bool| {
        // SAFETY: the header's rules.
        let path = unsafe { optional_bytes(path) };
        Ok(client.names_each(path, item)?)
    };
    // SAFETY: the header's rules.
    unsafe { collect(listing, client, work) }
}

/// Shows the entries of a directory one by one as they arrive, and holds none of them. What was shown is
/// complete only when the call succeeds. `path` may be NULL for the current directory.
#[no_mangle]
pub unsafe extern "C" fn ftps_client_list_each(
    client: *mut ftps_client,
    path: *const c_char,
    item: ftps_listing_item,
    userdata: *mut c_void,
) -> c_int {
    let work = |content: &mut Content| {
        let callback = item.ok_or_else(|| null("item"))?;
        // SAFETY: the header's rules.
        let path = unsafe { optional_bytes(path) };
        let show = |item: ListingItem| {
            let item = Item::from(item);
            let (entry, line, length) = match &item {
                Item::Entry(entry) => {
                    (std::ptr::from_ref(entry.as_ref()), entry.raw.as_ptr(), entry.raw.len())
                }
                Item::Unparsed(line) => (std::ptr::null(), line.as_ptr(), line.len()),
            };
            // SAFETY: the callback is the caller's, who promised that it takes these arguments.
            unsafe { callback(entry, line, length, userdata) == 0 }
        };
        Ok(content.client()?.list_each(path, show)?)
    };
    // SAFETY: the header's rules.
    unsafe { call(client, work) }
}

/// One entry (MLST, RFC 3659 section 7), as a listing with this entry alone. `path` may be NULL for the
/// current directory. Where the server has no MLST, the directory that holds it is listed, and the entry is
/// the one of that name: of a symbolic link then what is said of the link itself. FTPS_ERROR_REFUSED without
/// a reply where the listing has no such name, FTPS_ERROR_INVALID_ARGUMENT for a path that has none ("/",
/// "..", NULL).
#[no_mangle]
pub unsafe extern "C" fn ftps_client_entry(
    listing: *mut *mut ftps_listing,
    client: *mut ftps_client,
    path: *const c_char,
) -> c_int {
    let work = |client: &mut FtpsClient, item: &mut dyn FnMut(ListingItem) -> bool| {
        // SAFETY: the header's rules.
        let path = unsafe { optional_bytes(path) };
        item(ListingItem::Entry(client.entry(path)?));
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { collect(listing, client, work) }
}

/// Collects the items that `work` gives, and stores where they are.
///
/// # Safety
///
/// `client` is NULL or a valid handle, and `listing` is NULL or may be written to.
unsafe fn collect(
    listing: *mut *mut ftps_listing,
    client: *mut ftps_client,
    work: impl FnOnce(&mut FtpsClient, &mut dyn FnMut(ListingItem) -> bool) -> Result<(), Problem>,
) -> c_int {
    // SAFETY: this function's contract.
    unsafe { store(listing, std::ptr::null_mut()) };
    let work = |content: &mut Content| {
        if listing.is_null() {
            return Err(null("listing"));
        }
        let mut collected = ftps_listing { entries: Vec::new(), unparsed: Vec::new() };
        let mut take = |item: ListingItem| {
            match Item::from(item) {
                Item::Entry(entry) => collected.entries.push(*entry),
                Item::Unparsed(line) => collected.unparsed.push(line),
            }
            true
        };
        work(content.client()?, &mut take)?;
        // SAFETY: this function's contract.
        unsafe { store(listing, Box::into_raw(Box::new(collected))) };
        Ok(())
    };
    // SAFETY: passed on to the caller.
    unsafe { call(client, work) }
}

/// Frees a listing and all its entries.
#[no_mangle]
pub unsafe extern "C" fn ftps_listing_free(listing: *mut ftps_listing) -> c_int {
    if listing.is_null() {
        return FTPS_ERROR_NULL.code();
    }
    // SAFETY: it came from `Box::into_raw` in `collect`, and nobody uses it from here on.
    drop(unsafe { Box::from_raw(listing) });
    FTPS_OK.code()
}

/// How many entries a listing has; 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn ftps_listing_count(listing: *const ftps_listing) -> usize {
    // SAFETY: the header's rules.
    unsafe { listing.as_ref() }.map_or(0, |listing| listing.entries.len())
}

/// An entry, in the server's order; NULL for an `index` beyond the last. Valid until the listing is freed.
#[no_mangle]
pub unsafe extern "C" fn ftps_listing_entry(listing: *const ftps_listing, index: usize) -> *const ftps_entry {
    // SAFETY: the header's rules.
    let entry = unsafe { listing.as_ref() }.and_then(|listing| listing.entries.get(index));
    entry.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// How many lines were not understood; 0 for NULL. The directory has more than the entries show.
#[no_mangle]
pub unsafe extern "C" fn ftps_listing_unparsed_count(listing: *const ftps_listing) -> usize {
    // SAFETY: the header's rules.
    unsafe { listing.as_ref() }.map_or(0, |listing| listing.unparsed.len())
}

/// A line that was not understood, as it came, and in `*length`, unless that is NULL, how long it is; NULL
/// for an `index` beyond the last. Valid until the listing is freed.
#[no_mangle]
pub unsafe extern "C" fn ftps_listing_unparsed(
    length: *mut usize,
    listing: *const ftps_listing,
    index: usize,
) -> *const c_char {
    // SAFETY: the header's rules.
    let line = unsafe { listing.as_ref() }.and_then(|listing| listing.unparsed.get(index));
    // SAFETY: the header's rules.
    unsafe { pointer_and_length(line, length) }
}

/// The name, exactly as listed, blanks included: what to send back to the server. NULL only for a NULL entry.
/// This and all pointers below live as long as the entry.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_name(entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { word(entry, |entry| Some(&entry.name)) }
}

/// The whole line, as it came, and in `*length`, unless that is NULL, how long it is. Where the server
/// wrapped the entry, both lines with a LF in between.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_raw(length: *mut usize, entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    let line = unsafe { entry.as_ref() }.map(|entry| &entry.raw);
    // SAFETY: the header's rules.
    unsafe { pointer_and_length(line, length) }
}

/// What it is: one of ftps_kind.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_kind(entry: *const ftps_entry) -> c_int {
    let unknown = enums::ftps_kind::FTPS_KIND_UNKNOWN as c_int;
    // SAFETY: the header's rules.
    unsafe { entry.as_ref() }.map_or(unknown, |entry| entry.kind)
}

/// The size in bytes; -1 when the listing does not tell. Servers report sizes of directories and links as
/// well. Sizes in anything but bytes (OpenVMS' blocks, z/OS' tracks and records, the "1.2K" of "ls -h") are
/// not told, since they are no more than estimates; they are in ftps_entry_raw().
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_size(entry: *const ftps_entry) -> i64 {
    // SAFETY: the header's rules.
    unsafe { entry.as_ref() }.map_or(-1, |entry| entry.size)
}

/// The time of last modification: returns how exact it is, one of ftps_precision, FTPS_PRECISION_NONE when
/// the listing does not tell. Stores the seconds since 1970-01-01 00:00:00, the nanoseconds on top of them,
/// and whether that is UTC (1: MLSx, EPLF, "ls --full-time") or the server's local time counted as if it were
/// (0: other listings, which do not tell the zone). Each pointer may be NULL; nothing is stored for
/// FTPS_PRECISION_NONE.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_modified(
    seconds: *mut i64,
    nanoseconds: *mut u32,
    utc: *mut c_int,
    entry: *const ftps_entry,
) -> c_int {
    // SAFETY: the header's rules.
    let Some(time) = unsafe { entry.as_ref() }.and_then(|entry| entry.modified.as_ref()) else {
        return enums::ftps_precision::FTPS_PRECISION_NONE as c_int;
    };
    // SAFETY: the header's rules.
    unsafe {
        store(seconds, time.seconds);
        store(nanoseconds, time.nanoseconds);
        store(utc, time.utc.into());
    }
    time.precision
}

/// Where a symbolic link leads; NULL when the listing does not tell.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_link_target(entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { word(entry, |entry| entry.link_target.as_ref()) }
}

/// The owner, as a name or a number; NULL when the listing does not tell.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_owner(entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { word(entry, |entry| entry.owner.as_ref()) }
}

/// The group, as a name or a number; NULL when the listing does not tell.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_group(entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { word(entry, |entry| entry.group.as_ref()) }
}

/// The permissions in the form of the listing: the nine letters "rwxr-xr-x" of ls, the octal "0755" of the
/// MLSx fact UNIX.mode and of EPLF, OpenVMS' "RWED,RWED,RE,", NetWare's "RWCEAFMS"; NULL when the listing
/// does not tell.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_permissions(entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { word(entry, |entry| entry.permissions.as_ref()) }
}

/// What is the same for all names of one file: the MLSx fact "unique" (RFC 3659 section 7.5.2), or EPLF's
/// "i"; NULL when the listing does not tell.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_unique(entry: *const ftps_entry) -> *const c_char {
    // SAFETY: the header's rules.
    unsafe { word(entry, |entry| entry.unique.as_ref()) }
}

/// The value of an MLSx fact, whose name may be in any case; NULL when the listing does not tell.
#[no_mangle]
pub unsafe extern "C" fn ftps_entry_fact(entry: *const ftps_entry, name: *const c_char) -> *const c_char {
    // SAFETY: the header's rules.
    let Ok(name) = (unsafe { bytes(name, "name") }) else { return std::ptr::null() };
    // SAFETY: the header's rules.
    unsafe {
        word(entry, |entry| {
            let named = |(known, _): &&(Terminated, Terminated)| known.bytes().eq_ignore_ascii_case(name);
            entry.facts.iter().find(named).map(|(_, value)| value)
        })
    }
}

/// # Safety
///
/// `entry` is NULL or points to an entry of a listing that was not freed.
unsafe fn word(
    entry: *const ftps_entry,
    find: impl FnOnce(&ftps_entry) -> Option<&Terminated>,
) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { entry.as_ref() }.and_then(find).map_or(std::ptr::null(), Terminated::as_ptr)
}

/// # Safety
///
/// `length` is NULL or may be written to.
unsafe fn pointer_and_length(line: Option<&Terminated>, length: *mut usize) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { store(length, line.map_or(0, Terminated::len)) };
    line.map_or(std::ptr::null(), Terminated::as_ptr)
}
