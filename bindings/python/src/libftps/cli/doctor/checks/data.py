"""Whether data connections can be made, and to which addresses."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Iterator

from .... import errors
from ....errors import Error
from ..examination import Examination, Stage, Visit
from ..findings import Facts, Finding, good, note, problem, warning

_EPSV = re.compile(r"\((.)\1\1(\d{1,5})\1\)")
_PASV = re.compile(r"(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})")


def look_at_addresses(examination: Examination) -> Iterator[Finding]:
    """What EPSV and PASV answer."""
    with examination.connected() as visit:
        epsv, pasv = visit.client.command("EPSV"), visit.client.command("PASV")
    offered = {"EPSV": _EPSV.search(epsv.text) is not None, "PASV": _PASV.search(pasv.text) is not None}
    facts: Facts = {"epsv": f"{epsv.code} {epsv.text}", "pasv": f"{pasv.code} {pasv.text}", "offered": offered}
    if not any(offered.values()):
        yield problem(
            f"passive mode is not offered: {epsv.code} {epsv.text}; {pasv.code} {pasv.text}",
            "The client can open no data connection to this server; the server may open them.",
            "Try active mode: --active.",
            **facts,
        )
        return
    words = " and ".join(name for name, is_offered in offered.items() if is_offered)
    address = _address(pasv.text) if offered["PASV"] else None
    yield from _told_address(examination, words, address, facts)


def _address(text: str) -> str | None:
    found = _PASV.search(text)
    with contextlib.suppress(ValueError):
        return str(ipaddress.IPv4Address(".".join(found.groups()[:4]))) if found else None
    return None


def _told_address(examination: Examination, words: str, address: str | None, facts: Facts) -> Iterator[Finding]:
    facts = {**facts, "address": address}
    known = examination.addresses
    if address is None:
        yield good(words, **facts)
    elif not known:
        # Behind a proxy nobody here knows which it is.
        yield good(f"{words}, the address in PASV is {address}", **facts)
    elif address in known:
        yield good(f"{words}, the address in PASV is the server's own ({address})", **facts)
    elif ipaddress.ip_address(address).is_private or ipaddress.ip_address(address).is_unspecified:
        yield note(
            f"{words}, but the address in PASV is {address}, and the server is {', '.join(known)}",
            "The server stands behind a NAT, and tells its inner address. libftps connects to the address of the "
            "control connection, so that nothing is to be done here; other clients fail.",
            "Have the outer address set on the server (vsftpd: pasv_address; ProFTPD: MasqueradeAddress; Pure-FTPd: "
            "ForcePassiveIP; FileZilla Server and IIS: external address).",
            **facts,
        )
    else:
        yield note(
            f"{words}, and the address in PASV is {address}, where the server is {', '.join(known)}",
            "libftps connects to the address of the control connection all the same, unless told otherwise.",
            "Only where data connections fail, and the server's administrator confirms the other address: the option "
            "trust_passive_address of Client.",
            **facts,
        )


def look_at_connections(examination: Examination) -> Iterator[Finding]:
    """Lists once, with the options as they are."""
    visit = examination.visit()
    try:
        with visit.client as client:
            client.list(examination.wishes.directory)
            resumed = client.statistics.resumed == 1
    except Error as error:
        yield _failure(examination, visit, error)
        return
    finally:
        visit.client.close()
    examination.reached |= {Stage.DATA, Stage.TRANSFERS}
    yield good(
        f"a listing came over a data connection ({_opened(visit)}), which "
        + ("resumed the session of the control connection" if resumed else "did not resume a session"),
        opened_by=_opened(visit),
        resumed=resumed,
    )


def look_at_active_mode(examination: Examination) -> Iterator[Finding]:
    """Lists once in active mode, where that is wanted."""
    if not examination.wishes.active:
        yield note("not tried: --active tries it", "Passive mode is what works through most firewalls.")
        return
    visit = examination.visit(active=examination.wishes.active)
    try:
        with visit.client as client:
            client.list(examination.wishes.directory)
    except errors.Refused as error:
        yield warning(
            f"active mode is not offered: {error}",
            "The server or its administrator does not allow it, or not to this address.",
            "Use passive mode.",
            works=False,
        )
        return
    except Error as error:
        yield problem(
            f"active mode does not work: {error}",
            "The server has to reach this machine: a firewall or a NAT on this side, or on the server's, is in the "
            "way.",
            "Use passive mode; or open ports on this side, and name them with --active-ports, and the outer address "
            "with --active-address.",
            works=False,
        )
        return
    finally:
        visit.client.close()
    yield good(f"active mode works too ({_opened(visit)})", works=True, opened_by=_opened(visit))


def _go_on_in_active_mode(examination: Examination) -> None:
    """Has the checks that follow use active mode, if that is wanted and works."""
    mode = examination.wishes.active
    if not mode:
        return
    visit = examination.visit(active=mode)
    try:
        with visit.client as client:
            client.list(examination.wishes.directory)
    except Error:
        # The check of active mode tells why.
        return
    finally:
        visit.client.close()
    examination.options["active"] = mode
    examination.reached |= {Stage.DATA, Stage.TRANSFERS}
    examination.advice.use("active", True, "passive mode does not come through")


def _opened(visit: Visit) -> str:
    """The last command that prepared a data connection."""
    verbs = [text.split(" ")[0].strip() for received, text in visit.dialogue if not received]
    return next((verb for verb in reversed(verbs) if verb in ("EPSV", "PASV", "EPRT", "PORT")), "none")


def _failure(examination: Examination, visit: Visit, error: Error) -> Finding:
    facts: Facts = {"error": str(error), "reply_code": error.reply_code, "opened_by": _opened(visit)}
    if isinstance(error, errors.NotResumed):
        examination.reached.add(Stage.DATA)
        return note(
            str(error),
            "The server insists on resumed TLS sessions: the check of resumption tells more.",
            **facts,
        )
    if isinstance(error, errors.Truncated):
        examination.reached |= {Stage.DATA, Stage.TRANSFERS}
        examination.options["tolerate_missing_close_notify"] = True
        examination.advice.use("tolerate_missing_close_notify", True, "the server ends transfers without close_notify")
        return problem(
            str(error),
            "Old servers do that. It looks the same as a connection that somebody in between has cut off. What follows "
            "is looked at with such ends taken for good.",
            "Have the server updated; or take it as it is: --tolerate-missing-close-notify.",
            **facts,
        )
    if isinstance(error, (errors.ConnectError, errors.Timeout)):
        _go_on_in_active_mode(examination)
        return problem(
            f"no data connection can be made: {error}",
            "The server tells a port, but a firewall, before the server or here, lets nobody through to it. Firewalls "
            "cannot look into TLS, and so do not open such ports by themselves. Where it is TLS that did not "
            "come, it is the server that hangs.",
            "Have the server's range of passive ports set, and opened in its firewall (and forwarded by its NAT); or "
            "try --active.",
            **facts,
        )
    if isinstance(error, errors.Refused):
        return problem(
            f"the server refused the listing: {error}",
            "The user may not list this directory, or it is not there.",
            "Name another one with --directory.",
            **facts,
        )
    examination.reached.add(Stage.DATA)
    return problem(
        f"the listing failed: {error}",
        "The data connection broke: the server's log tells why.",
        "Look at the dialogue with -v, and at the server's log.",
        **facts,
    )
