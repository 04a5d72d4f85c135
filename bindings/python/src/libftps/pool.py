"""`Pool`: connections that are lent."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from . import _calls, _reaper
from ._abi import PoolStatistics as Counter
from ._abi import Status
from ._naming import without_nul
from ._session import Session, bare_error
from .client import Client
from .errors import Closed, InvalidArgument
from .mirror import Execution, Mirror, Plan, execution_of_pool
from .options import ClientOptions, apply, milliseconds, unsigned

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


@dataclass(frozen=True)
class PoolStatistics:
    """Counters of a pool.

    Attributes:
        open: connections now: lent, idle, or being opened.
        idle: those of them that are idle.
        waiting: leases that wait for a connection.
        server_limit: how many connections the server takes, where it has refused one; else 0.
        opened: logins so far.
        refused: connections that the server refused because it had enough.
        discarded: connections that were closed when they came back, because they were not fit for another borrower.
        found_dead: connections that had been idle and did not answer any more.
        expired: connections that were idle for too long.
    """

    open: int
    idle: int
    waiting: int
    server_limit: int
    opened: int
    refused: int
    discarded: int
    found_dead: int
    expired: int


class Pool:
    """Connections to one server with one login, which are lent as clients and come back when those are closed.

        with libftps.Pool("ftp.example.com", "user", "password", maximum=8) as pool:
            with pool.lease() as client:
                client.download("report.csv", "report.csv")

    Any number of threads may use a pool; each needs a client of its own. Nothing is sent before the first lease.
    After a fork the pool is the parent's: in the child `lease` raises `Forked`, and `close` says nothing to the server.
    """

    def __init__(
        self,
        host: str,
        user: str,
        password: str = "",
        *,
        maximum: int = 4,
        wait: float = 60.0,
        check_after: float = 30.0,
        expire_after: float = 300.0,
        **options: Unpack[ClientOptions],
    ) -> None:
        """
        Args:
            host: a name, an IPv4 address, or an IPv6 address without brackets.
            user, password: the login of all connections.
            maximum: how many connections there are at most; fewer where the server takes fewer.
            wait: seconds that a lease may wait until a connection is free.
            check_after: a connection that was idle for so many seconds is asked with NOOP before it is lent again.
            expire_after: a connection that was idle for so many seconds is closed when the pool is used next.
            **options: see `ClientOptions`.
        """
        if maximum == 0:
            raise InvalidArgument("maximum: a pool has 1 connection or more")
        self.host = host
        self.user = user
        self._closed = False
        # A client that never connects: its options are those of the pool, and its callbacks must live as long.
        self._session = Session(host)
        apply(self._session, options)
        self._pool = self._session.run(lambda handle: self._make(handle, user, password))
        self._set("maximum", unsigned("maximum", maximum))
        self._set("wait", milliseconds("wait", wait))
        self._set("check_after", milliseconds("check_after", check_after))
        self._set("expire_after", milliseconds("expire_after", expire_after))

    def lease(self) -> LeasedClient:
        """A client that is connected and logged in: an idle connection, else a new one, else the next that comes back.

        Closing it, or the end of its `with` block, gives the connection back, as new. Raises `Timeout` where none
        becomes free in time, `Closed` where the pool was closed, and what `Client.connect` and `Client.login` raise.
        """
        self._check_open()
        session = Session(self.host)
        session.names = self._session.names
        session.handles.kept["pool"] = self._session.handles

        def work(handle: int) -> None:
            status = session.library.ftps_client_lease(handle, self._pool)
            if status == Status.ERROR_WRONG_STATE:
                self._check_open()
            session.check(status)
            session.is_connected = True

        session.run(work)
        return LeasedClient(self, session)

    def plan(self, mirror: Mirror) -> Plan:
        """Looks at both sides of a mirror, over one of the connections. Nothing is changed: this is the dry run."""
        with self.lease() as client:
            return client.plan(mirror)

    @property
    def statistics(self) -> PoolStatistics:
        """The counters."""
        return PoolStatistics(**{which.name.lower(): self._statistic(which) for which in Counter})

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def close_expired(self) -> None:
        """Closes the connections that were idle for too long."""
        self._check_open()
        self._call("close_expired")

    def close(self) -> None:
        """Closes the idle connections, and those that are lent when they come back. Leases raise `Closed` from now on.

        On any thread, any number of times.
        """
        self._closed = True
        if self._session.is_forked:
            _reaper.free_pool(self._session.handles.pool)
        else:
            self._call("close")

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<libftps.Pool {self.user}@{self.host} {'closed' if self._closed else 'open'}>"

    def _execution(self, connections: int) -> Execution:
        self._check_open()
        return execution_of_pool(self._pool, self._session.callbacks, connections)

    def _make(self, handle: int, user: str, password: str) -> int:
        session, pool = self._session, ctypes.c_void_p()
        words = [without_nul(word.encode()) for word in (user, password)]
        session.check(session.library.ftps_client_new_pool(ctypes.byref(pool), handle, *words))
        session.handles.pool.append(pool.value or 0)
        return pool.value or 0

    def _set(self, what: str, value: int) -> None:
        self._check(getattr(self._session.library, f"ftps_pool_set_{what}")(self._pool, value))

    def _call(self, function: str) -> None:
        call = getattr(self._session.library, f"ftps_pool_{function}")
        self._check(_calls.run(lambda _: call(self._pool), lambda: None))

    def _statistic(self, which: Counter) -> int:
        self._check_open()
        value = ctypes.c_uint64()
        self._check(self._session.library.ftps_pool_statistic(ctypes.byref(value), self._pool, which))
        return value.value

    def _check(self, status: int) -> None:
        if status != Status.OK:
            raise bare_error(status)

    def _check_open(self) -> None:
        if self._closed:
            raise Closed("the pool was closed")


class LeasedClient(Client):
    """A client whose connection is a pool's: `close`, and the end of its `with` block, give it back, as new."""

    def __init__(self, pool: Pool, session: Session) -> None:
        self.host = pool.host
        self._login = None
        self._session = session
        self._pool = pool

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._check_nothing_is_written()
        finally:
            self.close()
