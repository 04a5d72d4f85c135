// A callback that fails stops the transfer, and the client goes on.
#include "check.h"

static const size_t SIZE = 1000000;

static int refuse_progress(uint64_t moved, void *userdata) {
  (void)userdata;
  return moved > 0 ? 7 : 0;
}
static int64_t fail_after_some(void *buffer, size_t size, void *userdata) {
  struct cursor *cursor = userdata;
  return cursor->done > 200000 ? -5 : give(buffer, size, cursor);
}
static int64_t give_too_much(void *buffer, size_t size, void *userdata) {
  int64_t given = give(buffer, size, userdata);
  return ((struct cursor *)userdata)->done > 200000 ? (int64_t)size + 1 : given;
}
static int fail_to_take(const void *bytes, size_t size, void *userdata) {
  struct cursor *cursor = userdata;
  return cursor->done > 200000 ? 3 : take(bytes, size, cursor);
}
static int stop_at_item(const ftps_entry *entry, const char *line, size_t length, void *userdata) {
  (void)entry, (void)line, (void)length;
  return ++*(int *)userdata == 2 ? -1 : 0;
}

// The failure is told, with the bytes moved, and the client is as good as before.
static void expect_stopped(ftps_client *client, int status, uint64_t moved) {
  CHECK(moved == 0);
  CHECK(ftps_client_error_status(client) == status);
  CHECK(*ftps_client_error_message(client) != '\0');
  CHECK(ftps_client_error_bytes_moved(client) > 0 && ftps_client_error_bytes_moved(client) < SIZE);
  WORKS(client, ftps_client_noop(client));
  CHECK(ftps_client_error_bytes_moved(client) == 0);
}

static void uploads(void) {
  ftps_client *client = logged_in();
  struct cursor cursor = {0, SIZE};
  uint64_t moved = 1;
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_upload_from(&moved, client, "stopped", give, refuse_progress, &cursor));
  expect_stopped(client, FTPS_ERROR_CANCELLED, moved);
  cursor.done = 0;
  moved = 1;
  EXPECT(FTPS_ERROR_LOCAL, ftps_client_upload_from(&moved, client, "failed", fail_after_some, NULL, &cursor));
  CHECK(strstr(ftps_client_error_message(client), "-5") != NULL);
  expect_stopped(client, FTPS_ERROR_LOCAL, moved);
  cursor.done = 0;
  moved = 1;
  EXPECT(FTPS_ERROR_LOCAL, ftps_client_upload_from(&moved, client, "too-much", give_too_much, NULL, &cursor));
  expect_stopped(client, FTPS_ERROR_LOCAL, moved);
  upload(client, "good", SIZE);
  quit_and_free(client);
}

static void downloads(void) {
  ftps_client *client = logged_in();
  struct cursor cursor = {0, SIZE};
  uint64_t moved = 1;
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_download_to(&moved, client, "file", take, refuse_progress, &cursor));
  expect_stopped(client, FTPS_ERROR_CANCELLED, moved);
  cursor.done = 0;
  moved = 1;
  EXPECT(FTPS_ERROR_LOCAL, ftps_client_download_to(&moved, client, "file", fail_to_take, NULL, &cursor));
  CHECK(strstr(ftps_client_error_message(client), "3") != NULL);
  expect_stopped(client, FTPS_ERROR_LOCAL, moved);
  moved = 1;
  EXPECT(FTPS_ERROR_CANCELLED,
         ftps_client_download_file(&moved, client, "file", local_file("part"), refuse_progress, NULL));
  expect_stopped(client, FTPS_ERROR_CANCELLED, moved);
  download(client, "file", SIZE);
  quit_and_free(client);
}

static void listings(void) {
  ftps_client *client = logged_in();
  int shown = 0;
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_list_each(client, "/", stop_at_item, &shown));
  CHECK(shown == 2);
  WORKS(client, ftps_client_noop(client));
  ftps_listing *listing;
  WORKS(client, ftps_client_list(&listing, client, "/"));
  CHECK(ftps_listing_count(listing) >= 3);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
  quit_and_free(client);
}

// Another client may be used, made and freed inside a callback.
static int use_another(uint64_t moved, void *userdata) {
  int *used = userdata;
  (void)moved;
  if (++*used == 1) {
    ftps_client *other = logged_in();
    download(other, "file", SIZE);
    EXPECT(FTPS_OK, ftps_client_free(other));
  }
  return 0;
}

static void another_client_inside(void) {
  ftps_client *client = logged_in();
  int used = 0;
  WORKS(client, ftps_client_download_file(NULL, client, "file", local_file("copy"), use_another, &used));
  CHECK(used > 0);
  quit_and_free(client);
}

MAIN({"uploads", uploads}, {"downloads", downloads}, {"listings", listings},
     {"another_client_inside", another_client_inside})
