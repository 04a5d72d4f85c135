#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP};
enum { WATCHED = sizeof watched / sizeof *watched };

/* All that a signal handler can reach. */
static struct {
    const ftps_cancel *cancel;
    volatile sig_atomic_t signal;
} interrupt;

static void on_signal(int signal)
{
    int saved = errno;
    interrupt.signal = signal;
    (void)ftps_cancel_set(interrupt.cancel);
    errno = saved;
}

bool interrupt_install(const ftps_cancel *cancel)
{
    interrupt.cancel = cancel;
    /* The second signal finds the default action, which is to kill. */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < WATCHED; i++) {
        struct sigaction before;
        if (sigaction(watched[i], NULL, &before) != 0) {
            return false;
        }
        if (before.sa_handler != SIG_IGN && sigaction(watched[i], &action, NULL) != 0) {
            return false;
        }
    }
    return true;
}

int interrupt_signal(void)
{
    return interrupt.signal;
}

bool interrupt_wait_readable(int descriptor)
{
    if (descriptor >= FD_SETSIZE) {
        errno = EMFILE;
        return false;
    }
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    for (int i = 0; i < WATCHED; i++) {
        sigaddset(&blocked, watched[i]);
    }
    if (sigprocmask(SIG_BLOCK, &blocked, &before) != 0) {
        return false;
    }
    /* A signal can come only before this test or inside pselect(): in between it would be missed. */
    int ready = -1;
    int cause = EINTR;
    if (interrupt.signal == 0) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(descriptor, &readable);
        ready = pselect(descriptor + 1, &readable, NULL, NULL, NULL, &before);
        cause = errno;
    }
    if (sigprocmask(SIG_SETMASK, &before, NULL) != 0) {
        return false;
    }
    errno = cause;
    return ready > 0;
}
