"""Shows that a server which insists on resumed TLS sessions refuses other clients, and that libftps works on it.

`make demo` builds what is needed and runs this. The exit code is 0 only if everything was as promised.
"""

import hashlib
import os
import re
import signal
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clients import IS_REFUSED, LISTS, LISTS_NOTHING, ROOT, CPrograms, PythonPackage, Refused, StockFtplib
from server import StrictServer
from spring import JAR, NativeSpring, StockSpring, run_application

SERVER = ROOT / "target/release/strict-server"
REFUSAL = "450 TLS session of data connection has not resumed or the session does not match the control connection"
TLS_VERSIONS = ["1.2", "1.3"]
APPLICATION = "Spring Boot application"
CLIENTS = [StockFtplib, StockSpring, CPrograms, PythonPackage, NativeSpring]
FILES = {
    "empty.dat": 0,
    "16 mebibytes.bin": 16 << 20,
    **{f"small-{number}.bin": 1000 * number for number in range(1, 9)},
}


@dataclass
class Row:
    client: str
    tls: str
    happened: str
    resumed: str
    checksums: str
    as_promised: bool = True


class Broken(Exception):
    """Something was not as promised."""


def expect(condition, otherwise):
    if not condition:
        raise Broken(otherwise)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_files(folder):
    folder.mkdir(parents=True)
    for name, size in FILES.items():
        (folder / name).write_bytes(os.urandom(size))


def expect_equal(originals, copies):
    for name in FILES:
        expect((copies / name).exists(), f"{copies.name}/{name} did not arrive")
        expect(sha256(originals / name) == sha256(copies / name), f"the SHA-256 of {copies.name}/{name} differs")


def show_refusal(client, server, tls):
    """The client's listing is refused, in FileZilla Server's words."""
    try:
        client.list("outbox")
    except Refused as refused:
        reply = str(refused)
    else:
        raise Broken(f"{client.name} was not refused")
    counted = server.stop()
    expect(reply == REFUSAL, f"the refusal was another one: {reply}")
    expect(counted["data_refused"] == counted["data_connections"] == 1, f"the server counted {counted}")
    return Row(client.name, tls, f"refused: {reply[:50]}...", f"{counted['data_same_session']} of 1", "-")


def show_transfers(client, server, tls, folder):
    """Lists, downloads and uploads; client and server both count the data connections."""
    served, local = folder / "served", folder / "local"
    (local / "downloaded").mkdir()
    expect(sorted(client.list("outbox")) == sorted(FILES), "the listing of outbox is not what is there")
    client.download(list(FILES), "outbox", local / "downloaded")
    client.upload([local / "mine" / name for name in FILES], "inbox")
    expect(sorted(client.list("inbox")) == sorted(FILES), "the listing of inbox is not what was uploaded")
    counted = server.stop()
    expect_equal(served / "outbox", local / "downloaded")
    expect_equal(local / "mine", served / "inbox")

    wanted = 2 * len(FILES) + 2
    own = client.statistics
    expect(counted["data_connections"] == wanted, f"the server counted {counted}")
    expect(counted["data_same_session"] == wanted, f"not every data connection resumed: the server counted {counted}")
    expect(own["data_connections"] == own["resumed"] == wanted, f"the client counted {dict(own)}")
    expect(own["relogins"] == 0, f"the client logged in anew: {dict(own)}")
    happened = f"listed, {len(FILES)} files downloaded, {len(FILES)} uploaded"
    equal = 2 * len(FILES)
    return Row(client.name, tls, happened, f"{counted['data_same_session']} of {wanted}", f"{equal} of {equal} equal")


def show_listing(client, server, tls):
    """One call of a Spring Integration application; the server counts what became of it."""
    names = client.list("/")
    counted = server.stop()
    connections = counted["data_connections"]
    expect(connections > 0, "there was no data connection")
    if client.promise == LISTS_NOTHING:
        expect(names == [], f"it listed {names}")
        expect(counted["data_refused"] == connections, f"the server counted {counted}")
        happened = 'list("/"): an empty list, no exception; data connection refused'
    else:
        expect(sorted(names) == ["inbox", "outbox"], f"it listed {names}")
        expect(counted["data_same_session"] == connections, f"the server counted {counted}")
        happened = f'list("/"): {", ".join(names)}'
    print(f"The server: {connections} data connection, {counted['data_refused']} refused", flush=True)
    return Row(client.name, tls, happened, f"{counted['data_same_session']} of {connections}", "-")


def show_application(folder):
    """The example application at work, with a server of its own that speaks both TLS versions."""
    output = run_application(folder)
    expect("sample files are done" in output, "the sample files were not processed")
    counted = re.search(r"counted (\d+) data connections: (\d+) resumed .*, (\d+) were refused", output)
    expect(counted, "the server gave no account")
    connections, resumed, refused = map(int, counted.groups())
    expect(resumed == connections > 0 == refused, "not every data connection resumed")
    return Row(APPLICATION, "both", "sample files processed", f"{resumed} of {connections}", "-")


def show_client(kind, tls, folder):
    """One client on a server of its own."""
    make_files(folder / "served" / "outbox")
    make_files(folder / "local" / "mine")
    (folder / "served" / "inbox").mkdir()
    with StrictServer(SERVER, tls, folder / "served", folder / "ca.pem") as server:
        client = kind(server)
        if client.promise == IS_REFUSED:
            return show_refusal(client, server, tls)
        if client.promise in (LISTS, LISTS_NOTHING):
            return show_listing(client, server, tls)
        return show_transfers(client, server, tls, folder)


def show(name, tls, demonstration):
    """The row of a demonstration, whatever becomes of it: the others are still shown."""
    print(f"\n== {name}, TLS {tls}", flush=True)
    try:
        return demonstration()
    except Exception as error:
        print(f"NOT AS PROMISED: {error}", flush=True)
        return Row(name, tls, f"NOT AS PROMISED: {error}", "?", "?", as_promised=False)


def print_table(rows):
    heads = Row("client", "TLS", "what happened", "data connections resumed", "SHA-256")
    cells = [(row.client, row.tls, row.happened, row.resumed, row.checksums) for row in [heads, *rows]]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines = [" | ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in cells]
    print("\nA server that takes only data connections which resume the TLS session of the control connection:\n")
    print(lines[0], "-+-".join("-" * width for width in widths), *lines[1:], sep="\n", flush=True)


def main():
    if not all(program.exists() for program in (SERVER, ROOT / "target/examples/c/ftps-ls", JAR)):
        print("demo: something is not built yet: run `make demo`", file=sys.stderr)
        return 2
    # So that servers and files are cleaned up then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="ftps-demo-") as temporary:
        rows = [
            show(kind.name, tls, partial(show_client, kind, tls, Path(temporary) / f"{number}-{tls}"))
            for tls in TLS_VERSIONS
            for number, kind in enumerate(CLIENTS)
        ]
        rows.append(show(APPLICATION, "both", partial(show_application, Path(temporary) / "application")))
    print_table(rows)
    return 0 if all(row.as_promised for row in rows) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
