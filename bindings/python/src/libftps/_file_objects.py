"""The caller's content and file objects, as the callbacks that the library reads from and writes to."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from typing import Any, Protocol, cast

from .errors import InvalidArgument

Content = bytes | bytearray | memoryview
SourceCallback = Callable[[int, int, object], int]
SinkCallback = Callable[[int, int, object], int]

# Objects of exactly these classes keep nothing of the memory that they are shown; others are shown copies.
_TRUSTED = (io.FileIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.BytesIO)
# Read at a time from the others.
_CHUNK = 1024 * 1024


class Readable(Protocol):
    """A binary file object to read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Writable(Protocol):
    """A binary file object to write to."""

    def write(self, data: bytes, /) -> Any:
        """Takes the bytes, and returns how many, or None for all."""


def source_of(source: Content | Readable) -> SourceCallback:
    """What gives the library the bytes of `source`."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _Reading(_pieces(memoryview(source)))
    if type(source) in _TRUSTED:
        return _direct_source(cast(Any, source).readinto)
    if hasattr(source, "read"):
        return _Reading(lambda: _binary(source.read(_CHUNK)))
    kind = type(source).__name__
    raise InvalidArgument(f"{kind} is no source: pass a path (str or path object), content, or a binary file object")


def sink_of(target: Writable) -> SinkCallback:
    """What takes the bytes of the library to `target`."""
    if not hasattr(target, "write"):
        raise InvalidArgument(
            f"{type(target).__name__} is no target: pass a path (str or path object), or a binary file object"
        )
    is_trusted = type(target) in _TRUSTED

    def take(address: int, size: int, _: object) -> int:
        data: Any = _memory(address, size) if is_trusted else ctypes.string_at(address, size)
        _write_all(target, data, size)
        return 0

    return take


class _Reading:
    """A source callback that gives what `read` returns, however large that is."""

    def __init__(self, read: Callable[[], Content]) -> None:
        self._read = read
        self._rest = memoryview(b"")

    def __call__(self, address: int, size: int, _: object) -> int:
        if not self._rest:
            self._rest = memoryview(self._read()).cast("B")
        piece, self._rest = self._rest[:size], self._rest[size:]
        _memory(address, size)[: len(piece)] = piece
        return len(piece)


def _pieces(content: memoryview) -> Callable[[], Content]:
    """All of it at once, and then nothing."""
    pieces = [b"", content if content.c_contiguous else content.tobytes()]
    return lambda: pieces.pop() if pieces else b""


def _direct_source(readinto: Callable[[Any], int | None]) -> SourceCallback:
    def give(address: int, size: int, _: object) -> int:
        count = readinto(_memory(address, size))
        if count is None:
            raise _nothing_now()
        return count

    return give


def _binary(data: Any) -> Content:
    if data is None:
        raise _nothing_now()
    if isinstance(data, str):
        raise TypeError("the file object gives text: open it in binary mode")
    return cast(Content, data)


def _write_all(target: Writable, data: Any, size: int) -> None:
    """Raw files (`buffering=0`) take what they like at a time."""
    done = 0
    while done < size:
        count = target.write(data[done:] if done else data)
        if count is None and isinstance(target, io.RawIOBase):
            # What `io` means by it; of other objects it means that they have no number to tell.
            raise _nothing_now()
        if not isinstance(count, int):
            return
        if count <= 0:
            raise _nothing_now()
        done += count


def _nothing_now() -> BlockingIOError:
    return BlockingIOError("the file object is in non-blocking mode, and not ready: pass one that waits")


def _memory(address: int, size: int) -> memoryview:
    """Memory of the library, which is valid during the callback."""
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")
