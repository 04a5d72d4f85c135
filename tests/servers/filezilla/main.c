/* A look-alike of FileZilla Server 1.x, for testing FTPS clients against its one hard habit:
 * data connections must resume the TLS session of their own control connection.
 *
 * usage: filezilla-look-alike ADDRESS PORT explicit|implicit TLSv1.2|TLSv1.3 CERTIFICATE KEY ROOT USER PASSWORD
 *
 * What it takes over from the original (1.9):
 * - every control connection has ticket keys of its own; with TLS 1.3 it gets no ticket at login, and one
 *   just before each reply to PASV, EPSV, PORT and EPRT; data connections get none;
 * - the handshake of a data connection starts as soon as it is accepted, also before the transfer command;
 * - 150 comes before the handshake is over; a data connection that did not resume is closed and answered with
 *   "425 Unable to build data connection: TLS session of data connection not resumed.";
 * - an upload must end with close_notify; STOR truncates the file before any of this;
 * - its replies, word by word.
 *
 * Every TLS handshake is a line on stderr: "control handshake: full TLSv1.3", "data handshake: resumed TLSv1.3".
 */
#include "session.h"

#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int listen_on(const struct options *options) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  struct addrinfo *address;
  int error = getaddrinfo(options->address, options->port, &hints, &address);
  if (error != 0) {
    fprintf(stderr, "%s %s: %s\n", options->address, options->port, gai_strerror(error));
    exit(1);
  }
  int listener = socket(address->ai_family, SOCK_STREAM, 0);
  int on = 1;
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(listener, address->ai_addr, address->ai_addrlen) != 0 || listen(listener, 128) != 0)
    die("listen");
  freeaddrinfo(address);
  return listener;
}

static void serve(const struct options *options, int listener) {
  for (;;) {
    int control = accept(listener, NULL, NULL);
    if (control < 0)
      continue;
    pid_t child = fork();
    if (child < 0)
      perror("fork");
    if (child == 0) {
      close(listener);
      struct session session = {.options = options, .control = control, .directory = "/"};
      session_run(&session);
      exit(0);
    }
    close(control);
  }
}

int main(int argc, char **argv) {
  if (argc != 10) {
    fprintf(stderr, "usage: %s ADDRESS PORT explicit|implicit TLSv1.2|TLSv1.3 CERTIFICATE KEY ROOT USER PASSWORD\n",
            argv[0]);
    return 2;
  }
  struct options options = {
      .address = argv[1],
      .port = argv[2],
      .implicit_tls = strcmp(argv[3], "implicit") == 0,
      .tls_version = strcmp(argv[4], "TLSv1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION,
      .certificate = argv[5],
      .key = argv[6],
      .root = argv[7],
      .user = argv[8],
      .password = argv[9],
  };
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN); /* sessions are reaped by the kernel */
  SSL_CTX *probe = tls_context(&options);
  if (probe == NULL)
    return 1;
  SSL_CTX_free(probe);
  serve(&options, listen_on(&options));
}
