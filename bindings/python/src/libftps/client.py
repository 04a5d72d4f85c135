"""`Client`: one connection to an FTPS server."""

from __future__ import annotations

import contextlib
import ctypes
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, overload

from ._abi import Statistic, TlsVersion
from ._commands import Commands
from ._listings import Listings
from ._naming import RemotePath, without_nul
from ._raw_files import Download, Upload
from ._session import Session
from ._transfers import Transfers
from .errors import Error, WrongState
from .files import BufferedReader, BufferedWriter, TextFile, open_file
from .mirror import Execution, Mirror, Plan, execution_of_client
from .options import ClientOptions, apply
from .types import Statistics

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Reading = Literal["rb", "br"]
Writing = Literal["wb", "bw", "ab", "ba"]
Text = Literal["r", "rt", "w", "wt", "a", "at"]
Unbuffered = Literal[0]


class Client(Commands, Listings, Transfers):
    """One connection to an FTPS server, whose data connections always resume the control connection's TLS session.

        with libftps.Client("ftp.example.com", "user", "password") as client:
            client.upload("report.csv", "inbox/report.csv")
            for entry in client.list("inbox"):
                print(entry.name, entry.size)

    The constructor sends nothing. `with` connects and logs in, and says goodbye at its end; where an exception leaves
    the block, what is open is aborted.

    Threads: a client makes one call at a time, on any thread; a second call meanwhile raises `Busy`. Threads that
    transfer at the same time need a client each (see `Pool`). `cancel` and `close` may be called at any time.

    Ctrl-C ends the call that the main thread waits for at once. What it interrupted is given up; the client is fit for
    the next command, or says that it is not (`usable`).

    Callbacks run on another thread where the call is made on the main thread. What one raises stops the call and
    reaches its caller unchanged.

    Processes: after a fork the connection is the parent's. In the child every call raises `Forked`, and `close` says
    nothing to the server.
    """

    def __init__(
        self,
        host: str,
        user: str | None = None,
        password: str | None = None,
        *,
        account: str | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """
        Args:
            host: a name, an IPv4 address, or an IPv6 address without brackets.
            user, password, account: for `connect` to log in with; without `user` call `login`.
            **options: see `ClientOptions`.
        """
        self._session = Session(host)
        self.host = host
        self._login = (user, password or "", account) if user is not None else None
        apply(self._session, options)

    def connect(self) -> Self:
        """Connects, establishes TLS, and logs in where the constructor was given a user. Returns the client."""
        session = self._session

        def work(handle: int) -> None:
            if session.is_connected:
                raise WrongState("the client is connected already: use it, or connect another one")
            session.check(session.library.ftps_client_connect(handle))
            session.is_connected = True

        session.run(work)
        if self._login is not None:
            self.login(*self._login)
        return self

    def login(self, user: str, password: str = "", account: str | None = None) -> None:
        """Logs in (USER, PASS, where there is one ACCT) and protects the data connections (PBSZ, PROT P).

        Raises `LoginRefused` where the server does not take them.
        """
        words = [without_nul(word.encode()) for word in (user, password, account or "")]
        self._do("login_with_account", *words)

    def quit(self) -> None:
        """Says goodbye (QUIT), waits for the answer, and closes, whatever the outcome."""
        try:
            self._session.quit()
        finally:
            self.close()

    def close(self) -> None:
        """Closes the connection without QUIT; a call that runs is ended, an open transfer is aborted.

        On any thread, any number of times. Every later call raises `Closed`.
        """
        self._session.close()

    def cancel(self) -> None:
        """Ends the running call, and the open transfer, with `Cancelled`: on any thread, in signal handlers too.

        A call that begins later is not affected.
        """
        self._session.cancel()

    @property
    def closed(self) -> bool:
        """Whether `close` or `quit` was called."""
        return self._session.closed

    @property
    def connected(self) -> bool:
        """Whether it was connected and not closed, whatever became of the connection since: see `usable`."""
        return self._session.is_connected and not self.closed

    @property
    def usable(self) -> bool:
        """Whether it is connected and the connection can still be used. After a timeout or its loss it cannot."""
        return self.connected and bool(self._tell_always(ctypes.c_int(), "is_usable"))

    @property
    def tls_version(self) -> str:
        """The TLS version of the session that the connections share: "1.2" or "1.3"."""
        version = self._tell_always(ctypes.c_int(), "tls_version")
        return {TlsVersion.VERSION_1_2: "1.2", TlsVersion.VERSION_1_3: "1.3"}.get(version, "")

    @property
    def statistics(self) -> Statistics:
        """The client's counters; after it was closed, the last ones."""
        if self.closed:
            return Statistics(**{which.name.lower(): value for which, value in self._session.statistics.items()})
        return Statistics(
            **{which.name.lower(): self._tell_always(ctypes.c_uint64(), "statistic", which) for which in Statistic}
        )

    @overload
    def open(self, path: RemotePath, mode: Reading = "rb", *, offset: int = 0) -> BufferedReader: ...
    @overload
    def open(self, path: RemotePath, mode: Writing, *, offset: int = 0) -> BufferedWriter: ...
    @overload
    def open(self, path: RemotePath, mode: Reading = "rb", *, offset: int = 0, buffering: Unbuffered) -> Download: ...
    @overload
    def open(self, path: RemotePath, mode: Writing, *, offset: int = 0, buffering: Unbuffered) -> Upload: ...
    @overload
    def open(
        self,
        path: RemotePath,
        mode: Text,
        *,
        offset: int = 0,
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> TextFile: ...
    @overload
    def open(
        self,
        path: RemotePath,
        mode: str = "rb",
        *,
        offset: int = 0,
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> Any: ...
    def open(
        self,
        path: RemotePath,
        mode: str = "rb",
        *,
        offset: int = 0,
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> Any:
        """Opens a file of the server, like the function `open`.

        Args:
            path: the path on the server.
            mode: "r" to read (RETR), "w" to write (STOR), "a" to append (APPE); with "b" bytes, else text.
            offset: where to begin: reading from there, or writing the end from there on (REST).
            buffering: the buffer's size; 0 gives the `io.RawIOBase` itself.
            encoding, errors, newline: for text, as for the function `open`; the encoding is UTF-8 by default.

        Files that are read can seek: the next read then begins a download from there. A file that is written to is
        complete when `close` returned. Where an exception leaves its `with` block it is aborted; so it is by
        `abort()`, with a `ResourceWarning` by losing the last reference to it, and, with an error, by a `close` while
        an exception is being handled that was not when the file was opened.

        Until the file is closed, or read to its end, the client can do nothing else.
        """
        return open_file(self._session, path, mode, offset, buffering, encoding, errors, newline)

    def plan(self, mirror: Mirror) -> Plan:
        """Looks at both sides of a mirror. Nothing is changed: this is the dry run. `Plan.execute` does it.

        plan = client.plan(libftps.Mirror.download("outbox", "/var/spool/outbox"))
        print(plan)
        report = plan.execute(client)
        """
        return Plan(self._session, mirror)

    def __enter__(self) -> Self:
        return self if self.connected else self.connect()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            # What the block did was confirmed reply by reply: a failed goodbye takes nothing away from it.
            if kind is None:
                self._check_nothing_is_written()
                if self.usable:
                    self._say_goodbye()
        finally:
            self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client is a connection of this process and cannot be pickled: make one in each process")

    def __repr__(self) -> str:
        state = "closed" if self.closed else "open"
        return f"<libftps.Client {self.host!r} {state}>"

    def _execution(self, connections: int) -> Execution:
        return execution_of_client(self._session)

    def _check_nothing_is_written(self) -> None:
        stream = self._session.stream
        if stream is not None and stream.writable():
            raise WrongState(
                f"{stream.name!r} is still being written: close the file before the client. It was aborted"
            )

    def _say_goodbye(self) -> None:
        if self._session.stream is None:
            with contextlib.suppress(Error):
                self._session.quit()

    def _tell_always(self, out: Any, function: str, *arguments: Any) -> Any:
        """`_tell` also while a file is open."""
        session = self._session
        call = getattr(session.library, f"ftps_client_{function}")
        session.run(lambda handle: session.check(call(ctypes.byref(out), handle, *arguments)), owner=session.stream)
        return out.value
