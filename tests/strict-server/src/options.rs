//! What the server is told to be: every setting, with the real servers that behave that way.

use crate::certificates::CertificateOptions;
use crate::fault::Fault;
use crate::oddity::Oddity;
use rustls::crypto::CryptoProvider;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// All settings. Start from the default and change what matters:
///
/// ```
/// use strict_server::{Options, Wording};
/// let options = Options { wording: Wording::Vsftpd, ..Options::default() };
/// ```
///
/// The default is explicit TLS 1.2 and 1.3 on a free port of 127.0.0.1, one user, an empty store in memory, and
/// data connections that must resume the control connection's own session.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 is any free port. On an IPv6 address `PASV` is refused and `EPSV` works.
    pub listen: SocketAddr,
    /// Implicit TLS: the control connection starts with the handshake. False: `AUTH TLS` (RFC 4217).
    pub implicit: bool,
    /// The TLS versions on offer.
    pub versions: TlsVersions,
    /// Who may log in. All users share one store.
    pub users: Vec<User>,
    /// Which data connections are taken.
    pub resumption: Resumption,
    /// What a data connection meets that offers a session of another login.
    pub foreign_sessions: ForeignSessions,
    /// How a refused data connection is explained.
    pub wording: Wording,
    /// When a data connection is refused.
    pub refusal: RefusalPoint,
    /// When the `150` of a transfer is sent.
    pub preliminary: Preliminary,
    /// Session tickets: how many, when, and how long they are good.
    pub tickets: Tickets,
    /// What TLS 1.2 sessions can be resumed by.
    pub tls12_sessions: Tls12Sessions,
    /// True: an upload that ends by FIN without close_notify is taken for complete, as ProFTPD does.
    /// False: `426`, as vsftpd and FileZilla Server do.
    pub lenient_upload_end: bool,
    /// False: `STOR` after `REST` gets `451`, as on ProFTPD without `AllowStoreRestart`; `APPE` works.
    pub restarts_uploads: bool,
    /// False: `RNTO` onto an existing file gets `550`, as on IIS.
    pub renames_onto_existing: bool,
    /// How hashes of files are asked for.
    pub hashes: Hashes,
    /// What becomes of a `NOOP` during a transfer.
    pub noop_in_transfer: NoopInTransfer,
    /// The names that `HOST` takes (RFC 7151). None: it is not known.
    pub virtual_hosts: Vec<String>,
    /// The certificates on both connections, and whether clients need one.
    pub certificates: CertificateOptions,
    /// Where files are.
    pub storage: Storage,
    /// The address in the reply to `PASV`.
    pub passive: PassiveAddress,
    /// True: `USER` before TLS gets `530`.
    pub require_tls: bool,
    /// True: transfers without `PROT P` get `521` (RFC 4217 section 9), in vsftpd's wording `522`.
    pub require_protection: bool,
    /// True: `CCC` ends TLS on the control connection. False: `533`.
    pub clear_control: bool,
    /// True: after `CCC` it sends its close_notify only when the client's has come.
    pub awaits_close_notify: bool,
    /// True: `EPSV` and `PASV` want `PRET` with the coming transfer command before them, as on drftpd.
    pub pret: bool,
    /// True: `FEAT` before `AUTH` gets `534`, as on AWS Transfer Family.
    pub feat_needs_tls: bool,
    /// Fixed answers in place of a command's own, for instance `("EPSV", "522 Use PASV.")` or
    /// `("MLSD", "500 Unknown command.")`. A verb with such an answer is left out of `FEAT`.
    pub answers: BTreeMap<String, String>,
    /// The lines of the reply to `FEAT` (without the leading space) in place of the true ones.
    pub features: Option<Vec<String>>,
    /// True: `MDTM` with a time before the path sets that time, as in vsftpd. False: it is all a path.
    pub mdtm_sets: bool,
    /// What `LIST` looks like.
    pub listing: ListingStyle,
    /// What every listing (`LIST`, `NLST`, `MLSD`) consists of in place of the true one, byte for byte.
    pub raw_listing: Option<Vec<u8>>,
    /// How file names are written.
    pub charset: Charset,
    /// How replies are worded, one way after the other. Replies that faults put in place are left as they are.
    pub oddities: Vec<Oddity>,
    /// The greeting, complete with its code; `\r\n` between the lines of a longer one.
    pub greeting: String,
    /// The reply to `SYST`, complete with its code.
    pub system: String,
    /// What is to go wrong.
    pub faults: Vec<Fault>,
    /// How many control connections there may be at a time.
    pub connection_limit: Option<ConnectionLimit>,
    /// How long the control connection may be silent before `421`.
    pub idle_timeout: Duration,
    /// How long a data connection may take to come, to shake hands, or be silent before `425` or `426`.
    pub data_timeout: Duration,
    /// The cryptography, for instance with a seeded random source. None: aws-lc-rs as it comes.
    pub provider: Option<Arc<CryptoProvider>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            implicit: false,
            versions: TlsVersions::Both,
            users: vec![User::new("user", "password")],
            resumption: Resumption::SameControlSession,
            foreign_sessions: ForeignSessions::ResumeThenRefuse,
            wording: Wording::FileZilla09,
            refusal: RefusalPoint::AfterHandshake,
            preliminary: Preliminary::BeforeHandshake,
            tickets: Tickets::default(),
            tls12_sessions: Tls12Sessions::Both,
            lenient_upload_end: false,
            restarts_uploads: true,
            renames_onto_existing: true,
            hashes: Hashes::None,
            noop_in_transfer: NoopInTransfer::AnsweredAfterwards,
            virtual_hosts: Vec::new(),
            certificates: CertificateOptions::default(),
            storage: Storage::Memory(Vec::new()),
            passive: PassiveAddress::Own,
            require_tls: false,
            require_protection: false,
            clear_control: false,
            awaits_close_notify: false,
            pret: false,
            feat_needs_tls: false,
            answers: BTreeMap::new(),
            features: None,
            mdtm_sets: false,
            listing: ListingStyle::Unix,
            raw_listing: None,
            charset: Charset::Utf8,
            oddities: Vec::new(),
            greeting: "220 strict-server ready".into(),
            system: "215 UNIX Type: L8".into(),
            faults: Vec::new(),
            connection_limit: None,
            idle_timeout: Duration::from_secs(60),
            data_timeout: Duration::from_secs(20),
            provider: None,
        }
    }
}

