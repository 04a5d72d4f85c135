"""What is lost or left leaves nothing behind: neither memory nor descriptors nor threads."""

from __future__ import annotations

import contextlib
import gc
import resource
import threading
import time
from pathlib import Path

from support.servers import Server, StartStrict

import libftps

ROUNDS = 150


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def use(server: Server) -> None:
    """All that makes something that must be freed."""
    client = server.client(dialogue=lambda received, line: None)
    client.connect()
    client.write_bytes("file", bytes(1000))
    with client.open("file") as file:
        file.read()
    client.open("lost", "wb").write(b"1")
    for _ in client.iter_list():
        break
    list(client.walk())
    with contextlib.suppress(FileNotFoundError):
        client.size("missing")
    client.close()
    libftps.Client("127.0.0.1")


def test_clients_files_and_iterators_leave_nothing_behind(strict: StartStrict) -> None:
    server = strict()
    for _ in range(50):
        use(server)
    gc.collect()
    before, memory, threads = descriptors(), resident(), threading.active_count()
    for _ in range(ROUNDS):
        use(server)
    gc.collect()
    # The reaper frees what was lost.
    deadline = time.monotonic() + 10
    while descriptors() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert descriptors() <= before
    assert threading.active_count() <= threads
    # A client's buffers and options are some 300 KB: one that is kept each round would be 45 MB.
    assert resident() - memory < 5_000_000


def test_pools_leave_nothing_behind(strict: StartStrict) -> None:
    server = strict()

    def use_pool() -> None:
        with libftps.Pool(**server.options()) as pool, pool.lease() as client:
            client.noop()
        libftps.Pool(**server.options()).lease().noop()

    for _ in range(10):
        use_pool()
    gc.collect()
    time.sleep(0.5)
    before = descriptors()
    for _ in range(50):
        use_pool()
    gc.collect()
    deadline = time.monotonic() + 10
    while descriptors() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert descriptors() <= before
