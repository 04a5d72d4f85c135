"""The command line as a child process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .servers import Server

PATIENCE = 120.0  # seconds


def environment(**more: str) -> dict[str, str]:
    """That of this process, without what could say who logs in."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("FTPS_PASSWORD", "NETRC")}
    # Nobody's .netrc is in there.
    return {**inherited, "HOME": os.devnull, **more}


def command(*words: object) -> list[str]:
    """The command line as words."""
    return [sys.executable, "-m", "libftps", *map(str, words)]


def run(
    *words: object, cwd: Path | None = None, input: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs it to its end, without a terminal."""
    return subprocess.run(
        command(*words),
        cwd=cwd,
        input=input,
        env=environment() if env is None else env,
        capture_output=True,
        timeout=PATIENCE,
        start_new_session=True,
    )


def access(server: Server, folder: Path, **without: Any) -> list[object]:
    """The options with which it may log in to the server; the password goes into a file in `folder`."""
    secret = folder / "password"
    secret.write_text(server.password + "\n")
    options: list[object] = ["--user", server.user, "--password-file", secret, "--port", server.port]
    if without.get("trust", True):
        options += ["--ca-file", server.ca]
    return options + (["--implicit"] if server.implicit else [])