/// How many control connections there may be at a time, and what one more is told. It is closed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionLimit {
    /// `421` in place of the greeting (vsftpd, FileZilla Server).
    AtGreeting(usize),
    /// `530` in place of `230` (ProFTPD).
    AtLogin(usize),
}

impl ConnectionLimit {
    pub(crate) fn connections(self) -> usize {
        match self {
            ConnectionLimit::AtGreeting(connections) | ConnectionLimit::AtLogin(connections) => connections,
        }
    }
}

/// A login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The argument of `USER`.
    pub name: String,
    /// The argument of `PASS`.
    pub password: String,
}

impl User {
    /// A user called `name` with this password.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        User { name: name.into(), password: password.into() }
    }
}

/// TLS versions on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersions {
    /// TLS 1.2 alone.
    Tls12,
    /// TLS 1.3 alone.
    Tls13,
    /// Both.
    Both,
}

/// What becomes of a `NOOP` during a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoopInTransfer {
    /// It is answered at once.
    AnsweredAtOnce,
    /// It is answered after the transfer (vsftpd).
    AnsweredAfterwards,
    /// It is refused at once, in the words of ProFTPD.
    Refused,
    /// It is never answered.
    Swallowed,
}

/// How hashes of files are asked for: SHA-512, SHA-256 and SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashes {
    /// Not at all.
    None,
    /// By `OPTS HASH` and `HASH` (draft-bryan-ftpext-hash).
    HashCommand,
    /// By `XSHA512`, `XSHA256` and `XSHA1`.
    OwnCommands,
}

/// Which data connections are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumption {
    /// All (Pure-FTPd from 1.0.48 on).
    NotRequired,
    /// Those that resumed any session of this server (vsftpd with `require_ssl_reuse`).
    AnyResumed,
    /// Those that resumed a session of their own control connection (FileZilla Server, ProFTPD): the session or a
    /// ticket of the control connection itself, or a ticket of a data connection that had resumed one of those.
    SameControlSession,
}

/// What happens to a data connection that offers a session of another login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignSessions {
    /// It is resumed, and the policy then decides (ProFTPD, FileZilla Server 0.9).
    ResumeThenRefuse,
    /// It is declined, and the handshake is a full one (FileZilla Server 1.x: a ticket key per control connection).
    Decline,
}

