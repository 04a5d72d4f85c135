/* The control connection: lines in, replies out, and waiting on both connections. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* A client that is silent for this long is gone. */
#define SILENCE_MILLISECONDS 60000

void poll_or_end(struct session *session, int descriptor, short events) {
  struct pollfd poller = {.fd = descriptor, .events = events};
  if (poll(&poller, 1, SILENCE_MILLISECONDS) <= 0)
    session->ended = true;
}

void reply_text(struct session *session, const char *text, size_t length) {
  while (length > 0 && !session->ended) {
    ssize_t written;
    short wanted = POLLOUT;
    if (session->ssl == NULL) {
      written = write(session->control, text, length);
      session->ended = written < 0 && errno != EAGAIN;
    } else {
      ERR_clear_error();
      written = SSL_write(session->ssl, text, (int)length);
      int error = written > 0 ? SSL_ERROR_NONE : SSL_get_error(session->ssl, (int)written);
      if (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ)
        session->ended = true;
      wanted = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    }
    if (written > 0) {
      text += written;
      length -= (size_t)written;
    } else if (!session->ended) {
      poll_or_end(session, session->control, wanted);
    }
  }
}

void reply(struct session *session, const char *format, ...) {
  char line[PATH_MAX + 256];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 2, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof line - 2)
    length = (int)sizeof line - 3;
  memcpy(line + length, "\r\n", 2);
  reply_text(session, line, (size_t)length + 2);
}

/* Reads all that is there. */
static void read_input(struct session *session) {
  for (;;) {
    size_t room = sizeof session->input - session->input_length;
    if (room == 0) {
      session->ended = memchr(session->input, '\n', session->input_length) == NULL;
      return;
    }
    char *end = session->input + session->input_length;
    ssize_t count;
    bool again;
    if (session->ssl == NULL) {
      count = recv(session->control, end, room, MSG_DONTWAIT);
      again = count < 0 && errno == EAGAIN;
    } else {
      ERR_clear_error();
      count = SSL_read(session->ssl, end, (int)room);
      again = count <= 0 && SSL_get_error(session->ssl, (int)count) == SSL_ERROR_WANT_READ;
    }
    if (count <= 0) {
      session->ended = !again;
      return;
    }
    session->input_length += (size_t)count;
    if (session->ssl == NULL)
      return;
  }
}

/* Takes the first line out of the input. */
static bool take_line(struct session *session, char line[sizeof session->input]) {
  char *newline = memchr(session->input, '\n', session->input_length);
  if (newline == NULL)
    return false;
  size_t length = (size_t)(newline - session->input);
  memcpy(line, session->input, length);
  line[length] = 0;
  if (length > 0 && line[length - 1] == '\r')
    line[length - 1] = 0;
  session->input_length -= length + 1;
  memmove(session->input, newline + 1, session->input_length);
  return true;
}

/* Waits for the control connection, and for `descriptor` unless that is negative. */
static enum wake wait_for_either(struct session *session, int descriptor, short events) {
  struct pollfd pollers[] = {{.fd = descriptor, .events = events}, {.fd = session->control, .events = POLLIN}};
  if (poll(pollers, 2, SILENCE_MILLISECONDS) <= 0)
    return WAKE_TIMEOUT;
  return pollers[0].revents != 0 ? WAKE_DATA : WAKE_CONTROL;
}

enum wake wait_in_transfer(struct session *session, int descriptor, short events) {
  for (;;) {
    /* A command that waits its turn stays in the input; only ABOR may overtake. */
    bool queued = memchr(session->input, '\n', session->input_length) != NULL;
    if (queued && strncasecmp(session->input, "ABOR", 4) == 0) {
      char line[sizeof session->input];
      take_line(session, line);
      return WAKE_ABORT;
    }
    if (queued) {
      struct pollfd poller = {.fd = descriptor, .events = events};
      return poll(&poller, 1, SILENCE_MILLISECONDS) > 0 ? WAKE_DATA : WAKE_TIMEOUT;
    }
    enum wake wake = wait_for_either(session, descriptor, events);
    if (wake != WAKE_CONTROL)
      return wake;
    read_input(session);
    if (session->ended)
      return WAKE_LOST;
  }
}

/* The next command. Meanwhile a data connection may come in and shake hands. */
static bool next_command(struct session *session, char line[sizeof session->input]) {
  while (!take_line(session, line)) {
    struct data_connection *data = &session->data;
    bool pending = data->state == DATA_LISTENING || data->state == DATA_HANDSHAKE;
    switch (wait_for_either(session, pending ? data->descriptor : -1, data->events)) {
    case WAKE_DATA:
      data_progress(session);
      break;
    case WAKE_CONTROL:
      read_input(session);
      break;
    default:
      reply(session, "421 Activity timeout.");
      session->ended = true;
    }
    if (session->ended)
      return false;
  }
  return true;
}

void session_run(struct session *session) {
  char line[sizeof session->input];
  int on = 1;
  setsockopt(session->control, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(session->control, F_SETFL, O_NONBLOCK);
  session->ended = session->options->implicit_tls && !tls_accept_control(session);
  reply(session, "220-FileZilla Server 1.9.4");
  reply(session, "220 Please visit https://filezilla-project.org/");
  while (!session->ended && next_command(session, line))
    command_run(session, line);
  if (session->ssl != NULL && SSL_is_init_finished(session->ssl))
    SSL_shutdown(session->ssl);
  close(session->control);
}
