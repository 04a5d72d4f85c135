/* The command line that the programs have in common. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "address.h"

#include <getopt.h>
#include <stddef.h>

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_NO_SESSION = 3,
    EXIT_LINES_NOT_UNDERSTOOD = 4,
    EXIT_SIGNAL = 128, /* and the signal's number */
};

/* What one program adds to the common command line. */
struct program {
    const char *name;
    const char *help;               /* usage, and the program's own options */
    bool url_names_directory;       /* the path of a URL is the directory to change to, and not the first operand */
    const char *short_options;      /* as getopt_long() takes them */
    const struct option *long_options;
    void (*take)(int option, const char *argument, void *own);
    void *own;                      /* handed to `take` */
};

enum { REPETITIONS = 16 };

/* The arguments of an option that may be repeated. */
struct repeated {
    const char *items[REPETITIONS];
    size_t count;
};

struct options {
    const struct program *program;
    struct address address;
    const char *directory;
    const char *password_file;
    struct repeated ca_files;
    struct repeated pins;
    const char *server_name;
    const char *certificate;
    const char *key;
    int tls_min;
    int tls_max;
    int resumption;
    uint32_t timeout; /* milliseconds; 0: the library's own */
    bool insecure;
    bool verbose;
    bool quiet;
    bool statistics;
    const char **paths; /* the operands behind the server, after the path of its URL */
    size_t path_count;
};

/* Reads the command line. Ends the program for --help, --version, and for mistakes. To be freed by options_free(). */
void options_parse(struct options *options, const struct program *program, int argc, char **argv);

void options_free(struct options *options);

/* Adds the argument of an option that may be repeated. Ends the program where there are too many. */
void repeated_add(struct repeated *repeated, const char *item, const struct program *program);

/* Ends the program with EXIT_USAGE and this message. */
_Noreturn void usage_error(const struct program *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
