"""Whether the server's name stands for an address."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from .... import _calls
from ..examination import Examination, Stage
from ..findings import Finding, good, note, problem


def look(examination: Examination) -> Iterator[Finding]:
    """Asks the resolver; behind a proxy, that does."""
    host = examination.address.host
    if examination.options.get("proxy"):
        examination.reached.add(Stage.NAME)
        yield note("the proxy resolves the name")
        return
    try:
        # Where a signal ends it: a resolver may take long.
        found = _calls.run(lambda _: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM), lambda: None)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        yield problem(
            f"{host} has no address: {reason}",
            "The name is misspelled, or it is known only in another network, or the resolver does not answer.",
            "Check the name (`getent hosts NAME`); inside a company it may need a VPN or the full name.",
        )
        return
    examination.addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    examination.reached.add(Stage.NAME)
    yield good(f"{host} is {', '.join(examination.addresses)}", addresses=examination.addresses)
