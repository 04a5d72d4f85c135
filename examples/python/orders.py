"""Reads a CSV file on the server line by line, without a copy of it, and writes the sums beside it.

usage: orders.py HOST PORT CA-FILE ORDERS SUMS   (FTPS_PASSWORD has the password of "user")

ORDERS has the columns customer and amount.
"""

import csv
import os
import sys
from collections import defaultdict
from decimal import Decimal

import libftps


def main(host: str, port: str, ca_file: str, orders: str, sums: str) -> None:
    with libftps.Client(host, "user", os.environ["FTPS_PASSWORD"], port=int(port), ca_file=ca_file) as client:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        with client.open(orders, "r", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                totals[row["customer"]] += Decimal(row["amount"])
        # Whatever goes wrong in this block: the server gets no half file.
        with client.open(sums, "w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([("customer", "sum"), *sorted(totals.items())])


if __name__ == "__main__":
    main(*sys.argv[1:])
