// After fork() the connection is the parent's.
#include "calls.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/wait.h>

static const size_t SIZE = 400000;

// Runs `child` in a forked process, which must end well.
static void in_child(void (*child)(ftps_client *), ftps_client *client) {
  pid_t pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    child(client);
    _exit(0);
  }
  int status;
  CHECK(waitpid(pid, &status, 0) == pid);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// Sockets are shared, with their options: a child that prepared to reset them would reset the parent's at its end.
static void expect_sockets_untouched(void) {
  int sockets = 0;
  for (int descriptor = 0; descriptor < 256; descriptor++) {
    struct linger linger;
    socklen_t size = sizeof linger;
    if (getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, &size) != 0) continue;
    CHECK(linger.l_onoff == 0);
    sockets++;
  }
  CHECK(sockets >= 2);
}

static void get_errors_and_free(ftps_client *client) {
  expect_out_of_reach(client, FTPS_ERROR_FORKED);
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static size_t read_some(ftps_client *client, size_t done, size_t limit) {
  unsigned char buffer[20000];
  size_t count;
  do {
    WORKS(client, ftps_client_read(&count, client, buffer, sizeof buffer));
    CHECK(is_content(buffer, count, done));
    done += count;
  } while (count > 0 && done < limit);
  return done;
}

static void during_a_download(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_open_download(client, "file", 0));
  size_t done = read_some(client, 0, SIZE / 4);
  CHECK(done < SIZE);
  in_child(get_errors_and_free, client);
  expect_sockets_untouched();
  CHECK(read_some(client, done, SIZE + 1) == SIZE);
  WORKS(client, ftps_client_finish(client));
  download(client, "file", SIZE);
  quit_and_free(client);
}

static void write_part(ftps_client *client, size_t from, size_t to) {
  unsigned char buffer[20000];
  for (size_t done = from; done < to; done += sizeof buffer) {
    fill(buffer, sizeof buffer, done);
    WORKS(client, ftps_client_write(client, buffer, sizeof buffer));
  }
}

static void during_an_upload(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_open_upload(client, "new", 0));
  write_part(client, 0, SIZE / 2);
  in_child(get_errors_and_free, client);
  expect_sockets_untouched();
  write_part(client, SIZE / 2, SIZE);
  WORKS(client, ftps_client_finish(client));
  download(client, "new", SIZE);
  quit_and_free(client);
}

static void between_transfers(void) {
  ftps_client *client = logged_in();
  in_child(get_errors_and_free, client);
  WORKS(client, ftps_client_noop(client));
  upload(client, "new", SIZE);
  quit_and_free(client);
}

static void before_the_connection(void) {
  ftps_client *client = new_client();
  in_child(get_errors_and_free, client);
  logged_in_with(client);
  quit_and_free(client);
}

static void use_a_client_of_its_own(ftps_client *client) {
  ftps_client *own = logged_in();
  download(own, "file", SIZE);
  quit_and_free(own);
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void a_client_of_the_childs_own(void) {
  ftps_client *client = logged_in();
  in_child(use_a_client_of_its_own, client);
  download(client, "file", SIZE);
  quit_and_free(client);
}

static ftps_cancel *cancel;

static void try_to_cancel(ftps_client *client) {
  EXPECT(FTPS_ERROR_FORKED, ftps_cancel_set(cancel));
  EXPECT(FTPS_ERROR_FORKED, ftps_cancel_reset(cancel));
  ftps_client *own = new_client();
  EXPECT(FTPS_ERROR_FORKED, ftps_client_set_cancel(own, cancel));
  EXPECT(FTPS_OK, ftps_client_free(own));
  EXPECT(FTPS_OK, ftps_client_free(client));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
}

static void cancel_objects(void) {
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_set_cancel(client, cancel));
  in_child(try_to_cancel, client);
  download(client, "file", SIZE);
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_noop(client));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// A listing is memory and nothing else.
static ftps_listing *listing;

static void read_the_listing(ftps_client *client) {
  CHECK(ftps_listing_count(listing) > 0);
  CHECK(ftps_entry_name(ftps_listing_entry(listing, 0)) != NULL);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void listings(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_list(&listing, client, NULL));
  in_child(read_the_listing, client);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
  quit_and_free(client);
}

struct running {
  ftps_client *client;
  sem_t began, forked;
};

static int wait_for_the_fork(const void *bytes, size_t size, void *userdata) {
  struct running *running = userdata;
  (void)bytes, (void)size;
  sem_post(&running->began);
  CHECK(sem_wait(&running->forked) == 0);
  sem_post(&running->forked);
  return 0;
}

static void *run_download(void *userdata) {
  struct running *running = userdata;
  WORKS(running->client, ftps_client_download_to(NULL, running->client, "file", wait_for_the_fork, NULL, running));
  return NULL;
}

static void get_errors_from_all(ftps_client *client) {
  expect_out_of_reach(client, FTPS_ERROR_FORKED);
  EXPECT(FTPS_ERROR_BUSY, ftps_client_free(client));
  // What the other thread was using is lost to this process: no leak check may see it end.
  execl("/bin/true", "true", (char *)NULL);
}

static void inside_a_call_of_another_thread(void) {
  struct running running = {.client = logged_in()};
  CHECK(sem_init(&running.began, 0, 0) == 0 && sem_init(&running.forked, 0, 0) == 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, run_download, &running) == 0);
  CHECK(sem_wait(&running.began) == 0);
  in_child(get_errors_from_all, running.client);
  sem_post(&running.forked);
  CHECK(pthread_join(thread, NULL) == 0);
  quit_and_free(running.client);
}

MAIN({"during_a_download", during_a_download}, {"during_an_upload", during_an_upload},
     {"between_transfers", between_transfers}, {"before_the_connection", before_the_connection},
     {"a_client_of_the_childs_own", a_client_of_the_childs_own}, {"cancel_objects", cancel_objects},
     {"listings", listings}, {"inside_a_call_of_another_thread", inside_a_call_of_another_thread})
