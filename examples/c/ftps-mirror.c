/* ftps-mirror: makes a directory like another one. */
#include "interrupt.h"
#include "options.h"
#include "output.h"
#include "session.h"

#include <errno.h>
#include <ftps.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "ftps-mirror: make a directory like another one over FTPS\n"
    "\n"
    "Usage: ftps-mirror --down|--up [OPTIONS] SERVER REMOTE LOCAL\n"
    "\n"
    "  Files that differ by size or time are transferred, over several connections at once, and get the time of their\n"
    "  source, so that the next run finds nothing to do. They have a temporary name until they are complete. Links are\n"
    "  neither followed nor made. A URL may name the remote directory. The figures of what was done go to standard output,\n"
    "  unless --quiet is given, and what could not be done to standard error.\n"
    "\n"
    "      --down                make LOCAL like REMOTE\n"
    "      --up                  make REMOTE like LOCAL\n"
    "  -n, --dry-run             print what would be done, and change nothing\n"
    "      --delete              delete what only the target has\n"
    "  -i, --include PATTERN     take over only files that match this or another such pattern; may be repeated\n"
    "  -x, --exclude PATTERN     leave out what matches, with all that is beneath it; may be repeated\n"
    "                            *.csv is a pattern of names at any depth, logs/*.csv one that begins at the root;\n"
    "                            ? is one character, [a-z] one of these, ** any number of directories\n"
    "      --compare time|size|hash|nothing\n"
    "                            transfer files whose size or time differs, whose size does, whose size or hash (which\n"
    "                            the server computes) does, or all [time]\n"
    "  -c, --connections NUMBER  use as many at once; fewer where the server takes fewer [4]\n"
    "      --stop                stop at the first failure, where otherwise the rest is done\n";

enum {
    OPTION_DOWN = 2000,
    OPTION_UP,
    OPTION_DELETE,
    OPTION_COMPARE,
    OPTION_STOP,
};

enum { NO_DIRECTION = -1, CONNECTIONS = 4, CONNECTION_LIMIT = 1000 };

struct own {
    const struct program *program;
    int direction; /* one of ftps_direction, or NO_DIRECTION */
    int compare;   /* one of ftps_compare */
    uint32_t connections;
    bool dry_run;
    bool delete;
    bool stop;
    struct repeated include;
    struct repeated exclude;
};

static void set_direction(struct own *own, int direction)
{
    if (own->direction != NO_DIRECTION && own->direction != direction) {
        usage_error(own->program, "either --down or --up");
    }
    own->direction = direction;
}

static int compare(const char *text, const struct program *program)
{
    static const char *const words[] = {
        [FTPS_COMPARE_SIZE_AND_TIME] = "time",
        [FTPS_COMPARE_SIZE] = "size",
        [FTPS_COMPARE_HASH] = "hash",
        [FTPS_COMPARE_NOTHING] = "nothing",
    };
    for (int known = 0; known < (int)(sizeof words / sizeof *words); known++) {
        if (strcmp(text, words[known]) == 0) {
            return known;
        }
    }
    usage_error(program, "--compare is time, size, hash or nothing, not %s", text);
}

static uint32_t connections(const char *text, const struct program *program)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 1 || number > CONNECTION_LIMIT) {
        usage_error(program, "%s is no number of connections: 1 to %d are", text, CONNECTION_LIMIT);
    }
    return (uint32_t)number;
}

static void take(int option, const char *argument, void *userdata)
{
    struct own *own = userdata;
    switch (option) {
    case OPTION_DOWN: set_direction(own, FTPS_DOWNLOAD); break;
    case OPTION_UP: set_direction(own, FTPS_UPLOAD); break;
    case 'n': own->dry_run = true; break;
    case OPTION_DELETE: own->delete = true; break;
    case 'i': repeated_add(&own->include, argument, own->program); break;
    case 'x': repeated_add(&own->exclude, argument, own->program); break;
    case OPTION_COMPARE: own->compare = compare(argument, own->program); break;
    case 'c': own->connections = connections(argument, own->program); break;
    case OPTION_STOP: own->stop = true; break;
    default: break;
    }
}

static void check(const struct options *options, const struct own *own)
{
    if (own->direction == NO_DIRECTION) {
        usage_error(options->program, "which way? --down or --up");
    }
    if (options->path_count != 2) {
        usage_error(options->program, "one remote and one local directory are needed");
    }
}

/* The remote directory, beneath the one of --directory unless it begins with "/". To be freed. */
static char *remote_directory(const struct options *options)
{
    const char *directory = options->directory;
    const char *remote = options->paths[0];
    if (directory == NULL || *directory == '\0' || *remote == '/') {
        return strdup(remote);
    }
    size_t size = strlen(directory) + strlen(remote) + sizeof "/";
    char *joined = malloc(size);
    if (joined != NULL) {
        const char *separator = directory[strlen(directory) - 1] == '/' ? "" : "/";
        snprintf(joined, size, "%s%s%s", directory, separator, remote);
    }
    return joined;
}

static void add_patterns(ftps_mirror *mirror, const struct repeated *patterns, const struct program *program,
                         int (*add)(ftps_mirror *, const char *))
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (add(mirror, patterns->items[i]) != FTPS_OK) {
            usage_error(program, "%s is no pattern: a [ is not closed, or ** stands beside other characters",
                        patterns->items[i]);
        }
    }
}

