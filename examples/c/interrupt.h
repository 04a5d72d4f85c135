/* SIGINT, SIGTERM and SIGHUP end the work in an orderly way; a second one kills. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <ftps.h>
#include <stdbool.h>

/* From now on these signals set `cancel`, which must live as long as the program. Those that are ignored stay ignored. */
bool interrupt_install(const ftps_cancel *cancel);

/* The signal that came, 0 while none did. */
int interrupt_signal(void);

/* Waits until `descriptor` can be read. False with errno EINTR when a signal comes, or has come, in place of that. */
bool interrupt_wait_readable(int descriptor);

#endif
