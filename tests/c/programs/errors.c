// What an error tells: status, message, reply, errno, TLS alert, bytes moved.
#include "check.h"

#include <errno.h>

static int is_text(const char *text) { return text != NULL && *text != '\0'; }

static void nobody_listens(void) {
  ftps_client *client;
  EXPECT(FTPS_OK, ftps_client_new(&client, "127.0.0.1"));
  WORKS(client, ftps_client_set_port(client, 1));
  EXPECT(FTPS_ERROR_CONNECT, ftps_client_connect(client));
  CHECK(ftps_client_error_status(client) == FTPS_ERROR_CONNECT);
  CHECK(ftps_client_error_errno(client) == ECONNREFUSED);
  CHECK(is_text(ftps_client_error_message(client)));
  CHECK(ftps_client_error_reply_code(client) == 0 && !is_text(ftps_client_error_reply_text(client)));
  CHECK(ftps_client_error_tls_alert(client) == -1 && ftps_client_error_bytes_moved(client) == 0);
  // The accessors change nothing, and success clears everything.
  CHECK(ftps_client_error_status(client) == FTPS_ERROR_CONNECT);
  WORKS(client, ftps_client_set_port(client, 2));
  CHECK(ftps_client_error_status(client) == FTPS_OK && ftps_client_error_errno(client) == 0);
  CHECK(!is_text(ftps_client_error_message(client)));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void no_such_host(void) {
  ftps_client *client;
  // With blanks in it nobody is asked, and the test needs no network.
  EXPECT(FTPS_OK, ftps_client_new(&client, "no such host"));
  WORKS(client, ftps_client_set_server_name(client, "localhost"));
  EXPECT(FTPS_ERROR_RESOLVE, ftps_client_connect(client));
  CHECK(strstr(ftps_client_error_message(client), "no such host") != NULL);
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void unusable_host(void) {
  const char *hosts[] = {"", "host\r\nQUIT"};
  for (int i = 0; i < 2; i++) {
    ftps_client *client;
    EXPECT(FTPS_OK, ftps_client_new(&client, hosts[i]));
    EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_connect(client));
    CHECK(is_text(ftps_client_error_message(client)));
    EXPECT(FTPS_OK, ftps_client_free(client));
  }
}

static void unusable_options(void) {
  ftps_client *client = new_client();
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_add_roots_file(client, "/no/such/file.pem"));
  CHECK(ftps_client_error_errno(client) == ENOENT);
  CHECK(strstr(ftps_client_error_message(client), "/no/such/file.pem") != NULL);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_identity_files(client, given("FTPS_TEST_CA"), "/no/key"));
  CHECK(strstr(ftps_client_error_message(client), "/no/key") != NULL);
  // Told by connect, after which the options can be changed; a new client starts over.
  WORKS(client, ftps_client_add_roots_pem(client, "not PEM", 7));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_connect(client));
  CHECK(is_text(ftps_client_error_message(client)));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// After an error of connect the options can be changed and the call made again.
static void second_attempt(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_port(client, 1));
  EXPECT(FTPS_ERROR_CONNECT, ftps_client_connect(client));
  WORKS(client, ftps_client_set_port(client, (uint16_t)atoi(given("FTPS_TEST_PORT"))));
  logged_in_with(client);
  quit_and_free(client);
}

static void refused_command(void) {
  ftps_client *client = logged_in();
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_delete(client, "not-there"));
  CHECK(ftps_client_error_reply_code(client) == 550);
  CHECK(is_text(ftps_client_error_reply_text(client)));
  CHECK(strstr(ftps_client_error_message(client), ftps_client_error_reply_text(client)) != NULL);
  CHECK(ftps_client_error_errno(client) == 0);
  WORKS(client, ftps_client_noop(client));
  CHECK(ftps_client_error_reply_code(client) == 0 && !is_text(ftps_client_error_reply_text(client)));
  quit_and_free(client);
}

