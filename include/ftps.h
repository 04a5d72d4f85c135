/*
 * libftps: an FTPS client whose data connections always resume the TLS session of the control connection.
 *
 * Generated from the Rust sources by `make header`; do not edit.
 *
 * RULES, which hold for every function unless its text says otherwise
 *
 * Results       An `int` is a status: FTPS_OK (0) or an error of ftps_status. Out-parameters come first;
 *               after an error they are 0 or NULL, whatever the error. One whose value is not wanted may be
 *               NULL, except those for a new handle and the count of ftps_client_read(). The error of the
 *               last call on a client stays with the client: see ftps_client_error_message() and its
 *               neighbours. There are no global and no per-thread errors.
 * Handles       ftps_client, ftps_listing, ftps_cancel, ftps_pool, ftps_mirror, ftps_plan and ftps_report
 *               are made by a function that stores the pointer and freed by the one called ..._free. NULL is
 *               answered with FTPS_ERROR_NULL. A pointer that did not come from this library, or that was
 *               freed, is undefined behaviour.
 * Threads       A client makes one call at a time, on any thread. A second call gets FTPS_ERROR_BUSY at once,
 *               be it from another thread or from inside a callback. Cancel objects and pools may be used by
 *               any number of threads, and ftps_cancel_set() by a signal handler. Listings, plans and
 *               reports may be read by any number of threads.
 * Pointers      A returned `const char *` belongs to the library. Those of a client are valid until the next
 *               call on it (the error and reply accessors do not count), those of a listing until it is
 *               freed. What a caller passes is copied, or used only during the call; only callbacks and their
 *               userdata must live until they are replaced or the client is freed.
 * Strings       End in NUL. Paths and other arguments of FTP are bytes, sent as they are; CR and LF in them
 *               are refused with FTPS_ERROR_INVALID_ARGUMENT before anything is sent. Messages are UTF-8.
 * Callbacks     Run on the thread that makes the call, before it returns. They must return: longjmp, thread
 *               exit and C++ exceptions through them are forbidden. Other clients may be used in them, the
 *               calling one may not.
 * Waiting       Every wait has a timeout, and a cancel object ends it at once.
 * Processes     After fork() the connection is the parent's: in the child every call but ftps_client_free()
 *               fails with FTPS_ERROR_FORKED, and that one closes the child's descriptors without a word to
 *               the server. (If another thread was inside a call when the process was forked, it fails with
 *               FTPS_ERROR_BUSY.)
 * Signals       None is raised, not even SIGPIPE, and no signal's disposition is changed. A call that a
 *               signal interrupts goes on.
 * Compatibility Numbers, names and meanings stay; new ones may come. FTPS_ABI_VERSION and the library's
 *               SONAME change when a program would break.
 */

#ifndef FTPS_H
#define FTPS_H

#include <stddef.h>
#include <stdint.h>

// What the header was generated for: the number changes when a program that was built with an older header
// would break.
#define FTPS_ABI_VERSION 1

// What every call that can fail returns, as `int`. The numbers are never reused.
typedef enum ftps_status {
  // The call did what it says.
  FTPS_OK = 0,
  // An argument or option cannot be used. Nothing was sent. Correct it and call again.
  FTPS_ERROR_INVALID_ARGUMENT = 1,
  // The call does not fit the client's state: not connected, not logged in, a transfer is open or none is.
  // Nothing was sent.
  FTPS_ERROR_WRONG_STATE = 2,
  // An earlier failure left the control connection unusable. Close this client and connect with a new one.
  FTPS_ERROR_BROKEN = 3,
  // The host name could not be resolved.
  FTPS_ERROR_RESOLVE = 4,
  // No connection could be made: refused, unreachable.
  FTPS_ERROR_CONNECT = 5,
  // The peer was silent, or too slow, for longer than the timeout allows.
  FTPS_ERROR_TIMEOUT = 6,
  // The cancel object was set, or a callback asked to stop.
  FTPS_ERROR_CANCELLED = 7,
  // An established connection broke.
  FTPS_ERROR_CONNECTION_LOST = 8,
  // TLS failed: handshake, record layer, or an alert from the peer.
  FTPS_ERROR_TLS = 9,
  // The peer's certificate was not accepted: untrusted, expired, for another name, not the pinned one, or
  // on a data connection not the one of the control connection.
  FTPS_ERROR_CERTIFICATE = 10,
  // A data connection did not resume the control connection's TLS session, and the server or the policy
  // FTPS_RESUMPTION_REQUIRE insists on it.
  FTPS_ERROR_NOT_RESUMED = 11,
  // The server refused the user, the password or the account (530, 532).
  FTPS_ERROR_LOGIN_REFUSED = 12,
  // The server answered a command with 4xx (try again later) or 5xx (do not repeat unchanged).
  FTPS_ERROR_REFUSED = 13,
  // The peer does not speak the protocol: malformed, unexpected or oversized replies and listings.
  FTPS_ERROR_PROTOCOL = 14,
  // Fewer bytes arrived than the server had announced, or a download ended without TLS close_notify.
  FTPS_ERROR_TRUNCATED = 15,
  // The caller's side failed: a local file, or a source or sink callback.
  FTPS_ERROR_LOCAL = 16,
  // A pointer is NULL that must not be. Nothing was done.
  FTPS_ERROR_NULL = 17,
  // The client is in use: by another thread, or by the call from which this callback was called. Nothing
  // was done.
  FTPS_ERROR_BUSY = 18,
  // The client was closed. Nothing was done.
  FTPS_ERROR_CLOSED = 19,
  // This process was forked from the one that made the handle: the connection belongs to that one. Nothing
  // was done.
  FTPS_ERROR_FORKED = 20,
  // A defect of libftps was caught. The client is closed, and an open transfer was given up. Please report
  // the message.
  FTPS_ERROR_INTERNAL = 21,
  // The local and the remote content are not the same, or not one the beginning of the other. Neither was
  // changed, unless the message says so.
  FTPS_ERROR_MISMATCH = 22,
} ftps_status;

// When TLS begins.
typedef enum ftps_security {
  // After AUTH TLS (RFC 4217); port 21 by default.
  FTPS_SECURITY_EXPLICIT = 0,
  // At once; port 990 by default.
  FTPS_SECURITY_IMPLICIT = 1,
} ftps_security;

// A version of TLS. There are no older ones: no TLS 1.0 and 1.1, and no CBC suites.
typedef enum ftps_tls_version {
  // TLS 1.2 (RFC 5246).
  FTPS_TLS_1_2 = 12,
  // TLS 1.3 (RFC 8446).
  FTPS_TLS_1_3 = 13,
} ftps_tls_version;

// What to do about data connections that do not resume the control connection's TLS session.
typedef enum ftps_resumption {
  // Offer the control session; go on with a full handshake where the server declines it. The server must
  // then present the certificate of the control connection.
  FTPS_RESUMPTION_PREFER = 0,
  // A data connection that did not resume is FTPS_ERROR_NOT_RESUMED before any payload byte is sent; where
  // there is nothing to offer, before the transfer command is sent.
  FTPS_RESUMPTION_REQUIRE = 1,
  // Offer nothing.
  FTPS_RESUMPTION_OFF = 2,
} ftps_resumption;

// What protects files and listings.
typedef enum ftps_data_protection {
  // TLS, tethered to the control connection (PROT P).
  FTPS_DATA_PRIVATE = 0,
  // INSECURE: nothing (PROT C). Whoever is in between can read and change every file and every listing.
  FTPS_DATA_CLEAR = 1,
} ftps_data_protection;

// What a proxy speaks.
typedef enum ftps_proxy_kind {
  // There is no proxy.
  FTPS_PROXY_NONE = 0,
  // SOCKS5 (RFC 1928), with user and password (RFC 1929).
  FTPS_PROXY_SOCKS5 = 1,
  // HTTP CONNECT (RFC 9110 section 9.3.6), with Basic credentials (RFC 7617).
  FTPS_PROXY_HTTP_CONNECT = 2,
} ftps_proxy_kind;

// A hash of files that servers compute.
typedef enum ftps_hash_algorithm {
  // SHA-512.
  FTPS_HASH_SHA512 = 1,
  // SHA-256.
  FTPS_HASH_SHA256 = 2,
  // SHA-1: finds accidents, not attacks.
  FTPS_HASH_SHA1 = 3,
  // MD5: finds accidents, not attacks.
  FTPS_HASH_MD5 = 4,
  // CRC-32: finds accidents, not attacks.
  FTPS_HASH_CRC32 = 5,
} ftps_hash_algorithm;

