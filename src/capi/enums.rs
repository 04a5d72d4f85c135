//! Choices that cross the border as `int`, since a C caller may pass any number.

use super::last::Problem;
use super::status::ftps_status::FTPS_ERROR_INVALID_ARGUMENT;
use crate::client::{DataProtection, Direction, LineEnds, ListingCommand, Security};
use crate::net::Proxy;
use crate::protocol::listing::{EntryKind, ListingFormat};
use crate::protocol::{HashAlgorithm, Precision};
use crate::tls::{ResumptionPolicy, TlsVersion};
use std::ffi::c_int;

/// When TLS begins.
#[repr(C)]
pub enum ftps_security {
    /// After AUTH TLS (RFC 4217); port 21 by default.
    FTPS_SECURITY_EXPLICIT = 0,
    /// At once; port 990 by default.
    FTPS_SECURITY_IMPLICIT = 1,
}

/// A version of TLS. There are no older ones: no TLS 1.0 and 1.1, and no CBC suites.
#[repr(C)]
pub enum ftps_tls_version {
    /// TLS 1.2 (RFC 5246).
    FTPS_TLS_1_2 = 12,
    /// TLS 1.3 (RFC 8446).
    FTPS_TLS_1_3 = 13,
}

/// What to do about data connections that do not resume the control connection's TLS session.
#[repr(C)]
pub enum ftps_resumption {
    /// Offer the control session; go on with a full handshake where the server declines it. The server must
    /// then present the certificate of the control connection.
    FTPS_RESUMPTION_PREFER = 0,
    /// A data connection that did not resume is FTPS_ERROR_NOT_RESUMED before any payload byte is sent; where
    /// there is nothing to offer, before the transfer command is sent.
    FTPS_RESUMPTION_REQUIRE = 1,
    /// Offer nothing.
    FTPS_RESUMPTION_OFF = 2,
}

/// A hash of files that servers compute.
#[repr(C)]
pub enum ftps_hash_algorithm {
    /// SHA-512.
    FTPS_HASH_SHA512 = 1,
    /// SHA-256.
    FTPS_HASH_SHA256 = 2,
    /// SHA-1: finds accidents, not attacks.
    FTPS_HASH_SHA1 = 3,
    /// MD5: finds accidents, not attacks.
    FTPS_HASH_MD5 = 4,
    /// CRC-32: finds accidents, not attacks.
    FTPS_HASH_CRC32 = 5,
}

/// What ends a line of local texts in TYPE A.
#[repr(C)]
pub enum ftps_line_ends {
    /// CR LF, as on the wire: nothing is converted.
    FTPS_LINE_ENDS_CRLF = 0,
    /// LF, as on Unix.
    FTPS_LINE_ENDS_LF = 1,
}

/// What protects files and listings.
#[repr(C)]
pub enum ftps_data_protection {
    /// TLS, tethered to the control connection (PROT P).
    FTPS_DATA_PRIVATE = 0,
    /// INSECURE: nothing (PROT C). Whoever is in between can read and change every file and every listing.
    FTPS_DATA_CLEAR = 1,
}

/// What a proxy speaks.
#[repr(C)]
pub enum ftps_proxy_kind {
    /// There is no proxy.
    FTPS_PROXY_NONE = 0,
    /// SOCKS5 (RFC 1928), with user and password (RFC 1929).
    FTPS_PROXY_SOCKS5 = 1,
    /// HTTP CONNECT (RFC 9110 section 9.3.6), with Basic credentials (RFC 7617).
    FTPS_PROXY_HTTP_CONNECT = 2,
}

/// Which way the payload of a transfer goes.
#[repr(C)]
pub enum ftps_direction {
    /// From the server: RETR, LIST, MLSD, NLST.
    FTPS_DOWNLOAD = 0,
    /// To the server: STOR, APPE, STOU.
    FTPS_UPLOAD = 1,
}

