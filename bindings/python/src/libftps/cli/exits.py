"""How the program ends: exit codes, and the exceptions that lead to them."""

from __future__ import annotations

DONE = 0
FAILED = 1
USAGE = 2
NO_SESSION = 3
LINES_NOT_UNDERSTOOD = 4
SIGNAL = 128  # plus its number

HELP = """\
exit code:
  0  all is done
  1  something was refused or failed after the login; the rest is done where that was possible
  2  the command line cannot be used
  3  no session: name, connection, TLS, certificate or login failed
  4  ls: some lines of the listing were not understood
  130, 143, 129  interrupted by SIGINT, SIGTERM, SIGHUP; a second one kills at once
"""


class UsageError(Exception):
    """The command line cannot be used; the message says why."""


class NoSessionError(Exception):
    """There is no session with the server, which the user has been told."""
