"""Names and paths: text here, bytes on the wire."""

from __future__ import annotations

import codecs
import os
from typing import Any

from .errors import InvalidArgument

# Labels of the WHATWG Encoding Standard that Python reads otherwise, or does not know. Windows' sets hold the others.
_CODECS = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "gb2312": "gbk",
    "big5": "big5hkscs",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
}

RemotePath = str | bytes | os.PathLike[Any]


class Names:
    """The character set of a server's names. Bytes that are none of its characters survive as lone surrogates."""

    def __init__(self, codec: str = "utf-8") -> None:
        self._codec = codec

    def of(self, label: str) -> Names:
        """For another label of the WHATWG Encoding Standard."""
        wanted = label.strip().lower()
        try:
            return Names(codecs.lookup(_CODECS.get(wanted, wanted)).name)
        except LookupError:
            raise InvalidArgument(f"charset: {label!r} is no character set that is known") from None

    def encode(self, path: RemotePath) -> bytes:
        """A path for the server."""
        name = os.fspath(path)
        if isinstance(name, str):
            try:
                name = name.encode(self._codec, "surrogateescape")
            except UnicodeEncodeError as error:
                raise InvalidArgument(
                    f"{name!r} cannot be written in the character set {self._codec}: {error}"
                ) from None
        return without_nul(name)

    def encode_optional(self, path: RemotePath | None) -> bytes | None:
        """The same; None stays."""
        return None if path is None else self.encode(path)

    def decode(self, name: bytes) -> str:
        """A name of the server's as text, which `encode` makes the same bytes of."""
        return name.decode(self._codec, "surrogateescape")


def host_name(host: object) -> bytes:
    """A host for the library. Raises `InvalidArgument` for what is more than that, or none."""
    if not isinstance(host, str):
        raise InvalidArgument(f"host: {host!r} is no text: give the name or the address as a str")
    if not host.strip():
        raise InvalidArgument("host: it is empty: give the name or the address of the server")
    # A colon alone has a port behind it; addresses of IPv6 have two or more.
    if "/" in host or "@" in host or "[" in host or host.count(":") == 1:
        raise InvalidArgument(
            f"host: {host!r} is more than a host: give the name or the address alone, without a scheme, user, brackets "
            "or path, and the port by port="
        )
    return without_nul(host.encode())


def local_path(path: str | bytes | os.PathLike[Any]) -> bytes:
    """A path of this machine."""
    return without_nul(os.fsencode(path))


def without_nul(name: bytes) -> bytes:
    """`name`; C would take a NUL in it for its end."""
    if b"\0" in name:
        raise InvalidArgument(f"{name!r} has a NUL, which no path has")
    return name
