"""Commands, and what a refusal means."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from support.servers import RealServer, StartStrict

import libftps
from libftps import Client


@pytest.fixture
def client(strict: StartStrict, tmp_path: Path) -> Iterator[Client]:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner").write_bytes(b"1")
    with strict(root=tmp_path, hashes="hash").client() as client:
        yield client


def test_a_command_returns_its_reply_whatever_the_code(client: Client) -> None:
    reply = client.command("NOOP")
    assert (reply.code, reply.raw) == (200, b"200 " + reply.text.encode() + b"\r\n")
    assert client.command("XYZZY", "argument").code == 502 or client.command("XYZZY").code == 500


def test_sizes_times_and_existence(client: Client) -> None:
    when = datetime(2020, 2, 29, 12, 30, 15, tzinfo=timezone(timedelta(hours=2)))
    assert client.size("file") == 7
    client.set_modification_time("file", when)
    assert client.modified("file") == when
    assert client.modified("file").utcoffset() == timedelta(0)
    client.set_modification_time("file", 1_000_000_000.9)
    assert client.modified("file") == datetime(2001, 9, 9, 1, 46, 40, tzinfo=timezone.utc)
    assert [client.exists(path) for path in ("file", "folder", "/", ".", "missing", "folder/inner", "folder/no")] == [
        True, True, True, True, False, True, False,
    ]  # fmt: skip


def test_a_time_without_a_zone_is_refused(client: Client) -> None:
    with pytest.raises(libftps.InvalidArgument, match="zone"):
        client.set_modification_time("file", datetime(2020, 1, 1))


def test_directories_are_made_entered_renamed_and_removed(client: Client) -> None:
    assert client.make_directory("new") == "/new"
    client.change_directory("new")
    assert client.current_directory() == "/new"
    client.change_to_parent()
    client.rename("new", "newer")
    client.remove_directory("newer")
    client.delete("file")
    assert sorted(client.names()) == ["folder"]


def test_an_entry_is_what_the_server_says_of_one_path(client: Client) -> None:
    entry = client.entry("file")
    assert (entry.is_file, entry.size) == (True, 7)
    assert client.entry("folder").is_directory


def test_hashes_are_the_servers(client: Client, tmp_path: Path) -> None:
    assert client.has_hash("sha256")
    assert client.hash("file") == hashlib.sha256(b"content").hexdigest()
    assert client.hash("file", "sha1") == hashlib.sha1(b"content").hexdigest()
    (tmp_path / "local").write_bytes(b"content")
    assert client.verify(tmp_path / "local", "file").startswith("sha")
    (tmp_path / "local").write_bytes(b"CONTENT")
    with pytest.raises(libftps.Mismatch):
        client.verify(tmp_path / "local", "file")
    with pytest.raises(libftps.InvalidArgument, match="md4"):
        client.hash("file", "md4")  # type: ignore[arg-type]


def test_questions_about_the_server(client: Client) -> None:
    assert client.has_feature("MLST")
    assert not client.has_feature("XYZZY")
    assert client.system().text.startswith("UNIX")
    assert client.status().code in (211, 212, 213)
    client.set_mlst_facts("type;size;")
    client.set_type("A")
    client.set_type("I")
    client.keep_alive()


def test_permissions_and_the_umask_are_octal(strict: StartStrict) -> None:
    sent: list[tuple[bool, str]] = []
    server = strict(answer=["SITE=200 Done."])
    with server.client(dialogue=lambda received, line: sent.append((received, line))) as client:
        client.set_permissions("file", 0o640)
        client.set_umask(0o027)
    assert (False, "SITE CHMOD 640 file") in sent
    assert (False, "SITE UMASK 027") in sent


def test_names_of_any_bytes_go_there_and_back(demanding: RealServer) -> None:
    raw = "wörter ".encode() + b"\xff\xfe"
    with demanding.client() as client:
        client.change_directory(demanding.home)
        client.write_bytes(raw, b"odd")
        (name,) = [entry.name for entry in client.list() if entry.raw_name == raw]
        assert name == raw.decode("utf-8", "surrogateescape")
        assert client.read_bytes(name) == b"odd"
        with client.open(name) as file:
            assert (file.read(), file.name) == (b"odd", name)


def test_names_are_in_the_character_set_of_the_server(strict: StartStrict) -> None:
    with strict(latin1=True).client(charset="iso-8859-1") as client:
        client.write_bytes("größe", b"1")
        assert [(entry.name, entry.raw_name) for entry in client.list() if entry.is_file] == [("größe", b"gr\xf6\xdfe")]
        with pytest.raises(FileNotFoundError) as caught:
            client.size("fehlt-ß")
        assert caught.value.filename == "fehlt-ß"
        with pytest.raises(libftps.InvalidArgument, match="character set"):
            client.size("日本")


@pytest.mark.parametrize("path", ["a\r\nDELE b", "a\nb", "a\0b"])
def test_line_ends_and_nul_in_a_path_are_refused(client: Client, path: str) -> None:
    for call in (client.size, client.delete, client.open, client.list, client.make_directory):
        with pytest.raises(libftps.InvalidArgument):
            call(path)
    client.noop()


MISSING: list[Callable[[Client], object]] = [
    lambda client: client.size("missing"),
    lambda client: client.modified("missing"),
    lambda client: client.delete("missing"),
    lambda client: client.rename("missing", "new"),
    lambda client: client.rename("file", "missing/new"),
    lambda client: client.change_directory("missing"),
    lambda client: client.remove_directory("missing"),
    lambda client: client.make_directory("missing/new"),
    lambda client: client.list("missing"),
    lambda client: client.iter_list("missing"),
    lambda client: client.entry("missing"),
    lambda client: client.read_bytes("missing"),
    lambda client: client.read_bytes("missing", 1, 2),
    lambda client: client.write_bytes("missing/new", b""),
    lambda client: client.download("missing", "/dev/null"),
    lambda client: client.open("missing"),
    lambda client: client.open("missing/new", "wb"),
    lambda client: client.hash("missing"),
    lambda client: client.delete_tree("missing"),
]


@pytest.mark.parametrize("number", range(len(MISSING)))
def test_what_is_missing_is_a_file_not_found_error(client: Client, number: int) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        MISSING[number](client)
    assert isinstance(caught.value, libftps.Refused)
    assert caught.value.errno == errno.ENOENT
    assert "missing" in str(caught.value.filename)
    assert client.size("file") == 7


PROTECTED: list[tuple[str, Callable[[Client], object]]] = [
    ("RETR", lambda client: client.read_bytes("file")),
    ("RETR", lambda client: client.open("file")),
    ("DELE", lambda client: client.delete("file")),
    ("CWD", lambda client: client.change_directory("folder")),
    ("STOR", lambda client: client.write_bytes("folder/new", b"")),
    ("STOR", lambda client: client.open("file", "wb")),
    ("MKD", lambda client: client.make_directory("folder/new")),
    ("RNFR", lambda client: client.rename("file", "new")),
]


@pytest.mark.parametrize("verb, call", PROTECTED)
def test_what_exists_and_is_refused_is_a_permission_error(
    strict: StartStrict, tmp_path: Path, verb: str, call: Callable[[Client], object]
) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "folder").mkdir()
    # The text is not trusted.
    server = strict(root=tmp_path, answer=[f"{verb}=550 No such file or directory."])
    with server.client() as client, pytest.raises(PermissionError) as caught:
        call(client)
    assert isinstance(caught.value, libftps.PermissionDenied)
    assert (caught.value.reply_code, caught.value.errno) == (550, errno.EACCES)


def test_a_directory_that_exists_already_is_a_file_exists_error(client: Client) -> None:
    with pytest.raises(FileExistsError) as caught:
        client.make_directory("folder")
    assert caught.value.errno == errno.EEXIST
    # The message goes on saying what the server said.
    assert "550" in str(caught.value)


@pytest.mark.parametrize(
    "call", [lambda client: client.remove_directory("folder"), lambda client: client.change_directory("file")]
)
def test_a_refusal_for_another_reason_stays_a_refusal(client: Client, call: Callable[[Client], object]) -> None:
    with pytest.raises(libftps.Refused) as caught:
        call(client)
    assert type(caught.value) is libftps.Refused


def test_where_nothing_can_tell_a_refusal_stays_a_refusal(strict: StartStrict) -> None:
    answers = ["RETR=550 No.", "MLST=502 No.", "LIST=451 No.", "MLSD=451 No.", "SIZE=451 No."]
    with strict(answer=answers).client() as client, pytest.raises(libftps.Refused) as caught:
        client.read_bytes("file")
    assert type(caught.value) is libftps.Refused


def test_real_servers_tell_what_is_missing(demanding: RealServer) -> None:
    with demanding.client() as client:
        client.change_directory(demanding.home)
        client.write_bytes("file", b"1")
        client.make_directory("folder")
        for number, call in enumerate(MISSING):
            # They list what is not there as empty, or have no hashes.
            if number in (8, 9, 17):
                continue
            with pytest.raises(FileNotFoundError):
                call(client)
        with pytest.raises(FileExistsError):
            client.make_directory("folder")
        assert client.size("file") == 1
