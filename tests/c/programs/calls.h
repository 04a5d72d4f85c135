// Every function of the API once, so that all of them can be called on a client in any state. The driver compares the names with
// tests/abi/symbols.txt: a function that is missing here fails the suite.
#ifndef CALLS_H
#define CALLS_H

#include "check.h"

// A function that takes a client and returns a status, called with arguments that are right.
struct call {
  const char *name;
  int (*make)(ftps_client *client);
  int unconnected;  // what it returns before ftps_client_connect()
};

// An accessor: `holds` says whether it returns what is documented for a client that is out of reach.
struct accessor {
  const char *name;
  int (*holds)(const ftps_client *client, int status);
};

static inline int64_t no_source(void *buffer, size_t size, void *userdata) {
  (void)buffer, (void)size, (void)userdata;
  return 0;
}
static inline int no_sink(const void *bytes, size_t size, void *userdata) {
  (void)bytes, (void)size, (void)userdata;
  return 0;
}
static inline int no_item(const ftps_entry *entry, const char *line, size_t length, void *userdata) {
  (void)entry, (void)line, (void)length, (void)userdata;
  return 0;
}
static inline int no_retry(int status, const char *message, uint32_t attempt, uint64_t delay, uint64_t offset,
                           void *userdata) {
  (void)status, (void)message, (void)attempt, (void)delay, (void)offset, (void)userdata;
  return 1;
}
static inline void no_dialogue(int received, const char *line, void *userdata) {
  (void)received, (void)line, (void)userdata;
}
static inline void no_log(int level, const char *line, void *userdata) { (void)level, (void)line, (void)userdata; }

static unsigned char one_byte[1];
static const char a_pin[] = "0000000000000000000000000000000000000000000000000000000000000000";

#define CALL(function, ...) \
  static int call_##function(ftps_client *client) { return ftps_client_##function(__VA_ARGS__); }

// The same with an out-parameter `out`, which after an error must be 0 or NULL.
#define CALL_OUT(function, type, ...)                   \
  static int call_##function(ftps_client *client) {     \
    type out = (type)(uintptr_t)1;                      \
    int status = ftps_client_##function(__VA_ARGS__);   \
    CHECK(status == FTPS_OK || out == (type)0);         \
    return status;                                      \
  }

