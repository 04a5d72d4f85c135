"""Who logs in, and with which password."""

from __future__ import annotations

import getpass
import netrc
import os
from dataclasses import dataclass
from pathlib import Path

from .address import Address
from .exits import NoSessionError, UsageError
from .output import harmless, tell

VARIABLE = "FTPS_PASSWORD"
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Login:
    """A user, the password, and an account where the server wants one."""

    user: str
    password: str
    account: str | None = None


def find_login(address: Address, user: str | None, password_file: str | None) -> Login:
    """The login: the user of the command line or of netrc, with the password of the first place that has one.

    These are the file, the URL, the environment, netrc, and the terminal. Nobody given is anonymous.
    """
    user = user or address.user
    known = _from_netrc(address.host, user)
    if password_file is not None:
        return Login(user or (known.user if known else ANONYMOUS), _from_file(password_file))
    if user is not None and address.password is not None:
        tell("WARNING: a password on the command line can be read by everybody on this machine: use --password-file")
        return Login(user, address.password)
    if user is not None and VARIABLE in os.environ:
        return Login(user, os.environ[VARIABLE])
    if known is not None:
        return known
    if user is None or user == ANONYMOUS:
        return Login(ANONYMOUS, "anonymous@")
    return Login(user, _from_terminal(user, address.host))


def _from_file(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"cannot read the password from {path}: {error}") from None


def _from_netrc(host: str, user: str | None) -> Login | None:
    """The entry for this host, if it is for this user."""
    path = os.environ.get("NETRC")
    if path is None and not Path("~/.netrc").expanduser().exists():
        return None
    try:
        # Without a path it checks that nobody else can read the file.
        entry = netrc.netrc(path).authenticators(host)
    except (OSError, UnicodeError, netrc.NetrcParseError) as error:
        tell(f"netrc is not used: {error}")
        return None
    if entry is None:
        return None
    name, account, password = entry
    if not (name and password) or user not in (None, name):
        return None
    return Login(name, password, account or None)


def _from_terminal(user: str, host: str) -> str:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        tell(f"no password, and no terminal to ask for it: set {VARIABLE}, name a --password-file, or write ~/.netrc")
        raise NoSessionError from None
    try:
        return getpass.getpass(f"Password of {harmless(user)} at {harmless(host)}: ")
    except EOFError:
        tell("no password was given")
        raise NoSessionError from None
