"""Sums the CSV files of a folder on the server with several processes, and writes the sums back as Parquet.

usage: dask_ftps.py HOST PORT CA-FILE PATTERN TARGET   (FTPS_PASSWORD has the password of "user")

The files match PATTERN, "/orders/*.csv" for instance, and have the columns customer and amount. Needs libftps[dask].

The processes run on this machine here; on a cluster it is the address of its scheduler that `Client` gets. What is sent
to them has no password: each process asks `login` for it, which is why that must be importable there.
"""

import os
import sys

import dask.dataframe as dd
from dask.distributed import Client, LocalCluster

CREDENTIALS = "dask_ftps:login"


def login(host: str, user: str | None) -> tuple[str, str]:
    """User and password, wherever they are kept: here in the environment, which the processes inherit."""
    return "user", os.environ["FTPS_PASSWORD"]


def main(host: str, port: str, ca_file: str, pattern: str, target: str) -> None:
    server = f"ftps://{host}:{port}"
    options = {"credentials": CREDENTIALS, "ca_file": ca_file, "maximum": 2}
    with LocalCluster(n_workers=3, threads_per_worker=2, dashboard_address=None) as cluster, Client(cluster) as client:
        # One block of a large file is a task; each is read by a connection of the process that has the task.
        orders = dd.read_csv(server + pattern, blocksize="16MiB", storage_options=options)
        sums = orders.groupby("customer")["amount"].sum().reset_index()
        sums.to_parquet(server + target, storage_options=options)
        print(len(client.scheduler_info()["workers"]), "processes,", len(orders), "orders")
        print(dd.read_parquet(server + target, storage_options=options).compute().sort_values("customer").to_string())


if __name__ == "__main__":
    main(*sys.argv[1:])