/// How the lines of a listing are to be read.
#[repr(C)]
pub enum ftps_format {
    /// Whichever of those below the first line that is understood belongs to. Never FTPS_FORMAT_NAMES: any
    /// line might be a name.
    FTPS_FORMAT_AUTO = 0,
    /// MLSD (RFC 3659 section 7).
    FTPS_FORMAT_MLSX = 1,
    /// ls -l.
    FTPS_FORMAT_UNIX = 2,
    /// MS-DOS, as IIS sends it.
    FTPS_FORMAT_DOS = 3,
    /// NLST: each line is a name.
    FTPS_FORMAT_NAMES = 4,
    /// IBM i (OS/400).
    FTPS_FORMAT_OS400 = 5,
    /// z/OS (MVS): data sets, members, load modules, jobs. Its Unix side is FTPS_FORMAT_UNIX.
    FTPS_FORMAT_ZOS = 6,
    /// OpenVMS.
    FTPS_FORMAT_VMS = 7,
    /// EPLF, the easily parsed list format.
    FTPS_FORMAT_EPLF = 8,
    /// Novell NetWare.
    FTPS_FORMAT_NETWARE = 9,
    /// Peter Lewis' FTPd and NetPresenz on the classic Mac OS.
    FTPS_FORMAT_MACOS_PETER = 10,
}

/// The command that lists a directory.
#[repr(C)]
pub enum ftps_listing_command {
    /// MLSD where FEAT names MLST and no other format is wanted, else LIST; NLST for FTPS_FORMAT_NAMES.
    FTPS_LISTING_AUTO = 0,
    /// MLSD (RFC 3659 section 7), whatever FEAT says.
    FTPS_LISTING_MLSD = 1,
    /// LIST (RFC 959 section 4.1.3).
    FTPS_LISTING_LIST = 2,
    /// NLST: names alone.
    FTPS_LISTING_NLST = 3,
}

/// What an entry of a listing is.
#[repr(C)]
pub enum ftps_kind {
    /// The listing does not tell: NLST, or MLSx without the fact "type".
    FTPS_KIND_UNKNOWN = 0,
    /// An ordinary file.
    FTPS_KIND_FILE = 1,
    /// A directory.
    FTPS_KIND_DIRECTORY = 2,
    /// A symbolic link, to whatever.
    FTPS_KIND_SYMLINK = 3,
    /// The directory that was listed: "cdir" of MLSx, or ".".
    FTPS_KIND_CURRENT_DIRECTORY = 4,
    /// A directory above it: "pdir" of MLSx, or "..".
    FTPS_KIND_PARENT_DIRECTORY = 5,
    /// Something else: a device, a socket, a pipe.
    FTPS_KIND_OTHER = 6,
}

/// How exact a time is; what lies below is 0.
#[repr(C)]
pub enum ftps_precision {
    /// The time is not known at all.
    FTPS_PRECISION_NONE = 0,
    /// Only the day: "ls" of a file older than half a year.
    FTPS_PRECISION_DAY = 1,
    /// To the minute: "ls" of a newer file, DOS listings.
    FTPS_PRECISION_MINUTE = 2,
    /// To the second: MDTM, MLSx and some listings.
    FTPS_PRECISION_SECOND = 3,
    /// Finer than a second: MDTM and MLSx with a fraction, "ls --full-time", OpenVMS.
    FTPS_PRECISION_SUBSECOND = 4,
}

/// Counters of a client, over all its logins.
#[repr(C)]
pub enum ftps_statistic {
    /// Data connections that stood, those with TLS after its handshake.
    FTPS_STATISTIC_DATA_CONNECTIONS = 0,
    /// Those of them that resumed the control connection's session.
    FTPS_STATISTIC_RESUMED = 1,
    /// Those of them with a full handshake.
    FTPS_STATISTIC_FULL = 2,
    /// TLS sessions and tickets that the server gave.
    FTPS_STATISTIC_TICKETS_RECEIVED = 3,
    /// Data connections that offered one.
    FTPS_STATISTIC_TICKETS_OFFERED = 4,
    /// Offers of one that had been offered before.
    FTPS_STATISTIC_TICKETS_REOFFERED = 5,
    /// Silent re-logins.
    FTPS_STATISTIC_RELOGINS = 6,
    /// Data connections in clear (FTPS_DATA_CLEAR).
    FTPS_STATISTIC_CLEAR = 7,
}

/// What an `int` argument means, from the pairs of number and meaning.
fn choose<T: Copy>(what: &str, number: c_int, choices: &[(c_int, T)]) -> Result<T, Problem> {
    choices.iter().find(|(known, _)| *known == number).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let message = format!("{number} is no {what}: see the constants in ftps.h");
        Problem::new(FTPS_ERROR_INVALID_ARGUMENT, message)
    })
}

