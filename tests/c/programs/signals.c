// No signal is raised, none is touched, and none disturbs.
#include "check.h"

#include <signal.h>
#include <sys/time.h>

static void expect_default_sigpipe(void) {
  struct sigaction action;
  CHECK(sigaction(SIGPIPE, NULL, &action) == 0);
  CHECK(action.sa_handler == SIG_DFL);
}

// The server resets the data connection in the middle of the upload.
static void reset_in_upload(void) {
  expect_default_sigpipe();
  ftps_client *client = logged_in();
  static unsigned char bytes[64 * 1024];
  fill(bytes, sizeof bytes, 0);
  int status = ftps_client_open_upload(client, "new", 0);
  for (int i = 0; status == FTPS_OK && i < 300; i++) status = ftps_client_write(client, bytes, sizeof bytes);
  // As long as the peer takes what comes, writing need not fail.
  if (status == FTPS_OK) status = ftps_client_finish(client);
  CHECK(status != FTPS_OK);
  CHECK(ftps_client_error_bytes_moved(client) > 0);
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_write(client, bytes, sizeof bytes));
  EXPECT(FTPS_OK, ftps_client_free(client));
  expect_default_sigpipe();
}

// The server has closed the control connection: everything that is still written goes to a closed socket.
static void written_after_the_peer_closed(void) {
  expect_default_sigpipe();
  ftps_client *client = logged_in();
  CHECK(ftps_client_system(client) != FTPS_OK);
  for (int i = 0; i < 5; i++) CHECK(ftps_client_noop(client) != FTPS_OK);
  CHECK(ftps_client_open_upload(client, "new", 0) != FTPS_OK);
  CHECK(ftps_client_quit(client) != FTPS_OK);
  EXPECT(FTPS_OK, ftps_client_free(client));
  expect_default_sigpipe();
}

struct disposition {
  int known;
  struct sigaction action;
};

static void read_dispositions(struct disposition *dispositions) {
  memset(dispositions, 0, sizeof(struct disposition) * NSIG);
  for (int number = 1; number < NSIG; number++) {
    dispositions[number].known = sigaction(number, NULL, &dispositions[number].action) == 0;
  }
}

static void ignore_line(int level, const char *line, void *userdata) { (void)level, (void)line, (void)userdata; }

static void dispositions_stay(void) {
  static struct disposition before[NSIG], after[NSIG];
  read_dispositions(before);
  ftps_cancel *cancel;
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_log(client, ignore_line, FTPS_LOG_DEBUG, NULL));
  WORKS(client, ftps_client_set_cancel(client, cancel));
  logged_in_with(client);
  upload(client, "new", 100000);
  download(client, "new", 100000);
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_noop(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  read_dispositions(after);
  for (int number = 1; number < NSIG; number++) {
    CHECK(before[number].known == after[number].known);
    CHECK(before[number].action.sa_handler == after[number].action.sa_handler);
    CHECK(before[number].action.sa_flags == after[number].action.sa_flags);
    for (int masked = 1; masked < NSIG; masked++) {
      CHECK(sigismember(&before[number].action.sa_mask, masked) == sigismember(&after[number].action.sa_mask, masked));
    }
  }
}

static volatile sig_atomic_t interruptions;
static void interrupt(int number) {
  (void)number;
  interruptions++;
}

// A handler without SA_RESTART interrupts every system call that it can.
static void interrupted_calls_go_on(void) {
  struct sigaction action = {.sa_handler = interrupt};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{.tv_usec = 2000}, {.tv_usec = 2000}};
  const struct itimerval never = {{0, 0}, {0, 0}};
  CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
  ftps_client *client = logged_in();
  for (int i = 0; i < 3; i++) {
    upload(client, "new", 300000);
    download(client, "new", 300000);
  }
  quit_and_free(client);
  CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
  CHECK(interruptions > 0);
}

MAIN({"reset_in_upload", reset_in_upload}, {"written_after_the_peer_closed", written_after_the_peer_closed},
     {"dispositions_stay", dispositions_stay}, {"interrupted_calls_go_on", interrupted_calls_go_on})
