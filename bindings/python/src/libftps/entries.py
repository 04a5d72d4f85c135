"""What listings tell: entries, and listings of them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import overload

from ._abi import Kind, Precision
from ._library import library
from ._naming import Names

_EPOCH = datetime(1970, 1, 1)
# The facts before the name in a line of MLSD or MLST (RFC 3659 section 7.2).
_FACTS = re.compile(rb" ?((?:[A-Za-z0-9.\-/_]+=[^;]*;)+) ")


@dataclass(frozen=True)
class Entry:
    """One file, directory or link of a listing, as the server described it.

    What it tells is not to be trusted: a name may hold "/", "..", or control characters.

    Attributes:
        name: the name; bytes that are no text survive as lone surrogates, so that it can be sent back.
        raw_name: the name's bytes.
        raw: the whole line, as it came.
        kind: what it is.
        size: bytes, or None where the listing does not tell. Directories and links have sizes on some servers.
        modified: when it was last modified, or None. Aware, in UTC, where the listing tells it in UTC (MLSD does); else
            naive, in the server's time zone, which the listing does not tell.
        precision: how exact `modified` is; what lies below is 0.
        link_target: where a symbolic link leads, or None.
        owner, group: a name or a number, or None.
        permissions: in the form of the listing, "rwxr-xr-x" or "0755" for instance, or None.
        unique: what is the same for all names of one file, or None.
    """

    name: str
    raw_name: bytes
    raw: bytes
    kind: Kind = Kind.UNKNOWN
    size: int | None = None
    modified: datetime | None = None
    precision: Precision = Precision.NONE
    link_target: str | None = None
    owner: str | None = None
    group: str | None = None
    permissions: str | None = None
    unique: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is an ordinary file."""
        return self.kind is Kind.FILE

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory: also the listed one itself, and the one above, which MLSD may show."""
        return self.kind in (Kind.DIRECTORY, Kind.CURRENT_DIRECTORY, Kind.PARENT_DIRECTORY)

    @property
    def is_symlink(self) -> bool:
        """Whether it is a symbolic link."""
        return self.kind is Kind.SYMLINK

    def fact(self, name: str) -> str | None:
        """The value of an MLSx fact, whose name may be in any case; None where the listing does not tell."""
        facts = _FACTS.match(self.raw)
        for fact in facts[1].split(b";") if facts else ():
            key, _, value = fact.partition(b"=")
            if key.decode().lower() == name.lower():
                return value.decode("utf-8", "replace")
        return None


class Listing(Sequence[Entry]):
    """The entries of a directory, in the server's order.

    Attributes:
        unparsed: the lines that were not understood. Where there are any, the directory has more than the entries show.
    """

    def __init__(self, entries: Iterable[Entry], unparsed: Iterable[bytes] = ()) -> None:
        self._entries = tuple(entries)
        self.unparsed = tuple(unparsed)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Listing({list(self._entries)!r}, unparsed={self.unparsed!r})"


def entry_of(pointer: int, names: Names) -> Entry:
    """The entry of the C library, as long as it is valid."""
    lib = library()
    length = ctypes.c_size_t()
    raw = ctypes.string_at(lib.ftps_entry_raw(ctypes.byref(length), pointer), length.value)
    raw_name: bytes = lib.ftps_entry_name(pointer)
    size: int = lib.ftps_entry_size(pointer)
    modified, precision = _modified(pointer)
    target: bytes | None = lib.ftps_entry_link_target(pointer)
    words = (lib.ftps_entry_owner, lib.ftps_entry_group, lib.ftps_entry_permissions, lib.ftps_entry_unique)
    owner, group, permissions, unique = ((word := tell(pointer)) and word.decode("utf-8", "replace") for tell in words)
    return Entry(
        names.decode(raw_name),
        raw_name,
        raw,
        Kind(lib.ftps_entry_kind(pointer)),
        size if size >= 0 else None,
        modified,
        precision,
        None if target is None else names.decode(target),
        owner,
        group,
        permissions,
        unique,
    )


def listing_of(pointer: int, names: Names) -> Listing:
    """The listing of the C library, which is freed."""
    lib = library()
    try:
        entries = [entry_of(lib.ftps_listing_entry(pointer, i), names) for i in range(lib.ftps_listing_count(pointer))]
        unparsed = [_unparsed(pointer, i) for i in range(lib.ftps_listing_unparsed_count(pointer))]
    finally:
        lib.ftps_listing_free(pointer)
    return Listing(entries, unparsed)


def _unparsed(pointer: int, index: int) -> bytes:
    length = ctypes.c_size_t()
    return ctypes.string_at(library().ftps_listing_unparsed(ctypes.byref(length), pointer, index), length.value)


def _modified(pointer: int) -> tuple[datetime | None, Precision]:
    seconds, nanoseconds, utc = ctypes.c_int64(), ctypes.c_uint32(), ctypes.c_int()
    precision = Precision(
        library().ftps_entry_modified(ctypes.byref(seconds), ctypes.byref(nanoseconds), ctypes.byref(utc), pointer)
    )
    if precision is Precision.NONE:
        return None, precision
    time = time_of(seconds.value, nanoseconds.value)
    return (time if utc.value or time is None else time.replace(tzinfo=None)), precision


def time_of(seconds: int, nanoseconds: int) -> datetime | None:
    """A time in UTC; None for one that `datetime` cannot hold."""
    try:
        time = _EPOCH + timedelta(seconds=seconds, microseconds=nanoseconds // 1000)
    except OverflowError:
        return None
    return time.replace(tzinfo=timezone.utc)
