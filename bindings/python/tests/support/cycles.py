"""A program that uses many clients, and tells what it holds when it has warmed up and at the end.

usage: cycles.py HOST PORT CA-FILE WARM-UP CYCLES: twice a line of descriptors, threads and kilobytes.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from pathlib import Path

import libftps


def main() -> None:
    host, port, ca, warm_up, cycles = sys.argv[1:]
    options: libftps.ClientOptions = {"port": int(port), "ca_file": ca, "platform_roots": False}
    for count in (int(warm_up), int(cycles)):
        for number in range(count):
            cycle(libftps.Client(host, "user", "password", **options), number)
        gc.collect()
        report()


def cycle(client: libftps.Client, number: int) -> None:
    """Most say goodbye, some are closed, a few are forgotten; some transfer something, or are interrupted in it."""
    client.connect()
    if number % 10 == 0:
        client.upload(b"x" * 1000, f"file-{number % 7}")
        with client.open("/hello.txt") as file:
            file.read()
    if number % 10 == 1:
        client.open("/interrupted", "wb").write(b"y" * 1000)
    if number % 10 == 2:
        next(client.iter_list("/"))
    if number % 10 in (3, 4):
        client.close()
    elif number % 50 != 5:
        client.quit()


def report() -> None:
    descriptors = settled_descriptors()
    memory = re.search(r"VmRSS:\s*(\d+)", Path("/proc/self/status").read_text())
    assert memory is not None
    print(descriptors, len(list(Path("/proc/self/task").iterdir())), memory[1], flush=True)


def settled_descriptors() -> int:
    """Their number once it stays: clients that were forgotten are closed a moment later."""
    last = -1
    while True:
        now = len(list(Path("/proc/self/fd").iterdir()))
        if now == last:
            return now
        last = now
        time.sleep(0.5)


if __name__ == "__main__":
    main()
