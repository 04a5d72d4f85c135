// Pools, walks and mirrors.
#include "check.h"

#include <pthread.h>

static ftps_pool *new_pool(uint32_t maximum) {
  ftps_client *options = new_client();
  ftps_pool *pool;
  WORKS(options, ftps_client_new_pool(&pool, options, "user", "password"));
  EXPECT(FTPS_OK, ftps_client_free(options));
  EXPECT(FTPS_OK, ftps_pool_set_maximum(pool, maximum));
  EXPECT(FTPS_OK, ftps_pool_set_wait(pool, 20000));
  return pool;
}

static ftps_client *leased(ftps_pool *pool) {
  ftps_client *client;
  EXPECT(FTPS_OK, ftps_client_new(&client, "the pool knows where"));
  WORKS(client, ftps_client_lease(client, pool));
  return client;
}

static uint64_t counted(ftps_pool *pool, int which) {
  uint64_t value;
  EXPECT(FTPS_OK, ftps_pool_statistic(&value, pool, which));
  return value;
}

static void *upload_with_lease(void *pool) {
  ftps_client *client = leased(pool);
  char name[64];
  snprintf(name, sizeof name, "file-%p", (void *)client);
  upload(client, name, 1000);
  EXPECT(FTPS_OK, ftps_client_free(client));
  return NULL;
}

static void connections_are_lent(void) {
  ftps_pool *pool = new_pool(2);
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, upload_with_lease, pool) == 0);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(counted(pool, FTPS_POOL_OPENED) <= 2);
  CHECK(counted(pool, FTPS_POOL_IDLE) == counted(pool, FTPS_POOL_OPEN));
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_pool_set_maximum(pool, 5));

  ftps_client *closed = leased(pool);
  WORKS(closed, ftps_client_close(closed));
  EXPECT(FTPS_ERROR_CLOSED, ftps_client_noop(closed));
  EXPECT(FTPS_OK, ftps_client_free(closed));
  CHECK(counted(pool, FTPS_POOL_DISCARDED) == 1);

  // A client outlives the pool that it has its connection from.
  ftps_client *last = leased(pool);
  EXPECT(FTPS_OK, ftps_pool_free(pool));
  WORKS(last, ftps_client_noop(last));
  EXPECT(FTPS_OK, ftps_client_free(last));
}

static void a_wait_ends(void) {
  ftps_pool *pool = new_pool(1);
  EXPECT(FTPS_OK, ftps_pool_set_wait(pool, 50));
  ftps_client *first = leased(pool), *second;
  EXPECT(FTPS_OK, ftps_client_new(&second, ""));
  EXPECT(FTPS_ERROR_TIMEOUT, ftps_client_lease(second, pool));
  CHECK(*ftps_client_error_message(second) != '\0');
  ftps_cancel *cancel;
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  WORKS(second, ftps_client_set_cancel(second, cancel));
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_lease(second, pool));
  EXPECT(FTPS_OK, ftps_pool_close(pool));
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_lease(second, pool));
  EXPECT(FTPS_OK, ftps_client_free(first));
  CHECK(counted(pool, FTPS_POOL_OPEN) == 0);
  EXPECT(FTPS_OK, ftps_client_free(second));
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  EXPECT(FTPS_OK, ftps_pool_free(pool));
}

// What a walk shows, as "path " for each entry, and how many problems.
struct seen {
  char paths[400];
  int problems;
  const char *skipped;
};

static int see(const char *path, const ftps_entry *entry, const char *problem, void *userdata) {
  struct seen *seen = userdata;
  CHECK((entry == NULL) != (problem == NULL));
  if (entry == NULL) {
    seen->problems++;
    return FTPS_STEP_ON;
  }
  strcat(strcat(seen->paths, path), " ");
  return seen->skipped != NULL && strcmp(path, seen->skipped) == 0 ? FTPS_STEP_OVER : FTPS_STEP_ON;
}

static int stop_at_once(const char *path, const ftps_entry *entry, const char *problem, void *userdata) {
  (void)path, (void)entry, (void)problem, (void)userdata;
  return 2;
}

