"""Which TLS versions the server speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....errors import Error
from ..examination import Examination, Stage
from ..findings import Facts, Finding, good, note, problem

VERSIONS = ("1.2", "1.3")

# Alerts of RFC 8446 section 6.2 whose cause is not the version.
_CERTIFICATE_REQUIRED = 116
_BAD_CERTIFICATE = 42


@dataclass(frozen=True)
class _Refusal:
    version: str
    error: Error


def look(examination: Examination) -> Iterator[Finding]:
    """Tries each version alone."""
    refusals = [refusal for version in _wanted(examination) if (refusal := _try(examination, version))]
    spoken = examination.tls_versions
    facts: Facts = {"spoken": spoken, "refused": {refusal.version: str(refusal.error) for refusal in refusals}}
    if not spoken:
        yield _nothing_in_common(refusals, facts)
        return
    examination.reached.add(Stage.TLS)
    if not refusals:
        yield good(f"TLS {' and '.join(spoken)}", **facts)
    elif spoken == ["1.2"]:
        yield note(
            "TLS 1.2 alone",
            "TLS 1.2 is safe with the cipher suites that libftps takes. There is nothing to set: the client finds out.",
            **facts,
        )
    else:
        yield note("TLS 1.3 alone", "Clients that are older than TLS 1.3 cannot connect; libftps can.", **facts)


def _wanted(examination: Examination) -> list[str]:
    """What the command line allows."""
    lowest = examination.options.get("minimum_tls", VERSIONS[0])
    highest = examination.options.get("maximum_tls", VERSIONS[-1])
    return [version for version in VERSIONS if lowest <= version <= highest]


def _try(examination: Examination, version: str) -> _Refusal | None:
    # NOOP: in TLS 1.3 a server refuses a client without certificate only after the handshake.
    try:
        with examination.connected(
            with_login=False, verify=False, pins=[], minimum_tls=version, maximum_tls=version
        ) as visit:
            visit.client.command("NOOP")
    except Error as error:
        return _Refusal(version, error)
    examination.tls_versions.append(version)
    return None


def _nothing_in_common(refusals: list[_Refusal], facts: Facts) -> Finding:
    errors = "; ".join(f"TLS {refusal.version}: {refusal.error}" for refusal in refusals)
    alerts = {refusal.error.tls_alert for refusal in refusals}
    if alerts & {_CERTIFICATE_REQUIRED, _BAD_CERTIFICATE}:
        return problem(
            f"the server wants a certificate of the client ({errors})",
            "It lets in only clients that show a certificate that its administrator knows.",
            "Give the certificate and its key with --cert and --key.",
            **facts,
        )
    return problem(
        f"no TLS handshake succeeds ({errors})",
        "The server speaks only TLS 1.0 or 1.1, which are broken, or only cipher suites with CBC or without forward "
        "secrecy; or it insists on a client certificate (--cert); or what listens there breaks TLS off.",
        "Have TLS 1.2 with ECDHE and AES-GCM, or TLS 1.3, enabled on the server: a newer OpenSSL or server version is "
        "all that most need.",
        **facts,
    )
