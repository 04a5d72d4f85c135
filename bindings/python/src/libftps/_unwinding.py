"""Whether a file is closed because something went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator


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