// What ends a line of local texts in TYPE A.
typedef enum ftps_line_ends {
  // CR LF, as on the wire: nothing is converted.
  FTPS_LINE_ENDS_CRLF = 0,
  // LF, as on Unix.
  FTPS_LINE_ENDS_LF = 1,
} ftps_line_ends;

// Which way the payload of a transfer goes.
typedef enum ftps_direction {
  // From the server: RETR, LIST, MLSD, NLST.
  FTPS_DOWNLOAD = 0,
  // To the server: STOR, APPE, STOU.
  FTPS_UPLOAD = 1,
} ftps_direction;

// How the lines of a listing are to be read.
typedef enum ftps_format {
  // Whichever of those below the first line that is understood belongs to. Never FTPS_FORMAT_NAMES: any
  // line might be a name.
  FTPS_FORMAT_AUTO = 0,
  // MLSD (RFC 3659 section 7).
  FTPS_FORMAT_MLSX = 1,
  // ls -l.
  FTPS_FORMAT_UNIX = 2,
  // MS-DOS, as IIS sends it.
  FTPS_FORMAT_DOS = 3,
  // NLST: each line is a name.
  FTPS_FORMAT_NAMES = 4,
  // IBM i (OS/400).
  FTPS_FORMAT_OS400 = 5,
  // z/OS (MVS): data sets, members, load modules, jobs. Its Unix side is FTPS_FORMAT_UNIX.
  FTPS_FORMAT_ZOS = 6,
  // OpenVMS.
  FTPS_FORMAT_VMS = 7,
  // EPLF, the easily parsed list format.
  FTPS_FORMAT_EPLF = 8,
  // Novell NetWare.
  FTPS_FORMAT_NETWARE = 9,
  // Peter Lewis' FTPd and NetPresenz on the classic Mac OS.
  FTPS_FORMAT_MACOS_PETER = 10,
} ftps_format;

// The command that lists a directory.
typedef enum ftps_listing_command {
  // MLSD where FEAT names MLST and no other format is wanted, else LIST; NLST for FTPS_FORMAT_NAMES.
  FTPS_LISTING_AUTO = 0,
  // MLSD (RFC 3659 section 7), whatever FEAT says.
  FTPS_LISTING_MLSD = 1,
  // LIST (RFC 959 section 4.1.3).
  FTPS_LISTING_LIST = 2,
  // NLST: names alone.
  FTPS_LISTING_NLST = 3,
} ftps_listing_command;

// What an entry of a listing is.
typedef enum ftps_kind {
  // The listing does not tell: NLST, or MLSx without the fact "type".
  FTPS_KIND_UNKNOWN = 0,
  // An ordinary file.
  FTPS_KIND_FILE = 1,
  // A directory.
  FTPS_KIND_DIRECTORY = 2,
  // A symbolic link, to whatever.
  FTPS_KIND_SYMLINK = 3,
  // The directory that was listed: "cdir" of MLSx, or ".".
  FTPS_KIND_CURRENT_DIRECTORY = 4,
  // A directory above it: "pdir" of MLSx, or "..".
  FTPS_KIND_PARENT_DIRECTORY = 5,
  // Something else: a device, a socket, a pipe.
  FTPS_KIND_OTHER = 6,
} ftps_kind;

// How exact a time is; what lies below is 0.
typedef enum ftps_precision {
  // The time is not known at all.
  FTPS_PRECISION_NONE = 0,
  // Only the day: "ls" of a file older than half a year.
  FTPS_PRECISION_DAY = 1,
  // To the minute: "ls" of a newer file, DOS listings.
  FTPS_PRECISION_MINUTE = 2,
  // To the second: MDTM, MLSx and some listings.
  FTPS_PRECISION_SECOND = 3,
  // Finer than a second: MDTM and MLSx with a fraction, "ls --full-time", OpenVMS.
  FTPS_PRECISION_SUBSECOND = 4,
} ftps_precision;

// Counters of a client, over all its logins.
typedef enum ftps_statistic {
  // Data connections that stood, those with TLS after its handshake.
  FTPS_STATISTIC_DATA_CONNECTIONS = 0,
  // Those of them that resumed the control connection's session.
  FTPS_STATISTIC_RESUMED = 1,
  // Those of them with a full handshake.
  FTPS_STATISTIC_FULL = 2,
  // TLS sessions and tickets that the server gave.
  FTPS_STATISTIC_TICKETS_RECEIVED = 3,
  // Data connections that offered one.
  FTPS_STATISTIC_TICKETS_OFFERED = 4,
  // Offers of one that had been offered before.
  FTPS_STATISTIC_TICKETS_REOFFERED = 5,
  // Silent re-logins.
  FTPS_STATISTIC_RELOGINS = 6,
  // Data connections in clear (FTPS_DATA_CLEAR).
  FTPS_STATISTIC_CLEAR = 7,
} ftps_statistic;

// How important a log line is.
typedef enum ftps_log_level {
  // Something failed that the caller is told of too.
  FTPS_LOG_ERROR = 1,
  // Something that should be looked at: a silent re-login, a session that the server declined.
  FTPS_LOG_WARN = 2,
  // What the client decided.
  FTPS_LOG_INFO = 3,
  // Commands (passwords masked) and replies.
  FTPS_LOG_DEBUG = 4,
} ftps_log_level;

// What ftps_pool_statistic() tells.
typedef enum ftps_pool_statistics {
  // Connections now: lent, idle, or being opened.
  FTPS_POOL_OPEN = 0,
  // Those of them that are idle.
  FTPS_POOL_IDLE = 1,
  // Leases that wait for a connection.
  FTPS_POOL_WAITING = 2,
  // How many connections the server takes, where it has refused one; else 0.
  FTPS_POOL_SERVER_LIMIT = 3,
  // Logins so far.
  FTPS_POOL_OPENED = 4,
  // Connections that the server refused because it had enough.
  FTPS_POOL_REFUSED = 5,
  // Connections that were closed when they came back, because they were not fit for another borrower.
  FTPS_POOL_DISCARDED = 6,
  // Connections that had been idle and did not answer any more.
  FTPS_POOL_FOUND_DEAD = 7,
  // Connections that were idle for too long.
  FTPS_POOL_EXPIRED = 8,
} ftps_pool_statistics;

// How a walk goes on.
typedef enum ftps_step {
  // With what comes next.
  FTPS_STEP_ON = 0,
  // Behind the directory that was shown, without what is in it.
  FTPS_STEP_OVER = 1,
} ftps_step;

// What makes two files differ.
typedef enum ftps_compare {
  // Their size, or their time. Times count as far as both sides have them exact: MLSD and MDTM tell
  // seconds, LIST minutes or days. Where the server sets no times, an upload is repeated only when the
  // local file is newer.
  FTPS_COMPARE_SIZE_AND_TIME = 0,
  // Their size alone.
  FTPS_COMPARE_SIZE = 1,
  // Their size, or a hash that the server computes.
  FTPS_COMPARE_HASH = 2,
  // Nothing: every file is transferred.
  FTPS_COMPARE_NOTHING = 3,
} ftps_compare;

// What is done with a path.
typedef enum ftps_action {
  // The directory is made.
  FTPS_ACTION_CREATE_DIRECTORY = 0,
  // The file is sent.
  FTPS_ACTION_UPLOAD = 1,
  // The file is received.
  FTPS_ACTION_DOWNLOAD = 2,
  // The file or link is deleted from the target.
  FTPS_ACTION_DELETE_FILE = 3,
  // The directory, which is empty by then, is deleted from the target.
  FTPS_ACTION_DELETE_DIRECTORY = 4,
  // Nothing.
  FTPS_ACTION_SKIP = 5,
} ftps_action;

// What happens after a step has failed.
typedef enum ftps_on_failure {
  // The others are done.
  FTPS_ON_FAILURE_CONTINUE = 0,
  // What is under way is stopped, and nothing else is begun.
  FTPS_ON_FAILURE_STOP = 1,
} ftps_on_failure;

// What ftps_report_number() tells.
typedef enum ftps_report_numbers {
  // Files transferred.
  FTPS_REPORT_FILES = 0,
  // Their bytes.
  FTPS_REPORT_BYTES = 1,
  // Directories made.
  FTPS_REPORT_DIRECTORIES = 2,
  // Files, links and directories deleted from the target.
  FTPS_REPORT_DELETED = 3,
  // Files in which nothing had to be done, or which the plan leaves out with a reason.
  FTPS_REPORT_SKIPPED = 4,
  // Uploaded files whose time the server did not set.
  FTPS_REPORT_TIMES_NOT_SET = 5,
  // Steps that failed, and problems of the plan.
  FTPS_REPORT_FAILED = 6,
  // Steps that were not tried, because the mirror was stopped or no connection was left.
  FTPS_REPORT_NOT_DONE = 7,
} ftps_report_numbers;

