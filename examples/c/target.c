/* For realpath(), which POSIX has and glibc shows only then. */
#define _XOPEN_SOURCE 700

#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* FOLDER/.NAME.XXXXXX for FOLDER/NAME. */
static char *temporary_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - name) + 1;
    size_t size = strlen(name) + sizeof "..XXXXXX";
    char *temporary = malloc(size);
    if (temporary != NULL) {
        snprintf(temporary, size, "%.*s.%s.XXXXXX", (int)folder, name, name + folder);
    }
    return temporary;
}

/* The permissions of what is replaced, or those of any new file. */
static mode_t permissions(const struct stat *existing)
{
    if (existing != NULL) {
        return existing->st_mode & 0777;
    }
    mode_t mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

static bool open_temporary(struct target *target, const struct stat *existing)
{
    char *temporary = temporary_name(target->name);
    if (temporary == NULL) {
        return false;
    }
    target->descriptor = mkstemp(temporary);
    if (target->descriptor < 0) {
        free(temporary);
        return false;
    }
    target->temporary = temporary;
    return fchmod(target->descriptor, permissions(existing)) == 0;
}

static bool open_somewhere(struct target *target, const char *name)
{
    struct stat existing;
    bool exists = stat(name, &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode)) {
        errno = EISDIR;
        return false;
    }
    /* A link stays one: what it leads to is replaced. */
    target->name = exists ? realpath(name, NULL) : strdup(name);
    if (target->name == NULL) {
        return false;
    }
    if (exists && !S_ISREG(existing.st_mode)) {
        target->descriptor = open(target->name, O_WRONLY | O_CLOEXEC);
        return target->descriptor >= 0;
    }
    return open_temporary(target, exists ? &existing : NULL);
}

bool target_open(struct target *target, const char *name)
{
    *target = (struct target){.descriptor = -1};
    if (strcmp(name, "-") == 0) {
        target->descriptor = STDOUT_FILENO;
        return true;
    }
    if (open_somewhere(target, name)) {
        return true;
    }
    target_discard(target);
    return false;
}

bool target_write(struct target *target, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size > 0) {
        ssize_t count = write(target->descriptor, next, size);
        if (count < 0) {
            return false;
        }
        next += count;
        size -= (size_t)count;
    }
    return true;
}

bool target_commit(struct target *target)
{
    if (target->name == NULL) {
        return true;
    }
    /* Or a crash could leave the name without the content. */
    bool stored = target->temporary == NULL || fsync(target->descriptor) == 0;
    bool closed = stored && close(target->descriptor) == 0;
    target->descriptor = stored ? -1 : target->descriptor;
    if (!closed || (target->temporary != NULL && rename(target->temporary, target->name) != 0)) {
        target_discard(target);
        return false;
    }
    free(target->temporary);
    target->temporary = NULL;
    target_discard(target);
    return true;
}

void target_discard(struct target *target)
{
    int error = errno;
    if (target->name != NULL && target->descriptor >= 0) {
        (void)close(target->descriptor);
    }
    if (target->temporary != NULL) {
        (void)unlink(target->temporary);
    }
    free(target->temporary);
    free(target->name);
    *target = (struct target){.descriptor = -1};
    errno = error;
}
