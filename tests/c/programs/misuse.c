// What a caller does wrong is answered by a status, never by a crash.
#include "calls.h"

#include <pthread.h>
#include <semaphore.h>

// A function without a client: `holds` says whether NULL gets what is documented.
struct other {
  const char *name;
  int (*holds)(void);
};

#define OTHER(function, condition) \
  static int other_##function(void) { return condition; }

OTHER(abi_version, ftps_abi_version() == FTPS_ABI_VERSION)
OTHER(version, *ftps_version() != '\0')
OTHER(status_text, *ftps_status_text(-1) != '\0' && *ftps_status_text(1000) != '\0')
OTHER(client_new, ftps_client_new(NULL, "host") == FTPS_ERROR_NULL)
OTHER(cancel_new, ftps_cancel_new(NULL) == FTPS_ERROR_NULL)
OTHER(cancel_set, ftps_cancel_set(NULL) == FTPS_ERROR_NULL)
OTHER(cancel_reset, ftps_cancel_reset(NULL) == FTPS_ERROR_NULL)
OTHER(cancel_free, ftps_cancel_free(NULL) == FTPS_ERROR_NULL)
OTHER(listing_free, ftps_listing_free(NULL) == FTPS_ERROR_NULL)
OTHER(listing_count, ftps_listing_count(NULL) == 0)
OTHER(listing_entry, ftps_listing_entry(NULL, 0) == NULL)
OTHER(listing_unparsed_count, ftps_listing_unparsed_count(NULL) == 0)
OTHER(listing_unparsed, ftps_listing_unparsed(NULL, NULL, 0) == NULL)
OTHER(entry_name, ftps_entry_name(NULL) == NULL)
OTHER(entry_raw, ftps_entry_raw(NULL, NULL) == NULL)
OTHER(entry_kind, ftps_entry_kind(NULL) == FTPS_KIND_UNKNOWN)
OTHER(entry_size, ftps_entry_size(NULL) == -1)
OTHER(entry_modified, ftps_entry_modified(NULL, NULL, NULL, NULL) == FTPS_PRECISION_NONE)
OTHER(entry_link_target, ftps_entry_link_target(NULL) == NULL)
OTHER(entry_owner, ftps_entry_owner(NULL) == NULL)
OTHER(entry_group, ftps_entry_group(NULL) == NULL)
OTHER(entry_permissions, ftps_entry_permissions(NULL) == NULL)
OTHER(entry_unique, ftps_entry_unique(NULL) == NULL)
OTHER(entry_fact, ftps_entry_fact(NULL, "size") == NULL)
OTHER(pool_free, ftps_pool_free(NULL) == FTPS_ERROR_NULL)
OTHER(pool_set_maximum, ftps_pool_set_maximum(NULL, 1) == FTPS_ERROR_NULL)
OTHER(pool_set_wait, ftps_pool_set_wait(NULL, 1) == FTPS_ERROR_NULL)
OTHER(pool_set_check_after, ftps_pool_set_check_after(NULL, 1) == FTPS_ERROR_NULL)
OTHER(pool_set_expire_after, ftps_pool_set_expire_after(NULL, 1) == FTPS_ERROR_NULL)
OTHER(pool_statistic, ftps_pool_statistic(NULL, NULL, FTPS_POOL_OPEN) == FTPS_ERROR_NULL)
OTHER(pool_close_expired, ftps_pool_close_expired(NULL) == FTPS_ERROR_NULL)
OTHER(pool_close, ftps_pool_close(NULL) == FTPS_ERROR_NULL)
OTHER(pool_execute, ftps_pool_execute(NULL, NULL, NULL, 0, 0, NULL, NULL, NULL) == FTPS_ERROR_NULL)
OTHER(mirror_new, ftps_mirror_new(NULL, FTPS_UPLOAD, "", "") == FTPS_ERROR_NULL)
OTHER(mirror_free, ftps_mirror_free(NULL) == FTPS_ERROR_NULL)
OTHER(mirror_set_compare, ftps_mirror_set_compare(NULL, 0) == FTPS_ERROR_NULL)
OTHER(mirror_set_tolerance, ftps_mirror_set_tolerance(NULL, 0) == FTPS_ERROR_NULL)
OTHER(mirror_set_delete_extraneous, ftps_mirror_set_delete_extraneous(NULL, 0) == FTPS_ERROR_NULL)
OTHER(mirror_set_atomic_uploads, ftps_mirror_set_atomic_uploads(NULL, 0) == FTPS_ERROR_NULL)
OTHER(mirror_include, ftps_mirror_include(NULL, "*") == FTPS_ERROR_NULL)
OTHER(mirror_exclude, ftps_mirror_exclude(NULL, "*") == FTPS_ERROR_NULL)
OTHER(plan_free, ftps_plan_free(NULL) == FTPS_ERROR_NULL)
OTHER(plan_text, *ftps_plan_text(NULL) == '\0')
OTHER(plan_count, ftps_plan_count(NULL) == 0)
OTHER(plan_step, ftps_plan_step(NULL, NULL, NULL, NULL, 0) == NULL)
OTHER(plan_problem_count, ftps_plan_problem_count(NULL) == 0)
OTHER(plan_problem, ftps_plan_problem(NULL, 0) == NULL)
OTHER(report_number, ftps_report_number(NULL, FTPS_REPORT_FILES) == 0)
OTHER(report_text, *ftps_report_text(NULL) == '\0')
OTHER(report_failure, ftps_report_failure(NULL, NULL, 0) == NULL)
OTHER(report_free, ftps_report_free(NULL) == FTPS_ERROR_NULL)

