/* A local file that appears under its name only when it is complete. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct target {
    char *name;      /* where the file is to be; NULL for standard output */
    char *temporary; /* where it is until then, in the same folder; NULL where it is written in place */
    int descriptor;
};

/* Opens a temporary file beside `name`, or standard output for "-". What exists under the name and is no regular file (a device, a
 * pipe) is written in place. False with errno. */
bool target_open(struct target *target, const char *name);

/* Writes all bytes. False with errno. */
bool target_write(struct target *target, const void *bytes, size_t size);

/* Puts the complete file where it is to be. The target is closed afterwards, also after false with errno. */
bool target_commit(struct target *target);

/* Gives up: removes what was written. Leaves errno as it is. */
void target_discard(struct target *target);

#endif
