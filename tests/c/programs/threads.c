// Clients are independent: each may be used on a thread of its own, and move between threads.
#include "check.h"

#include <pthread.h>

static void *transfer(void *userdata) {
  ftps_client *client = logged_in();
  char name[32];
  for (size_t i = 0; i < 6; i++) {
    snprintf(name, sizeof name, "%s-%zu", (const char *)userdata, i);
    upload(client, name, 50000 + i);
    download(client, name, 50000 + i);
    WORKS(client, ftps_client_delete(client, name));
  }
  quit_and_free(client);
  return NULL;
}

static void two_clients(void) {
  pthread_t threads[2];
  CHECK(pthread_create(&threads[0], NULL, transfer, "left") == 0);
  CHECK(pthread_create(&threads[1], NULL, transfer, "right") == 0);
  for (int i = 0; i < 2; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

static void *use_and_return(void *userdata) {
  download(userdata, "file", 10000);
  return userdata;
}

static void moved_between_threads(void) {
  ftps_client *client = logged_in();
  for (int i = 0; i < 3; i++) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, use_and_return, client) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    use_and_return(client);
  }
  quit_and_free(client);
}

MAIN({"two_clients", two_clients}, {"moved_between_threads", moved_between_threads})
