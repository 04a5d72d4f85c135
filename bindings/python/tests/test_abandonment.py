"""What nobody can reach any more is ended, and is in nobody's way meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.servers import StartStrict

import libftps

# Of uploads that are lost.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def listing(client: libftps.Client) -> None:
    next(client.iter_list("/"))


def download(client: libftps.Client) -> None:
    client.open("/hello.txt").read(1)


def upload(client: libftps.Client) -> None:
    client.open("/half", "wb").write(b"x" * 100_000)


@pytest.mark.parametrize("abandoned", [listing, download, upload])
def test_the_next_call_works_at_once(strict: StartStrict, abandoned: Callable[[libftps.Client], None]) -> None:
    server = strict(sample_files=True)
    with server.client() as client:
        for _ in range(200):
            abandoned(client)
            assert client.current_directory() == "/"
    account = server.account()
    assert account["uploads_completed"] == account.refused == 0


def test_a_lost_upload_is_warned_of(strict: StartStrict) -> None:
    with (
        strict().client() as client,
        pytest.warns(ResourceWarning, match="the upload of '/half' was not closed, and was aborted"),
    ):
        upload(client)
        client.current_directory()
