"""`libftps put`: uploads files."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import IO, Any

from ..client import Client
from ..errors import Error
from . import exits
from .arguments import add_parser, address_of
from .connection import logged_in, tell_error
from .exits import UsageError
from .output import tell
from .progress import progress_of

_DESCRIPTION = """\
Uploads files. They keep the last part of their names and replace what is there. A URL may name the directory that they
are put into. An upload that fails is aborted so that the server does not take the part for the whole.
"""

_PIECE = 256 * 1024
_STDIN = "-"


def add(commands: Any) -> None:
    """Adds the command."""
    parser = add_parser(commands, "put", "upload files", "SERVER FILE...", _DESCRIPTION)
    parser.add_argument("paths", nargs="*", metavar="PATH", help=argparse.SUPPRESS)
    parser.add_argument(
        "--as",
        dest="name",
        metavar="NAME",
        help="the name of the (one) file on the server; needed for -, which is standard input",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-a", "--append", action="store_true", help="add to the end of what is there")
    how.add_argument("--resume", action="store_true", help="send only what the server does not have yet")
    how.add_argument("--atomic", action="store_true", help="under a temporary name, which is changed at the end")
    parser.add_argument(
        "--replace", action="store_true", help="--atomic: delete what is in the way of the new name, where it has to be"
    )
    parser.add_argument("--stats", action="store_true", help="tell at the end what the data connections did")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does it, and returns the exit code."""
    address = address_of(arguments)
    files = _named(arguments)
    if arguments.directory is None:
        arguments.directory = address.path
    code = exits.DONE
    with logged_in(arguments, address) as client:
        for local, remote in files:
            if not _put(client, local, remote, arguments):
                code = exits.FAILED
            if not client.usable:
                tell("the connection is lost: what came behind this file was not tried")
                break
    return code


def _named(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """The files with their names on the server."""
    if not arguments.paths:
        raise UsageError("which file?")
    if arguments.name is not None and len(arguments.paths) > 1:
        raise UsageError("--as is for one file")
    if arguments.replace and not arguments.atomic:
        raise UsageError("--replace is for --atomic: other uploads replace what is there anyway")
    if _STDIN in arguments.paths and (arguments.resume or arguments.atomic):
        raise UsageError("--resume and --atomic are for files: standard input has no place to go back to")
    files = [(local, arguments.name or Path(local).name) for local in arguments.paths]
    for local, name in files:
        if name in ("", "..", _STDIN):
            raise UsageError(f"{local} has no name for the server: give one with --as")
    return files


def _put(client: Client, local: str, remote: str, arguments: argparse.Namespace) -> bool:
    try:
        if local == _STDIN:
            with open(0, "rb", buffering=0, closefd=False) as source:
                _stream(client, source, remote, None, arguments)
        elif arguments.append:
            with Path(local).open("rb", buffering=0) as source:
                _stream(client, source, remote, os.fstat(source.fileno()).st_size, arguments)
        else:
            _upload(client, local, remote, arguments)
    except Error as error:
        tell_error(error, remote)
        return False
    except OSError as error:
        tell(f"cannot read {local}: {error}")
        return False
    return True


def _upload(client: Client, local: str, remote: str, arguments: argparse.Namespace) -> None:
    size = Path(local).stat().st_size
    with progress_of(remote, size, arguments.quiet) as bar:
        client.upload(
            local,
            remote,
            progress=None if bar is None else bar.show,
            resume=arguments.resume,
            atomic=arguments.atomic,
            replace=arguments.replace,
        )


def _stream(client: Client, source: IO[bytes], remote: str, total: int | None, arguments: argparse.Namespace) -> None:
    """Reads on this thread, so that a signal ends it at once, also while the source is silent."""
    mode = "ab" if arguments.append else "wb"
    with progress_of(remote, total, arguments.quiet) as bar, client.open(remote, mode, buffering=0) as file:
        moved = 0
        while piece := source.read(_PIECE):
            file.write(piece)
            moved += len(piece)
            if bar is not None:
                bar.show(moved)
