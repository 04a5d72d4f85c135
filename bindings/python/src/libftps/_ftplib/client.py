"""`FTP_TLS`."""

from __future__ import annotations

import codecs
import ftplib
import ssl
import sys
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from .._session import Stream
from ..errors import Closed, WrongState
from ..options import ClientOptions, FilePath
from .context import empty_context, options_of
from .control import GLOBAL_DEFAULT_TIMEOUT, ControlConnection, given_timeout, seconds_of
from .data import DataConnection

if TYPE_CHECKING:
    from typing_extensions import Unpack


# Of FTP over TLS from the first byte.
_IMPLICIT_PORT = 990

_TWO_LINES = "an illegal newline character: it would make two commands of one"


class FTP(ftplib.FTP_TLS):
    """The base of `FTP_TLS`, for subclasses of that which call `FTP.ntransfercmd(self, ...)`. Alone it cannot be used.

    Here is what concerns connections. What the standard class builds on that is inherited from it: `retrbinary`,
    `storlines`, `nlst`, `mlsd`, `rename` and so on.
    """

    # For recipes that wrap what `FTP.ntransfercmd` returns where it is true: it is under TLS already.
    _prot_p = False

    sock: ControlConnection | None  # type: ignore[assignment]
    source_address: tuple[str, int] | None
    trust_server_pasv_ipv4_address = False

    def __init__(
        self,
        host: str = "",
        user: str = "",
        passwd: str = "",
        acct: str = "",
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: tuple[str, int] | None = None,
        *,
        encoding: str = "utf-8",
    ) -> None:
        raise NotImplementedError(
            "libftps does nothing without TLS: use libftps.ftplib.FTP_TLS, or the standard library's ftplib.FTP"
        )

    def connect(
        self, host: str = "", port: int = 0, timeout: float | None = -999, source_address: tuple[str, int] | None = None
    ) -> str:
        """Connects, establishes TLS, and returns the greeting. What is not given is as the constructor was told."""
        if host != "":
            self.host = host
        if port > 0:
            self.port = port
        if timeout != -999:
            self.timeout = timeout
        if self.timeout is not None and not self.timeout:
            raise ValueError("timeout=0 would be a non-blocking socket, which is not supported")
        if source_address is not None:
            self.source_address = source_address
        sys.audit("ftplib.connect", self, self.host, self.port)
        self.close()
        connection = ControlConnection(self, self.host, self.timeout, self._options())
        try:
            self.welcome = self._text(connection.connect()).rstrip("\r\n").replace("\r\n", "\n")
        except BaseException:
            connection.close()
            raise
        self.lastresp = self.welcome[:3]
        self.sock = connection
        return self.welcome

    def _options(self) -> ClientOptions:
        raise NotImplementedError

    def login(self, user: str = "", passwd: str = "", acct: str = "", secure: bool = True) -> str:
        """Logs in, by default as "anonymous", protects the data connections, and returns the reply to the login."""
        user = user or "anonymous"
        if user == "anonymous" and passwd in ("", "-"):
            passwd += "anonymous@"
        reply = self._connection().login(user, passwd, acct)
        self.lastresp = reply[:3]
        return reply

    # Commands.

    def putline(self, line: str) -> None:
        """Sends a command. Its reply is read at once, and kept for `getresp`."""
        if "\r" in line or "\n" in line:
            raise ValueError(_TWO_LINES)
        sys.audit("ftplib.sendcmd", self, line)
        if self.debugging > 1:
            print("*put*", self.sanitize(line + ftplib.CRLF))
        self._connection().send(line.encode(self.encoding, "surrogateescape"))

    def getline(self) -> str:
        """The next line of the reply."""
        line = self._text(self._connection().next_line())
        if self.debugging > 1:
            print("*get*", self.sanitize(line + "\n"))
        return line

    # Transfers.

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[DataConnection, int | None]:  # type: ignore[override]
        """Begins a transfer, from byte `rest` on. Returns its data connection, and its size where the server tells."""
        if "\r" in cmd or "\n" in cmd:
            raise ValueError(_TWO_LINES)
        sys.audit("ftplib.sendcmd", self, cmd)
        connection = self._connection()
        connection.prepare_transfer(bool(self.passiveserver), self.timeout)
        command = cmd.encode(self.encoding, "surrogateescape")
        data = DataConnection(connection, command, _offset(rest), given_timeout(self.timeout))
        return data, data.size

    def transfercmd(self, cmd: str, rest: int | str | None = None) -> DataConnection:  # type: ignore[override]
        """`ntransfercmd` without the size."""
        return self.ntransfercmd(cmd, rest)[0]

    def abort(self) -> str:
        """Gives the open transfer up; without one, tells the server to (ABOR). Returns the reply."""
        connection = self._connection()
        stream: Stream | DataConnection | None = connection.session.stream
        replies: list[str] = []
        if isinstance(stream, DataConnection):
            stream.abort()
            replies = connection.settle()
        if replies:
            connection.keep_for_caller(*replies)
        else:
            self.putcmd("ABOR")
        reply = self.getmultiline()
        if reply[:3] not in ("225", "226", "426"):
            raise ftplib.error_proto(reply)
        return reply

    def makepasv(self) -> NoReturn:
        """Raises: data connections are libftps' own."""
        raise NotImplementedError(
            "libftps makes data connections itself, and not to the address in the reply to PASV unless "
            "trust_server_pasv_ipv4_address is set: do not call makepasv(), nor the ntransfercmd() of the standard "
            "library's class"
        )

    def makeport(self) -> NoReturn:
        """Raises: data connections are libftps' own."""
        raise NotImplementedError(
            "libftps makes data connections itself: call set_pasv(False) for active mode, and not makeport(), nor the "
            "ntransfercmd() of the standard library's class; active=libftps.ActiveMode(...) has addresses and ports"
        )

    def sendport(self, host: str, port: int) -> NoReturn:
        """Raises: data connections are libftps' own."""
        raise NotImplementedError(
            "libftps has no transfers from server to server (ftpcp): download the file and upload it. For active mode "
            "call set_pasv(False)"
        )

    def sendeprt(self, host: str, port: int) -> NoReturn:
        """Raises: data connections are libftps' own."""
        self.sendport(host, port)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        was_writing = kind is None and self.sock is not None and self.sock.is_writing
        super().__exit__(kind, error, traceback)
        if was_writing:
            raise WrongState(
                "an upload was open at the end of the block, and was aborted: close its data connection before"
            )

    def _connection(self) -> ControlConnection:
        if self.sock is None:
            raise Closed("there is no connection: call connect()")
        return self.sock

    def _text(self, reply: str | bytes) -> str:
        return reply if isinstance(reply, str) else reply.decode(self.encoding, "surrogateescape")