// Ends the waits of the clients that it was given to, from any thread.
//
// Made by ftps_cancel_new(), freed by ftps_cancel_free(), at any time: clients keep what they need of it.
// All its functions may be called from several threads at once.
typedef struct ftps_cancel ftps_cancel;

// One connection to an FTPS server: options first, then the connection, then nothing.
//
// Made by ftps_client_new(), freed by ftps_client_free(). One call at a time: a second one, from another
// thread or from inside a callback, gets FTPS_ERROR_BUSY. It may move between threads.
typedef struct ftps_client ftps_client;

// One file, directory or link of a listing, as the server described it. Belongs to its listing, and lives as
// long.
//
// What it tells is not to be trusted: a name may hold "/", "..", or control characters. Names, link targets
// and whole lines are the server's bytes; all other words are UTF-8 (other bytes replaced).
typedef struct ftps_entry ftps_entry;

// A directory, or the names in one. Freed by ftps_listing_free(), also after its client was. It never
// changes: any number of threads may read it.
typedef struct ftps_listing ftps_listing;

// A mirror that is to be made: which side, like which, and how. ftps_client_plan() then looks at both sides.
//
// Made by ftps_mirror_new(), freed by ftps_mirror_free(). One thread at a time.
typedef struct ftps_mirror ftps_mirror;

// What a mirror will do: its steps in their order, and what it leaves out because it could not be read or
// must not be used.
//
// Made by ftps_client_plan(), freed by ftps_plan_free(). Any number of threads may read it.
typedef struct ftps_plan ftps_plan;

// Connections to one server with one login, which are lent to clients by ftps_client_lease() and come back
// when those are freed. Each has TLS sessions of its own.
//
// Made by ftps_pool_new(), freed by ftps_pool_free(), at any time: clients that have a connection of it keep
// that until they are freed. All functions but ftps_pool_free() may be called from several threads at once.
typedef struct ftps_pool ftps_pool;

// What became of a plan. Everything that the plan said is in it: done, failed, or not tried.
//
// Made by ftps_client_execute() and ftps_pool_execute(), freed by ftps_report_free(). Any number of threads
// may read it.
typedef struct ftps_report ftps_report;

// Sees another attempt before it is made: the status and the message of the error that the last one ended
// with (the message is valid during the call), which attempt it is, from 1 on, since the transfer last came
// further, how many milliseconds it waits, and how many bytes of the file are known to have arrived. 0 goes
// on; anything else forbids it, and the error is the call's.
typedef int (*ftps_retry)(int status,
                          const char *message,
                          uint32_t attempt,
                          uint64_t delay,
                          uint64_t offset,
                          void *userdata);

// Sees one line of the dialogue: `received` is 0 for a command of the client (passwords masked), 1 for a
// reply of the server. `line` is UTF-8 (replies read by ftps_client_set_charset(), other bytes replaced),
// lines of a reply are parted by "\n", and there is no line end at the end; valid during the call.
typedef void (*ftps_dialogue)(int received, const char *line, void *userdata);

// Sees a log line: `level` is one of ftps_log_level, `line` UTF-8 without a line end, valid during the call.
typedef void (*ftps_log)(int level, const char *line, void *userdata);

// Sees the payload bytes that have moved so far. 0 goes on; anything else stops the transfer, which ends in
// FTPS_ERROR_CANCELLED.
typedef int (*ftps_progress)(uint64_t moved, void *userdata);

// Gives the next bytes of an upload: writes at most `size` bytes to `buffer` and returns how many; 0 is the
// end of the file. A negative number is a failure: the upload is aborted, so that the server does not take
// the part for the whole, and ends in FTPS_ERROR_LOCAL.
typedef int64_t (*ftps_source)(void *buffer, size_t size, void *userdata);

// Takes the next `size` bytes of a download, all of them, and returns 0. Anything else is a failure: the
// download is aborted and ends in FTPS_ERROR_LOCAL.
typedef int (*ftps_sink)(const void *bytes, size_t size, void *userdata);

// Sees one line of a listing: its entry, or NULL where it was not understood, and the line as it came with
// its length. All are valid during the call. 0 goes on; anything else stops the listing, which ends in
// FTPS_ERROR_CANCELLED.
typedef int (*ftps_listing_item)(const struct ftps_entry *entry,
                                 const char *line,
                                 size_t length,
                                 void *userdata);

// Sees one step of a walk: a path of the server, the bytes to send back to it, and its entry; or, with
// `entry` NULL, what went wrong with that path as a line of UTF-8: a directory that cannot be listed, a line
// that is not understood, a loop. All are valid during the call. Returns one of ftps_step; anything else
// stops the walk, which ends in FTPS_ERROR_CANCELLED.
typedef int (*ftps_found)(const char *path,
                          const struct ftps_entry *entry,
                          const char *problem,
                          void *userdata);

// Sees how far a mirror has come, on the thread that makes the call, for every piece of every file and at
// every step's end (`over` is 1): the path of the step and the bytes of its file that have moved; files that
// are over, of `files`; bytes that have moved, of `bytes` as far as sizes are known. 0 goes on; anything
// else stops all.
typedef int (*ftps_mirror_progress)(const char *path,
                                    uint64_t moved,
                                    int over,
                                    size_t files_over,
                                    size_t files,
                                    uint64_t bytes_moved,
                                    uint64_t bytes,
                                    void *userdata);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The FTPS_ABI_VERSION of the library that is running. A program or binding that loads the library itself
// compares it with its own before any other call.
int ftps_abi_version(void);

// The version of the library, for instance "0.1.0". Valid as long as the library is loaded.
const char *ftps_version(void);

// A few English words for a status; for a number that is none, they say so. Never NULL; valid as long as the
// library is loaded. ftps_client_error_message() tells more.
const char *ftps_status_text(int status);

// Makes a cancel object that is not set. `*cancel` is the caller's, to be freed by ftps_cancel_free(); NULL
// after an error. Fails with FTPS_ERROR_LOCAL when the process is out of file descriptors.
int ftps_cancel_new(struct ftps_cancel **cancel);

// Cancels: every call that a client with this object makes, now or later, fails with FTPS_ERROR_CANCELLED
// until ftps_cancel_reset(). May be called from any thread and from a signal handler.
int ftps_cancel_set(const struct ftps_cancel *cancel);

// Makes the object fit for use again.
int ftps_cancel_reset(const struct ftps_cancel *cancel);

// Frees the object. Clients that it was given to go on watching it, in the state in which it was left.
int ftps_cancel_free(struct ftps_cancel *cancel);

// Makes a client for `host`: a name, an IPv4 address, or an IPv6 address without brackets. Nothing is sent
// yet: set options, then call ftps_client_connect(). `*client` is the caller's, to be freed by
// ftps_client_free(); NULL after an error. Fails with FTPS_ERROR_NULL, and with FTPS_ERROR_INVALID_ARGUMENT
// where `host` is not UTF-8.
int ftps_client_new(struct ftps_client **client, const char *host);

// Frees a client. An open transfer is aborted and the connection closed without QUIT; call
// ftps_client_quit() before for a goodbye. A connection that ftps_client_lease() got goes back to its pool.
// Fails with FTPS_ERROR_BUSY, and frees nothing, while a call is running. The only call that works in a
// forked child: there it closes the child's descriptors and says nothing to the server. Using the handle
// afterwards is undefined behaviour.
int ftps_client_free(struct ftps_client *client);

// Closes the connection, also one of a pool, without QUIT; an open transfer is aborted. The handle stays
// valid: every later call but this one, which does nothing more, fails with FTPS_ERROR_CLOSED, and the error
// accessors go on working.
int ftps_client_close(struct ftps_client *client);

// Says goodbye (QUIT), waits for the answer, and closes as ftps_client_close() does, whatever the outcome. A
// client that is not connected stays as it is: FTPS_ERROR_WRONG_STATE.
int ftps_client_quit(struct ftps_client *client);

// Connects, reads the greeting (see ftps_client_reply_code()) and establishes TLS. Log in next. After an
// error the options can be changed and the call made again.
int ftps_client_connect(struct ftps_client *client);

// Logs in (USER, PASS) and protects the data connections (PBSZ, PROT P): after it, no transfer can happen in
// clear. Both strings are UTF-8. Fails with FTPS_ERROR_LOGIN_REFUSED when the server does not take them.
int ftps_client_login(struct ftps_client *client, const char *user, const char *password);

