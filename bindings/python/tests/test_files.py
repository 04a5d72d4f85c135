"""Files of the server as file objects: they seek, they buffer, and a half one never looks whole."""

from __future__ import annotations

import contextlib
import csv
import gc
import io
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.servers import StartStrict, StrictServer

import libftps
from libftps import Client

CONTENT = bytes(index * 7 % 256 for index in range(1_000_000))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "big.bin").write_bytes(CONTENT)
    return tmp_path


@pytest.fixture
def server(strict: StartStrict, root: Path) -> StrictServer:
    return strict(root=root)


@pytest.fixture
def client(server: StrictServer) -> Any:
    with server.client() as client:
        yield client


def test_a_raw_file_reads_into_the_callers_buffer(client: Client) -> None:
    with client.open("big.bin", buffering=0) as file:
        assert isinstance(file, io.RawIOBase)
        buffer = bytearray(300_000)
        assert file.readinto(buffer) == 300_000
        assert buffer == CONTENT[:300_000]
        assert file.tell() == 300_000


def test_a_file_is_read_to_its_end_and_then_gives_nothing(client: Client) -> None:
    with client.open("big.bin") as file:
        assert file.read() == CONTENT
        assert file.read() == b""
        assert file.read(1) == b""


def test_a_file_can_be_read_from_an_offset(client: Client) -> None:
    with client.open("big.bin", offset=999_990) as file:
        assert file.tell() == 999_990
        assert file.read() == CONTENT[999_990:]


@pytest.mark.parametrize("buffering", [0, -1, 16])
def test_seeking_reads_from_there(client: Client, buffering: int) -> None:
    with client.open("big.bin", buffering=buffering) as file:
        assert file.seekable()
        for position in (500_000, 10, 900_000, 900_020, 0, 999_999, 1_000_000):
            assert file.seek(position) == position
            assert file.read(10) == CONTENT[position : position + 10]
        assert file.seek(-10, io.SEEK_END) == 999_990
        assert file.read(100) == CONTENT[-10:]
        assert file.seek(2_000_000) == 2_000_000
        assert file.read(10) == b""


def test_seeking_on_by_little_goes_on_with_the_same_download(server: StrictServer, client: Client) -> None:
    with client.open("big.bin", buffering=0) as file:
        for position in range(0, 1_000_000, 50_000):
            file.seek(position)
            assert file.read(10) == CONTENT[position : position + 10]
    client.quit()
    assert server.account()["data_connections"] == 1


