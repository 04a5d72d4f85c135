"""What pandas, pyarrow and Dask do with URLs of ftps://. Needs libftps[dask,test]."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import cloudpickle
import dask
import dask.dataframe as dd
import pandas as pd
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet
import pytest
from support.servers import ROOT, StartStrict, StrictServer

import libftps
from libftps.fsspec import FTPSFileSystem

# Their versions warn of each other.
pytestmark = pytest.mark.filterwarnings("default")

FRAME = pd.DataFrame({"key": list(range(1000)), "text": [f"text {number}" for number in range(1000)]})


@pytest.fixture
def server(strict: StartStrict) -> StrictServer:
    return strict()


@pytest.fixture
def fs(server: StrictServer) -> Iterator[FTPSFileSystem]:
    with closing(FTPSFileSystem(**server.options(), wait=20)) as fs:
        yield fs


@pytest.fixture
def base(server: StrictServer) -> str:
    return f"ftps://user:password@{server.host}:{server.port}"


@pytest.fixture
def options(server: StrictServer) -> dict[str, Any]:
    return {"ca_file": str(server.ca), "platform_roots": False, "wait": 20}


def rows(frame: pd.DataFrame) -> list[Any]:
    return sorted(frame[["key", "text"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", ["frame.csv", "frame.csv.gz"])
def test_pandas_reads_and_writes_csv(base: str, options: dict[str, Any], name: str) -> None:
    FRAME.to_csv(f"{base}/{name}", index=False, storage_options=options)
    assert pd.read_csv(f"{base}/{name}", storage_options=options).equals(FRAME)


def test_pandas_appends(base: str, options: dict[str, Any]) -> None:
    for mode in ("w", "a"):
        FRAME.to_csv(f"{base}/frame.csv", mode=mode, header=mode == "w", index=False, storage_options=options)
    assert len(pd.read_csv(f"{base}/frame.csv", storage_options=options)) == 2 * len(FRAME)


def test_pandas_reads_and_writes_parquet(base: str, options: dict[str, Any]) -> None:
    FRAME.to_parquet(f"{base}/frame.parquet", storage_options=options)
    assert pd.read_parquet(f"{base}/frame.parquet", storage_options=options).equals(FRAME)


def test_pandas_raises_what_goes_wrong_and_sends_no_half_file(
    base: str, options: dict[str, Any], fs: FTPSFileSystem
) -> None:
    class Unwritable:
        def __str__(self) -> str:
            raise KeyError("unwritable")

    frame = pd.DataFrame({"key": [1, Unwritable()]})
    with pytest.raises(KeyError, match="unwritable"):
        frame.to_csv(f"{base}/half.csv", storage_options=options)
    assert fs.ls("/") == []
    with pytest.raises(FileNotFoundError):
        pd.read_csv(f"{base}/missing.csv", storage_options=options)


def test_pyarrow_reads_and_writes_datasets(fs: FTPSFileSystem) -> None:
    arrow = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fs))
    table = pyarrow.Table.from_pandas(FRAME.assign(part=FRAME["key"] % 3))
    pyarrow.dataset.write_dataset(
        table, "/set", filesystem=arrow, format="parquet", partitioning=["part"], partitioning_flavor="hive"
    )
    assert len(fs.glob("/set/part=*/*.parquet")) == 3
    dataset = pyarrow.dataset.dataset("/set", filesystem=arrow, partitioning="hive")
    assert dataset.to_table(filter=pyarrow.dataset.field("part") == 1).num_rows == 333
    found = arrow.get_file_info(pyarrow.fs.FileSelector("/set", recursive=True))
    assert {info.type for info in found} == {pyarrow.fs.FileType.File, pyarrow.fs.FileType.Directory}
    arrow.delete_dir("/set")
    assert arrow.get_file_info("/set").type == pyarrow.fs.FileType.NotFound


def test_pyarrow_sends_no_half_file(fs: FTPSFileSystem) -> None:
    arrow = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fs))
    # Its blocks call `close` in a way that does not show why.
    with pytest.raises(libftps.WrongState) as caught, arrow.open_output_stream("/half") as stream:
        stream.write(b"half")
        raise KeyError
    assert isinstance(caught.value.__context__, KeyError)
    assert fs.ls("/") == []


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_dask_reads_and_writes_from_many_threads(base: str, options: dict[str, Any], scheduler: str) -> None:
    with dask.config.set(scheduler=scheduler):
        parts = dd.from_pandas(FRAME, npartitions=7)
        parts.to_csv(f"{base}/parts/*.csv", index=False, storage_options=options)
        read = dd.read_csv(f"{base}/parts/*.csv", blocksize=500, storage_options=options)
        assert read.npartitions > 7
        assert rows(read.compute()) == rows(FRAME)
        parts.to_parquet(f"{base}/parquet", storage_options=options)
        assert rows(dd.read_parquet(f"{base}/parquet", storage_options=options).compute()) == rows(FRAME)


def test_cloudpickle_writes_no_password_down(fs: FTPSFileSystem) -> None:
    written = cloudpickle.dumps(fs)
    assert b"password" not in written.replace(b"pickle_credentials", b"")
    assert pickle.loads(written) == fs


@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_dask_ftps_py_sums_with_several_processes_and_every_data_connection_is_resumed(
    strict: StartStrict, tmp_path: Path, tls: str
) -> None:
    served = tmp_path / "served"
    (served / "orders").mkdir(parents=True)
    for number in range(6):
        lines = [f"{'Anna' if line % 2 else 'Bert'},{number}.25\n" for line in range(100)]
        (served / f"orders/{number}.csv").write_text("customer,amount\n" + "".join(lines))
    server = strict(root=served, tls=tls)
    command = [sys.executable, ROOT / "examples/python/dask_ftps.py", server.host, str(server.port), server.ca]
    finished = subprocess.run(
        [*command, "/orders/*.csv", "/sums"],
        env={**os.environ, "FTPS_PASSWORD": server.password, "PYTHONPATH": str(ROOT / "examples/python")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert finished.returncode == 0, finished.stderr
    first, *table = finished.stdout.splitlines()
    assert first == "3 processes, 600 orders"
    assert [line.split()[-2:] for line in table[1:]] == [["Anna", "825.0"], ["Bert", "825.0"]]
    assert pyarrow.parquet.read_table(served / "sums").num_rows == 2
    account = server.account()
    assert account.logins >= 3, "each process has connections of its own"
    assert account.resumed == account["data_connections"] >= 8
    assert account.full == account.refused == 0
