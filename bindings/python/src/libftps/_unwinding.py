"""How files end where something went wrong: a half of what was to be written must not look whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Protocol

# In place of a finalizer. Those of `io` call `close`, which would make a half upload look whole, on a thread that may
# be in the middle of anything, and would swallow a KeyboardInterrupt.
NO_FINALIZER: Any = object


class Abortable(Protocol):
    """What `AbortsOnException` is for."""

    def close(self) -> None:
        """Completes the file."""

    def abort(self) -> None:
        """Gives it up."""


class AbortsOnException:
    """A file whose `with` block closes it, or aborts it where an exception leaves the block."""

    def __exit__(
        self: Abortable,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()


class Opening:
    """The exceptions that were being handled when a file was opened: it may be closed while one of them still is."""

    def __init__(self) -> None:
        self._known = list(_with_contexts(sys.exc_info()[1]))

    def since(self) -> BaseException | None:
        """The exception that is being handled now, and was not then: the file may not be whole."""
        handled = sys.exc_info()[1]
        return None if any(handled is known for known in self._known) else handled


def _with_contexts(error: BaseException | None) -> Iterator[BaseException]:
    """An exception with those in whose handlers it was raised, which go on when its own is left."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__context__
