// What a program must not do. The tools that watch all other programs have to notice.
#include "check.h"

static void leaks_a_client(void) {
  // Leak checks take what is left on the stack, and was copied from there, for pointers in use. That can hide some: hence
  // many, and without options, which are moved about in the library.
  for (int i = 0; i < 100; i++) {
    ftps_client *client;
    EXPECT(FTPS_OK, ftps_client_new(&client, "127.0.0.1"));
  }
}

static void uses_a_message_after_its_client(void) {
  ftps_client *client = new_client();
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_noop(client));
  const char *message = ftps_client_error_message(client);
  EXPECT(FTPS_OK, ftps_client_free(client));
  // Read by this program, not by a function of the library that the tools might know.
  volatile char first = *message;
  (void)first;
}

static void writes_behind_a_buffer(void) {
  // The compiler must not know the size.
  volatile size_t size = 10;
  volatile char *buffer = malloc(size);
  buffer[size] = 1;
  free((void *)buffer);
}

MAIN({"leaks_a_client", leaks_a_client}, {"uses_a_message_after_its_client", uses_a_message_after_its_client},
     {"writes_behind_a_buffer", writes_behind_a_buffer})
