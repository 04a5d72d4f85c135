"""Servers for the tests. Each fixture ends what it started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from support.servers import RealServer, StartReal, StartStrict, StrictServer


@pytest.fixture
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartStrict]:
    """Starts strict servers: `server = strict(tls="1.3")`, with the arguments of `StrictServer`."""
    with ExitStack() as started:
        folder = tmp_path_factory.mktemp("strict-server")
        yield lambda *arguments, **options: started.enter_context(closing(StrictServer(folder, *arguments, **options)))


@pytest.fixture
def real() -> Iterator[StartReal]:
    """Starts real servers: `server = real("vsftpd", "1.3")`, with the arguments of `RealServer`."""
    with ExitStack() as started:
        yield lambda *arguments: started.enter_context(closing(RealServer(*arguments)))


@pytest.fixture(params=["vsftpd 1.2", "vsftpd 1.3", "proftpd 1.2", "proftpd 1.3"])
def demanding(request: pytest.FixtureRequest, real: StartReal) -> RealServer:
    """A real server that insists on resumed data connections: the test runs on each of them."""
    kind, tls = request.param.split()
    return real(kind, tls)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A local file of 300,000 bytes, of which no two neighbouring pieces are alike."""
    path = tmp_path / "sample.bin"
    path.write_bytes(bytes(index % 251 ^ index >> 8 & 0xFF for index in range(300_000)))
    return path