static void refused_login(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_connect(client));
  EXPECT(FTPS_ERROR_LOGIN_REFUSED, ftps_client_login(client, "user", "wrong-secret"));
  CHECK(ftps_client_error_reply_code(client) == 530);
  CHECK(strstr(ftps_client_error_message(client), "wrong-secret") == NULL);
  WORKS(client, ftps_client_login(client, "user", "password"));
  quit_and_free(client);
}

static void strange_authority(void) {
  ftps_client *client;
  EXPECT(FTPS_OK, ftps_client_new(&client, "127.0.0.1"));
  WORKS(client, ftps_client_set_port(client, (uint16_t)atoi(given("FTPS_TEST_PORT"))));
  EXPECT(FTPS_ERROR_CERTIFICATE, ftps_client_connect(client));
  CHECK(is_text(ftps_client_error_message(client)));
  WORKS(client, ftps_client_add_pin_sha256(client, "00000000000000000000000000000000000000000000000000000000000000ff"));
  EXPECT(FTPS_ERROR_CERTIFICATE, ftps_client_connect(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// The server offers TLS 1.2 alone: protocol_version (RFC 8446 section 6).
static void alert_of_the_server(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_tls_versions(client, FTPS_TLS_1_3, FTPS_TLS_1_3));
  EXPECT(FTPS_ERROR_TLS, ftps_client_connect(client));
  CHECK(ftps_client_error_tls_alert(client) == 70);
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// The server falls silent in the middle of the download. (Where it ends the connection instead, its 426 may be seen before
// the first byte.)
static void bytes_moved(void) {
  ftps_client *client = logged_in();
  struct cursor cursor = {0, 500000};
  uint64_t moved = 1;
  WORKS(client, ftps_client_set_data_timeout(client, 1000));
  EXPECT(FTPS_ERROR_TIMEOUT, ftps_client_download_to(&moved, client, "file", take, NULL, &cursor));
  CHECK(moved == 0);
  CHECK(ftps_client_error_bytes_moved(client) == cursor.done);
  CHECK(ftps_client_error_bytes_moved(client) > 0 && ftps_client_error_bytes_moved(client) < 500000);
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void local_files(void) {
  ftps_client *client = logged_in();
  EXPECT(FTPS_ERROR_LOCAL, ftps_client_upload_file(NULL, client, "/no/such/file", "new", NULL, NULL));
  CHECK(ftps_client_error_errno(client) == ENOENT);
  CHECK(strstr(ftps_client_error_message(client), "/no/such/file") != NULL);
  EXPECT(FTPS_ERROR_LOCAL, ftps_client_download_file(NULL, client, "file", "/no/such/file", NULL, NULL));
  CHECK(ftps_client_error_errno(client) == ENOENT);
  WORKS(client, ftps_client_noop(client));
  quit_and_free(client);
}

static void silence(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_reply_timeout(client, 300));
  logged_in_with(client);
  EXPECT(FTPS_ERROR_TIMEOUT, ftps_client_system(client));
  EXPECT(FTPS_ERROR_BROKEN, ftps_client_noop(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// What every status says in a few words, and that no two say the same.
static void status_texts(void) {
  for (int status = FTPS_OK; status <= FTPS_ERROR_MISMATCH; status++) {
    CHECK(is_text(ftps_status_text(status)));
    for (int other = FTPS_OK; other < status; other++) {
      CHECK(strcmp(ftps_status_text(status), ftps_status_text(other)) != 0);
    }
  }
  SAME_TEXT(ftps_status_text(-1), ftps_status_text(FTPS_ERROR_MISMATCH + 1));
}

MAIN({"nobody_listens", nobody_listens}, {"no_such_host", no_such_host}, {"unusable_host", unusable_host},
     {"unusable_options", unusable_options}, {"second_attempt", second_attempt}, {"refused_command", refused_command},
     {"refused_login", refused_login}, {"strange_authority", strange_authority},
     {"alert_of_the_server", alert_of_the_server}, {"bytes_moved", bytes_moved}, {"local_files", local_files},
     {"silence", silence}, {"status_texts", status_texts})