/// The words of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// FileZilla Server 0.9.
    FileZilla09,
    /// FileZilla Server 1.x.
    FileZilla1,
    /// vsftpd, which closes the control connection afterwards.
    Vsftpd,
    /// ProFTPD with mod_tls.
    ProFtpd,
}

impl Wording {
    /// The reply to a transfer whose data connection was refused, complete with its code.
    pub fn refusal(self) -> &'static str {
        match self {
            Wording::FileZilla09 => {
                "450 TLS session of data connection has not resumed or the session does not match the control \
                 connection"
            }
            Wording::FileZilla1 => {
                "425 Unable to build data connection: TLS session of data connection not resumed."
            }
            Wording::Vsftpd => {
                "522 SSL connection failed: session reuse required: see require_ssl_reuse option in vsftpd.conf \
                 man page"
            }
            Wording::ProFtpd => "425 Unable to build data connection: Operation not permitted",
        }
    }

    /// Whether the control connection is closed after a refusal.
    pub fn closes_control(self) -> bool {
        self == Wording::Vsftpd
    }
}

/// When a data connection is refused. Whichever it is, `STOR` has truncated its target by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalPoint {
    /// Right after the client's hello, with a TLS alert; the handshake never completes.
    DuringHandshake,
    /// After a completed handshake, with close_notify and FIN. The client may have sent payload by then, which makes TCP
    /// reset the connection.
    AfterHandshake,
    /// After a completed handshake, without close_notify.
    AfterHandshakeAbruptly,
}

/// When the `150` of a transfer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preliminary {
    /// Before the data connection is accepted and shakes hands (vsftpd, ProFTPD).
    BeforeHandshake,
    /// Once the data connection stands (Pure-FTPd, FileZilla Server 1.x); a refusal then comes in its place.
    AfterHandshake,
}

/// Session tickets of both TLS versions.
///
/// TLS 1.2 has at most one ticket a handshake: any number above 0 counts as 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tickets {
    /// Sent after the control connection's handshake. Default 2, as OpenSSL.
    pub at_login: usize,
    /// Sent after the handshake of a data connection that sends: `RETR` and listings. Default 1.
    pub on_downloads: usize,
    /// Sent after the handshake of a data connection that receives. Default 1; ProFTPD: 0.
    pub on_uploads: usize,
    /// True: a ticket is good once.
    pub single_use: bool,
    /// True: only tickets that came over a control connection are taken.
    pub only_from_control: bool,
    /// How long tickets and session ids are good. Default 2 hours; RFC 8446 allows a week at most.
    pub lifetime: Duration,
    /// Bytes in a ticket, 32 to 65000. Default 32. Has no effect on TLS 1.3 tickets when TLS 1.2 tickets are off.
    pub size: usize,
}

impl Default for Tickets {
    fn default() -> Self {
        Tickets {
            at_login: 2,
            on_downloads: 1,
            on_uploads: 1,
            single_use: false,
            only_from_control: false,
            lifetime: Duration::from_secs(7200),
            size: 32,
        }
    }
}

/// What TLS 1.2 sessions can be resumed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls12Sessions {
    /// Session ids only (RFC 5246).
    Ids,
    /// Tickets only (RFC 5077).
    Tickets,
    /// Both.
    Both,
    /// Nothing.
    Neither,
}

impl Tls12Sessions {
    pub(crate) fn tickets(self) -> bool {
        matches!(self, Tls12Sessions::Tickets | Tls12Sessions::Both)
    }

    pub(crate) fn ids(self) -> bool {
        matches!(self, Tls12Sessions::Ids | Tls12Sessions::Both)
    }
}

/// Where files are.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In memory, starting with these files (absolute path, contents). Folders on the way are made.
    Memory(Vec<(String, Vec<u8>)>),
    /// In a folder of this machine. Symbolic links inside are followed.
    Folder(PathBuf),
}

/// The address in the reply to `PASV`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassiveAddress {
    /// The control connection's own.
    Own,
    /// Another, as behind a NAT that does not rewrite; `0.0.0.0` is sent by some servers too.
    Given(Ipv4Addr),
}

/// What `LIST` looks like. `MLSD` is always RFC 3659.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListingStyle {
    /// `ls -l`.
    Unix,
    /// IIS in its default style.
    Dos,
    /// The facts of `MLSD`.
    Facts,
}

/// How file names are written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8 (RFC 2640).
    Utf8,
    /// ISO 8859-1; what it cannot write is sent as `?`.
    Latin1,
}
