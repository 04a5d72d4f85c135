"""A local file that gets its name when it is complete."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def completed(path: Path) -> Iterator[Path]:
    """The path of a temporary file beside `path`, which replaces it when the `with` block ends well; else it is gone.

    A link stays one: what it leads to is replaced. What is no ordinary file, a pipe for instance, is itself written to.
    """
    path = path.resolve()
    replaced = path.stat() if path.exists() else None
    if replaced is not None and not stat.S_ISREG(replaced.st_mode):
        yield path
        return
    # Not a part of the name, which may be as long as a name can be.
    temporary = path.with_name(f".libftps-{secrets.token_hex(8)}")
    _create(temporary, replaced)
    try:
        yield temporary
        if replaced is not None:
            temporary.chmod(_permissions(replaced))
        _store(temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _create(path: Path, replaced: os.stat_result | None) -> None:
    """Makes an empty file that nobody may read who could not read what is replaced."""
    # What is replaced may be read-only: until it is complete, it has to be written.
    mode = 0o666 if replaced is None else _permissions(replaced) | stat.S_IWUSR
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))


def _permissions(replaced: os.stat_result) -> int:
    return stat.S_IMODE(replaced.st_mode) & 0o777


def _store(path: Path) -> None:
    """Or a crash could leave the name without the content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
