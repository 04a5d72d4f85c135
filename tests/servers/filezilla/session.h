/* A look-alike of FileZilla Server 1.x, as far as an FTPS client can tell: see main.c. */
#ifndef SESSION_H
#define SESSION_H

/* For accept4, asprintf and basename. Every file includes this one first. */
#define _GNU_SOURCE

#include <limits.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What the command line says. */
struct options {
  const char *address;
  const char *port;
  bool implicit_tls;
  int tls_version; /* TLS1_2_VERSION or TLS1_3_VERSION */
  const char *certificate;
  const char *key;
  const char *root; /* the directory that is the user's "/" */
  const char *user;
  const char *password;
};

/* How far the data connection of the next transfer is. */
enum data_state {
  DATA_NONE,      /* no PASV or EPSV yet */
  DATA_LISTENING, /* nobody has connected yet */
  DATA_HANDSHAKE, /* connected, TLS under way */
  DATA_READY,     /* TLS stands and resumed the control connection's session */
  DATA_FAILED     /* closed again; `failure` says why */
};

struct data_connection {
  enum data_state state;
  int descriptor; /* the listening socket while DATA_LISTENING, then the connection */
  short events;   /* what the handshake waits for, as in poll() */
  SSL *ssl;
  const char *failure;
};

/* A control connection. It lives in a process of its own. */
struct session {
  const struct options *options;
  int control;
  SSL_CTX *tls; /* this session's own, and with it its ticket keys */
  SSL *ssl;     /* NULL before AUTH */
  char input[8192];
  size_t input_length;
  struct data_connection data;
  bool protected_data; /* PROT P */
  bool user_given;
  bool user_known;
  bool logged_in;
  bool ended;
  off_t restart;
  char directory[PATH_MAX]; /* as the client sees it, starting with "/" */
  char rename_from[PATH_MAX];
};

/* What ended a wait. */
enum wake { WAKE_DATA, WAKE_CONTROL, WAKE_ABORT, WAKE_TIMEOUT, WAKE_LOST };

/* control.c: the control connection. */
void session_run(struct session *session);
void reply(struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sends text as it is, for replies of several lines. */
void reply_text(struct session *session, const char *text, size_t length);
/* Waits for `events` on `descriptor`, and meanwhile for an ABOR of the client. */
enum wake wait_in_transfer(struct session *session, int descriptor, short events);
void poll_or_end(struct session *session, int descriptor, short events);

/* commands.c: one function a command. */
void command_run(struct session *session, char *line);

/* tls.c */
SSL_CTX *tls_context(const struct options *options);
bool tls_accept_control(struct session *session);
bool tls_issue_ticket(struct session *session);
/* One step of a data connection's handshake. */
void tls_step_data(struct session *session);

/* data.c: the data connection. */
bool data_listen(struct session *session, unsigned short *port);
/* Takes the connection, or brings its handshake forward. Called when the descriptor is ready. */
void data_progress(struct session *session);
void data_close(struct session *session);
/* Sends `length` bytes of memory, or from a file (-1: none), then the final reply. */
void data_send(struct session *session, const char *bytes, size_t length, int file);
void data_receive(struct session *session, int file);

/* files.c */
/* Turns a client's path into the one it would see after CWD. False where it is too long. */
bool path_resolve(const struct session *session, const char *argument, char path[PATH_MAX]);
/* The path on disk of a resolved one. */
bool path_on_disk(const struct session *session, const char *path, char disk[PATH_MAX]);
enum listing { LISTING_LONG, LISTING_NAMES, LISTING_FACTS };
/* A malloc'ed listing of a directory, or of a single file; NULL where there is none. */
char *list_path(const char *disk, enum listing kind, size_t *length);
/* The facts of a single file or directory: "type=file;size=5;modify=...; ". */
bool format_facts(const char *disk, char *facts, size_t size);
bool format_time(const char *disk, char *text, size_t size);

#endif
