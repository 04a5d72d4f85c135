"""File objects over the data connections of an `FTP_TLS`."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any

from ..files import BufferedReader, BufferedWriter, TextFile

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

    from .data import DataConnection

# In place of a finalizer: see `libftps.files`.
_nothing: Any = object


def open_file(
    connection: DataConnection,
    mode: str,
    buffering: int | None,
    encoding: str | None,
    errors: str | None,
    newline: str | None,
) -> IO[Any]:
    """The file for `DataConnection.makefile`, which has checked the mode."""
    raw = DataFile(connection)
    if buffering == 0:
        return raw  # type: ignore[return-value]
    size = buffering if buffering is not None and buffering > 1 else io.DEFAULT_BUFFER_SIZE
    kind: Any = BufferedWriter if raw.writable() else BufferedReader
    buffered: IO[Any] = kind(raw, size)
    return buffered if "b" in mode else TextFile(buffered, encoding, errors, newline)


class DataFile(io.RawIOBase):
    """What `DataConnection.makefile` makes, unbuffered."""

    __del__ = _nothing

    def __init__(self, connection: DataConnection) -> None:
        super().__init__()
        self.name = connection.name
        self._connection = connection
        self._is_lost = False

    def readable(self) -> bool:
        """Whether it is a download."""
        return not self._connection.writable()

    def writable(self) -> bool:
        """Whether it is an upload."""
        return self._connection.writable()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """As `DataConnection.recv_into`."""
        return self._connection.recv_into(buffer)

    def write(self, data: ReadableBuffer, /) -> int:
        """As `DataConnection.send`."""
        return memoryview(data).nbytes if self._is_lost else self._connection.send(data)

    def close(self) -> None:
        """Closes it; the transfer ends when the connection is closed too."""
        if not self.closed:
            super().close()
            if not self._is_lost:
                self._connection.file_closed()

    def abort(self) -> None:
        """Gives the transfer up."""
        self._connection.abort()
        self.close()

    def _dealloc_warn(self, source: object) -> None:
        """Buffers of `io` call this in their finalizers, before they call `close`."""
        self._is_lost = True
