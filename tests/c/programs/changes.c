// What can be changed while a client is connected.
#include "check.h"

static const size_t SIZE = 100000;

// Two data connections of the server's, then four of the client's, then two of the server's again.
static void modes(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_active_mode(client, 0, 0, NULL, NULL, 0));
  logged_in_with(client);
  upload(client, "one", SIZE);
  download(client, "one", SIZE);
  WORKS(client, ftps_client_set_passive_mode(client));
  for (int i = 0; i < 4; i++) download(client, "one", SIZE);
  WORKS(client, ftps_client_set_active_mode(client, 1024, 65535, "127.0.0.1", "127.0.0.1", 1));
  upload(client, "one", SIZE);
  download(client, "one", SIZE);
  uint64_t resumed;
  WORKS(client, ftps_client_statistic(&resumed, client, FTPS_STATISTIC_RESUMED));
  CHECK(resumed == 8);
  quit_and_free(client);
}

// The server never connects.
static void nobody_comes(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_set_active_mode(client, 0, 0, NULL, NULL, 0));
  WORKS(client, ftps_client_set_data_timeout(client, 300));
  struct cursor cursor = {0, SIZE};
  EXPECT(FTPS_ERROR_TIMEOUT, ftps_client_upload_from(NULL, client, "one", give, NULL, &cursor));
  WORKS(client, ftps_client_set_passive_mode(client));
  WORKS(client, ftps_client_noop(client));
  quit_and_free(client);
}

// The transfer that is open ends by the timeout that was set last.
static void timeout_of_an_open_transfer(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_data_timeout(client, 600000));
  logged_in_with(client);
  unsigned char buffer[1000];
  size_t count;
  WORKS(client, ftps_client_open_download(client, "file", 0));
  for (size_t done = 0; done < 1000; done += count) {
    WORKS(client, ftps_client_read(&count, client, buffer, sizeof buffer));
    CHECK(count > 0);
  }
  WORKS(client, ftps_client_set_data_timeout(client, 300));
  EXPECT(FTPS_ERROR_TIMEOUT, ftps_client_read(&count, client, buffer, sizeof buffer));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// The command ends by the timeout that was set after the login.
static void timeout_of_the_next_command(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_reply_timeout(client, 600000));
  logged_in_with(client);
  WORKS(client, ftps_client_set_connect_timeout(client, 1000));
  WORKS(client, ftps_client_set_operation_timeout(client, 300));
  EXPECT(FTPS_ERROR_TIMEOUT, ftps_client_system(client));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_reply_timeout(client, 0));
  EXPECT(FTPS_OK, ftps_client_close(client));
  EXPECT(FTPS_ERROR_CLOSED, ftps_client_set_reply_timeout(client, 1000));
  EXPECT(FTPS_ERROR_CLOSED, ftps_client_set_passive_mode(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

MAIN({"modes", modes}, {"nobody_comes", nobody_comes}, {"timeout_of_an_open_transfer", timeout_of_an_open_transfer},
     {"timeout_of_the_next_command", timeout_of_the_next_command})
