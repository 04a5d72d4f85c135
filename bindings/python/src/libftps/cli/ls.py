"""`libftps ls`: lists directories."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
from typing import Any

from .._abi import Kind, Precision
from ..client import Client
from ..entries import Entry
from ..errors import Error, Refused
from ..iteration import EntryIterator
from . import exits
from .arguments import add_parser, address_of, paths_of
from .connection import logged_in, tell_error
from .output import put_json, put_line, tell

_DESCRIPTION = """\
Lists directories: one name a line, with "/" behind directories and "@" behind links. A file has its own line.
"""


def add(commands: Any) -> None:
    """Adds the command."""
    parser = add_parser(commands, "ls", "list directories", "SERVER [DIRECTORY...]", _DESCRIPTION)
    parser.add_argument("paths", nargs="*", metavar="PATH", help=argparse.SUPPRESS)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "-l",
        "--long",
        action="store_true",
        help="with permissions, owner, group, size and time (Z: UTC, else the server's own)",
    )
    form.add_argument("--raw", action="store_true", help="the lines as the server sends them")
    form.add_argument("--json", action="store_true", help="all that the server tells, as JSON")
    parser.add_argument("--stats", action="store_true", help="tell at the end what the data connections did")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does it, and returns the exit code."""
    address = address_of(arguments)
    with logged_in(arguments, address) as client:
        lister = _Lister(client, arguments)
        paths = paths_of(arguments, address)
        for path in paths or (None,):
            lister.show(path, headed=len(paths) > 1)
            if not client.usable:
                break
        lister.end()
        return lister.code


class _Lister:
    def __init__(self, client: Client, arguments: argparse.Namespace) -> None:
        self._client = client
        self._wanted = arguments
        self._documents: list[dict[str, Any]] = []
        self._has_listed = False
        self.code = exits.DONE

    def show(self, path: str | None, headed: bool) -> None:
        try:
            # Line by line, so that a directory may be larger than memory.
            with contextlib.closing(self._client.iter_list(path)) as entries:
                self._show_entries(entries, path, headed)
        except Error as error:
            file = self._file(error, path)
            if file is None:
                tell_error(error, path or "current directory")
                self.code = exits.FAILED
            else:
                self._show_file(file)

    def end(self) -> None:
        if self._wanted.json:
            put_json(self._documents)
        sys.stdout.flush()

    def _show_entries(self, entries: EntryIterator, path: str | None, headed: bool) -> None:
        if self._wanted.json:
            listed = [_document(entry) for entry in entries]
            unparsed = [_text(line) for line in entries.unparsed]
            self._documents.append({"directory": path, "entries": listed, "unparsed": unparsed})
        else:
            if headed:
                print("\n" if self._has_listed else "", end="")
                put_line(f"{path}:")
            self._has_listed = True
            for entry in entries:
                self._show_entry(entry)
        self._tell_unparsed(entries.unparsed)

    def _file(self, error: Error, path: str | None) -> Entry | None:
        """What `path` is, where it was not listed because it is no directory: MLSD is for these alone (RFC 3659)."""
        # A kind of it says that there is no such path, or that it is one which may not be listed.
        if path is None or type(error) is not Refused:
            return None
        try:
            entry = self._client.entry(path)
        except Error:
            return None
        return None if entry.is_directory else dataclasses.replace(entry, name=path)

    def _show_file(self, file: Entry) -> None:
        if self._wanted.json:
            self._documents.append({"directory": file.name, "entries": [_document(file)], "unparsed": []})
        else:
            self._has_listed = True
            self._show_entry(file)

    def _show_entry(self, entry: Entry) -> None:
        if self._wanted.raw:
            put_line(_text(entry.raw))
        elif entry.kind not in (Kind.CURRENT_DIRECTORY, Kind.PARENT_DIRECTORY):
            put_line((_details(entry) if self._wanted.long else "") + _marked_name(entry, self._wanted.long))

    def _tell_unparsed(self, lines: list[bytes]) -> None:
        for line in lines:
            if self._wanted.raw:
                put_line(_text(line))
            else:
                tell(f"this line was not understood: {_text(line)}")
                self.code = self.code or exits.LINES_NOT_UNDERSTOOD


def time_text(entry: Entry) -> str:
    """When it was modified, as exact as it is known."""
    formats = {
        Precision.DAY: "%Y-%m-%d",
        Precision.MINUTE: "%Y-%m-%d %H:%M",
        Precision.SECOND: "%Y-%m-%d %H:%M:%S",
        Precision.SUBSECOND: "%Y-%m-%d %H:%M:%S",
    }
    if entry.modified is None:
        return "-"
    return entry.modified.strftime(formats[entry.precision]) + ("Z" if entry.modified.tzinfo else "")


def _details(entry: Entry) -> str:
    letter = {Kind.FILE: "-", Kind.DIRECTORY: "d", Kind.SYMLINK: "l", Kind.OTHER: "o"}.get(entry.kind, "?")
    size = "-" if entry.size is None else str(entry.size)
    who = f"{entry.permissions or '-':<9} {entry.owner or '-':<8} {entry.group or '-':<8}"
    return f"{letter} {who} {size:>12} {time_text(entry):<20} "


def _marked_name(entry: Entry, with_target: bool) -> str:
    mark = {Kind.DIRECTORY: "/", Kind.SYMLINK: "@"}.get(entry.kind, "")
    target = f" -> {entry.link_target}" if with_target and entry.link_target is not None else ""
    return entry.name + mark + target


def _document(entry: Entry) -> dict[str, Any]:
    document = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    document["kind"] = entry.kind.name.lower()
    document["precision"] = entry.precision.name.lower()
    document["modified"] = None if entry.modified is None else entry.modified.isoformat()
    document["raw"] = _text(entry.raw)
    del document["raw_name"]
    return document


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")
