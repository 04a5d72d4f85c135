// Transfers that go on, that replace a file at once, and that are tried again.
#include "check.h"

static const size_t SIZE = 100000;

static const char *local_with(size_t size) {
  const char *path = local_file("local");
  write_local(path, size);
  return path;
}

static void resumed(void) {
  ftps_client *client = logged_in();
  uint64_t length;
  WORKS(client, ftps_client_download_resuming(&length, client, "file", local_with(30000), NULL, NULL));
  CHECK(length == SIZE);
  expect_local(local_file("local"), SIZE);
  upload(client, "part", 30000);
  WORKS(client, ftps_client_upload_resuming(&length, client, local_file("local"), "part", NULL, NULL));
  CHECK(length == SIZE);
  download(client, "part", SIZE);
  EXPECT(FTPS_ERROR_MISMATCH,
         ftps_client_upload_resuming(&length, client, local_with(SIZE - 1), "part", NULL, NULL));
  quit_and_free(client);
}

static void ranges(void) {
  ftps_client *client = logged_in();
  struct cursor cursor = {50000, SIZE};
  uint64_t moved;
  WORKS(client, ftps_client_download_range(&moved, client, "file", 50000, 1234, take, &cursor));
  CHECK(moved == 1234 && cursor.done == 51234);
  EXPECT(FTPS_ERROR_NULL, ftps_client_download_range(&moved, client, "file", 0, 1, NULL, NULL));
  unsigned char byte;
  size_t count;
  WORKS(client, ftps_client_open_download(client, "file", 0));
  WORKS(client, ftps_client_read(&count, client, &byte, 1));
  WORKS(client, ftps_client_stop(client));
  WORKS(client, ftps_client_noop(client));
  quit_and_free(client);
}

static void atomic(void) {
  ftps_client *client = logged_in();
  uint64_t moved;
  const char *local = local_with(SIZE / 2);
  WORKS(client, ftps_client_upload_atomically(&moved, client, local, "file", NULL, 0, 1, NULL, NULL));
  CHECK(moved == SIZE / 2);
  download(client, "file", SIZE / 2);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT,
         ftps_client_upload_atomically(NULL, client, local, "file", "../{name}", 0, 0, NULL, NULL));
  WORKS(client, ftps_client_upload_atomically(NULL, client, local, "file", "{name}.part", 1, 0, NULL, NULL));
  quit_and_free(client);
}

struct retries {
  int seen;
  int allowed;
};

static int see(int status, const char *message, uint32_t attempt, uint64_t delay, uint64_t offset, void *userdata) {
  struct retries *retries = userdata;
  CHECK(status != FTPS_OK && *message != '\0' && attempt >= 1 && delay <= 5 && offset <= SIZE);
  retries->seen++;
  return retries->seen <= retries->allowed ? 0 : 1;
}

// The server cuts the first two downloads and their control connections.
static void tried_again(void) {
  struct retries retries = {0, 9};
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_retry(client, 5, 1, 5, see, &retries));
  logged_in_with(client);
  WORKS(client, ftps_client_download_file(NULL, client, "file", local_file("local"), NULL, NULL));
  expect_local(local_file("local"), SIZE);
  CHECK(retries.seen >= 2);
  quit_and_free(client);
}

// The same, and the caller does not want it.
static void forbidden(void) {
  struct retries retries = {0, 0};
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_retry(client, 5, 1, 5, see, &retries));
  logged_in_with(client);
  CHECK(ftps_client_download_file(NULL, client, "file", local_file("local"), NULL, NULL) != FTPS_OK);
  CHECK(retries.seen == 1);
  WORKS(client, ftps_client_set_retry(client, 0, 0, 0, NULL, NULL));
  EXPECT(FTPS_ERROR_BROKEN, ftps_client_noop(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static int doze(uint64_t moved, void *userdata) {
  (void)moved, (void)userdata;
  struct timespec pause = {0, 20000000};
  nanosleep(&pause, NULL);
  return 0;
}

static void kept_alive(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_set_keep_alive(client, 10));
  struct cursor cursor = {0, SIZE};
  WORKS(client, ftps_client_download_to(NULL, client, "file", take, doze, &cursor));
  doze(0, NULL);
  WORKS(client, ftps_client_keep_alive(client));
  WORKS(client, ftps_client_set_type(client, "I"));
  quit_and_free(client);
}

MAIN({"resumed", resumed}, {"ranges", ranges}, {"atomic", atomic}, {"tried_again", tried_again},
     {"forbidden", forbidden}, {"kept_alive", kept_alive})
