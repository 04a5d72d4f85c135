"""The doctor's reports, and servers that are none."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cli import access, run
from .servers import Server


@dataclass(frozen=True)
class Diagnosis:
    """A report, as JSON and as text.

    Attributes:
        code: the exit code.
        document: the JSON.
        text: for people, in one line.
    """

    code: int
    document: dict[str, Any]
    text: str

    def findings(self, check: str) -> list[dict[str, Any]]:
        """What a check found."""
        return [finding for finding in self.document["findings"] if finding["check"] == check]

    def finding(self, check: str) -> dict[str, Any]:
        """What a check found first."""
        return self.findings(check)[0]

    def outcomes(self) -> dict[str, str]:
        """The outcome of each check: of its first finding."""
        return {finding["check"]: finding["outcome"] for finding in reversed(self.document["findings"])}

    @property
    def problems(self) -> list[str]:
        """The checks that found problems."""
        return [finding["check"] for finding in self.document["findings"] if finding["outcome"] == "problem"]


def examine(*words: object) -> Diagnosis:
    """Has the doctor look twice at the same time: for JSON, and for text, which has to tell the same."""
    with ThreadPoolExecutor() as both:
        as_json, as_text = both.map(lambda form: run("doctor", *form, *words), [["--json"], []])
    assert as_json.returncode == as_text.returncode
    assert as_json.stderr == as_text.stderr
    document = json.loads(as_json.stdout)
    text = " ".join(as_text.stdout.decode().split())
    for finding in document["findings"]:
        assert f"] {finding['check']}: " in text
        if finding["outcome"] in ("problem", "warning"):
            assert finding["explanation"] and finding["remedy"]
            assert "-> " + " ".join(finding["remedy"].split()) in text
    return Diagnosis(as_json.returncode, document, text)


def examine_server(server: Server, folder: Path, *words: object, **how: Any) -> Diagnosis:
    """Has the doctor look at a server."""
    return examine(*access(server, folder, **how), *words, server.host)


@contextlib.contextmanager
def listener(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port on 127.0.0.1, each of whose connections is served by `serve`, and closed at the end."""
    connections: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connections.append(connection)
            with contextlib.suppress(OSError):
                serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in connections:
                connection.close()
