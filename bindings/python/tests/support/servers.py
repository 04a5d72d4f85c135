"""FTPS servers as child processes, on free ports of 127.0.0.1.

They take only data connections that resumed their own control connection's TLS session, unless told otherwise, and end
with this process, however that ends. Their programs are those of `target/release`, or of the folder that
FTPS_TEST_PROGRAMS names; `make python-tests` builds them.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from libftps import Client

ROOT = Path(__file__).resolve().parents[4]
START = 60.0  # seconds for starting
END = 30.0  # seconds for stopping

# How strict a server is, in the options of the strict server.
FILEZILLA_0_9 = {"wording": "filezilla-0.9"}
FILEZILLA_1 = {"wording": "filezilla-1", "decline_foreign_sessions": True}
LENIENT = {"resumption": "none"}

TLS_VERSIONS = ["1.2", "1.3"]


class ServerError(Exception):
    """A server is missing, did not start, or did not end; the message says why and what to do."""


class Account(dict[str, int]):
    """What a server counted itself, of all its connections: the strict server's counters, a real server's log."""

    @property
    def logins(self) -> int:
        """Control connections with a completed TLS handshake."""
        return self["control_handshakes"]

    @property
    def resumed(self) -> int:
        """Data connections that resumed a session: on the strict server, of their own control connection."""
        return self["data_same_session" if "data_same_session" in self else "data_resumed"]

    @property
    def full(self) -> int:
        """Data connections with a full handshake."""
        return self["data_full"]

    @property
    def refused(self) -> int:
        """Data connections that were turned away."""
        return self["data_refused"]


class Server:
    """A running server. `strict` and `real` of `conftest.py` start one, and end it after the test."""

    host: str
    port: int
    user: str
    password: str
    ca: Path  # the certificate authority to trust, PEM
    home: str  # the folder that the user may write to, as the server calls it
    implicit: bool

    def __init__(self, name: str, arguments: list[str]) -> None:
        self._name = name
        self._account: Account | None = None
        self._pending = b""
        self.implicit = "--implicit" in arguments
        command = [str(program(name)), *arguments]
        # Not a `with` statement's: `close` closes it.
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            # Ctrl-C ends the tests, and they end the server.
            start_new_session=True,
        )
        try:
            # "listening on ADDRESS:PORT CA FILE"
            words = self._line().split(" ", 4)
            host, _, port = words[2].rpartition(":")
            self.host, self.port, self.ca = host.strip("[]"), int(port), Path(words[4])
        except BaseException:
            self.close()
            raise

    def client(self, **options: Any) -> Client:
        """A client of this server, not connected yet, that trusts no other one and logs in as its user.

        `options` are those of `libftps.Client`, and go before what this server would say.
        """
        from libftps import Client

        merged: dict[str, Any] = {**self.options(), **options}
        return Client(merged.pop("host"), merged.pop("user"), merged.pop("password"), **merged)

    def options(self) -> dict[str, Any]:
        """The arguments with which `libftps.Client` finds this server."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "implicit": self.implicit,
            "ca_file": self.ca,
            "platform_roots": False,
        }

    def account(self) -> Account:
        """Ends the server, and returns what it counted.

        All clients should have quit: the count of a connection that is still open may be missing.
        """
        if self._account is None:
            self._stdin.close()
            line = self._line(END)
            try:
                self._process.wait(END)
            except subprocess.TimeoutExpired:
                raise ServerError(f"{self._name} does not end") from None
            self._account = Account({name: int(value) for name, value in (pair.split("=") for pair in line.split())})
        return self._account

    def stop(self) -> None:
        """Ends the server at once, as when its machine loses power: connections are reset, nothing is counted."""
        self._process.kill()
        self._process.wait(END)

    def close(self) -> None:
        """Ends the server, if nothing else did, and lets go of what it held."""
        self._stdin.close()
        try:
            # Real servers clear up behind themselves.
            self._process.wait(END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(END)
        self._stdout.close()
        self._errors.close()

    def _value(self, name: str) -> str:
        """The value of the line "name value" that comes next."""
        line = self._line()
        if not line.startswith(name + " "):
            raise ServerError(f"{self._name} does not tell its {name} but: {line}")
        return line[len(name) + 1 :]

    def _line(self, patience: float = START) -> str:
        """The next line of its output."""
        deadline = time.monotonic() + patience
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            while b"\n" not in self._pending:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise ServerError(f"{self._name} is silent for {patience:.0f} seconds: {self._complaint()}")
                piece = os.read(self._stdout.fileno(), 4096)
                if not piece:
                    raise ServerError(f"{self._name} has ended: {self._complaint()}")
                self._pending += piece
        line, _, self._pending = self._pending.partition(b"\n")
        return line.decode()

    def _complaint(self) -> str:
        """What it wrote to standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip() or "it did not say why"

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout


class StrictServer(Server):
    """The strict server of `tests/strict-server`: files are in memory, or in the folder `root`."""

    user, password, home = "user", "password", "/"

    def __init__(self, folder: Path, *arguments: str, rules: Mapping[str, Any] | None = None, **options: Any) -> None:
        """`folder` is for its certificates; `arguments` and `options` are those of `strict-server --help`.

        An option is a string, a path or a number, True for one that has no value, a list for one that is repeated:
        `StrictServer(folder, tls="1.3", root=path, fault=["STOR@byte:1000=reset"])`. `rules` are more of them:
        FILEZILLA_0_9, which is what the server is without, FILEZILLA_1 or LENIENT.
        """
        listed = [word for name, value in {**(rules or {}), **options}.items() for word in as_arguments(name, value)]
        ca = folder / f"ca-{time.monotonic_ns()}.pem"
        super().__init__("strict-server", ["--ca-out", str(ca), "--until-stdin-closes", *listed, *arguments])


class RealServer(Server):
    """vsftpd, ProFTPD, Pure-FTPd, or the look-alike of FileZilla Server."""

    def __init__(self, kind: str, tls: str = "1.3", *arguments: str) -> None:
        """`kind` is vsftpd, proftpd, pureftpd or filezilla; it speaks one TLS version, "1.2" or "1.3"."""
        super().__init__("real-server", [kind, "--tls", tls, *arguments])
        try:
            self.user, self.password, self.home = self._value("user"), self._value("password"), self._value("home")
        except BaseException:
            self.close()
            raise


# What the fixtures `strict` and `real` are.
StartStrict = Callable[..., StrictServer]
StartReal = Callable[..., RealServer]


def as_arguments(name: str, value: Any) -> list[str]:
    """A keyword as the command line has it."""
    if isinstance(value, list):
        return [word for item in value for word in as_arguments(name, item)]
    option = "--" + name.replace("_", "-")
    if value is True:
        return [option]
    # Not `in`: 0 is a value.
    return [] if value is False or value is None else [option, str(value)]


def program(name: str) -> Path:
    """One of the programs that are servers."""
    folder = Path(os.environ.get("FTPS_TEST_PROGRAMS") or ROOT / "target/release")
    if not (folder / name).exists():
        raise ServerError(
            f"{folder / name} is missing: `make python-tests` builds it, FTPS_TEST_PROGRAMS names a folder"
        )
    return folder / name
