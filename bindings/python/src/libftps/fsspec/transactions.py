"""Files that are sent under temporary names, and take their places together."""

from __future__ import annotations

import logging
import posixpath
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import fsspec.transaction

from ..client import Client
from ..errors import Error, Refused, WrongState

if TYPE_CHECKING:
    from .contents import Contents


class Transaction(fsspec.transaction.Transaction):  # type: ignore[misc]
    """The files of `with fs.transaction:`. Where one cannot take its place, those that come after it are discarded."""

    fs: Any

    def complete(self, commit: bool = True) -> None:
        """Has all files take their places, or discards them."""
        files: deque[Any] = deque(self.files)
        self.files.clear()
        try:
            if commit:
                _check_closed(files)
            while commit and files:
                files[0].commit()
                files.popleft()
        finally:
            for file in files:
                _discard(file)
            # What fsspec does, in all of its versions.
            self.fs._intrans = False
            self.fs._transaction = None
            self.fs = None


class Sent:
    """What a transaction's end has to do with a file that is there under a temporary name."""

    def __init__(self, fs: Contents, temporary: str, path: str) -> None:
        self._fs = fs
        self._temporary = temporary
        self.path = path
        self.closed = True

    def commit(self) -> None:
        """Has the file take its place."""
        with self._fs.lease() as client:
            _put_in_place(client, self._temporary, self.path)
        self._fs.invalidate_cache(self.path)

    def discard(self) -> None:
        """Deletes the temporary file."""
        with self._fs.lease() as client:
            client.delete(self._temporary)


def send_temporary(
    fs: Contents, path: str, send: Callable[[Client, str], object], with_directories: bool = False
) -> Sent:
    """Has `send` send a file for `path` under a temporary name in the same directory."""
    directory, name = posixpath.split(path)
    temporary = posixpath.join(directory, f".{name}.{secrets.token_hex(8)}.tmp")
    try:
        fs.store(temporary, lambda client: send(client, temporary), with_directories)
    except BaseException:
        # As far as that is possible: the error that led here is what counts.
        with suppress(Error), fs.lease() as client:
            client.delete(temporary)
        raise
    return Sent(fs, temporary, path)


def _put_in_place(client: Client, temporary: str, path: str) -> None:
    try:
        client.rename(temporary, path)
    except Refused:
        # Some servers, IIS for instance, do not rename onto an existing file.
        if not client.exists(path):
            raise
        client.delete(path)
        client.rename(temporary, path)


def _check_closed(files: deque[Any]) -> None:
    for file in files:
        if not file.closed:
            raise WrongState(f"{file.path} was not closed within its transaction, of which nothing is left therefore")


def _discard(file: Any) -> None:
    """Where a temporary file stays on the server, the log tells of it: another error is on its way already."""
    try:
        file.discard()
    except Error as error:
        logging.getLogger("libftps").warning("the temporary file of %s could not be deleted: %s", file.path, error)
