"""fsspec's own tests of file systems, on the strict server, with a pool of one connection: all of them apply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from fsspec.tests.abstract import (
    AbstractCopyTests,
    AbstractFixtures,
    AbstractGetTests,
    AbstractOpenTests,
    AbstractPipeTests,
    AbstractPutTests,
)
from support.servers import StrictServer

from libftps.fsspec import FTPSFileSystem

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrictServer]:
    with closing(StrictServer(tmp_path_factory.mktemp("strict-server"))) as server:
        yield server


class FTPSFixtures(AbstractFixtures):
    """What the tests of fsspec want to know."""

    @pytest.fixture
    def fs(self, server: StrictServer) -> Iterator[FTPSFileSystem]:
        # One connection: a call that wanted a second one would wait for ever.
        with closing(FTPSFileSystem(**server.options(), auto_mkdir=True, maximum=1, wait=10)) as fs:
            yield fs

    @pytest.fixture
    def fs_path(self, fs: FTPSFileSystem) -> Iterator[str]:
        fs.mkdir("/tests")
        yield "/tests"
        fs.rm("/tests", recursive=True)


class TestCopy(AbstractCopyTests, FTPSFixtures):
    pass


class TestGet(AbstractGetTests, FTPSFixtures):
    pass


class TestPut(AbstractPutTests, FTPSFixtures):
    pass


class TestOpen(AbstractOpenTests, FTPSFixtures):
    pass


class TestPipe(AbstractPipeTests, FTPSFixtures):
    pass
