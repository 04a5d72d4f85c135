"""`FTPSFileSystem`."""

from __future__ import annotations

from errno import EISDIR
from typing import Any

from fsspec.utils import other_paths

from ..errors import PermissionDenied, Refused
from .contents import Contents


class FTPSFileSystem(Contents):
    """An FTPS server as a file system of fsspec's, for URLs like ftps://user@host:port/path.

        fs = fsspec.filesystem("ftps", host="ftp.example.com", user="user", password="...")
        with fs.open("/outbox/answer.csv") as file: ...

    The methods are those of `fsspec.AbstractFileSystem`. Paths are the server's, and absolute: ftps://host/folder is
    /folder, wherever the login leads. In URLs "%", "?" and "#" have no meaning in the path.

    Arguments:
        host: a name or an address.
        user, password: of the login; `username` does as well. Where they are not given they are looked for: see below.
        credentials: a function, or its name as "module:function", that is called with host and user (or None) and
            returns user and password; in each process, before its first login and after one that was refused.
        pickle_credentials: write the password, and what else is secret, into pickles and JSON.
        auto_mkdir: make the directories that a file needs when one is written.
        block_size: bytes that are read at a time, and that are kept in memory of a file that is written (8 MiB). Each
            block is a download of its own, which takes some round trips: more is faster where the server is far away.
        use_listings_cache, listings_expiry_time, max_paths: keep listings (not by default: what others put on the
            server would not be seen), for so many seconds, of so many directories.
        maximum, wait, check_after, expire_after: of the pool, see `libftps.Pool`; `wait` is 600 seconds here.
        and all of `libftps.ClientOptions`.

    Connections: all file systems of a process with the same server, login and options share one pool, in all threads. A
    call has a connection for as long as it takes; open files have none between their blocks, so that many can be open
    over few. `close` closes the pool's connections.

    Passwords: pickles, JSON and representations of a file system have the user, not the password. In the process where
    the file system comes back, that is what `credentials` returns, else what this process was given for the same user,
    else FTPS_PASSWORD in the environment, where FTPS_HOST is the host and FTPS_USER the user, else what the
    netrc file tells (~/.netrc, or what NETRC names).

    Transactions: `with fs.transaction:` sends what is written under temporary names, and renames it at the end; where
    an exception ends the block, it is deleted.
    """

    def mkdir(self, path: str, create_parents: bool = True, **kwargs: Any) -> None:
        """Makes a directory, by default with those above it. Raises `FileExistsError` where there is such a path."""
        path = self._strip_protocol(path)
        try:
            self.on_connection(lambda client: client.make_directory(path))
        except FileNotFoundError:
            if not create_parents or self._parent(path) == path:
                raise
            self.makedirs(self._parent(path), exist_ok=True)
            self.on_connection(lambda client: client.make_directory(path))
        finally:
            self.invalidate_cache(path)

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Makes a directory with those that hold it. `exist_ok`: it may exist already."""
        path = self._strip_protocol(path)
        try:
            self.mkdir(path)
        except Refused:
            # Another process may have made it meanwhile.
            if not exist_ok or not self.isdir(path):
                raise

    def rmdir(self, path: str) -> None:
        """Removes an empty directory."""
        path = self._strip_protocol(path)
        self._change(path, lambda client: client.remove_directory(path))

    def rm_file(self, path: str) -> None:
        """Deletes a file."""
        path = self._strip_protocol(path)
        self._change(path, lambda client: client.delete(path))

    # The older of the two words for it.
    _rm = rm_file

    def rm(self, path: str | list[str], recursive: bool = False, maxdepth: int | None = None) -> None:
        """Deletes files, by patterns too; with `recursive` directories with all that is beneath them.

        Symbolic links are deleted, not followed. Raises for what cannot be deleted when all the rest is.
        """
        if recursive and maxdepth is not None:
            for each in reversed(self.expand_path(path, recursive=True, maxdepth=maxdepth)):
                (self.rmdir if self.isdir(each) else self.rm_file)(each)
            return
        for each in self.expand_path(path):
            if not self.isdir(each):
                self.rm_file(each)
            elif recursive:
                self._rm_tree(each)
            else:
                raise IsADirectoryError(EISDIR, "it is a directory: recursive=True deletes it", each)

    def mv(
        self,
        path1: str | list[str],
        path2: str | list[str],
        recursive: bool = False,
        maxdepth: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Renames (RNFR, RNTO), or moves into a directory: files by patterns too, directories with what is in them.

        What is in the way of a file is replaced, where the server does that.
        """
        for old, new in self._moves(path1, path2):
            if old != new:
                self._change(old, lambda client, old=old, new=new: client.rename(old, new))
                self.invalidate_cache(new)

    def _moves(self, path1: str | list[str], path2: str | list[str]) -> list[tuple[str, str]]:
        if isinstance(path1, list) and isinstance(path2, list):
            return list(zip(self._strip_protocol(path1), self._strip_protocol(path2), strict=True))
        old = self.expand_path(path1)
        is_directory = isinstance(path2, str) and (path2.endswith("/") or self.isdir(path2))
        if isinstance(path1, str) and len(old) == 1 and not is_directory:
            return [(old[0], self._strip_protocol(path2))]
        return list(zip(old, other_paths(old, self._strip_protocol(path2), flatten=True), strict=True))

    def _rm_tree(self, path: str) -> None:
        outcome = self._change(path, lambda client: client.delete_tree(path))
        if outcome.problems:
            first = outcome.problems[0]
            raise PermissionDenied(
                f"{len(outcome.problems)} of what is beneath {path} could not be deleted, {first.path}: "
                f"{first.problem}",
                filename=first.path,
            )

    def _change(self, path: str, work: Any) -> Any:
        try:
            return self.on_connection(work)
        finally:
            self.invalidate_cache(path)
