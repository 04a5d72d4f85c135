// The whole life of a client, with every kind of transfer, and contents compared.
#include "check.h"

static const size_t SIZE = 300000;

static void expect_entry(const ftps_entry *entry, const char *name, int kind, int64_t size) {
  SAME_TEXT(name, ftps_entry_name(entry));
  CHECK(ftps_entry_kind(entry) == kind);
  CHECK(ftps_entry_size(entry) == size);
}

// The entry called `name`, which must be there.
static const ftps_entry *find(const ftps_listing *listing, const char *name) {
  for (size_t i = 0; i < ftps_listing_count(listing); i++) {
    const ftps_entry *entry = ftps_listing_entry(listing, i);
    if (strcmp(ftps_entry_name(entry), name) == 0) return entry;
  }
  check_failed(__FILE__, __LINE__, name, "is not in the listing");
  return NULL;
}

static int count_progress(uint64_t moved, void *userdata) {
  CHECK(moved > *(uint64_t *)userdata);
  *(uint64_t *)userdata = moved;
  return 0;
}

static void files_of_this_machine(ftps_client *client) {
  char path[4096];
  uint64_t moved = 0;
  uint64_t seen = 0;
  snprintf(path, sizeof path, "%s", local_file("sent"));
  write_local(path, SIZE);
  WORKS(client, ftps_client_upload_file(&moved, client, path, "one", count_progress, &seen));
  CHECK(moved == SIZE && seen == SIZE);
  CHECK(ftps_client_error_status(client) == FTPS_OK);
  snprintf(path, sizeof path, "%s", local_file("received"));
  seen = 0;
  WORKS(client, ftps_client_download_file(&moved, client, "one", path, count_progress, &seen));
  CHECK(moved == SIZE && seen == SIZE);
  expect_local(path, SIZE);
}

static void pieces(ftps_client *client) {
  unsigned char buffer[7000];
  size_t count;
  int resumed;
  WORKS(client, ftps_client_is_resumed(&resumed, client));
  CHECK(resumed == -1);
  WORKS(client, ftps_client_open_upload(client, "pieces", 0));
  WORKS(client, ftps_client_is_resumed(&resumed, client));
  CHECK(resumed == 1);
  for (size_t done = 0; done < SIZE; done += count) {
    count = SIZE - done < sizeof buffer ? SIZE - done : sizeof buffer;
    fill(buffer, count, done);
    WORKS(client, ftps_client_write(client, buffer, count));
  }
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_noop(client));
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_read(&count, client, buffer, sizeof buffer));
  WORKS(client, ftps_client_finish(client));
  CHECK(ftps_client_reply_code(client) == 226);

  // From an offset on, and more at the end.
  WORKS(client, ftps_client_open_append(client, "pieces"));
  fill(buffer, 1000, SIZE);
  WORKS(client, ftps_client_write(client, buffer, 1000));
  WORKS(client, ftps_client_finish(client));
  const size_t offset = SIZE - 50000;
  size_t done = 0;
  WORKS(client, ftps_client_open_download(client, "pieces", offset));
  do {
    WORKS(client, ftps_client_read(&count, client, buffer, sizeof buffer));
    CHECK(is_content(buffer, count, offset + done));
    done += count;
  } while (count > 0);
  WORKS(client, ftps_client_finish(client));
  CHECK(done == 51000);

  WORKS(client, ftps_client_open_upload(client, "pieces", SIZE));
  WORKS(client, ftps_client_write(client, buffer, 0));
  fill(buffer, 500, SIZE);
  WORKS(client, ftps_client_write(client, buffer, 500));
  WORKS(client, ftps_client_finish(client));

  WORKS(client, ftps_client_open_transfer(client, FTPS_DOWNLOAD, "RETR", "pieces", 10));
  WORKS(client, ftps_client_read(&count, client, buffer, 5));
  CHECK(count == 5 && is_content(buffer, 5, 10));
  WORKS(client, ftps_client_abort(client));
  WORKS(client, ftps_client_abort(client));
  WORKS(client, ftps_client_noop(client));
}

static int count_item(const ftps_entry *entry, const char *line, size_t length, void *userdata) {
  CHECK(entry != NULL && strlen(line) == length);
  SAME_TEXT(ftps_entry_raw(NULL, entry), line);
  ++*(size_t *)userdata;
  return 0;
}