def test_zipfile_reads_and_writes(client: Client) -> None:
    with client.open("archive.zip", "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(5):
            archive.writestr(f"{index}.bin", CONTENT[: 1000 * index])
    with client.open("archive.zip") as written, zipfile.ZipFile(written) as archive:
        assert archive.testzip() is None
        assert archive.read("4.bin") == CONTENT[:4000]


def test_copyfileobj_copies_both_ways(client: Client) -> None:
    copy = io.BytesIO()
    with client.open("big.bin") as file:
        shutil.copyfileobj(file, copy)
    assert copy.getvalue() == CONTENT
    copy.seek(0)
    with client.open("copy.bin", "wb") as file:
        shutil.copyfileobj(copy, file)
    assert client.read_bytes("copy.bin") == CONTENT


def test_csv_reads_and_writes_text(client: Client) -> None:
    rows = [["a", "ä"], ["1", "two\nlines"]]
    with client.open("table.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)
    with client.open("table.csv", "r", newline="") as file:
        assert list(csv.reader(file)) == rows


def test_pythons_own_buffers_and_text_wrap_a_raw_file(client: Client) -> None:
    with io.BufferedWriter(client.open("text", "wb", buffering=0)) as file:
        file.write("wörter\n".encode("latin-1") * 10_000)
    with io.TextIOWrapper(io.BufferedReader(client.open("text", buffering=0)), "latin-1") as text:
        assert text.readlines() == ["wörter\n"] * 10_000


def test_appending_adds_to_what_is_there(client: Client) -> None:
    client.write_bytes("log", b"one\n")
    with client.open("log", "ab") as file:
        file.write(b"two\n")
    assert client.read_bytes("log") == b"one\ntwo\n"


def test_writing_from_an_offset_replaces_the_end(client: Client) -> None:
    client.write_bytes("file", b"0123456789")
    with client.open("file", "wb", offset=5) as file:
        file.write(b"abcde")
    assert client.read_bytes("file") == b"01234abcde"


@pytest.mark.parametrize("data", [bytearray(b"abcd"), memoryview(b"abcd"), memoryview(b"a b c d ")[::2]])
def test_all_that_is_like_bytes_can_be_written(client: Client, data: Any) -> None:
    with client.open("file", "wb", buffering=0) as file:
        assert file.write(data) == 4
    assert client.read_bytes("file") == b"abcd"


@pytest.mark.parametrize(
    "mode, options, complaint",
    [
        ("r+", {}, "mode"),
        ("xb", {}, "mode"),
        ("rbt", {}, "mode"),
        ("ab", {"offset": 1}, "offset"),
        ("rb", {"offset": -1}, "offset"),
        ("r", {"buffering": 0}, "buffering"),
        ("rb", {"encoding": "utf-8"}, "encoding"),
    ],
)
def test_what_a_file_cannot_be_is_refused(client: Client, mode: str, options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        client.open("big.bin", mode, **options)
    assert client.size("big.bin") == 1_000_000


def test_a_missing_file_is_told_when_it_is_opened(client: Client) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        client.open("missing")
    assert caught.value.filename == "missing"


def test_a_truncated_download_is_an_error_where_it_is_read(strict: StartStrict, root: Path) -> None:
    with strict(root=root, fault=["RETR@end=no-close-notify"]).client() as client, client.open("big.bin") as file:
        with pytest.raises(libftps.Truncated):
            file.read()
        with pytest.raises(libftps.WrongState, match="seek"):
            file.read()
        file.seek(999_000)
        assert file.read() == CONTENT[999_000:]


def test_a_command_while_a_file_is_open_is_told_what_to_do(client: Client) -> None:
    with client.open("big.bin") as file:
        file.read(10)
        for command in (lambda: client.size("big.bin"), lambda: client.list(), lambda: client.open("big.bin")):
            with pytest.raises(libftps.WrongState, match=r"'big.bin' is open.*close the file"):
                command()
        assert client.usable
    assert client.size("big.bin") == 1_000_000


def test_a_file_that_was_read_to_its_end_is_in_nobodys_way(client: Client) -> None:
    with client.open("big.bin") as file:
        file.read()
        assert client.size("big.bin") == 1_000_000
        file.seek(0)
        assert file.read(5) == CONTENT[:5]


def test_using_a_closed_file_is_an_error(client: Client) -> None:
    file, raw = client.open("new", "wb"), client.open
    file.close()
    file.close()
    for use in (lambda: file.write(b""), file.tell, file.flush):
        with pytest.raises(ValueError):
            use()
    closed = raw("big.bin", buffering=0)
    closed.close()
    with pytest.raises(libftps.Closed):
        closed.read(1)


class Given(Exception):
    """What goes wrong in a caller's block."""


def raised_in_our_buffer(client: Client) -> None:
    with client.open("half.bin", "wb") as file:
        file.write(CONTENT)
        raise Given


def raised_over_the_raw_file(client: Client) -> None:
    with client.open("half.bin", "wb", buffering=0) as file:
        file.write(CONTENT)
        raise Given


def raised_over_pythons_buffer(client: Client) -> None:
    with io.BufferedWriter(client.open("half.bin", "wb", buffering=0)) as file:
        file.write(CONTENT)
        raise Given


def raised_over_text(client: Client) -> None:
    with client.open("half.bin", "w") as file:
        file.write("text" * 100_000)
        raise Given


def raised_over_pythons_text(client: Client) -> None:
    raw = client.open("half.bin", "wb", buffering=0)
    with io.TextIOWrapper(io.BufferedWriter(raw)) as file:
        file.write("text" * 100_000)
        raise Given


def raised_before_a_finally_that_closes(client: Client) -> None:
    file = client.open("half.bin", "wb")
    try:
        file.write(CONTENT)
        raise Given
    finally:
        file.close()


def raised_in_a_zip_archive(client: Client) -> None:
    with client.open("half.bin", "wb") as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", CONTENT)
        raise Given


def raised_in_the_clients_block(client: Client) -> None:
    with client:
        file = client.open("half.bin", "wb")
        file.write(CONTENT)
        raise Given


def raised_before_contextlib_closes(client: Client) -> None:
    with contextlib.closing(client.open("half.bin", "wb")) as file:
        file.write(CONTENT)
        raise Given


def handled_where_the_file_is_closed(client: Client) -> None:
    file = client.open("half.bin", "wb")
    try:
        raise Given
    except Given:
        file.write(CONTENT)
        file.close()


QUIET = [
    raised_in_our_buffer,
    raised_over_the_raw_file,
    raised_over_text,
    raised_in_a_zip_archive,
    raised_in_the_clients_block,
]
CLOSED_MEANWHILE = [
    raised_over_pythons_buffer,
    raised_over_pythons_text,
    raised_before_a_finally_that_closes,
    raised_before_contextlib_closes,
    handled_where_the_file_is_closed,
]


@pytest.mark.parametrize("block", QUIET)
def test_an_exception_that_leaves_a_block_aborts_the_upload(server: StrictServer, block: Callable[..., None]) -> None:
    client = server.client().connect()
    with pytest.raises(Given) as caught:
        block(client)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    if not client.closed:
        assert client.current_directory() == "/"
    client.close()
    assert server.account()["uploads_completed"] == 0


@pytest.mark.parametrize("block", CLOSED_MEANWHILE)
def test_closing_while_an_exception_is_handled_aborts_and_says_so(
    server: StrictServer, block: Callable[..., None]
) -> None:
    client = server.client().connect()
    with pytest.raises(libftps.WrongState, match=r"'half.bin' was aborted.*`with` block") as caught:
        block(client)
    assert isinstance(caught.value.__context__, Given)
    assert client.current_directory() == "/"
    client.close()
    assert server.account()["uploads_completed"] == 0


def test_what_ends_the_program_passes_through_a_close_unchanged(server: StrictServer) -> None:
    with server.client() as client:
        with pytest.raises(KeyboardInterrupt), io.BufferedWriter(client.open("half.bin", "wb", buffering=0)) as file:
            file.write(CONTENT)
            raise KeyboardInterrupt
        assert client.current_directory() == "/"
    assert server.account()["uploads_completed"] == 0


def test_a_file_that_is_opened_where_an_exception_is_handled_can_be_closed_there(client: Client) -> None:
    try:
        raise Given
    except Given:
        file = client.open("whole.bin", "wb")
        file.write(CONTENT)
        file.close()
    assert client.size("whole.bin") == len(CONTENT)


def test_a_file_that_is_opened_in_an_inner_handler_can_be_closed_in_the_outer_one(client: Client) -> None:
    try:
        raise Given
    except Given:
        try:
            raise KeyError
        except KeyError:
            file = client.open("whole.bin", "wb")
        file.write(CONTENT)
        file.close()
    assert client.size("whole.bin") == len(CONTENT)


def test_an_exception_that_follows_the_one_handled_at_opening_aborts_the_upload(server: StrictServer) -> None:
    with server.client() as client:
        try:
            raise Given
        except Given:
            file = client.open("half.bin", "wb")
            try:
                raise KeyError
            except KeyError:
                with pytest.raises(libftps.WrongState, match="was aborted"):
                    file.close()
    assert server.account()["uploads_completed"] == 0


def lost_our_buffer(client: Client) -> None:
    client.open("half.bin", "wb").write(CONTENT[:1000])


def lost_the_raw_file(client: Client) -> None:
    client.open("half.bin", "wb", buffering=0).write(CONTENT[:1000])


def lost_pythons_buffer(client: Client) -> None:
    io.BufferedWriter(client.open("half.bin", "wb", buffering=0)).write(CONTENT[:1000])


def lost_text(client: Client) -> None:
    client.open("half.bin", "w").write("text")


def lost_pythons_text(client: Client) -> None:
    io.TextIOWrapper(client.open("half.bin", "wb")).write("text")


def lost_in_a_cycle(client: Client) -> None:
    file: Any = client.open("half.bin", "wb")
    file.write(b"text")
    file.itself = file
    del file
    gc.collect()


LOST = [lost_our_buffer, lost_the_raw_file, lost_pythons_buffer, lost_text, lost_pythons_text, lost_in_a_cycle]


@pytest.mark.parametrize("lose", LOST)
def test_an_upload_that_is_lost_is_aborted(server: StrictServer, lose: Callable[[Client], None]) -> None:
    with server.client() as client:
        lose(client)
        # At once, without a word of the garbage collector.
        assert client.current_directory() == "/"
    assert server.account()["uploads_completed"] == 0


def test_an_upload_that_is_lost_with_its_client_is_aborted_before_long(server: StrictServer) -> None:
    client = server.client().connect()
    file = client.open("half.bin", "wb")
    file.write(CONTENT)
    del client, file
    with server.client() as other:
        deadline = time.monotonic() + 10
        while other.command("SITE", "COUNTERS").text.count("data_active=1") and time.monotonic() < deadline:
            time.sleep(0.05)
    assert server.account()["uploads_completed"] == 0


def test_a_file_that_is_left_open_in_a_clients_block_is_an_error(server: StrictServer) -> None:
    with pytest.raises(libftps.WrongState, match="still being written"), server.client() as client:
        file = client.open("half.bin", "wb")
        file.write(CONTENT)
    with pytest.raises(libftps.Closed):
        file.close()
    assert server.account()["uploads_completed"] == 0


def test_a_refused_end_of_an_upload_is_an_error_of_close(strict: StartStrict) -> None:
    with strict(fault=["STOR@final=reply:452 Disk full."]).client() as client:
        file = client.open("new", "wb")
        file.write(b"1")
        with pytest.raises(libftps.Refused, match="Disk full") as caught:
            file.close()
        assert caught.value.reply_code == 452
        assert file.closed
        assert client.current_directory() == "/"


def test_abort_gives_an_upload_up(server: StrictServer) -> None:
    with server.client() as client:
        file = client.open("half.bin", "wb")
        file.write(CONTENT)
        file.abort()
        assert file.closed
        assert client.current_directory() == "/"
    assert server.account()["uploads_completed"] == 0


def test_cancelling_ends_the_open_file_and_nothing_later(client: Client) -> None:
    with client.open("big.bin") as file:
        file.read(10)
        client.cancel()
        with pytest.raises(libftps.Cancelled):
            file.read()
    client.cancel()
    assert client.size("big.bin") == 1_000_000
