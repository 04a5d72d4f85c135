"""Files that are compressed on the server."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from fsspec.compression import compr
from fsspec.core import get_compression

from .._unwinding import NO_FINALIZER, AbortsOnException
from .files import Reader, Writer

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class Compressed(AbortsOnException, io.BufferedIOBase):
    """A file as its uncompressed content. Closing it closes the file, which most compressors leave to the finalizer."""

    __del__ = NO_FINALIZER

    def __init__(self, file: Reader | Writer, coder: Any) -> None:
        super().__init__()
        self._file = file
        self._coder = coder

    def readable(self) -> bool:
        """Whether it was opened to read."""
        return self._file.readable()

    def writable(self) -> bool:
        """Whether it was opened to write."""
        return self._file.writable()

    def seekable(self) -> bool:
        """Whether the compressor can seek."""
        return bool(self._coder.seekable())

    def read(self, size: int | None = -1, /) -> bytes:
        """At most so many bytes of the content."""
        return bytes(self._coder.read(-1 if size is None else size))

    def read1(self, size: int = -1, /) -> bytes:
        """The same."""
        return self.read(size if size >= 0 else io.DEFAULT_BUFFER_SIZE)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills `buffer` as far as the content goes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def write(self, data: ReadableBuffer, /) -> int:
        """Takes `data`, and returns how many bytes that were."""
        self._coder.write(data)
        return memoryview(data).nbytes

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Goes to a position in the content."""
        return int(self._coder.seek(offset, whence))

    def tell(self) -> int:
        """The position in the content."""
        return int(self._coder.tell())

    def close(self) -> None:
        """Ends the content, and closes the file."""
        if self.closed:
            return
        try:
            self._coder.close()
        finally:
            self._file.close()
            super().close()

    def abort(self) -> None:
        """Closes the file; of one that is written, nothing is sent."""
        super().close()
        self._file.abort()

    def _dealloc_warn(self, source: object) -> None:
        if isinstance(self._file, Writer):
            self._file._dealloc_warn(source)


def compressed(file: Reader | Writer, path: str, mode: str, compression: str) -> Compressed | Reader | Writer:
    """The file's content in a compression of fsspec's, or in that which its name tells ("infer")."""
    name = get_compression(path, compression)
    return file if name is None else Compressed(file, compr[name](file, mode=mode[0]))