static const struct other others[] = {
    {"ftps_abi_version", other_abi_version},
    {"ftps_version", other_version},
    {"ftps_status_text", other_status_text},
    {"ftps_client_new", other_client_new},
    {"ftps_cancel_new", other_cancel_new},
    {"ftps_cancel_set", other_cancel_set},
    {"ftps_cancel_reset", other_cancel_reset},
    {"ftps_cancel_free", other_cancel_free},
    {"ftps_listing_free", other_listing_free},
    {"ftps_listing_count", other_listing_count},
    {"ftps_listing_entry", other_listing_entry},
    {"ftps_listing_unparsed_count", other_listing_unparsed_count},
    {"ftps_listing_unparsed", other_listing_unparsed},
    {"ftps_entry_name", other_entry_name},
    {"ftps_entry_raw", other_entry_raw},
    {"ftps_entry_kind", other_entry_kind},
    {"ftps_entry_size", other_entry_size},
    {"ftps_entry_modified", other_entry_modified},
    {"ftps_entry_link_target", other_entry_link_target},
    {"ftps_entry_owner", other_entry_owner},
    {"ftps_entry_group", other_entry_group},
    {"ftps_entry_permissions", other_entry_permissions},
    {"ftps_entry_unique", other_entry_unique},
    {"ftps_entry_fact", other_entry_fact},
    {"ftps_pool_free", other_pool_free},
    {"ftps_pool_set_maximum", other_pool_set_maximum},
    {"ftps_pool_set_wait", other_pool_set_wait},
    {"ftps_pool_set_check_after", other_pool_set_check_after},
    {"ftps_pool_set_expire_after", other_pool_set_expire_after},
    {"ftps_pool_statistic", other_pool_statistic},
    {"ftps_pool_close_expired", other_pool_close_expired},
    {"ftps_pool_close", other_pool_close},
    {"ftps_pool_execute", other_pool_execute},
    {"ftps_mirror_new", other_mirror_new},
    {"ftps_mirror_free", other_mirror_free},
    {"ftps_mirror_set_compare", other_mirror_set_compare},
    {"ftps_mirror_set_tolerance", other_mirror_set_tolerance},
    {"ftps_mirror_set_delete_extraneous", other_mirror_set_delete_extraneous},
    {"ftps_mirror_set_atomic_uploads", other_mirror_set_atomic_uploads},
    {"ftps_mirror_include", other_mirror_include},
    {"ftps_mirror_exclude", other_mirror_exclude},
    {"ftps_plan_free", other_plan_free},
    {"ftps_plan_text", other_plan_text},
    {"ftps_plan_count", other_plan_count},
    {"ftps_plan_step", other_plan_step},
    {"ftps_plan_problem_count", other_plan_problem_count},
    {"ftps_plan_problem", other_plan_problem},
    {"ftps_report_number", other_report_number},
    {"ftps_report_text", other_report_text},
    {"ftps_report_failure", other_report_failure},
    {"ftps_report_free", other_report_free},
};