// The same for a server that wants an account too (RFC 959 section 4.1.1).
int ftps_client_login_with_account(struct ftps_client *client,
                                   const char *user,
                                   const char *password,
                                   const char *account);

// INSECURE: ends TLS on the control connection (CCC, RFC 4217 section 12.3), after the login. From here on
// whoever is in between can read commands and replies, and insert others. For firewalls that have to read
// PORT and PASV. Data connections are as protected as before, and still resume the control connection's
// session; a silent re-login ends TLS again. Where the server does not offer it, FTPS_ERROR_REFUSED, and
// TLS goes on.
int ftps_client_clear_command_channel(struct ftps_client *client);

// Stores in `*usable` whether the control connection can still be used: 1 or 0. After a timeout on it, or
// its loss, it cannot: close this client and connect with a new one.
int ftps_client_is_usable(int *usable, struct ftps_client *client);

// Stores the control connection's TLS version: one of ftps_tls_version.
int ftps_client_tls_version(int *version, struct ftps_client *client);

// Stores in `*offered` whether the server named `feature` ("MLST", "REST") in its answer to FEAT: 1 or 0.
// Known after the login.
int ftps_client_has_feature(int *offered, struct ftps_client *client, const char *feature);

// Stores one counter, `which` of ftps_statistic. Before the connection stands all are 0; read them before
// ftps_client_quit() or ftps_client_close().
int ftps_client_statistic(uint64_t *value, struct ftps_client *client, int which);

// The status of the last call on this client, FTPS_OK if it succeeded. That the handle itself is NULL, busy,
// or another process's is only returned, never kept: the last error stays as it was. Accessors that meet
// such a handle say so, or nothing.
int ftps_client_error_status(const struct ftps_client *client);

// What went wrong in the last call and what to do about it: one line with the server's reply, the cause and
// the bytes moved. Empty after success, never NULL. UTF-8, valid until the next call on this client.
const char *ftps_client_error_message(const struct ftps_client *client);

// The code of the server's reply that belongs to the last error, for instance 550; 0 when there is none.
int ftps_client_error_reply_code(const struct ftps_client *client);

// Its text, lines parted by "\n". Empty when there is none, never NULL. UTF-8, read by
// ftps_client_set_charset() (other bytes replaced), valid until the next call on this client.
const char *ftps_client_error_reply_text(const struct ftps_client *client);

// The operating system's error number at the bottom of the last error; 0 when there is none.
int ftps_client_error_errno(const struct ftps_client *client);

// The TLS alert at the bottom of the last error (RFC 8446 section 6), for instance 48 for unknown_ca; -1
// when there is none.
int ftps_client_error_tls_alert(const struct ftps_client *client);

// Payload bytes that had moved when the last call failed.
uint64_t ftps_client_error_bytes_moved(const struct ftps_client *client);

// The code of the last reply that a call was made for: the greeting after ftps_client_connect(), the reply
// to ftps_client_command(), ftps_client_system() and ftps_client_status(), and what ended a transfer after
// ftps_client_finish(). Other calls, those that transfer a whole file among them, leave it as it was. 0
// before the first.
int ftps_client_reply_code(const struct ftps_client *client);

// Its text without the code, lines parted by "\n". Never NULL. UTF-8, read by ftps_client_set_charset()
// (other bytes replaced), valid until the next call on this client.
const char *ftps_client_reply_text(const struct ftps_client *client);

// Its bytes as they were received, codes and line ends included, and in `*length`, unless that is NULL, how
// many there are. Never NULL; a NUL follows the last. Valid until the next call on this client.
const char *ftps_client_reply_raw(size_t *length, const struct ftps_client *client);

// The port of the control connection, not 0 (default: 21 explicit, 990 implicit).
int ftps_client_set_port(struct ftps_client *client, uint16_t port);

// When TLS begins: one of ftps_security (default: FTPS_SECURITY_EXPLICIT).
int ftps_client_set_security(struct ftps_client *client, int security);

// What to do about data connections that do not resume: one of ftps_resumption (default:
// FTPS_RESUMPTION_PREFER).
int ftps_client_set_resumption(struct ftps_client *client, int policy);

// Whether to log in anew behind the caller's back when no TLS session is left that the server takes
// (default: 1). The password is kept in memory only while this is on.
int ftps_client_set_relogin(struct ftps_client *client, int enabled);

// Whether a download that ends without TLS close_notify is taken for complete when the server says 2xx
// (default: 0; such a download may have been cut).
int ftps_client_set_tolerate_missing_close_notify(struct ftps_client *client, int tolerate);

// Whether data connections go to the address in the reply to PASV (default: 0; to the control connection's
// peer, because servers behind NAT name private addresses, and hostile ones name others').
int ftps_client_set_trust_passive_address(struct ftps_client *client, int trust);

// The name of the virtual host to log in to, where a server has several (HOST, RFC 7151); NULL, the
// default, is none. A server that does not know HOST, or that host, refuses the login:
// FTPS_ERROR_REFUSED.
int ftps_client_set_virtual_host(struct ftps_client *client, const char *name);

// Whether the size of an upload is announced before it begins, where it is known (ALLO; default: 0). A server
// without that much room can then refuse while the old file is still there.
int ftps_client_set_announce_sizes(struct ftps_client *client, int announce);

// The lowest and the highest TLS version to negotiate, each one of ftps_tls_version (default: 1.2 and 1.3).
int ftps_client_set_tls_versions(struct ftps_client *client, int lowest, int highest);

// Whether the platform's root certificates are trusted (default: 1).
int ftps_client_set_platform_roots(struct ftps_client *client, int trusted);

// Trusts the certificates in `length` bytes of PEM besides. A server certificate that is itself among them
// is trusted too; its name and dates are still checked. May be called repeatedly. The bytes are copied; what
// is wrong with them is told by ftps_client_connect().
int ftps_client_add_roots_pem(struct ftps_client *client, const void *pem, size_t length);

// The same with a PEM file, read at once.
int ftps_client_add_roots_file(struct ftps_client *client, const char *path);

// Accepts the certificate whose DER encoding has this SHA-256, in place of checking chain, name and dates;
// with several pins, any of them. `fingerprint` is 64 hexadecimal digits, colons and spaces passed over:
// what "openssl x509 -noout -fingerprint -sha256" prints behind the equals sign.
int ftps_client_add_pin_sha256(struct ftps_client *client, const char *fingerprint);

// INSECURE where `accept` is not 0: accepts any certificate, so that whoever sits in between can read the
// password and the files. Handshake signatures are still verified, and data connections must present the
// control connection's certificate.
int ftps_client_set_danger_accept_any_certificate(struct ftps_client *client, int accept);

// The client's certificate chain and its private key (PKCS#8, PKCS#1 or SEC1, not encrypted), both PEM.
// Copied; wiped from memory when the connection stands.
int ftps_client_set_identity_pem(struct ftps_client *client,
                                 const void *chain,
                                 size_t chain_length,
                                 const void *key,
                                 size_t key_length);

// The same with two PEM files, read at once; they may be one and the same.
int ftps_client_set_identity_files(struct ftps_client *client, const char *chain, const char *key);

// Certificate revocation lists, PEM, for certificates whose chain is checked: with a pin, or when any
// certificate is accepted, they are not looked at. Nothing is fetched: neither CRL nor OCSP. May be called
// repeatedly.
int ftps_client_add_revocation_lists_pem(struct ftps_client *client, const void *pem, size_t length);

// The name to send in TLS and to check in the certificate, where it is not the host that is connected to.
int ftps_client_set_server_name(struct ftps_client *client, const char *name);

// Appends the TLS secrets of all connections to this file, in the format of SSLKEYLOGFILE, for reading
// captures. Whoever has the file can read the traffic.
int ftps_client_set_key_log(struct ftps_client *client, const char *path);

// The local address that connections come from, on a machine that has several: a numeric address of the
// family (IPv4, IPv6) of the server's. NULL, the default, leaves it to the system. What the system refuses
// is told by ftps_client_connect(). In active mode it is the address to listen on too, unless that is
// another.
int ftps_client_set_bind_address(struct ftps_client *client, const char *local_address);

// TCP keep-alive on both connections: how many seconds one is silent before the system asks whether the
// peer is still there. 0, the default, is never. It keeps firewalls from forgetting a control connection
// that is silent during a long transfer.
int ftps_client_set_tcp_keep_alive(struct ftps_client *client, uint32_t seconds);

// The send buffer of data connections in bytes (SO_SNDBUF). 0, the default, leaves it to the system, which
// fits it to the link.
int ftps_client_set_send_buffer(struct ftps_client *client, size_t size);

