"""From options to a client that is logged in, and errors in words."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator

from .. import errors
from ..client import Client
from ..errors import Error
from ..options import ClientOptions
from .address import Address
from .arguments import client_options
from .exits import NoSessionError, UsageError
from .login import Login, find_login
from .output import tell


@contextlib.contextmanager
def logged_in(arguments: argparse.Namespace, address: Address) -> Iterator[Client]:
    """A client for the `with` block. Raises `UsageError`, or `NoSessionError` after the user was told why."""
    login, options = access(arguments, address)
    client = _made(address, login, options)
    with contextlib.ExitStack() as stack:
        stack.callback(client.close)
        with client_errors(address, options):
            stack.enter_context(client)
        if arguments.directory is not None:
            client.change_directory(arguments.directory)
        yield client
        if arguments.stats:
            _print_statistics(client)


def access(arguments: argparse.Namespace, address: Address) -> tuple[Login, ClientOptions]:
    """Who logs in, and how. Warns of what is insecure."""
    options = client_options(arguments, address)
    login = find_login(address, arguments.user, arguments.password_file)
    if arguments.insecure:
        tell(
            f"WARNING: --insecure: no certificate is checked. Whoever sits between here and {address.host} can read "
            "the password and the files."
        )
    return login, options


@contextlib.contextmanager
def client_errors(address: Address, options: ClientOptions) -> Iterator[None]:
    """Turns errors of connecting and logging in into `NoSessionError`, and tells them."""
    try:
        yield
    except errors.InvalidArgument as error:
        raise UsageError(str(error)) from None
    except Error as error:
        tell_error(error, address.host, _hint_on_session(error, options))
        raise NoSessionError from None


def tell_error(error: Error, subject: object = None, hint: str | None = None) -> None:
    """What went wrong with a path or host, and what the command line can do about it."""
    tell(f"{subject}: {error}" if subject else str(error))
    hint = hint or _HINTS.get(type(error))
    if hint is not None:
        tell(f"hint: {hint}")


def _made(address: Address, login: Login, options: ClientOptions) -> Client:
    try:
        return Client(address.host, login.user, login.password, account=login.account, **options)
    except errors.InvalidArgument as error:
        raise UsageError(str(error)) from None


# What the command line can do about an error, beyond what its message says.
_HINTS: dict[type[Error], str] = {
    errors.CertificateError: "if this is the right server, trust its issuer with --ca-file FILE, or this very "
    "certificate with --pin SHA256; --server-name NAME is for another name in the certificate",
    errors.LoginRefused: "check --user, and the password in FTPS_PASSWORD, --password-file or ~/.netrc",
    errors.ConnectError: "check the host, --port, and firewalls on the way; `libftps doctor` looks closer",
    errors.NotResumed: "`libftps doctor` finds out what the server demands; --resumption off never fits a server that "
    "insists on resumed sessions, --resumption require no server that cannot resume",
}


def _hint_on_session(error: Error, options: ClientOptions) -> str | None:
    if isinstance(error, (errors.Timeout, errors.TlsError, errors.ProtocolError)):
        if options.get("implicit"):
            return "this server may want AUTH TLS: leave --implicit out; `libftps doctor` finds out"
        return "this server may want TLS from the first byte: --implicit; `libftps doctor` finds out"
    return None


def _print_statistics(client: Client) -> None:
    """One line of name=value pairs."""
    counted = client.statistics
    print(
        f"tls={client.tls_version or 'none'} data_connections={counted.data_connections} resumed={counted.resumed} "
        f"full={counted.full} relogins={counted.relogins}",
        file=sys.stderr,
    )
