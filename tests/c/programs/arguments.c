// NULL in the place of every argument that can be NULL. The driver compares the names with the prototypes in include/ftps.h.
#include "calls.h"

// One argument that is NULL; `make` makes the call on a client that is logged in, or, for options, not connected.
struct null_argument {
  const char *name;
  int (*make)(ftps_client *client);
  int option;
  int status;
};

#define ROW(option, status, function, argument) \
  {"ftps_client_" #function ":" #argument, null_##function##_##argument, option, status}

#define NULL_IN(function, argument, ...) \
  static int null_##function##_##argument(ftps_client *client) { return ftps_client_##function(__VA_ARGS__); }

// A listing that comes although something is NULL is freed at once.
#define NULL_IN_LISTING(function, argument, ...)                       \
  static int null_##function##_##argument(ftps_client *client) {       \
    ftps_listing *listing = NULL;                                      \
    int status = ftps_client_##function(__VA_ARGS__);                  \
    CHECK((status == FTPS_OK) == (listing != NULL));                   \
    if (listing != NULL) EXPECT(FTPS_OK, ftps_listing_free(listing));  \
    return status;                                                     \
  }

// A transfer that begins although something is NULL is given up at once.
#define NULL_IN_TRANSFER(function, argument, ...)                        \
  static int null_##function##_##argument(ftps_client *client) {         \
    int status = ftps_client_##function(__VA_ARGS__);                    \
    if (status == FTPS_OK) WORKS(client, ftps_client_abort(client));     \
    return status;                                                       \
  }

static int null_new_host(ftps_client *client) {
  ftps_client *made = client;
  int status = ftps_client_new(&made, NULL);
  CHECK(made == NULL);
  return status;
}

// For arguments whose status depends on a transfer that is open.
static int null_read_count(ftps_client *client) {
  WORKS(client, ftps_client_open_download(client, "file", 0));
  int status = ftps_client_read(NULL, client, one_byte, 1);
  WORKS(client, ftps_client_abort(client));
  return status;
}
static int null_read_buffer(ftps_client *client) {
  size_t count = 1;
  WORKS(client, ftps_client_open_download(client, "file", 0));
  int status = ftps_client_read(&count, client, NULL, 1);
  CHECK(count == 0);
  WORKS(client, ftps_client_abort(client));
  return status;
}
static int null_write_bytes(ftps_client *client) {
  WORKS(client, ftps_client_open_upload(client, "new", 0));
  int status = ftps_client_write(client, NULL, 1);
  WORKS(client, ftps_client_abort(client));
  return status;
}
static int null_make_directory_created(ftps_client *client) {
  WORKS(client, ftps_client_make_directory(NULL, client, "made"));
  return ftps_client_remove_directory(client, "made");
}

