#include "options.h"

#include <errno.h>
#include <ftps.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char common_help[] =
    "\n"
    "  SERVER is HOST, HOST:PORT, [IPV6]:PORT, or a URL: ftpes://[USER@]HOST[:PORT][/PATH] for TLS by AUTH TLS,\n"
    "  ftps://... for TLS from the first byte. Paths begin at the login directory unless they begin with \"/\"\n"
    "  (in a URL: \"//\"). With --host there is no SERVER among the operands.\n"
    "\n"
    "Connection:\n"
    "  -h, --host HOST           the server\n"
    "  -p, --port PORT           its port [21, implicit: 990]\n"
    "  -u, --user NAME           who logs in [anonymous]\n"
    "  -P, --password-file FILE  a file whose first line is the password; else FTPS_PASSWORD, else it is asked for\n"
    "  -d, --directory DIR       change to this directory first\n"
    "      --implicit            TLS from the first byte instead of AUTH TLS\n"
    "  -t, --timeout SECONDS     for each of: connecting, a reply, silence of a transfer [30, 60, 60]\n"
    "\n"
    "TLS:\n"
    "      --ca-file FILE        trust these certificates (PEM) too; may be repeated\n"
    "      --pin SHA256          trust the certificate with this fingerprint alone; may be repeated\n"
    "      --server-name NAME    the name in the certificate, where it is not the host\n"
    "      --cert FILE           the client's certificate chain (PEM)\n"
    "      --key FILE            its private key (PEM) [in the file of --cert]\n"
    "      --tls-min 1.2|1.3     [1.2]\n"
    "      --tls-max 1.2|1.3     [1.3]\n"
    "      --resumption prefer|require|off\n"
    "                            data connections that do not resume the TLS session of the control connection:\n"
    "                            accept, refuse, or do not even try to resume [prefer]\n"
    "      --insecure            accept any certificate: whoever sits in between reads the password and the files\n"
    "\n"
    "Output:\n"
    "  -v, --verbose             show the dialogue with the server (passwords masked)\n"
    "  -q, --quiet               no progress; there is none either where standard error is no terminal\n"
    "      --stats               at the end, print what the data connections did, to standard error\n"
    "      --help, --version\n"
    "\n"
    "Exit code:\n"
    "  0  all is done\n"
    "  1  something was refused or failed after the login; the rest is done where that was possible\n"
    "  2  the command line cannot be used\n"
    "  3  no session: name, connection, TLS, certificate or login failed\n"
    "  4  ftps-ls: some lines of the listing were not understood\n"
    "  130, 143, 129  interrupted by SIGINT, SIGTERM, SIGHUP; a second one kills at once\n";

enum {
    OPTION_IMPLICIT = 1000,
    OPTION_CA_FILE,
    OPTION_PIN,
    OPTION_SERVER_NAME,
    OPTION_CERT,
    OPTION_KEY,
    OPTION_TLS_MIN,
    OPTION_TLS_MAX,
    OPTION_RESUMPTION,
    OPTION_INSECURE,
    OPTION_STATS,
    OPTION_HELP,
    OPTION_VERSION,
};

static const char common_short_options[] = "h:p:u:P:d:t:vq";

static const struct option common_long_options[] = {
    {"host", required_argument, NULL, 'h'},
    {"port", required_argument, NULL, 'p'},
    {"user", required_argument, NULL, 'u'},
    {"password-file", required_argument, NULL, 'P'},
    {"directory", required_argument, NULL, 'd'},
    {"implicit", no_argument, NULL, OPTION_IMPLICIT},
    {"timeout", required_argument, NULL, 't'},
    {"ca-file", required_argument, NULL, OPTION_CA_FILE},
    {"pin", required_argument, NULL, OPTION_PIN},
    {"server-name", required_argument, NULL, OPTION_SERVER_NAME},
    {"cert", required_argument, NULL, OPTION_CERT},
    {"key", required_argument, NULL, OPTION_KEY},
    {"tls-min", required_argument, NULL, OPTION_TLS_MIN},
    {"tls-max", required_argument, NULL, OPTION_TLS_MAX},
    {"resumption", required_argument, NULL, OPTION_RESUMPTION},
    {"insecure", no_argument, NULL, OPTION_INSECURE},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"stats", no_argument, NULL, OPTION_STATS},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
};

enum {
    COMMON_COUNT = sizeof common_long_options / sizeof *common_long_options,
    OWN_LIMIT = 16,
};

/* What was given apart from SERVER, which may come last and says some of the same. */
struct overrides {
    const char *host;
    const char *user;
    uint16_t port;
    bool implicit;
};

_Noreturn void usage_error(const struct program *program, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program->name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nTry %s --help.\n", program->name);
    va_end(arguments);
    exit(EXIT_USAGE);
}

void repeated_add(struct repeated *repeated, const char *item, const struct program *program)
{
    if (repeated->count == REPETITIONS) {
        usage_error(program, "an option may be repeated %d times at most", REPETITIONS);
    }
    repeated->items[repeated->count++] = item;
}

static int tls_version(const char *text, const struct program *program)
{
    if (strcmp(text, "1.2") == 0) {
        return FTPS_TLS_1_2;
    }
    if (strcmp(text, "1.3") == 0) {
        return FTPS_TLS_1_3;
    }
    usage_error(program, "the TLS version %s is not known: 1.2 and 1.3 are", text);
}

static int resumption(const char *text, const struct program *program)
{
    static const char *const words[] = {
        [FTPS_RESUMPTION_PREFER] = "prefer",
        [FTPS_RESUMPTION_REQUIRE] = "require",
        [FTPS_RESUMPTION_OFF] = "off",
    };
    for (int policy = 0; policy < (int)(sizeof words / sizeof *words); policy++) {
        if (strcmp(text, words[policy]) == 0) {
            return policy;
        }
    }
    usage_error(program, "--resumption is prefer, require or off, not %s", text);
}

