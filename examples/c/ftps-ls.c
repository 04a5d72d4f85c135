/* ftps-ls: lists directories. */
#include "options.h"
#include "output.h"
#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "ftps-ls: list directories over FTPS\n"
    "\n"
    "Usage: ftps-ls [OPTIONS] SERVER [DIRECTORY...]\n"
    "\n"
    "  One name a line, with \"/\" behind directories and \"@\" behind links. A URL may name the directory.\n"
    "\n"
    "  -l, --long                with permissions, owner, group, size and time (Z: UTC, else the server's own)\n"
    "      --raw                 the lines as the server sends them\n";

enum { OPTION_RAW = 2000 };

struct own {
    bool long_format;
    bool raw;
};

static void take(int option, const char *argument, void *own)
{
    (void)argument;
    struct own *wanted = own;
    if (option == 'l') {
        wanted->long_format = true;
    } else if (option == OPTION_RAW) {
        wanted->raw = true;
    }
}

/* What the callback for a line needs, and what it finds. */
struct view {
    const struct own *own;
    const char *program;
    bool to_terminal;
    size_t not_understood;
};

static void print_bytes(const struct view *view, const char *bytes, size_t length)
{
    if (view->to_terminal) {
        print_harmless(stdout, bytes, length);
    } else {
        (void)fwrite(bytes, 1, length, stdout);
    }
}

static void print_padded(const struct view *view, const char *text, int width)
{
    text = text == NULL ? "-" : text;
    int length = (int)strlen(text);
    print_bytes(view, text, (size_t)length);
    printf("%*s ", length < width ? width - length : 0, "");
}

static void print_time(const ftps_entry *entry)
{
    static const char *const formats[] = {
        [FTPS_PRECISION_NONE] = "-",
        [FTPS_PRECISION_DAY] = "%Y-%m-%d",
        [FTPS_PRECISION_MINUTE] = "%Y-%m-%d %H:%M",
        [FTPS_PRECISION_SECOND] = "%Y-%m-%d %H:%M:%S",
        [FTPS_PRECISION_SUBSECOND] = "%Y-%m-%d %H:%M:%S",
    };
    int64_t seconds = 0;
    int utc = 0;
    int precision = ftps_entry_modified(&seconds, NULL, &utc, entry);
    char text[40] = "-";
    time_t time = (time_t)seconds;
    struct tm calendar;
    if (precision != FTPS_PRECISION_NONE && gmtime_r(&time, &calendar) != NULL) {
        (void)strftime(text, sizeof text - 1, formats[precision], &calendar);
        if (utc) {
            strcat(text, "Z");
        }
    }
    printf("%-20s ", text);
}

static char kind_letter(int kind)
{
    switch (kind) {
    case FTPS_KIND_FILE: return '-';
    case FTPS_KIND_DIRECTORY: return 'd';
    case FTPS_KIND_SYMLINK: return 'l';
    case FTPS_KIND_OTHER: return 'o';
    default: return '?';
    }
}

static void print_details(const struct view *view, const ftps_entry *entry)
{
    printf("%c ", kind_letter(ftps_entry_kind(entry)));
    print_padded(view, ftps_entry_permissions(entry), 9);
    print_padded(view, ftps_entry_owner(entry), 8);
    print_padded(view, ftps_entry_group(entry), 8);
    int64_t size = ftps_entry_size(entry);
    char digits[24] = "-";
    if (size >= 0) {
        snprintf(digits, sizeof digits, "%" PRId64, size);
    }
    printf("%12s ", digits);
    print_time(entry);
}

static void print_entry(const struct view *view, const ftps_entry *entry)
{
    int kind = ftps_entry_kind(entry);
    if (kind == FTPS_KIND_CURRENT_DIRECTORY || kind == FTPS_KIND_PARENT_DIRECTORY) {
        return;
    }
    if (view->own->long_format) {
        print_details(view, entry);
    }
    const char *name = ftps_entry_name(entry);
    print_bytes(view, name, strlen(name));
    fputs(kind == FTPS_KIND_DIRECTORY ? "/" : kind == FTPS_KIND_SYMLINK ? "@" : "", stdout);
    const char *target = ftps_entry_link_target(entry);
    if (view->own->long_format && target != NULL) {
        fputs(" -> ", stdout);
        print_bytes(view, target, strlen(target));
    }
    putchar('\n');
}

static int on_line(const ftps_entry *entry, const char *line, size_t length, void *userdata)
{
    struct view *view = userdata;
    if (view->own->raw) {
        print_bytes(view, line, length);
        putchar('\n');
    } else if (entry != NULL) {
        print_entry(view, entry);
    } else {
        view->not_understood++;
        fprintf(stderr, "%s: this line was not understood: ", view->program);
        print_harmless(stderr, line, length);
        putc('\n', stderr);
    }
    return ferror(stdout);
}

/* Tells when standard output does not take what was listed. */
static bool is_written(const struct session *session)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return true;
    }
    session_report_local(session, "write", "standard output", errno);
    return false;
}

static int list(const struct session *session, const char *path, struct view *view)
{
    int status = ftps_client_list_each(session->client, path, on_line, view);
    if (!is_written(session)) {
        return EXIT_FAILED;
    }
    if (status != FTPS_OK) {
        session_report(session, path);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

static int list_all(const struct session *session, const struct own *own)
{
    const struct options *options = session->options;
    struct view view = {.own = own, .program = options->program->name, .to_terminal = isatty(STDOUT_FILENO)};
    if (options->path_count == 0) {
        int code = list(session, NULL, &view);
        return code == EXIT_DONE && view.not_understood > 0 ? EXIT_LINES_NOT_UNDERSTOOD : code;
    }
    int code = EXIT_DONE;
    for (size_t i = 0; i < options->path_count && (code == EXIT_DONE || session_goes_on(session)); i++) {
        if (options->path_count > 1) {
            printf("%s%s:\n", i > 0 ? "\n" : "", options->paths[i]);
        }
        if (list(session, options->paths[i], &view) != EXIT_DONE) {
            code = EXIT_FAILED;
        }
    }
    return code == EXIT_DONE && view.not_understood > 0 ? EXIT_LINES_NOT_UNDERSTOOD : code;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"long", no_argument, NULL, 'l'},
        {"raw", no_argument, NULL, OPTION_RAW},
        {0},
    };
    struct own own = {0};
    const struct program program = {
        .name = "ftps-ls",
        .help = help,
        .short_options = "l",
        .long_options = long_options,
        .take = take,
        .own = &own,
    };
    struct options options;
    struct session session;
    options_parse(&options, &program, argc, argv);
    int code = session_open(&session, &options);
    if (code == EXIT_DONE) {
        code = list_all(&session, &own);
    }
    code = session_close(&session, code);
    options_free(&options);
    return code;
}