static void listings(ftps_client *client) {
  ftps_listing *listing;
  WORKS(client, ftps_client_list(&listing, client, "/"));
  expect_entry(find(listing, "one"), "one", FTPS_KIND_FILE, (int64_t)SIZE);
  expect_entry(find(listing, "folder"), "folder", FTPS_KIND_DIRECTORY, ftps_entry_size(find(listing, "folder")));
  const size_t count = ftps_listing_count(listing);
  CHECK(ftps_listing_unparsed_count(listing) == 0 && ftps_listing_unparsed(NULL, listing, 0) == NULL);
  CHECK(ftps_listing_entry(listing, count) == NULL);
  EXPECT(FTPS_OK, ftps_listing_free(listing));

  size_t shown = 0;
  WORKS(client, ftps_client_list_each(client, "/", count_item, &shown));
  CHECK(shown == count);

  WORKS(client, ftps_client_list_with(&listing, client, "LIST", NULL, FTPS_FORMAT_UNIX));
  expect_entry(find(listing, "one"), "one", FTPS_KIND_FILE, (int64_t)SIZE);
  CHECK(ftps_entry_permissions(find(listing, "one")) != NULL);
  EXPECT(FTPS_OK, ftps_listing_free(listing));

  WORKS(client, ftps_client_names(&listing, client, NULL));
  expect_entry(find(listing, "one"), "one", FTPS_KIND_UNKNOWN, -1);
  EXPECT(FTPS_OK, ftps_listing_free(listing));

  WORKS(client, ftps_client_entry(&listing, client, "one"));
  CHECK(ftps_listing_count(listing) == 1);
  CHECK(ftps_entry_kind(ftps_listing_entry(listing, 0)) == FTPS_KIND_FILE);
  CHECK(ftps_entry_size(ftps_listing_entry(listing, 0)) == (int64_t)SIZE);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
}

static void folders(ftps_client *client) {
  const char *path;
  WORKS(client, ftps_client_make_directory(&path, client, "folder"));
  SAME_TEXT("/folder", path);
  WORKS(client, ftps_client_change_directory(client, "folder"));
  WORKS(client, ftps_client_current_directory(&path, client));
  SAME_TEXT("/folder", path);
  WORKS(client, ftps_client_change_to_parent(client));
  WORKS(client, ftps_client_current_directory(&path, client));
  SAME_TEXT("/", path);
  WORKS(client, ftps_client_make_directory(NULL, client, "short-lived"));
  WORKS(client, ftps_client_remove_directory(client, "short-lived"));
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_change_directory(client, "short-lived"));
}

static void commands(ftps_client *client) {
  uint64_t size;
  int64_t seconds;
  uint32_t nanoseconds = 1;
  WORKS(client, ftps_client_size(&size, client, "one"));
  CHECK(size == SIZE);
  WORKS(client, ftps_client_modified(&seconds, &nanoseconds, client, "one"));
  CHECK(llabs((long long)seconds - (long long)time(NULL)) < 600 && nanoseconds < 1000000000);
  WORKS(client, ftps_client_rename(client, "one", "renamed"));
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_size(&size, client, "one"));
  CHECK(size == 0);
  WORKS(client, ftps_client_delete(client, "renamed"));
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_delete(client, "renamed"));
  WORKS(client, ftps_client_noop(client));
  WORKS(client, ftps_client_set_type(client, "A"));
  WORKS(client, ftps_client_set_type(client, "I"));
  WORKS(client, ftps_client_system(client));
  CHECK(ftps_client_reply_code(client) == 215);
  SAME_TEXT("UNIX Type: L8", ftps_client_reply_text(client));
  WORKS(client, ftps_client_status(client, NULL));
  CHECK(ftps_client_reply_code(client) / 100 == 2);
}

// Any reply is kept, with its code, its text, and the bytes as they came.
static void raw_commands(ftps_client *client) {
  size_t length;
  WORKS(client, ftps_client_command(client, "NOOP", NULL));
  CHECK(ftps_client_reply_code(client) == 200);
  const char *raw = ftps_client_reply_raw(&length, client);
  CHECK(strlen(raw) == length && strncmp(raw, "200 ", 4) == 0 && strcmp(raw + length - 2, "\r\n") == 0);
  WORKS(client, ftps_client_command(client, "XYZZY", "now"));
  CHECK(ftps_client_reply_code(client) / 100 == 5 && *ftps_client_reply_text(client) != '\0');
}

static uint64_t statistic(ftps_client *client, int which) {
  uint64_t value;
  WORKS(client, ftps_client_statistic(&value, client, which));
  return value;
}

static void statistics(ftps_client *client) {
  CHECK(statistic(client, FTPS_STATISTIC_DATA_CONNECTIONS) > 10);
  CHECK(statistic(client, FTPS_STATISTIC_RESUMED) == statistic(client, FTPS_STATISTIC_DATA_CONNECTIONS));
  CHECK(statistic(client, FTPS_STATISTIC_FULL) == 0);
  CHECK(statistic(client, FTPS_STATISTIC_TICKETS_RECEIVED) > 0);
  CHECK(statistic(client, FTPS_STATISTIC_TICKETS_OFFERED) >= statistic(client, FTPS_STATISTIC_RESUMED));
  CHECK(statistic(client, FTPS_STATISTIC_TICKETS_REOFFERED) <= statistic(client, FTPS_STATISTIC_TICKETS_OFFERED));
  CHECK(statistic(client, FTPS_STATISTIC_RELOGINS) == 0);
}

