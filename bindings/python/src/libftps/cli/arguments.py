"""The options that all commands share, and the client that they describe."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..options import ActiveMode, ClientOptions, Retry
from .address import IMPLICIT_PORT, Address, parse_address, port_number
from .exits import HELP, UsageError
from .output import harmless

SERVER_HELP = """\
SERVER is HOST, HOST:PORT, [IPV6]:PORT, or a URL: ftps://[USER@]HOST[:PORT][/PATH]. TLS begins with AUTH TLS, or with
--implicit, or on port 990, from the first byte; ftpes:// is AUTH TLS on any port. Paths begin at the login directory
unless they begin with "/" (in a URL: "//").

The password comes from --password-file, else from the environment variable FTPS_PASSWORD, else from ~/.netrc (or the
file that NETRC names), else it is asked for.
"""


class CommandParser(argparse.ArgumentParser):
    """Lets options stand before, between and behind the operands."""

    _is_inner = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        # What is called here calls this method in turn, for the options and for the operands.
        if self._is_inner:
            return super().parse_known_args(args, namespace)
        self._is_inner = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_inner = False


def add_parser(commands: Any, name: str, summary: str, usage: str, description: str = "") -> argparse.ArgumentParser:
    """A command's parser, with the options that all share."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        usage=f"libftps {name} [OPTIONS] {usage}",
        description=f"{description}\n{SERVER_HELP}",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("server", metavar="SERVER", help=argparse.SUPPRESS)
    _add_connection(parser.add_argument_group("connection"))
    _add_tls(parser.add_argument_group("TLS"))
    _add_output(parser.add_argument_group("output"))
    return parser


def address_of(arguments: argparse.Namespace) -> Address:
    """The server, with what options say of it."""
    address = parse_address(arguments.server)
    if arguments.port is not None:
        address = replace(address, port=port_number(arguments.port))
    if address.explicit and arguments.implicit:
        raise UsageError("ftpes:// is AUTH TLS: write ftps:// for --implicit")
    return address


def paths_of(arguments: argparse.Namespace, address: Address) -> list[str]:
    """The operands behind the server, a path of its URL before them."""
    return ([] if address.path is None else [address.path]) + list(arguments.paths)


def client_options(arguments: argparse.Namespace, address: Address) -> ClientOptions:
    """What `Client` and `Pool` take. Raises `UsageError`."""
    options: ClientOptions = {"resumption": arguments.resumption, "verify": not arguments.insecure}
    if address.port is not None:
        options["port"] = address.port
    if arguments.implicit or (address.port == IMPLICIT_PORT and not address.explicit):
        options["implicit"] = True
    if arguments.timeout is not None:
        for limit in ("connect_timeout", "reply_timeout", "data_timeout"):
            options[limit] = arguments.timeout
    if arguments.retry:
        options["retry"] = Retry(arguments.retry)
    for name in ("proxy", "charset", "server_name"):
        if getattr(arguments, name) is not None:
            options[name] = getattr(arguments, name)
    _set_active_mode(options, arguments)
    _set_tls(options, arguments)
    if arguments.verbose:
        options["dialogue"] = _show_dialogue
    return options


def _set_active_mode(options: ClientOptions, arguments: argparse.Namespace) -> None:
    if not arguments.active:
        if arguments.active_ports or arguments.active_address:
            raise UsageError("--active-ports and --active-address are for --active")
        return
    first, _, last = (arguments.active_ports or "").partition("-")
    ports = (port_number(first), port_number(last or first)) if first else (0, 0)
    options["active"] = ActiveMode(*ports, announced_address=arguments.active_address)


def _set_tls(options: ClientOptions, arguments: argparse.Namespace) -> None:
    if arguments.key is not None and arguments.cert is None:
        raise UsageError("--key needs --cert")
    if arguments.cert is not None:
        options["client_certificate"] = (arguments.cert, arguments.key or arguments.cert)
    if arguments.tls_min is not None:
        options["minimum_tls"] = arguments.tls_min
    if arguments.tls_max is not None:
        options["maximum_tls"] = arguments.tls_max
    if arguments.ca_file:
        options["ca_data"] = b"\n".join(_content(path) for path in arguments.ca_file)
    if arguments.tolerate_missing_close_notify:
        options["tolerate_missing_close_notify"] = True
    if arguments.pin:
        options["pins"] = arguments.pin


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"--ca-file: {error}") from None


def _show_dialogue(received: bool, lines: str) -> None:
    for line in lines.splitlines():
        print("<" if received else ">", harmless(line), file=sys.stderr)


def seconds(text: str) -> float:
    """A number of seconds, for argparse."""
    number = float(text)
    if not 0.001 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds between 0.001 and 1000000")
    return number


def count(text: str) -> int:
    """A number from 0 on, for argparse."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return number


def _add_connection(group: Any) -> None:
    group.add_argument("-p", "--port", help="the server's port [21, implicit: 990]")
    group.add_argument("-u", "--user", metavar="NAME", help="who logs in [the one of netrc, else anonymous]")
    group.add_argument("-P", "--password-file", metavar="FILE", help="a file whose first line is the password")
    group.add_argument("-d", "--directory", metavar="DIR", help="change to this directory first")
    group.add_argument("--implicit", action="store_true", help="TLS from the first byte instead of AUTH TLS")
    group.add_argument(
        "-t",
        "--timeout",
        type=seconds,
        metavar="SECONDS",
        help="for each of: connecting, a reply, silence of a transfer [30, 60, 60]",
    )
    group.add_argument("--retry", type=count, metavar="TIMES", help="try again what failed for a reason that may pass")
    group.add_argument("--proxy", metavar="URL", help="socks5://[USER:PASSWORD@]HOST[:PORT], or http://...")
    group.add_argument("--active", action="store_true", help="active mode: the server connects to this machine")
    group.add_argument("--active-ports", metavar="FIRST-LAST", help="the ports to listen on [any]")
    group.add_argument("--active-address", metavar="ADDRESS", help="the address to tell the server, that of a NAT")
    group.add_argument("--charset", metavar="LABEL", help="of the server's names [utf-8]")


def _add_tls(group: Any) -> None:
    group.add_argument(
        "--ca-file", action="append", metavar="FILE", help="trust these certificates (PEM) too; may be repeated"
    )
    group.add_argument(
        "--pin",
        action="append",
        metavar="SHA256",
        help="trust the certificate with this fingerprint alone; may be repeated",
    )
    group.add_argument("--server-name", metavar="NAME", help="the name in the certificate, where it is not the host")
    group.add_argument("--cert", metavar="FILE", help="the client's certificate chain (PEM)")
    group.add_argument("--key", metavar="FILE", help="its private key (PEM) [in the file of --cert]")
    group.add_argument("--tls-min", choices=["1.2", "1.3"], help="[1.2]")
    group.add_argument("--tls-max", choices=["1.2", "1.3"], help="[1.3]")
    group.add_argument(
        "--resumption",
        choices=["prefer", "require", "off"],
        default="prefer",
        help="data connections that do not resume the TLS session of the control connection: "
        "accept, refuse, or do not even try to resume [prefer]",
    )
    group.add_argument(
        "--tolerate-missing-close-notify",
        action="store_true",
        help="take a download that ends without TLS close_notify for complete",
    )
    group.add_argument(
        "--insecure",
        action="store_true",
        help="accept any certificate: whoever sits in between reads the password and the files",
    )


def _add_output(group: Any) -> None:
    group.add_argument(
        "-v", "--verbose", action="store_true", help="show the dialogue with the server (passwords masked)"
    )
    group.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="no progress; there is none either where standard error is no terminal",
    )
