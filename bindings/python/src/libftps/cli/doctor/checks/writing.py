"""Whether files can be written, where the user names a directory for it."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterator

from ....client import Client
from ....errors import Error
from ..examination import Examination
from ..findings import Facts, Finding, good, note, problem, warning

_SIZE = 100_000
# A server's clock that is off by more seconds is worth a word.
_TOLERANCE = 120


def look(examination: Examination) -> Iterator[Finding]:
    """Uploads a file, does with it what programs do, and deletes it."""
    folder = examination.wishes.write_to
    if folder is None:
        yield note("not tried: --write-to FOLDER tries it there", "Nothing was written to the server.")
        return
    path = f"{folder.rstrip('/')}/libftps-doctor-{secrets.token_hex(6)}.tmp"
    with examination.connected() as visit:
        yield from _Trial(visit.client, path).findings()


class _Trial:
    """One file, from upload to deletion."""

    def __init__(self, client: Client, path: str) -> None:
        self._client = client
        self._path = path
        self._renamed = f"{path}.renamed"
        self._content = os.urandom(_SIZE)
        self._failures: dict[str, Error] = {}

    def findings(self) -> Iterator[Finding]:
        try:
            self._client.write_bytes(self._path, self._content)
        except Error as error:
            yield problem(
                f"an upload to {self._path} failed: {error}",
                "The user may not write there, the directory is not there, or the disk or a quota is full.",
                "Check the directory, and ask the server's administrator for the right to write.",
                works=False,
                error=str(error),
            )
            return
        written = time.time()
        clock = None
        try:
            is_same = self._try("download", lambda: self._client.read_bytes(self._path) == self._content)
            clock = self._clock(written)
            self._do_all()
        finally:
            left = self._delete()
        yield self._finding(is_same, left)
        if clock is not None:
            yield clock

    def _do_all(self) -> None:
        client, half = self._client, _SIZE // 2
        self._try("SIZE", lambda: client.size(self._path))
        self._try("download from the middle (REST, RETR)", lambda: client.read_bytes(self._path, half))
        self._try("upload from the middle (REST, STOR)", self._write_rest)
        self._try("append (APPE)", self._append)
        self._try("set the time (MFMT)", lambda: client.set_modification_time(self._path, 1_000_000_000))
        self._try("rename (RNFR, RNTO)", lambda: client.rename(self._path, self._renamed))

    def _write_rest(self) -> None:
        half = _SIZE // 2
        with self._client.open(self._path, "wb", offset=half) as file:
            file.write(self._content[half:])

    def _append(self) -> None:
        with self._client.open(self._path, "ab") as file:
            file.write(b"end")

    def _try(self, what: str, do: Callable[[], object]) -> object:
        try:
            return do()
        except Error as error:
            self._failures[what] = error
            return None

    def _delete(self) -> bool:
        """Whether something is left."""
        is_left = True
        for path in (self._renamed, self._path):
            with contextlib.suppress(Error):
                self._client.delete(path)
                is_left = False
        return is_left

    def _clock(self, written: float) -> Finding | None:
        try:
            ahead = self._client.modified(self._path).timestamp() - written
        except Error:
            return None
        if abs(ahead) <= _TOLERANCE:
            return good("the server's clock is right (MDTM of the new file)", seconds_ahead=round(ahead))
        return warning(
            f"the server's clock is {abs(ahead) / 60:.0f} minutes {'fast' if ahead > 0 else 'slow'}, or MDTM tells "
            "local time in place of UTC",
            "Mirrors compare times: they would transfer files again, or take changed ones for the same.",
            "Have the clock set right; or tell the difference with the option server_clock of Client.",
            seconds_ahead=round(ahead),
        )

    def _finding(self, is_same: object, is_left: bool) -> Finding:
        facts: Facts = {
            "works": is_same is True,
            "failed": {what: str(error) for what, error in self._failures.items()},
            "left_behind": is_left,
        }
        remains = f" {self._path} could not be deleted again." if is_left else ""
        if is_same is not True:
            return problem(
                f"what was uploaded to {self._path} does not come back the same",
                f"The server changes content, or forbids reading what was uploaded.{remains}",
                "Ask the server's administrator what becomes of uploads.",
                **facts,
            )
        if self._failures or is_left:
            listed = "; ".join(f"{what}: {error}" for what, error in self._failures.items())
            return note(
                f"uploads work, but not everything else: {listed or 'the file cannot be deleted'}",
                f"Programs that need it fail.{remains}",
                "Where it is needed, ask the server's administrator to allow it.",
                **facts,
            )
        return good("uploads work, also from the middle on; files can be appended to, renamed, dated, deleted", **facts)
