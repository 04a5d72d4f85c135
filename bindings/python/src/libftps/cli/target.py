"""A local file that gets its name when it is complete."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
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
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(_permissions(replaced))
        _store(temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _permissions(replaced: os.stat_result | None) -> int:
    """Those of what is replaced, or those of any new file."""
    if replaced is not None:
        return stat.S_IMODE(replaced.st_mode) & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _store(path: Path) -> None:
    """Or a crash could leave the name without the content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