// The receive buffer of data connections in bytes (SO_RCVBUF). 0, the default, leaves it to the system,
// which fits it to the link.
int ftps_client_set_receive_buffer(struct ftps_client *client, size_t size);

// Makes both connections through a proxy, which resolves the server's name: `kind` is one of
// ftps_proxy_kind (default: FTPS_PROXY_NONE, with which the other arguments are not looked at). In passive
// mode only: with an active mode besides, ftps_client_connect() fails. `user` and `password` may both be
// NULL where the proxy asks nobody; they go to it in clear, are copied, wiped with the client, and shown
// nowhere.
//
// What the proxy refuses is FTPS_ERROR_CONNECT, with a message that says why.
int ftps_client_set_proxy(struct ftps_client *client,
                          int kind,
                          const char *host,
                          uint16_t port,
                          const char *user,
                          const char *password);

// INSECURE where `protection` is FTPS_DATA_CLEAR: what protects files and listings, one of
// ftps_data_protection (default: FTPS_DATA_PRIVATE). With FTPS_RESUMPTION_REQUIRE, which it contradicts,
// ftps_client_connect() fails.
int ftps_client_set_data_protection(struct ftps_client *client, int protection);

// Milliseconds for name resolution, the TCP connection and the TLS handshake together, each time; not 0
// (default: 30,000). Also for a data connection with its handshake. Holds from the next connection on.
int ftps_client_set_connect_timeout(struct ftps_client *client, uint32_t milliseconds);

// Milliseconds for one whole reply, not 0 (default: 60,000). Holds from the next wait on.
int ftps_client_set_reply_timeout(struct ftps_client *client, uint32_t milliseconds);

// Milliseconds for silence on a data connection, and in active mode for the server to make it; not 0
// (default: 60,000). Holds from the next wait on, also in an open transfer.
int ftps_client_set_data_timeout(struct ftps_client *client, uint32_t milliseconds);

// Milliseconds for one whole call, time in callbacks not counted; for a transfer that is read or written
// piece by piece, from its opening to its end, time between the calls not counted. 0 (the default) is no
// such limit: the other timeouts hold all the same. Holds from the next call on; an open transfer keeps its
// own.
int ftps_client_set_operation_timeout(struct ftps_client *client, uint32_t milliseconds);

// Active mode (RFC 959 section 3.2) from the next transfer on, in place of passive mode: for each data
// connection this client listens, and the server connects. TLS is as in passive mode, and resumed. At any
// time before the client is closed.
//
// `first_port`, `last_port`: the ports to listen on, those that a firewall lets through; 0 and 0 is any.
// `listen_address`: a numeric address of this machine; NULL is this end's address of the control connection.
// `announced_address`: the numeric address to tell the server where it is another, that of a NAT; or NULL.
// `trust_any_peer`: not 0 takes a data connection from any address; with 0 one that does not come from the
// control connection's peer is closed, and waiting goes on.
int ftps_client_set_active_mode(struct ftps_client *client,
                                uint16_t first_port,
                                uint16_t last_port,
                                const char *listen_address,
                                const char *announced_address,
                                int trust_any_peer);

// Passive mode from the next transfer on, which is the default: the client makes the data connections. At any
// time before the client is closed.
int ftps_client_set_passive_mode(struct ftps_client *client);

// Payload bytes a second at most, on average, of what comes from the server and of what goes there; 0, the
// default, is no limit. At any time before the client is closed; holds from the next piece of payload on,
// also in an open transfer. The time that a limit costs is not silence of the server, but part of the
// operation.
int ftps_client_set_rate_limits(struct ftps_client *client, uint64_t download, uint64_t upload);

// What ends a line of local texts in TYPE A, one of ftps_line_ends (default: FTPS_LINE_ENDS_CRLF), from the
// next transfer on: see ftps_client_set_type(). At any time before the client is closed.
//
// With FTPS_LINE_ENDS_LF an upload sends CR LF for each LF that has no CR before it, and a download makes
// LF of CR LF; a CR or LF that is alone stays as it is. Bytes are counted as they are on the wire. In TYPE
// I, and in listings, nothing is converted.
int ftps_client_set_line_ends(struct ftps_client *client, int line_ends);

// How often, and when, to try again what failed for a reason that may pass: a broken connection or one that
// cannot be made, silence, and the replies 421, 425, 426 and 450. Repeated are commands that only ask, the
// opening of a transfer, and whole local files, which go on where they were cut off once the bytes before
// that were compared. Where the control connection is lost the client connects and logs in again and
// restores type, directory and options, for which the password is kept in memory: set this before the
// login. At any time before the client is closed.
//
// `attempts`: at most so many more in a row, where a transfer that comes further begins to count anew; 0, the
// default, is never. `first_delay`: milliseconds before the first; each wait is twice as long as the one
// before, up to `longest_delay`. Waiting counts into the timeout for an operation, and ends when the client
// is cancelled. `retry`, which may be NULL, sees each attempt and may forbid it.
int ftps_client_set_retry(struct ftps_client *client,
                          uint32_t attempts,
                          uint32_t first_delay,
                          uint32_t longest_delay,
                          ftps_retry retry,
                          void *userdata);

// Sends NOOP whenever the control connection has been silent for so many milliseconds while a transfer is
// under way; 0, the default, is never. Its reply is not waited for. At any time before the client is closed.
int ftps_client_set_keep_alive(struct ftps_client *client, uint32_t milliseconds);

// Watches `cancel` in every wait from now on; NULL ends that. At any time before the client is closed. The
// object may be freed while the client lives.
int ftps_client_set_cancel(struct ftps_client *client, const struct ftps_cancel *cancel);

// Shows every command (passwords masked) and reply to `dialogue`, from now on; NULL ends that. At any time
// before the client is closed.
int ftps_client_set_dialogue(struct ftps_client *client, ftps_dialogue dialogue, void *userdata);

// Hands what the client has to say of its work to `log`, from the next call on: lines of `level`, one of
// ftps_log_level, and what is more important. NULL ends that. At any time before the client is closed.
//
// Where a Rust program with a logger of its own links this library, that logger gets the lines instead.
int ftps_client_set_log(struct ftps_client *client, ftps_log log, int level, void *userdata);

// The character set of the server's names, by a label of the WHATWG Encoding Standard, for instance
// "windows-1252" (as which "iso-8859-1" is read there) or "shift_jis"; default: "utf-8". Paths, names, user
// and password still cross this API as the server's bytes: ftps_client_encode() and ftps_client_decode() are
// the way between them and text. With UTF-8 the server is asked for it (OPTS UTF8 ON) where FEAT names it.
// Texts of replies, which are for people, are read in it.
int ftps_client_set_charset(struct ftps_client *client, const char *label);

// `text`, which is UTF-8, in the client's character set: `*encoded` points to the bytes to send; valid until
// the next call on this client, NULL after an error. FTPS_ERROR_INVALID_ARGUMENT where the set does not have
// a character of it.
int ftps_client_encode(const char **encoded, struct ftps_client *client, const char *text);

// A name of the server's as text for people: `*text` points to UTF-8; valid until the next call on this
// client, NULL after an error. Bytes that are not valid in the client's character set become U+FFFD: send
// back the name, not the text.
int ftps_client_decode(const char **text, struct ftps_client *client, const char *name);

// How ftps_client_list() and all that builds on it list a directory, from now on: `command` is one of
// ftps_listing_command, `format` one of ftps_format (both 0 by default: found out from FEAT, SYST and the
// lines). `arguments`, which may be NULL, goes between LIST or NLST and the path, for instance "-a", which
// has many servers show hidden files; MLSD takes no such arguments. At any time before the client is closed.
int ftps_client_set_listing(struct ftps_client *client, int command, int format, const char *arguments);

// What the server's clock shows, in its own time zone, in seconds ahead of UTC by this machine's clock: 3600
// for a server in Central Europe in winter. ls leaves the year out of recent dates, and this clock then
// tells which year it is. While `known` is 0, the default, such a date is the latest that is at most two
// days ahead of this machine's clock, which is right for every time zone; so this is needed only for a
// server whose clock is wrong. Times stay in the server's zone either way. At any time before the client is
// closed.
int ftps_client_set_server_clock(struct ftps_client *client, int known, int64_t seconds_ahead_of_utc);

// Sends any command and keeps its reply, whatever the code: see ftps_client_reply_code(). For verbs without
// a function of their own. `argument` may be NULL. After a verb that may change
// what the client does not know of, SITE for instance, silent re-login is off.
int ftps_client_command(struct ftps_client *client, const char *verb, const char *argument);