NULL_IN(login, user, client, NULL, "password")
NULL_IN(login, password, client, "user", NULL)
NULL_IN(login_with_account, user, client, NULL, "password", "account")
NULL_IN(login_with_account, password, client, "user", NULL, "account")
NULL_IN(login_with_account, account, client, "user", "password", NULL)
NULL_IN(is_usable, usable, NULL, client)
NULL_IN(tls_version, version, NULL, client)
NULL_IN(has_feature, offered, NULL, client, "MLST")
static int unwanted;
NULL_IN(has_feature, feature, &unwanted, client, NULL)
NULL_IN(statistic, value, NULL, client, FTPS_STATISTIC_FULL)
NULL_IN(add_roots_pem, pem, client, NULL, 1)
NULL_IN(add_roots_file, path, client, NULL)
NULL_IN(add_pin_sha256, fingerprint, client, NULL)
NULL_IN(set_identity_pem, chain, client, NULL, 1, "", 0)
NULL_IN(set_identity_pem, key, client, "", 0, NULL, 1)
NULL_IN(set_identity_files, chain, client, NULL, given("FTPS_TEST_CA"))
NULL_IN(set_identity_files, key, client, given("FTPS_TEST_CA"), NULL)
NULL_IN(add_revocation_lists_pem, pem, client, NULL, 1)
NULL_IN(set_server_name, name, client, NULL)
NULL_IN(set_key_log, path, client, NULL)
NULL_IN(set_charset, label, client, NULL)
NULL_IN(set_listing, arguments, client, FTPS_LISTING_AUTO, FTPS_FORMAT_AUTO, NULL)
NULL_IN(encode, encoded, NULL, client, "text")
static const char *converted;
NULL_IN(encode, text, &converted, client, NULL)
NULL_IN(decode, text, NULL, client, "name")
NULL_IN(decode, name, &converted, client, NULL)
NULL_IN(set_bind_address, local_address, client, NULL)
NULL_IN(set_proxy, host, client, FTPS_PROXY_SOCKS5, NULL, 1080, NULL, NULL)
NULL_IN(set_proxy, user, client, FTPS_PROXY_SOCKS5, "proxy", 1080, NULL, "password")
NULL_IN(set_proxy, password, client, FTPS_PROXY_SOCKS5, "proxy", 1080, "user", NULL)
// The transfers of the other calls are as they were.
static int null_set_active_mode_listen_address(ftps_client *client) {
  int status = ftps_client_set_active_mode(client, 0, 0, NULL, "127.0.0.1", 0);
  WORKS(client, ftps_client_set_passive_mode(client));
  return status;
}
static int null_set_active_mode_announced_address(ftps_client *client) {
  int status = ftps_client_set_active_mode(client, 0, 0, "127.0.0.1", NULL, 0);
  WORKS(client, ftps_client_set_passive_mode(client));
  return status;
}
NULL_IN(set_retry, retry, client, 1, 1, 1, NULL, NULL)
NULL_IN(set_retry, userdata, client, 1, 1, 1, no_retry, NULL)
NULL_IN(set_cancel, cancel, client, NULL)
NULL_IN(set_dialogue, dialogue, client, NULL, NULL)
NULL_IN(set_dialogue, userdata, client, no_dialogue, NULL)
NULL_IN(set_log, log, client, NULL, FTPS_LOG_DEBUG, NULL)
NULL_IN(set_log, userdata, client, no_log, FTPS_LOG_DEBUG, NULL)
NULL_IN(command, verb, client, NULL, "argument")
NULL_IN(command, argument, client, "NOOP", NULL)
NULL_IN(size, size, NULL, client, "file")
static uint64_t moved;
NULL_IN(size, path, &moved, client, NULL)
NULL_IN(modified, seconds, NULL, NULL, client, "file")
NULL_IN(modified, nanoseconds, NULL, NULL, client, "file")
NULL_IN(modified, path, NULL, NULL, client, NULL)
NULL_IN(delete, path, client, NULL)
NULL_IN(rename, from, client, NULL, "other")
NULL_IN(rename, to, client, "file", NULL)
NULL_IN(make_directory, path, NULL, client, NULL)
NULL_IN(remove_directory, path, client, NULL)
NULL_IN(change_directory, path, client, NULL)
NULL_IN(current_directory, path, NULL, client)
NULL_IN(status, path, client, NULL)
NULL_IN(set_type, representation, client, NULL)
NULL_IN(set_modification_time, path, client, NULL, 0)
NULL_IN(set_permissions, path, client, NULL, 0640)
NULL_IN(set_mlst_facts, facts, client, NULL)
NULL_IN(has_hash, offered, NULL, client, FTPS_HASH_SHA256)
NULL_IN(hash, hash, NULL, client, "file", FTPS_HASH_SHA256)
NULL_IN(hash, path, NULL, client, NULL, FTPS_HASH_SHA256)
NULL_IN(verify, algorithm, NULL, client, local_file("same"), "file")
NULL_IN(verify, local, NULL, client, NULL, "file")
NULL_IN(verify, remote, NULL, client, local_file("same"), NULL)
NULL_IN(set_virtual_host, name, client, NULL)
NULL_IN(upload_file, moved, NULL, client, given("FTPS_TEST_CA"), "new", NULL, NULL)
NULL_IN(upload_file, local, &moved, client, NULL, "new", NULL, NULL)
NULL_IN(upload_file, remote, &moved, client, given("FTPS_TEST_CA"), NULL, NULL, NULL)
NULL_IN(upload_file, progress, &moved, client, given("FTPS_TEST_CA"), "new", NULL, NULL)
NULL_IN(upload_file, userdata, &moved, client, given("FTPS_TEST_CA"), "new", NULL, NULL)
NULL_IN(download_file, moved, NULL, client, "file", local_file("copy"), NULL, NULL)
NULL_IN(download_file, remote, &moved, client, NULL, local_file("copy"), NULL, NULL)
NULL_IN(download_file, local, &moved, client, "file", NULL, NULL, NULL)
NULL_IN(download_file, progress, &moved, client, "file", local_file("copy"), NULL, NULL)
NULL_IN(download_file, userdata, &moved, client, "file", local_file("copy"), NULL, NULL)
NULL_IN(upload_from, moved, NULL, client, "new", no_source, NULL, NULL)
NULL_IN(upload_from, remote, &moved, client, NULL, no_source, NULL, NULL)
NULL_IN(upload_from, source, &moved, client, "new", NULL, NULL, NULL)
NULL_IN(upload_from, progress, &moved, client, "new", no_source, NULL, NULL)
NULL_IN(upload_from, userdata, &moved, client, "new", no_source, NULL, NULL)
NULL_IN(download_to, moved, NULL, client, "file", no_sink, NULL, NULL)
NULL_IN(download_to, remote, &moved, client, NULL, no_sink, NULL, NULL)
NULL_IN(download_to, sink, &moved, client, "file", NULL, NULL, NULL)
NULL_IN(download_to, progress, &moved, client, "file", no_sink, NULL, NULL)
NULL_IN(download_to, userdata, &moved, client, "file", no_sink, NULL, NULL)
NULL_IN(download_resuming, length, NULL, client, "file", local_file("copy"), NULL, NULL)
NULL_IN(download_resuming, remote, &moved, client, NULL, local_file("copy"), NULL, NULL)
NULL_IN(download_resuming, local, &moved, client, "file", NULL, NULL, NULL)
NULL_IN(download_resuming, progress, &moved, client, "file", local_file("copy"), NULL, NULL)
NULL_IN(download_resuming, userdata, &moved, client, "file", local_file("copy"), NULL, NULL)
NULL_IN(upload_resuming, length, NULL, client, given("FTPS_TEST_CA"), "new", NULL, NULL)
NULL_IN(upload_resuming, local, &moved, client, NULL, "new", NULL, NULL)
NULL_IN(upload_resuming, remote, &moved, client, given("FTPS_TEST_CA"), NULL, NULL, NULL)
NULL_IN(upload_resuming, progress, &moved, client, given("FTPS_TEST_CA"), "new", NULL, NULL)
NULL_IN(upload_resuming, userdata, &moved, client, given("FTPS_TEST_CA"), "new", NULL, NULL)
NULL_IN(download_range, moved, NULL, client, "file", 0, 1, no_sink, NULL)
NULL_IN(download_range, remote, &moved, client, NULL, 0, 1, no_sink, NULL)
NULL_IN(download_range, sink, &moved, client, "file", 0, 1, NULL, NULL)
NULL_IN(download_range, userdata, &moved, client, "file", 0, 1, no_sink, NULL)
NULL_IN(upload_atomically, moved, NULL, client, given("FTPS_TEST_CA"), "new", "{name}.part", 0, 0, NULL, NULL)
NULL_IN(upload_atomically, local, &moved, client, NULL, "new", "{name}.part", 0, 0, NULL, NULL)
NULL_IN(upload_atomically, remote, &moved, client, given("FTPS_TEST_CA"), NULL, "{name}.part", 0, 0, NULL, NULL)
NULL_IN(upload_atomically, temporary_name, &moved, client, given("FTPS_TEST_CA"), "new", NULL, 0, 0, NULL, NULL)
NULL_IN(upload_atomically, progress, &moved, client, given("FTPS_TEST_CA"), "new", "{name}.part", 0, 0, NULL, NULL)
NULL_IN(upload_atomically, userdata, &moved, client, given("FTPS_TEST_CA"), "new", "{name}.part", 0, 0, NULL, NULL)
NULL_IN_TRANSFER(open_download, path, client, NULL, 0)
NULL_IN_TRANSFER(open_upload, path, client, NULL, 0)
NULL_IN_TRANSFER(open_append, path, client, NULL)
NULL_IN_TRANSFER(open_transfer, verb, client, FTPS_DOWNLOAD, NULL, "file", 0)
NULL_IN_TRANSFER(open_transfer, argument, client, FTPS_DOWNLOAD, "LIST", NULL, 0)
NULL_IN(is_resumed, resumed, NULL, client)
NULL_IN(list, listing, NULL, client, "/")
NULL_IN_LISTING(list, path, &listing, client, NULL)
NULL_IN(list_with, listing, NULL, client, "LIST", "/", FTPS_FORMAT_AUTO)
NULL_IN_LISTING(list_with, verb, &listing, client, NULL, "/", FTPS_FORMAT_AUTO)
NULL_IN_LISTING(list_with, path, &listing, client, "LIST", NULL, FTPS_FORMAT_AUTO)
NULL_IN(names, listing, NULL, client, "/")
NULL_IN_LISTING(names, path, &listing, client, NULL)
NULL_IN(list_each, path, client, NULL, no_item, NULL)
NULL_IN(list_each, item, client, "/", NULL, NULL)
NULL_IN(list_each, userdata, client, "/", no_item, NULL)
NULL_IN(entry, listing, NULL, client, "/file")
NULL_IN_LISTING(entry, path, &listing, client, NULL)

