"""Clients of the demonstration.

To add one: write a class with `name`, `promise` and the three methods, and name it in CLIENTS of demo.py.
"""

import dataclasses
import ftplib
import os
import re
import shlex
import ssl
import subprocess
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import libftps
from server import StrictServer

ROOT = Path(__file__).resolve().parent.parent
DEADLINE = 120  # seconds for one command

RESUMES = "resumes"
IS_REFUSED = "is refused"
LISTS = "lists what is there"
LISTS_NOTHING = "lists nothing, and does not say why"


class Refused(Exception):
    """The server refused a transfer; the message is its reply."""


class Client:
    name: str
    promise: str  # RESUMES, IS_REFUSED, LISTS or LISTS_NOTHING

    def __init__(self, server: StrictServer):
        self.server = server
        # What the client itself says it did: "data_connections", "resumed", "full", "relogins".
        self.statistics = Counter()

    def list(self, folder: str) -> list:
        """The names in a folder of the server."""
        raise NotImplementedError

    def download(self, names: list, folder: str, to: Path):
        """Fetches files from a folder of the server, all in one login."""
        raise NotImplementedError

    def upload(self, paths: list, folder: str):
        """Sends files to a folder of the server, all in one login."""
        raise NotImplementedError


class StockFtplib(Client):
    """Python's own client, which has a new TLS session for every data connection."""

    name = "Python's ftplib.FTP_TLS"
    promise = IS_REFUSED

    def list(self, folder):
        print(f"$ python3 -c '... ftplib.FTP_TLS(...).nlst(\"{folder}\")'")
        context = ssl.create_default_context(cafile=str(self.server.ca))
        version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[self.server.tls]
        context.minimum_version = context.maximum_version = version
        with ftplib.FTP_TLS(context=context, timeout=DEADLINE) as ftp:
            ftp.connect(self.server.host, self.server.port)
            ftp.login(self.server.user, self.server.password)
            ftp.prot_p()
            try:
                return ftp.nlst(folder)
            except ftplib.error_temp as error:
                print(error)
                raise Refused(str(error)) from error


class CPrograms(Client):
    """The C programs of examples/c."""

    name = "libftps from C"
    promise = RESUMES

    def list(self, folder):
        return [line.rstrip("/@") for line in self._run("ftps-ls", [folder]).splitlines()]

    def download(self, names, folder, to):
        self._run("ftps-get", [f"{folder}/{name}" for name in names], cwd=to)

    def upload(self, paths, folder):
        self._run("ftps-put", ["--directory", folder, *map(str, paths)])

    def _run(self, program, arguments, cwd=None):
        options = ["--stats", "--user", self.server.user, "--ca-file", str(self.server.ca)]
        options += ["--tls-min", self.server.tls, "--tls-max", self.server.tls]
        server = f"{self.server.host}:{self.server.port}"
        print(f"$ {program} {shlex.join([*options, server])}", *map(shlex.quote, shortened(arguments)))
        result = subprocess.run(
            [ROOT / "target/examples/c" / program, *options, server, *arguments],
            cwd=cwd,
            env={**os.environ, "FTPS_PASSWORD": self.server.password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        print(result.stdout, result.stderr, sep="", end="", flush=True)
        if result.returncode != 0:
            raise RuntimeError(f"{program} ended with exit code {result.returncode}")
        self._count(result.stderr)
        return result.stdout

    def _count(self, text):
        """The line that --stats prints."""
        pairs = dict(re.findall(r"(\w+)=(\S+)", text.splitlines()[-1]))
        if pairs.pop("tls") != self.server.tls:
            raise RuntimeError(f"that was not TLS {self.server.tls}")
        self.statistics.update({name: int(value) for name, value in pairs.items()})


class PythonPackage(Client):
    """The Python package, of bindings/python."""

    name = "libftps from Python"
    promise = RESUMES

    def list(self, folder):
        with self._client(f'client.list("{folder}")') as client:
            return [entry.name for entry in client.list(folder) if entry.is_file]

    def download(self, names, folder, to):
        with self._client(f'client.download("{folder}/...", "...") for {len(names)} files') as client:
            for name in names:
                client.download(f"{folder}/{name}", to / name)

    def upload(self, paths, folder):
        with self._client(f'client.upload("...", "{folder}/...") for {len(paths)} files') as client:
            for path in paths:
                client.upload(path, f"{folder}/{path.name}")

    @contextmanager
    def _client(self, what):
        print(f"$ python3 -c '... with libftps.Client(...) as client: {what}'")
        client = libftps.Client(
            self.server.host,
            self.server.user,
            self.server.password,
            port=self.server.port,
            ca_file=self.server.ca,
            minimum_tls=self.server.tls,
            maximum_tls=self.server.tls,
            reply_timeout=DEADLINE,
        )
        with client:
            if client.tls_version != self.server.tls:
                raise RuntimeError(f"that was not TLS {self.server.tls}")
            yield client
        print(client.statistics, flush=True)
        self.statistics.update(dataclasses.asdict(client.statistics))


def shortened(arguments):
    """A few of the arguments, for display."""
    names = [Path(argument).name if argument.startswith("/") else argument for argument in arguments]
    return names if len(names) <= 6 else [*names[:5], "..."]
