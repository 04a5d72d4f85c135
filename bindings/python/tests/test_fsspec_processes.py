"""File systems of fsspec in other processes: what is written down of them, and how they find their login there."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fsspec import AbstractFileSystem
from support.programs import Program, run
from support.reading import read
from support.servers import StartStrict, StrictServer

import libftps
from libftps.fsspec import FTPSFileSystem, logins

PASSWORD = "correct-horse"


def provide(host: str, user: str | None) -> tuple[str, str]:
    """A provider of logins."""
    return user or "user", PASSWORD


@pytest.fixture
def server(strict: StartStrict) -> StrictServer:
    server = strict(user=f"user:{PASSWORD}")
    server.password = PASSWORD
    return server


@pytest.fixture(autouse=True)
def ignorant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This process was told no password, and has none written down."""
    monkeypatch.setattr(logins, "_known", {})
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("FTPS_HOST", "FTPS_USER", "FTPS_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def nobody(server: StrictServer) -> Iterator[FTPSFileSystem]:
    """A file system that was not told its password."""
    options = {name: value for name, value in server.options().items() if name != "password"}
    with_user = FTPSFileSystem(**options, wait=10)
    yield with_user
    logins._known[server.host, server.port, "user"] = PASSWORD
    with_user.close()


def file_system(server: StrictServer, **options: Any) -> FTPSFileSystem:
    return FTPSFileSystem(**{**server.options(), "ca_file": str(server.ca), **options})


def test_a_password_is_not_written_down(server: StrictServer) -> None:
    fs = file_system(server)
    fs.ls("/")
    for written in (pickle.dumps(fs).decode("latin-1"), fs.to_json(), repr(fs), str(fs.storage_options), fs._fs_token):
        assert PASSWORD not in written
    fs.close()


def test_a_password_is_written_down_by_explicit_choice(server: StrictServer) -> None:
    fs = file_system(server, pickle_credentials=True)
    logins._known.clear()
    for copy in (pickle.loads(pickle.dumps(fs)), AbstractFileSystem.from_json(fs.to_json())):
        logins._known.clear()
        assert copy == fs
        assert copy.ls("/") == []
    assert PASSWORD not in fs.to_json(include_password=False)
    fs.close()


def test_other_secrets_are_not_left_out_without_a_word() -> None:
    for options in (
        {"proxy": "socks5://me:secret@proxy:1080"},
        {"client_certificate_data": ("chain", "secret")},
    ):
        fs = FTPSFileSystem("host", user="user", **options)
        for write in (pickle.dumps, lambda fs: fs.to_json()):
            with pytest.raises(libftps.InvalidArgument, match="pickle_credentials=True"):
                write(fs)
        assert "secret" not in str(fs.storage_options)
        open_handed = FTPSFileSystem("host", user="user", pickle_credentials=True, **options)
        assert pickle.loads(pickle.dumps(open_handed)).storage_options == open_handed.storage_options


def test_equal_file_systems_are_equal_wherever_they_are(server: StrictServer) -> None:
    fs = file_system(server)
    assert pickle.loads(pickle.dumps(fs)) == fs == file_system(server)
    assert hash(pickle.loads(pickle.dumps(fs))) == hash(fs)
    assert file_system(server, user="other") != fs


def test_json_tells_the_options(server: StrictServer) -> None:
    written = json.loads(file_system(server, credentials=provide, reply_timeout=7.5).to_json())
    assert written["protocol"] == "ftps" and written["host"] == server.host and written["port"] == server.port
    assert written["credentials"] == f"{__name__}:provide" and written["reply_timeout"] == 7.5


def test_a_copy_in_the_same_process_knows_the_password(server: StrictServer) -> None:
    with closing(file_system(server)) as fs:
        assert pickle.loads(pickle.dumps(fs)).ls("/") == []


def test_a_pickled_file_goes_on_where_it_was(server: StrictServer) -> None:
    with closing(file_system(server)) as fs:
        fs.pipe_file("/file", b"content")
        with fs.open("/file") as file:
            file.read(3)
            assert pickle.loads(pickle.dumps(file)).read() == b"tent"
        with fs.open("/other", "wb") as file, pytest.raises(TypeError):
            pickle.dumps(file)


@pytest.mark.parametrize("provider", [provide, f"{__name__}:provide"])
def test_a_provider_tells_the_login(server: StrictServer, provider: Any) -> None:
    with closing(file_system(server, user=None, password=None, credentials=provider)) as fs:
        assert fs.ls("/") == []


def test_a_provider_is_asked_again_after_a_refusal(server: StrictServer) -> None:
    passwords = [PASSWORD, "expired"]
    with closing(file_system(server, password=None, credentials=lambda host, user: (user, passwords.pop()))) as fs:
        with pytest.raises(libftps.LoginRefused):
            fs.ls("/")
        assert fs.ls("/") == []


def test_a_provider_that_cannot_be_imported_is_an_error_that_names_it() -> None:
    for name in ("no_such_module:function", "os:no_such_function", "no-name"):
        with pytest.raises(libftps.InvalidArgument, match=name):
            FTPSFileSystem("host", credentials=name).ls("/")


def test_the_environment_tells_the_login(
    server: StrictServer, nobody: FTPSFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTPS_USER", "user")
    monkeypatch.setenv("FTPS_PASSWORD", PASSWORD)
    monkeypatch.setenv("FTPS_HOST", server.host)
    assert nobody.ls("/") == []


@pytest.mark.parametrize(("name", "value"), [("FTPS_HOST", "ftp.example.com"), ("FTPS_USER", "other")])
def test_the_environments_password_is_for_its_host_and_user_alone(
    server: StrictServer, nobody: FTPSFileSystem, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    told = {"FTPS_HOST": server.host, "FTPS_USER": "user", "FTPS_PASSWORD": PASSWORD, name: value}
    for variable, text in told.items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(libftps.InvalidArgument, match="no login is known for user at 127.0.0.1"):
        nobody.ls("/")


def test_the_netrc_file_tells_the_login(server: StrictServer, nobody: FTPSFileSystem, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine {server.host} login user password {PASSWORD}\n")
    (tmp_path / "netrc").chmod(0o600)
    assert nobody.ls("/") == []


def test_a_netrc_file_that_cannot_be_read_is_an_error_that_says_so(nobody: FTPSFileSystem, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("nonsense\n")
    with pytest.raises(libftps.InvalidArgument, match="netrc"):
        nobody.ls("/")


def test_a_password_without_a_user_is_an_error() -> None:
    with pytest.raises(libftps.InvalidArgument, match="without a user"):
        FTPSFileSystem("host", password="secret")


# What runs in programs of their own.

FORK = """
import multiprocessing
import warnings
from libftps.fsspec import FTPSFileSystem
from support.reading import read

# Forking while threads run is what is tested.
warnings.simplefilter("ignore", DeprecationWarning)
fs = FTPSFileSystem(**options, wait=10)
fs.pipe_file("/file", b"content")
file = fs.open("/file", block_size=2)
assert file.read(2) == b"co"
with multiprocessing.get_context("fork").Pool(3) as processes:
    found = processes.map(read, [fs] * 6, chunksize=1)
assert {content for _, content in found} == {b"content"}
assert os.getpid() not in {process for process, _ in found}
# This process has its connection still.
assert file.read() == b"ntent"
fs.close()
"""


def test_forked_processes_connect_by_themselves_and_know_the_password(
    server: StrictServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    run(FORK, server)
    account = server.account()
    assert account.logins > 1
    assert account.full == account.refused == 0


def test_fsspec_knows_the_protocol_without_an_import(server: StrictServer) -> None:
    found = run("import fsspec; print(fsspec.get_filesystem_class('ftps').__name__)", server)
    assert found == "FTPSFileSystem"


@pytest.mark.parametrize("source", ["environment", "provider", "pickle"])
def test_spawned_processes_get_the_password_from(
    server: StrictServer, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    if source == "environment":
        for name, value in {"HOST": server.host, "USER": "user", "PASSWORD": PASSWORD}.items():
            monkeypatch.setenv(f"FTPS_{name}", value)
    options = {"provider": {"credentials": provide}, "pickle": {"pickle_credentials": True}}
    with closing(file_system(server, **options.get(source, {}))) as fs:
        fs.pipe_file("/file", b"content")
        with multiprocessing.get_context("spawn").Pool(2) as processes:
            found = processes.map(read, [fs] * 4, chunksize=1)
    assert {content for _, content in found} == {b"content"}


def test_spawned_processes_without_a_password_say_what_is_missing(server: StrictServer) -> None:
    with (
        multiprocessing.get_context("spawn").Pool(1) as processes,
        pytest.raises(libftps.InvalidArgument, match="no login is known for user"),
    ):
        processes.map(read, [file_system(server)])


AT_EXIT = """
import warnings
from libftps.fsspec import FTPSFileSystem

fs = FTPSFileSystem(**options)
fs.pipe_file("/whole", b"")
warnings.simplefilter("ignore", ResourceWarning)
file = fs.open("/half", "wb")
file.write(b"half")
"""


@pytest.mark.parametrize(
    "ending", ["pass", "sys.exit(0)", "threading.Thread(target=fs.cat_file, args=['/whole']).start()"]
)
def test_the_interpreter_ends_quietly_with_connections_in_the_pool(server: StrictServer, ending: str) -> None:
    run(AT_EXIT + ending, server)
    assert server.account()["uploads_completed"] == 1


INTERRUPTED = """
from libftps.fsspec import FTPSFileSystem

fs = FTPSFileSystem(**options, maximum=1, wait=5)
fs.pipe_file("/file", bytes(3000000))
try:
    ready()
    {call}
except KeyboardInterrupt:
    print("caught", flush=True)
assert fs.size("/file") == 3000000
print(fs.ls("/", detail=False))
fs.close()
"""


@pytest.mark.parametrize(
    ("fault", "call"),
    [
        ("RETR@byte:1000000=stall", "fs.cat_file('/file')"),
        ("RETR@byte:1000000=stall", "fs.open('/file').read()"),
        ("STOR#2@byte:0=stall", "fs.pipe_file('/half', bytes(30000000))"),
    ],
)
def test_ctrl_c_ends_a_stalled_call_and_the_connection_goes_back(strict: StartStrict, fault: str, call: str) -> None:
    server = strict(user=f"user:{PASSWORD}", fault=[fault])
    server.password = PASSWORD
    with Program(INTERRUPTED.format(call=call), server) as program:
        assert program.interrupted_after(0.5) < 2
        assert "/file" in program.result()