#define REFUSED(function, argument) ROW(0, FTPS_ERROR_NULL, function, argument)
#define ALLOWED(function, argument) ROW(0, FTPS_OK, function, argument)
#define ALLOWED_OPTION(function, argument) ROW(1, FTPS_OK, function, argument)
#define REFUSED_OPTION(function, argument) ROW(1, FTPS_ERROR_NULL, function, argument)

static const struct null_argument null_arguments[] = {
    REFUSED(new, host),
    REFUSED(login, user),
    REFUSED(login, password),
    REFUSED(login_with_account, user),
    REFUSED(login_with_account, password),
    REFUSED(login_with_account, account),
    ALLOWED(is_usable, usable),
    ALLOWED(tls_version, version),
    ALLOWED(has_feature, offered),
    REFUSED(has_feature, feature),
    ALLOWED(statistic, value),
    REFUSED_OPTION(add_roots_pem, pem),
    REFUSED_OPTION(add_roots_file, path),
    REFUSED_OPTION(add_pin_sha256, fingerprint),
    REFUSED_OPTION(set_identity_pem, chain),
    REFUSED_OPTION(set_identity_pem, key),
    REFUSED_OPTION(set_identity_files, chain),
    REFUSED_OPTION(set_identity_files, key),
    REFUSED_OPTION(add_revocation_lists_pem, pem),
    REFUSED_OPTION(set_server_name, name),
    REFUSED_OPTION(set_key_log, path),
    ROW(1, FTPS_OK, set_virtual_host, name),
    REFUSED_OPTION(set_charset, label),
    ALLOWED(set_listing, arguments),
    ALLOWED(encode, encoded),
    REFUSED(encode, text),
    ALLOWED(decode, text),
    REFUSED(decode, name),
    ALLOWED_OPTION(set_bind_address, local_address),
    REFUSED_OPTION(set_proxy, host),
    REFUSED_OPTION(set_proxy, user),
    REFUSED_OPTION(set_proxy, password),
    ALLOWED(set_active_mode, listen_address),
    ALLOWED(set_active_mode, announced_address),
    ALLOWED(set_retry, retry),
    ALLOWED(set_retry, userdata),
    ALLOWED(set_cancel, cancel),
    ALLOWED(set_dialogue, dialogue),
    ALLOWED(set_dialogue, userdata),
    ALLOWED(set_log, log),
    ALLOWED(set_log, userdata),
    REFUSED(command, verb),
    ALLOWED(command, argument),
    ALLOWED(size, size),
    REFUSED(size, path),
    ALLOWED(modified, seconds),
    ALLOWED(modified, nanoseconds),
    REFUSED(modified, path),
    REFUSED(delete, path),
    REFUSED(rename, from),
    REFUSED(rename, to),
    ALLOWED(make_directory, created),
    REFUSED(make_directory, path),
    REFUSED(remove_directory, path),
    REFUSED(change_directory, path),
    ALLOWED(current_directory, path),
    ALLOWED(status, path),
    REFUSED(set_type, representation),
    REFUSED(set_modification_time, path),
    REFUSED(set_permissions, path),
    REFUSED(set_mlst_facts, facts),
    ALLOWED(has_hash, offered),
    ALLOWED(hash, hash),
    REFUSED(hash, path),
    ALLOWED(verify, algorithm),
    REFUSED(verify, local),
    REFUSED(verify, remote),
    ALLOWED(upload_file, moved),
    REFUSED(upload_file, local),
    REFUSED(upload_file, remote),
    ALLOWED(upload_file, progress),
    ALLOWED(upload_file, userdata),
    ALLOWED(download_file, moved),
    REFUSED(download_file, remote),
    REFUSED(download_file, local),
    ALLOWED(download_file, progress),
    ALLOWED(download_file, userdata),
    ALLOWED(upload_from, moved),
    REFUSED(upload_from, remote),
    REFUSED(upload_from, source),
    ALLOWED(upload_from, progress),
    ALLOWED(upload_from, userdata),
    ALLOWED(download_to, moved),
    REFUSED(download_to, remote),
    REFUSED(download_to, sink),
    ALLOWED(download_to, progress),
    ALLOWED(download_to, userdata),
    ALLOWED(download_resuming, length),
    REFUSED(download_resuming, remote),
    REFUSED(download_resuming, local),
    ALLOWED(download_resuming, progress),
    ALLOWED(download_resuming, userdata),
    ALLOWED(upload_resuming, length),
    REFUSED(upload_resuming, local),
    REFUSED(upload_resuming, remote),
    ALLOWED(upload_resuming, progress),
    ALLOWED(upload_resuming, userdata),
    ALLOWED(download_range, moved),
    REFUSED(download_range, remote),
    REFUSED(download_range, sink),
    ALLOWED(download_range, userdata),
    ALLOWED(upload_atomically, moved),
    REFUSED(upload_atomically, local),
    REFUSED(upload_atomically, remote),
    ALLOWED(upload_atomically, temporary_name),
    ALLOWED(upload_atomically, progress),
    ALLOWED(upload_atomically, userdata),
    REFUSED(open_download, path),
    REFUSED(open_upload, path),
    REFUSED(open_append, path),
    REFUSED(open_transfer, verb),
    ALLOWED(open_transfer, argument),
    REFUSED(read, count),
    REFUSED(read, buffer),
    REFUSED(write, bytes),
    ALLOWED(is_resumed, resumed),
    REFUSED(list, listing),
    ALLOWED(list, path),
    REFUSED(list_with, listing),
    REFUSED(list_with, verb),
    ALLOWED(list_with, path),
    REFUSED(names, listing),
    ALLOWED(names, path),
    ALLOWED(list_each, path),
    REFUSED(list_each, item),
    ALLOWED(list_each, userdata),
    REFUSED(entry, listing),
    ALLOWED(entry, path),
};