CALL(free, client)
CALL(close, client)
CALL(quit, client)
CALL(connect, client)
CALL(login, client, "user", "password")
CALL(login_with_account, client, "user", "password", "account")
CALL_OUT(is_usable, int, &out, client)
CALL_OUT(tls_version, int, &out, client)
CALL_OUT(has_feature, int, &out, client, "MLST")
CALL_OUT(statistic, uint64_t, &out, client, FTPS_STATISTIC_FULL)
CALL(set_port, client, 21)
CALL(set_security, client, FTPS_SECURITY_EXPLICIT)
CALL(set_resumption, client, FTPS_RESUMPTION_PREFER)
CALL(set_relogin, client, 1)
CALL(set_tolerate_missing_close_notify, client, 0)
CALL(set_trust_passive_address, client, 0)
CALL(set_bind_address, client, NULL)
CALL(set_tcp_keep_alive, client, 60)
CALL(set_send_buffer, client, 65536)
CALL(set_receive_buffer, client, 65536)
CALL(set_proxy, client, FTPS_PROXY_NONE, NULL, 0, NULL, NULL)
CALL(set_data_protection, client, FTPS_DATA_PRIVATE)
CALL(clear_command_channel, client)
CALL(set_connect_timeout, client, 1000)
CALL(set_reply_timeout, client, 1000)
CALL(set_data_timeout, client, 1000)
CALL(set_operation_timeout, client, 1000)
CALL(set_active_mode, client, 0, 0, NULL, NULL, 0)
CALL(set_passive_mode, client)
CALL(set_rate_limits, client, 0, 0)
CALL(set_line_ends, client, FTPS_LINE_ENDS_CRLF)
CALL(set_virtual_host, client, NULL)
CALL(set_announce_sizes, client, 0)
CALL(set_listing, client, FTPS_LISTING_AUTO, FTPS_FORMAT_AUTO, NULL)
CALL(set_server_clock, client, 0, 0)
CALL(set_charset, client, "utf-8")
CALL_OUT(encode, const char *, &out, client, "text")
CALL_OUT(decode, const char *, &out, client, "name")
CALL(set_tls_versions, client, FTPS_TLS_1_2, FTPS_TLS_1_3)
CALL(set_platform_roots, client, 0)
CALL(add_roots_pem, client, "", 0)
CALL(add_roots_file, client, given("FTPS_TEST_CA"))
CALL(add_pin_sha256, client, a_pin)
CALL(set_danger_accept_any_certificate, client, 0)
CALL(set_identity_pem, client, "", 0, "", 0)
CALL(set_identity_files, client, given("FTPS_TEST_CA"), given("FTPS_TEST_CA"))
CALL(add_revocation_lists_pem, client, "", 0)
CALL(set_server_name, client, "localhost")
CALL(set_key_log, client, "/nowhere/keys")
CALL(set_retry, client, 0, 0, 0, no_retry, NULL)
CALL(set_keep_alive, client, 0)
CALL(set_cancel, client, NULL)
CALL(set_dialogue, client, no_dialogue, NULL)
CALL(set_log, client, no_log, FTPS_LOG_DEBUG, NULL)
CALL(command, client, "NOOP", NULL)
CALL_OUT(size, uint64_t, &out, client, "file")
CALL(delete, client, "file")
CALL(rename, client, "file", "other")
CALL_OUT(make_directory, const char *, &out, client, "folder")
CALL(remove_directory, client, "folder")
CALL(change_directory, client, "folder")
CALL(change_to_parent, client)
CALL_OUT(current_directory, const char *, &out, client)
CALL(noop, client)
CALL(keep_alive, client)
CALL(system, client)
CALL(status, client, NULL)
CALL(set_type, client, "I")
CALL(set_modification_time, client, "file", 0)
CALL(set_permissions, client, "file", 0640)
CALL(set_umask, client, 022)
CALL(set_mlst_facts, client, "type;size")
CALL_OUT(has_hash, int, &out, client, FTPS_HASH_SHA256)
CALL_OUT(hash, const char *, &out, client, "file", FTPS_HASH_SHA256)
CALL_OUT(verify, int, &out, client, given("FTPS_TEST_CA"), "file")
CALL_OUT(upload_file, uint64_t, &out, client, "/nowhere/file", "file", NULL, NULL)
CALL_OUT(download_file, uint64_t, &out, client, "file", "/nowhere/file", NULL, NULL)
CALL_OUT(upload_from, uint64_t, &out, client, "file", no_source, NULL, NULL)
CALL_OUT(download_to, uint64_t, &out, client, "file", no_sink, NULL, NULL)
CALL_OUT(download_resuming, uint64_t, &out, client, "file", "/nowhere/file", NULL, NULL)
CALL_OUT(upload_resuming, uint64_t, &out, client, "/nowhere/file", "file", NULL, NULL)
CALL_OUT(download_range, uint64_t, &out, client, "file", 0, 1, no_sink, NULL)
CALL_OUT(upload_atomically, uint64_t, &out, client, "/nowhere/file", "file", NULL, 0, 0, NULL, NULL)
CALL(stop, client)
CALL(open_download, client, "file", 0)
CALL(open_upload, client, "file", 0)
CALL(open_append, client, "file")
CALL(open_transfer, client, FTPS_DOWNLOAD, "RETR", "file", 0)
CALL_OUT(read, size_t, &out, client, one_byte, sizeof one_byte)
CALL(write, client, one_byte, sizeof one_byte)
CALL(finish, client)
CALL(abort, client)
CALL_OUT(is_resumed, int, &out, client)
CALL_OUT(list, ftps_listing *, &out, client, NULL)
CALL_OUT(list_with, ftps_listing *, &out, client, "LIST", NULL, FTPS_FORMAT_AUTO)
CALL_OUT(names, ftps_listing *, &out, client, NULL)
CALL(list_each, client, NULL, no_item, NULL)
CALL_OUT(entry, ftps_listing *, &out, client, NULL)

static int call_modified(ftps_client *client) {
  int64_t seconds = 1;
  uint32_t nanoseconds = 1;
  int status = ftps_client_modified(&seconds, &nanoseconds, client, "file");
  CHECK(status == FTPS_OK || (seconds == 0 && nanoseconds == 0));
  return status;
}

#define OPTION(function) {"ftps_client_" #function, call_##function, FTPS_OK}
#define COMMAND(function) {"ftps_client_" #function, call_##function, FTPS_ERROR_WRONG_STATE}

