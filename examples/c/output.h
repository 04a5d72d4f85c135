/* Text from elsewhere on a terminal, and the progress of a transfer. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* Prints bytes of the server with "?" for what could steer a terminal: control characters of ASCII, and in UTF-8 those of C1. */
void print_harmless(FILE *file, const char *bytes, size_t length);

struct progress {
    bool shown;
    const char *name;
    uint64_t total; /* 0: not known */
    uint64_t moved;
    struct timespec begun;
    struct timespec drawn;
};

/* Begins to show progress on standard error, if `wanted` and if that is a terminal. */
void progress_begin(struct progress *progress, const char *name, bool wanted);

/* Sees the bytes that have moved, and draws now and then. */
void progress_show(struct progress *progress, uint64_t moved);

/* Leaves the final figures, or an empty line for the error to come. */
void progress_end(struct progress *progress, bool complete);

#endif
