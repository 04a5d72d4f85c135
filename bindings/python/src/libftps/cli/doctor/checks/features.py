"""What the server says of itself: SYST, FEAT, and what follows from that."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import get_args

from ...._commands import Algorithm
from ....client import Client
from ....errors import Error
from ..examination import Examination
from ..findings import Facts, Finding, good, note

# What is lost without a feature.
_MISSED = {
    "MLST": "exact listings (MLSD, MLST): sizes and times come from LIST, whose form is the server's own",
    "UTF8": "UTF-8: names beyond ASCII are in a character set that has to be known",
    "REST": "going on with transfers (REST STREAM): what breaks off begins anew",
    "SIZE": "sizes of single files (SIZE)",
    "MDTM": "times of single files (MDTM)",
    "EPSV": "extended passive mode (EPSV): without it only IPv4 works",
}


def look(examination: Examination) -> Iterator[Finding]:
    """Asks, on one connection."""
    with examination.connected() as visit:
        client = visit.client
        system = _reply(client, "SYST")
        lines = [line.strip() for line in _reply(client, "FEAT").splitlines()[1:-1]]
        missing = {name: text for name, text in _MISSED.items() if not client.has_feature(name)}
        hashes = [name for name in get_args(Algorithm) if client.has_hash(name)]
        sets_times = client.has_feature("MFMT")
    features = sorted({line.split(" ")[0].upper() for line in lines if line})
    facts: Facts = {
        "system": system,
        "features": lines,
        "missing": list(missing),
        "hashes": hashes,
        "utf8": "UTF8" not in missing,
        "restart": "REST" not in missing,
        "sets_times": sets_times,
    }
    found = f"{system}; offered: {' '.join(features) or 'nothing beyond RFC 959'}"
    extras = [
        f"Hashes of files: {', '.join(hashes) or 'none, so that copies are compared by size and time'}.",
        "Times of files can be set (MFMT)." if sets_times else "MFMT is not offered: MDTM or SITE UTIME may do.",
    ]
    if missing:
        extras.append(f"Not offered: {'; '.join(missing.values())}.")
        yield note(found, " ".join(extras), **facts)
    else:
        yield good(found, " ".join(extras), **facts)


def _reply(client: Client, verb: str) -> str:
    with contextlib.suppress(Error):
        reply = client.command(verb)
        if 200 <= reply.code < 300:
            return reply.text
    return ""
