"""The checks, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..examination import Examination, Stage
from ..findings import Finding
from . import certificate, connection, data, features, listings, login, name, resumption, tls, writing


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Attributes:
        name: for programs, and for people.
        look: does it. What it raises of `libftps.Error` is a problem that the check did not expect.
        needs: how far one must have come for it.
    """

    name: str
    look: Callable[[Examination], Iterator[Finding]]
    needs: tuple[Stage, ...] = ()


CHECKS = (
    Check("name", name.look),
    Check("connection", connection.look, (Stage.NAME,)),
    Check("TLS versions", tls.look, (Stage.CONNECTION,)),
    Check("certificate", certificate.look, (Stage.CONNECTION, Stage.TLS)),
    Check("login", login.look, (Stage.TLS, Stage.TRUST)),
    Check("features", features.look, (Stage.LOGIN,)),
    Check("passive addresses", data.look_at_addresses, (Stage.LOGIN,)),
    Check("data connections", data.look_at_connections, (Stage.LOGIN,)),
    Check("resumption", resumption.look, (Stage.LOGIN, Stage.DATA)),
    Check("listings", listings.look, (Stage.LOGIN, Stage.TRANSFERS)),
    Check("active mode", data.look_at_active_mode, (Stage.LOGIN,)),
    Check("uploads", writing.look, (Stage.LOGIN, Stage.TRANSFERS)),
)
