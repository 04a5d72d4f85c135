"""`libftps mirror`: makes a directory like one on the other side."""

from __future__ import annotations

import argparse
import dataclasses
import posixpath
from typing import Any

from ..mirror import Mirror, MirrorProgress, Plan, Report
from ..pool import Pool
from . import exits
from .address import Address
from .arguments import add_parser, address_of, count
from .connection import access, client_errors
from .exits import UsageError
from .output import put_json, put_line
from .progress import Bar, progress_of

_DESCRIPTION = """\
  down  makes the local directory like the one on the server
  up    makes the directory on the server like the local one

Files are taken over with their times, so that the next time only what has changed is transferred. A URL may name the
directory on the server.
"""


def add(commands: Any) -> None:
    """Adds the command."""
    usage = "SERVER (down REMOTE LOCAL | up LOCAL REMOTE)"
    parser = add_parser(commands, "mirror", "make a directory like one on the other side", usage, _DESCRIPTION)
    parser.add_argument("way", metavar="down|up", choices=["down", "up"], help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="+", metavar="PATH", help=argparse.SUPPRESS)
    what = parser.add_argument_group("mirror")
    what.add_argument("-n", "--dry-run", action="store_true", help="tell what would be done, and change nothing")
    what.add_argument("--delete", action="store_true", help="delete what only the target has")
    what.add_argument(
        "--include", action="append", default=[], metavar="PATTERN", help="only files that match one of these"
    )
    what.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="leave out what matches, with what is in it"
    )
    what.add_argument(
        "--compare",
        choices=["size-and-time", "size", "hash", "nothing"],
        default="size-and-time",
        help="what makes files differ; with nothing every file is transferred [size-and-time]",
    )
    what.add_argument(
        "--tolerance", type=count, default=0, metavar="SECONDS", help="times that differ by no more are the same [0]"
    )
    what.add_argument("--no-atomic", action="store_true", help="upload under the final names from the beginning")
    what.add_argument(
        "--connections", type=count, default=4, metavar="COUNT", help="transfer over so many at a time, at most [4]"
    )
    what.add_argument("--stop", action="store_true", help="do nothing more after the first failure")
    what.add_argument("--json", action="store_true", help="the plan or the report as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does it, and returns the exit code."""
    address = address_of(arguments)
    mirror = _mirror(arguments, address)
    if arguments.connections == 0:
        raise UsageError("--connections 0: one is the least")
    login, options = access(arguments, address)
    if login.account is not None:
        raise UsageError("netrc has an account for this server, with which mirror cannot log in")
    with client_errors(address, options):
        pool = Pool(address.host, login.user, login.password, maximum=arguments.connections, **options)
    with pool:
        with client_errors(address, options):
            pool.lease().close()
        plan = pool.plan(mirror)
        if arguments.dry_run:
            return _show_plan(plan, arguments.json)
        return _show_report(_execute(plan, pool, arguments), arguments.json)


def _mirror(arguments: argparse.Namespace, address: Address) -> Mirror:
    paths = list(arguments.paths)
    if address.path is not None:
        paths.insert(0 if arguments.way == "down" else 1, address.path)
    if len(paths) != 2:
        raise UsageError("mirror is between two directories: down REMOTE LOCAL, or up LOCAL REMOTE")
    make = Mirror.download if arguments.way == "down" else Mirror.upload
    remote = 0 if arguments.way == "down" else 1
    if arguments.directory is not None:
        paths[remote] = posixpath.join(arguments.directory, paths[remote])
    return make(
        *paths,
        compare=arguments.compare,
        tolerance=arguments.tolerance,
        delete_extraneous=arguments.delete,
        atomic_uploads=not arguments.no_atomic,
        include=arguments.include,
        exclude=arguments.exclude,
    )


def _execute(plan: Plan, pool: Pool, arguments: argparse.Namespace) -> Report:
    with progress_of("mirror", None, arguments.quiet) as bar:
        return plan.execute(
            pool,
            on_failure="stop" if arguments.stop else "continue",
            progress=None if bar is None else _shower(bar),
        )


def _shower(bar: Bar) -> Any:
    def show(progress: MirrorProgress) -> None:
        bar.show(progress.bytes_moved, progress.bytes, f"{progress.files_over} of {progress.files} files")

    return show


def _show_plan(plan: Plan, as_json: bool) -> int:
    if as_json:
        steps = [{**dataclasses.asdict(step), "action": step.action.name.lower()} for step in plan]
        put_json({"steps": steps, "problems": plan.problems})
    else:
        _put_lines(str(plan))
    return exits.FAILED if plan.problems else exits.DONE


def _show_report(report: Report, as_json: bool) -> int:
    if as_json:
        document = dataclasses.asdict(report)
        del document["text"]
        put_json({**document, "complete": report.complete})
    else:
        _put_lines(str(report))
    return exits.DONE if report.complete else exits.FAILED


def _put_lines(text: str) -> None:
    for line in text.splitlines():
        put_line(line)