static const size_t null_argument_count = sizeof null_arguments / sizeof *null_arguments;

static void print_names(void) {
  for (size_t i = 0; i < null_argument_count; i++) puts(null_arguments[i].name);
}

// The local file "same" is what the server has as "file".
static void null_in_every_argument(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_download_file(NULL, client, "file", local_file("same"), NULL, NULL));
  for (size_t i = 0; i < null_argument_count; i++) {
    const struct null_argument *row = &null_arguments[i];
    ftps_client *target = row->option ? new_client() : client;
    expect(__FILE__, __LINE__, row->name, row->status, row->make(target), target);
    if (row->option) EXPECT(FTPS_OK, ftps_client_free(target));
  }
  quit_and_free(client);
}

// NULL is fine where the length is 0.
static void null_without_length(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_add_roots_pem(client, NULL, 0));
  WORKS(client, ftps_client_set_identity_pem(client, NULL, 0, NULL, 0));
  WORKS(client, ftps_client_add_revocation_lists_pem(client, NULL, 0));
  EXPECT(FTPS_OK, ftps_client_free(client));
  client = logged_in();
  WORKS(client, ftps_client_open_upload(client, "empty", 0));
  WORKS(client, ftps_client_write(client, NULL, 0));
  WORKS(client, ftps_client_finish(client));
  size_t count = 1;
  WORKS(client, ftps_client_open_download(client, "file", 0));
  WORKS(client, ftps_client_read(&count, client, NULL, 0));
  CHECK(count == 0);
  WORKS(client, ftps_client_abort(client));
  quit_and_free(client);
}

