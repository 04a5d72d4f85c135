"""Python programs as processes of their own, for what would disturb the tests' process or shows only from outside."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from support.servers import Server

PATIENCE = 60.0

# Before each program: `options` is what finds the server.
HEAD = """
import json, os, signal, sys, threading, time
import libftps
options = json.loads(sys.argv[1])

def connected():
    return libftps.Client(**options).connect()

def ready():
    print("ready", flush=True)

"""


class Program:
    """A running program. For a `with` statement, which ends it."""

    def __init__(self, source: str, server: Server, *arguments: str, **options: Any) -> None:
        found = {name: str(value) if isinstance(value, Path) else value for name, value in server.options().items()}
        command = [sys.executable, "-X", "dev", "-c", HEAD + source, json.dumps(found | options), *arguments]
        # Not a `with` statement's: `__exit__` closes it.
        self._errors: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._errors, text=True)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._output.close()
        self._errors.close()

    def line(self) -> str:
        """The next line that it prints; empty where it has ended."""
        return self._output.readline().strip()

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def interrupted_after(self, seconds: float) -> float:
        """Interrupts it `seconds` after it printed "ready", and returns the seconds until it says "caught"."""
        self._expect("ready")
        time.sleep(seconds)
        begin = time.monotonic()
        self.interrupt()
        self._expect("caught")
        return time.monotonic() - begin

    def result(self) -> str:
        """Waits for its end; what it printed. It must have said nothing on standard error, and ended well."""
        output = self._output.read().strip()
        code = self._process.wait(PATIENCE)
        if code != 0 or self._complaint():
            raise AssertionError(f"the program ended with {code}:\n{output}\n{self._complaint()}")
        return output

    def _expect(self, line: str) -> None:
        printed = self.line()
        if printed != line:
            raise AssertionError(f"the program printed {printed!r} in place of {line!r}:\n{self._complaint()}")

    def _complaint(self) -> str:
        self._errors.seek(0)
        return self._errors.read()

    @property
    def _output(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout


def run(source: str, server: Server, *arguments: str, **options: Any) -> str:
    """Runs a program to its end, and returns what it printed."""
    with Program(source, server, *arguments, **options) as program:
        return program.result()
