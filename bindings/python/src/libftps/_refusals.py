"""What a 550 or 553 means: the rule that `errors.FileNotFound` tells."""

from __future__ import annotations

import ctypes
import posixpath
from collections.abc import Callable
from enum import Enum, auto
from typing import TypeVar

from ._abi import Kind, Status
from ._library import library
from .errors import Error, FileExists, FileNotFound, PermissionDenied, Refused

T = TypeVar("T")


# "Action not taken: file unavailable" and "file name not allowed" (RFC 959 section 4.2.1); vsftpd says 553 where others
# say 550.
_CODES = (550, 553)


class Suits(Enum):
    """What a command's path has to be."""

    FILE = auto()
    DIRECTORY = auto()
    EMPTY_DIRECTORY = auto()
    ANYTHING = auto()
    NEW_FILE = auto()
    NEW_DIRECTORY = auto()


class _Told(Enum):
    """What the server says of a path."""

    FILE = auto()
    DIRECTORY = auto()
    SOMETHING = auto()
    NOTHING = auto()
    UNKNOWN = auto()


def explained(handle: int, work: Callable[[int], T], path: bytes, suits: Suits) -> T:
    """Does `work` on a path, and has the server asked about the path where it answers 550 or 553."""
    try:
        return work(handle)
    except Refused as error:
        if type(error) is not Refused or error.reply_code not in (*_CODES, None):
            raise
        kind = FileNotFound if error.reply_code is None else _kind(handle, path, suits)
        if kind is None:
            raise
        raise as_kind(kind, error, error.filename) from None


def explained_rename(handle: int, work: Callable[[int], T], old: bytes, new: bytes, new_path: object) -> T:
    """The same for a rename, where either path may be what the server does not like. `new_path` is for the error."""
    try:
        return work(handle)
    except Refused as error:
        if error.reply_code not in _CODES:
            raise
        if _told(handle, old) is _Told.NOTHING:
            raise as_kind(FileNotFound, error, error.filename) from None
        kind = _kind(handle, new, Suits.NEW_DIRECTORY)
        if kind is None:
            raise
        raise as_kind(kind, error, new_path) from None


def as_kind(kind: type[Refused], error: Refused, path: object) -> Refused:
    """The same refusal as a kind of its own."""
    return kind(
        error.message,
        reply_code=error.reply_code,
        reply_text=error.reply_text,
        bytes_moved=error.bytes_moved,
        tls_alert=error.tls_alert,
        errno=error.errno,
        filename=path,
    )


def size_of(handle: int, path: bytes) -> int | None:
    """What SIZE says; None where that does not tell. For servers that refuse to begin a download beyond the end."""
    size = ctypes.c_uint64()
    status = library().ftps_client_size(ctypes.byref(size), handle, path)
    return size.value if status == Status.OK else None


def is_missing(error: Error) -> bool:
    """Whether the answer to "what is this path" was that there is none."""
    return isinstance(error, Refused) and error.reply_code in (*_CODES, None)


def _kind(handle: int, path: bytes, suits: Suits) -> type[Refused] | None:
    told = _told(handle, path)
    if suits in (Suits.NEW_FILE, Suits.NEW_DIRECTORY):
        return _kind_of_new(handle, path, suits, told)
    if told is _Told.NOTHING:
        return FileNotFound
    # What the command does not suit, or a directory that is not empty, is another reason than permissions.
    suitable = {
        Suits.FILE: (_Told.FILE, _Told.SOMETHING),
        Suits.DIRECTORY: (_Told.DIRECTORY, _Told.SOMETHING),
        Suits.ANYTHING: (_Told.FILE, _Told.DIRECTORY, _Told.SOMETHING),
        Suits.EMPTY_DIRECTORY: (),
    }
    return PermissionDenied if told in suitable[suits] else None


def _kind_of_new(handle: int, path: bytes, suits: Suits, told: _Told) -> type[Refused] | None:
    if told is _Told.NOTHING:
        parent = posixpath.dirname(path.rstrip(b"/"))
        missing = parent.strip(b"/") != b"" and _told(handle, parent) is _Told.NOTHING
        return FileNotFound if missing else PermissionDenied
    if suits is Suits.NEW_DIRECTORY:
        return None if told is _Told.UNKNOWN else FileExists
    return PermissionDenied if told in (_Told.FILE, _Told.SOMETHING) else None


def _told(handle: int, path: bytes) -> _Told:
    """What MLST (or a listing of the directory) says, and where that is refused SIZE."""
    lib = library()
    listing = ctypes.c_void_p()
    status = lib.ftps_client_entry(ctypes.byref(listing), handle, path)
    if status == Status.OK:
        kind = lib.ftps_entry_kind(lib.ftps_listing_entry(listing, 0))
        lib.ftps_listing_free(listing)
        return _OF_KIND.get(kind, _Told.SOMETHING)
    if status != Status.ERROR_REFUSED:
        return _Told.UNKNOWN
    code = lib.ftps_client_error_reply_code(handle)
    if code == 0:
        return _Told.NOTHING
    if code not in _CODES:
        return _Told.UNKNOWN
    if lib.ftps_client_size(None, handle, path) == Status.OK:
        return _Told.FILE
    return _Told.NOTHING if lib.ftps_client_error_reply_code(handle) in _CODES else _Told.UNKNOWN


_OF_KIND = {
    Kind.FILE: _Told.FILE,
    Kind.DIRECTORY: _Told.DIRECTORY,
    Kind.CURRENT_DIRECTORY: _Told.DIRECTORY,
    Kind.PARENT_DIRECTORY: _Told.DIRECTORY,
}
