"""`libftps get`: downloads files."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

from .._completion import completed
from ..client import Client
from ..errors import Error
from . import exits
from .arguments import add_parser, address_of, paths_of
from .connection import logged_in, tell_error
from .exits import UsageError
from .output import tell
from .progress import is_visible, progress_of

_DESCRIPTION = """\
Downloads files into the current folder, under the last part of their names. They arrive only when they are complete:
until then they have a temporary name. What was there is replaced. "*", "?" and "[...]" in the last part or in folders
stand for names ("libftps get HOST 'out/*.csv'"), "**" for any number of folders.
"""

_PIECE = 256 * 1024
_GLOB = re.compile(r"[*?\[]")
_STDOUT = "-"


def add(commands: Any) -> None:
    """Adds the command."""
    parser = add_parser(commands, "get", "download files", "SERVER FILE...", _DESCRIPTION)
    parser.add_argument("paths", nargs="*", metavar="PATH", help=argparse.SUPPRESS)
    parser.add_argument(
        "-o", "--output", metavar="PATH", help="a folder for the files, or a file for one; - is standard output"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with files that an earlier attempt left unfinished; they have their names from the beginning",
    )
    parser.add_argument("--no-glob", action="store_true", help="take *, ? and [ in names as they are")
    parser.add_argument("--stats", action="store_true", help="tell at the end what the data connections did")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does it, and returns the exit code."""
    address = address_of(arguments)
    patterns = paths_of(arguments, address)
    if not patterns:
        raise UsageError("which file?")
    if arguments.no_glob or not any(map(_GLOB.search, patterns)):
        # Before anything is sent.
        _targets(patterns, arguments.output)
    if arguments.output == _STDOUT and arguments.resume:
        raise UsageError("--resume is for files: there is no going on with standard output")
    with logged_in(arguments, address) as client:
        getter = _Getter(client, arguments)
        for remote, local in _targets(getter.found(patterns), arguments.output):
            getter.get(remote, local)
            if not client.usable:
                tell("the connection is lost: what came behind this file was not tried")
                break
        return getter.code


class _Getter:
    def __init__(self, client: Client, arguments: argparse.Namespace) -> None:
        self._client = client
        self._wanted = arguments
        self.code = exits.DONE

    def found(self, patterns: list[str]) -> list[str]:
        """The files that are meant."""
        files = []
        for pattern in patterns:
            if self._wanted.no_glob or not _GLOB.search(pattern):
                files.append(pattern)
            else:
                files += self._matches(pattern)
        return files

    def get(self, remote: str, local: Path | None) -> None:
        """Downloads a file; to standard output without `local`."""
        try:
            total = self._client.size(remote) if is_visible(self._wanted.quiet) else None
        except Error:
            # Servers need not know it.
            total = None
        try:
            if local is None:
                self._to_standard_output(remote, total)
            else:
                self._to_file(remote, local, total)
        except Error as error:
            tell_error(error, remote)
            self.code = exits.FAILED
        except BrokenPipeError:
            raise
        except OSError as error:
            tell(f"cannot write {local or 'standard output'}: {error}")
            self.code = exits.FAILED

    def _matches(self, pattern: str) -> list[str]:
        files = []
        for found in self._client.glob(pattern):
            if found.problem is not None:
                tell(f"{found.path}: {found.problem}")
                self.code = exits.FAILED
            elif found.entry is not None and not found.entry.is_directory:
                files.append(found.path)
        if not files:
            tell(f"{pattern}: no file matches")
            self.code = exits.FAILED
        return files

    def _to_file(self, remote: str, local: Path, total: int | None) -> None:
        with progress_of(remote, total, self._wanted.quiet) as bar:
            show = None if bar is None else bar.show
            if self._wanted.resume:
                self._client.download(remote, local, progress=show, resume=True)
            else:
                with completed(local) as temporary:
                    self._client.download(remote, temporary, progress=show)

    def _to_standard_output(self, remote: str, total: int | None) -> None:
        # On this thread, so that a signal, or a reader that goes away, ends it at once.
        with progress_of(remote, total, self._wanted.quiet) as bar, self._client.open(remote, buffering=0) as file:
            moved = 0
            while piece := file.read(_PIECE):
                sys.stdout.buffer.write(piece)
                moved += len(piece)
                if bar is not None:
                    bar.show(moved)
            sys.stdout.buffer.flush()


def _targets(files: list[str], output: str | None) -> list[tuple[str, Path | None]]:
    """Each file with where it is to go."""
    if output == _STDOUT:
        return [(file, None) for file in files]
    if output is not None and not Path(output).is_dir():
        if output.endswith(os.sep):
            raise UsageError(f"{output} is no folder")
        if len(files) > 1:
            raise UsageError(f"--output is for one file where it is no folder, and there are {len(files)}")
        return [(file, Path(output)) for file in files]
    names: dict[str, str] = {}
    for file in files:
        name = _last_part(file)
        if name in names:
            raise UsageError(
                f"{names[name]} and {file} would both be called {name} here: get them one by one with --output"
            )
        names[name] = file
    folder = Path(output or "")
    return [(file, folder / name) for name, file in names.items()]


def _last_part(path: str) -> str:
    name = path.rpartition("/")[2]
    if name in ("", ".", "..", "-"):
        raise UsageError(f"{path} does not end in a name for the local file: give one with --output")
    return name
