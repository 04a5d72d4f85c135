#include "session.h"

#include "interrupt.h"
#include "output.h"
#include "password.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *hint_on_resumption(int policy)
{
    switch (policy) {
    case FTPS_RESUMPTION_REQUIRE:
        return "--resumption prefer accepts servers that cannot resume sessions";
    case FTPS_RESUMPTION_OFF:
        return "this server insists on resumed sessions: leave --resumption off out";
    default:
        return NULL;
    }
}

static const char *hint_on_security(int security)
{
    return security == FTPS_SECURITY_IMPLICIT
               ? "this server may want AUTH TLS: neither --implicit nor ftps://; -v shows the dialogue"
               : "this server may want TLS from the first byte: --implicit; -v shows the dialogue";
}

/* What the command line can do about a kind of error, beyond what the library's message says. */
static const char *hint(int status, const struct session *session)
{
    const struct options *options = session->options;
    switch (status) {
    case FTPS_ERROR_CERTIFICATE:
        return "if this is the right server, trust its issuer with --ca-file FILE, or this very certificate with "
               "--pin SHA256; --server-name NAME is for another name in the certificate";
    case FTPS_ERROR_LOGIN_REFUSED:
        return "check --user, and the password in FTPS_PASSWORD or --password-file";
    case FTPS_ERROR_NOT_RESUMED:
        return hint_on_resumption(options->resumption);
    case FTPS_ERROR_CONNECT:
        return "check the host, --port, and firewalls on the way";
    case FTPS_ERROR_TIMEOUT:
    case FTPS_ERROR_TLS:
    case FTPS_ERROR_PROTOCOL:
        return session->stands ? NULL : hint_on_security(options->address.security);
    default:
        return NULL;
    }
}

void session_report(const struct session *session, const char *subject)
{
    const char *name = session->options->program->name;
    int status = ftps_client_error_status(session->client);
    if (interrupt_signal() != 0 && status == FTPS_ERROR_CANCELLED) {
        return;
    }
    fprintf(stderr, "%s: ", name);
    if (subject != NULL) {
        print_harmless(stderr, subject, strlen(subject));
        fputs(": ", stderr);
    }
    const char *message = ftps_client_error_message(session->client);
    print_harmless(stderr, message, strlen(message));
    putc('\n', stderr);
    const char *advice = hint(status, session);
    if (advice != NULL) {
        fprintf(stderr, "%s: hint: %s\n", name, advice);
    }
}

void session_report_local(const struct session *session, const char *action, const char *subject, int error)
{
    if (interrupt_signal() == 0) {
        fprintf(stderr, "%s: cannot %s %s: %s\n", session->options->program->name, action, subject, strerror(error));
    }
}

static void show_dialogue(int received, const char *lines, void *userdata)
{
    (void)userdata;
    /* Connections of a pool may be used by several threads. */
    flockfile(stderr);
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        fputs(received ? "< " : "> ", stderr);
        print_harmless(stderr, lines, length);
        putc('\n', stderr);
        lines += length + (lines[length] == '\n');
    }
    funlockfile(stderr);
}

static void show_log(int level, const char *line, void *userdata)
{
    (void)level;
    (void)userdata;
    flockfile(stderr);
    fputs("* ", stderr);
    print_harmless(stderr, line, strlen(line));
    putc('\n', stderr);
    funlockfile(stderr);
}

static int set_trust(ftps_client *client, const struct options *options)
{
    int status = ftps_client_set_danger_accept_any_certificate(client, options->insecure);
    for (size_t i = 0; status == FTPS_OK && i < options->ca_files.count; i++) {
        status = ftps_client_add_roots_file(client, options->ca_files.items[i]);
    }
    for (size_t i = 0; status == FTPS_OK && i < options->pins.count; i++) {
        status = ftps_client_add_pin_sha256(client, options->pins.items[i]);
    }
    if (status == FTPS_OK && options->server_name != NULL) {
        status = ftps_client_set_server_name(client, options->server_name);
    }
    if (status == FTPS_OK && options->certificate != NULL) {
        const char *key = options->key != NULL ? options->key : options->certificate;
        status = ftps_client_set_identity_files(client, options->certificate, key);
    }
    return status;
}

static int set_connection(ftps_client *client, const struct options *options)
{
    int status = ftps_client_set_security(client, options->address.security);
    if (status == FTPS_OK && options->address.port != 0) {
        status = ftps_client_set_port(client, options->address.port);
    }
    if (status == FTPS_OK && options->timeout != 0) {
        status = ftps_client_set_connect_timeout(client, options->timeout);
        status = status == FTPS_OK ? ftps_client_set_reply_timeout(client, options->timeout) : status;
        status = status == FTPS_OK ? ftps_client_set_data_timeout(client, options->timeout) : status;
    }
    if (status == FTPS_OK && options->verbose) {
        status = ftps_client_set_dialogue(client, show_dialogue, NULL);
        status = status == FTPS_OK ? ftps_client_set_log(client, show_log, FTPS_LOG_INFO, NULL) : status;
    }
    return status;
}

static int configure(const struct session *session)
{
    ftps_client *client = session->client;
    const struct options *options = session->options;
    int status = ftps_client_set_cancel(client, session->cancel);
    status = status == FTPS_OK ? ftps_client_set_tls_versions(client, options->tls_min, options->tls_max) : status;
    status = status == FTPS_OK ? ftps_client_set_resumption(client, options->resumption) : status;
    status = status == FTPS_OK ? set_trust(client, options) : status;
    return status == FTPS_OK ? set_connection(client, options) : status;
}

