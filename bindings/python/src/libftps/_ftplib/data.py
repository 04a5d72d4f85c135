"""The data connections of an `FTP_TLS`."""

from __future__ import annotations

import contextlib
import ctypes
import ftplib
import time
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, TypeVar

from .._abi import Direction
from .._commands import reply_of
from .._naming import without_nul
from .._unwinding import AbortsOnException, Opening
from ..errors import Closed, Error, Forked, WrongState
from .control import ControlConnection, NativeSocket
from .files import open_file

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from typing_extensions import Self

T = TypeVar("T")

_UPLOADS = (b"APPE", b"STOR", b"STOU")

# Bytes that are held for a caller who takes, or gives, little at a time: each call of the library costs time.
_BUFFER_SIZE = 1024 * 1024
# For so long (seconds) a buffer is filled, or is kept before it is sent: what comes slowly is passed on at once.
_PATIENCE = 0.05


class DataConnection(AbortsOnException, NativeSocket):
    """What `FTP_TLS.transfercmd` returns: the socket of one transfer, under TLS, as far as code uses sockets.

    The reply to the transfer is what `FTP_TLS.voidresp` gives afterwards. A refusal is raised here already.

    An upload is complete when that reply came. Where an exception leaves its `with` block, or is being handled when it
    is closed (and was not when it was opened), it is aborted; so is what is garbage-collected.
    """

    _WHAT = "the data connection"

    def __init__(self, control: ControlConnection, command: bytes, offset: int, timeout: float | None) -> None:
        """`timeout` is what `gettimeout` tells: `control` was prepared for it."""
        verb, _, argument = without_nul(command).partition(b" ")
        self.name = command.decode("utf-8", "replace")
        self._control = control
        self._session = control.session
        self._direction = Direction.UPLOAD if verb.upper() in _UPLOADS else Direction.DOWNLOAD
        self._opening = Opening()
        self._is_open = False
        self._is_closed = False
        self._files = 0
        # Of a download: what has come and was not taken; what is to be raised behind it.
        self._memory = bytearray(0 if self.writable() else _BUFFER_SIZE)
        self._received = memoryview(b"")
        self._failure: Exception | None = None
        self._is_complete = False
        self._count = 0
        self._final_replies: list[str] = []
        # Of an upload: what was given and is not sent.
        self._held = bytearray()
        self._last_sent = time.monotonic()
        self._timeout = timeout
        self._run(lambda handle: self._open(handle, verb, argument or None, offset))
        self.size = self._announced_size()

    def writable(self) -> bool:
        """Whether it is an upload."""
        return self._direction == Direction.UPLOAD

    # Receiving.

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        """At most `bufsize` bytes; none at the end, when all has come and the server has confirmed that."""
        self._check_usable(for_upload=False)
        if not self._received:
            self._receive()
        piece, self._received = self._received[:bufsize], self._received[bufsize:]
        return bytes(piece)

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """The same into `buffer`; returns how many."""
        view = memoryview(buffer).cast("B")
        piece = self.recv(min(nbytes, len(view)) if nbytes else len(view))
        view[: len(piece)] = piece
        return len(piece)

    def read(self, len: int = 1024, buffer: WriteableBuffer | None = None) -> bytes | int:
        """As `ssl.SSLSocket.read`."""
        return self.recv(len) if buffer is None else self.recv_into(buffer, len)

    # Sending.

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        """Sends all of `data`."""
        self._check_usable(for_upload=True)
        self._held += memoryview(data).cast("B")
        if len(self._held) >= _BUFFER_SIZE or time.monotonic() - self._last_sent > _PATIENCE:
            self._send_held()

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        """The same; returns how many bytes that were."""
        self.sendall(data)
        return memoryview(data).nbytes

    write = send

    # Ending.

    def unwrap(self) -> DataConnection:
        """Ends an upload, as `close` does. Returns this connection, which has to be closed."""
        if self.writable() and self._is_open:
            self._end()
        return self

    def shutdown(self, how: int) -> None:
        """As `unwrap`."""
        self.unwrap()

    def close(self) -> None:
        """Ends the transfer, once the files that `makefile` made are closed too.

        The rest of a download that has not come to its end is given up.
        """
        self._is_closed = True
        self._close_if_unused()

    def abort(self) -> None:
        """Gives the transfer up. The server does not take what was sent for the whole."""
        self._is_closed = True
        self._held.clear()
        if self._is_open:
            self._run(self._abort)

    def __enter__(self) -> Self:
        return self

    def file_closed(self) -> None:
        """One of the files that `makefile` made is closed."""
        self._files -= 1
        self._close_if_unused()

    # What else code asks of sockets.

    def makefile(
        self,
        mode: str = "r",
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> IO[Any]:
        """A file object over it, as `socket.socket.makefile`."""
        if not set(mode) <= {"r", "w", "b"} or ("w" in mode) != self.writable():
            raise ValueError(
                f"mode {mode!r} does not suit {self.name!r}, which is {'sent' if self.writable() else 'received'}"
            )
        if buffering == 0 and "b" not in mode:
            raise ValueError("unbuffered streams must be binary")
        self._files += 1
        return open_file(self, mode, buffering, encoding, errors, newline)

    def _apply_timeout(self, seconds: float) -> None:
        self._control.set_data_timeout(seconds)

    def version(self) -> str | None:
        """The TLS version as `ssl.SSLSocket.version` tells it."""
        return self._control.data_version()

    @property
    def session_reused(self) -> bool:
        """Whether it resumed the control connection's TLS session. False when the transfer is over."""
        resumed = ctypes.c_int(-1)
        call = self._session.library.ftps_client_is_resumed
        self._run(lambda handle: self._session.check(call(ctypes.byref(resumed), handle)))
        return resumed.value == 1

    # The transfer.

    def _run(self, work: Callable[[int], T]) -> T:
        """Has `work` done. An interruption ends the transfer: nobody knows how far it came."""
        self._control.dialogue.begin()
        try:
            return self._session.run(work, owner=self)
        except Error as error:
            standard = self._failed(error)
            raise standard from standard.__cause__
        except BaseException:
            if self._is_open:
                # Where the connection was closed, or this is a forked child, there is nothing to abort.
                with contextlib.suppress(Error):
                    self._session.run(self._abort, owner=self)
            raise

    def _failed(self, error: Error) -> Exception:
        """What to raise; where it is a reply, `voidresp` raises it too, which is where most code expects it."""
        reply = self._control.dialogue.reply_of(error)
        if reply:
            self._control.keep_for_caller(reply)
        return self._control.standard(error)

    def _open(self, handle: int, verb: bytes, argument: bytes | None, offset: int) -> None:
        call = self._session.library.ftps_client_open_transfer
        self._session.check(call(handle, self._direction, verb, argument, offset))
        self._is_open = True
        self._session.begin_stream(self)
        self._note_final_replies()

    def _receive(self) -> None:
        """Has something to give in `_received`, unless it is at the end, and all was given."""
        if self._is_open:
            self._run(self._fill)
        if self._received or self._is_complete:
            return
        if self._failure is not None:
            raise self._failure from self._failure.__cause__
        raise WrongState(f"the download {self.name!r} was interrupted, and given up")

    def _fill(self, handle: int) -> None:
        begun, done = time.monotonic(), 0
        try:
            while self._is_open and done < _BUFFER_SIZE and (not done or time.monotonic() - begun < _PATIENCE):
                done += self._read(handle, done)
        except Error as error:
            # What came before it is given first.
            self._failure = self._failed(error)
        self._received = memoryview(self._memory)[:done]
        self._count += done
        self._note_final_replies()

    def _read(self, handle: int, offset: int) -> int:
        """Reads what is there. At the end the transfer is over, and complete: else that raises."""
        count, memory = ctypes.c_size_t(), ctypes.c_char.from_buffer(self._memory, offset)
        arguments = (ctypes.addressof(memory), _BUFFER_SIZE - offset)
        self._check_or_over(self._session.library.ftps_client_read(ctypes.byref(count), handle, *arguments))
        if count.value == 0:
            self._finish(handle)
            self._is_complete = True
        return count.value

    def _note_final_replies(self) -> None:
        """The reply to the transfer may come long before the last byte is read, which waits on this side."""
        # To EPSV, PASV and REST, and the preliminary one.
        others = ("1", "227", "229", "3")
        self._final_replies += [reply for reply in self._control.dialogue.replies() if not reply.startswith(others)]

    def _send_held(self) -> None:
        if self._held:
            self._run(self._write)
            self._last_sent = time.monotonic()

    def _write(self, handle: int) -> None:
        data = bytes(self._held)
        self._held.clear()
        self._check_or_over(self._session.library.ftps_client_write(handle, data, len(data)))

    def _end(self) -> None:
        """Sends the rest of an upload, and waits until the server agrees."""

        def work(handle: int) -> None:
            if self._held:
                self._write(handle)
            self._finish(handle)

        self._run(work)

    def _finish(self, handle: int) -> None:
        # Over whatever the outcome.
        self._over()
        self._session.check(self._session.library.ftps_client_finish(handle))
        self._control.keep_for_caller(reply_of(self._session, handle).raw)

    def _stop(self, handle: int) -> None:
        """Gives the rest of a download up, and keeps what the server says to that."""
        self._over()
        self._session.check(self._session.library.ftps_client_stop(handle))
        self._control.keep_for_caller(*(self._control.dialogue.replies() or self._final_replies)[:1])

    def _abort(self, handle: int) -> None:
        self._over()
        self._session.library.ftps_client_abort(handle)
        self._control.forget_replies(f"{self.name!r} was aborted")

    def _check_or_over(self, status: int) -> None:
        if status != 0:
            self._over()
            self._session.check(status)

    def _over(self) -> None:
        self._is_open = False
        self._session.end_stream()

    def _close_if_unused(self) -> None:
        if not self._is_closed or self._files or not self._is_open:
            return
        if self.writable():
            # Whoever goes on all the same learns of the abort by `voidresp`; what is raised must not be replaced here.
            self.abort() if self._opening.since() else self._end()
            return
        if self._count == self.size:
            # All is there but the end, which is the server's word that it is all.
            self._receive()
        if self._is_open:
            # Where the control connection was closed, or this is a forked child, there is nothing to be stopped.
            with contextlib.suppress(Closed, Forked):
                self._run(self._stop)

    def _check_usable(self, for_upload: bool) -> None:
        if self._is_closed and not self._files:
            raise Closed(f"the data connection of {self.name!r} was closed")
        if for_upload != self.writable():
            raise WrongState(f"{self.name!r} is {'sent, not received' if self.writable() else 'received, not sent'}")
        if for_upload and not self._is_open:
            raise WrongState(f"the upload {self.name!r} has ended, or has failed and was aborted")

    def _announced_size(self) -> int | None:
        replies = self._control.dialogue.replies()
        sizes = [ftplib.parse150(reply) for reply in replies if reply.startswith("150")]
        return sizes[-1] if sizes else None
