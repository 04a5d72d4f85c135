/* ftps-get: downloads files. */
#include "options.h"
#include "output.h"
#include "session.h"
#include "target.h"

#include <errno.h>
#include <string.h>

static const char help[] =
    "ftps-get: download files over FTPS\n"
    "\n"
    "Usage: ftps-get [OPTIONS] SERVER FILE...\n"
    "\n"
    "  Files arrive in the current folder, under the last part of their names, and only when they are complete:\n"
    "  until then they have a temporary name. What was there is replaced. A URL may name the file.\n"
    "\n"
    "  -o, --output FILE         write the (one) file here; - is standard output\n";

struct own {
    const char *output;
};

static void take(int option, const char *argument, void *own)
{
    if (option == 'o') {
        ((struct own *)own)->output = argument;
    }
}

/* The last part of a remote path; NULL where that is no name for a file. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    bool usable = *name != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, "-") != 0;
    return usable ? name : NULL;
}

/* Asks for the size, for the percentage. Servers need not know it. */
static uint64_t size_of(ftps_client *client, const char *remote)
{
    uint64_t size = 0;
    return ftps_client_size(&size, client, remote) == FTPS_OK ? size : 0;
}

/* Moves the bytes and has the server confirm them. False after an error was told. */
static bool receive(const struct session *session, const char *remote, struct target *target,
                    struct progress *progress)
{
    char buffer[64 * 1024];
    size_t count = 0;
    uint64_t moved = 0;
    int status = ftps_client_open_download(session->client, remote, 0);
    while (status == FTPS_OK) {
        status = ftps_client_read(&count, session->client, buffer, sizeof buffer);
        if (status != FTPS_OK || count == 0) {
            break;
        }
        if (!target_write(target, buffer, count)) {
            int error = errno;
            progress_end(progress, false);
            (void)ftps_client_abort(session->client);
            session_report_local(session, "write", target->name == NULL ? "standard output" : target->name, error);
            return false;
        }
        progress_show(progress, moved += count);
    }
    if (status == FTPS_OK) {
        status = ftps_client_finish(session->client);
    }
    progress_end(progress, status == FTPS_OK);
    if (status != FTPS_OK) {
        session_report(session, remote);
    }
    return status == FTPS_OK;
}

static int get(const struct session *session, const char *remote, const char *local)
{
    struct target target;
    if (!target_open(&target, local)) {
        session_report_local(session, "create", local, errno);
        return EXIT_FAILED;
    }
    struct progress progress;
    progress_begin(&progress, remote, !session->options->quiet);
    progress.total = progress.shown ? size_of(session->client, remote) : 0;
    if (!receive(session, remote, &target, &progress)) {
        target_discard(&target);
        return EXIT_FAILED;
    }
    if (!target_commit(&target)) {
        session_report_local(session, "complete", local, errno);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

static int get_all(const struct session *session, const char *output)
{
    const struct options *options = session->options;
    int code = EXIT_DONE;
    for (size_t i = 0; i < options->path_count && (code == EXIT_DONE || session_goes_on(session)); i++) {
        const char *local = output != NULL ? output : last_part(options->paths[i]);
        if (get(session, options->paths[i], local) != EXIT_DONE) {
            code = EXIT_FAILED;
        }
    }
    return code;
}

/* Each file needs a local name, and one of its own. */
static void check_name(const struct options *options, size_t index)
{
    const char *name = last_part(options->paths[index]);
    if (name == NULL) {
        usage_error(options->program, "%s does not end in a name for the local file: give one with --output",
                    options->paths[index]);
    }
    for (size_t i = 0; i < index; i++) {
        if (strcmp(last_part(options->paths[i]), name) == 0) {
            usage_error(options->program, "two files would be called %s here: get them one by one with --output", name);
        }
    }
}

static void check(const struct options *options, const char *output)
{
    if (options->path_count == 0) {
        usage_error(options->program, "which file?");
    }
    if (output != NULL && options->path_count > 1) {
        usage_error(options->program, "--output is for one file");
    }
    for (size_t i = 0; output == NULL && i < options->path_count; i++) {
        check_name(options, i);
    }
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"output", required_argument, NULL, 'o'},
        {0},
    };
    struct own own = {0};
    const struct program program = {
        .name = "ftps-get",
        .help = help,
        .short_options = "o:",
        .long_options = long_options,
        .take = take,
        .own = &own,
    };
    struct options options;
    struct session session;
    options_parse(&options, &program, argc, argv);
    check(&options, own.output);
    int code = session_open(&session, &options);
    if (code == EXIT_DONE) {
        code = get_all(&session, own.output);
    }
    code = session_close(&session, code);
    options_free(&options);
    return code;
}
