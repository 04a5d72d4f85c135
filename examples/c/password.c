#include "password.h"

#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads the first line. False with errno: EMSGSIZE where it is too long. */
static bool read_line(int descriptor, char line[PASSWORD_SIZE])
{
    size_t length = 0;
    for (;;) {
        if (!interrupt_wait_readable(descriptor)) {
            return false;
        }
        char byte = '\0';
        ssize_t count = read(descriptor, &byte, 1);
        if (count < 0) {
            return false;
        }
        if (count == 0 || byte == '\n') {
            break;
        }
        if (length == PASSWORD_SIZE - 1) {
            errno = EMSGSIZE;
            return false;
        }
        line[length++] = byte;
    }
    if (length > 0 && line[length - 1] == '\r') {
        length--;
    }
    line[length] = '\0';
    return true;
}

static bool from_file(char password[PASSWORD_SIZE], const struct options *options)
{
    const char *path = options->password_file;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    bool found = descriptor >= 0 && read_line(descriptor, password);
    if (!found) {
        fprintf(stderr, "%s: cannot read the password from %s: %s\n", options->program->name, path, strerror(errno));
    }
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return found;
}

static bool from_environment(char password[PASSWORD_SIZE], const char *value, const struct options *options)
{
    if (strlen(value) >= PASSWORD_SIZE) {
        fprintf(stderr, "%s: FTPS_PASSWORD is too long\n", options->program->name);
        return false;
    }
    strcpy(password, value);
    return true;
}

/* Asks, and reads a line that the terminal does not show. */
static bool ask_without_echo(int terminal, char password[PASSWORD_SIZE], const struct address *address)
{
    struct termios shown;
    if (tcgetattr(terminal, &shown) != 0) {
        return false;
    }
    struct termios hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(terminal, TCSAFLUSH, &hidden) != 0) {
        return false;
    }
    /* Only now: who answers faster than that would be shown, and not heard. */
    dprintf(terminal, "Password of %s at %s: ", address->user, address->host);
    bool read = read_line(terminal, password);
    int cause = errno;
    (void)tcsetattr(terminal, TCSAFLUSH, &shown);
    dprintf(terminal, "\n");
    errno = cause;
    return read;
}

static bool from_terminal(char password[PASSWORD_SIZE], const struct options *options)
{
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) {
        fprintf(stderr, "%s: no password, and no terminal to ask for it: set FTPS_PASSWORD, or name a --password-file\n",
                options->program->name);
        return false;
    }
    bool found = ask_without_echo(terminal, password, &options->address);
    if (!found && interrupt_signal() == 0) {
        fprintf(stderr, "%s: cannot read the password from the terminal: %s\n", options->program->name, strerror(errno));
    }
    (void)close(terminal);
    return found;
}

bool password_find(char password[PASSWORD_SIZE], const struct options *options)
{
    if (options->password_file != NULL) {
        return from_file(password, options);
    }
    if (options->address.user == NULL) {
        strcpy(password, "anonymous@");
        return true;
    }
    const char *value = getenv("FTPS_PASSWORD");
    if (value != NULL) {
        return from_environment(password, value, options);
    }
    return from_terminal(password, options);
}
