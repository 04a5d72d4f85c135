"""The files that `FTPSFileSystem.open` returns."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import warnings
from errno import EISDIR
from typing import TYPE_CHECKING, Any, NoReturn

from fsspec.spec import AbstractBufferedFile

from .._unwinding import NO_FINALIZER, AbortsOnException, Opening
from ..client import Client
from ..errors import Closed, FileExists, ProtocolError, Truncated, WrongState
from .transactions import Sent, send_temporary

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from typing_extensions import Self

    from .contents import Contents


class Reader(AbstractBufferedFile):  # type: ignore[misc]
    """A file that is read, block by block, through a cache of fsspec's.

    Each block is a download of its own (REST, RETR) on a connection that is the file's for so long: any number of files
    can be open at a time.
    """

    _details: dict[str, Any] | None

    def __init__(self, fs: Contents, path: str, *arguments: Any, **options: Any) -> None:
        super().__init__(fs, path, *arguments, **options)
        if self.size is None:
            raise ProtocolError(
                f"the server does not tell the size of {path}, without which it cannot be read in blocks"
            )

    @property
    def details(self) -> dict[str, Any]:
        """What `info` tells of the file; from when it was opened."""
        found: dict[str, Any] = self._details or self.fs.info(self.path)
        if found["type"] == "directory":
            raise IsADirectoryError(EISDIR, "it is a directory", self.path)
        self._details = found
        return found

    def abort(self) -> None:
        """The same as `close`."""
        self.close()

    def _fetch_range(self, start: int, end: int) -> bytes:
        end = min(end, self.size)
        # One byte more than there is at the end: then the server says that it was all, instead of being interrupted.
        more = int(end == self.size)
        with self.fs.lease() as client:
            data: bytes = client.read_bytes(self.path, start, max(0, end - start) + more)
        if len(data) < end - start:
            raise Truncated(
                f"{self.path} had {self.size} bytes when it was opened, and now ends at byte {start + len(data)}: it "
                "was replaced meanwhile, open it anew"
            )
        return data[: end - start]


class Writer(AbortsOnException, io.BufferedIOBase):
    """A file that is written. It is sent as a whole by `close`.

    Until then it is kept here: in memory as long as it is no longer than a block, else in an unnamed temporary file. So
    the server never has a half file that looks whole, any number of files can be open at a time, and one can go back
    in what was written (`seek`). Nothing is sent where an exception leaves the `with` block, or the last
    reference to the file is lost.

    In a transaction `close` sends the file under a temporary name, and `commit` renames it.
    """

    __del__ = NO_FINALIZER

    def __init__(self, fs: Contents, path: str, mode: str, block_size: int, autocommit: bool) -> None:
        super().__init__()
        self.fs = fs
        self.path = path
        self.mode = mode
        self.blocksize = block_size
        self.autocommit = autocommit
        self._opening = Opening()
        self._is_lost = False
        self._sent: Sent | None = None
        self._start = 0
        if mode == "xb":
            self._check_new()
        # Closed by `close` and `discard`, or with this object.
        self._spool = tempfile.SpooledTemporaryFile(max_size=block_size)  # noqa: SIM115
        if mode == "ab":
            self._find_end()

    @property
    def name(self) -> str:
        """The path."""
        return self.path

    def writable(self) -> bool:
        """Whether it is open."""
        return not self.closed

    def seekable(self) -> bool:
        """Whether it is a new file: what is appended stays where it is."""
        return self.mode != "ab"

    def write(self, data: ReadableBuffer, /) -> int:
        """Takes `data`, all of it, and returns how many bytes that were."""
        self._check_open()
        view = memoryview(data)
        self._spool.write(view if view.c_contiguous else view.tobytes())
        return view.nbytes

    def tell(self) -> int:
        """The position in the file."""
        self._check_open()
        return self._start + self._spool.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Goes to a position in what was written."""
        self._check_open()
        if not self.seekable():
            raise io.UnsupportedOperation("one cannot seek in a file that is appended to")
        self._spool.seek(offset, whence)
        return self._spool.tell()

    def close(self) -> None:
        """Sends the file. It is complete when this returned.

        While an exception is being handled that was not when the file was opened, nobody knows whether the content is
        whole: then it is dropped, and that is an error, `WrongState`. Where the exception leaves a `with` block, it is
        dropped without a word.
        """
        if self.closed:
            return
        try:
            if not self._is_lost:
                self._send_unless_unwinding()
        finally:
            self._let_go()

    def discard(self) -> None:
        """Gives up what was written; where it was sent in a transaction, the temporary file is deleted."""
        self._let_go()
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.discard()

    abort = discard

    def commit(self) -> None:
        """Has the file take its place: what fsspec calls at the end of a transaction."""
        if self._sent is not None:
            self._sent.commit()
            self._sent = None

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a file that is being written cannot be pickled: open it where it is written")

    def _dealloc_warn(self, source: object) -> None:
        """`io.TextIOWrapper` calls this in its finalizer, before it calls `close`."""
        self._is_lost = True
        warnings.warn(f"{self.path} was not closed, and is not sent", ResourceWarning, stacklevel=2, source=source)

    def _find_end(self) -> None:
        if self.autocommit:
            self._start = self.fs.info(self.path)["size"] if self.fs.exists(self.path) else 0
        elif self.fs.exists(self.path):
            # A transaction replaces the file by one that has the old content too.
            with self.fs.lease() as client:
                client.download(self.path, self._spool)

    def _send_unless_unwinding(self) -> None:
        error = self._opening.since()
        if error is None:
            self._send()
        elif isinstance(error, Exception) and not _leaves_with_block(error):
            raise WrongState(
                f"{self.path} was not sent: it was closed while an exception was handled that was not when it was "
                "opened, so that it may not be whole. Use the file in a `with` block, or open and close it where the "
                "exception is handled"
            )

    def _send(self) -> None:
        if self.mode == "xb":
            self._check_new()
        if not self.autocommit:
            self._sent = send_temporary(self.fs, self.path, self._upload)
        else:
            send = self._append if self.mode == "ab" else self._upload
            self.fs.store(self.path, lambda client: send(client, self.path))

    def _upload(self, client: Client, path: str) -> None:
        self._spool.seek(0)
        client.upload(self._spool, path)

    def _append(self, client: Client, path: str) -> None:
        self._spool.seek(0)
        with client.open(path, "ab") as target:
            shutil.copyfileobj(self._spool, target)

    def _let_go(self) -> None:
        self._spool.close()
        super().close()

    def _check_new(self) -> None:
        if self.fs.exists(self.path):
            raise FileExists(f"{self.path} exists already", filename=self.path)

    def _check_open(self) -> None:
        if self.closed:
            raise Closed(f"{self.path} was closed")


def _leaves_with_block(error: Exception) -> bool:
    """Whether this is called, by whatever wraps the file, because a `with` block ends by `error`.

    Such wrappers (fsspec's OpenFile, the handles of pandas) close what they wrap, and `error` is what is to be seen.
    """
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "__exit__":
            values = frame.f_locals.values()
            if any(value is error or (isinstance(value, tuple) and error in value) for value in values):
                return True
        frame = frame.f_back  # type: ignore[assignment]
    return False