/* What the command line asks for; ends the program where a pattern is none. NULL without memory. */
static ftps_mirror *mirror_of(const struct options *options, const struct own *own)
{
    char *remote = remote_directory(options);
    ftps_mirror *mirror = NULL;
    int status = remote == NULL ? FTPS_ERROR_LOCAL
                                : ftps_mirror_new(&mirror, own->direction, options->paths[1], remote);
    free(remote);
    status = status == FTPS_OK ? ftps_mirror_set_compare(mirror, own->compare) : status;
    status = status == FTPS_OK ? ftps_mirror_set_delete_extraneous(mirror, own->delete) : status;
    if (status != FTPS_OK) {
        fprintf(stderr, "%s: cannot begin: %s\n", options->program->name, ftps_status_text(status));
        (void)ftps_mirror_free(mirror);
        return NULL;
    }
    add_patterns(mirror, &own->include, own->program, ftps_mirror_include);
    add_patterns(mirror, &own->exclude, own->program, ftps_mirror_exclude);
    return mirror;
}

/* Prints text of several lines. */
static void print_lines(FILE *file, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        print_harmless(file, text, length);
        putc('\n', file);
        text += length + (text[length] == '\n');
    }
}

struct watched {
    struct progress progress;
    char counted[64];
};

static int show(const char *path, uint64_t moved, int over, size_t files_over, size_t files, uint64_t bytes_moved,
                uint64_t bytes, void *userdata)
{
    struct watched *watched = userdata;
    (void)path;
    (void)moved;
    (void)over;
    snprintf(watched->counted, sizeof watched->counted, "%zu of %zu files", files_over, files);
    watched->progress.total = bytes;
    progress_show(&watched->progress, bytes_moved);
    return 0;
}

/* The figures go to standard output, what was not done to standard error. */
static int tell(const struct session *session, const ftps_report *report)
{
    bool complete = ftps_report_number(report, FTPS_REPORT_FAILED) == 0
                    && ftps_report_number(report, FTPS_REPORT_NOT_DONE) == 0;
    const char *text = ftps_report_text(report);
    const char *rest = text + strcspn(text, "\n");
    if (!session->options->quiet) {
        print_harmless(stdout, text, (size_t)(rest - text));
        putc('\n', stdout);
    }
    if (interrupt_signal() == 0) {
        print_lines(stderr, *rest == '\n' ? rest + 1 : rest);
    }
    return complete ? EXIT_DONE : EXIT_FAILED;
}

static int execute(const struct session *session, const struct own *own, ftps_plan *plan)
{
    struct watched watched = {.counted = ""};
    ftps_report *report = NULL;
    progress_begin(&watched.progress, watched.counted, !session->options->quiet);
    int status = ftps_pool_execute(&report, session->pool, plan, 0,
                                   own->stop ? FTPS_ON_FAILURE_STOP : FTPS_ON_FAILURE_CONTINUE, session->cancel, show,
                                   &watched);
    progress_end(&watched.progress, status == FTPS_OK);
    if (status != FTPS_OK) {
        fprintf(stderr, "%s: %s: %s\n", session->options->program->name, session->options->paths[1],
                ftps_status_text(status));
        return EXIT_FAILED;
    }
    int code = tell(session, report);
    (void)ftps_report_free(report);
    return code;
}

static int mirror(struct session *session, const struct own *own, const ftps_mirror *wanted)
{
    ftps_plan *plan = NULL;
    if (ftps_client_plan(&plan, session->client, wanted) != FTPS_OK) {
        session_report(session, NULL);
        return EXIT_FAILED;
    }
    int code = EXIT_DONE;
    if (own->dry_run) {
        print_lines(stdout, ftps_plan_text(plan));
        code = ftps_plan_problem_count(plan) == 0 ? EXIT_DONE : EXIT_FAILED;
    } else {
        session_return(session);
        code = execute(session, own, plan);
    }
    (void)ftps_plan_free(plan);
    return code;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"down", no_argument, NULL, OPTION_DOWN},
        {"up", no_argument, NULL, OPTION_UP},
        {"dry-run", no_argument, NULL, 'n'},
        {"delete", no_argument, NULL, OPTION_DELETE},
        {"include", required_argument, NULL, 'i'},
        {"exclude", required_argument, NULL, 'x'},
        {"compare", required_argument, NULL, OPTION_COMPARE},
        {"connections", required_argument, NULL, 'c'},
        {"stop", no_argument, NULL, OPTION_STOP},
        {0},
    };
    struct own own = {
        .direction = NO_DIRECTION,
        .compare = FTPS_COMPARE_SIZE_AND_TIME,
        .connections = CONNECTIONS,
    };
    const struct program program = {
        .name = "ftps-mirror",
        .help = help,
        .short_options = "ni:x:c:",
        .long_options = long_options,
        .take = take,
        .own = &own,
    };
    own.program = &program;
    struct options options;
    struct session session;
    options_parse(&options, &program, argc, argv);
    check(&options, &own);
    ftps_mirror *wanted = mirror_of(&options, &own);
    if (wanted == NULL) {
        return EXIT_FAILED;
    }
    int code = session_open_pool(&session, &options, own.connections);
    if (code == EXIT_DONE) {
        code = mirror(&session, &own, wanted);
    }
    code = session_close(&session, code);
    (void)ftps_mirror_free(wanted);
    options_free(&options);
    return code;
}
