"""The Python client that is measured.

usage: worker.py whole|files upload|download HOST PORT CA-FILE USER PASSWORD SOURCE COUNT

"whole" transfers by `upload` and `download`, "files" by file objects. Prints a line for each transfer: its seconds, and
0 or the error.
"""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import libftps

PIECE = 1 << 20
NOWHERE = Path("/dev/null")


def whole(client: libftps.Client, direction: str, source: Path, name: str) -> None:
    if direction == "upload":
        client.upload(source, name)
    else:
        client.download(name, NOWHERE)


def files(client: libftps.Client, direction: str, source: Path, name: str) -> None:
    if direction == "upload":
        with source.open("rb") as content, client.open(name, "wb") as remote:
            shutil.copyfileobj(content, remote, PIECE)
    else:
        with client.open(name, "rb") as remote, NOWHERE.open("wb") as target:
            shutil.copyfileobj(remote, target, PIECE)


Transfer = Callable[[libftps.Client, str, Path, str], None]
WAYS: dict[str, Transfer] = {"whole": whole, "files": files}


def main(
    way: str, direction: str, host: str, port: str, ca: str, user: str, password: str, source: str, count: str
) -> None:
    with libftps.Client(host, user, password, port=int(port), ca_file=ca, platform_roots=False) as client:
        for number in range(int(count)):
            started = time.perf_counter()
            try:
                WAYS[way](client, direction, Path(source), f"file-{number}")
                outcome = "0"
            except libftps.Error as error:
                outcome = str(error)
            print(time.perf_counter() - started, outcome, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
