// A cancel object ends waits at once, from any thread and from a signal handler.
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/time.h>

// The longest that a cancelled call may take; valgrind needs longer for everything.
static double patience(void) { return atof(given("FTPS_TEST_PATIENCE")); }

// A cancellation from another thread, some time after the transfer has begun.
struct canceller {
  ftps_cancel *cancel;
  sem_t began;
  double when;
};

static void *cancel_soon(void *userdata) {
  struct canceller *canceller = userdata;
  CHECK(sem_wait(&canceller->began) == 0);
  usleep(200000);
  canceller->when = seconds_now();
  EXPECT(FTPS_OK, ftps_cancel_set(canceller->cancel));
  return NULL;
}

static int begun(const void *bytes, size_t size, void *userdata) {
  (void)bytes, (void)size;
  sem_post(&((struct canceller *)userdata)->began);
  return 0;
}

static int64_t give_for_ever(void *buffer, size_t size, void *userdata) {
  fill(buffer, size, 0);
  sem_post(&((struct canceller *)userdata)->began);
  return (int64_t)size;
}

static int call_download(ftps_client *client, struct canceller *canceller) {
  return ftps_client_download_to(NULL, client, "file", begun, NULL, canceller);
}

static int call_upload(ftps_client *client, struct canceller *canceller) {
  return ftps_client_upload_from(NULL, client, "new", give_for_ever, NULL, canceller);
}

static int call_command(ftps_client *client, struct canceller *canceller) {
  sem_post(&canceller->began);
  return ftps_client_system(client);
}

static int call_connect(ftps_client *client, struct canceller *canceller) {
  sem_post(&canceller->began);
  return ftps_client_connect(client);
}

// Makes `call`, which would wait for long, and cancels it from another thread.
static ftps_client *cancelled(ftps_client *client, int (*call)(ftps_client *, struct canceller *)) {
  struct canceller canceller = {.when = 0};
  EXPECT(FTPS_OK, ftps_cancel_new(&canceller.cancel));
  CHECK(sem_init(&canceller.began, 0, 0) == 0);
  WORKS(client, ftps_client_set_cancel(client, canceller.cancel));
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, cancel_soon, &canceller) == 0);
  EXPECT(FTPS_ERROR_CANCELLED, call(client, &canceller));
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(canceller.when > 0 && seconds_now() - canceller.when < patience());
  sem_destroy(&canceller.began);
  // The client goes on watching what it needs of it.
  EXPECT(FTPS_OK, ftps_cancel_reset(canceller.cancel));
  EXPECT(FTPS_OK, ftps_cancel_free(canceller.cancel));
  return client;
}

static void transfer_from_a_thread(int (*call)(ftps_client *, struct canceller *)) {
  ftps_client *client = cancelled(logged_in(), call);
  WORKS(client, ftps_client_noop(client));
  quit_and_free(client);
}

static void stalled_download(void) { transfer_from_a_thread(call_download); }
static void stalled_upload(void) { transfer_from_a_thread(call_upload); }

static void stalled_reply(void) {
  ftps_client *client = cancelled(logged_in(), call_command);
  int usable = 1;
  WORKS(client, ftps_client_is_usable(&usable, client));
  CHECK(usable == 0);
  EXPECT(FTPS_ERROR_BROKEN, ftps_client_noop(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void stalled_connect(void) { EXPECT(FTPS_OK, ftps_client_free(cancelled(new_client(), call_connect))); }

static ftps_cancel *of_signal;
static volatile sig_atomic_t errno_kept;

static void cancel_in_handler(int number) {
  (void)number;
  errno = 12345;
  int status = ftps_cancel_set(of_signal);
  status |= ftps_cancel_set(of_signal);
  errno_kept = status == FTPS_OK && errno == 12345;
}

static void signal_handler(void) {
  ftps_client *client = logged_in();
  EXPECT(FTPS_OK, ftps_cancel_new(&of_signal));
  WORKS(client, ftps_client_set_cancel(client, of_signal));
  struct sigaction action = {.sa_handler = cancel_in_handler};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval soon = {.it_value = {.tv_sec = 0, .tv_usec = 500000}};
  CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
  double began = seconds_now();
  struct canceller unused;
  CHECK(sem_init(&unused.began, 0, 0) == 0);
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_download_to(NULL, client, "file", begun, NULL, &unused));
  CHECK(seconds_now() - began < 0.5 + patience());
  CHECK(errno_kept);
  EXPECT(FTPS_OK, ftps_cancel_reset(of_signal));
  WORKS(client, ftps_client_noop(client));
  quit_and_free(client);
  EXPECT(FTPS_OK, ftps_cancel_free(of_signal));
}

static void sticky(void) {
  ftps_client *client = new_client();
  ftps_cancel *cancel;
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  WORKS(client, ftps_client_set_cancel(client, cancel));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_connect(client));
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_connect(client));
  EXPECT(FTPS_OK, ftps_cancel_reset(cancel));
  logged_in_with(client);
  WORKS(client, ftps_client_set_cancel(client, NULL));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  WORKS(client, ftps_client_noop(client));
  quit_and_free(client);
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
}

