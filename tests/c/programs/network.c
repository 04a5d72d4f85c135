// The way to the server: sockets, proxies, and what is protected on it.
#include "check.h"

static const size_t SIZE = 100000;

static uint64_t statistic(ftps_client *client, int which) {
  uint64_t value;
  WORKS(client, ftps_client_statistic(&value, client, which));
  return value;
}

static void round_trip(ftps_client *client) {
  upload(client, "file", SIZE);
  download(client, "file", SIZE);
}

// The server sees where the connections come from; the driver looks at what PORT announced.
static void sockets(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_bind_address(client, "127.0.0.9"));
  WORKS(client, ftps_client_set_tcp_keep_alive(client, 60));
  WORKS(client, ftps_client_set_send_buffer(client, 65536));
  WORKS(client, ftps_client_set_receive_buffer(client, 65536));
  logged_in_with(client);
  round_trip(client);
  WORKS(client, ftps_client_set_active_mode(client, 0, 0, NULL, NULL, 0));
  round_trip(client);
  quit_and_free(client);
}

static void no_such_local_address(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_bind_address(client, "192.0.2.1"));
  EXPECT(FTPS_ERROR_CONNECT, ftps_client_connect(client));
  CHECK(strstr(ftps_client_error_message(client), "the bind address 192.0.2.1 ") != NULL);
  CHECK(ftps_client_error_errno(client) != 0);
  WORKS(client, ftps_client_set_bind_address(client, NULL));
  logged_in_with(client);
  quit_and_free(client);
}

static ftps_client *behind_a_proxy(const char *password) {
  ftps_client *client = new_client();
  int kind = atoi(given("FTPS_TEST_PROXY_KIND"));
  uint16_t port = (uint16_t)atoi(given("FTPS_TEST_PROXY"));
  WORKS(client, ftps_client_set_proxy(client, kind, "127.0.0.1", port, "somebody", password));
  return client;
}

static void proxy(void) {
  ftps_client *client = logged_in_with(behind_a_proxy("open-sesame"));
  round_trip(client);
  CHECK(statistic(client, FTPS_STATISTIC_RESUMED) == 2);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_active_mode(client, 0, 0, NULL, NULL, 0));
  round_trip(client);
  quit_and_free(client);
}

static void proxy_refuses(void) {
  ftps_client *client = behind_a_proxy("close-sesame");
  EXPECT(FTPS_ERROR_CONNECT, ftps_client_connect(client));
  CHECK(strstr(ftps_client_error_message(client), "the user") != NULL);
  CHECK(strstr(ftps_client_error_message(client), "sesame") == NULL);
  WORKS(client, ftps_client_set_proxy(client, FTPS_PROXY_NONE, NULL, 0, NULL, NULL));
  logged_in_with(client);
  quit_and_free(client);
}

static void clear_data(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_data_protection(client, FTPS_DATA_CLEAR));
  WORKS(client, ftps_client_set_resumption(client, FTPS_RESUMPTION_REQUIRE));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_connect(client));
  WORKS(client, ftps_client_set_resumption(client, FTPS_RESUMPTION_PREFER));
  logged_in_with(client);
  round_trip(client);
  CHECK(statistic(client, FTPS_STATISTIC_CLEAR) == 2);
  CHECK(statistic(client, FTPS_STATISTIC_RESUMED) == 0);
  quit_and_free(client);
}

static void clear_commands(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_resumption(client, FTPS_RESUMPTION_REQUIRE));
  logged_in_with(client);
  round_trip(client);
  WORKS(client, ftps_client_clear_command_channel(client));
  round_trip(client);
  CHECK(statistic(client, FTPS_STATISTIC_RESUMED) == 4);
  quit_and_free(client);
}

static void clear_commands_refused(void) {
  ftps_client *client = logged_in();
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_clear_command_channel(client));
  CHECK(ftps_client_error_reply_code(client) == 533);
  round_trip(client);
  quit_and_free(client);
}

MAIN({"sockets", sockets}, {"no_such_local_address", no_such_local_address}, {"proxy", proxy},
     {"proxy_refuses", proxy_refuses}, {"clear_data", clear_data}, {"clear_commands", clear_commands},
     {"clear_commands_refused", clear_commands_refused})