static void a_tree_is_walked_and_deleted(void) {
  ftps_client *client = logged_in();
  struct seen all = {.paths = ""}, skipping = {.paths = "", .skipped = "/t/d"}, found = {.paths = ""};
  WORKS(client, ftps_client_walk(client, "/t", see, &all));
  SAME_TEXT("/t/a /t/d /t/d/b.csv /t/e.csv ", all.paths);
  WORKS(client, ftps_client_walk(client, "/t", see, &skipping));
  SAME_TEXT("/t/a /t/d /t/e.csv ", skipping.paths);
  WORKS(client, ftps_client_glob(client, "/t/**/*.csv", see, &found));
  SAME_TEXT("/t/d/b.csv /t/e.csv ", found.paths);
  CHECK(all.problems + skipping.problems + found.problems == 0);
  EXPECT(FTPS_ERROR_CANCELLED, ftps_client_walk(client, "/t", stop_at_once, NULL));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_glob(client, "[", see, &found));
  uint64_t deleted;
  WORKS(client, ftps_client_delete_tree(&deleted, client, "/t", NULL, NULL));
  CHECK(deleted == 5);
  EXPECT(FTPS_ERROR_REFUSED, ftps_client_delete_tree(&deleted, client, "/t", see, &all));
  CHECK(deleted == 0 && all.problems == 2);
  quit_and_free(client);
}

struct progress {
  size_t over, files_over;
};

static int see_progress(const char *path, uint64_t moved, int over, size_t files_over, size_t files, uint64_t bytes_moved,
                        uint64_t bytes, void *userdata) {
  struct progress *progress = userdata;
  (void)path, (void)moved;
  CHECK(files_over <= files && bytes_moved <= bytes);
  progress->over += (size_t)over;
  progress->files_over = files_over;
  return 0;
}

static int stop_progress(const char *path, uint64_t moved, int over, size_t files_over, size_t files,
                         uint64_t bytes_moved, uint64_t bytes, void *userdata) {
  (void)path, (void)moved, (void)over, (void)files_over, (void)files, (void)bytes_moved, (void)bytes, (void)userdata;
  return 1;
}

static ftps_plan *planned(ftps_client *client, ftps_mirror *mirror) {
  ftps_plan *plan;
  WORKS(client, ftps_client_plan(&plan, client, mirror));
  return plan;
}

static void a_tree_is_mirrored(void) {
  ftps_pool *pool = new_pool(2);
  ftps_client *client = leased(pool);
  ftps_mirror *mirror;
  EXPECT(FTPS_OK, ftps_mirror_new(&mirror, FTPS_DOWNLOAD, local_file("copy"), "/t"));
  EXPECT(FTPS_OK, ftps_mirror_exclude(mirror, "a"));
  ftps_plan *plan = planned(client, mirror);
  SAME_TEXT("create directory .: missing\ncreate directory d: missing\ndownload d/b.csv (3 bytes): missing\n"
            "download e.csv (3 bytes): missing\n", ftps_plan_text(plan));
  CHECK(ftps_plan_count(plan) == 5 && ftps_plan_problem_count(plan) == 0 && ftps_plan_problem(plan, 0) == NULL);
  int action;
  int64_t size;
  const char *reason;
  int downloads = 0;
  for (size_t i = 0; i < ftps_plan_count(plan); i++) {
    const char *path = ftps_plan_step(&action, &size, &reason, plan, i);
    CHECK(path != NULL && *reason != '\0');
    downloads += action == FTPS_ACTION_DOWNLOAD && size == 3;
  }
  CHECK(downloads == 2 && ftps_plan_step(NULL, NULL, NULL, plan, 5) == NULL);

  struct progress progress = {0, 0};
  ftps_report *report;
  EXPECT(FTPS_OK, ftps_pool_execute(&report, pool, plan, 0, FTPS_ON_FAILURE_CONTINUE, NULL, see_progress, &progress));
  CHECK(progress.over == 4 && progress.files_over == 2);
  CHECK(ftps_report_number(report, FTPS_REPORT_FILES) == 2 && ftps_report_number(report, FTPS_REPORT_BYTES) == 6);
  CHECK(ftps_report_number(report, FTPS_REPORT_FAILED) == 0 && ftps_report_number(report, FTPS_REPORT_NOT_DONE) == 0);
  CHECK(ftps_report_number(report, FTPS_REPORT_SKIPPED) == 1 && ftps_report_failure(NULL, report, 0) == NULL);
  EXPECT(FTPS_OK, ftps_report_free(report));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_pool_execute(&report, pool, plan, 0, 0, NULL, NULL, NULL));
  CHECK(report == NULL);
  EXPECT(FTPS_OK, ftps_plan_free(plan));

  plan = planned(client, mirror);
  SAME_TEXT("", ftps_plan_text(plan));
  EXPECT(FTPS_OK, ftps_plan_free(plan));

  // Everything once more, over the one connection, and stopped.
  EXPECT(FTPS_OK, ftps_mirror_set_compare(mirror, FTPS_COMPARE_NOTHING));
  plan = planned(client, mirror);
  WORKS(client, ftps_client_execute(&report, client, plan, FTPS_ON_FAILURE_STOP, stop_progress, NULL));
  CHECK(ftps_report_number(report, FTPS_REPORT_FILES) + ftps_report_number(report, FTPS_REPORT_FAILED) +
            ftps_report_number(report, FTPS_REPORT_NOT_DONE) == 2);
  CHECK(strstr(ftps_report_text(report), "stopped by the progress callback") != NULL);
  EXPECT(FTPS_OK, ftps_report_free(report));
  EXPECT(FTPS_OK, ftps_plan_free(plan));
  EXPECT(FTPS_OK, ftps_mirror_free(mirror));
  EXPECT(FTPS_OK, ftps_client_free(client));
  EXPECT(FTPS_OK, ftps_pool_free(pool));
}