static const size_t other_count = sizeof others / sizeof *others;

static void print_names(void) {
  for (size_t i = 0; i < call_count; i++) puts(calls[i].name);
  for (size_t i = 0; i < accessor_count; i++) puts(accessors[i].name);
  for (size_t i = 0; i < other_count; i++) puts(others[i].name);
}

static void null_handles(void) {
  expect_out_of_reach(NULL, FTPS_ERROR_NULL);
  for (size_t i = 0; i < other_count; i++) {
    if (!others[i].holds()) check_failed(__FILE__, __LINE__, others[i].name, "NULL");
  }
}

static ftps_client *client_for_nobody(void) {
  ftps_client *client;
  EXPECT(FTPS_OK, ftps_client_new(&client, "127.0.0.1"));
  EXPECT(FTPS_OK, ftps_client_set_port(client, 1));
  return client;
}

static void unconnected(void) {
  for (size_t i = 0; i < call_count; i++) {
    ftps_client *client = client_for_nobody();
    expect(__FILE__, __LINE__, calls[i].name, calls[i].unconnected, calls[i].make(client), client);
    if (calls[i].make == call_free) continue;
    int status = calls[i].unconnected;
    CHECK(ftps_client_error_status(client) == status);
    CHECK((*ftps_client_error_message(client) == '\0') == (status == FTPS_OK));
    EXPECT(FTPS_OK, ftps_client_free(client));
  }
}

static void expect_closed(ftps_client *client) {
  for (size_t i = 0; i < call_count; i++) {
    if (calls[i].make == call_free) continue;
    int status = calls[i].make == call_close ? FTPS_OK : FTPS_ERROR_CLOSED;
    expect(__FILE__, __LINE__, calls[i].name, status, calls[i].make(client), client);
    CHECK(ftps_client_error_status(client) == status);
    CHECK((*ftps_client_error_message(client) == '\0') == (status == FTPS_OK));
  }
  EXPECT(FTPS_OK, ftps_client_free(client));
}

static void closed(void) {
  ftps_client *unconnected = client_for_nobody();
  WORKS(unconnected, ftps_client_close(unconnected));
  expect_closed(unconnected);

  ftps_client *idle = logged_in();
  WORKS(idle, ftps_client_close(idle));
  expect_closed(idle);

  ftps_client *transferring = logged_in();
  WORKS(transferring, ftps_client_open_download(transferring, "file", 0));
  WORKS(transferring, ftps_client_close(transferring));
  expect_closed(transferring);

  ftps_client *gone = logged_in();
  WORKS(gone, ftps_client_quit(gone));
  CHECK(ftps_client_reply_code(gone) != 0);
  expect_closed(gone);
}

// A download that stands still after its first bytes, on a thread of its own.
struct stalled {
  ftps_client *client;
  sem_t began;
  int status;
};

static int tell_that_it_began(const void *bytes, size_t size, void *userdata) {
  (void)bytes, (void)size;
  sem_post(&((struct stalled *)userdata)->began);
  return 0;
}

static void *download_stalled(void *userdata) {
  struct stalled *stalled = userdata;
  uint64_t moved;
  stalled->status = ftps_client_download_to(&moved, stalled->client, "file", tell_that_it_began, NULL, stalled);
  return NULL;
}

