/* TLS as FileZilla Server does it: sessions belong to one control connection. */
#include "session.h"

#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static const unsigned char session_context[] = "ftp";

/* A context of its own for each control connection gives it ticket keys, and a session cache, of its own: OpenSSL
 * makes the keys at random with the context. */
SSL_CTX *tls_context(const struct options *options) {
  SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
  if (tls == NULL || SSL_CTX_use_certificate_chain_file(tls, options->certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(tls, options->key, SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_set_min_proto_version(tls, options->tls_version) != 1 ||
      SSL_CTX_set_max_proto_version(tls, options->tls_version) != 1 || SSL_CTX_set_num_tickets(tls, 0) != 1 ||
      SSL_CTX_set_session_id_context(tls, session_context, sizeof session_context) != 1) {
    ERR_print_errors_fp(stderr);
    SSL_CTX_free(tls);
    return NULL;
  }
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return tls;
}

static void log_handshake(const char *connection, SSL *ssl) {
  fprintf(stderr, "%s handshake: %s %s\n", connection, SSL_session_reused(ssl) ? "resumed" : "full",
          SSL_get_version(ssl));
}

/* Runs the control connection's handshake, or sends what is pending of it. */
static bool handshake_control(struct session *session) {
  for (;;) {
    ERR_clear_error();
    int result = SSL_do_handshake(session->ssl);
    if (result == 1)
      return true;
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
      poll_or_end(session, session->control, POLLIN);
      break;
    case SSL_ERROR_WANT_WRITE:
      poll_or_end(session, session->control, POLLOUT);
      break;
    default:
      return false;
    }
    if (session->ended)
      return false;
  }
}

bool tls_accept_control(struct session *session) {
  session->tls = tls_context(session->options);
  session->ssl = session->tls == NULL ? NULL : SSL_new(session->tls);
  if (session->ssl == NULL || SSL_set_fd(session->ssl, session->control) != 1)
    return false;
  SSL_set_accept_state(session->ssl);
  if (!handshake_control(session))
    return false;
  log_handshake("control", session->ssl);
  return true;
}

/* TLS 1.2 has no tickets after the handshake. */
bool tls_issue_ticket(struct session *session) {
  if (session->ssl == NULL || SSL_version(session->ssl) != TLS1_3_VERSION)
    return true;
  return SSL_new_session_ticket(session->ssl) == 1 && handshake_control(session);
}

void tls_step_data(struct session *session) {
  struct data_connection *data = &session->data;
  ERR_clear_error();
  int result = SSL_do_handshake(data->ssl);
  if (result != 1) {
    int error = SSL_get_error(data->ssl, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
      data->events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
      return;
    }
    data_close(session);
    data->state = DATA_FAILED;
    data->failure = "ECONNABORTED - Connection aborted";
    return;
  }
  log_handshake("data", data->ssl);
  if (SSL_session_reused(data->ssl)) {
    data->state = DATA_READY;
    return;
  }
  data_close(session);
  data->state = DATA_FAILED;
  data->failure = "TLS session of data connection not resumed.";
}
