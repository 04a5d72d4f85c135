"""What can be read from an `ssl.SSLContext`, as options of `libftps.Client`."""

from __future__ import annotations

import ssl
from typing import Any, Literal

from ..options import ClientOptions

TlsVersion = Literal["1.2", "1.3"]

# Protocols that stand for one version, and whether libftps has it.
_OF_ONE_VERSION = {
    name: name == "PROTOCOL_TLSv1_2"
    for name in ("PROTOCOL_SSLv2", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1", "PROTOCOL_TLSv1_2")
}


def empty_context() -> ssl.SSLContext:
    """What stands for the platform's certificates, until somebody adds some: it verifies certificate and host name."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def options_of(context: ssl.SSLContext, with_platform_roots: bool) -> ClientOptions:
    """Reads a context. Raises `ValueError` for one that asks for what libftps cannot do, or what cannot be read.

    `with_platform_roots` tells that the platform's certificates are trusted besides those that the context lists.
    """
    lowest, highest = _versions(context)
    options: ClientOptions = {"minimum_tls": lowest, "maximum_tls": highest}
    # Only a context that `create_default_context` made has one, where SSLKEYLOGFILE is set.
    if context.keylog_filename:
        options["key_log"] = context.keylog_filename
    if context.verify_mode == ssl.CERT_NONE:
        options["verify"] = False
    else:
        options.update(_trust(context, with_platform_roots))
    return options


def _trust(context: ssl.SSLContext, with_platform_roots: bool) -> ClientOptions:
    if not context.check_hostname:
        raise ValueError(
            "the context verifies certificates but not their host name, which libftps does not do: pass "
            "server_name='the name in the certificate' and set check_hostname, or pass pins=[...]"
        )
    listed = context.get_ca_certs(binary_form=True)
    counts = context.cert_store_stats()
    if counts["x509"] > len(listed):
        raise ValueError(
            "the context trusts certificates that are no certificate authority's, and cannot be read from it: pass "
            "ca_file='their file' besides a context without them"
        )
    if counts["crl"]:
        raise ValueError(
            "the context has certificate revocation lists, which cannot be read from it: pass crl_data=b'their PEM' "
            "besides a context without them"
        )
    trust: ClientOptions = {"platform_roots": with_platform_roots or not listed}
    if listed:
        trust["ca_data"] = "".join(map(ssl.DER_cert_to_PEM_cert, listed))
    return trust


def _versions(context: ssl.SSLContext) -> tuple[TlsVersion, TlsVersion]:
    if context.protocol == ssl.PROTOCOL_TLS_SERVER:
        raise ValueError("a context with PROTOCOL_TLS_SERVER is for servers: make one with PROTOCOL_TLS_CLIENT")
    with_12 = not context.options & ssl.OP_NO_TLSv1_2 and _allows(context, ssl.TLSVersion.TLSv1_2)
    with_13 = not context.options & ssl.OP_NO_TLSv1_3 and _allows(context, ssl.TLSVersion.TLSv1_3)
    is_one_of = _OF_ONE_VERSION.get(_name(context.protocol))
    if is_one_of is not None:
        with_12, with_13 = with_12 and is_one_of, False
    if not with_12 and not with_13:
        raise ValueError("the context allows neither TLS 1.2 nor TLS 1.3, and libftps has no other versions")
    return "1.2" if with_12 else "1.3", "1.3" if with_13 else "1.2"


def _allows(context: ssl.SSLContext, version: ssl.TLSVersion) -> bool:
    lowest, highest = context.minimum_version, context.maximum_version
    return (lowest == ssl.TLSVersion.MINIMUM_SUPPORTED or lowest <= version) and (
        highest == ssl.TLSVersion.MAXIMUM_SUPPORTED or highest >= version
    )


def _name(protocol: Any) -> str:
    return str(getattr(protocol, "name", protocol))
