#include "address.h"

#include <errno.h>
#include <ftps.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int security;
} schemes[] = {
    {"ftpes", FTPS_SECURITY_EXPLICIT},
    {"ftps", FTPS_SECURITY_IMPLICIT},
    {"ftp", FTPS_SECURITY_EXPLICIT},
};

bool port_parse(uint16_t *port, const char *text)
{
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number == 0 || number > UINT16_MAX) {
        return false;
    }
    *port = (uint16_t)number;
    return true;
}

static int hexadecimal(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);
    return found == NULL ? -1 : (int)((found - digits) % 16);
}

/* A copy of `length` bytes with %XX decoded (RFC 3986 section 2.1); NULL where that is malformed or means NUL. */
static char *decoded(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        return NULL;
    }
    char *end = copy;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '%') {
            *end++ = text[i];
            continue;
        }
        int high = i + 2 < length ? hexadecimal(text[i + 1]) : -1;
        int low = high < 0 ? -1 : hexadecimal(text[i + 2]);
        if (low < 0 || high + low == 0) {
            free(copy);
            return NULL;
        }
        *end++ = (char)(high * 16 + low);
        i += 2;
    }
    *end = '\0';
    return copy;
}

static bool take_scheme(struct address *address, const char **text)
{
    const char *separator = strstr(*text, "://");
    if (separator == NULL) {
        return true;
    }
    size_t length = (size_t)(separator - *text);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (length == strlen(schemes[i].name) && strncmp(*text, schemes[i].name, length) == 0) {
            address->security = schemes[i].security;
            *text = separator + 3;
            return true;
        }
    }
    return false;
}

/* Host and port, without brackets around the host. */
static const char *take_host(struct address *address, const char *text, size_t length)
{
    const char *host = text;
    const char *end = text + length;
    const char *colon = memchr(text, ':', length);
    const char *after_host = end;
    if (length > 0 && *text == '[') {
        const char *bracket = memchr(text, ']', length);
        if (bracket == NULL) {
            return "the bracket around the IPv6 address is not closed";
        }
        host++;
        after_host = bracket + 1;
        length = (size_t)(bracket - host);
    } else if (colon != NULL && memchr(colon + 1, ':', (size_t)(end - colon - 1)) == NULL) {
        after_host = colon;
        length = (size_t)(colon - host);
    }
    if (length == 0) {
        return "it names no host";
    }
    address->host = strndup(host, length);
    if (address->host == NULL) {
        return strerror(errno);
    }
    if (after_host == end) {
        return NULL;
    }
    char port[8] = "";
    size_t digits = (size_t)(end - after_host) - 1;
    if (*after_host != ':' || digits >= sizeof port) {
        return "what follows the host is no port";
    }
    memcpy(port, after_host + 1, digits);
    return port_parse(&address->port, port) ? NULL : "what follows the host is no port";
}

static const char *take_user(struct address *address, const char **text, size_t *length)
{
    const char *at = NULL;
    for (size_t i = 0; i < *length; i++) {
        at = (*text)[i] == '@' ? *text + i : at;
    }
    if (at == NULL) {
        return NULL;
    }
    size_t user = (size_t)(at - *text);
    if (memchr(*text, ':', user) != NULL) {
        return "a password does not belong on the command line, where everybody on this machine can read it: "
               "use FTPS_PASSWORD, --password-file or the prompt";
    }
    address->user = decoded(*text, user);
    *text += user + 1;
    *length -= user + 1;
    return address->user == NULL ? "the user's name has a malformed %-escape" : NULL;
}

bool address_parse(struct address *address, const char *text, const char **problem)
{
    *address = (struct address){.security = FTPS_SECURITY_EXPLICIT};
    if (!take_scheme(address, &text)) {
        *problem = "only ftpes:// (TLS by AUTH TLS), ftps:// (TLS from the first byte) and ftp:// (as ftpes://) are known";
        return false;
    }
    size_t length = strcspn(text, "/");
    const char *path = text + length;
    *problem = take_user(address, &text, &length);
    if (*problem == NULL) {
        *problem = take_host(address, text, length);
    }
    if (*problem == NULL && path[0] != '\0' && path[1] != '\0') {
        address->path = decoded(path + 1, strlen(path + 1));
        *problem = address->path == NULL ? "the path has a malformed %-escape" : NULL;
    }
    return *problem == NULL;
}

void address_free(struct address *address)
{
    free(address->user);
    free(address->host);
    free(address->path);
    *address = (struct address){0};
}