static uint32_t milliseconds(const char *text, const struct program *program)
{
    enum { LIMIT = 1000000 };
    char *end = NULL;
    errno = 0;
    double seconds = strtod(text, &end);
    if (errno != 0 || end == text || *end != '\0' || !(seconds >= 0.001 && seconds <= LIMIT)) {
        usage_error(program, "%s is no number of seconds between 0.001 and %d", text, LIMIT);
    }
    return (uint32_t)(seconds * 1000);
}

static uint16_t port(const char *text, const struct program *program)
{
    uint16_t port = 0;
    if (!port_parse(&port, text)) {
        usage_error(program, "%s is no port: 1 to 65535 are", text);
    }
    return port;
}

static void print_help(const struct program *program)
{
    fputs(program->help, stdout);
    fputs(common_help, stdout);
    exit(EXIT_DONE);
}

static void print_version(const struct program *program)
{
    printf("%s (libftps %s)\n", program->name, ftps_version());
    exit(EXIT_DONE);
}

/* Returns whether `option` is one of the common ones. */
static bool take(struct options *options, struct overrides *given, int option, const char *argument)
{
    const struct program *program = options->program;
    switch (option) {
    case 'h': given->host = argument; return true;
    case 'p': given->port = port(argument, program); return true;
    case 'u': given->user = argument; return true;
    case 'P': options->password_file = argument; return true;
    case 'd': options->directory = argument; return true;
    case 't': options->timeout = milliseconds(argument, program); return true;
    case 'v': options->verbose = true; return true;
    case 'q': options->quiet = true; return true;
    case OPTION_IMPLICIT: given->implicit = true; return true;
    case OPTION_CA_FILE: repeated_add(&options->ca_files, argument, program); return true;
    case OPTION_PIN: repeated_add(&options->pins, argument, program); return true;
    case OPTION_SERVER_NAME: options->server_name = argument; return true;
    case OPTION_CERT: options->certificate = argument; return true;
    case OPTION_KEY: options->key = argument; return true;
    case OPTION_TLS_MIN: options->tls_min = tls_version(argument, program); return true;
    case OPTION_TLS_MAX: options->tls_max = tls_version(argument, program); return true;
    case OPTION_RESUMPTION: options->resumption = resumption(argument, program); return true;
    case OPTION_INSECURE: options->insecure = true; return true;
    case OPTION_STATS: options->statistics = true; return true;
    case OPTION_HELP: print_help(program); return true;
    case OPTION_VERSION: print_version(program); return true;
    default: return false;
    }
}

static void read_options(struct options *options, struct overrides *given, int argc, char **argv)
{
    const struct program *program = options->program;
    char short_options[64];
    struct option long_options[COMMON_COUNT + OWN_LIMIT + 1] = {0};
    snprintf(short_options, sizeof short_options, "%s%s", common_short_options, program->short_options);
    memcpy(long_options, common_long_options, sizeof common_long_options);
    for (size_t i = 0; i < OWN_LIMIT && program->long_options[i].name != NULL; i++) {
        long_options[COMMON_COUNT + i] = program->long_options[i];
    }
    int option = 0;
    while ((option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
        if (option == '?') {
            /* getopt_long() has said what is wrong. */
            fprintf(stderr, "Try %s --help.\n", program->name);
            exit(EXIT_USAGE);
        }
        if (!take(options, given, option, optarg)) {
            program->take(option, optarg, program->own);
        }
    }
}

static void read_server(struct options *options, struct overrides *given, const char *text)
{
    const char *problem = NULL;
    struct address *address = &options->address;
    if (!address_parse(address, text, &problem)) {
        /* Without the text itself, which may have a password in it. */
        usage_error(options->program, "the server cannot be used: %s", problem);
    }
    if (given->port != 0) {
        address->port = given->port;
    }
    if (given->implicit) {
        address->security = FTPS_SECURITY_IMPLICIT;
    }
    if (given->user != NULL) {
        free(address->user);
        address->user = strdup(given->user);
        if (address->user == NULL) {
            usage_error(options->program, "%s", strerror(errno));
        }
    }
}

/* The operands behind the server, with the path of its URL as the first of them or as the directory. */
static void read_paths(struct options *options, int argc, char **argv)
{
    options->paths = calloc((size_t)argc + 1, sizeof *options->paths);
    if (options->paths == NULL) {
        usage_error(options->program, "%s", strerror(errno));
    }
    const char *path = options->address.path;
    if (path != NULL && options->program->url_names_directory) {
        options->directory = options->directory == NULL ? path : options->directory;
    } else if (path != NULL) {
        options->paths[options->path_count++] = path;
    }
    for (int i = 0; i < argc; i++) {
        options->paths[options->path_count++] = argv[i];
    }
}

void options_parse(struct options *options, const struct program *program, int argc, char **argv)
{
    *options = (struct options){
        .program = program,
        .tls_min = FTPS_TLS_1_2,
        .tls_max = FTPS_TLS_1_3,
        .resumption = FTPS_RESUMPTION_PREFER,
    };
    struct overrides given = {0};
    read_options(options, &given, argc, argv);
    if (given.host == NULL && optind == argc) {
        usage_error(program, "which server?");
    }
    const char *server = given.host != NULL ? given.host : argv[optind++];
    read_server(options, &given, server);
    read_paths(options, argc - optind, argv + optind);
    if (options->key != NULL && options->certificate == NULL) {
        usage_error(program, "--key needs --cert");
    }
}

void options_free(struct options *options)
{
    free(options->paths);
    address_free(&options->address);
}
