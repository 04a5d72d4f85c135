"""Downloads the files of a folder with several threads, each of which borrows a connection of a pool.

usage: fetch_all.py HOST PORT CA-FILE FOLDER TARGET   (FTPS_PASSWORD has the password of "user")
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libftps


def main(host: str, port: str, ca_file: str, folder: str, target: str) -> None:
    with (
        libftps.Pool(host, "user", os.environ["FTPS_PASSWORD"], maximum=4, port=int(port), ca_file=ca_file) as pool,
        ThreadPoolExecutor(4) as threads,
    ):

        def fetch(name: str) -> int:
            with pool.lease() as client:
                return client.download(f"{folder}/{name}", Path(target, name))

        with pool.lease() as client:
            names = [entry.name for entry in client.list(folder) if entry.is_file]
        for name, size in zip(names, threads.map(fetch, names)):
            print(name, size)


if __name__ == "__main__":
    main(*sys.argv[1:])
