/* The data connection: passive only. */
#include "session.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a session may keep us waiting after its last byte. */
#define LINGER_MILLISECONDS 1000

void data_close(struct session *session) {
  struct data_connection *data = &session->data;
  if (data->ssl != NULL)
    SSL_free(data->ssl);
  if (data->state != DATA_NONE && data->state != DATA_FAILED)
    close(data->descriptor);
  memset(data, 0, sizeof *data);
}

bool data_listen(struct session *session, unsigned short *port) {
  struct sockaddr_storage local;
  socklen_t size = sizeof local;
  data_close(session);
  if (getsockname(session->control, (struct sockaddr *)&local, &size) != 0)
    return false;
  if (local.ss_family == AF_INET6)
    ((struct sockaddr_in6 *)&local)->sin6_port = 0;
  else
    ((struct sockaddr_in *)&local)->sin_port = 0;
  int listener = socket(local.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (listener < 0)
    return false;
  if (bind(listener, (struct sockaddr *)&local, size) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, (struct sockaddr *)&local, &size) != 0) {
    close(listener);
    return false;
  }
  *port = ntohs(local.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&local)->sin6_port
                                            : ((struct sockaddr_in *)&local)->sin_port);
  session->data = (struct data_connection){.state = DATA_LISTENING, .descriptor = listener, .events = POLLIN};
  return true;
}

static bool same_peer(int control, int data) {
  struct sockaddr_storage a, b;
  socklen_t a_size = sizeof a, b_size = sizeof b;
  if (getpeername(control, (struct sockaddr *)&a, &a_size) != 0 ||
      getpeername(data, (struct sockaddr *)&b, &b_size) != 0 || a.ss_family != b.ss_family)
    return false;
  if (a.ss_family == AF_INET6)
    return memcmp(&((struct sockaddr_in6 *)&a)->sin6_addr, &((struct sockaddr_in6 *)&b)->sin6_addr, 16) == 0;
  return ((struct sockaddr_in *)&a)->sin_addr.s_addr == ((struct sockaddr_in *)&b)->sin_addr.s_addr;
}

static void take_connection(struct session *session) {
  struct data_connection *data = &session->data;
  int connection = accept4(data->descriptor, NULL, NULL, SOCK_NONBLOCK);
  if (connection < 0)
    return;
  close(data->descriptor);
  data->descriptor = connection;
  data->state = DATA_HANDSHAKE;
  int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  data->ssl = SSL_new(session->tls);
  if (!same_peer(session->control, connection) || data->ssl == NULL || SSL_set_fd(data->ssl, connection) != 1) {
    data_close(session);
    data->state = DATA_FAILED;
    data->failure = "EINVAL - Invalid argument";
    return;
  }
  SSL_set_accept_state(data->ssl);
}

void data_progress(struct session *session) {
  if (session->data.state == DATA_LISTENING)
    take_connection(session);
  if (session->data.state == DATA_HANDSHAKE)
    tls_step_data(session);
}

static void abandon(struct session *session, enum wake wake) {
  data_close(session);
  switch (wake) {
  case WAKE_ABORT:
    reply(session, "426 Data connection closed; transfer aborted.");
    reply(session, "226 ABOR command successful.");
    break;
  case WAKE_TIMEOUT:
    reply(session, "425 Error while transfering data: ETIMEDOUT - Connection attempt timed out");
    break;
  default:
    session->ended = true;
  }
}

static void fail(struct session *session, const char *prefix, const char *why) {
  data_close(session);
  reply(session, "425 %s: %s", prefix, why);
}

/* Sends 150 and brings the handshake to its end. Everything has been replied where it returns false. */
static bool begin(struct session *session) {
  struct data_connection *data = &session->data;
  if (data->state == DATA_NONE) {
    reply(session, "425 Use PORT or PASV first.");
    return false;
  }
  /* A handshake that failed before the command came is answered without a 150. */
  if (data->state != DATA_FAILED)
    reply(session, data->state == DATA_LISTENING ? "150 About to start data transfer."
                                                 : "150 Starting data transfer.");
  while (data->state == DATA_LISTENING || data->state == DATA_HANDSHAKE) {
    enum wake wake = wait_in_transfer(session, data->descriptor, data->events);
    if (wake != WAKE_DATA) {
      abandon(session, wake);
      return false;
    }
    data_progress(session);
  }
  if (data->state == DATA_FAILED) {
    fail(session, "Unable to build data connection", data->failure);
    return false;
  }
  return true;
}

/* After SSL_read or SSL_write that did not do its work: waits for what it needs. False where the transfer is over, with
 * `ended_well` telling whether by close_notify; otherwise everything has been replied. */
static bool wait_for_tls(struct session *session, int result, bool *ended_well) {
  struct data_connection *data = &session->data;
  enum wake wake;
  *ended_well = false;
  switch (SSL_get_error(data->ssl, result)) {
  case SSL_ERROR_WANT_READ:
    wake = wait_in_transfer(session, data->descriptor, POLLIN);
    break;
  case SSL_ERROR_WANT_WRITE:
    wake = wait_in_transfer(session, data->descriptor, POLLOUT);
    break;
  case SSL_ERROR_ZERO_RETURN:
    *ended_well = true;
    return false;
  default:
    fail(session, "Error while transfering data", "ECONNABORTED - Connection aborted");
    return false;
  }
  if (wake == WAKE_DATA)
    return true;
  abandon(session, wake);
  return false;
}

/* 226, and then the orderly end: closing over unread bytes would reset the connection. */
static void finish(struct session *session) {
  struct data_connection *data = &session->data;
  ERR_clear_error();
  SSL_shutdown(data->ssl);
  shutdown(data->descriptor, SHUT_WR);
  reply(session, "226 Operation successful");
  struct pollfd poller = {.fd = data->descriptor, .events = POLLIN};
  char rest[1024];
  while (poll(&poller, 1, LINGER_MILLISECONDS) > 0 && read(data->descriptor, rest, sizeof rest) > 0)
    ;
  data_close(session);
}

static bool send_all(struct session *session, const char *bytes, size_t length) {
  while (length > 0) {
    ERR_clear_error();
    int written = SSL_write(session->data.ssl, bytes, length > INT_MAX ? INT_MAX : (int)length);
    bool ended_well;
    if (written > 0) {
      bytes += written;
      length -= (size_t)written;
    } else if (!wait_for_tls(session, written, &ended_well)) {
      if (ended_well)
        fail(session, "Error while transfering data", "ECONNABORTED - Connection aborted");
      return false;
    }
  }
  return true;
}

void data_send(struct session *session, const char *bytes, size_t length, int file) {
  if (!begin(session) || !send_all(session, bytes, length))
    return;
  static char buffer[1 << 18];
  ssize_t count = 0;
  while (file >= 0 && (count = read(file, buffer, sizeof buffer)) > 0)
    if (!send_all(session, buffer, (size_t)count))
      return;
  if (count < 0)
    fail(session, "Error reading from file", strerror(errno));
  else
    finish(session);
}

void data_receive(struct session *session, int file) {
  if (!begin(session))
    return;
  static char buffer[1 << 14];
  for (;;) {
    ERR_clear_error();
    int count = SSL_read(session->data.ssl, buffer, sizeof buffer);
    bool ended_well;
    if (count > 0) {
      if (write(file, buffer, (size_t)count) != count) {
        fail(session, "Error writing to file", strerror(errno));
        return;
      }
    } else if (!wait_for_tls(session, count, &ended_well)) {
      if (ended_well)
        finish(session);
      return;
    }
  }
}
