"""The server's certificate in detail, read with Python's own `ssl`, which trusts nothing here but shows everything."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

# X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which `ssl` has no name for: expired certificates are to be read too.
_NO_CHECK_TIME = 0x200000
_LONGEST_REPLY = 100_000


@dataclass(frozen=True)
class Certificate:
    """A certificate. What could not be read is empty or None.

    Attributes:
        sha256: the fingerprint, for `--pin`.
        subject, issuer: in the form "CN=..., O=...".
        names: whom it is for: names, and addresses.
        begins, ends: from when until when it is valid.
    """

    sha256: str
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def is_self_signed(self) -> bool:
        """Whether it vouches for itself."""
        return self.subject != "" and self.subject == self.issuer

    def is_for(self, host: str) -> bool:
        """Whether it is for this name or address (RFC 6125 section 6.4.3)."""
        with contextlib.suppress(ValueError):
            address = str(ipaddress.ip_address(host))
            return address in self.names
        name = host.lower().rstrip(".")
        _, _, parent = name.partition(".")
        return any(known.lower() in (name, f"*.{parent}") for known in self.names)


def read_certificate(host: str, port: int, implicit: bool, server_name: str, patience: float) -> Certificate:
    """The certificate that the server shows.

    Raises `OSError` (`ssl.SSLError` too) where it does not come to that.
    """
    with _handshake(_trusting_nothing(), host, port, implicit, server_name, patience) as tls:
        der = tls.getpeercert(binary_form=True) or b""
    fingerprint = hashlib.sha256(der).hexdigest()
    try:
        # `ssl` tells what is in a certificate only after it was verified: as its own root it is.
        with _handshake(_trusting(der), host, port, implicit, server_name, patience) as tls:
            return _certificate(fingerprint, tls.getpeercert() or {})
    except OSError:
        return Certificate(fingerprint)


@contextlib.contextmanager
def _handshake(
    context: ssl.SSLContext, host: str, port: int, implicit: bool, server_name: str, patience: float
) -> Iterator[ssl.SSLSocket]:
    with socket.create_connection((host, port), patience) as plain:
        if not implicit:
            _ask_for_tls(plain)
        with context.wrap_socket(plain, server_hostname=server_name) as tls:
            yield tls


def _ask_for_tls(plain: socket.socket) -> None:
    """AUTH TLS (RFC 4217 section 4)."""
    _read_reply(plain)
    plain.sendall(b"AUTH TLS\r\n")
    reply = _read_reply(plain)
    if not reply.startswith(b"234"):
        raise OSError(f"AUTH TLS was answered with {reply!r}")


def _read_reply(plain: socket.socket) -> bytes:
    """The last line of a reply. Byte by byte, as TLS may follow at once."""
    reply = b""
    while len(reply) < _LONGEST_REPLY:
        byte = plain.recv(1)
        if not byte:
            raise OSError("the server closed the connection")
        reply += byte
        last = reply.rstrip(b"\r\n").rpartition(b"\n")[2]
        if byte == b"\n" and last[:3].isdigit() and last[3:4] in (b" ", b""):
            return last
    raise OSError("the server's reply has no end")


def _trusting_nothing() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _trusting(der: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    context.load_verify_locations(cadata=der)
    return context


def _certificate(fingerprint: str, told: dict[str, Any]) -> Certificate:
    return Certificate(
        fingerprint,
        _name(told.get("subject", ())),
        _name(told.get("issuer", ())),
        tuple(_address(kind, name) for kind, name in told.get("subjectAltName", ())),
        _time(told.get("notBefore")),
        _time(told.get("notAfter")),
    )


_SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C"}


def _name(parts: Any) -> str:
    pairs = [pair for part in parts for pair in part]
    return ", ".join(f"{_SHORT.get(key, key)}={value}" for key, value in pairs)


def _address(kind: str, name: str) -> str:
    """OpenSSL writes IPv6 addresses without "::"."""
    if kind == "IP Address":
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(name.strip()))
    return name


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromtimestamp(ssl.cert_time_to_seconds(text), timezone.utc)
