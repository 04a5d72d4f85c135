"""Files of the server as raw file objects: a download that seeks, and an upload that is never half and looks whole."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ._naming import RemotePath
from ._refusals import Suits, explained, size_of
from ._session import Session
from ._unwinding import NO_FINALIZER, AbortsOnException, Opening
from .errors import Closed, Error, Refused, WrongState

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from typing_extensions import Self

T = TypeVar("T")

# A seek that goes on by so little is done by reading: a new download costs round trips.
_READ_OVER = 256 * 1024
# Copied at a time where a caller's buffer cannot be handed to the library as it is.
_PIECE = 1024 * 1024


class RawFile(AbortsOnException, io.RawIOBase):
    """A file of the server, unbuffered: what downloads and uploads share.

    Attributes:
        name: the path on the server.
        mode: "rb", "wb" or "ab".
    """

    # What nobody can reach the reaper aborts.
    __del__ = NO_FINALIZER

    def __init__(self, session: Session, path: RemotePath, mode: str, offset: int) -> None:
        super().__init__()
        self.name = path if isinstance(path, bytes) else os.fspath(path)
        self.mode = mode
        self._session = session
        self._path = session.names.encode(path)
        self._position = offset
        self._is_transferring = False
        self._is_lost = False

    def tell(self) -> int:
        """The position in the file."""
        self._check_open()
        return self._position

    def abort(self) -> None:
        """Gives the transfer up and closes the file. The server does not take what was written for the whole."""
        if not self.closed:
            try:
                self._give_up()
            finally:
                self._close_base()

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def _run(self, work: Callable[[int], T]) -> T:
        """Has `work` done. An interruption ends the transfer: nobody knows how far it came."""
        try:
            return self._session.run(work, owner=self)
        except Error:
            raise
        except BaseException:
            self._give_up()
            raise

    def _give_up(self) -> None:
        if self._is_transferring:
            # Where the client was closed, or this is a forked child, there is nothing to abort.
            with contextlib.suppress(Error):
                self._session.run(self._abort, owner=self)

    def _dealloc_warn(self, source: object) -> None:
        """Buffers of `io` call this in their finalizers, before they call `close`."""
        self._is_lost = True

    def _begin(self, handle: int, function: str, *arguments: int, suits: Suits) -> None:
        session = self._session
        call = getattr(session.library, f"ftps_client_{function}")
        explained(
            handle,
            lambda handle: session.check(call(handle, self._path, *arguments), self.name),
            self._path,
            suits,
        )
        self._is_transferring = True
        session.begin_stream(self)

    def _abort(self, handle: int) -> None:
        self._session.library.ftps_client_abort(handle)
        self._over()

    def _finish(self, handle: int) -> None:
        # Over whatever the outcome.
        self._over()
        self._session.check(self._session.library.ftps_client_finish(handle), self.name)

    def _over(self) -> None:
        self._is_transferring = False
        self._session.end_stream()

    def _check_open(self) -> None:
        if self.closed:
            raise Closed(f"{self.name!r} was closed")

    def _close_base(self) -> None:
        super().close()


class Download(RawFile):
    """A file of the server that is read. It can seek; a read that is elsewhere begins a download there (REST, RETR)."""

    def __init__(self, session: Session, path: RemotePath, offset: int = 0) -> None:
        super().__init__(session, path, "rb", offset)
        # Where the open transfer stands; what a caller did not get because it was interrupted lies before it.
        self._transfer_position = offset
        self._size: int | None = None
        self._failure: str | None = None
        self._run(self._reach)

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Goes to a position, from where the next read reads. Returns it. Nothing is sent but SIZE for `SEEK_END`."""
        self._check_open()
        if whence == io.SEEK_SET:
            position = offset
        elif whence == io.SEEK_CUR:
            position = self._position + offset
        elif whence == io.SEEK_END:
            position = self._length() + offset
        else:
            raise ValueError(f"whence {whence} is none of 0, 1 and 2")
        if position < 0:
            raise ValueError(f"there is no position {position} in a file")
        self._position = position
        self._failure = None
        return position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills `buffer` as far as the file goes. Returns how many bytes that were; 0 at the end."""
        self._check_readable()
        view = memoryview(buffer).cast("B")
        if not view:
            return 0
        memory = ctypes.c_char.from_buffer(view)
        address, size = ctypes.addressof(memory), len(view)
        count = self._interruptible(lambda handle: self._fill(handle, address, size, memory))
        self._position += count
        return count

    def readall(self) -> bytes:
        """Everything from the position to the end."""
        self._check_readable()
        content = self._interruptible(self._rest)
        self._position += len(content)
        return content

    def close(self) -> None:
        """Closes the file. A download that was not read to its end is given up."""
        if self._is_lost:
            # The reaper does it.
            self._close_base()
        else:
            self.abort()

    def _open(self, handle: int) -> None:
        self._begin(handle, "open_download", self._position, suits=Suits.FILE)
        self._transfer_position = self._position

    def _interruptible(self, work: Callable[[int], T]) -> T:
        """What was read when an interruption came is lost: nothing is read on, as if nothing had been."""
        try:
            return self._run(work)
        except Error:
            self._failure = "failed"
            raise
        except BaseException:
            self._failure = "was interrupted"
            raise

    def _check_readable(self) -> None:
        self._check_open()
        if self._failure is not None:
            raise WrongState(
                f"reading {self.name!r} {self._failure} at byte {self._position}: seek() to go on from there, or open "
                "the file anew"
            )

    def _fill(self, handle: int, address: int, size: int, _: object) -> int:
        self._reach(handle)
        done = 0
        while done < size and self._is_transferring:
            done += self._read(handle, address + done, size - done)
        return done

    def _rest(self, handle: int) -> bytes:
        self._reach(handle)
        content, piece = io.BytesIO(), ctypes.create_string_buffer(_PIECE)
        view = memoryview(piece)
        while self._is_transferring:
            content.write(view[: self._read(handle, ctypes.addressof(piece), _PIECE)])
        return content.getvalue()

    def _reach(self, handle: int) -> None:
        """Has a transfer stand at the position, unless that is the end that a transfer has come to."""
        gap = self._position - self._transfer_position
        if self._is_transferring and 0 < gap <= _READ_OVER:
            piece = ctypes.create_string_buffer(gap)
            while self._is_transferring and self._transfer_position < self._position:
                self._read(handle, ctypes.addressof(piece), self._position - self._transfer_position)
            return
        if gap == 0 and (self._is_transferring or self._transfer_position == self._size):
            return
        if self._is_transferring:
            self._abort(handle)
        if self._size is not None and self._position >= self._size:
            return
        try:
            self._open(handle)
        except Refused:
            # Some servers refuse to begin beyond the end, where a local file has nothing more.
            size = size_of(handle, self._path) if self._position else None
            if size is None or self._position < size:
                raise
            self._size = size

    def _read(self, handle: int, address: int, size: int) -> int:
        """Reads what is there. At the end the transfer is over, and complete: else that raises."""
        count = ctypes.c_size_t()
        status = self._session.library.ftps_client_read(ctypes.byref(count), handle, address, size)
        if status != 0:
            self._over()
            self._session.check(status, self.name)
        self._transfer_position += count.value
        if count.value == 0:
            self._finish(handle)
            self._size = self._transfer_position
        return count.value

    def _length(self) -> int:
        if self._size is None:
            self._size = self._run(self._ask_size)
        return self._size

    def _ask_size(self, handle: int) -> int:
        if self._is_transferring:
            self._abort(handle)
        size = ctypes.c_uint64()
        self._session.check(self._session.library.ftps_client_size(ctypes.byref(size), handle, self._path), self.name)
        return size.value


class Upload(RawFile):
    """A file of the server that is written. It is complete when `close` returned without an exception."""

    def __init__(self, session: Session, path: RemotePath, mode: str, offset: int = 0) -> None:
        super().__init__(session, path, mode, offset)
        self._opening = Opening()
        if mode == "ab":
            self._run(lambda handle: self._begin(handle, "open_append", suits=Suits.NEW_FILE))
        else:
            self._run(lambda handle: self._begin(handle, "open_upload", offset, suits=Suits.NEW_FILE))

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Sends `data`, all of it, and returns how many bytes that were."""
        self._check_open()
        view = memoryview(data)
        if self._is_lost:
            return view.nbytes
        if not self._is_transferring:
            if self._opening.since():
                # A buffer that is closed because of the failure gets rid of its content.
                return view.nbytes
            raise WrongState(f"the upload of {self.name!r} has failed or was interrupted: it was aborted")
        if view.nbytes:
            self._run(lambda handle: self._send(handle, data, view))
        self._position += view.nbytes
        return view.nbytes

    def close(self) -> None:
        """Ends the upload, and waits until the server agrees.

        While an exception is being handled that was not when the file was opened, nobody knows whether the content is
        whole: then it is aborted, and that is an error, `WrongState`. Leaving the file's own `with` block by an
        exception aborts it without a word.
        """
        if self.closed:
            return
        if self._is_lost:
            # The reaper aborts it.
            self._close_base()
        elif error := self._opening.since():
            self.abort()
            self._complain_of(error)
        else:
            self._complete()

    def _complete(self) -> None:
        try:
            if not self._is_transferring:
                raise WrongState(f"the upload of {self.name!r} has failed or was interrupted: it was aborted")
            self._run(self._finish)
        finally:
            self._close_base()

    def _complain_of(self, error: BaseException) -> None:
        """What wants to end the program passes on unchanged."""
        if isinstance(error, Exception):
            raise WrongState(
                f"the upload of {self.name!r} was aborted: it was closed while an exception was handled that was not "
                "when the file was opened, so that it may not be whole. Use the file in a `with` block, or open and "
                "close it where the exception is handled"
            )

    def _send(self, handle: int, data: ReadableBuffer, view: memoryview) -> None:
        if isinstance(data, bytes):
            self._write(handle, data, len(data))
        elif not view.readonly and view.c_contiguous:
            memory = ctypes.c_char.from_buffer(view.cast("B"))
            self._write(handle, ctypes.addressof(memory), view.nbytes)
        else:
            flat = view.cast("B") if view.c_contiguous else memoryview(view.tobytes())
            for start in range(0, len(flat), _PIECE):
                piece = bytes(flat[start : start + _PIECE])
                self._write(handle, piece, len(piece))

    def _write(self, handle: int, data: bytes | int, size: int) -> None:
        status = self._session.library.ftps_client_write(handle, data, size)
        if status != 0:
            self._over()
            self._session.check(status, self.name)