// Stores the size of a file in bytes (SIZE, RFC 3659 section 4).
int ftps_client_size(uint64_t *size, struct ftps_client *client, const char *path);

// Stores when a file was last modified (MDTM, RFC 3659 section 3): seconds since 1970-01-01 00:00:00 UTC,
// and the nanoseconds on top of them. Either pointer may be NULL.
int ftps_client_modified(int64_t *seconds,
                         uint32_t *nanoseconds,
                         struct ftps_client *client,
                         const char *path);

// Deletes a file (DELE).
int ftps_client_delete(struct ftps_client *client, const char *path);

// Renames or moves (RNFR, RNTO).
int ftps_client_rename(struct ftps_client *client, const char *from, const char *to);

// Creates a directory (MKD). `*created`, unless `created` is NULL, points to its path as the server gives
// it, or to what was asked for where it gives none; valid until the next call on this client, NULL after an
// error.
int ftps_client_make_directory(const char **created, struct ftps_client *client, const char *path);

// Removes an empty directory (RMD).
int ftps_client_remove_directory(struct ftps_client *client, const char *path);

// Changes the current directory (CWD).
int ftps_client_change_directory(struct ftps_client *client, const char *path);

// Changes to the parent directory (CDUP).
int ftps_client_change_to_parent(struct ftps_client *client);

// The current directory (PWD): `*path` points to it, in the server's bytes; valid until the next call on
// this client, NULL after an error.
int ftps_client_current_directory(const char **path, struct ftps_client *client);

// Does nothing, and shows that the server is there (NOOP).
int ftps_client_noop(struct ftps_client *client);

// For idle times: sends NOOP where the control connection has been silent for the time that was given to
// ftps_client_set_keep_alive(), and does nothing otherwise. Also while a transfer is open, which then goes
// on.
int ftps_client_keep_alive(struct ftps_client *client);

// The kind of system (SYST): see ftps_client_reply_text().
int ftps_client_system(struct ftps_client *client);

// The server's status, or with a path a listing over the control connection (STAT): see
// ftps_client_reply_text(). `path` may be NULL.
int ftps_client_status(struct ftps_client *client, const char *path);

// Sets the representation type: "I" (the default) or "A" (TYPE).
int ftps_client_set_type(struct ftps_client *client, const char *representation);

// Sets when a file was last modified, in seconds since 1970-01-01 00:00:00 UTC: with MFMT, where the server
// does not know it MDTM with a time, and else SITE UTIME; what works is remembered for the login. Fails with
// FTPS_ERROR_REFUSED where the server knows none of them, and with FTPS_ERROR_INVALID_ARGUMENT before the
// year 0 and after 9999.
int ftps_client_set_modification_time(struct ftps_client *client, const char *path, int64_t seconds);

// Sets the permissions of a file on a Unix server, 0 to 07777: 0640 for instance (SITE CHMOD).
int ftps_client_set_permissions(struct ftps_client *client, const char *path, uint32_t mode);

// Sets which permissions new files and directories do not get on a Unix server, 0 to 07777: 027 for instance
// (SITE UMASK). A silent re-login sets it again.
int ftps_client_set_umask(struct ftps_client *client, uint32_t mask);

// Chooses the facts that MLSD and MLST tell (OPTS MLST, RFC 3659 section 7.9): names with semicolons between
// them, "type;size;modify" for instance. A silent re-login chooses them again. Some servers say yes and go on
// telling all.
int ftps_client_set_mlst_facts(struct ftps_client *client, const char *facts);

// Stores 1 where the server says that it can compute hashes of files by `algorithm`, one of
// ftps_hash_algorithm; else 0.
int ftps_client_has_hash(int *offered, struct ftps_client *client, int algorithm);

// The hash of a file by `algorithm`, one of ftps_hash_algorithm, computed by the server: with HASH where it
// offers the algorithm there, else with a command of its own (XSHA256). `*hash` points to it in hexadecimal
// digits in lower case; valid until the next call on this client, NULL after an error. A server may take
// long: ftps_client_set_reply_timeout() has to allow for that.
int ftps_client_hash(const char **hash, struct ftps_client *client, const char *path, int algorithm);

// Compares a local and a remote file by the strongest hash that the server offers. `*algorithm`, unless
// `algorithm` is NULL, is which that was, one of ftps_hash_algorithm; 0 after an error. Fails with
// FTPS_ERROR_MISMATCH where they differ, and with FTPS_ERROR_REFUSED where the server offers no hash.
int ftps_client_verify(int *algorithm, struct ftps_client *client, const char *local, const char *remote);

// Sends a local file (STOR), which replaces what is there. `*moved`, unless `moved` is NULL, is its length,
// after an error 0 (ftps_client_error_bytes_moved() has the part). `progress` may be NULL.
int ftps_client_upload_file(uint64_t *moved,
                            struct ftps_client *client,
                            const char *local,
                            const char *remote,
                            ftps_progress progress,
                            void *userdata);

// Receives into a local file (RETR), which is created or replaced once the server has agreed. A failed
// download leaves what had arrived. `*moved` and `progress` are as for ftps_client_upload_file().
int ftps_client_download_file(uint64_t *moved,
                              struct ftps_client *client,
                              const char *remote,
                              const char *local,
                              ftps_progress progress,
                              void *userdata);

// Sends what `source` gives (STOR). When it fails, the transfer is aborted, and the server does not take the
// part for the whole. `*moved` and `progress` are as for ftps_client_upload_file(); both callbacks get the
// same `userdata`.
int ftps_client_upload_from(uint64_t *moved,
                            struct ftps_client *client,
                            const char *remote,
                            ftps_source source,
                            ftps_progress progress,
                            void *userdata);

// Gives a file to `sink` as it arrives (RETR). What was given is complete only when the call succeeds.
// `*moved` and `progress` are as for ftps_client_upload_file(); both callbacks get the same `userdata`.
int ftps_client_download_to(uint64_t *moved,
                            struct ftps_client *client,
                            const char *remote,
                            ftps_sink sink,
                            ftps_progress progress,
                            void *userdata);

// Begins to receive a file (RETR), from byte `offset` on (REST). Read it with ftps_client_read() and end it
// with ftps_client_finish() or ftps_client_abort(); until then every other command fails with
// FTPS_ERROR_WRONG_STATE.
int ftps_client_open_download(struct ftps_client *client, const char *path, uint64_t offset);

// Begins to send a file (STOR), which replaces what is there, or with an `offset` its end from that byte on
// (REST). Write it with ftps_client_write() and end it with ftps_client_finish() or ftps_client_abort().
int ftps_client_open_upload(struct ftps_client *client, const char *path, uint64_t offset);

// Begins to append to a file (APPE), as ftps_client_open_upload().
int ftps_client_open_append(struct ftps_client *client, const char *path);

// Begins a transfer of any verb, in a direction of ftps_direction. `argument` may be NULL.
int ftps_client_open_transfer(struct ftps_client *client,
                              int direction,
                              const char *verb,
                              const char *argument,
                              uint64_t offset);

// Reads at most `size` bytes of the open download into `buffer`; `*count` is how many. 0 is the end, unless
// `size` is 0: ftps_client_finish() then tells whether the file is complete. After an error the transfer is
// over.
int ftps_client_read(size_t *count, struct ftps_client *client, void *buffer, size_t size);

// Writes `size` bytes to the open upload, all of them. After an error the transfer is over;
// ftps_client_error_bytes_moved() tells how far it came.
int ftps_client_write(struct ftps_client *client, const void *bytes, size_t size);

// Ends the open transfer: the payload is complete, and the server has to agree. Its reply is kept, see
// ftps_client_reply_code(). The transfer is over afterwards, whatever the outcome. A download must have been
// read to its end.
int ftps_client_finish(struct ftps_client *client);

// Gives the open transfer up: the data connection is reset, so that the server cannot take a part for the
// whole. Does nothing when no transfer is open.
int ftps_client_abort(struct ftps_client *client);

// Stores in `*resumed` whether the open transfer's data connection resumed the control connection's TLS
// session: 1, 0, or -1 when no transfer is open.
int ftps_client_is_resumed(int *resumed, struct ftps_client *client);

// Receives what the local file does not have yet (REST, RETR). Where there is no local file it is created.
// `*length`, unless `length` is NULL, is the local file's length then, which is also what `progress` sees.
//
// The last 4096 bytes of the local file are compared with the remote one before anything is written. Where
// they differ, or the remote file is the shorter one: FTPS_ERROR_MISMATCH, and the local file is as it was.
// What fails later leaves what had arrived. Needs type "I".
int ftps_client_download_resuming(uint64_t *length,
                                  struct ftps_client *client,
                                  const char *remote,
                                  const char *local,
                                  ftps_progress progress,
                                  void *userdata);