static const struct call calls[] = {
    OPTION(free),
    OPTION(close),
    COMMAND(quit),
    {"ftps_client_connect", call_connect, FTPS_ERROR_CONNECT},
    COMMAND(login),
    COMMAND(login_with_account),
    COMMAND(is_usable),
    COMMAND(tls_version),
    COMMAND(has_feature),
    OPTION(statistic),
    OPTION(set_port),
    OPTION(set_security),
    OPTION(set_resumption),
    OPTION(set_relogin),
    OPTION(set_tolerate_missing_close_notify),
    OPTION(set_trust_passive_address),
    OPTION(set_bind_address),
    OPTION(set_tcp_keep_alive),
    OPTION(set_send_buffer),
    OPTION(set_receive_buffer),
    OPTION(set_proxy),
    OPTION(set_data_protection),
    COMMAND(clear_command_channel),
    OPTION(set_connect_timeout),
    OPTION(set_reply_timeout),
    OPTION(set_data_timeout),
    OPTION(set_operation_timeout),
    OPTION(set_active_mode),
    OPTION(set_passive_mode),
    OPTION(set_rate_limits),
    OPTION(set_line_ends),
    OPTION(set_virtual_host),
    OPTION(set_announce_sizes),
    OPTION(set_listing),
    OPTION(set_server_clock),
    OPTION(set_charset),
    COMMAND(encode),
    COMMAND(decode),
    OPTION(set_tls_versions),
    OPTION(set_platform_roots),
    OPTION(add_roots_pem),
    OPTION(add_roots_file),
    OPTION(add_pin_sha256),
    OPTION(set_danger_accept_any_certificate),
    OPTION(set_identity_pem),
    OPTION(set_identity_files),
    OPTION(add_revocation_lists_pem),
    OPTION(set_server_name),
    OPTION(set_key_log),
    OPTION(set_retry),
    OPTION(set_keep_alive),
    OPTION(set_cancel),
    OPTION(set_dialogue),
    OPTION(set_log),
    COMMAND(command),
    COMMAND(size),
    COMMAND(modified),
    COMMAND(delete),
    COMMAND(rename),
    COMMAND(make_directory),
    COMMAND(remove_directory),
    COMMAND(change_directory),
    COMMAND(change_to_parent),
    COMMAND(current_directory),
    COMMAND(noop),
    COMMAND(keep_alive),
    COMMAND(system),
    COMMAND(status),
    COMMAND(set_type),
    COMMAND(set_modification_time),
    COMMAND(set_permissions),
    COMMAND(set_umask),
    COMMAND(set_mlst_facts),
    COMMAND(has_hash),
    COMMAND(hash),
    COMMAND(verify),
    COMMAND(upload_file),
    COMMAND(download_file),
    COMMAND(upload_from),
    COMMAND(download_to),
    COMMAND(download_resuming),
    COMMAND(upload_resuming),
    COMMAND(download_range),
    COMMAND(upload_atomically),
    COMMAND(stop),
    COMMAND(open_download),
    COMMAND(open_upload),
    COMMAND(open_append),
    COMMAND(open_transfer),
    COMMAND(read),
    COMMAND(write),
    COMMAND(finish),
    COMMAND(abort),
    COMMAND(is_resumed),
    COMMAND(list),
    COMMAND(list_with),
    COMMAND(names),
    COMMAND(list_each),
    COMMAND(entry),
};

static const size_t call_count = sizeof calls / sizeof *calls;

#define ACCESSOR(function, condition)                                            \
  static int accessor_##function(const ftps_client *client, int status) {        \
    (void)status;                                                                \
    return condition;                                                            \
  }

ACCESSOR(error_status, ftps_client_error_status(client) == status)
ACCESSOR(error_message, *ftps_client_error_message(client) != '\0')
ACCESSOR(error_reply_code, ftps_client_error_reply_code(client) == 0)
ACCESSOR(error_reply_text, *ftps_client_error_reply_text(client) == '\0')
ACCESSOR(error_errno, ftps_client_error_errno(client) == 0)
ACCESSOR(error_tls_alert, ftps_client_error_tls_alert(client) == -1)
ACCESSOR(error_bytes_moved, ftps_client_error_bytes_moved(client) == 0)
ACCESSOR(reply_code, ftps_client_reply_code(client) == 0)
ACCESSOR(reply_text, *ftps_client_reply_text(client) == '\0')

static int accessor_reply_raw(const ftps_client *client, int status) {
  size_t length = 1;
  (void)status;
  return *ftps_client_reply_raw(&length, client) == '\0' && length == 0;
}

static const struct accessor accessors[] = {
    {"ftps_client_error_status", accessor_error_status},
    {"ftps_client_error_message", accessor_error_message},
    {"ftps_client_error_reply_code", accessor_error_reply_code},
    {"ftps_client_error_reply_text", accessor_error_reply_text},
    {"ftps_client_error_errno", accessor_error_errno},
    {"ftps_client_error_tls_alert", accessor_error_tls_alert},
    {"ftps_client_error_bytes_moved", accessor_error_bytes_moved},
    {"ftps_client_reply_code", accessor_reply_code},
    {"ftps_client_reply_text", accessor_reply_text},
    {"ftps_client_reply_raw", accessor_reply_raw},
};

static const size_t accessor_count = sizeof accessors / sizeof *accessors;

// Makes every call on a client that is out of reach: NULL, busy, or of the parent process.
static inline void expect_out_of_reach(ftps_client *client, int status) {
  for (size_t i = 0; i < call_count; i++) {
    if (status == FTPS_ERROR_FORKED && calls[i].make == call_free) continue;
    expect(__FILE__, __LINE__, calls[i].name, status, calls[i].make(client), NULL);
  }
  for (size_t i = 0; i < accessor_count; i++) {
    if (!accessors[i].holds(client, status)) check_failed(__FILE__, __LINE__, accessors[i].name, ftps_status_text(status));
  }
}

#endif
