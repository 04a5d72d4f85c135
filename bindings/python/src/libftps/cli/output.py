"""What the program prints."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from typing import Any

# What a terminal may take for a command: C0, DEL, C1.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def harmless(text: str) -> str:
    """A server's text with "?" in place of what could steer a terminal."""
    return _CONTROLS.sub("?", text)


def tell(text: str) -> None:
    """Lines on standard error, in the name of the program."""
    for line in text.splitlines():
        print(f"libftps: {harmless(line)}", file=sys.stderr, flush=True)


def put_line(text: str) -> None:
    """A line on standard output: harmless for a terminal, else byte by byte as it is."""
    print(harmless(text) if sys.stdout.isatty() else text)


def put_json(value: Any) -> None:
    """A JSON document on standard output. Bytes of names that are no text are lone surrogates, as in Python."""
    print(json.dumps(value, indent=2))


def size_text(count: float) -> str:
    """Bytes for people: "1.5 MiB"."""
    units = ["B", "KiB", "MiB", "GiB", "TiB"]
    while count >= 1024 and len(units) > 1:
        count /= 1024
        units.pop(0)
    return f"{count:.0f} B" if units[0] == "B" else f"{count:.1f} {units[0]}"


def let_names_through() -> None:
    """Has standard output write all names of servers.

    Those that are no text come out as the bytes that they are, and what its encoding does not have as an escape.
    """
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        codecs.register_error("libftps", _escaped)
        reconfigure(errors="libftps")


def _escaped(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.lookup_error("backslashreplace")(error)


def drop_standard_output() -> None:
    """After its reader has gone: nothing more is written, also not when the interpreter ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