// Nothing has to wait for a cancellation to be noticed.
static int cancel_at_sink(const void *bytes, size_t size, void *userdata) {
  (void)bytes, (void)size;
  return ftps_cancel_set(userdata);
}
static int64_t cancel_at_source(void *buffer, size_t size, void *userdata) {
  fill(buffer, size, 0);
  EXPECT(FTPS_OK, ftps_cancel_set(userdata));
  return (int64_t)size;
}
static int cancel_at_item(const ftps_entry *entry, const char *line, size_t length, void *userdata) {
  (void)entry, (void)line, (void)length;
  return ftps_cancel_set(userdata);
}

static void transfers_that_never_wait(void) {
  ftps_client *client = logged_in();
  ftps_cancel *cancel;
  unsigned char byte = 0;
  size_t count;
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  WORKS(client, ftps_client_set_cancel(client, cancel));
#define CANCELLED_NOW(call)                          \
  do {                                               \
    EXPECT(FTPS_ERROR_CANCELLED, (call));            \
    EXPECT(FTPS_ERROR_CANCELLED, ftps_client_noop(client)); \
    EXPECT(FTPS_OK, ftps_cancel_reset(cancel));      \
    WORKS(client, ftps_client_noop(client));         \
  } while (0)
  CANCELLED_NOW(ftps_client_download_to(NULL, client, "file", cancel_at_sink, NULL, cancel));
  CANCELLED_NOW(ftps_client_upload_from(NULL, client, "new", cancel_at_source, NULL, cancel));
  CANCELLED_NOW(ftps_client_list_each(client, NULL, cancel_at_item, cancel));
  WORKS(client, ftps_client_open_download(client, "file", 0));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  CANCELLED_NOW(ftps_client_read(&count, client, &byte, 1));
  WORKS(client, ftps_client_open_upload(client, "new", 0));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  CANCELLED_NOW(ftps_client_write(client, &byte, 1));
  WORKS(client, ftps_client_open_upload(client, "new", 0));
  WORKS(client, ftps_client_write(client, &byte, 1));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  CANCELLED_NOW(ftps_client_finish(client));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  quit_and_free(client);
}

static void freed_while_the_client_lives(void) {
  ftps_cancel *cancel;
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  ftps_client *client = new_client();
  ftps_client *other = new_client();
  WORKS(client, ftps_client_set_cancel(client, cancel));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  logged_in_with(client);
  download(client, "file", 1000);
  quit_and_free(client);
  // In the state in which it was left.
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  WORKS(other, ftps_client_set_cancel(other, cancel));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_connect(other));
  EXPECT(FTPS_OK, ftps_client_free(other));
}

MAIN({"stalled_download", stalled_download}, {"stalled_upload", stalled_upload}, {"stalled_reply", stalled_reply},
     {"stalled_connect", stalled_connect}, {"signal_handler", signal_handler}, {"sticky", sticky},
     {"transfers_that_never_wait", transfers_that_never_wait},
     {"freed_while_the_client_lives", freed_while_the_client_lives})
