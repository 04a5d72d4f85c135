"""Frees what nobody can reach any more.

Garbage collection may happen on any thread at any instruction. Python code that ran there (`__del__`, callbacks of weak
references) would swallow a KeyboardInterrupt that arrives meanwhile, and might wait for a lock that this very thread
holds. So the callback of the weak references here is `SimpleQueue.put`, which is not Python code, and a thread of its
own does the work.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from ._library import library

# How long the interpreter's end waits for calls to end (seconds).
ENDING = 2.0

_dead: SimpleQueue[Any] = SimpleQueue()
_alive: set[Handles] = set()
_thread: threading.Thread | None = None


class _Watch(weakref.ref):  # type: ignore[type-arg]
    """A weak reference that knows what is to be done when its object is gone."""

    __slots__ = ("when_gone",)

    when_gone: Callable[[], object]


def watch(thing: object, when_gone: Callable[[], object]) -> weakref.ref[Any]:
    """Has `when_gone` called on the reaper's thread once `thing` is gone, as long as the result is kept."""
    reference = _Watch(thing, _dead.put)
    reference.when_gone = when_gone
    _start()
    return reference


class Handles:
    """What is to be freed with its owner: each list has one handle, or none once it was taken to be freed."""

    def __init__(self, owner: object) -> None:
        self.client: list[int] = []
        self.cancel: list[int] = []
        self.pool: list[int] = []
        self.plan: list[int] = []
        # The callbacks that the library may call as long as the handles exist.
        self.kept: dict[str, object] = {}
        self._owner = watch(owner, self.free)
        _alive.add(self)

    @property
    def owner(self) -> Any:
        """Whose they are, or None."""
        return self._owner()

    def free(self) -> None:
        """Frees all that was not freed before."""
        free_client(self.client)
        for cancel in taken(self.cancel):
            library().ftps_cancel_free(cancel)
        free_pool(self.pool)
        for plan in taken(self.plan):
            library().ftps_plan_free(plan)
        _alive.discard(self)


def taken(handles: list[int]) -> Iterator[int]:
    """Takes the handle out, which only one thread can."""
    while True:
        try:
            handle = handles.pop()
        except IndexError:
            return
        yield handle


def free_client(handles: list[int]) -> None:
    """Frees a client that no call is made on; in a forked child, its descriptors alone."""
    for client in taken(handles):
        library().ftps_client_free(client)


def free_pool(handles: list[int]) -> None:
    """Frees a pool that no call is made on; in a forked child, its descriptors alone."""
    for pool in taken(handles):
        library().ftps_pool_free(pool)


def _start() -> None:
    global _thread
    if _thread is None:
        _thread = threading.Thread(target=_reap, name="libftps-reaper", daemon=True)
        _thread.start()


def _reap() -> None:
    while True:
        reference = _dead.get()
        reference.when_gone()
        del reference


def _at_exit() -> None:
    """Closes what is open: a half upload whose connection the system closes would look whole to some servers."""
    # What has an owner the reaper leaves alone.
    owned = [(owner, handles) for handles in list(_alive) if (owner := handles.owner) is not None]
    sessions = [owner for owner, handles in owned if handles.client]
    for session in sessions:
        session.cancel()
    end = time.monotonic() + ENDING
    for session in sessions:
        session.close_at_exit(max(0.0, end - time.monotonic()))
    for _, handles in owned:
        for pool in handles.pool:
            # Its idle connections; in a forked child it does nothing.
            library().ftps_pool_close(pool)


def _after_fork_in_child() -> None:
    global _thread
    _thread = None


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_after_fork_in_child)