static void whole(void) {
  ftps_client *client = new_client();
  int number;
  CHECK(statistic(client, FTPS_STATISTIC_DATA_CONNECTIONS) == 0);
  WORKS(client, ftps_client_set_resumption(client, FTPS_RESUMPTION_REQUIRE));
  WORKS(client, ftps_client_connect(client));
  CHECK(ftps_client_reply_code(client) == 220);
  SAME_TEXT("strict-server ready", ftps_client_reply_text(client));
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_connect(client));
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_set_port(client, 21));
  WORKS(client, ftps_client_tls_version(&number, client));
  CHECK(number == tls_version_wanted());
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_open_download(client, "one", 0));
  WORKS(client, ftps_client_login(client, "user", "password"));
  WORKS(client, ftps_client_has_feature(&number, client, "mlst"));
  CHECK(number == 1);
  WORKS(client, ftps_client_has_feature(&number, client, "XYZZY"));
  CHECK(number == 0);
  folders(client);
  files_of_this_machine(client);
  pieces(client);
  listings(client);
  upload(client, "called", SIZE);
  download(client, "called", SIZE);
  upload(client, "empty", 0);
  download(client, "empty", 0);
  commands(client);
  raw_commands(client);
  statistics(client);
  WORKS(client, ftps_client_is_usable(&number, client));
  CHECK(number == 1);
  quit_and_free(client);
}

// The server's listing is given by the driver.
static void entries_of_mlsd(void) {
  ftps_client *client = logged_in();
  ftps_listing *listing;
  WORKS(client, ftps_client_list(&listing, client, NULL));
  quit_and_free(client);

  int64_t seconds;
  uint32_t nanoseconds;
  int utc;
  size_t length;
  CHECK(ftps_listing_count(listing) == 3 && ftps_listing_unparsed_count(listing) == 2);
  expect_entry(ftps_listing_entry(listing, 0), ".", FTPS_KIND_CURRENT_DIRECTORY, -1);
  const ftps_entry *file = ftps_listing_entry(listing, 1);
  expect_entry(file, " name with blanks ", FTPS_KIND_FILE, 5000000000);
  CHECK(ftps_entry_modified(&seconds, &nanoseconds, &utc, file) == FTPS_PRECISION_SUBSECOND);
  CHECK(seconds == 1000000000 && nanoseconds == 500000000 && utc == 1);
  SAME_TEXT("0644", ftps_entry_permissions(file));
  SAME_TEXT("joe", ftps_entry_owner(file));
  SAME_TEXT("staff", ftps_entry_group(file));
  SAME_TEXT("AB12", ftps_entry_unique(file));
  SAME_TEXT("awr", ftps_entry_fact(file, "PeRm"));
  CHECK(ftps_entry_fact(file, "lang") == NULL && ftps_entry_fact(file, NULL) == NULL);
  CHECK(ftps_entry_link_target(file) == NULL);
  const char *raw = ftps_entry_raw(&length, file);
  CHECK(strlen(raw) == length && strstr(raw, "; name") == NULL && strstr(raw, ";  name with blanks ") != NULL);
  const ftps_entry *bytes = ftps_listing_entry(listing, 2);
  expect_entry(bytes, "caf\xe9", FTPS_KIND_UNKNOWN, -1);
  CHECK(ftps_entry_modified(&seconds, &nanoseconds, &utc, bytes) == FTPS_PRECISION_NONE);
  CHECK(ftps_entry_owner(bytes) == NULL && ftps_entry_permissions(bytes) == NULL);
  SAME_TEXT("this line is no entry", ftps_listing_unparsed(&length, listing, 0));
  CHECK(length == strlen("this line is no entry"));
  // A name with a NUL in it would be another name in C.
  CHECK(memcmp(ftps_listing_unparsed(&length, listing, 1), "type=file; a\0b", 15) == 0 && length == 14);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
}

static void entries_of_list(void) {
  ftps_client *client = logged_in();
  ftps_listing *listing;
  WORKS(client, ftps_client_list_with(&listing, client, "LIST", NULL, FTPS_FORMAT_AUTO));
  EXPECT(FTPS_OK, ftps_client_free(client));

  int utc;
  // A target with a NUL in it would be another target in C.
  CHECK(ftps_listing_count(listing) == 1 && ftps_listing_unparsed_count(listing) == 1);
  const ftps_entry *link = find(listing, "link");
  CHECK(ftps_entry_kind(link) == FTPS_KIND_SYMLINK);
  SAME_TEXT("/else/where", ftps_entry_link_target(link));
  SAME_TEXT("root", ftps_entry_owner(link));
  SAME_TEXT("wheel", ftps_entry_group(link));
  SAME_TEXT("rwxrwxrwx", ftps_entry_permissions(link));
  CHECK(ftps_entry_modified(NULL, NULL, &utc, link) == FTPS_PRECISION_DAY && utc == 0);
  CHECK(ftps_entry_fact(link, "type") == NULL && ftps_entry_unique(link) == NULL);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
}

MAIN({"whole", whole}, {"entries_of_mlsd", entries_of_mlsd}, {"entries_of_list", entries_of_list})
