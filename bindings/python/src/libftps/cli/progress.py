"""Progress on standard error: tqdm's bar where tqdm is installed, else a line; nothing where that is no terminal."""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
from collections.abc import Iterator
from typing import Any, Protocol

from .output import harmless, size_text


class Bar(Protocol):
    """Shows how far something has come."""

    def show(self, moved: int, total: int | None = None, note: str = "") -> None:
        """Bytes so far; a new total, and a few words, where there are any."""

    def end(self, complete: bool) -> None:
        """Nothing more comes."""


@contextlib.contextmanager
def progress_of(name: str, total: int | None, quiet: bool) -> Iterator[Bar | None]:
    """The progress of what is done in the `with` block; None where nobody would see it."""
    if not is_visible(quiet):
        yield None
        return
    bar = _bar(harmless(name), total)
    complete = False
    try:
        yield bar
        complete = True
    finally:
        bar.end(complete)


def is_visible(quiet: bool) -> bool:
    """Whether progress is shown."""
    return not quiet and sys.stderr.isatty()


def _bar(name: str, total: int | None) -> Bar:
    try:
        return _TqdmBar(importlib.import_module("tqdm").tqdm, name, total)
    except ImportError:
        return _Line(name, total)


class _TqdmBar:
    def __init__(self, tqdm: Any, name: str, total: int | None) -> None:
        self._bar = tqdm(desc=name, total=total, unit="B", unit_scale=True, unit_divisor=1024, file=sys.stderr)

    def show(self, moved: int, total: int | None = None, note: str = "") -> None:
        if total is not None:
            self._bar.total = total
        if note:
            self._bar.set_postfix_str(harmless(note), refresh=False)
        self._bar.update(moved - self._bar.n)

    def end(self, complete: bool) -> None:
        self._bar.leave = complete
        self._bar.close()


class _Line:
    """NAME  1.0 MiB of 2.0 MiB  50 %  3.0 MiB/s"""

    # Seconds between two looks.
    _PACE = 0.1

    def __init__(self, name: str, total: int | None) -> None:
        self._name = name
        self._total = total
        self._moved = 0
        self._note = ""
        self._begun = self._drawn = time.monotonic()

    def show(self, moved: int, total: int | None = None, note: str = "") -> None:
        self._moved, self._note = moved, note
        self._total = self._total if total is None else total
        if time.monotonic() - self._drawn >= self._PACE:
            self._draw()

    def end(self, complete: bool) -> None:
        if complete:
            self._draw()
            print(file=sys.stderr)
        else:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        words = [self._name, size_text(self._moved)]
        if self._total:
            words[-1] += f" of {size_text(self._total)}"
            words.append(f"{100 * self._moved / self._total:.0f} %")
        words.append(f"{size_text(self._moved / max(self._drawn - self._begun, 1e-6))}/s")
        if self._note:
            words.append(harmless(self._note))
        print("\r" + "  ".join(words) + "\033[K", end="", file=sys.stderr, flush=True)
