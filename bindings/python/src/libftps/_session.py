"""One client of the C library: who may use it when, what becomes of its errors, and when it is freed.

Every call on it passes `Session.run`. A lock, which no KeyboardInterrupt can reach, holds for the call and for the
reading of its error and of the strings that it returned, so that misuse by many threads is answered by `Busy` and
never by another call's error. The handle is freed under the lock by `close`, or, where nobody can reach the session
any more, by the reaper (see `_reaper`).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import time
import warnings
import weakref
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from . import _calls, _reaper
from ._abi import Statistic, Status
from ._calls import Guard, Span
from ._library import library
from ._naming import Names, host_name
from .errors import Busy, Closed, Error, Forked, WrongState, class_of

T = TypeVar("T")

# How long one waits for a call that was told to end, before it is left to end by itself (seconds).
ENDING = 3.0


class Stream(Protocol):
    """A file that is open on the server: while it is, the client can do nothing else."""

    name: Any

    def writable(self) -> bool:
        """Whether it is an upload."""


class Callbacks:
    """The callbacks that stay with a client: the caller's functions, and what the library calls in their place.

    The latter must exist as long as the handle, which the session does not outlive; so they reach the former, which may
    refer to the client, by a weak reference.
    """

    def __init__(self, kept: dict[str, object]) -> None:
        self._functions: dict[str, Callable[..., Any]] = {}
        self._kept = kept
        # For threads of the library, on which a pool executes a plan.
        self.guard: Guard | None = None

    def put(self, name: str, kind: Any, function: Callable[..., Any] | None, failure: Any) -> Any:
        """A callback of the C type `kind` that calls `function`; without one, the NULL of that type."""
        if function is None:
            self._functions.pop(name, None)
            return kind()
        self._functions[name] = function
        reference = weakref.ref(self)

        def call(*arguments: Any) -> Any:
            callbacks = reference()
            function = callbacks._functions.get(name) if callbacks else None
            if callbacks is None or function is None:
                return failure
            # A connection of a pool has the callbacks of the pool, and is used by another session's call.
            guard = _calls.running.guard or callbacks.guard
            # Without a call whose caller could be told, ctypes tells `sys.unraisablehook`.
            return guard.call(function, failure, *arguments) if guard else function(*arguments)

        made = kind(call)
        # The library has the one before until it is told of this one.
        self._kept[name + " before"] = self._kept.get(name)
        self._kept[name] = made
        return made


class Cancel:
    """A cancel object of the C library. Calling it sets it: on any thread, in a signal handler."""

    def __init__(self) -> None:
        handles = _reaper.Handles(self)
        pointer = ctypes.c_void_p()
        status = library().ftps_cancel_new(ctypes.byref(pointer))
        if status != Status.OK:
            raise bare_error(status)
        handles.cancel.append(pointer.value or 0)
        self._set, self._reset = library().ftps_cancel_set, library().ftps_cancel_reset
        self.pointer = pointer.value
        self.requested = False

    def __call__(self) -> None:
        # Also afterwards: `forget` may be called in between.
        self.requested = True
        self._set(self.pointer)
        self.requested = True

    def forget(self) -> None:
        """Takes back what was asked of a call that is over."""
        if self.requested:
            self.requested = False
            self._reset(self.pointer)


class Session:
    """A handle of the C library with its cancel object. See the module."""

    def __init__(self, host: str) -> None:
        self.library = lib = library()
        self.names = Names()
        self._pid = os.getpid()
        self._lock = threading.Lock()
        # Whose call has the lock, or had it last.
        self._holder = _nobody()
        self._caller: int | None = None
        self._closing = False
        self.is_connected = False
        self._stream: weakref.ref[Stream] | None = None
        # The name of the file that is being written.
        self._written: Any = None
        self.statistics: dict[Statistic, int] = {}
        handle = ctypes.c_void_p()
        self.handles = _reaper.Handles(self)
        status = lib.ftps_client_new(ctypes.byref(handle), host_name(host))
        if status != Status.OK:
            raise bare_error(status)
        self.handles.client.append(handle.value or 0)
        self.cancel = Cancel()
        lib.ftps_client_set_cancel(handle, self.cancel.pointer)
        self.guard = Guard(self.cancel)
        self.callbacks = Callbacks(self.handles.kept)

    # What may be asked at any time, on any thread, also in a signal handler.

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closing

    @property
    def is_forked(self) -> bool:
        """Whether this process was forked from the one that made the session."""
        return self._pid != os.getpid()

    @property
    def stream(self) -> Stream | None:
        """The file that is open."""
        return self._stream() if self._stream is not None else None

    # Calls.

    def run(self, work: Callable[[int], T], owner: object = None) -> T:
        """Has `work` done with the handle; `owner` is the stream that makes the call, if one does.

        `work` checks the statuses that it gets by `check`.
        """
        return _calls.run(lambda span: self.perform(work, owner, span), self.cancel)

    def perform(self, work: Callable[[int], T], owner: object, span: Span) -> T:
        """`run` on this thread, which is not the main one."""
        handle = self._enter(owner, span)
        try:
            span.begin()
            return self.guard.during(lambda: work(handle))
        finally:
            span.end()
            self._leave()

    def check(self, status: int, filename: object = None) -> None:
        """Raises the error that the last call on the handle ended with. In `work`."""
        if status != Status.OK:
            raise self.error(status, filename)

    def error(self, status: int, filename: object = None) -> Error:
        """The exception for a status that a call returned just now. In `work`."""
        lib, handle = self.library, self.handles.client[0]
        if status == Status.ERROR_CANCELLED:
            self.cancel.requested = True
        if lib.ftps_client_error_status(handle) != status:
            return bare_error(status)
        alert = lib.ftps_client_error_tls_alert(handle)
        errno = lib.ftps_client_error_errno(handle) or None
        return class_of(status, errno)(
            # The function that some name is a method here.
            lib.ftps_client_error_message(handle)
            .decode("utf-8", "replace")
            .replace("ftps_client_connect()", "connect()"),
            reply_code=lib.ftps_client_error_reply_code(handle) or None,
            reply_text=lib.ftps_client_error_reply_text(handle).decode("utf-8", "replace"),
            bytes_moved=lib.ftps_client_error_bytes_moved(handle),
            tls_alert=alert if alert >= 0 else None,
            errno=errno,
            filename=filename,
        )

    def _enter(self, owner: object, span: Span) -> int:
        if self.is_forked:
            raise Forked("the connection belongs to the process from which this one was forked: make a new client here")
        # Also where a call that goes on keeps the handle from being freed.
        if self._closing:
            raise _closed()
        self._get_lock()
        self._holder = span
        try:
            if not self.handles.client:
                raise _closed()
            self._end_dead_stream()
            self._check_stream(owner)
            if self._stream is None:
                self.cancel.forget()
            self._caller = threading.get_ident()
            return self.handles.client[0]
        except BaseException:
            span.end()
            self._lock.release()
            raise

    def _get_lock(self) -> None:
        """Waits for one that is about to let go of it, was cancelled, or has no reader; else says who has it."""
        end = time.monotonic() + ENDING
        while not self._lock.acquire(blocking=False):
            holder = self._holder
            reader = holder.reader
            if reader is not None and not reader.is_there():
                reader.stop()
            elif reader is not None:
                raise WrongState(
                    "a listing is being iterated on this client, which can do nothing else meanwhile: go on to its "
                    "end, close() the iterator, or use another client (a Pool lends them)"
                )
            elif self._caller == threading.get_ident():
                raise Busy("the client is in use by the call from which this callback was called")
            elif holder.is_cancelled and time.monotonic() > end:
                raise Busy(
                    "the call that was interrupted or cancelled has not ended yet: one of its callbacks may hang. Try "
                    "again later, or close the client"
                )
            elif not (holder.is_over or holder.is_cancelled) or time.monotonic() > end:
                raise Busy("the client is in use by another thread: each needs a client of its own (a Pool lends them)")
            if self._lock.acquire(timeout=_calls.LOOK):
                return

    def _leave(self) -> None:
        try:
            self._end_dead_stream()
            if self._closing:
                self._free()
        finally:
            self._caller = None
            self._lock.release()

    def _free(self) -> None:
        for handle in _reaper.taken(self.handles.client):
            self._keep_statistics(handle)
            self.library.ftps_client_free(handle)
        self._stream = None

    def _keep_statistics(self, handle: int) -> None:
        """The library forgets them with the connection."""
        for which in Statistic:
            value = ctypes.c_uint64()
            if self.library.ftps_client_statistic(ctypes.byref(value), handle, which) == Status.OK:
                self.statistics[which] = value.value

    # Closing.

    def quit(self) -> None:
        """Says goodbye (QUIT), and waits for the answer. Close next."""

        def work(handle: int) -> None:
            self._keep_statistics(handle)
            self.check(self.library.ftps_client_quit(handle))

        self.run(work)

    def close(self) -> None:
        """Ends what is running, closes the connection without QUIT, and frees the handle.

        On any thread, any number of times. In a callback of this client's own call it happens when that call has ended.
        """
        self._closing = True
        if self.is_forked:
            _reaper.free_client(self.handles.client)
            return
        self.cancel()
        if self.handles.client and self._caller != threading.get_ident():
            _calls.run(lambda _: self._close(ENDING), lambda: None)

    def close_at_exit(self, seconds: float) -> None:
        """Like `close`, when the interpreter ends: on the main thread, which does not go on."""
        if not self.is_forked:
            if self.stream is not None:
                self._warn_of_upload()
            self._closing = True
            self._close(seconds)

    def _close(self, seconds: float) -> None:
        # A call may have begun in between.
        self.cancel()
        reader = self._holder.reader
        if reader is not None:
            reader.stop()
        # Whoever has the lock for longer frees the handle when it leaves.
        if self._lock.acquire(timeout=seconds):
            self._holder = _nobody()
            self._caller = threading.get_ident()
            self._leave()

    # Streams.

    def begin_stream(self, stream: Stream) -> None:
        """Notes that `stream` has a transfer open: whoever else calls is told so, until `end_stream`. In `work`."""
        self._stream = _reaper.watch(stream, self.end_abandoned_stream)
        self._written = stream.name if stream.writable() else None

    def end_stream(self) -> None:
        """Notes that no transfer is open any more. In `work`."""
        self._stream = None

    def end_abandoned_stream(self) -> None:
        """Aborts the transfer whose stream nobody can reach any more. Where a call is running, that does it."""
        if not self.is_forked and self._lock.acquire(blocking=False):
            self._holder = _nobody()
            self._leave()

    def _end_dead_stream(self) -> None:
        if self._stream is not None and self._stream() is None:
            self._stream = None
            for handle in self.handles.client:
                self.library.ftps_client_abort(handle)
            self._warn_of_upload()

    def _warn_of_upload(self) -> None:
        """As Python warns of files that were not closed. This one is not complete."""
        if self._written is not None:
            # Where warnings are errors, nobody could catch this one.
            with contextlib.suppress(ResourceWarning):
                warnings.warn(
                    f"the upload of {self._written!r} was not closed, and was aborted", ResourceWarning, stacklevel=2
                )

    def _check_stream(self, owner: object) -> None:
        stream = self.stream
        if stream is not None and stream is not owner:
            raise WrongState(
                f"{stream.name!r} is open on this client, which can do nothing else meanwhile: close the file, read it "
                "to its end, or use another client (a Pool lends them)"
            )


def _nobody() -> Span:
    """In place of a call's: who needs the lock for a moment, and is waited for."""
    span = Span(lambda: None)
    span.end()
    return span


def _closed() -> Closed:
    return Closed("the client was closed: make a new one")


def bare_error(status: int) -> Error:
    """For a call whose handle has nothing to tell of it."""
    if status == Status.ERROR_BUSY:
        return Busy("the client is in use by another call")
    return class_of(status)(library().ftps_status_text(status).decode())
