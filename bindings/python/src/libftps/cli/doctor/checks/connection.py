"""Whether an FTP server answers, and how TLS begins there."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .... import errors
from ....errors import Error
from ...address import IMPLICIT_PORT
from ..examination import Examination, Stage, Visit
from ..findings import Facts, Finding, good, problem

_EXPLICIT_PORT = 21


@dataclass(frozen=True)
class _Attempt:
    """One way to the server, and what became of it."""

    port: int
    implicit: bool
    visit: Visit
    error: Error | None

    @property
    def greeting(self) -> str | None:
        return self.visit.received[0].strip() if self.visit.received else None

    @property
    def is_ftp_with_tls(self) -> bool:
        """Also where the handshake failed: the next check looks into that."""
        if self.error is None or isinstance(self.error, errors.CertificateError):
            return True
        reply = self.visit.reply_to("AUTH")
        return not self.implicit and reply is not None and reply.startswith("234")


def look(examination: Examination) -> Iterator[Finding]:
    """Tries the ways that the command line leaves open, the usual one first."""
    attempts = []
    for port, implicit in _ways(examination):
        attempt = _try(examination, port, implicit)
        if attempt.is_ftp_with_tls:
            _note(examination, attempt)
            yield _success(examination, attempt)
            return
        attempts.append(attempt)
    # The one that came furthest tells most.
    yield _failure(max(attempts, key=lambda attempt: (len(attempt.visit.dialogue), not _is_closed(attempt))))


def _ways(examination: Examination) -> list[tuple[int, bool]]:
    port, implicit = examination.address.port, bool(examination.options.get("implicit"))
    if examination.address.explicit:
        return [(port or _EXPLICIT_PORT, False)]
    ways = [(_EXPLICIT_PORT, False), (IMPLICIT_PORT, True)] if port is None else [(port, False), (port, True)]
    return ways[::-1] if implicit else ways


def _try(examination: Examination, port: int, implicit: bool) -> _Attempt:
    visit = examination.visit(with_login=False, verify=False, pins=[], port=port, implicit=implicit)
    try:
        with visit.client:
            return _Attempt(port, implicit, visit, None)
    except Error as error:
        return _Attempt(port, implicit, visit, error)
    finally:
        visit.client.close()


def _note(examination: Examination, attempt: _Attempt) -> None:
    examination.address = replace(examination.address, port=attempt.port)
    examination.options["port"] = attempt.port
    examination.options["implicit"] = attempt.implicit
    examination.reached.add(Stage.CONNECTION)
    if attempt.implicit:
        examination.advice.use("implicit", True, "the server speaks TLS from the first byte")
    if attempt.port != (IMPLICIT_PORT if attempt.implicit else _EXPLICIT_PORT):
        examination.advice.use("port", attempt.port, "it is not the usual one")


def _success(examination: Examination, attempt: _Attempt) -> Finding:
    how = "TLS from the first byte (implicit)" if attempt.implicit else "TLS after AUTH TLS (explicit)"
    greeting = attempt.greeting
    return good(
        f"an FTP server answers on port {attempt.port}, {how}" + (f': "{greeting}"' if greeting else ""),
        port=attempt.port,
        implicit=attempt.implicit,
        greeting=greeting,
    )


def _is_closed(attempt: _Attempt) -> bool:
    return isinstance(attempt.error, errors.ConnectError)


def _failure(attempt: _Attempt) -> Finding:
    facts: Facts = {"port": attempt.port, "greeting": attempt.greeting, "error": str(attempt.error)}
    if _is_closed(attempt):
        return _no_connection(attempt, facts)
    auth = attempt.visit.reply_to("AUTH")
    if auth is not None:
        return problem(
            f"the server on port {attempt.port} speaks FTP, but no TLS: it answers AUTH TLS with {auth!r}",
            "It is a plain FTP server, or TLS is switched off or has no certificate there. Without TLS everybody on "
            "the way reads passwords and files, so that libftps never logs in without it.",
            "Have TLS (FTPS, not SFTP) enabled on the server, or ask for the host and port of its FTPS service.",
            **facts,
        )
    if attempt.greeting is None:
        return _silence(attempt, facts)
    if attempt.greeting[:1] in ("4", "5") and attempt.greeting[:3].isdigit():
        return problem(
            f"the server turns the connection away: {attempt.greeting!r}",
            "Usually it has too many connections, from this address or in all, or has banned this address.",
            "Wait, close other sessions, or ask the server's administrator to let this address in.",
            **facts,
        )
    return _not_ftp(attempt, facts)


def _no_connection(attempt: _Attempt, facts: Facts) -> Finding:
    if attempt.error is not None and attempt.error.errno == errno.ECONNREFUSED:
        explanation = "The machine is there, but nothing listens on this port, or a firewall says so."
    else:
        explanation = "The machine is off, its network is not reachable from here, or a firewall drops what is sent."
    return problem(
        f"no connection: {attempt.error}",
        explanation,
        "Check host and --port (21 for AUTH TLS, 990 for implicit TLS are usual), whether the service runs, and "
        "firewalls on the way; where only a proxy leads out, give --proxy.",
        **facts,
    )


def _silence(attempt: _Attempt, facts: Facts) -> Finding:
    if isinstance(attempt.error, errors.ProtocolError):
        return _not_ftp(attempt, facts)
    if isinstance(attempt.error, errors.Timeout):
        return problem(
            f"port {attempt.port} takes connections, but says nothing: neither a greeting nor TLS",
            "The server hangs or is overloaded, waits for a resolver that does not answer, or a firewall or load "
            "balancer takes connections for a server that is down.",
            "Try again with a longer --timeout; ask the server's administrator to look at the service and its log.",
            **facts,
        )
    return problem(
        f"port {attempt.port} takes connections, and closes them at once: {attempt.error}",
        "The server allows no connections from this address, has too many, or something else listens there.",
        "Ask the server's administrator whether this address is allowed, and whether the port is right.",
        **facts,
    )


def _not_ftp(attempt: _Attempt, facts: Facts) -> Finding:
    return problem(
        f"what listens on port {attempt.port} is no FTP server: {attempt.error}",
        "Another service uses this port: SFTP, for instance, which is a part of SSH (port 22), is not FTPS, and a web "
        "server is neither.",
        "Ask for the host and port of the FTPS service.",
        **facts,
    )