pub(super) fn security(number: c_int) -> Result<Security, Problem> {
    let choices = [
        (ftps_security::FTPS_SECURITY_EXPLICIT as c_int, Security::Explicit),
        (ftps_security::FTPS_SECURITY_IMPLICIT as c_int, Security::Implicit),
    ];
    choose("ftps_security", number, &choices)
}

pub(super) fn tls_version(number: c_int) -> Result<TlsVersion, Problem> {
    let choices = [
        (ftps_tls_version::FTPS_TLS_1_2 as c_int, TlsVersion::V1_2),
        (ftps_tls_version::FTPS_TLS_1_3 as c_int, TlsVersion::V1_3),
    ];
    choose("ftps_tls_version", number, &choices)
}

pub(super) fn tls_version_number(version: TlsVersion) -> c_int {
    match version {
        TlsVersion::V1_2 => ftps_tls_version::FTPS_TLS_1_2 as c_int,
        TlsVersion::V1_3 => ftps_tls_version::FTPS_TLS_1_3 as c_int,
    }
}

pub(super) fn resumption(number: c_int) -> Result<ResumptionPolicy, Problem> {
    let choices = [
        (ftps_resumption::FTPS_RESUMPTION_PREFER as c_int, ResumptionPolicy::Prefer),
        (ftps_resumption::FTPS_RESUMPTION_REQUIRE as c_int, ResumptionPolicy::Require),
        (ftps_resumption::FTPS_RESUMPTION_OFF as c_int, ResumptionPolicy::Off),
    ];
    choose("ftps_resumption", number, &choices)
}

const HASH_ALGORITHMS: [(c_int, HashAlgorithm); 5] = [
    (ftps_hash_algorithm::FTPS_HASH_SHA512 as c_int, HashAlgorithm::Sha512),
    (ftps_hash_algorithm::FTPS_HASH_SHA256 as c_int, HashAlgorithm::Sha256),
    (ftps_hash_algorithm::FTPS_HASH_SHA1 as c_int, HashAlgorithm::Sha1),
    (ftps_hash_algorithm::FTPS_HASH_MD5 as c_int, HashAlgorithm::Md5),
    (ftps_hash_algorithm::FTPS_HASH_CRC32 as c_int, HashAlgorithm::Crc32),
];

pub(super) fn hash_algorithm(number: c_int) -> Result<HashAlgorithm, Problem> {
    choose("ftps_hash_algorithm", number, &HASH_ALGORITHMS)
}

pub(super) fn hash_algorithm_number(algorithm: HashAlgorithm) -> c_int {
    HASH_ALGORITHMS.into_iter().find(|(_, known)| *known == algorithm).map_or(0, |(number, _)| number)
}

pub(super) fn line_ends(number: c_int) -> Result<LineEnds, Problem> {
    let choices = [
        (ftps_line_ends::FTPS_LINE_ENDS_CRLF as c_int, LineEnds::CrLf),
        (ftps_line_ends::FTPS_LINE_ENDS_LF as c_int, LineEnds::Lf),
    ];
    choose("ftps_line_ends", number, &choices)
}

pub(super) fn data_protection(number: c_int) -> Result<DataProtection, Problem> {
    let choices = [
        (ftps_data_protection::FTPS_DATA_PRIVATE as c_int, DataProtection::Private),
        (ftps_data_protection::FTPS_DATA_CLEAR as c_int, DataProtection::Clear),
    ];
    choose("ftps_data_protection", number, &choices)
}

/// How a proxy of a kind is made from its host and port.
type MakeProxy = fn(String, u16) -> Proxy;

/// None where there is to be no proxy.
pub(super) fn proxy(number: c_int) -> Result<Option<MakeProxy>, Problem> {
    let socks5: MakeProxy = Proxy::socks5;
    let choices = [
        (ftps_proxy_kind::FTPS_PROXY_NONE as c_int, None),
        (ftps_proxy_kind::FTPS_PROXY_SOCKS5 as c_int, Some(socks5)),
        (ftps_proxy_kind::FTPS_PROXY_HTTP_CONNECT as c_int, Some(Proxy::http_connect)),
    ];
    choose("ftps_proxy_kind", number, &choices)
}

pub(super) fn direction(number: c_int) -> Result<Direction, Problem> {
    let choices = [
        (ftps_direction::FTPS_DOWNLOAD as c_int, Direction::Download),
        (ftps_direction::FTPS_UPLOAD as c_int, Direction::Upload),
    ];
    choose("ftps_direction", number, &choices)
}

