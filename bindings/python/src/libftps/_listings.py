"""The listings of a client."""

from __future__ import annotations

import builtins
import ctypes
from collections.abc import Callable

from ._abi import Format, Status, ftps_found
from ._base import Base
from ._naming import RemotePath, without_nul
from ._refusals import Suits
from .entries import Listing, listing_of
from .iteration import EntryIterator, FoundIterator, found_of
from .types import DeletedTree


class Listings(Base):
    """Directories as lists, or one entry after the other."""

    def list(self, path: RemotePath | None = None) -> Listing:
        """The entries of a directory, by default of the current one.

        Look at `unparsed` too: lines that were not understood are there, not dropped.
        """
        return self._listing("list", path)

    def list_with(self, verb: str, path: RemotePath | None = None, format: Format = Format.AUTO) -> Listing:
        """A listing by a verb, and in a format, of the caller's choice. Options of ls may stand before the path."""
        session, pointer = self._session, ctypes.c_void_p()
        name, verb_name = session.names.encode_optional(path), without_nul(verb.encode())

        def work(handle: int) -> Listing:
            out = ctypes.byref(pointer)
            session.check(session.library.ftps_client_list_with(out, handle, verb_name, name, format), path)
            return listing_of(pointer.value or 0, session.names)

        return session.run(work)

    def names(self, path: RemotePath | None = None) -> builtins.list[str]:
        """The names in a directory (NLST). Some servers give paths, and some refuse for an empty directory."""
        return [entry.name for entry in self._listing("names", path, Suits.EMPTY_DIRECTORY)]

    def iter_list(self, path: RemotePath | None = None) -> EntryIterator:
        """The entries of a directory one by one as they arrive, held nowhere.

        Until the iterator has come to its end, or is closed or dropped, the client can do nothing else.
        """
        return EntryIterator(self._session, path)

    def walk(self, path: RemotePath | None = None) -> FoundIterator:
        """All that is beneath a directory, depth first, each directory before what is in it.

        Symbolic links are shown, not followed. `skip()` of the iterator steps over the directory that was just shown.
        Until the iterator has come to its end, or is closed or dropped, the client can do nothing else.
        """
        return FoundIterator(self._session, "ftps_client_walk", path)

    def glob(self, pattern: str | bytes) -> FoundIterator:
        """All that matches a pattern, for instance "inbox/2026-*.csv", in the order of `walk`.

        "*" is any number of characters in one name, "?" one, "[a-z]" one of these and "[!a-z]" one of the others, "**"
        any number of directories; "\\\\" takes away the meaning of the character that follows.
        """
        return FoundIterator(self._session, "ftps_client_glob", pattern)

    def delete_tree(self, path: RemotePath) -> DeletedTree:
        """Deletes a directory with all that is beneath it; links are deleted, not followed.

        What cannot be deleted is in `problems` of the result, and the rest is deleted all the same.
        """
        session, deleted, problems = self._session, ctypes.c_uint64(), []
        name = session.names.encode(path)
        root = session.names.decode(name)

        def note(found: bytes, entry: int | None, problem: bytes | None, _: object) -> int:
            problems.append(found_of(found, entry, problem, session.names))
            return 0

        callback = ftps_found(session.guard.wrap(note, 0))

        def work(handle: int) -> DeletedTree:
            out = ctypes.byref(deleted)
            status = session.library.ftps_client_delete_tree(out, handle, name, callback, None)
            if status == Status.ERROR_REFUSED and any(problem.path != root for problem in problems):
                return DeletedTree(None, tuple(problems))
            session.check(status, path)
            return DeletedTree(deleted.value, ())

        return self._about(name, Suits.DIRECTORY, work)

    def _listing(self, function: str, path: RemotePath | None, suits: Suits = Suits.DIRECTORY) -> Listing:
        session, pointer = self._session, ctypes.c_void_p()
        name = session.names.encode_optional(path)
        call: Callable[..., int] = getattr(session.library, f"ftps_client_{function}")

        def work(handle: int) -> Listing:
            session.check(call(ctypes.byref(pointer), handle, name), path)
            return listing_of(pointer.value or 0, session.names)

        return session.run(work) if name is None else self._about(name, suits, work)
