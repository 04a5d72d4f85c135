"""`libftps doctor`: the command."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from typing import Any

from ...client import Client
from ...errors import Error
from ...options import ClientOptions
from .. import exits
from ..address import Address
from ..arguments import add_parser, address_of, client_options, count
from ..connection import client_errors
from ..exits import NoSessionError
from ..login import Login, find_login
from ..output import put_json
from .advice import Advice
from .checks import CHECKS, Check
from .examination import Examination, Stage, Wishes
from .findings import Finding, problem, skipped
from .report import Report, finding_text

_DESCRIPTION = """\
Connects to a server, and tells in plain words what it demands and supports, which options to use, and, where something
fails, the likely cause and what to do about it. Nothing is written to the server, unless --write-to names a directory.
The exit code is 0 where no problem was found.
"""


def add(commands: Any) -> None:
    """Adds the command."""
    parser = add_parser(commands, "doctor", "find out what a server needs", "SERVER", _DESCRIPTION)
    parser.add_argument("--write-to", metavar="FOLDER", help="try uploads in this directory of the server")
    parser.add_argument(
        "--transfers", type=count, default=10, metavar="COUNT", help="data connections to make in one login [10]"
    )
    parser.add_argument(
        "--json", action="store_true", help="the report as JSON; its options are keywords of libftps.Client"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does it, and returns the exit code."""
    address = address_of(arguments)
    options = client_options(arguments, address)
    with client_errors(address, options):
        # Options that cannot be used are found out before anything is sent.
        Client(address.host, **options).close()
    examination = _examination(arguments, address, options, _login(arguments, address))
    findings = []
    for finding in _findings(examination):
        findings.append(finding)
        if not arguments.json:
            print(finding_text(finding), flush=True)
    report = Report(examination, findings)
    if arguments.json:
        put_json(report.document())
    else:
        print(f"\n{report.ending()}")
    if not report.problems:
        return exits.DONE
    return exits.FAILED if Stage.LOGIN in examination.reached else exits.NO_SESSION


def _login(arguments: argparse.Namespace, address: Address) -> Login | None:
    try:
        return find_login(address, arguments.user, arguments.password_file)
    except NoSessionError:
        # Much can be found out without.
        return None


def _examination(
    arguments: argparse.Namespace, address: Address, options: ClientOptions, login: Login | None
) -> Examination:
    wishes = Wishes(
        arguments.directory or address.path,
        max(arguments.transfers, 1),
        # Tried by a check of its own.
        options.pop("active", False),
        arguments.write_to,
    )
    dialogue = options.pop("dialogue", None)
    return Examination(address, options, login, wishes, _given(arguments, options), dialogue=dialogue)


def _given(arguments: argparse.Namespace, options: ClientOptions) -> Advice:
    """What the user said already."""
    advice = Advice()
    if arguments.ca_file:
        several = "; for more than one file, write them into one" if len(arguments.ca_file) > 1 else ""
        advice.use("ca_file", arguments.ca_file[0], f"as given{several}")
    if arguments.insecure:
        advice.use("verify", False, "as given, and INSECURE")
    if arguments.tls_max == "1.2":
        advice.use("maximum_tls", "1.2", "as given")
    if "client_certificate" in options:
        advice.use("client_certificate", (arguments.cert, arguments.key or arguments.cert), "as given")
    for name in ("server_name", "charset", "tolerate_missing_close_notify"):
        if name in options:
            advice.use(name, getattr(arguments, name), "as given")
    if arguments.pin:
        advice.use("pins", arguments.pin[0], "as given")
    return advice


def _findings(examination: Examination) -> Iterator[Finding]:
    for check in CHECKS:
        missing = [stage for stage in check.needs if stage not in examination.reached]
        found = iter([skipped(missing[0].value)]) if missing else _looked(check, examination)
        for finding in found:
            yield dataclasses.replace(finding, check=check.name)


def _looked(check: Check, examination: Examination) -> Iterator[Finding]:
    try:
        yield from check.look(examination)
    except Error as error:
        yield problem(
            f"this went wrong: {error}",
            "The check did not expect it; the others are not affected.",
            "Look at the dialogue with -v, and at the server's log.",
            error=str(error),
        )