static int prepare(struct session *session)
{
    int status = ftps_cancel_new(&session->cancel);
    if (status == FTPS_OK) {
        status = ftps_client_new(&session->client, session->options->address.host);
    }
    if (status != FTPS_OK || !interrupt_install(session->cancel)) {
        fprintf(stderr, "%s: cannot begin: %s\n", session->options->program->name, ftps_status_text(status));
        return EXIT_NO_SESSION;
    }
    if (configure(session) != FTPS_OK) {
        session_report(session, NULL);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static int connect_and_log_in(struct session *session, const char *user, const char *password)
{
    int status = ftps_client_connect(session->client);
    session->stands = status == FTPS_OK;
    return status == FTPS_OK ? ftps_client_login(session->client, user, password) : status;
}

/* Puts a client with a connection of the pool in the place of the one whose options the pool has. */
static int lease(struct session *session)
{
    ftps_client *leased = NULL;
    int status = ftps_client_new(&leased, session->options->address.host);
    if (status != FTPS_OK) {
        return status;
    }
    (void)ftps_client_free(session->client);
    session->client = leased;
    status = ftps_client_set_cancel(leased, session->cancel);
    return status == FTPS_OK ? ftps_client_lease(leased, session->pool) : status;
}

static int fill_pool(struct session *session, const char *user, const char *password, uint32_t connections)
{
    int status = ftps_client_new_pool(&session->pool, session->client, user, password);
    status = status == FTPS_OK ? ftps_pool_set_maximum(session->pool, connections) : status;
    status = status == FTPS_OK ? lease(session) : status;
    session->stands = status == FTPS_OK;
    return status;
}

/* Logs in: over the one connection of the client, or with a pool of `connections`, where that is not 0. */
static int begin(struct session *session, uint32_t connections)
{
    const struct options *options = session->options;
    char password[PASSWORD_SIZE] = "";
    if (!password_find(password, options)) {
        return EXIT_NO_SESSION;
    }
    if (options->insecure) {
        fprintf(stderr,
                "%s: WARNING: --insecure: no certificate is checked. Whoever sits between here and %s can read the "
                "password and the files.\n",
                options->program->name, options->address.host);
    }
    const char *user = options->address.user != NULL ? options->address.user : "anonymous";
    int status = connections == 0 ? connect_and_log_in(session, user, password)
                                  : fill_pool(session, user, password, connections);
    if (status != FTPS_OK) {
        session_report(session, options->address.host);
        return status == FTPS_ERROR_INVALID_ARGUMENT ? EXIT_USAGE : EXIT_NO_SESSION;
    }
    return EXIT_DONE;
}

int session_open(struct session *session, const struct options *options)
{
    *session = (struct session){.options = options};
    int code = prepare(session);
    if (code == EXIT_DONE) {
        code = begin(session, 0);
    }
    if (code == EXIT_DONE && options->directory != NULL
        && ftps_client_change_directory(session->client, options->directory) != FTPS_OK) {
        session_report(session, options->directory);
        code = EXIT_FAILED;
    }
    return code;
}

int session_open_pool(struct session *session, const struct options *options, uint32_t connections)
{
    *session = (struct session){.options = options};
    int code = prepare(session);
    return code == EXIT_DONE ? begin(session, connections) : code;
}

void session_return(struct session *session)
{
    (void)ftps_client_free(session->client);
    session->client = NULL;
}

bool session_goes_on(const struct session *session)
{
    int usable = 0;
    return interrupt_signal() == 0 && ftps_client_is_usable(&usable, session->client) == FTPS_OK && usable;
}

static uint64_t counted(ftps_client *client, int which)
{
    uint64_t value = 0;
    return ftps_client_statistic(&value, client, which) == FTPS_OK ? value : 0;
}

static uint64_t counted_by_pool(ftps_pool *pool, int which)
{
    uint64_t value = 0;
    return ftps_pool_statistic(&value, pool, which) == FTPS_OK ? value : 0;
}

/* One line of name=value pairs. */
static void print_statistics(const struct session *session)
{
    ftps_client *client = session->client;
    ftps_pool *pool = session->pool;
    if (pool != NULL) {
        fprintf(stderr, "logins=%" PRIu64 " refused=%" PRIu64 " discarded=%" PRIu64 "\n",
                counted_by_pool(pool, FTPS_POOL_OPENED), counted_by_pool(pool, FTPS_POOL_REFUSED),
                counted_by_pool(pool, FTPS_POOL_DISCARDED));
        return;
    }
    int version = 0;
    bool known = ftps_client_tls_version(&version, client) == FTPS_OK;
    fprintf(stderr, "tls=%s data_connections=%" PRIu64 " resumed=%" PRIu64 " full=%" PRIu64 " relogins=%" PRIu64 "\n",
            !known ? "none" : version == FTPS_TLS_1_3 ? "1.3" : "1.2",
            counted(client, FTPS_STATISTIC_DATA_CONNECTIONS), counted(client, FTPS_STATISTIC_RESUMED),
            counted(client, FTPS_STATISTIC_FULL), counted(client, FTPS_STATISTIC_RELOGINS));
}

int session_close(struct session *session, int code)
{
    bool prepared = session->client != NULL || session->pool != NULL;
    if (prepared && session->options->statistics) {
        print_statistics(session);
    }
    if (session_goes_on(session)) {
        /* Every transfer has been confirmed: it does not matter what the server says to the goodbye. */
        (void)ftps_client_quit(session->client);
    }
    if (session->client != NULL) {
        (void)ftps_client_free(session->client);
    }
    if (session->pool != NULL) {
        (void)ftps_pool_free(session->pool);
    }
    /* The cancel object is not freed: a signal may still come. */
    if (code == EXIT_DONE || interrupt_signal() == 0) {
        return code;
    }
    fprintf(stderr, "%s: interrupted\n", session->options->program->name);
    return EXIT_SIGNAL + interrupt_signal();
}
