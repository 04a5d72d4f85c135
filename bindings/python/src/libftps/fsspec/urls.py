"""URLs: ftps://user:password@host:port/path.

What follows the host is the path as the server knows it: "%", "?" and "#" have no meaning there, so that it can be a
pattern. User and password are percent-encoded.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from ..errors import InvalidArgument

PROTOCOL = "ftps"


def path_of(url: str) -> str:
    """The absolute path in a URL, or the path itself where there is no URL; without "/" at its end."""
    authority, path = _split(url)
    return "/" + (url if authority is None else path).strip("/")


def options_of(url: str) -> dict[str, Any]:
    """What a URL tells besides the path: any of host, port, user and password."""
    authority, _ = _split(url)
    if not authority:
        return {}
    login, _, address = authority.rpartition("@")
    host, port = _address(address)
    found: dict[str, Any] = {"host": host} if host else {}
    if port:
        found["port"] = port
    user, colon, password = login.partition(":")
    if user:
        found["user"] = unquote(user)
    if colon:
        found["password"] = unquote(password)
    return found


def url_of(host: str, port: int | None, user: str | None, path: str) -> str:
    """The URL of a path, without a password."""
    login = "" if user is None else quote(user, safe="") + "@"
    address = f"[{host}]" if ":" in host else host
    return f"{PROTOCOL}://{login}{address}{'' if port is None else f':{port}'}{path}"


def _split(url: str) -> tuple[str | None, str]:
    """Authority and path; without the former where `url` is a path."""
    for start in (PROTOCOL + "://", PROTOCOL + "::"):
        if url.startswith(start):
            authority, slash, path = url[len(start) :].partition("/")
            return authority, slash + path
    return None, url


def _address(address: str) -> tuple[str, int | None]:
    bracket = address.rfind("]")
    host, colon, port = address[bracket + 1 :].partition(":")
    if bracket >= 0:
        host = address[: bracket + 1].strip("[]")
    if not colon or not port:
        return host, None
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise InvalidArgument(f"{port!r} is no port: ftps://user:password@host:port/path, an IPv6 host in brackets")
    return host, int(port)
