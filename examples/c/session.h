/* One login: from the command line to a client that can transfer, its errors in words, and its end. */
#ifndef SESSION_H
#define SESSION_H

#include "options.h"

#include <ftps.h>

struct session {
    ftps_client *client; /* NULL once session_return() has given it back */
    ftps_pool *pool;     /* NULL where there is the one connection of the client */
    ftps_cancel *cancel;
    const struct options *options;
    bool stands; /* whether there ever was a connection with TLS */
};

/* Connects and logs in; signals cancel from here on. Returns EXIT_DONE, or what went wrong after having told it. To be
 * ended by session_close(), whatever it returns. */
int session_open(struct session *session, const struct options *options);

/* The same with a pool of at most `connections` connections: the client has one of them, and is in the login directory. */
int session_open_pool(struct session *session, const struct options *options, uint32_t connections);

/* Gives the client's connection back to the pool, for others to use. */
void session_return(struct session *session);

/* Says goodbye, frees everything, and returns the exit code of the program for `code`, the outcome so far. */
int session_close(struct session *session, int code);

/* Tells the error of the last call with what could be done about it, unless a signal is the reason. `subject`, NULL for none, is
 * what it was about. */
void session_report(const struct session *session, const char *subject);

/* The same for an error of this machine: `action`, for instance "write", did not work on `subject`. */
void session_report_local(const struct session *session, const char *action, const char *subject, int error);

/* Whether more can be tried after an error: no signal came, and the connection still works. */
bool session_goes_on(const struct session *session);

#endif
