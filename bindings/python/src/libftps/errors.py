"""What can go wrong: one family of exceptions under `Error`.

Each class but `Error` stands for one status of the C library. `FileNotFound` and `PermissionDenied` and `FileExists`
are kinds of `Refused`: see `FileNotFound` for the rule. Those whose names begin with `Local` are kinds of `LocalError`.
"""

from __future__ import annotations

import os
from errno import EACCES, EEXIST, EISDIR, ENOENT, ENOTDIR, EPERM

from ._abi import Status


class Error(OSError):
    """Whatever goes wrong in libftps. The message says what it was, and what to do about it.

    Attributes:
        status: the number of the C library's `ftps_status`.
        reply_code: the code of the server's reply that belongs to the error, 550 for instance, or None.
        reply_text: the text of that reply, lines parted by a line feed; empty where there is none.
        bytes_moved: payload bytes that had moved.
        tls_alert: the TLS alert at the bottom of the error (RFC 8446 section 6), or None.
        errno: the operating system's error number at the bottom of the error, or None; `FileNotFound`,
            `PermissionDenied` and `FileExists`, which are the server's word, have ENOENT, EACCES and EEXIST.
        strerror: what the operating system calls `errno`, or None.
        filename: the path that the call was made for, or None.
    """

    status: int = Status.ERROR_INTERNAL
    # Where the operating system has no part in it.
    _errno: int | None = None

    def __init__(
        self,
        message: str = "",
        *,
        reply_code: int | None = None,
        reply_text: str = "",
        bytes_moved: int = 0,
        tls_alert: int | None = None,
        errno: int | None = None,
        filename: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reply_code = reply_code
        self.reply_text = reply_text
        self.bytes_moved = bytes_moved
        self.tls_alert = tls_alert
        self.errno = self._errno if errno is None else errno
        self.strerror = None if self.errno is None else os.strerror(self.errno)
        self.filename = filename

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.message,), self.__dict__ | {"errno": self.errno, "filename": self.filename})


class InvalidArgument(Error, ValueError):
    """An argument or option cannot be used. Nothing was sent."""

    status = Status.ERROR_INVALID_ARGUMENT


class WrongState(Error):
    """The call does not fit the client's state: not connected, not logged in, a file is open. Nothing was sent."""

    status = Status.ERROR_WRONG_STATE


class ConnectionBroken(Error):
    """An earlier failure left the connection unusable: close the client, and connect with a new one."""

    status = Status.ERROR_BROKEN


class ResolveError(Error):
    """The host name could not be resolved."""

    status = Status.ERROR_RESOLVE


class ConnectError(Error):
    """No connection could be made: refused, unreachable, or a proxy said no."""

    status = Status.ERROR_CONNECT


class Timeout(Error, TimeoutError):
    """The peer was silent, or too slow, for longer than the timeout allows."""

    status = Status.ERROR_TIMEOUT


class Cancelled(Error):
    """`Client.cancel()` was called, or the call was given up in another way."""

    status = Status.ERROR_CANCELLED


class ConnectionLost(Error):
    """An established connection broke."""

    status = Status.ERROR_CONNECTION_LOST


class TlsError(Error):
    """TLS failed: handshake, record layer, or an alert from the peer."""

    status = Status.ERROR_TLS


class CertificateError(Error):
    """The server's certificate was not accepted: untrusted, expired, for another name, not the pinned one."""

    status = Status.ERROR_CERTIFICATE


class NotResumed(Error):
    """A data connection did not resume the TLS session, and the server or `resumption="require"` insists on it."""

    status = Status.ERROR_NOT_RESUMED


class LoginRefused(Error):
    """The server refused the user, the password or the account (530, 532)."""

    status = Status.ERROR_LOGIN_REFUSED


class Refused(Error):
    """The server answered a command with 4xx (try again later) or 5xx (do not repeat unchanged)."""

    status = Status.ERROR_REFUSED


