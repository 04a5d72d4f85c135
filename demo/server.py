"""The embedded strict server as a child process."""

import os
import select
import signal
import subprocess
import time
from pathlib import Path

DEADLINE = 30  # seconds for starting and for stopping


class StrictServer:
    """Speaks one TLS version, has FileZilla Server 0.9's words, and serves `root`. For a `with` statement."""

    user = "user"
    password = "password"
    host = "127.0.0.1"

    def __init__(self, binary: Path, tls: str, root: Path, ca: Path):
        self.tls = tls
        self.ca = ca
        self.command = [
            binary, "--listen", f"{self.host}:0", "--resumption", "same", "--wording", "filezilla-0.9",
            "--tls", tls, "--root", root, "--ca-out", ca, "--user", f"{self.user}:{self.password}",
            "--until-stdin-closes",  # ends with this process, however that ends
        ]  # fmt: skip

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self.port = int(self._first_line().split()[2].rpartition(":")[2])
        except BaseException:
            self._kill()
            raise
        return self

    def __exit__(self, *_):
        self._kill()

    def stop(self) -> dict:
        """Ends the server and returns what it counted."""
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=DEADLINE)
        return {name: int(value) for name, value in (pair.split("=") for pair in output.decode().split())}

    def _first_line(self) -> str:
        """It prints "listening on ADDRESS:PORT ..." when it is ready."""
        line = b""
        end = time.monotonic() + DEADLINE
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 1000) if ready else b""
            if not piece:
                raise RuntimeError(f"the strict server did not start: {line.decode() or 'it said nothing'}")
            line += piece
        return line.decode()

    def _kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()
