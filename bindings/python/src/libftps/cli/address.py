"""The server on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, unquote_to_bytes

from .exits import UsageError

IMPLICIT_PORT = 990

_SCHEMES = {"ftps": False, "ftpes": True, "ftp": True}
_MALFORMED_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")


@dataclass(frozen=True)
class Address:
    """Where the server is, and what else its URL told.

    Attributes:
        host: a name or an address, without brackets.
        port: None where none was told.
        user, password: None where none was told.
        path: None where none was told; relative to the login directory unless it begins with "/".
        explicit: whether the URL insists on AUTH TLS.
    """

    host: str
    port: int | None = None
    user: str | None = None
    password: str | None = None
    path: str | None = None
    explicit: bool = False


def parse_address(text: str) -> Address:
    """HOST, HOST:PORT, [IPV6]:PORT or a URL. Raises `UsageError` without the text, which may have a password in it."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "ftps", text
    if scheme.lower() not in _SCHEMES:
        raise UsageError("the server cannot be used: only ftps://, ftpes:// and ftp:// (as ftpes://) are known")
    authority, _, path = rest.partition("/")
    login, at, place = authority.rpartition("@")
    user, colon, password = login.partition(":")
    host, port = _host_and_port(place)
    return Address(
        host,
        port,
        _decoded(user, "the user's name") if at and user else None,
        _decoded(password, "the password") if colon else None,
        _decoded_path(path) if path else None,
        _SCHEMES[scheme.lower()],
    )


def port_number(text: str) -> int:
    """A TCP port. Raises `UsageError`."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise UsageError(f"{text!r} is no port: 1 to 65535 are")
    return int(text)


def _host_and_port(text: str) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"\[([^]]*)\](?::(.*))?", text)
    if bracketed:
        host, port = bracketed.groups()
    elif text.count(":") == 1:
        host, port = text.split(":")
    else:
        host, port = text, None
    if not host or "[" in host:
        raise UsageError("the server cannot be used: it names no host")
    return host, None if port is None else port_number(port)


def _decoded(text: str, what: str) -> str:
    if _MALFORMED_ESCAPE.search(text):
        raise UsageError(f"the server cannot be used: {what} has a malformed %-escape")
    return unquote(text)


def _decoded_path(text: str) -> str:
    """A path may hold bytes that are no text."""
    _decoded(text, "the path")
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")
