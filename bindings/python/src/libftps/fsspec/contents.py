"""What is in the files."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from fsspec.callbacks import DEFAULT_CALLBACK
from fsspec.utils import isfilelike

from .._completion import completed
from ..client import Client
from ..errors import FileExists, InvalidArgument
from ..files import TextFile
from .compression import compressed
from .files import Reader, Writer
from .listings import Listings
from .transactions import Transaction, send_temporary

_MODES = ("rb", "wb", "xb", "ab")
_TEXT_OPTIONS = ("encoding", "errors", "newline")


class Contents(Listings):
    """The methods that read and write files."""

    transaction_type = Transaction

    def open(
        self,
        path: str,
        mode: str = "rb",
        block_size: int | None = None,
        cache_options: dict[str, Any] | None = None,
        compression: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Opens a file, as the function `open`: a `Reader` for "r", a `Writer` for "w", "a" and "x"; text without "b".

        Args:
            path: a path or URL.
            mode: "x" fails where there is such a file: the server is asked when it is opened, and before it is sent.
            block_size: bytes that are read at a time, or kept in memory of what is written (8 MiB).
            cache_options: of the cache through which is read; `cache_type` names that ("readahead").
            compression: "gzip" for instance, or "infer" from the name.
            **kwargs: encoding ("utf-8"), errors and newline of text.
        """
        if "b" not in mode:
            text = {"encoding": "utf-8"} | {name: kwargs.pop(name) for name in _TEXT_OPTIONS if name in kwargs}
            binary = self.open(path, mode.replace("t", "") + "b", block_size, cache_options, compression, **kwargs)
            return TextFile(binary, **text)
        if compression is None:
            return super().open(path, mode, block_size, cache_options, **kwargs)
        return compressed(self.open(path, mode, block_size, cache_options, **kwargs), path, mode, compression)

    def _open(
        self,
        path: str,
        mode: str = "rb",
        block_size: int | None = None,
        autocommit: bool = True,
        cache_options: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Reader | Writer:
        if mode not in _MODES:
            raise InvalidArgument(
                f"mode {mode!r}: a file of the server is read ('r'), written ('w', 'x') or appended to ('a'), with 'b' "
                "as bytes"
            )
        block_size = block_size or self.blocksize
        if mode == "rb":
            return Reader(self, path, mode, block_size, autocommit, cache_options=cache_options, **kwargs)
        return Writer(self, path, mode, block_size, autocommit)

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **kwargs: Any) -> bytes:
        """The content of a file, or a part of it: negative limits count from the end, as in slices."""
        path = self._strip_protocol(path)

        def read(client: Client) -> bytes:
            if start in (None, 0) and end is None:
                return client.read_bytes(path)
            size = client.size(path)
            first, last, _ = slice(start, end).indices(size)
            # To the end: without a limit, the server says that it was all, instead of being interrupted.
            length = None if last == size else last - first
            return client.read_bytes(path, first, length) if first < last else b""

        return self.on_connection(read)

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        """Makes `value` the content of a file. `mode` "create": fails where there is one."""
        path = self._strip_protocol(path)
        self._check_mode(path, mode)
        self._send(path, lambda client, name: client.write_bytes(name, value))

    def put_file(
        self, lpath: Any, rpath: str, callback: Any = DEFAULT_CALLBACK, mode: str = "overwrite", **kwargs: Any
    ) -> None:
        """Sends a local file, and makes the directories that it needs. `mode` "create": fails where there is one."""
        source, target = Path(lpath), self._strip_protocol(rpath)
        if source.is_dir():
            self.makedirs(target, exist_ok=True)
            return
        self._check_mode(target, mode)
        callback.set_size(source.stat().st_size)

        def send(client: Client, name: str) -> None:
            client.upload(source, name, progress=callback.absolute_update)

        self._send(target, send, with_directories=True)

    def get_file(
        self, rpath: str, lpath: Any, callback: Any = DEFAULT_CALLBACK, outfile: IO[bytes] | None = None, **kwargs: Any
    ) -> None:
        """Receives a file into a local path, whose directories are made, or into a binary file object.

        A local path has a temporary file beside it until all has arrived: what fails leaves what was there. A file
        object is left with what had arrived.
        """
        path = self._strip_protocol(rpath)
        target: Any = lpath if outfile is None else outfile
        info = self.info(path)
        if not isfilelike(target):
            target = Path(target)
            if info["type"] == "directory":
                target.mkdir(parents=True, exist_ok=True)
                return
            target.parent.mkdir(parents=True, exist_ok=True)
        callback.set_size(info["size"])
        place = nullcontext(target) if isfilelike(target) else completed(target)
        with self.lease() as client, place as receiving:
            client.download(path, receiving, progress=callback.absolute_update)

    def cp_file(self, path1: str, path2: str, **kwargs: Any) -> None:
        """Copies a file, and makes the directories that it needs. FTP has no such command: it is received and sent."""
        source, target = self._strip_protocol(path1), self._strip_protocol(path2)
        if self.isdir(source):
            self.makedirs(target, exist_ok=True)
            return
        with tempfile.SpooledTemporaryFile(max_size=self.blocksize) as copy:
            self.on_connection(lambda client: client.download(source, copy))

            def send(client: Client, name: str) -> None:
                copy.seek(0)
                client.upload(copy, name)

            self._send(target, send, with_directories=True)

    def touch(self, path: str, truncate: bool = True, **kwargs: Any) -> None:
        """Makes an empty file; without `truncate` one that exists gets the present time."""
        path = self._strip_protocol(path)
        if truncate or not self.exists(path):
            self.pipe_file(path, b"")
        else:
            self.on_connection(lambda client: client.set_modification_time(path, time.time()))
            self.invalidate_cache(path)

    def _send(self, path: str, send: Callable[[Client, str], object], with_directories: bool = False) -> None:
        """Has `send` send a whole file; in a transaction under another name."""
        if self._intrans:
            self.transaction.files.append(send_temporary(self, path, send, with_directories))
        else:
            self.store(path, lambda client: send(client, path), with_directories)

    def _check_mode(self, path: str, mode: str) -> None:
        if mode == "create" and self.exists(path):
            raise FileExists(f"{path} exists already", filename=path)
