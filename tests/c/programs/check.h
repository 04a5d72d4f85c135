// What every test program uses: checks that end the program, and clients for the server that the driver started.
#ifndef CHECK_H
#define CHECK_H

#include <ftps.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Ends the program unless `condition` holds.
#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition, NULL))

// Ends the program unless `call` returns `status`.
#define EXPECT(status, call) expect(__FILE__, __LINE__, #call, (status), (call), NULL)

// Ends the program with the client's message unless `call`, on `client`, returns FTPS_OK.
#define WORKS(client, call) expect(__FILE__, __LINE__, #call, FTPS_OK, (call), (client))

// Ends the program unless the texts are the same.
#define SAME_TEXT(wanted, text) same_text(__FILE__, __LINE__, (wanted), (text))

// One case of a program: `program case` runs it.
struct test_case {
  const char *name;
  void (*run)(void);
};

static inline void check_failed(const char *file, int line, const char *what, const char *why) {
  fprintf(stderr, "%s:%d: %s%s%s\n", file, line, what, why ? ": " : "", why ? why : "");
  _exit(1);
}

static inline void expect(const char *file, int line, const char *call, int wanted, int status,
                          const ftps_client *client) {
  if (status == wanted) return;
  char why[600];
  snprintf(why, sizeof why, "%d (%s) in place of %d; %s", status, ftps_status_text(status), wanted,
           client ? ftps_client_error_message(client) : "");
  check_failed(file, line, call, why);
}

static inline void same_text(const char *file, int line, const char *wanted, const char *text) {
  if (text != NULL && strcmp(wanted, text) == 0) return;
  char why[600];
  snprintf(why, sizeof why, "\"%s\" in place of \"%s\"", text ? text : "(NULL)", wanted);
  check_failed(file, line, "text", why);
}

// What the driver says in the environment.
static inline const char *given(const char *name) {
  const char *value = getenv(name);
  if (value == NULL) check_failed(__FILE__, __LINE__, name, "is not in the environment");
  return value;
}

static inline int tls_version_wanted(void) { return atoi(given("FTPS_TEST_TLS")); }

// `name` in the folder of this run; valid until the next call.
static inline const char *local_file(const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", given("FTPS_TEST_FOLDER"), name);
  return path;
}

// A client for the driver's server, whose authority it trusts; not connected yet.
static inline ftps_client *new_client(void) {
  ftps_client *client;
  EXPECT(FTPS_OK, ftps_client_new(&client, "127.0.0.1"));
  WORKS(client, ftps_client_set_port(client, (uint16_t)atoi(given("FTPS_TEST_PORT"))));
  WORKS(client, ftps_client_set_security(client, atoi(given("FTPS_TEST_SECURITY"))));
  WORKS(client, ftps_client_set_tls_versions(client, tls_version_wanted(), tls_version_wanted()));
  WORKS(client, ftps_client_set_platform_roots(client, 0));
  WORKS(client, ftps_client_add_roots_file(client, given("FTPS_TEST_CA")));
  return client;
}

static inline ftps_client *logged_in_with(ftps_client *client) {
  WORKS(client, ftps_client_connect(client));
  WORKS(client, ftps_client_login(client, "user", "password"));
  return client;
}

static inline ftps_client *logged_in(void) { return logged_in_with(new_client()); }

static inline void quit_and_free(ftps_client *client) {
  WORKS(client, ftps_client_quit(client));
  EXPECT(FTPS_OK, ftps_client_free(client));
}

// Byte number `index` of the contents that all tests use.
static inline unsigned char content_byte(size_t index) { return (unsigned char)(index * 7 % 251); }

static inline void fill(unsigned char *bytes, size_t size, size_t offset) {
  for (size_t i = 0; i < size; i++) bytes[i] = content_byte(offset + i);
}

static inline int is_content(const unsigned char *bytes, size_t size, size_t offset) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != content_byte(offset + i)) return 0;
  }
  return 1;
}

// A local file of this many bytes of the contents.
static inline void write_local(const char *path, size_t size) {
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  for (size_t i = 0; i < size; i++) fputc(content_byte(i), file);
  CHECK(fclose(file) == 0);
}

// That there is one.
static inline void expect_local(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL);
  for (size_t i = 0; i < size; i++) CHECK(fgetc(file) == content_byte(i));
  CHECK(fgetc(file) == EOF);
  fclose(file);
}

// How far a callback came in the contents, and where they end.
struct cursor {
  size_t done;
  size_t size;
};

// A source: gives the contents.
static inline int64_t give(void *buffer, size_t size, void *userdata) {
  struct cursor *cursor = userdata;
  size_t left = cursor->size - cursor->done;
  size_t count = left < size ? left : size;
  fill(buffer, count, cursor->done);
  cursor->done += count;
  return (int64_t)count;
}

// A sink: takes the contents, and nothing else.
static inline int take(const void *bytes, size_t size, void *userdata) {
  struct cursor *cursor = userdata;
  if (!is_content(bytes, size, cursor->done)) return 1;
  cursor->done += size;
  return 0;
}

static inline void upload(ftps_client *client, const char *path, size_t size) {
  struct cursor cursor = {0, size};
  uint64_t moved;
  WORKS(client, ftps_client_upload_from(&moved, client, path, give, NULL, &cursor));
  CHECK(moved == size);
}

static inline void download(ftps_client *client, const char *path, size_t size) {
  struct cursor cursor = {0, size};
  uint64_t moved;
  WORKS(client, ftps_client_download_to(&moved, client, path, take, NULL, &cursor));
  CHECK(moved == size && cursor.done == size);
}

static inline double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// A main function around a table of cases.
static inline int run_case(int count, char **arguments, const struct test_case *cases) {
  for (const struct test_case *known = cases; count == 2 && known->name != NULL; known++) {
    if (strcmp(known->name, arguments[1]) == 0) {
      known->run();
      return 0;
    }
  }
  fprintf(stderr, "no such case\n");
  return 2;
}

#define MAIN(...)                                                    \
  int main(int count, char **arguments) {                            \
    const struct test_case cases[] = {__VA_ARGS__, {NULL, NULL}};    \
    return run_case(count, arguments, cases);                        \
  }

#endif
