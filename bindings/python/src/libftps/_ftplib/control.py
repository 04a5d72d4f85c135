"""The control connection of an `FTP_TLS`."""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Iterator
from typing import Any, NoReturn

from .._commands import reply_of
from .._session import Session
from ..client import Client
from ..errors import Error, WrongState
from ..options import ActiveMode, ClientOptions
from .dialogue import Dialogue
from .errors import as_standard

# What a timeout is that nobody gave.
GLOBAL_DEFAULT_TIMEOUT: Any = socket._GLOBAL_DEFAULT_TIMEOUT  # type: ignore[attr-defined]

# "No limit" of the standard library, which a caller has to ask for: 46 days.
_NO_LIMIT = 4_000_000.0

# Those of libftps, where nobody gave one (seconds).
_CONNECT_TIMEOUT = 30.0
_DATA_TIMEOUT = 60.0

# Commands that change who speaks what on which connection, or begin a transfer: sent as they are, they would leave the
# client out of step with the server.
_NOT_TO_BE_SENT = {
    "AUTH": "TLS stands since connect(): leave it out",
    "CCC": "call ccc()",
    **dict.fromkeys(("RETR", "LIST", "NLST", "MLSD"), "call retrbinary(), retrlines() or transfercmd()"),
    **dict.fromkeys(("STOR", "STOU", "APPE"), "call storbinary(), storlines() or transfercmd()"),
}

_NOTHING_SENT = "there is no command or transfer whose reply has not been given"


class NativeSocket:
    """A connection that looks like a socket under TLS, as far as code uses sockets."""

    _WHAT = "this connection"
    _timeout: float | None = None

    def settimeout(self, value: float | None) -> None:
        """How long to wait for the server, in seconds; None is without limit."""
        self._apply_timeout(_NO_LIMIT if value is None else value)
        self._timeout = value

    def gettimeout(self) -> float | None:
        """What was set. None where nobody set anything, too: then libftps' own limits hold."""
        return self._timeout

    def _apply_timeout(self, seconds: float) -> None:
        raise NotImplementedError

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"{self._WHAT} has no {name!r}: libftps makes connections and TLS itself, and every data connection "
            "resumes the control connection's session. Code that wraps sockets or hands sessions over can be left out; "
            "options of FTP_TLS take its place, implicit=True or tcp_keep_alive=60 for instance: see "
            "help(libftps.ClientOptions)"
        )