class FileNotFound(Refused, FileNotFoundError):
    """The server refused (550, 553), and was asked: there is no such path.

    Servers say that for all sorts of reasons, in words of their own. So, after a 550 or 553, the server is asked with
    MLST about the path (without MLST: by a listing of the directory that holds it), and where that is refused with
    SIZE. Where the path, or for a new file its directory, does not exist this is raised; where it exists, and is a
    thing that the command suits, `PermissionDenied`; a directory to be made that exists already is `FileExists`. Where
    nothing tells, it stays `Refused`.
    """

    _errno = ENOENT


class PermissionDenied(Refused, PermissionError):
    """The server refused (550, 553) something to a path that exists: see `FileNotFound` for the rule."""

    _errno = EACCES


class FileExists(Refused, FileExistsError):
    """The server refused (550, 553) to make a directory whose path exists: see `FileNotFound` for the rule."""

    _errno = EEXIST


class ProtocolError(Error):
    """The peer does not speak the protocol: malformed, unexpected or oversized replies and listings."""

    status = Status.ERROR_PROTOCOL


class Truncated(Error):
    """Fewer bytes arrived than the server had announced, or a download ended without TLS close_notify."""

    status = Status.ERROR_TRUNCATED


class LocalError(Error):
    """The caller's side failed: a local file. What it has a kind for by its `errno` is one of the kinds below."""

    status = Status.ERROR_LOCAL


class LocalFileNotFound(LocalError, FileNotFoundError):
    """There is no such local file or directory (ENOENT)."""


class LocalPermissionDenied(LocalError, PermissionError):
    """The operating system does not permit it (EACCES, EPERM)."""


class LocalFileExists(LocalError, FileExistsError):
    """What is to be made is there already, or something else in its place (EEXIST)."""


class LocalIsADirectory(LocalError, IsADirectoryError):
    """There is a local directory where a file should be (EISDIR)."""


class LocalNotADirectory(LocalError, NotADirectoryError):
    """There is something else where a local directory should be (ENOTDIR)."""


class Busy(Error):
    """The client is in use: by another thread, or by the call from which a callback was called. Nothing was done."""

    status = Status.ERROR_BUSY


class Closed(Error, ValueError):
    """The client, file or pool was closed. Nothing was done."""

    status = Status.ERROR_CLOSED


class Forked(Error):
    """This process was forked from the one that made the object, whose connection it is. Nothing was done."""

    status = Status.ERROR_FORKED


class InternalError(Error):
    """A defect of libftps was caught. The client is closed. Please report the message."""

    status = Status.ERROR_INTERNAL


class Mismatch(Error):
    """The local and the remote content are not the same, or not one the beginning of the other."""

    status = Status.ERROR_MISMATCH


_BY_STATUS: dict[int, type[Error]] = {
    kind.status: kind
    for kind in (
        InvalidArgument,
        WrongState,
        ConnectionBroken,
        ResolveError,
        ConnectError,
        Timeout,
        Cancelled,
        ConnectionLost,
        TlsError,
        CertificateError,
        NotResumed,
        LoginRefused,
        Refused,
        ProtocolError,
        Truncated,
        LocalError,
        Busy,
        Closed,
        Forked,
        Mismatch,
    )
}


_LOCAL: dict[int | None, type[LocalError]] = {
    ENOENT: LocalFileNotFound,
    EACCES: LocalPermissionDenied,
    EPERM: LocalPermissionDenied,
    EEXIST: LocalFileExists,
    EISDIR: LocalIsADirectory,
    ENOTDIR: LocalNotADirectory,
}


def class_of(status: int, errno: int | None = None) -> type[Error]:
    """The class for a status and the system's error; `InternalError` for a status that this package does not know."""
    if status == Status.ERROR_LOCAL:
        return _LOCAL.get(errno, LocalError)
    return _BY_STATUS.get(status, InternalError)


def local_error(message: str, error: OSError, path: object) -> Error:
    """What the operating system said of a local path, with what was to be done as `message`."""
    reason = error.strerror or str(error)
    return class_of(Status.ERROR_LOCAL, error.errno)(f"{message}: {reason}", errno=error.errno, filename=path)