static void what_fails_is_reported(void) {
  ftps_client *client = logged_in();
  ftps_mirror *mirror;
  EXPECT(FTPS_OK, ftps_mirror_new(&mirror, FTPS_DOWNLOAD, local_file("copy"), "/t"));
  ftps_plan *plan = planned(client, mirror);
  ftps_report *report;
  WORKS(client, ftps_client_execute(&report, client, plan, FTPS_ON_FAILURE_CONTINUE, NULL, NULL));
  int status;
  CHECK(ftps_report_number(report, FTPS_REPORT_FAILED) == 1);
  CHECK(strstr(ftps_report_failure(&status, report, 0), "550") != NULL && status == FTPS_ERROR_REFUSED);
  CHECK(strstr(ftps_report_text(report), ftps_report_failure(NULL, report, 0)) != NULL);
  EXPECT(FTPS_OK, ftps_report_free(report));
  EXPECT(FTPS_OK, ftps_plan_free(plan));
  EXPECT(FTPS_OK, ftps_mirror_free(mirror));
  quit_and_free(client);
}

static void a_mirror_takes_options(void) {
  ftps_mirror *mirror = NULL;
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_mirror_new(&mirror, 7, "here", "/there"));
  EXPECT(FTPS_ERROR_NULL, ftps_mirror_new(&mirror, FTPS_UPLOAD, NULL, "/there"));
  EXPECT(FTPS_ERROR_NULL, ftps_mirror_new(&mirror, FTPS_UPLOAD, "here", NULL));
  CHECK(mirror == NULL);
  EXPECT(FTPS_OK, ftps_mirror_new(&mirror, FTPS_UPLOAD, "here", "/there"));
  EXPECT(FTPS_OK, ftps_mirror_set_compare(mirror, FTPS_COMPARE_SIZE));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_mirror_set_compare(mirror, 4));
  EXPECT(FTPS_OK, ftps_mirror_set_tolerance(mirror, 2));
  EXPECT(FTPS_OK, ftps_mirror_set_delete_extraneous(mirror, 1));
  EXPECT(FTPS_OK, ftps_mirror_set_atomic_uploads(mirror, 0));
  EXPECT(FTPS_OK, ftps_mirror_include(mirror, "*.csv"));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_mirror_include(mirror, "["));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_mirror_exclude(mirror, "["));
  EXPECT(FTPS_ERROR_NULL, ftps_mirror_include(mirror, NULL));
  EXPECT(FTPS_ERROR_NULL, ftps_mirror_exclude(mirror, NULL));
  EXPECT(FTPS_OK, ftps_mirror_free(mirror));
}

MAIN({"connections_are_lent", connections_are_lent}, {"a_wait_ends", a_wait_ends},
     {"a_tree_is_walked_and_deleted", a_tree_is_walked_and_deleted}, {"a_tree_is_mirrored", a_tree_is_mirrored},
     {"what_fails_is_reported", what_fails_is_reported}, {"a_mirror_takes_options", a_mirror_takes_options})
