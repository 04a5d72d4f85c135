"""Whole files in one call."""

from __future__ import annotations

import ctypes
import io
import os
from collections.abc import Callable
from typing import Any

from ._abi import ftps_progress, ftps_sink, ftps_source
from ._base import Base
from ._file_objects import Content, Readable, Writable, sink_of, source_of
from ._naming import RemotePath, local_path
from ._refusals import Suits, size_of
from .errors import InvalidArgument, LocalError, Refused

Progress = Callable[[int], object]
Source = str | os.PathLike[Any] | Content | Readable
Target = str | os.PathLike[Any] | Writable


class Transfers(Base):
    """Uploads and downloads of whole files. Those of local paths happen in the library from end to end.

    `progress` is called with the bytes that have moved so far in all. What it returns does not matter; what it raises
    stops the transfer and reaches the caller unchanged. So does what a file object raises. Both are called on another
    thread where the call is made on the main thread.
    """

    def upload(
        self,
        source: Source,
        remote: RemotePath,
        *,
        progress: Progress | None = None,
        resume: bool = False,
        atomic: bool = False,
        temporary_name: str | None = None,
        replace: bool = False,
        verify_hash: bool = False,
    ) -> int:
        """Sends a file (STOR), which replaces what is there, and returns its length.

        When anything fails, the transfer is aborted, so that the server does not take the part for the whole.

        Args:
            source: a local path (`str` or a path object), the content itself (`bytes` and the like), or a binary file
                object, which is read from where it stands to its end.
            remote: the path on the server.
            progress: see `Transfers`.
            resume: send only what the remote file does not have yet, once the end of that was compared. Raises
                `Mismatch` where it is another file. Local paths alone.
            atomic: send under a temporary name, and rename when it is complete: the path has the old content or the new
                one, whatever happens. Local paths alone, like the three below, which are for this.
            temporary_name: "{name}" in it stands for the target's name, "{random}" for 16 digits.
            replace: delete a target that stands in the way of the rename.
            verify_hash: compare a hash of the server's too, where it offers one.
        """
        if not atomic and (replace or verify_hash or temporary_name is not None):
            raise InvalidArgument("temporary_name, replace and verify_hash are for atomic uploads: pass atomic=True")
        name = self._session.names.encode(remote)
        if isinstance(source, (str, os.PathLike)):
            path = local_path(source)
            if resume and atomic:
                raise InvalidArgument("resume and atomic exclude each other: an atomic upload begins anew each time")
            if atomic:
                template = None if temporary_name is None else self._session.names.encode(temporary_name)
                options = (path, name, template, int(replace), int(verify_hash))
                return self._transfer("upload_atomically", options, progress, remote, local=source)
            function = "upload_resuming" if resume else "upload_file"
            return self._transfer(function, (path, name), progress, remote, local=source)
        if resume or atomic:
            raise InvalidArgument(
                "resume and atomic are for local paths: content and file objects have no place to go back to"
            )
        callback = ftps_source(self._session.guard.wrap(source_of(source), -1))
        return self._transfer("upload_from", (name, callback), progress, remote)

    def download(
        self,
        remote: RemotePath,
        target: Target,
        *,
        progress: Progress | None = None,
        resume: bool = False,
    ) -> int:
        """Receives a file (RETR), and returns its length.

        Args:
            remote: the path on the server.
            target: a local path, which is created or replaced once the server has agreed, or a binary file object. What
                fails later leaves what had arrived: only a call that returns has received all.
            progress: see `Transfers`.
            resume: receive only what the local file does not have yet, once its end was compared. Raises `Mismatch`
                where it is another file. Returns the length of the whole. Local paths alone.
        """
        name = self._session.names.encode(remote)
        if isinstance(target, (str, os.PathLike)):
            path = local_path(target)
            function = "download_resuming" if resume else "download_file"
            return self._transfer(function, (name, path), progress, remote, Suits.FILE, local=target)
        if resume:
            raise InvalidArgument("resume is for local paths: seek in the file object, and read from open(offset=...)")
        sink = ftps_sink(self._session.guard.wrap(sink_of(target), -1))
        return self._transfer("download_to", (name, sink), progress, remote, Suits.FILE)

    def read_bytes(self, remote: RemotePath, offset: int = 0, length: int | None = None) -> bytes:
        """The content of a file, or `length` bytes of it from `offset` on; fewer where the file ends before."""
        if offset < 0 or (length is not None and length < 0):
            raise InvalidArgument(f"offset {offset} and length {length}: neither can be negative")
        content = io.BytesIO()
        if offset == 0 and length is None:
            self.download(remote, content)
            return content.getvalue()
        session, name = self._session, self._session.names.encode(remote)
        sink = ftps_sink(session.guard.wrap(sink_of(content), -1))
        count = 2**63 - 1 - offset if length is None else length

        def work(handle: int) -> None:
            arguments = (None, handle, name, offset, count, sink, None)
            try:
                session.check(session.library.ftps_client_download_range(*arguments), remote)
            except Refused:
                # Some servers refuse to begin beyond the end, where a file has nothing more.
                size = size_of(handle, name) if offset else None
                if size is None or offset < size:
                    raise

        self._about(name, Suits.FILE, work)
        return content.getvalue()

    def write_bytes(self, remote: RemotePath, data: Content) -> int:
        """Sends `data` as the content of a file, which replaces what is there, and returns its length."""
        return self.upload(memoryview(data), remote)

    def _transfer(
        self,
        function: str,
        arguments: tuple[Any, ...],
        progress: Progress | None,
        remote: RemotePath,
        suits: Suits = Suits.NEW_FILE,
        local: object = None,
    ) -> int:
        session, moved = self._session, ctypes.c_uint64()
        call = getattr(session.library, f"ftps_client_{function}")
        callback = _progress(session.guard, progress)

        def work(handle: int) -> int:
            session.check(call(ctypes.byref(moved), handle, *arguments, callback, None), remote)
            return moved.value

        try:
            return self._about(session.names.encode(remote), suits, work)
        except LocalError as error:
            if local is not None:
                error.filename = local
            raise


def _progress(guard: Any, progress: Progress | None) -> Any:
    if progress is None:
        return ftps_progress()

    def show(moved: int, _: object) -> int:
        progress(moved)
        return 0

    return ftps_progress(guard.wrap(show, 1))
