"""Calls that show one thing after the other, turned into iterators.

The call is made on a thread of its own, which waits for the reader now and then: a long listing is held nowhere.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import _calls, _reaper
from ._abi import Step, ftps_found, ftps_listing_item
from ._calls import Guard, Span
from ._naming import Names, RemotePath
from ._refusals import Suits, explained
from ._session import Session
from .entries import Entry, entry_of
from .errors import Cancelled
from .types import Found

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")

# What a callback returns to make the library stop.
_STOP = -1
# The call waits for the reader after so many items.
_WINDOW = 256


class _End:
    """What comes behind the last item: the error that the call ended with, if one."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Channel(Generic[T]):
    """Between a call, which uses `show` and `end`, and its reader, who uses `take`, `answer` and `stop`."""

    def __init__(self, cancel: Callable[[], object]) -> None:
        self._items: SimpleQueue[tuple[T, bool] | _End] = SimpleQueue()
        self._answers: SimpleQueue[int] = SimpleQueue()
        self._count = 0
        self.span = Span(cancel)
        self.ended = threading.Event()

    def show(self, item: T, is_asked: bool = False) -> int:
        """Gives the next item, and returns what the library is to do: with `is_asked` the reader's answer."""
        if self.is_stopped:
            return _STOP
        self._count += 1
        waits = is_asked or self._count % _WINDOW == 0
        self._items.put((item, waits))
        return self._answers.get() if waits else Step.ON

    def end(self, error: BaseException | None = None) -> None:
        """Tells the reader that nothing more comes."""
        self._items.put(_End(error))
        self.ended.set()

    def take(self) -> tuple[T, bool] | _End:
        """The next item, and whether it needs an answer. A signal handler may raise here."""
        while True:
            try:
                return self._items.get(timeout=_calls.LOOK)
            except Empty:
                continue

    def answer(self, answer: int) -> None:
        """Lets the call go on."""
        self._answers.put(answer)

    def stop(self) -> None:
        """Makes the call end: on any thread, any number of times."""
        self.span.cancel()
        self._answers.put(_STOP)

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self.span.is_cancelled


class _Reader:
    """The reader of a channel, as a session knows it: it does not keep the iterator alive."""

    def __init__(self, iterator: object, channel: Channel[Any]) -> None:
        self._channel = channel
        self._iterator = _reaper.watch(iterator, channel.stop)

    def is_there(self) -> bool:
        return self._iterator() is not None and not self._channel.is_stopped

    def stop(self) -> None:
        self._channel.stop()


class CallIterator(Iterator[T]):
    """An iterator over what a call shows. Close it, or use it in a `with` block, where it may not come to its end.

    After an error, and after an interruption (KeyboardInterrupt), it has no more items but raises again: what was seen
    is not all.
    """

    def __init__(self, session: Session, make: Callable[[int, Channel[T], Guard], None]) -> None:
        self._channel: Channel[T] = Channel(session.cancel)
        self._owes_answer = False
        self._answer: int = Step.ON
        self._failure: BaseException | None = None
        self._is_over = False
        self._next: deque[tuple[T, bool] | _End] = deque()
        self._channel.span.reader = _Reader(self, self._channel)
        arguments = (session, make, self._channel)
        threading.Thread(target=_produce, args=arguments, name="libftps-iteration", daemon=True).start()
        # Errors that have nothing to do with an item are raised here: another file is open, there is no such directory.
        self._fetch()
        first = self._next[0]
        if isinstance(first, _End) and first.error is not None:
            self.__next__()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        if self._failure is not None:
            raise self._failure
        if self._is_over:
            raise StopIteration
        if not self._next:
            if self._owes_answer:
                self._owes_answer = False
                self._channel.answer(self._answer)
                self._answer = Step.ON
            self._fetch()
        item = self._next.popleft()
        if isinstance(item, _End):
            self._is_over = True
            self._failure = item.error
            return self.__next__()
        value, self._owes_answer = item
        return value

    def close(self) -> None:
        """Ends the call, if it has not ended, and waits for that. Then there are no more items."""
        self._is_over = True
        self._channel.stop()
        while not self._channel.ended.wait(_calls.LOOK):
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fetch(self) -> None:
        try:
            self._next.append(self._channel.take())
        except BaseException:
            self._failure = Cancelled("the iteration was interrupted: begin it anew")
            self._channel.stop()
            raise


class EntryIterator(CallIterator[Entry]):
    """The entries of a directory, as they arrive.

    Attributes:
        unparsed: the lines so far that were not understood. Where there are any, the directory has more than the
            entries show.
    """

    def __init__(self, session: Session, path: RemotePath | None) -> None:
        self.unparsed: list[bytes] = []
        unparsed, names, library = self.unparsed, session.names, session.library
        name = names.encode_optional(path)

        def make(handle: int, channel: Channel[Entry], guard: Guard) -> None:
            def item(entry: int | None, line: int, length: int, _: object) -> int:
                if entry is None:
                    unparsed.append(ctypes.string_at(line, length))
                    return _STOP if channel.is_stopped else 0
                return channel.show(entry_of(entry, names))

            callback = ftps_listing_item(guard.wrap(item, _STOP))

            def work(handle: int) -> None:
                session.check(library.ftps_client_list_each(handle, name, callback, None), path)

            if name is None:
                work(handle)
            else:
                explained(handle, work, name, Suits.DIRECTORY)

        super().__init__(session, make)


class FoundIterator(CallIterator[Found]):
    """What a walk finds."""

    def __init__(self, session: Session, function: str, path: RemotePath | None) -> None:
        names, call = session.names, getattr(session.library, function)
        name = names.encode_optional(path)

        def make(handle: int, channel: Channel[Found], guard: Guard) -> None:
            def show(path: bytes, entry: int | None, problem: bytes | None, _: object) -> int:
                found = found_of(path, entry, problem, names)
                return channel.show(found, is_asked=found.entry is not None and found.entry.is_directory)

            callback = ftps_found(guard.wrap(show, _STOP))
            session.check(call(handle, name, callback, None), path)

        super().__init__(session, make)

    def skip(self) -> None:
        """Steps over the directory that was just shown: what is in it is not looked at."""
        self._answer = Step.OVER


def found_of(path: bytes, entry: int | None, problem: bytes | None, names: Names) -> Found:
    """What a walk shows to its callback."""
    return Found(
        names.decode(path),
        None if entry is None else entry_of(entry, names),
        None if problem is None else problem.decode("utf-8", "replace"),
    )


def _produce(session: Session, make: Callable[[int, Channel[T], Guard], None], channel: Channel[T]) -> None:
    """Makes the call, on a thread of its own."""
    error = None
    try:
        session.perform(lambda handle: make(handle, channel, session.guard), None, channel.span)
    except BaseException as raised:
        error = raised
    channel.end(error)
