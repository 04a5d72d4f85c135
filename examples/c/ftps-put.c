/* ftps-put: uploads files. */
#include "interrupt.h"
#include "options.h"
#include "output.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "ftps-put: upload files over FTPS\n"
    "\n"
    "Usage: ftps-put [OPTIONS] SERVER FILE...\n"
    "\n"
    "  Files keep the last part of their names and replace what is there. A URL may name the directory that they are\n"
    "  put into. An upload that fails is aborted so that the server does not take the part for the whole.\n"
    "\n"
    "  -a, --append              add to the end of what is there\n"
    "      --as NAME             the name of the (one) file on the server; needed for -, which is standard input\n";

enum { OPTION_AS = 2000 };

struct own {
    const char *as;
    bool append;
};

static void take(int option, const char *argument, void *own)
{
    struct own *wanted = own;
    if (option == 'a') {
        wanted->append = true;
    } else if (option == OPTION_AS) {
        wanted->as = argument;
    }
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* A descriptor of the file and its size, 0 where that is not known; -1 with errno. */
static int open_source(const char *local, uint64_t *size)
{
    *size = 0;
    if (strcmp(local, "-") == 0) {
        return STDIN_FILENO;
    }
    int descriptor = open(local, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return -1;
    }
    struct stat status;
    int error = fstat(descriptor, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
    if (error != 0) {
        (void)close(descriptor);
        errno = error;
        return -1;
    }
    *size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    return descriptor;
}

/* The next bytes, 0 at the end, -1 with errno. */
static ssize_t read_source(int descriptor, char *buffer, size_t size)
{
    return interrupt_wait_readable(descriptor) ? read(descriptor, buffer, size) : -1;
}

/* Moves the bytes and has the server confirm them. False after an error was told. */
static bool send_all(const struct session *session, int descriptor, const char *local, const char *remote, bool append,
                     struct progress *progress)
{
    char buffer[64 * 1024];
    uint64_t moved = 0;
    int status = append ? ftps_client_open_append(session->client, remote)
                        : ftps_client_open_upload(session->client, remote, 0);
    while (status == FTPS_OK) {
        ssize_t count = read_source(descriptor, buffer, sizeof buffer);
        if (count == 0) {
            break;
        }
        if (count < 0) {
            int error = errno;
            progress_end(progress, false);
            (void)ftps_client_abort(session->client);
            session_report_local(session, "read", local, error);
            return false;
        }
        status = ftps_client_write(session->client, buffer, (size_t)count);
        progress_show(progress, moved += (uint64_t)count);
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

static int put(const struct session *session, const char *local, const char *remote, bool append)
{
    struct progress progress;
    progress_begin(&progress, remote, !session->options->quiet);
    int descriptor = open_source(local, &progress.total);
    if (descriptor < 0) {
        session_report_local(session, "open", local, errno);
        return EXIT_FAILED;
    }
    bool sent = send_all(session, descriptor, local, remote, append, &progress);
    (void)close(descriptor);
    return sent ? EXIT_DONE : EXIT_FAILED;
}

static int put_all(const struct session *session, const struct own *own)
{
    const struct options *options = session->options;
    int code = EXIT_DONE;
    for (size_t i = 0; i < options->path_count && (code == EXIT_DONE || session_goes_on(session)); i++) {
        const char *local = options->paths[i];
        const char *remote = own->as != NULL ? own->as : last_part(local);
        if (put(session, local, remote, own->append) != EXIT_DONE) {
            code = EXIT_FAILED;
        }
    }
    return code;
}

static void check(const struct options *options, const char *as)
{
    if (options->path_count == 0) {
        usage_error(options->program, "which file?");
    }
    if (as != NULL && options->path_count > 1) {
        usage_error(options->program, "--as is for one file");
    }
    for (size_t i = 0; as == NULL && i < options->path_count; i++) {
        const char *name = last_part(options->paths[i]);
        if (*name == '\0' || strcmp(name, "-") == 0) {
            usage_error(options->program, "%s has no name for the server: give one with --as", options->paths[i]);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"append", no_argument, NULL, 'a'},
        {"as", required_argument, NULL, OPTION_AS},
        {0},
    };
    struct own own = {0};
    const struct program program = {
        .name = "ftps-put",
        .help = help,
        .url_names_directory = true,
        .short_options = "a",
        .long_options = long_options,
        .take = take,
        .own = &own,
    };
    struct options options;
    struct session session;
    options_parse(&options, &program, argc, argv);
    check(&options, own.as);
    int code = session_open(&session, &options);
    if (code == EXIT_DONE) {
        code = put_all(&session, &own);
    }
    code = session_close(&session, code);
    options_free(&options);
    return code;
}
