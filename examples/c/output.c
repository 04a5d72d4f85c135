#include "output.h"

#include <string.h>
#include <unistd.h>

void print_harmless(FILE *file, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        unsigned char next = i + 1 < length ? (unsigned char)bytes[i + 1] : 0;
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
            putc('?', file);
            i++;
        } else {
            putc(byte < 0x20 || byte == 0x7F ? '?' : byte, file);
        }
    }
}

static double seconds_between(const struct timespec *earlier, const struct timespec *later)
{
    return (double)(later->tv_sec - earlier->tv_sec) + (double)(later->tv_nsec - earlier->tv_nsec) / 1e9;
}

static void print_bytes(double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    while (bytes >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1024;
        unit++;
    }
    fprintf(stderr, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

static void draw(const struct progress *progress, const struct timespec *now)
{
    double elapsed = seconds_between(&progress->begun, now);
    fputs("\r", stderr);
    print_harmless(stderr, progress->name, strlen(progress->name));
    fputs("  ", stderr);
    print_bytes((double)progress->moved);
    if (progress->total > 0) {
        fputs(" of ", stderr);
        print_bytes((double)progress->total);
        fprintf(stderr, "  %.0f %%", 100.0 * (double)progress->moved / (double)progress->total);
    }
    if (elapsed > 0) {
        fputs("  ", stderr);
        print_bytes((double)progress->moved / elapsed);
        fputs("/s", stderr);
    }
    fputs("\033[K", stderr);
    fflush(stderr);
}

void progress_begin(struct progress *progress, const char *name, bool wanted)
{
    *progress = (struct progress){.name = name};
    progress->shown =
        wanted && isatty(STDERR_FILENO) && clock_gettime(CLOCK_MONOTONIC, &progress->begun) == 0;
    progress->drawn = progress->begun;
}

void progress_show(struct progress *progress, uint64_t moved)
{
    progress->moved = moved;
    struct timespec now;
    if (!progress->shown || clock_gettime(CLOCK_MONOTONIC, &now) != 0
        || seconds_between(&progress->drawn, &now) < 0.1) {
        return;
    }
    progress->drawn = now;
    draw(progress, &now);
}

void progress_end(struct progress *progress, bool complete)
{
    struct timespec now;
    if (!progress->shown) {
        return;
    }
    if (complete && clock_gettime(CLOCK_MONOTONIC, &now) == 0) {
        draw(progress, &now);
        fputs("\n", stderr);
    } else {
        fputs("\r\033[K", stderr);
    }
}
