"""Where the user and the password come from, in processes that were not told."""

from __future__ import annotations

import importlib
import netrc
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidArgument

# What a provider is called with: the host, and the user where that is known. It returns user and password.
Provider = Callable[[str, "str | None"], "tuple[str, str]"]

# Passwords that this process was given, by host, port and user: a file system that was pickled and comes back needs its
# own, and so does one in a process that was forked from this one.
_known: dict[tuple[str, int | None, str], str] = {}


@dataclass(frozen=True)
class Credentials:
    """What a file system was told of its login.

    Attributes:
        host, port: of the server.
        user, password: None for what others have to tell.
        provider: a function that tells, or its name as "module:function".
    """

    host: str
    port: int | None
    user: str | None
    password: str | None = field(repr=False)
    provider: Provider | str | None

    def __post_init__(self) -> None:
        if self.password is not None:
            if self.user is None:
                raise InvalidArgument("a password without a user: pass user too")
            _known[self.host, self.port, self.user] = self.password

    def find(self) -> tuple[str, str]:
        """User and password.

        In this order: what was given; the provider; what another file system of this process was given for this user;
        the environment; the netrc file. Raises `InvalidArgument` where none of them knows.
        """
        if self.user is not None and self.password is not None:
            return self.user, self.password
        if self.provider is not None:
            return resolved(self.provider)(self.host, self.user)
        login = self._from_this_process() or self._from_environment() or self._from_netrc()
        if login is None:
            whose = self.host if self.user is None else f"{self.user} at {self.host}"
            raise InvalidArgument(
                f"no login is known for {whose}: pass user and password, or credentials (a function), or set "
                "FTPS_HOST, FTPS_USER and FTPS_PASSWORD, or write it into ~/.netrc"
            )
        return login

    def _from_this_process(self) -> tuple[str, str] | None:
        if self.user is None:
            return None
        password = _known.get((self.host, self.port, self.user))
        return None if password is None else (self.user, password)

    def _from_environment(self) -> tuple[str, str] | None:
        # The host is asked for, so that no server in whatever URL gets the password.
        user, password = os.environ.get("FTPS_USER"), os.environ.get("FTPS_PASSWORD")
        if os.environ.get("FTPS_HOST") != self.host or user is None or password is None:
            return None
        return (user, password) if self.user in (None, user) else None

    def _from_netrc(self) -> tuple[str, str] | None:
        try:
            # Without the variable it is the file in the home directory.
            found = netrc.netrc(os.environ.get("NETRC")).authenticators(self.host)
        except FileNotFoundError:
            return None
        except netrc.NetrcParseError as error:
            raise InvalidArgument(f"the netrc file cannot be read: {error}") from error
        if found is None or self.user not in (None, found[0]):
            return None
        return found[0], found[2] or ""


def resolved(provider: Provider | str) -> Provider:
    """The function that is named "module:function"."""
    if not isinstance(provider, str):
        return provider
    module, _, name = provider.partition(":")
    try:
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise InvalidArgument(
            f"credentials: {provider!r} cannot be imported, write 'module:function': {error}"
        ) from error
    return function  # type: ignore[no-any-return]


def named(provider: Provider | str | None) -> Provider | str | None:
    """The provider by its name where it has one, so that it can be written down; else the function itself."""
    if provider is None or isinstance(provider, str):
        return provider
    module, qualified = getattr(provider, "__module__", None), getattr(provider, "__qualname__", "<")
    # What is defined in the program that runs has another name in every other process.
    if module in (None, "__main__", "__mp_main__") or "<" in qualified:
        return provider
    return f"{module}:{qualified}"
