"""The program: its commands, and how it ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..errors import Error
from . import exits, get, ls, mirror, put
from .arguments import CommandParser
from .connection import tell_error
from .doctor import command as doctor
from .exits import NoSessionError, UsageError
from .interruption import Interrupted, raise_on_signals
from .output import drop_standard_output, let_names_through, tell

_DESCRIPTION = """\
Files over FTPS, with data connections that resume the TLS session of the control connection.
`libftps COMMAND --help` tells the options of a command.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Runs the program with these words of the command line, and returns its exit code."""
    if sys.stdout is None:
        tell("there is no standard output: it was closed when the program was started")
        return exits.FAILED
    let_names_through()
    try:
        raise_on_signals()
        arguments = _parser().parse_args(words)
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        drop_standard_output()
        return exits.FAILED
    except OSError as error:
        # Local files and the server have had their say: this is standard output, which is full, for instance.
        drop_standard_output()
        tell(f"cannot write standard output: {error}")
        return exits.FAILED
    except Interrupted as interrupted:
        tell("interrupted")
        return exits.SIGNAL + interrupted.number


def _run(arguments: argparse.Namespace) -> int:
    try:
        code: int = arguments.run(arguments)
        return code
    except UsageError as error:
        tell(f"{error}\nTry libftps {arguments.command} --help.")
        return exits.USAGE
    except NoSessionError:
        return exits.NO_SESSION
    except ImportError as error:
        # There is no shared library.
        tell(str(error))
        return exits.NO_SESSION
    except Error as error:
        tell_error(error, error.filename)
        return exits.FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="libftps",
        description=_DESCRIPTION,
        epilog=exits.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=CommandParser)
    for command in (ls, get, put, mirror, doctor):
        command.add(commands)
    return parser


class _Version(argparse.Action):
    """Loads the library only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from .._library import version

        print(f"libftps {version()}")
        parser.exit()
