// Log and dialogue belong to a client, and tell no password.
#include "check.h"

#include <pthread.h>

static const char SECRET[] = "s3cret-pass";

// What one client's observers saw.
struct seen {
  const char *own, *foreign;  // words of this client's paths, and of another's
  pthread_t thread;
  int lines, own_lines, levels;
};

static void look(struct seen *seen, const char *line) {
  CHECK(pthread_equal(seen->thread, pthread_self()));
  CHECK(strstr(line, SECRET) == NULL);
  CHECK(strstr(line, seen->foreign) == NULL);
  CHECK(*line == '\0' || line[strlen(line) - 1] != '\n');
  seen->own_lines += strstr(line, seen->own) != NULL;
  seen->lines++;
}

static void on_log(int level, const char *line, void *userdata) {
  struct seen *seen = userdata;
  CHECK(level >= FTPS_LOG_ERROR && level <= FTPS_LOG_DEBUG);
  seen->levels |= 1 << level;
  look(seen, line);
}

static void on_dialogue(int received, const char *line, void *userdata) {
  CHECK(received == 0 || received == 1);
  look(userdata, line);
}

static ftps_client *observed(struct seen *log, struct seen *dialogue) {
  ftps_client *client = new_client();
  log->thread = dialogue->thread = pthread_self();
  WORKS(client, ftps_client_set_log(client, on_log, FTPS_LOG_DEBUG, log));
  WORKS(client, ftps_client_set_dialogue(client, on_dialogue, dialogue));
  WORKS(client, ftps_client_connect(client));
  EXPECT(FTPS_ERROR_LOGIN_REFUSED, ftps_client_login(client, "user", "s3cret-pass-not"));
  WORKS(client, ftps_client_login(client, "secretive", SECRET));
  return client;
}

struct words {
  const char *own, *foreign;
};

static void *work(void *userdata) {
  const struct words *words = userdata;
  struct seen log = {.own = words->own, .foreign = words->foreign};
  struct seen dialogue = log;
  ftps_client *client = observed(&log, &dialogue);
  for (int i = 0; i < 5; i++) {
    upload(client, words->own, 5000);
    download(client, words->own, 5000);
    WORKS(client, ftps_client_delete(client, words->own));
  }
  quit_and_free(client);
  CHECK(log.own_lines >= 15 && dialogue.own_lines >= 15);
  CHECK(log.levels & (1 << FTPS_LOG_DEBUG));
  return NULL;
}

static void two_threads(void) {
  struct words alpha = {"alpha", "omega"};
  struct words omega = {"omega", "alpha"};
  pthread_t threads[2];
  CHECK(pthread_create(&threads[0], NULL, work, &alpha) == 0);
  CHECK(pthread_create(&threads[1], NULL, work, &omega) == 0);
  for (int i = 0; i < 2; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

// A client that is used inside another one's callback keeps its lines to itself, to its very end.
static int use_inner(uint64_t moved, void *userdata) {
  (void)moved;
  work(userdata);
  return 0;
}

static void one_inside_the_other(void) {
  struct words omega = {"omega", "alpha"};
  struct seen log = {.own = "alpha", .foreign = "omega"};
  struct seen dialogue = log;
  ftps_client *client = observed(&log, &dialogue);
  WORKS(client, ftps_client_upload_file(NULL, client, given("FTPS_TEST_CA"), "alpha", use_inner, &omega));
  int before = log.own_lines;
  WORKS(client, ftps_client_delete(client, "alpha"));
  CHECK(log.own_lines > before);
  quit_and_free(client);
}

// What is set takes the place of what was, and NULL ends it.
static void replaced_and_ended(void) {
  struct seen log = {.own = "alpha", .foreign = "omega"};
  struct seen dialogue = log;
  ftps_client *client = observed(&log, &dialogue);
  struct seen other_log = log;
  struct seen other_dialogue = dialogue;
  WORKS(client, ftps_client_set_log(client, on_log, FTPS_LOG_ERROR, &other_log));
  WORKS(client, ftps_client_set_dialogue(client, on_dialogue, &other_dialogue));
  WORKS(client, ftps_client_noop(client));
  CHECK(other_dialogue.lines == dialogue.lines + 2);
  // Nothing of this is an error.
  CHECK(other_log.lines == log.lines);
  WORKS(client, ftps_client_set_log(client, NULL, 0, NULL));
  WORKS(client, ftps_client_set_dialogue(client, NULL, NULL));
  int lines = other_dialogue.lines;
  WORKS(client, ftps_client_noop(client));
  CHECK(other_dialogue.lines == lines);
  quit_and_free(client);
}

MAIN({"two_threads", two_threads}, {"one_inside_the_other", one_inside_the_other},
     {"replaced_and_ended", replaced_and_ended})
