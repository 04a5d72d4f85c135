"""Uploads a file with a progress bar: under a temporary name first, so that nobody ever finds half of it.

usage: upload.py HOST PORT CA-FILE FILE REMOTE   (FTPS_PASSWORD has the password of "user")
"""

import os
import sys
from pathlib import Path

import libftps
from tqdm import tqdm


def main(host: str, port: str, ca_file: str, source: str, remote: str) -> None:
    with (
        libftps.Client(host, "user", os.environ["FTPS_PASSWORD"], port=int(port), ca_file=ca_file) as client,
        tqdm(total=Path(source).stat().st_size, unit="B", unit_scale=True) as bar,
    ):
        client.upload(source, remote, atomic=True, progress=lambda moved: bar.update(moved - bar.n))


if __name__ == "__main__":
    main(*sys.argv[1:])
