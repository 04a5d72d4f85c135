// What files have besides their content, and how transfers go; the driver looks at what the server got.
#include "check.h"

static void write_text(const char *path, const char *text) {
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void times_and_permissions(void) {
  ftps_client *client = logged_in();
  int64_t seconds;
  WORKS(client, ftps_client_set_modification_time(client, "file", 1000000000));
  WORKS(client, ftps_client_modified(&seconds, NULL, client, "file"));
  CHECK(seconds == 1000000000);
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_set_modification_time(client, "missing", 0));
  CHECK(ftps_client_error_reply_code(client) == 550);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_modification_time(client, "file", INT64_MAX));
  WORKS(client, ftps_client_set_permissions(client, "file", 0640));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_permissions(client, "file", 010000));
  WORKS(client, ftps_client_set_umask(client, 027));
  WORKS(client, ftps_client_set_mlst_facts(client, "type;size;"));
  quit_and_free(client);
}

static void hashes(void) {
  ftps_client *client = logged_in();
  const char *hash;
  int number;
  WORKS(client, ftps_client_has_hash(&number, client, FTPS_HASH_SHA256));
  CHECK(number == 1);
  WORKS(client, ftps_client_has_hash(&number, client, FTPS_HASH_MD5));
  CHECK(number == 0);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_has_hash(&number, client, 0));
  char local[4096];
  snprintf(local, sizeof local, "%s", local_file("hashed"));
  write_text(local, "content");
  WORKS(client, ftps_client_upload_file(NULL, client, local, "new", NULL, NULL));
  WORKS(client, ftps_client_hash(&hash, client, "new", FTPS_HASH_SHA1));
  SAME_TEXT("040f06fd774092478d450774f5ba30c5da78acc8", hash);
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_hash(&hash, client, "missing", FTPS_HASH_SHA1));
  CHECK(hash == NULL);
  WORKS(client, ftps_client_verify(&number, client, local, "new"));
  CHECK(number == FTPS_HASH_SHA512);
  write_text(local, "Content");
  EXPECT(FTPS_ERROR_MISMATCH, ftps_client_verify(&number, client, local, "new"));
  CHECK(number == 0);
  quit_and_free(client);
}

static void virtual_host_and_announced_sizes(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_virtual_host(client, "ftp.example"));
  WORKS(client, ftps_client_set_announce_sizes(client, 1));
  logged_in_with(client);
  char local[4096];
  snprintf(local, sizeof local, "%s", local_file("announced"));
  write_text(local, "content");
  WORKS(client, ftps_client_upload_file(NULL, client, local, "new", NULL, NULL));
  quit_and_free(client);
}

static void texts(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_line_ends(client, FTPS_LINE_ENDS_LF));
  logged_in_with(client);
  WORKS(client, ftps_client_set_type(client, "A"));
  unsigned char text[] = "one\ntwo\n";
  WORKS(client, ftps_client_open_upload(client, "text", 0));
  WORKS(client, ftps_client_write(client, text, sizeof text - 1));
  WORKS(client, ftps_client_finish(client));
  unsigned char received[sizeof text] = {0};
  size_t count;
  size_t length = 0;
  WORKS(client, ftps_client_open_download(client, "text", 0));
  do {
    WORKS(client, ftps_client_read(&count, client, received + length, sizeof received - length));
    length += count;
  } while (count > 0);
  WORKS(client, ftps_client_finish(client));
  CHECK(length == sizeof text - 1 && memcmp(text, received, length) == 0);
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_open_download(client, "text", 4));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_line_ends(client, 2));
  quit_and_free(client);
}

// At ten bytes a second only some pieces go out before the time is over; then the limit is gone.
static void rate_limits(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_rate_limits(client, 10, 10));
  logged_in_with(client);
  WORKS(client, ftps_client_set_operation_timeout(client, 700));
  unsigned char buffer[1000];
  size_t count = 1;
  size_t length = 0;
  int status;
  WORKS(client, ftps_client_open_download(client, "file", 0));
  do {
    status = ftps_client_read(&count, client, buffer, sizeof buffer);
    length += count;
  } while (status == FTPS_OK && count > 0);
  CHECK(status == FTPS_ERROR_TIMEOUT && length > 0 && length < 30);
  WORKS(client, ftps_client_set_rate_limits(client, 0, 0));
  WORKS(client, ftps_client_set_operation_timeout(client, 0));
  download(client, "file", 100000);
  quit_and_free(client);
}

MAIN({"times_and_permissions", times_and_permissions}, {"hashes", hashes},
     {"virtual_host_and_announced_sizes", virtual_host_and_announced_sizes}, {"texts", texts}, {"rate_limits", rate_limits})
