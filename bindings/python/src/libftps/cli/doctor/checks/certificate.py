"""Whose certificate the server shows, until when, and whether it is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .... import errors
from ....errors import Error
from ..certificate import Certificate, read_certificate
from ..examination import Examination, Stage
from ..findings import Facts, Finding, good, problem, warning

_SOON = timedelta(days=21)
_PATIENCE = 15.0


@dataclass(frozen=True)
class _Reason:
    """Why a certificate is not trusted, and what helps."""

    name: str
    explanation: str
    remedy: str


def look(examination: Examination) -> Iterator[Finding]:
    """Reads it, and has the client judge it."""
    certificate = _read(examination)
    facts = _facts(certificate)
    try:
        with examination.connected(with_login=False):
            pass
    except errors.CertificateError as error:
        yield _refused(examination, certificate, error, facts)
        return
    examination.reached.add(Stage.TRUST)
    if not examination.options.get("verify", True):
        yield _unchecked(certificate, facts)
    else:
        yield _trusted(certificate, facts)


def _read(examination: Examination) -> Certificate | None:
    """None where it cannot be read: through a proxy, or where Python's OpenSSL and the server do not match."""
    address, options = examination.address, examination.options
    if options.get("proxy") or address.port is None:
        return None
    name = options.get("server_name") or address.host
    try:
        return read_certificate(address.host, address.port, bool(options.get("implicit")), name, _PATIENCE)
    except (OSError, ValueError):
        return None


def _facts(certificate: Certificate | None) -> Facts:
    if certificate is None:
        return {}
    return {
        "sha256": certificate.sha256,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": certificate.names,
        "not_before": certificate.begins and certificate.begins.isoformat(),
        "not_after": certificate.ends and certificate.ends.isoformat(),
        "self_signed": certificate.is_self_signed,
    }


def _description(certificate: Certificate | None) -> str:
    if certificate is None:
        return "the certificate (its details cannot be read here)"
    words = ["the certificate"]
    if certificate.names or certificate.subject:
        words.append(f"for {', '.join(certificate.names) or certificate.subject}")
    if certificate.issuer:
        words.append("by itself" if certificate.is_self_signed else f"by {certificate.issuer}")
    if certificate.ends is not None:
        words.append(f"until {certificate.ends:%Y-%m-%d}")
    return " ".join(words)


def _pin_text(certificate: Certificate | None) -> str:
    return f"SHA-256, for --pin: {certificate.sha256}" if certificate else ""


def _trusted(certificate: Certificate | None, facts: Facts) -> Finding:
    found = f"{_description(certificate)} is trusted"
    if certificate is not None and certificate.ends is not None:
        left = certificate.ends - datetime.now(timezone.utc)
        if timedelta() < left < _SOON:
            return warning(
                f"{found}, but for {left.days} more days only",
                f"When it has expired, every client refuses it. {_pin_text(certificate)}",
                "Have it renewed on the server.",
                trusted=True,
                **facts,
            )
    return good(found, _pin_text(certificate), trusted=True, **facts)


def _unchecked(certificate: Certificate | None, facts: Facts) -> Finding:
    pin = f"--pin {certificate.sha256}" if certificate else "--pin"
    return warning(
        f"{_description(certificate)} was not checked, because of --insecure",
        "Whoever sits between here and the server can read the password and the files.",
        f"Once the fingerprint was confirmed in another way, by telephone for instance, use {pin} instead.",
        trusted=None,
        **facts,
    )


def _refused(
    examination: Examination,
    certificate: Certificate | None,
    error: errors.CertificateError,
    facts: Facts,
) -> Finding:
    found = f"{_description(certificate)} is not trusted: {error}"
    if examination.options.get("pins"):
        return problem(
            found,
            "The server has another certificate than the one that was pinned: it was renewed, or somebody sits in "
            "between.",
            "Ask the server's administrator for the fingerprint of the new certificate, and compare it with "
            f"{certificate.sha256 if certificate else 'the one in the message'}.",
            trusted=False,
            **facts,
        )
    reasons = _reasons(examination, certificate)
    names = [reason.name for reason in reasons]
    if certificate is not None and names == ["other name"]:
        examination.advice.use("server_name", certificate.names[0], "the certificate is for this name")
    elif certificate is not None:
        examination.advice.use("pins", certificate.sha256, "only once the fingerprint was confirmed in another way")
    return problem(
        found,
        " ".join(reason.explanation for reason in reasons),
        " ".join(reason.remedy for reason in reasons),
        trusted=False,
        reasons=names,
        **facts,
    )


def _reasons(examination: Examination, certificate: Certificate | None) -> list[_Reason]:
    """Each that holds."""
    if certificate is None:
        return [_unknown_issuer(None)]
    host = examination.options.get("server_name") or examination.address.host
    reasons = [*_wrong_dates(certificate), *_other_name(certificate, host)]
    if certificate.is_self_signed:
        reasons.append(_self_signed(certificate))
    elif not reasons or not _is_trusted_by_its_name(examination, certificate):
        reasons.append(_unknown_issuer(certificate))
    return reasons


def _wrong_dates(certificate: Certificate) -> Iterator[_Reason]:
    now = datetime.now(timezone.utc)
    if certificate.ends is not None and certificate.ends < now:
        yield _Reason(
            "expired",
            f"It has expired on {certificate.ends:%Y-%m-%d} (if this machine's clock is right).",
            f"Have it renewed on the server. Until then only --pin {certificate.sha256} helps, which looks at nothing "
            "else.",
        )
    if certificate.begins is not None and certificate.begins > now:
        yield _Reason(
            "not yet valid",
            f"It is valid only from {certificate.begins:%Y-%m-%d} on: this machine's clock may be wrong.",
            "Set the clock of this machine right.",
        )


def _other_name(certificate: Certificate, host: str) -> Iterator[_Reason]:
    if certificate.names and not certificate.is_for(host):
        name = certificate.names[0]
        yield _Reason(
            "other name",
            f"It is not for {host}, but for {', '.join(certificate.names)}.",
            f"Connect to {name}, or say with --server-name {name} that this name is to be expected.",
        )


def _self_signed(certificate: Certificate) -> _Reason:
    return _Reason(
        "self-signed",
        "It vouches for itself, so that nothing proves that this is the right server.",
        f"Get the fingerprint in another way, compare, and use --pin {certificate.sha256}; or get the certificate as a "
        "file, and use --ca-file FILE.",
    )


def _unknown_issuer(certificate: Certificate | None) -> _Reason:
    issuer = certificate.issuer if certificate and certificate.issuer else "its issuer"
    pin = f"--pin {certificate.sha256}" if certificate else "--pin with the one in the message"
    return _Reason(
        "unknown issuer",
        f"Nobody here trusts {issuer}: it is a company's own authority, or the server does not send the certificates "
        "in between.",
        f"Get the issuer's certificate, and use --ca-file FILE; or confirm the fingerprint, and use {pin}.",
    )


def _is_trusted_by_its_name(examination: Examination, certificate: Certificate) -> bool:
    """Whether its issuer is trusted: under a name that it is for, the client has nothing else to complain of."""
    if not certificate.names:
        return False
    try:
        with examination.connected(with_login=False, server_name=certificate.names[0]):
            return True
    except errors.CertificateError as error:
        # The client looks at issuers first.
        return "issuer" not in str(error)
    except Error:
        return False
