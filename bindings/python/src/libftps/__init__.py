"""An FTPS client whose data connections always resume the control connection's TLS session.

    import libftps

    with libftps.Client("ftp.example.com", "user", "password") as client:
        client.upload("report.csv", "inbox/report.csv")
        with client.open("outbox/answer.csv", "r") as answer:
            print(answer.read())

Begin with `help(libftps.Client)`; `libftps.ClientOptions` tells the options, `libftps.Error` what can go wrong.
"""

from ._abi import Action, Direction, Format, Kind, ListingCommand, Precision
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
    LocalFileExists,
    LocalFileNotFound,
    LocalIsADirectory,
    LocalNotADirectory,
    LocalPermissionDenied,
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
from .mirror import Failure, Mirror, MirrorProgress, Plan, Report, Step
from .options import ActiveMode, Attempt, ClientOptions, ListingOptions, Retry
from .pool import LeasedClient, Pool, PoolStatistics
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
    "ConnectError",
    "ConnectionBroken",
    "ConnectionLost",
    "DeletedTree",
    "Direction",
    "Entry",
    "EntryIterator",
    "Error",
    "Failure",
    "FileExists",
    "FileNotFound",
    "Forked",
    "Format",
    "Found",
    "FoundIterator",
    "InternalError",
    "InvalidArgument",
    "Kind",
    "LeasedClient",
    "Listing",
    "ListingCommand",
    "ListingOptions",
    "LocalError",
    "LocalFileExists",
    "LocalFileNotFound",
    "LocalIsADirectory",
    "LocalNotADirectory",
    "LocalPermissionDenied",
    "LoginRefused",
    "Mirror",
    "MirrorProgress",
    "Mismatch",
    "NotResumed",
    "PermissionDenied",
    "Plan",
    "Pool",
    "PoolStatistics",
    "Precision",
    "ProtocolError",
    "Refused",
    "Reply",
    "Report",
    "ResolveError",
    "Retry",
    "Statistics",
    "Step",
    "Timeout",
    "TlsError",
    "Truncated",
    "WrongState",
    "version",
]
