/* Where the server is: HOST, HOST:PORT, [IPV6]:PORT, or SCHEME://[USER@]HOST[:PORT][/PATH]. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct address {
    char *user;    /* NULL where the text names none */
    char *host;
    char *path;    /* relative to the login directory unless it begins with "/"; NULL where there is none */
    uint16_t port; /* 0: the default of the security */
    int security;  /* one of ftps_security */
};

/* Reads `text`. After false, `*problem` says what is wrong with it. The strings are freed by address_free(), in either case. */
bool address_parse(struct address *address, const char *text, const char **problem);

void address_free(struct address *address);

/* Reads the number of a port, 1 to 65535. */
bool port_parse(uint16_t *port, const char *text);

#endif