class FTP_TLS(FTP):  # noqa: N801, the standard library's name
    """The standard library's `ftplib.FTP_TLS` on libftps. `help(libftps.ftplib)` tells what differs."""

    def __init__(
        self,
        host: str = "",
        user: str = "",
        passwd: str = "",
        acct: str = "",
        keyfile: FilePath | None = None,
        certfile: FilePath | None = None,
        context: ssl.SSLContext | None = None,
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: tuple[str, int] | None = None,
        *,
        encoding: str = "utf-8",
        **options: Unpack[ClientOptions],
    ) -> None:
        """
        Args:
            host, user, passwd, acct: where there is a host it connects, and where there is a user it logs in.
            keyfile, certfile: the client's certificate, PEM; without `keyfile`, `certfile` has both.
            context: what is read from it, `help(libftps.ftplib)` tells.
            timeout: seconds of silence.
            source_address: a local address, with port 0.
            encoding: of names and replies.
            **options: those of `libftps.Client`, which go before what `context` and attributes say.
        """
        taken = {"charset": "encoding=...", "dialogue": "set_debuglevel()", "bind_address": "source_address=..."}
        for name in options.keys() & taken.keys():
            raise TypeError(f"FTP_TLS has no option {name!r}: use {taken[name]}")
        if context is not None and (keyfile is not None or certfile is not None):
            raise ValueError(
                "context, and keyfile and certfile, exclude each other: pass client_certificate=(certfile, keyfile)"
            )
        if keyfile is not None and certfile is None:
            raise ValueError("keyfile needs a certfile")
        self.keyfile, self.certfile = keyfile, certfile
        self._given_context = context
        self.context = empty_context() if context is None else context
        self.timeout = timeout
        self.source_address = source_address
        self.encoding = encoding
        self._given_options = options
        if "port" in options:
            self.port = options["port"]
        elif options.get("implicit") and self.port == ftplib.FTP_PORT:
            self.port = _IMPLICIT_PORT
        if host:
            self.connect(host)
            if user:
                self.login(user, passwd, acct)

    def login(self, user: str = "", passwd: str = "", acct: str = "", secure: bool = True) -> str:
        """Logs in, by default as "anonymous", protects the data connections, and returns the reply to the login.

        `secure` does not matter: the login goes through TLS.
        """
        return super().login(user, passwd, acct)

    def auth(self) -> str:
        """Returns the reply to AUTH TLS, which `connect` sent; a second call is a `ValueError`."""
        connection = self._connection()
        reply, connection.auth_reply = connection.auth_reply, ""
        if not reply:
            raise ValueError("Already using TLS")
        return reply

    def prot_p(self) -> str:
        """Asks for protected data connections (PBSZ, PROT P) as `login` did already, and returns the reply."""
        self.voidcmd("PBSZ 0")
        return self.voidcmd("PROT P")

    def prot_c(self) -> str:
        """Raises `ValueError`, unless this was made with `clear_data=True`."""
        return self.voidcmd("PROT C")

    def ccc(self) -> str:
        """INSECURE: ends TLS on the control connection, after the login, and returns the reply."""
        connection = self._connection()
        if connection.version() is None:
            raise ValueError("not using TLS")
        return connection.clear_command_channel()

    def putline(self, line: str) -> None:
        """Sends a command. Its reply is read at once, and kept for `getresp`."""
        is_clear = bool(self._given_options.get("clear_data"))
        if line.upper().split() == ["PROT", "P" if is_clear else "C"]:
            raise ValueError(
                f"{line}: what protects data connections is decided when they are made. INSECURE: "
                "FTP_TLS(..., clear_data=True) leaves files and listings unprotected"
            )
        super().putline(line)

    def _options(self) -> ClientOptions:
        """What the client is to be made with."""
        options = options_of(self.context, with_platform_roots=self.context is not self._given_context)
        options["port"] = self.port
        options["trust_passive_address"] = self.trust_server_pasv_ipv4_address
        timeout = seconds_of(self.timeout)
        if timeout is not None:
            options.update({"connect_timeout": timeout, "reply_timeout": timeout, "data_timeout": timeout})
        if codecs.lookup(self.encoding).name != "utf-8":
            # Names are encoded here. This has the server not be told that they are UTF-8.
            options["charset"] = "windows-1252"
        if self.certfile is not None:
            options["client_certificate"] = (self.certfile, self.keyfile or self.certfile)
        if self.source_address is not None:
            options["bind_address"] = _bind_address(self.source_address)
        return {**options, **self._given_options, "port": self.port}


def _bind_address(address: tuple[str, int]) -> str | None:
    host, port = address[:2]
    if port:
        raise ValueError(f"source_address {address!r}: libftps binds to an address, not to a port: write ({host!r}, 0)")
    return host or None


def _offset(rest: int | str | None) -> int:
    try:
        return int(rest or 0)
    except ValueError:
        raise ValueError(f"rest {rest!r}: libftps begins transfers at a number of bytes") from None
