"""Small values that calls return."""

from __future__ import annotations

from dataclasses import dataclass

from .entries import Entry


@dataclass(frozen=True)
class Reply:
    """A reply of the server.

    Attributes:
        code: 250 for instance.
        text: its text without the code, lines parted by a line feed.
        raw: its bytes as they were received, codes and line ends included.
    """

    code: int
    text: str
    raw: bytes


@dataclass(frozen=True)
class Statistics:
    """Counters of a client, over all its logins.

    Attributes:
        data_connections: data connections that stood, those with TLS after its handshake.
        resumed: those of them that resumed the control connection's TLS session.
        full: those of them with a full handshake.
        tickets_received: TLS sessions and tickets that the server gave.
        tickets_offered: data connections that offered one.
        tickets_reoffered: offers of one that had been offered before.
        relogins: silent re-logins.
        clear: data connections in clear.
    """

    data_connections: int = 0
    resumed: int = 0
    full: int = 0
    tickets_received: int = 0
    tickets_offered: int = 0
    tickets_reoffered: int = 0
    relogins: int = 0
    clear: int = 0


@dataclass(frozen=True)
class Found:
    """One step of a walk: a path of the server with its entry, or what went wrong with that path.

    Attributes:
        path: the path, to be sent back to the server.
        entry: its entry; None where there is a problem.
        problem: what went wrong: a directory that cannot be listed, a line that is not understood, a loop. Or None.
    """

    path: str
    entry: Entry | None
    problem: str | None


@dataclass(frozen=True)
class DeletedTree:
    """What became of a tree that was to be deleted.

    Attributes:
        deleted: how many files, links and directories are gone; None where there are problems, as nobody counts then.
        problems: what could not be deleted, and why; empty where all is gone.
    """

    deleted: int | None
    problems: tuple[Found, ...]
