"""An FTPS client whose data connections always resume the control connection's TLS session.

    import libftps

    with libftps.Client("ftp.example.com", "user", "password") as client:
        client.upload("report.csv", "inbox/report.csv")
        with client.open("outbox/answer.csv", "r") as answer:
            print(answer.read())

Begin with `help(libftps.Client)`; `libftps.ClientOptions` tells the options, `libftps.Error` what can go wrong.
"""

from ._abi import Action, Compare, Format, Kind, ListingCommand, Precision
from ._library import version
from .client import Client
from .entries import Entry, Listing
from .errors import (
    Busy,
    Cancelled,
    CertificateError,
    Closed,
    ConnectError,
    ConnectionBroken,
    ConnectionLost,
    Error,
    FileExists,
    FileNotFound,
    Forked,
    InternalError,
    InvalidArgument,
    LocalError,
    LoginRefused,
    Mismatch,
    NotResumed,
    PermissionDenied,
    ProtocolError,
    Refused,
    ResolveError,
    Timeout,
    TlsError,
    Truncated,
    WrongState,
)
from .iteration import EntryIterator, FoundIterator
from .options import ActiveMode, Attempt, ClientOptions, ListingOptions, Retry
from .types import DeletedTree, Found, Reply, Statistics

__all__ = [
    "Action",
    "ActiveMode",
    "Attempt",
    "Busy",
    "Cancelled",
    "CertificateError",
    "Client",
    "ClientOptions",
    "Closed",
    "Compare",
    "ConnectError",
    "ConnectionBroken",
    "ConnectionLost",
    "DeletedTree",
    "Entry",
    "EntryIterator",
    "Error",
    "FileExists",
    "FileNotFound",
    "Forked",
    "Format",
    "Found",
    "FoundIterator",
    "InternalError",
    "InvalidArgument",
    "Kind",
    "Listing",
    "ListingCommand",
    "ListingOptions",
    "LocalError",
    "LoginRefused",
    "Mismatch",
    "NotResumed",
    "PermissionDenied",
    "Precision",
    "ProtocolError",
    "Refused",
    "Reply",
    "ResolveError",
    "Retry",
    "Statistics",
    "Timeout",
    "TlsError",
    "Truncated",
    "WrongState",
    "version",
]
