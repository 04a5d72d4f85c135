"""What there is on the server."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from .._abi import Kind
from .._commands import Algorithm
from ..client import Client
from ..entries import Entry
from ..errors import FileNotFound, PermissionDenied, ProtocolError, Refused
from .connection import Connected

Info = dict[str, Any]

_TYPES = {Kind.FILE: "file", Kind.SYMLINK: "link"}
# From the strongest on.
_HASHES: tuple[Algorithm, ...] = ("sha512", "sha256", "sha1", "md5")


class Listings(Connected):
    """The methods that tell of files and directories, and change nothing."""

    def ls(self, path: str, detail: bool = True, refresh: bool = False, **kwargs: Any) -> list[Any]:
        """The entries of a directory; of a file, itself.

        With `detail` a dictionary each, as `info` returns, else the paths. `refresh`: not from the cache.
        """
        path = self._strip_protocol(path)
        found = None if refresh else self.dircache.get(path)
        if found is None:
            found = self.on_connection(lambda client: _listed(client, path))
            if [info["name"] for info in found] != [path]:
                self.dircache[path] = found
        return list(found) if detail else sorted(info["name"] for info in found)

    def info(self, path: str, **kwargs: Any) -> Info:
        """What the server says of a path.

        Returns:
            name, type ("file", "directory", "link" or "other") and size (0 for directories; None where the server does
            not tell), and where it tells them mtime (a `datetime`: aware and in UTC, or in the server's time zone),
            owner, group, permissions, unique and destination (of a link).
        """
        path = self._strip_protocol(path)
        for known in self.dircache.get(self._parent(path), ()):
            if known["name"] == path:
                return dict(known)
        return self.on_connection(lambda client: _looked_at(client, path))

    def exists(self, path: str, **kwargs: Any) -> bool:
        """Whether there is such a path. Raises where the server cannot be asked."""
        try:
            self.info(path)
        except FileNotFoundError:
            return False
        return True

    def isdir(self, path: str) -> bool:
        """Whether there is such a directory. Raises where the server cannot be asked."""
        return self._type(path) == "directory"

    def isfile(self, path: str) -> bool:
        """Whether there is such a file. Raises where the server cannot be asked."""
        return self._type(path) == "file"

    def walk(
        self,
        path: str,
        maxdepth: int | None = None,
        topdown: bool = True,
        on_error: str | Callable[[OSError], object] = "omit",
        **kwargs: Any,
    ) -> Iterator[tuple[str, Any, Any]]:
        """As `os.walk`. Symbolic links are shown among the files, and not followed.

        `on_error` is for directories that are gone or closed to the user: "omit", "raise", or a function that is called
        with the error. When the server cannot be asked any more, that is always raised: what was seen is not all.
        """
        if maxdepth is not None and maxdepth < 1:
            raise ValueError("maxdepth must be at least 1")
        path = self._strip_protocol(path)
        detail = kwargs.pop("detail", False)
        try:
            listing = self.ls(path, detail=True, **kwargs)
        except (FileNotFound, PermissionDenied) as error:
            if on_error == "raise":
                raise
            if callable(on_error):
                on_error(error)
            return
        dirs, files = _parted(path, listing)
        # The caller may take directories out of what is yielded.
        shown = dirs if detail else list(dirs)
        step = (path, shown, files if detail else list(files))
        if topdown:
            yield step
        if maxdepth is None or maxdepth > 1:
            deeper = None if maxdepth is None else maxdepth - 1
            for name in list(shown):
                beneath = posixpath.join(path, name)
                yield from self.walk(beneath, deeper, topdown, on_error, detail=detail, **kwargs)
        if not topdown:
            yield step

    def modified(self, path: str) -> datetime:
        """When a file was last modified, in UTC."""
        path = self._strip_protocol(path)

        def ask(client: Client) -> datetime | None:
            if client.has_feature("MDTM"):
                try:
                    return client.modified(path)
                except Refused as error:
                    # Many servers tell it of files alone.
                    if isinstance(error, FileNotFound):
                        raise
            time: datetime | None = _looked_at(client, path).get("mtime")
            return None if time is None or time.tzinfo is None else time

        when = self.on_connection(ask)
        if when is None:
            raise NotImplementedError(f"the server does not tell when {path} was modified, in UTC")
        return when

    def created(self, path: str) -> datetime:
        """When a file was created, in UTC, where the server has the fact "create" (RFC 3659 section 7.5.4)."""
        path = self._strip_protocol(path)
        text = self.on_connection(lambda client: client.entry(path)).fact("create")
        if text is None:
            raise NotImplementedError(f"the server does not tell when {path} was created")
        try:
            return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
        except ValueError:
            raise ProtocolError(f"{text!r} is no time, which the server tells as that of {path}") from None

    def ukey(self, path: str) -> str:
        """What changes when the file changes, as far as size, time of modification and identity show it."""
        path = self._strip_protocol(path)
        info = self.on_connection(lambda client: _looked_at(client, path))
        seen = [str(info.get(name)) for name in ("name", "type", "size", "mtime", "unique")]
        return sha256("\0".join(seen).encode("utf-8", "surrogateescape")).hexdigest()

    def checksum(self, path: str) -> int:
        """A number that changes with the content: a hash by the server where it offers one, else from `ukey`."""
        path = self._strip_protocol(path)

        def ask(client: Client) -> str | None:
            offered = next((name for name in _HASHES if client.has_hash(name)), None)
            return None if offered is None else client.hash(path, offered)

        digits = self.on_connection(ask)
        return int(self.ukey(path) if digits is None else digits, 16)

    def _type(self, path: str) -> str | None:
        try:
            kind: str = self.info(path)["type"]
        except FileNotFoundError:
            return None
        return kind


def _listed(client: Client, path: str) -> list[Info]:
    try:
        listing = client.list(path)
    except Refused as error:
        if isinstance(error, (FileNotFound, PermissionDenied)):
            raise
        info = _looked_at(client, path)
        if info["type"] == "directory":
            raise
        return [info]
    if listing.unparsed:
        raise ProtocolError(
            f"{path} has entries that are not shown: the line {listing.unparsed[0]!r} is not understood, see "
            "the option listing"
        )
    entries = [entry for entry in listing if entry.kind not in (Kind.CURRENT_DIRECTORY, Kind.PARENT_DIRECTORY)]
    if len(entries) <= 1:
        # LIST shows a file like a directory that has it alone, and on some servers nothing where nothing is.
        info = _looked_at(client, path)
        if info["type"] != "directory":
            return [info]
    return [_info(posixpath.join(path, _checked(entry.name)), entry) for entry in entries]


def _looked_at(client: Client, path: str) -> Info:
    """`info`, from the server."""
    if path == "/":
        return {"name": path, "size": 0, "type": "directory"}
    if not client.has_feature("MLST"):
        # Cheaper than a listing of the directory that holds it.
        try:
            info = {"name": path, "size": client.size(path), "type": "file"}
        except Refused as error:
            if isinstance(error, FileNotFound):
                raise
        else:
            return info | ({"mtime": client.modified(path)} if client.has_feature("MDTM") else {})
    info = _info(path, client.entry(path))
    if info["size"] is None:
        info["size"] = _size(client, path)
    return info


def _size(client: Client, path: str) -> int | None:
    try:
        return client.size(path)
    except Refused:
        return None


def _info(path: str, entry: Entry) -> Info:
    kind = "directory" if entry.is_directory else _TYPES.get(entry.kind, "other")
    told = {
        "mtime": entry.modified,
        "owner": entry.owner,
        "group": entry.group,
        "permissions": entry.permissions,
        "unique": entry.unique,
        "destination": entry.link_target,
    }
    return {
        "name": path,
        "size": 0 if kind == "directory" else entry.size,
        "type": kind,
        **{name: value for name, value in told.items() if value is not None},
    }


def _checked(name: str) -> str:
    if "/" in name or name in ("", ".", ".."):
        raise ProtocolError(f"the server lists {name!r}, which no entry of a directory can be called")
    return name


def _parted(path: str, listing: list[Info]) -> tuple[dict[str, Info], dict[str, Info]]:
    """Directories and the rest by their names; the name is empty where `path` is a file itself."""
    dirs: dict[str, Info] = {}
    files: dict[str, Info] = {}
    for info in listing:
        name = "" if info["name"] == path else posixpath.basename(info["name"])
        (dirs if info["type"] == "directory" else files)[name] = info
    return dirs, files