class ControlConnection(NativeSocket):
    """What `FTP_TLS.sock` is while it is connected."""

    _WHAT = "the control connection"

    def __init__(self, ftp: object, host: str, timeout: Any, options: ClientOptions) -> None:
        """`options` have that timeout already."""
        self.dialogue = Dialogue(ftp)
        watched: ClientOptions = {**options, "dialogue": self.dialogue.see}
        self._client = Client(host, **watched)
        self._lines: deque[str | bytes] = deque()
        self._why_no_reply = _NOTHING_SENT
        self._timeout = given_timeout(timeout)
        self._first_timeout = timeout
        # For data connections: as they were at first, and as they are.
        self._first_limits = {
            "connect": options.get("connect_timeout", _CONNECT_TIMEOUT),
            "data": options.get("data_timeout", _DATA_TIMEOUT),
        }
        self._limits = self._first_limits
        self._is_passive = True
        self._is_clear = False
        self.auth_reply = ""

    # What code does with sockets.

    def _apply_timeout(self, seconds: float) -> None:
        self._client.set_timeouts(reply=seconds)

    def version(self) -> str | None:
        """The TLS version as `ssl.SSLSocket.version` tells it; None after `FTP_TLS.ccc`."""
        return None if self._is_clear else self.data_version()

    def close(self) -> None:
        """Closes the connection without QUIT; an open transfer is aborted."""
        self._client.close()

    # What `FTP_TLS` does with it.

    @property
    def client(self) -> Client:
        """The client of libftps that does the work."""
        return self._client

    @property
    def session(self) -> Session:
        """The session of that client."""
        return self._client._session

    def data_version(self) -> str | None:
        """The TLS version of data connections, which is that of the session that they resume."""
        version = self._client.tls_version
        return f"TLSv{version}" if version else None

    @property
    def is_writing(self) -> bool:
        """Whether an upload is open."""
        stream = self.session.stream
        return stream is not None and stream.writable()

    @contextlib.contextmanager
    def standard_errors(self) -> Iterator[None]:
        """Has errors raised as the standard library has them."""
        self.dialogue.begin()
        try:
            yield
        except Error as error:
            standard = self.standard(error)
            raise standard from standard.__cause__

    def standard(self, error: Error) -> Exception:
        """An error as the standard library has it, with the original as its cause."""
        standard = as_standard(error, self.dialogue.reply_of(error))
        if standard is not error:
            standard.__cause__ = error
        return standard

    def connect(self) -> bytes:
        """Connects, establishes TLS, and returns the greeting."""
        with self.standard_errors():
            self._client.connect()
            self.auth_reply = self.dialogue.reply_to("AUTH")
            return self.kept_reply()

    def login(self, user: str, password: str, account: str) -> str:
        """Logs in, protects the data connections, and returns the reply to the login."""
        with self.standard_errors():
            self._client.login(user, password, account)
        return self.dialogue.reply_to("USER", "PASS", "ACCT")

    def clear_command_channel(self) -> str:
        """Ends TLS on this connection, and returns the reply."""
        with self.standard_errors():
            self._client.clear_command_channel()
        self._is_clear = True
        return self.dialogue.reply_to("CCC")

    def send(self, line: bytes) -> None:
        """Sends a command; its reply is what `next_line` then gives."""
        verb, _, argument = line.partition(b" ")
        name = verb.decode("ascii", "replace").upper()
        remedy = _NOT_TO_BE_SENT.get(name)
        if remedy is not None:
            raise NotImplementedError(f"libftps does not send {name} as a bare command: {remedy}")
        self.forget_replies()
        self.dialogue.is_shown_by_caller = True
        try:
            with self.standard_errors():
                reply = self._client.command(name, argument or None)
        finally:
            self.dialogue.is_shown_by_caller = False
        self.keep_for_caller(reply.raw)

    def forget_replies(self, why: str = _NOTHING_SENT) -> None:
        """Has `next_line` give nothing, but say why."""
        self._lines.clear()
        self._why_no_reply = why

    def keep_for_caller(self, *replies: str | bytes) -> None:
        """Has `next_line` give these replies, and no others."""
        self.forget_replies()
        for reply in replies:
            self._lines.extend(reply.split("\n") if isinstance(reply, str) else reply.splitlines())

    def next_line(self) -> str | bytes:
        """The next line of the replies that were not asked for yet."""
        if self._lines:
            return self._lines.popleft()
        if self.session.stream is not None:
            raise WrongState("the data connection is open: close() it before asking for the reply to the transfer")
        raise WrongState(self._why_no_reply)

    def kept_reply(self) -> bytes:
        """The raw reply that the client keeps of its last call."""
        return self.session.run(lambda handle: reply_of(self.session, handle).raw, owner=self.session.stream)

    def settle(self) -> list[str]:
        """After a transfer was given up: waits until a command can be sent, and returns what the server said."""
        with self.standard_errors():
            self._client.noop()
        # The last one is that to NOOP, and 257 that to a PWD with which libftps finds out where it is.
        return [reply for reply in self.dialogue.replies()[:-1] if not reply.startswith("257")]

    def prepare_transfer(self, passive: bool, timeout: Any) -> None:
        """What `FTP_TLS` has as attributes, which may be changed at any time."""
        given = None if timeout == self._first_timeout else seconds_of(timeout)
        self._set_limits(self._first_limits if given is None else {"connect": given, "data": given})
        if passive != self._is_passive:
            if passive:
                self._client.set_passive_mode()
            else:
                self._client.set_active_mode(ActiveMode())
            self._is_passive = passive

    def set_data_timeout(self, seconds: float) -> None:
        """How long the data connection may be silent, until the next one is prepared."""
        self._set_limits({**self._limits, "data": seconds})

    def _set_limits(self, limits: dict[str, float]) -> None:
        if limits != self._limits:
            self._client.set_timeouts(**limits)
            self._limits = limits


def given_timeout(timeout: Any) -> float | None:
    """`FTP_TLS.timeout` as sockets have it."""
    return socket.getdefaulttimeout() if timeout is GLOBAL_DEFAULT_TIMEOUT else timeout


def seconds_of(timeout: Any) -> float | None:
    """`FTP_TLS.timeout` as an option. None where nobody gave one: then libftps' own stay."""
    return _NO_LIMIT if timeout is None else given_timeout(timeout)
