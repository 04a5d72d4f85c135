"""Whether data connections resume the TLS session, whether the server insists on it, and for how many transfers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....errors import Error, NotResumed
from ....types import Statistics
from ..examination import Examination, Stage
from ..findings import Facts, Finding, Outcome

# A directory with more entries is not listed again and again.
_MANY = 2000


@dataclass(frozen=True)
class _Result:
    """What happened with one TLS version.

    Attributes:
        statistics: of a login that offers the session.
        error: what it ended with, if with an error.
        refusal: what a login that resumes nothing ended with; None where the server did not mind.
    """

    statistics: Statistics
    error: Error | None
    refusal: Error | None


def look(examination: Examination) -> Iterator[Finding]:
    """Transfers in one login with resumption, and once without, in each version that the server speaks."""
    results = {version: _try(examination, version) for version in examination.tls_versions}
    for version, result in results.items():
        yield _finding(version, result)
    _advise(examination, results)


def _advise(examination: Examination, results: dict[str, _Result]) -> None:
    if all(_all_resumed(result) for result in results.values()):
        examination.advice.use("resumption", "require", "every data connection resumes: have anything else refused")
    elif len(results) == 2 and results["1.3"].error is not None and results["1.2"].error is None:
        examination.advice.use("maximum_tls", "1.2", "transfers work with TLS 1.2 alone")
        examination.options["maximum_tls"] = "1.2"
        examination.reached.add(Stage.TRANSFERS)


def _try(examination: Examination, version: str) -> _Result:
    statistics, error = _transfer(examination, version, "prefer", examination.wishes.transfers)
    _, refusal = _transfer(examination, version, "off", 1)
    return _Result(statistics, error, refusal)


def _transfer(
    examination: Examination, version: str, resumption: str, transfers: int
) -> tuple[Statistics, Error | None]:
    visit = examination.visit(minimum_tls=version, maximum_tls=version, resumption=resumption)
    client = visit.client
    try:
        with client:
            for made in range(transfers):
                entries = client.list(examination.wishes.directory)
                if len(entries) > _MANY and made >= 1:
                    break
            return client.statistics, None
    except Error as error:
        return client.statistics, error
    finally:
        client.close()


def _all_resumed(result: _Result) -> bool:
    return result.error is None and result.statistics.full == 0 < result.statistics.resumed


def _finding(version: str, result: _Result) -> Finding:
    counted = result.statistics
    facts: Facts = {
        "tls": version,
        "demanded": result.refusal is not None if result.error is None else None,
        "data_connections": counted.data_connections,
        "resumed": counted.resumed,
        "full": counted.full,
        "relogins": counted.relogins,
        "tickets_received": counted.tickets_received,
        "tickets_offered": counted.tickets_offered,
        "tickets_reoffered": counted.tickets_reoffered,
        "refusal": result.refusal and str(result.refusal),
        "error": result.error and str(result.error),
    }
    outcome, found, explanation, remedy = _words(version, result)
    return Finding(outcome, found, explanation, remedy, facts)


def _words(version: str, result: _Result) -> tuple[Outcome, str, str, str]:
    """Outcome, what was found, explanation, remedy."""
    counted = result.statistics
    if result.error is not None:
        return Outcome.PROBLEM, f"TLS {version}: transfers fail: {result.error}", *_cause(result)
    demand = _demand(result.refusal)
    if counted.relogins:
        found = f"TLS {version}: {counted.resumed} transfers needed {counted.relogins} more logins"
        explanation = (
            f"{demand} It gives too few tickets, or takes each only once, so that the client logs in anew by itself "
            f"where there is none left. That costs time. {_tickets(counted)}"
        )
        return Outcome.NOTE, found, explanation, "Have the server give a new ticket with each data connection."
    if counted.full == 0:
        found = f"TLS {version}: all {counted.resumed} data connections of one login resumed its session"
        return Outcome.GOOD, found, f"{demand} {_tickets(counted)}", ""
    found = f"TLS {version}: {counted.full} of {counted.data_connections} data connections did not resume"
    explanation = (
        f"{demand} {_tickets(counted)} A data connection that does not resume could be somebody else's; the client "
        "checks that it shows the same certificate."
    )
    return Outcome.NOTE, found, explanation, "Have session resumption (tickets, or a session cache) enabled there."


def _demand(refusal: Error | None) -> str:
    if refusal is None:
        return "The server does not demand it."
    reply = f"{refusal.reply_code} {refusal.reply_text}" if refusal.reply_code else str(refusal)
    return f'The server demands it: clients that do not resume get "{reply}".'


def _tickets(counted: Statistics) -> str:
    again = f", {counted.tickets_reoffered} of them again" if counted.tickets_reoffered else ""
    return (
        f"It gave {counted.tickets_received} sessions or tickets for {counted.data_connections} data connections, "
        f"which offered {counted.tickets_offered}{again}."
    )


def _cause(result: _Result) -> tuple[str, str]:
    if isinstance(result.error, NotResumed) and result.statistics.tickets_received == 0:
        return (
            "The server demands resumption, but gives no session that could be resumed: its cache or its tickets are "
            "switched off.",
            "Have session tickets or the session cache enabled on the server, or its demand switched off "
            "(vsftpd: require_ssl_reuse=NO; ProFTPD: TLSOptions NoSessionReuseRequired).",
        )
    if isinstance(result.error, NotResumed):
        return (
            "The server demands resumption, and does not take the sessions that it gave itself: they expired, belong "
            "to another server behind the same address, or its key for tickets changes.",
            "Have a load balancer send all connections of a client to one server; look at the server's log.",
        )
    return (
        "Data connections work otherwise: the server or something on the way has trouble with this TLS version.",
        "Try the other version (--tls-max 1.2, or --tls-min 1.3), and look at the server's log.",
    )