pub(super) fn format(number: c_int) -> Result<ListingFormat, Problem> {
    let choices = [
        (ftps_format::FTPS_FORMAT_AUTO as c_int, ListingFormat::Auto),
        (ftps_format::FTPS_FORMAT_MLSX as c_int, ListingFormat::Mlsx),
        (ftps_format::FTPS_FORMAT_UNIX as c_int, ListingFormat::Unix),
        (ftps_format::FTPS_FORMAT_DOS as c_int, ListingFormat::Dos),
        (ftps_format::FTPS_FORMAT_NAMES as c_int, ListingFormat::Names),
        (ftps_format::FTPS_FORMAT_OS400 as c_int, ListingFormat::Os400),
        (ftps_format::FTPS_FORMAT_ZOS as c_int, ListingFormat::Zos),
        (ftps_format::FTPS_FORMAT_VMS as c_int, ListingFormat::Vms),
        (ftps_format::FTPS_FORMAT_EPLF as c_int, ListingFormat::Eplf),
        (ftps_format::FTPS_FORMAT_NETWARE as c_int, ListingFormat::NetWare),
        (ftps_format::FTPS_FORMAT_MACOS_PETER as c_int, ListingFormat::MacOsPeter),
    ];
    choose("ftps_format", number, &choices)
}

pub(super) fn listing_command(number: c_int) -> Result<ListingCommand, Problem> {
    let choices = [
        (ftps_listing_command::FTPS_LISTING_AUTO as c_int, ListingCommand::Auto),
        (ftps_listing_command::FTPS_LISTING_MLSD as c_int, ListingCommand::Mlsd),
        (ftps_listing_command::FTPS_LISTING_LIST as c_int, ListingCommand::List),
        (ftps_listing_command::FTPS_LISTING_NLST as c_int, ListingCommand::Nlst),
    ];
    choose("ftps_listing_command", number, &choices)
}

pub(super) fn entry_kind_number(kind: EntryKind) -> c_int {
    let kind = match kind {
        EntryKind::Unknown => ftps_kind::FTPS_KIND_UNKNOWN,
        EntryKind::File => ftps_kind::FTPS_KIND_FILE,
        EntryKind::Directory => ftps_kind::FTPS_KIND_DIRECTORY,
        EntryKind::Symlink => ftps_kind::FTPS_KIND_SYMLINK,
        EntryKind::CurrentDirectory => ftps_kind::FTPS_KIND_CURRENT_DIRECTORY,
        EntryKind::ParentDirectory => ftps_kind::FTPS_KIND_PARENT_DIRECTORY,
        EntryKind::Other => ftps_kind::FTPS_KIND_OTHER,
    };
    kind as c_int
}

pub(super) fn precision_number(precision: Precision) -> c_int {
    let precision = match precision {
        Precision::Day => ftps_precision::FTPS_PRECISION_DAY,
        Precision::Minute => ftps_precision::FTPS_PRECISION_MINUTE,
        Precision::Second => ftps_precision::FTPS_PRECISION_SECOND,
        Precision::Subsecond => ftps_precision::FTPS_PRECISION_SUBSECOND,
    };
    precision as c_int
}

pub(super) fn statistic(number: c_int, statistics: &crate::client::Statistics) -> Result<u64, Problem> {
    let choices = [
        (ftps_statistic::FTPS_STATISTIC_DATA_CONNECTIONS as c_int, statistics.data_connections),
        (ftps_statistic::FTPS_STATISTIC_RESUMED as c_int, statistics.resumed),
        (ftps_statistic::FTPS_STATISTIC_FULL as c_int, statistics.full),
        (ftps_statistic::FTPS_STATISTIC_TICKETS_RECEIVED as c_int, statistics.tickets_received),
        (ftps_statistic::FTPS_STATISTIC_TICKETS_OFFERED as c_int, statistics.tickets_offered),
        (ftps_statistic::FTPS_STATISTIC_TICKETS_REOFFERED as c_int, statistics.tickets_reoffered),
        (ftps_statistic::FTPS_STATISTIC_RELOGINS as c_int, statistics.relogins),
        (ftps_statistic::FTPS_STATISTIC_CLEAR as c_int, statistics.clear),
    ];
    choose("ftps_statistic", number, &choices)
}
