"""How a blocking call is made, so that Ctrl-C ends it.

CPython runs signal handlers on the main thread, between two instructions of Python: a C function that waits there keeps
KeyboardInterrupt from being raised until it returns, and one raised at the entry of a ctypes callback is swallowed. So
the main thread never enters the library for a call that may wait: a worker thread does, while the main thread waits on
a lock, which a signal interrupts. Other threads call directly; ctypes releases the GIL in both cases.

It follows that whatever must not be torn apart by a KeyboardInterrupt (locks, the state of a client) is touched by
workers and other threads alone.
"""

from __future__ import annotations

import contextvars
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from .errors import Cancelled

T = TypeVar("T")

# A signal that arrives just before the main thread begins to wait does not wake it, and not every system gives signals
# to the main thread: it looks this often (seconds).
LOOK = 0.1
# How long one waits for a call that was interrupted (seconds), before it is left to end by itself: a callback of the
# caller's may be stuck, or the library clear up behind an atomic upload. The client's next call waits for it.
ENDING = 0.3


class Reader(Protocol):
    """Who reads what a call shows one after the other, for as long as the call lasts."""

    def is_there(self) -> bool:
        """Whether anybody can still ask for what comes next."""

    def stop(self) -> None:
        """Makes the call end."""


class Span:
    """The time in which a call can be cancelled: outside of it the same cancel object would end another one."""

    def __init__(self, cancel: Callable[[], object]) -> None:
        self._cancel = cancel
        self._lock = threading.Lock()
        self._is_running = False
        self.is_over = False
        self.is_cancelled = False
        self.reader: Reader | None = None

    def cancel(self) -> None:
        """Cancels the call, unless it is over: one that does not run yet never will."""
        with self._lock:
            self.is_cancelled = True
            if self._is_running:
                self._cancel()

    def begin(self) -> None:
        """Says that the call runs from here on. Raises `Cancelled` where it is to run no more."""
        with self._lock:
            if self.is_cancelled:
                raise Cancelled("the call was interrupted")
            self._is_running = True

    def end(self) -> None:
        """Says that the call is over, before the next one can begin."""
        with self._lock:
            self._is_running = False
            self.is_over = True
            self.reader = None


class Call(Generic[T]):
    """One call, made on a worker thread."""

    def __init__(self, work: Callable[[Span], T], span: Span) -> None:
        self._work = work
        self._span = span
        self._context = contextvars.copy_context()
        self._result: T
        self._error: BaseException | None = None
        self._done = threading.Lock()
        self._done.acquire()
        self._is_given_up = False
        self.is_pending = False

    def make(self) -> None:
        """Makes it. On a worker, which then calls `end`."""
        try:
            self._result = self._context.run(self._work, self._span)
        except BaseException as error:
            self._error = error
        finally:
            del self._work
            if self._is_given_up:
                self._error = None

    def end(self) -> None:
        """Lets the main thread go on."""
        self.is_pending = False
        self._done.release()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until it is over; at most for so long, and whether it is over then. A signal handler may raise here."""
        if seconds is not None:
            return self._done.acquire(timeout=seconds)
        while not self._done.acquire(timeout=LOOK):
            pass
        return True

    def give_up(self) -> None:
        """Says that nobody wants the outcome. A kept error would keep all that its traceback refers to: open files."""
        self._is_given_up = True
        # The signal may have come when the wait was over already.
        if self.is_pending:
            self.wait(ENDING)
        self._error = None

    def outcome(self) -> T:
        """What it returned or raised: the very same object."""
        if self._error is None:
            return self._result
        try:
            raise self._error
        finally:
            # The traceback of the error holds this frame, and this call the error.
            self._error = None


class _Workers:
    """The threads on which the main thread's calls are made: mostly one. Their calls are made in order."""

    def __init__(self) -> None:
        self._inbox: SimpleQueue[Call[Any]] = SimpleQueue()
        self._idle: list[None] = []

    def give(self, call: Call[Any]) -> None:
        """Has a worker make the call. By the main thread alone, or by signal handlers, which run on it."""
        if not self._idle:
            threading.Thread(target=self._serve, name="libftps-worker", daemon=True).start()
        call.is_pending = True
        self._inbox.put(call)

    def _serve(self) -> None:
        self._idle.append(None)
        while True:
            call = self._inbox.get()
            self._idle.pop()
            call.make()
            self._idle.append(None)
            call.end()
            del call


_workers = _Workers()


def on_main_thread() -> bool:
    """Whether signal handlers run on this thread."""
    return threading.get_ident() == threading.main_thread().ident


def run(work: Callable[[Span], T], cancel: Callable[[], object]) -> T:
    """Makes a call that may wait. `work` begins the span and ends it.

    What a signal handler raises meanwhile cancels the call, and reaches the caller once that has ended, or after
    `ENDING`.
    """
    span = Span(cancel)
    if not on_main_thread():
        return work(span)
    call = Call(work, span)
    try:
        _workers.give(call)
        call.wait()
    except BaseException:
        span.cancel()
        call.give_up()
        raise
    return call.outcome()


class Guard:
    """Keeps the first exception that a callback raised, and has the call end."""

    def __init__(self, stop: Callable[[], object]) -> None:
        self._stop = stop
        self.raised: BaseException | None = None

    def call(self, callback: Callable[..., Any], failure: Any, *arguments: Any) -> Any:
        """Calls a callback of the caller's; where one raises or raised, `failure` is what the library gets.

        None is for callbacks that cannot tell the library to stop.
        """
        if self.raised is not None:
            return failure
        try:
            return callback(*arguments)
        except BaseException as error:
            self.raised = error
            if failure is None:
                self._stop()
            return failure

    def wrap(self, callback: Callable[..., Any], failure: Any) -> Callable[..., Any]:
        """`call` with this callback, for the library."""
        return lambda *arguments: self.call(callback, failure, *arguments)

    def during(self, work: Callable[[], T]) -> T:
        """Does `work`, in which callbacks are guarded; what one raised comes before any error that followed from it."""
        outer, running.guard = running.guard, self
        self.raised = None
        try:
            result = work()
        except Exception:
            if self.raised is None:
                raise
        else:
            if self.raised is None:
                return result
        finally:
            running.guard = outer
        # Outside of the handler, so that the exception gets no context that it did not have.
        raised, self.raised = self.raised, None
        try:
            raise raised
        finally:
            del raised


class _Running(threading.local):
    """The guard of the call that this thread is in."""

    guard: Guard | None = None


running = _Running()


def _after_fork_in_child() -> None:
    """The workers stayed in the parent, and a lock that one of them held would be held for ever."""
    global _workers
    _workers = _Workers()


os.register_at_fork(after_in_child=_after_fork_in_child)
