"""Errors of libftps as code that was written for the standard library expects them.

A refusal is an exception of `ftplib` whose text is the server's reply. The others stay what they are, and are besides
what the standard library raises in their place.
"""

from __future__ import annotations

import errno
import ftplib
import socket
import ssl

from ..errors import (
    CertificateError,
    ConnectError,
    ConnectionBroken,
    ConnectionLost,
    Error,
    LoginRefused,
    ProtocolError,
    Refused,
    ResolveError,
    TlsError,
)


class ConnectionEnded(ConnectionLost, ConnectionResetError, EOFError):
    """An established connection broke."""


class ConnectionUnusable(ConnectionBroken, ConnectionResetError, EOFError):
    """An earlier failure left the connection unusable: close it, and connect anew."""


class ConnectionRefused(ConnectError, ConnectionRefusedError):
    """Nobody listens there."""


class HostUnknown(ResolveError, socket.gaierror):
    """The host name could not be resolved."""


class TlsFailed(TlsError, ssl.SSLError):
    """TLS failed: handshake, record layer, or an alert from the peer."""


class CertificateRefused(CertificateError, ssl.SSLCertVerificationError):
    """The server's certificate was not accepted."""


_ALSO_STANDARD: dict[type[Error], type[Error]] = {
    kind.__mro__[1]: kind for kind in (ConnectionEnded, ConnectionUnusable, HostUnknown, TlsFailed, CertificateRefused)
}


def as_standard(error: Error, reply: str) -> Exception:
    """What to raise for an error of libftps; `reply` is the whole reply that belongs to it, if one does."""
    code = error.reply_code or 0
    if 400 <= code < 500:
        return ftplib.error_temp(reply)
    if 500 <= code < 600:
        return ftplib.error_perm(reply)
    if code and isinstance(error, (Refused, LoginRefused)):
        return ftplib.error_reply(reply)
    if isinstance(error, ProtocolError):
        return ftplib.error_proto(str(error))
    return _also_standard(error)


def _also_standard(error: Error) -> Error:
    kind = _ALSO_STANDARD.get(type(error))
    if type(error) is ConnectError and error.errno == errno.ECONNREFUSED:
        kind = ConnectionRefused
    if kind is None:
        return error
    return kind(
        error.message,
        reply_code=error.reply_code,
        reply_text=error.reply_text,
        bytes_moved=error.bytes_moved,
        tls_alert=error.tls_alert,
        errno=error.errno,
        filename=error.filename,
    )