// A number that is none of an enum's, and a string that cannot be meant.
static void numbers_and_strings_out_of_range(void) {
  ftps_client *client = new_client();
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_security(client, 2));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_resumption(client, -1));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_tls_versions(client, 11, FTPS_TLS_1_3));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_tls_versions(client, FTPS_TLS_1_2, 14));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_log(client, no_log, 5, NULL));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_connect_timeout(client, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_reply_timeout(client, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_data_timeout(client, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_active_mode(client, 0, 10, NULL, NULL, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_active_mode(client, 20, 10, NULL, NULL, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_active_mode(client, 0, 0, "localhost", NULL, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_active_mode(client, 0, 0, NULL, "127.0.0.1:21", 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_bind_address(client, "localhost"));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_data_protection(client, 2));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_proxy(client, 3, "proxy", 1080, NULL, NULL));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_proxy(client, FTPS_PROXY_SOCKS5, "proxy", 0, NULL, NULL));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_proxy(client, FTPS_PROXY_SOCKS5, "", 1080, NULL, NULL));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_proxy(client, FTPS_PROXY_HTTP_CONNECT, "proxy", 80, "a:b", ""));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_port(client, 0));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_add_pin_sha256(client, "12"));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_add_pin_sha256(client, "not hexadecimal"));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_server_name(client, "\xff"));
  ftps_client *none = client;
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_new(&none, "\xff"));
  CHECK(none == NULL);
  logged_in_with(client);
  ftps_listing *listing = (ftps_listing *)(uintptr_t)1;
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_list_with(&listing, client, "LIST", NULL, 11));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_listing(client, 4, FTPS_FORMAT_AUTO, NULL));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_listing(client, FTPS_LISTING_AUTO, 11, NULL));
  CHECK(listing == NULL);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_open_transfer(client, 2, "RETR", "file", 0));
  uint64_t value = 1;
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_statistic(&value, client, 8));
  CHECK(value == 0);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_write(client, one_byte, SIZE_MAX));
  size_t count = 1;
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_read(&count, client, one_byte, SIZE_MAX));
  CHECK(count == 0);
  quit_and_free(client);
}


