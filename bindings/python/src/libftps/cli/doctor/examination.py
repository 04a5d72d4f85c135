"""What the checks share: the server, how it is talked to, and what is known so far."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ...client import Client
from ...options import ActiveMode, ClientOptions
from ..address import Address
from ..login import Login
from .advice import Advice

# Seconds: a server that hangs is to be told soon.
_PATIENCE = 15.0


class Stage(Enum):
    """How far one comes with the server. The value says what is missing before."""

    NAME = "the name of the server does not resolve"
    CONNECTION = "there is no FTP server with TLS to talk to"
    TLS = "there is no TLS"
    TRUST = "the password is not sent to a server whose certificate is not trusted"
    LOGIN = "there is no login"
    DATA = "no data connection can be made"
    TRANSFERS = "there are no transfers"


@dataclass(frozen=True)
class Wishes:
    """What the user wants to be looked at.

    Attributes:
        directory: the directory to list; None is the login directory.
        transfers: data connections to make in one login.
        active: the active mode to try; False is none.
        write_to: the directory in which to try uploads; None is none.
    """

    directory: str | None = None
    transfers: int = 10
    active: ActiveMode | bool = False
    write_to: str | None = None


@dataclass
class Visit:
    """One connection to the server.

    Attributes:
        client: the client.
        dialogue: what was said: (whether it was the server, what).
    """

    client: Client
    dialogue: list[tuple[bool, str]]

    @property
    def received(self) -> list[str]:
        """What the server said."""
        return [text for received, text in self.dialogue if received]

    def sent(self, verb: str) -> bool:
        """Whether this command was sent."""
        return any(not received and text.split(" ")[0].strip() == verb for received, text in self.dialogue)

    def reply_to(self, verb: str) -> str | None:
        """What the server said first after a command."""
        commands = iter(self.dialogue)
        for received, text in commands:
            if not received and text.split(" ")[0].strip() == verb:
                return next((reply.strip() for told, reply in commands if told), None)
        return None


@dataclass
class Examination:
    """A server, and what is known of it so far. Checks run one after the other, and add to it.

    Attributes:
        address: the server, with port and kind of TLS once they are known.
        options: of the clients, with what was found to be needed.
        login: who logs in; None where no password was given.
        wishes: what the user wants to be looked at.
        advice: the options to use.
        reached: how far one comes.
        addresses: the server's.
        tls_versions: those that the server speaks.
        dialogue: sees all that is said.
    """

    address: Address
    options: ClientOptions
    login: Login | None
    wishes: Wishes
    advice: Advice
    reached: set[Stage] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    tls_versions: list[str] = field(default_factory=list)
    dialogue: Callable[[bool, str], object] | None = None

    def visit(self, with_login: bool = True, **changes: Any) -> Visit:
        """A client that is not connected yet, with these options changed."""
        dialogue: list[tuple[bool, str]] = []

        def note(received: bool, text: str) -> None:
            dialogue.append((received, text))
            if self.dialogue is not None:
                self.dialogue(received, text)

        options: dict[str, Any] = {
            "connect_timeout": _PATIENCE,
            "reply_timeout": _PATIENCE,
            "data_timeout": _PATIENCE,
            "operation_timeout": 4 * _PATIENCE,
            **self.options,
            **changes,
            "dialogue": note,
        }
        login = self.login if with_login else None
        words = () if login is None else (login.user, login.password)
        account = None if login is None else login.account
        return Visit(Client(self.address.host, *words, account=account, **options), dialogue)

    @contextlib.contextmanager
    def connected(self, with_login: bool = True, **changes: Any) -> Iterator[Visit]:
        """A visit for the `with` block, connected, and logged in where that is wanted."""
        visit = self.visit(with_login, **changes)
        with contextlib.closing(visit.client), visit.client:
            if with_login and self.wishes.directory is not None:
                visit.client.change_directory(self.wishes.directory)
            yield visit
