"""Whole files in one call."""

from __future__ import annotations

import array
import errno
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.servers import RealServer, StartStrict, StrictServer

import libftps
from libftps import Client
from libftps.errors import class_of

CONTENT = bytes(index * 7 % 251 for index in range(1_234_567))


@pytest.fixture
def server(strict: StartStrict) -> StrictServer:
    return strict(hashes="hash")


@pytest.fixture
def client(server: StrictServer) -> Iterator[Client]:
    with server.client() as client:
        yield client


class Odd:
    """A file object that does only what it must, in pieces that suit nobody, and keeps what it was given."""

    def __init__(self, content: bytes = b"", piece: int = 3_333_333) -> None:
        self._content = io.BytesIO(content)
        self._piece = piece
        self.kept: list[bytes] = []

    def read(self, size: int) -> bytes:
        return self._content.read(self._piece)

    def write(self, data: bytes) -> None:
        self.kept.append(data)


def raw_file(content: bytes) -> Any:
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
    file.write(content)
    file.seek(0)
    return file


SOURCES: dict[str, Callable[[bytes], Any]] = {
    "bytes": bytes,
    "a bytearray": bytearray,
    "a memoryview": memoryview,
    "a memoryview of numbers": lambda content: memoryview(array.array("H", content[:1_000_000])),
    "BytesIO": io.BytesIO,
    "a raw file": raw_file,
    "an odd file object with large pieces": Odd,
    "an odd file object with small pieces": lambda content: Odd(content, 1000),
}


@pytest.mark.parametrize("source", SOURCES)
def test_all_sources_are_sent_whole(client: Client, source: str) -> None:
    sent = SOURCES[source](CONTENT)
    expected = bytes(sent) if isinstance(sent, memoryview) and sent.format == "H" else CONTENT
    assert client.upload(sent, "new") == len(expected)
    assert client.read_bytes("new") == expected
    if hasattr(sent, "close"):
        sent.close()