static void count_dialogue(int received, const char *line, void *userdata) {
  (void)received, (void)line;
  ++*(int *)userdata;
}

#define NOTHING_SENT(call)                             \
  do {                                                 \
    lines = 0;                                         \
    EXPECT(FTPS_ERROR_INVALID_ARGUMENT, (call));       \
    CHECK(lines == 0);                                 \
  } while (0)

static void smuggle(ftps_client *client, const char *path, int *sent) {
  int lines = 0;
  WORKS(client, ftps_client_set_dialogue(client, count_dialogue, &lines));
  uint64_t number;
  ftps_listing *listing;
  const char *text;
  NOTHING_SENT(ftps_client_login(client, path, "password"));
  NOTHING_SENT(ftps_client_login(client, "user", path));
  NOTHING_SENT(ftps_client_login_with_account(client, "user", "password", path));
  NOTHING_SENT(ftps_client_command(client, "NOOP", path));
  NOTHING_SENT(ftps_client_command(client, path, NULL));
  NOTHING_SENT(ftps_client_size(&number, client, path));
  NOTHING_SENT(ftps_client_modified(NULL, NULL, client, path));
  NOTHING_SENT(ftps_client_set_modification_time(client, path, 0));
  NOTHING_SENT(ftps_client_set_permissions(client, path, 0640));
  NOTHING_SENT(ftps_client_set_mlst_facts(client, path));
  NOTHING_SENT(ftps_client_hash(&text, client, path, FTPS_HASH_SHA256));
  NOTHING_SENT(ftps_client_delete(client, path));
  NOTHING_SENT(ftps_client_rename(client, path, "other"));
  NOTHING_SENT(ftps_client_rename(client, "file", path));
  NOTHING_SENT(ftps_client_make_directory(&text, client, path));
  NOTHING_SENT(ftps_client_remove_directory(client, path));
  NOTHING_SENT(ftps_client_change_directory(client, path));
  NOTHING_SENT(ftps_client_status(client, path));
  NOTHING_SENT(ftps_client_set_type(client, path));
  NOTHING_SENT(ftps_client_upload_file(&number, client, given("FTPS_TEST_CA"), path, NULL, NULL));
  NOTHING_SENT(ftps_client_download_file(&number, client, path, local_file("copy"), NULL, NULL));
  NOTHING_SENT(ftps_client_upload_from(&number, client, path, no_source, NULL, NULL));
  NOTHING_SENT(ftps_client_download_to(&number, client, path, no_sink, NULL, NULL));
  NOTHING_SENT(ftps_client_download_resuming(&number, client, path, local_file("copy"), NULL, NULL));
  NOTHING_SENT(ftps_client_upload_resuming(&number, client, given("FTPS_TEST_CA"), path, NULL, NULL));
  NOTHING_SENT(ftps_client_download_range(&number, client, path, 0, 1, no_sink, NULL));
  NOTHING_SENT(
      ftps_client_upload_atomically(&number, client, given("FTPS_TEST_CA"), path, NULL, 0, 0, NULL, NULL));
  NOTHING_SENT(ftps_client_open_download(client, path, 0));
  NOTHING_SENT(ftps_client_open_upload(client, path, 0));
  NOTHING_SENT(ftps_client_open_append(client, path));
  NOTHING_SENT(ftps_client_open_transfer(client, FTPS_DOWNLOAD, "RETR", path, 0));
  NOTHING_SENT(ftps_client_open_transfer(client, FTPS_DOWNLOAD, path, "file", 0));
  NOTHING_SENT(ftps_client_list(&listing, client, path));
  NOTHING_SENT(ftps_client_list_with(&listing, client, "LIST", path, FTPS_FORMAT_AUTO));
  NOTHING_SENT(ftps_client_list_with(&listing, client, path, NULL, FTPS_FORMAT_AUTO));
  NOTHING_SENT(ftps_client_names(&listing, client, path));
  NOTHING_SENT(ftps_client_list_each(client, path, no_item, NULL));
  NOTHING_SENT(ftps_client_entry(&listing, client, path));
  // That the observer sees what is sent shows that it would have seen more.
  lines = 0;
  WORKS(client, ftps_client_noop(client));
  *sent += lines;
  WORKS(client, ftps_client_set_dialogue(client, NULL, NULL));
}

static void line_ends_are_refused(void) {
  ftps_client *client = logged_in();
  int sent = 0;
  smuggle(client, "foo\r\nDELE file", &sent);
  smuggle(client, "foo\nDELE file", &sent);
  smuggle(client, "foo\rDELE file", &sent);
  CHECK(sent == 6);
  quit_and_free(client);
}

MAIN({"names", print_names}, {"null_in_every_argument", null_in_every_argument},
     {"null_without_length", null_without_length},
     {"numbers_and_strings_out_of_range", numbers_and_strings_out_of_range},
     {"line_ends_are_refused", line_ends_are_refused})