static void busy(void) {
  ftps_cancel *cancel;
  EXPECT(FTPS_OK, ftps_cancel_new(&cancel));
  struct stalled stalled = {.client = logged_in(), .status = -1};
  WORKS(stalled.client, ftps_client_set_cancel(stalled.client, cancel));
  CHECK(sem_init(&stalled.began, 0, 0) == 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, download_stalled, &stalled) == 0);
  CHECK(sem_wait(&stalled.began) == 0);

  expect_out_of_reach(stalled.client, FTPS_ERROR_BUSY);

  EXPECT(FTPS_OK, ftps_cancel_set(cancel));
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(stalled.status == FTPS_ERROR_CANCELLED);
  EXPECT(FTPS_OK, ftps_cancel_reset(cancel));
  WORKS(stalled.client, ftps_client_noop(stalled.client));
  quit_and_free(stalled.client);
  EXPECT(FTPS_OK, ftps_cancel_free(cancel));
  sem_destroy(&stalled.began);
}

// The client whose callbacks call it again, and how often each kind of callback did.
struct reentered {
  ftps_client *client;
  struct cursor cursor;
  int progress, source, sink, item, dialogue, log;
};

static void enter_again(struct reentered *reentered, int *count) {
  // Once of each kind is enough.
  if ((*count)++ == 0) expect_out_of_reach(reentered->client, FTPS_ERROR_BUSY);
}

static int progress_again(uint64_t moved, void *userdata) {
  struct reentered *reentered = userdata;
  (void)moved;
  enter_again(reentered, &reentered->progress);
  return 0;
}
static int64_t source_again(void *buffer, size_t size, void *userdata) {
  struct reentered *reentered = userdata;
  enter_again(reentered, &reentered->source);
  return give(buffer, size, &reentered->cursor);
}
static int sink_again(const void *bytes, size_t size, void *userdata) {
  struct reentered *reentered = userdata;
  enter_again(reentered, &reentered->sink);
  return take(bytes, size, &reentered->cursor);
}
static int item_again(const ftps_entry *entry, const char *line, size_t length, void *userdata) {
  struct reentered *reentered = userdata;
  (void)entry, (void)line, (void)length;
  enter_again(reentered, &reentered->item);
  return 0;
}
static void dialogue_again(int received, const char *line, void *userdata) {
  struct reentered *reentered = userdata;
  (void)received, (void)line;
  enter_again(reentered, &reentered->dialogue);
}
static void log_again(int level, const char *line, void *userdata) {
  struct reentered *reentered = userdata;
  (void)level, (void)line;
  enter_again(reentered, &reentered->log);
}

static void reentered(void) {
  struct reentered state = {.client = new_client(), .cursor = {0, 1000}};
  ftps_client *client = state.client;
  WORKS(client, ftps_client_set_dialogue(client, dialogue_again, &state));
  WORKS(client, ftps_client_set_log(client, log_again, FTPS_LOG_DEBUG, &state));
  logged_in_with(client);
  WORKS(client, ftps_client_upload_from(NULL, client, "new", source_again, progress_again, &state));
  CHECK(state.progress > 0);
  state.progress = 0;
  state.cursor.done = 0;
  WORKS(client, ftps_client_download_to(NULL, client, "new", sink_again, progress_again, &state));
  WORKS(client, ftps_client_list_each(client, NULL, item_again, &state));
  CHECK(state.progress > 0 && state.source > 0 && state.sink > 0 && state.item > 0);
  CHECK(state.dialogue > 0 && state.log > 0);
  quit_and_free(client);
}

static int free_the_client(uint64_t moved, void *userdata) {
  (void)moved;
  EXPECT(FTPS_ERROR_BUSY, ftps_client_free(*(ftps_client **)userdata));
  return 0;
}

static void freed_inside_a_callback(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_download_file(NULL, client, "file", local_file("copy"), free_the_client, &client));
  CHECK(ftps_client_reply_code(client) != 0);
  download(client, "file", 100000);
  quit_and_free(client);
}

MAIN({"names", print_names}, {"null_handles", null_handles}, {"unconnected", unconnected}, {"closed", closed},
     {"busy", busy}, {"reentered", reentered}, {"freed_inside_a_callback", freed_inside_a_callback})
