"""What the parts of `Client` share."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, TypeVar

from ._naming import RemotePath
from ._refusals import Suits, explained
from ._session import Session

T = TypeVar("T")


class Base:
    """A client's session, and the ways in which its functions are called."""

    _session: Session

    def _do(self, function: str, *arguments: Any) -> None:
        """Calls a function that tells nothing but its status."""
        session = self._session
        call = getattr(session.library, f"ftps_client_{function}")
        session.run(lambda handle: session.check(call(handle, *arguments)))

    def _do_with(self, function: str, path: RemotePath, suits: Suits, *arguments: Any) -> None:
        """The same with a path; a 550 is looked into."""
        session = self._session
        call = getattr(session.library, f"ftps_client_{function}")
        name = session.names.encode(path)
        self._about(name, suits, lambda handle: session.check(call(handle, name, *arguments), path))

    def _about(self, path: bytes, suits: Suits, work: Callable[[int], T]) -> T:
        """Has `work` done, which sends a command for `path`; a 550 is looked into."""
        return self._session.run(lambda handle: explained(handle, work, path, suits))

    def _tell(self, out: Any, function: str, *arguments: Any) -> Any:
        """Calls a function that stores a number in `out`."""
        session = self._session
        call = getattr(session.library, f"ftps_client_{function}")
        session.run(lambda handle: session.check(call(ctypes.byref(out), handle, *arguments)))
        return out.value