// Sends what the remote file does not have yet (REST, STOR; APPE where the server refuses that). Where there
// is no remote file, all is sent. `*length`, unless `length` is NULL, is the length of both then; `progress`
// sees that of the remote file.
//
// The last 4096 bytes of the remote file are read and compared with the local one before anything is sent.
// Where they differ, or the local file is the shorter one: FTPS_ERROR_MISMATCH, and the remote file is as it
// was. The same error where the server does not tell the local file's length in the end. Needs type "I".
int ftps_client_upload_resuming(uint64_t *length,
                                struct ftps_client *client,
                                const char *local,
                                const char *remote,
                                ftps_progress progress,
                                void *userdata);

// Gives `length` bytes of a file, from byte `offset` on, to `sink`. `*moved`, unless `moved` is NULL, is how
// many came: fewer only where the file ends before. The rest is not transferred, and the connection is fit
// for the next command. Needs type "I".
int ftps_client_download_range(uint64_t *moved,
                               struct ftps_client *client,
                               const char *remote,
                               uint64_t offset,
                               uint64_t length,
                               ftps_sink sink,
                               void *userdata);

// Ends the open download, of which the caller has enough, and waits until the connection is fit for the next
// command. ftps_client_abort() leaves the waiting to the next command.
int ftps_client_stop(struct ftps_client *client);

// Sends a local file in such a way that the remote path has either what it had before or all of the new
// content, whatever happens to the connection or to this process: under a temporary name, whose length is
// then compared (SIZE, where the server has it), and which is then renamed (RNFR, RNTO). Where that fails
// the temporary file is deleted; if it cannot be, the error's message names it. `*moved` and `progress` are
// as for ftps_client_upload_file().
//
// `temporary_name`: the name in the target's directory, in which "{name}" stands for the target's name and
// "{random}" for 16 hexadecimal digits; NULL is ".{name}.{random}.tmp".
// `replace`: not 0 deletes a target that stands in the way of the rename, which on most servers none does;
// with 0 the refusal is the error. Between the two there is no target, and if the rename fails then too, the
// error's message names the temporary file, which has the whole content and is left.
// `verify_hash`: not 0 compares a hash of the server's too, where it offers one.
int ftps_client_upload_atomically(uint64_t *moved,
                                  struct ftps_client *client,
                                  const char *local,
                                  const char *remote,
                                  const char *temporary_name,
                                  int replace,
                                  int verify_hash,
                                  ftps_progress progress,
                                  void *userdata);

// The entries of a directory, by the command and in the format that ftps_client_set_listing() chose, by
// default MLSD where the server has it, else LIST; `path` may be NULL for the current directory. `*listing`
// is the caller's, to be freed by ftps_listing_free(); NULL after an error. Look at
// ftps_listing_unparsed_count() too: lines that were not understood are there, not dropped.
int ftps_client_list(struct ftps_listing **listing, struct ftps_client *client, const char *path);

// A listing by a verb, and in a format (ftps_format), of the caller's choice. `path` goes to the server as
// it is, so that options of ls may stand before it.
int ftps_client_list_with(struct ftps_listing **listing,
                          struct ftps_client *client,
                          const char *verb,
                          const char *path,
                          int format);

// The names in a directory (NLST), as entries of which nothing else is known.
int ftps_client_names(struct ftps_listing **listing, struct ftps_client *client, const char *path);

// Shows the entries of a directory one by one as they arrive, and holds none of them. What was shown is
// complete only when the call succeeds. `path` may be NULL for the current directory.
int ftps_client_list_each(struct ftps_client *client,
                          const char *path,
                          ftps_listing_item item,
                          void *userdata);

// One entry (MLST, RFC 3659 section 7), as a listing with this entry alone. `path` may be NULL for the
// current directory. Where the server has no MLST, the directory that holds it is listed, and the entry is
// the one of that name: of a symbolic link then what is said of the link itself. FTPS_ERROR_REFUSED without
// a reply where the listing has no such name, FTPS_ERROR_INVALID_ARGUMENT for a path that has none ("/",
// "..", NULL).
int ftps_client_entry(struct ftps_listing **listing, struct ftps_client *client, const char *path);

// Frees a listing and all its entries.
int ftps_listing_free(struct ftps_listing *listing);

// How many entries a listing has; 0 for NULL.
size_t ftps_listing_count(const struct ftps_listing *listing);

// An entry, in the server's order; NULL for an `index` beyond the last. Valid until the listing is freed.
const struct ftps_entry *ftps_listing_entry(const struct ftps_listing *listing, size_t index);

// How many lines were not understood; 0 for NULL. The directory has more than the entries show.
size_t ftps_listing_unparsed_count(const struct ftps_listing *listing);

// A line that was not understood, as it came, and in `*length`, unless that is NULL, how long it is; NULL
// for an `index` beyond the last. Valid until the listing is freed.
const char *ftps_listing_unparsed(size_t *length, const struct ftps_listing *listing, size_t index);

// The name, exactly as listed, blanks included: what to send back to the server. NULL only for a NULL entry.
// This and all pointers below live as long as the entry.
const char *ftps_entry_name(const struct ftps_entry *entry);

// The whole line, as it came, and in `*length`, unless that is NULL, how long it is. Where the server
// wrapped the entry, both lines with a LF in between.
const char *ftps_entry_raw(size_t *length, const struct ftps_entry *entry);

// What it is: one of ftps_kind.
int ftps_entry_kind(const struct ftps_entry *entry);

// The size in bytes; -1 when the listing does not tell. Servers report sizes of directories and links as
// well. Sizes in anything but bytes (OpenVMS' blocks, z/OS' tracks and records, the "1.2K" of "ls -h") are
// not told, since they are no more than estimates; they are in ftps_entry_raw().
int64_t ftps_entry_size(const struct ftps_entry *entry);

// The time of last modification: returns how exact it is, one of ftps_precision, FTPS_PRECISION_NONE when
// the listing does not tell. Stores the seconds since 1970-01-01 00:00:00, the nanoseconds on top of them,
// and whether that is UTC (1: MLSx, EPLF, "ls --full-time") or the server's local time counted as if it were
// (0: other listings, which do not tell the zone). Each pointer may be NULL; nothing is stored for
// FTPS_PRECISION_NONE.
int ftps_entry_modified(int64_t *seconds, uint32_t *nanoseconds, int *utc, const struct ftps_entry *entry);

// Where a symbolic link leads; NULL when the listing does not tell.
const char *ftps_entry_link_target(const struct ftps_entry *entry);

// The owner, as a name or a number; NULL when the listing does not tell.
const char *ftps_entry_owner(const struct ftps_entry *entry);

// The group, as a name or a number; NULL when the listing does not tell.
const char *ftps_entry_group(const struct ftps_entry *entry);

// The permissions in the form of the listing: the nine letters "rwxr-xr-x" of ls, the octal "0755" of the
// MLSx fact UNIX.mode and of EPLF, OpenVMS' "RWED,RWED,RE,", NetWare's "RWCEAFMS"; NULL when the listing
// does not tell.
const char *ftps_entry_permissions(const struct ftps_entry *entry);

// What is the same for all names of one file: the MLSx fact "unique" (RFC 3659 section 7.5.2), or EPLF's
// "i"; NULL when the listing does not tell.
const char *ftps_entry_unique(const struct ftps_entry *entry);

// The value of an MLSx fact, whose name may be in any case; NULL when the listing does not tell.
const char *ftps_entry_fact(const struct ftps_entry *entry, const char *name);

// Shows all that is beneath a directory, depth first, each directory before what is in it. `path` may be
// NULL for the current directory. Symbolic links are shown as such and not followed; because some servers
// (ProFTPD) show them as directories in MLSD, a directory with subdirectories is listed a second time with
// LIST.
int ftps_client_walk(struct ftps_client *client, const char *path, ftps_found found, void *userdata);

// Shows all that matches a pattern, for instance "inbox/2026-*.csv", in the order of ftps_client_walk().
// "*" is any number of characters in one name, "?" one, "[a-z]" one of these and "[!a-z]" one of the others,
// "**" any number of directories; "\" takes away the meaning of the character that follows. Fails with
// FTPS_ERROR_INVALID_ARGUMENT where it is no pattern.
int ftps_client_glob(struct ftps_client *client, const char *pattern, ftps_found found, void *userdata);

