/* The password: from a file, from the environment, or from whoever sits at the terminal; never from the command line. */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "options.h"

enum { PASSWORD_SIZE = 1024 };

/* Finds the password. After false, a message was printed, unless a signal came. */
bool password_find(char password[PASSWORD_SIZE], const struct options *options);

#endif
