"""Files of the server as Python's file objects: buffers, text, and `open_file`, which makes them."""

from __future__ import annotations

import io
from typing import IO, Any

from ._naming import RemotePath
from ._raw_files import Download, Upload
from ._session import Session
from ._unwinding import NO_FINALIZER, AbortsOnException
from .errors import InvalidArgument

# The buffer of a file, unless told otherwise: large, since each filling of it is a call.
BUFFER_SIZE = 256 * 1024


class BufferedReader(io.BufferedReader):
    """A buffered file that is read."""

    __del__ = NO_FINALIZER

    raw: Download

    def abort(self) -> None:
        """Gives the download up, and closes the file."""
        self.raw.abort()


class BufferedWriter(AbortsOnException, io.BufferedWriter):
    """A buffered file that is written. It is complete when `close` returned without an exception."""

    __del__ = NO_FINALIZER

    raw: Upload

    def abort(self) -> None:
        """Gives the upload up, and closes the file. The server does not take what was written for the whole."""
        self.raw.abort()


class TextFile(AbortsOnException, io.TextIOWrapper):
    """A file as text."""

    __del__ = NO_FINALIZER

    buffer: BufferedReader | BufferedWriter
    mode: str

    def abort(self) -> None:
        """Gives the transfer up, and closes the file. The server does not take what was written for the whole."""
        self.buffer.abort()


def open_file(
    session: Session,
    path: RemotePath,
    mode: str,
    offset: int,
    buffering: int,
    encoding: str | None,
    errors: str | None,
    newline: str | None,
) -> IO[Any]:
    """The file for `Client.open`."""
    letters = set(mode)
    kind = "".join(letters - {"b", "t"})
    if len(mode) != len(letters) or kind not in ("r", "w", "a") or {"b", "t"} <= letters:
        raise InvalidArgument(
            f"mode {mode!r}: a file of the server is read ('r'), written ('w') or appended to ('a'), with 'b' as bytes"
        )
    if offset < 0 or (offset and kind == "a"):
        raise InvalidArgument(f"offset {offset} cannot be used with mode {mode!r}")
    is_text = "b" not in letters
    if not is_text and (encoding, errors, newline) != (None, None, None):
        raise InvalidArgument("encoding, errors and newline are for text: leave out the 'b' of the mode")
    if is_text and buffering == 0:
        raise InvalidArgument("text is always buffered: buffering=0 is for bytes")
    raw = Download(session, path, offset) if kind == "r" else Upload(session, path, kind + "b", offset)
    if buffering == 0:
        return raw  # type: ignore[return-value]
    size = buffering if buffering > 1 else BUFFER_SIZE
    buffered = BufferedReader(raw, size) if isinstance(raw, Download) else BufferedWriter(raw, size)
    if not is_text:
        return buffered
    text = TextFile(buffered, encoding or "utf-8", errors, newline)
    text.mode = mode
    return text