// Deletes a directory with all that is beneath it; links are deleted, not followed. What cannot be deleted
// is shown to `problem`, with `entry` NULL, and the rest is deleted all the same; where there was such a
// thing the call fails with FTPS_ERROR_REFUSED. `*deleted`, unless `deleted` is NULL, is how many files,
// links and directories are gone. `problem` may be NULL, and what it returns has no meaning.
int ftps_client_delete_tree(uint64_t *deleted,
                            struct ftps_client *client,
                            const char *path,
                            ftps_found problem,
                            void *userdata);

// Makes a pool of connections with the options of `client`, which is not connected and stays so, and with
// this login (UTF-8). Nothing is sent before the first lease. `*pool` is the caller's, to be freed by
// ftps_pool_free(); NULL after an error, which is kept with the client. Callbacks among the options are
// called for all its connections, by several threads at once where several have one.
int ftps_client_new_pool(struct ftps_pool **pool,
                         struct ftps_client *client,
                         const char *user,
                         const char *password);

// Frees a pool. Its idle connections are closed, and those that are lent as soon as their clients are freed.
// No other thread may be inside one of its functions. Works in a forked child, where it closes the child's
// descriptors alone.
int ftps_pool_free(struct ftps_pool *pool);

// How many connections there are at most, 1 or more (default 4); fewer where the server takes fewer. Like
// the three below, to be set before the first lease: FTPS_ERROR_WRONG_STATE after it.
int ftps_pool_set_maximum(struct ftps_pool *pool, uint32_t connections);

// Milliseconds that a lease may wait until a connection is free (default 60,000).
int ftps_pool_set_wait(struct ftps_pool *pool, uint32_t milliseconds);

// A connection that was idle for longer than this many milliseconds is asked with NOOP before it is lent
// again (default 30,000).
int ftps_pool_set_check_after(struct ftps_pool *pool, uint32_t milliseconds);

// A connection that was idle for longer than this many milliseconds is closed when the pool is used next
// (default 300,000).
int ftps_pool_set_expire_after(struct ftps_pool *pool, uint32_t milliseconds);

// Connects and logs in `client`, which is not connected yet, by a connection of the pool: an idle one, else
// a new one, else the next that comes back. Of the client's own options its cancel object alone counts, also
// for the connection; the others are those of the pool. ftps_client_free() gives the connection back, as
// new; ftps_client_close() and ftps_client_quit() end it.
//
// Fails with FTPS_ERROR_TIMEOUT when no connection becomes free in time, with FTPS_ERROR_WRONG_STATE when
// the pool is closed, and as ftps_client_connect() and ftps_client_login() fail.
int ftps_client_lease(struct ftps_client *client, struct ftps_pool *pool);

// Stores one counter of the pool, `which` of ftps_pool_statistics.
int ftps_pool_statistic(uint64_t *value, struct ftps_pool *pool, int which);

// Closes the connections that were idle for too long.
int ftps_pool_close_expired(struct ftps_pool *pool);

// Closes the idle connections, and those that are lent as soon as they come back. Every lease fails from now
// on, those that wait too. Closing again does nothing.
int ftps_pool_close(struct ftps_pool *pool);

// Makes a mirror: with FTPS_DOWNLOAD the local directory is to be like the remote one, with FTPS_UPLOAD the
// remote one like the local one. Files are taken over with their times, so that the next time nothing is
// left to do. `*mirror` is the caller's, to be freed by ftps_mirror_free(); NULL after an error.
//
// A file that is received is called ".ftps-PROCESS-NUMBER.part" until it is complete. A process that is
// killed leaves such files, and a download deletes those that it meets in its target: where nobody has them
// open for writing (by a lock, flock) and nobody has written to them for an hour. Files of this name are
// never taken over.
int ftps_mirror_new(struct ftps_mirror **mirror, int direction, const char *local, const char *remote);

// Frees a mirror; plans that were made with it stay.
int ftps_mirror_free(struct ftps_mirror *mirror);

// What makes two files differ: one of ftps_compare (default: FTPS_COMPARE_SIZE_AND_TIME).
int ftps_mirror_set_compare(struct ftps_mirror *mirror, int compare);

// Times that differ by no more than this many seconds are the same (default 0). 2 suit a FAT file system.
int ftps_mirror_set_tolerance(struct ftps_mirror *mirror, uint32_t seconds);

// Whether what only the target has is deleted: 1 or 0 (default). What a pattern leaves out stays, and so
// does everything as long as a part of the source cannot be read.
int ftps_mirror_set_delete_extraneous(struct ftps_mirror *mirror, int enabled);

// Whether an upload gets its name only when it is complete: 1 (default) or 0. Downloads always do.
int ftps_mirror_set_atomic_uploads(struct ftps_mirror *mirror, int enabled);

// Takes over only files that match this pattern (see ftps_client_glob()) or another that was added. One
// without "/" is a pattern of names at any depth, others begin at the root. Fails with
// FTPS_ERROR_INVALID_ARGUMENT where it is no pattern.
int ftps_mirror_include(struct ftps_mirror *mirror, const char *pattern);

// Leaves out what matches this pattern, with all that is beneath, also where it is included.
int ftps_mirror_exclude(struct ftps_mirror *mirror, const char *pattern);

// Looks at both sides of a mirror with `client`, which is logged in. Nothing is changed: this is the dry
// run. `*plan` is the caller's, to be freed by ftps_plan_free(); NULL after an error, which is kept with the
// client.
int ftps_client_plan(struct ftps_plan **plan, struct ftps_client *client, const struct ftps_mirror *mirror);

// Frees a plan and all that belongs to it.
int ftps_plan_free(struct ftps_plan *plan);

// The plan for people: a line for each step in which something is done, and for each problem. Empty where
// both sides are the same. UTF-8, control characters escaped; valid until the plan is freed. Empty, never
// NULL, for a NULL plan.
const char *ftps_plan_text(const struct ftps_plan *plan);

// How many steps there are, those included in which nothing is done; 0 for NULL.
size_t ftps_plan_count(const struct ftps_plan *plan);

// The path of a step beneath both roots, "" for the root itself; NULL for an `index` beyond the last. Stores
// what is done with it, one of ftps_action, the size of its source, -1 where that is not known, and why, in
// a few words. Each pointer may be NULL; nothing is stored with NULL returned. Valid until the plan is
// freed.
const char *ftps_plan_step(int *action,
                           int64_t *size,
                           const char **reason,
                           const struct ftps_plan *plan,
                           size_t index);

// How many paths could not be read or must not be used; 0 for NULL. Each is a failure of the mirror.
size_t ftps_plan_problem_count(const struct ftps_plan *plan);

// A line that says which, and why; NULL for an `index` beyond the last. UTF-8, valid until the plan is
// freed.
const char *ftps_plan_problem(const struct ftps_plan *plan, size_t index);

// Does what the plan says, once, over the connection of `client`. `*report` is the caller's, to be freed by
// ftps_report_free(); NULL after an error, which is kept with the client: FTPS_ERROR_LOCAL where the local
// root cannot be opened or made, FTPS_ERROR_INVALID_ARGUMENT where the plan was executed before. All else
// that goes wrong is in the report, and the call returns FTPS_OK. `on_failure` is one of ftps_on_failure.
// `progress` may be NULL. Nobody else may use the plan meanwhile.
int ftps_client_execute(struct ftps_report **report,
                        struct ftps_client *client,
                        struct ftps_plan *plan,
                        int on_failure,
                        ftps_mirror_progress progress,
                        void *userdata);

// The same over at most `connections` connections of a pool at a time (0: as many as it may have), all of
// which `cancel`, unless it is NULL, stops. The status is all that is told of an error; FTPS_ERROR_LOCAL
// where the local root cannot be opened or made.
int ftps_pool_execute(struct ftps_report **report,
                      struct ftps_pool *pool,
                      struct ftps_plan *plan,
                      size_t connections,
                      int on_failure,
                      const struct ftps_cancel *cancel,
                      ftps_mirror_progress progress,
                      void *userdata);

// One number of a report, `which` of ftps_report_numbers; 0 for NULL and for a number that is none.
// Everything was done where FTPS_REPORT_FAILED and FTPS_REPORT_NOT_DONE are 0.
uint64_t ftps_report_number(const struct ftps_report *report, int which);

// The report for people: a line of numbers, and one for each step that failed or was not tried. UTF-8, valid
// until the report is freed. Empty, never NULL, for a NULL report.
const char *ftps_report_text(const struct ftps_report *report);

// A step that failed, and why, in one line of UTF-8; NULL for an `index` beyond the last. Stores the status
// of its error in `*status`, unless that is NULL. Valid until the report is freed.
const char *ftps_report_failure(int *status, const struct ftps_report *report, size_t index);

// Frees a report.
int ftps_report_free(struct ftps_report *report);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* FTPS_H */