def test_paths_are_sent_and_received_whole(client: Client, tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(CONTENT)
    assert client.upload(tmp_path / "here", "new") == len(CONTENT)
    assert client.download("new", str(tmp_path / "there")) == len(CONTENT)
    assert (tmp_path / "there").read_bytes() == CONTENT


def test_all_targets_get_all(client: Client) -> None:
    client.write_bytes("file", CONTENT)
    odd, memory = Odd(), io.BytesIO()
    for target in (odd, memory):
        assert client.download("file", target) == len(CONTENT)
    assert b"".join(odd.kept) == memory.getvalue() == CONTENT
    with tempfile.TemporaryFile() as buffered, tempfile.TemporaryFile(buffering=0) as raw:
        for file in (buffered, raw):
            client.download("file", file)
            file.seek(0)
            assert file.read() == CONTENT


def test_empty_files_go_both_ways(client: Client, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert client.upload(tmp_path / "empty", "empty") == 0
    assert client.download("empty", tmp_path / "got") == 0
    assert (tmp_path / "got").read_bytes() == b""
    assert client.write_bytes("nothing", b"") == 0
    assert client.read_bytes("nothing") == b""
    with client.open("nothing") as file:
        assert file.read() == b""


def test_a_part_of_a_file_is_read(client: Client) -> None:
    client.write_bytes("file", CONTENT)
    assert client.read_bytes("file", 1000, 500) == CONTENT[1000:1500]
    assert client.read_bytes("file", 1_234_000) == CONTENT[1_234_000:]
    assert client.read_bytes("file", 1_234_560, 100) == CONTENT[1_234_560:]
    assert client.read_bytes("file", 5, 0) == b""
    with pytest.raises(libftps.InvalidArgument):
        client.read_bytes("file", -1)
    client.noop()


REFUSED_RESTART = "RETR=554 Restart offset reply exceeds file size."


def test_beyond_the_end_there_is_nothing_where_a_server_refuses_to_begin_there(strict: StartStrict) -> None:
    with strict(answer=[REFUSED_RESTART]).client() as client:
        client.write_bytes("file", CONTENT)
        assert client.read_bytes("file", len(CONTENT), 10) == client.read_bytes("file", 6_000_000) == b""
        with client.open("file", offset=6_000_000) as file:
            assert (file.read(10), file.read()) == (b"", b"")
        with pytest.raises(libftps.Refused) as caught:
            client.read_bytes("file", 1000, 10)
        assert caught.value.reply_code == 554


def test_a_refusal_stays_one_where_nothing_tells_the_size(strict: StartStrict) -> None:
    with strict(answer=[REFUSED_RESTART, "SIZE=502 No."]).client() as client:
        client.write_bytes("file", CONTENT)
        for call in (lambda: client.read_bytes("file", 6_000_000, 10), lambda: client.open("file", offset=6_000_000)):
            with pytest.raises(libftps.Refused) as caught:
                call()
            assert caught.value.reply_code == 554


def test_real_servers_have_nothing_beyond_the_end(demanding: RealServer) -> None:
    with demanding.client() as client:
        client.change_directory(demanding.home)
        client.write_bytes("file", CONTENT)
        assert client.read_bytes("file", 6_000_000, 10) == client.read_bytes("file", 6_000_000) == b""
        with client.open("file") as file:
            file.seek(6_000_000)
            assert file.read(10) == b""


def test_interrupted_downloads_and_uploads_are_resumed(client: Client, server: StrictServer, tmp_path: Path) -> None:
    client.write_bytes("file", CONTENT)
    (tmp_path / "part").write_bytes(CONTENT[:1_000_000])
    seen: list[int] = []
    assert client.download("file", tmp_path / "part", resume=True, progress=seen.append) == len(CONTENT)
    assert (tmp_path / "part").read_bytes() == CONTENT
    assert seen[-1] == len(CONTENT)
    client.write_bytes("half", CONTENT[:1_000_000])
    assert client.upload(tmp_path / "part", "half", resume=True) == len(CONTENT)
    assert client.read_bytes("half") == CONTENT
    client.write_bytes("other", b"x" * 500_000)
    with pytest.raises(libftps.Mismatch):
        client.upload(tmp_path / "part", "other", resume=True)
    client.quit()
    # What was there already was not sent again.
    assert server.account()["bytes_received"] < 3.2 * len(CONTENT)


def test_an_atomic_upload_replaces_the_file_at_once(client: Client, tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(CONTENT)
    client.write_bytes("file", b"old")
    assert client.upload(tmp_path / "new", "file", atomic=True, verify_hash=True, temporary_name="{name}.part") == len(
        CONTENT
    )
    assert client.read_bytes("file") == CONTENT
    assert client.names() == ["file"]


def test_an_atomic_upload_that_fails_leaves_the_old_file(strict: StartStrict, tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(CONTENT)
    with strict(fault=["STOR#2@byte:1000=reset"]).client() as client:
        client.write_bytes("file", b"old")
        with pytest.raises(libftps.Error):
            client.upload(tmp_path / "new", "file", atomic=True)
        assert client.read_bytes("file") == b"old"
        assert client.names() == ["file"]


@pytest.mark.parametrize("how", [{"resume": True}, {"atomic": True}])
def test_content_has_no_place_to_go_back_to(client: Client, how: dict[str, bool]) -> None:
    with pytest.raises(libftps.InvalidArgument, match="local paths"):
        client.upload(b"content", "file", **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("option", [{"verify_hash": True}, {"replace": True}, {"temporary_name": "{name}.part"}])
def test_what_is_for_atomic_uploads_is_not_ignored_by_others(
    client: Client, tmp_path: Path, option: dict[str, Any]
) -> None:
    (tmp_path / "here").write_bytes(CONTENT)
    with pytest.raises(libftps.InvalidArgument, match="atomic=True"):
        client.upload(tmp_path / "here", "file", **option)
    assert not client.exists("file")


def test_a_target_that_takes_nothing_now_is_an_error_and_not_a_loss(client: Client) -> None:
    client.write_bytes("file", CONTENT)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb", buffering=0) as target, pytest.raises(BlockingIOError):
        client.download("file", target)


def test_what_is_no_source_or_target_is_refused(client: Client) -> None:
    with pytest.raises(libftps.InvalidArgument, match="pass a path"):
        client.upload(5, "file")  # type: ignore[arg-type]
    with pytest.raises(libftps.InvalidArgument, match="pass a path"):
        client.download("file", 5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="binary"):
        client.upload(io.StringIO("text"), "file")  # type: ignore[arg-type]
    assert not client.exists("file") or client.size("file") == 0


def test_a_local_file_that_is_missing_is_a_local_error(client: Client, tmp_path: Path) -> None:
    with pytest.raises(libftps.LocalError) as caught:
        client.upload(tmp_path / "missing", "file")
    assert (caught.value.errno, caught.value.filename) == (2, tmp_path / "missing")
    assert not client.exists("file")


def test_local_errors_are_those_of_the_standard_library_too(client: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    client.write_bytes("file", CONTENT)
    expected: list[tuple[type[OSError], type[libftps.Error], Callable[[], object]]] = [
        (FileNotFoundError, libftps.LocalFileNotFound, lambda: client.upload(tmp_path / "missing", "new")),
        (FileNotFoundError, libftps.LocalFileNotFound, lambda: client.download("file", tmp_path / "missing" / "new")),
        (IsADirectoryError, libftps.LocalIsADirectory, lambda: client.upload(tmp_path, "new")),
        (IsADirectoryError, libftps.LocalIsADirectory, lambda: client.download("file", tmp_path)),
        (NotADirectoryError, libftps.LocalNotADirectory, lambda: client.download("file", tmp_path / "file" / "new")),
    ]
    for standard, kind, call in expected:
        with pytest.raises(standard) as caught:
            call()
        assert type(caught.value) is kind and isinstance(caught.value, libftps.LocalError)
        assert caught.value.strerror == os.strerror(caught.value.errno or 0)
        assert caught.value.strerror in str(caught.value)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_what_the_system_does_not_permit_is_a_permission_error(number: int) -> None:
    # Asked directly: root, who may be running this, is permitted everything.
    kind = class_of(libftps.LocalError.status, number)
    assert kind is libftps.LocalPermissionDenied and issubclass(kind, (libftps.LocalError, PermissionError))


def test_a_cut_download_is_an_error(strict: StartStrict, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    with strict(root=tmp_path, fault=["RETR#*@end=no-close-notify"]).client() as client:
        for call in (
            lambda: client.read_bytes("file"),
            lambda: client.download("file", tmp_path / "got"),
            lambda: client.download("file", io.BytesIO()),
        ):
            with pytest.raises(libftps.Truncated):
                call()


def test_a_source_that_fails_leaves_nothing_whole(server: StrictServer) -> None:
    class Failing:
        def read(self, size: int) -> bytes:
            raise OSError("disk on fire")

    with server.client() as client:
        with pytest.raises(OSError, match="disk on fire") as caught:
            client.upload(Failing(), "file")
        assert type(caught.value) is OSError
        assert client.current_directory() == "/"
    assert server.account()["uploads_completed"] == 0


def test_real_servers_take_all_ways_of_transfer(demanding: RealServer, tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(CONTENT)
    with demanding.client(resumption="require") as client:
        client.change_directory(demanding.home)
        client.upload(tmp_path / "here", "path")
        client.upload(io.BytesIO(CONTENT), "object")
        client.upload(tmp_path / "here", "atomic", atomic=True)
        with client.open("opened", "wb") as file:
            file.write(CONTENT)
        with pytest.raises(KeyError), client.open("half", "wb") as file:
            file.write(CONTENT)
            raise KeyError
        for name in ("path", "object", "atomic", "opened"):
            assert client.read_bytes(name) == CONTENT
            with client.open(name) as file:
                file.seek(1_000_000)
                assert file.read() == CONTENT[1_000_000:]
        assert client.read_bytes("path", 10, 10) == CONTENT[10:20]
    account = demanding.account()
    assert (account.full, account.refused) == (0, 0)
