"""A client's life: options, connection, login, end."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.servers import TLS_VERSIONS, RealServer, StartStrict

import libftps
from libftps import ActiveMode, Client, ListingOptions, Retry

CONTENT = bytes(index % 251 for index in range(100_000))


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("tls", TLS_VERSIONS)
def test_a_login_transfers_with_every_data_connection_resumed(strict: StartStrict, tls: str) -> None:
    server = strict(tls=tls)
    with server.client(resumption="require") as client:
        assert client.tls_version == tls
        for index in range(20):
            client.write_bytes(f"{index}", CONTENT)
            assert client.read_bytes(f"{index}") == CONTENT
        assert len(client.names()) == 20
        statistics = client.statistics
    assert (statistics.data_connections, statistics.resumed, statistics.full) == (41, 41, 0)
    assert client.statistics == statistics
    account = server.account()
    assert (account.logins, account.resumed, account.full) == (1, 41, 0)


def test_two_hundred_transfers_in_one_login_all_resume(demanding: RealServer) -> None:
    with demanding.client(resumption="require") as client:
        client.change_directory(demanding.home)
        for index in range(100):
            client.write_bytes("file", CONTENT[index:])
            assert client.read_bytes("file") == CONTENT[index:]
        assert client.statistics.resumed == 200
    account = demanding.account()
    assert (account.full, account.refused) == (0, 0)
    assert account.resumed >= 200


def test_connect_returns_the_client_and_quit_ends_it(strict: StartStrict) -> None:
    client = strict().client()
    assert (client.connected, client.usable, client.closed) == (False, False, False)
    assert client.connect() is client
    assert (client.connected, client.usable, client.closed) == (True, True, False)
    client.quit()
    assert (client.connected, client.usable, client.closed) == (False, False, True)
    client.close()


def test_a_block_may_begin_with_a_client_that_is_connected(strict: StartStrict) -> None:
    server = strict()
    with server.client().connect() as client:
        client.noop()
    assert server.account().logins == 1


def test_without_a_user_the_login_is_a_call_of_its_own(strict: StartStrict) -> None:
    with strict().client(user=None, password=None) as client:
        client.login("user", "password")
        assert client.current_directory() == "/"


def test_a_refused_login_can_be_made_again(strict: StartStrict) -> None:
    with strict().client(user=None) as client:
        with pytest.raises(libftps.LoginRefused) as caught:
            client.login("user", "wrong")
        assert caught.value.reply_code == 530
        client.login("user", "password")


EVERY_CALL: list[Callable[[Client], object]] = [
    Client.connect,
    Client.noop,
    Client.list,
    Client.iter_list,
    Client.walk,
    Client.quit,
    lambda client: client.login("user", "password"),
    lambda client: client.open("file"),
    lambda client: client.open("file", "wb"),
    lambda client: client.write_bytes("file", b""),
    lambda client: client.set_rate_limits(1, 1),
    lambda client: client.tls_version,
]


@pytest.mark.parametrize("call", EVERY_CALL)
def test_a_closed_client_says_so(strict: StartStrict, call: Callable[[Client], object]) -> None:
    client = strict().client().connect()
    client.close()
    with pytest.raises(libftps.Closed, match="closed") as caught:
        call(client)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("call", EVERY_CALL[1:8])
def test_a_client_that_is_not_connected_says_so(call: Callable[[Client], object]) -> None:
    with pytest.raises(libftps.WrongState, match=r"not connected: call connect\(\) first"):
        call(Client("127.0.0.1"))


@pytest.mark.parametrize(
    "host, complaint",
    [
        ("ftps://host", "alone.*by port="),
        ("host:21", "alone.*by port="),
        ("user@host", "alone"),
        ("host/folder", "alone"),
        ("[::1]", "without .*brackets"),
        ("", "empty"),
        (b"host", "no text"),
        (None, "no text"),
    ],
)
def test_what_is_no_host_is_refused_and_told_what_to_give(host: Any, complaint: str) -> None:
    for make in (Client, lambda host: libftps.Pool(host, "user")):
        with pytest.raises(libftps.InvalidArgument, match=f"host: .*{complaint}"):
            make(host)
    Client("::1")


def test_a_client_is_connected_once(strict: StartStrict) -> None:
    with strict().client() as client:
        with pytest.raises(libftps.WrongState, match="connected already"):
            client.connect()
        client.noop()


@pytest.mark.parametrize("option", ["connect_timeout", "reply_timeout", "data_timeout"])
@pytest.mark.parametrize("value", [None, "30"])
def test_a_timeout_that_is_no_number_is_refused_by_its_name(option: str, value: Any) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(libftps.InvalidArgument, match=f"{option}: {value!r}"):
        Client("127.0.0.1", **options)
    Client("127.0.0.1", operation_timeout=None, keep_alive=None)


def test_a_server_that_is_not_there_is_a_connect_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(libftps.ConnectError) as caught:
        Client("127.0.0.1", port=port).connect()
    assert caught.value.errno == 111


def test_a_silent_server_is_a_timeout(silent: int) -> None:
    with pytest.raises(TimeoutError) as caught:
        Client("127.0.0.1", port=silent, reply_timeout=0.3, connect_timeout=5).connect()
    assert isinstance(caught.value, libftps.Timeout)


def test_a_host_that_does_not_exist_is_a_resolve_error() -> None:
    with pytest.raises(libftps.ResolveError):
        Client("does-not-exist.invalid").connect()


def test_a_certificate_that_nobody_trusts_is_refused(strict: StartStrict) -> None:
    with pytest.raises(libftps.CertificateError):
        strict().client(ca_file=None).connect()


def test_a_client_whose_connection_broke_says_that_it_is_not_usable(strict: StartStrict) -> None:
    with strict(fault=["NOOP@reply=cut"]).client() as client:
        with pytest.raises(libftps.ConnectionLost):
            client.noop()
        assert (client.connected, client.usable) == (True, False)
        with pytest.raises(libftps.ConnectionBroken):
            client.noop()


OPTIONS: dict[str, Any] = {
    "resumption": "require",
    "relogin": False,
    "tolerate_missing_close_notify": True,
    "trust_passive_address": True,
    "announce_sizes": True,
    "minimum_tls": "1.2",
    "maximum_tls": "1.2",
    "pins": [],
    "server_name": "localhost",
    "bind_address": "127.0.0.1",
    "tcp_keep_alive": 30,
    "send_buffer": 100_000,
    "receive_buffer": 100_000,
    "proxy": None,
    "virtual_host": None,
    "clear_data": False,
    "connect_timeout": 10,
    "reply_timeout": 10.5,
    "data_timeout": 0.5,
    "operation_timeout": None,
    "active": ActiveMode(),
    "download_limit": 10**9,
    "upload_limit": 10**9,
    "line_ends": "lf",
    "retry": Retry(1),
    "keep_alive": 5,
    "charset": "windows-1252",
    "listing": ListingOptions(arguments="-a", command=libftps.ListingCommand.LIST),
    "server_clock": None,
    "verify": True,
    "crl_data": None,
    "client_certificate": None,
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_taken_and_the_client_works(strict: StartStrict, option: str) -> None:
    with strict().client(**{option: OPTIONS[option]}) as client:
        client.write_bytes("file", CONTENT)
        assert client.read_bytes("file") == CONTENT
        if option == "maximum_tls":
            assert client.tls_version == "1.2"


@pytest.mark.parametrize(
    "options",
    [
        {"port": 0},
        {"resumption": "maybe"},
        {"minimum_tls": "1.1"},
        {"pins": ["00"]},
        {"connect_timeout": 0},
        {"data_timeout": -1},
        {"reply_timeout": 1e12},
        {"charset": "no-such-set"},
        {"proxy": "ftp://host"},
        {"line_ends": "cr"},
        {"server_name": "a\0b"},
        {"port": "ftp"},
        {"port": 70_000},
        {"port": -1},
        {"download_limit": -5},
        {"active": ActiveMode(first_port=-1)},
        {"retry": Retry(attempts=-1)},
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_the_constructor(options: dict[str, Any]) -> None:
    with pytest.raises(libftps.InvalidArgument) as caught:
        Client("127.0.0.1", **options)
    assert isinstance(caught.value, ValueError)


def test_an_option_that_does_not_exist_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="'timeout'"):
        Client("127.0.0.1", timeout=5)  # type: ignore[call-arg]


def test_certificates_may_be_given_as_content_and_as_pins(strict: StartStrict) -> None:
    server = strict()
    with server.client(ca_file=None, ca_data=server.ca.read_text()) as client:
        client.noop()
    with server.client(ca_file=None, verify=False) as client:
        client.noop()
    with pytest.raises(libftps.CertificateError, match=r"[0-9a-f]{64}|pin"):
        server.client(ca_file=None, pins=["0" * 64]).connect()


def test_a_client_certificate_may_be_two_files_or_content(strict: StartStrict, tmp_path: Path) -> None:
    prefix = tmp_path / "client"
    server = strict(client_certificate="required", client_out=prefix)
    chain, key = Path(f"{prefix}.pem"), Path(f"{prefix}.key")
    with server.client(client_certificate=(chain, key)) as client:
        client.noop()
    with server.client(client_certificate_data=(chain.read_text(), key.read_bytes())) as client:
        client.write_bytes("file", CONTENT)
    with pytest.raises(libftps.Error):
        server.client().connect()


def test_options_that_may_change_change_while_connected(strict: StartStrict) -> None:
    with strict().client() as client:
        client.set_active_mode()
        client.write_bytes("file", CONTENT)
        client.set_passive_mode()
        client.set_timeouts(reply=5, data=5, operation=None)
        client.set_rate_limits(download=10**9)
        client.set_listing(command=libftps.ListingCommand.LIST)
        client.set_keep_alive(1)
        client.set_line_ends("lf")
        client.set_retry(Retry(2))
        client.set_server_clock(None)
        client.set_log(False)
        client.set_dialogue(None)
        assert client.list()[0].raw.startswith(b"-rw")
        with client.open("file") as file:
            client.set_rate_limits(download=50_000_000)
            assert file.read() == CONTENT


def test_an_error_tells_all_that_is_known_and_can_be_pickled(strict: StartStrict) -> None:
    with strict().client() as client, pytest.raises(FileNotFoundError) as caught:
        client.size("missing")
    error = caught.value
    assert isinstance(error, libftps.FileNotFound)
    assert (error.reply_code, error.reply_text, error.status) == (550, "No such file or directory.", 13)
    assert (error.filename, error.tls_alert, error.bytes_moved) == ("missing", None, 0)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.reply_code, copy.filename) == (type(error), str(error), 550, "missing")
    assert (copy.errno, copy.strerror) == (error.errno, error.strerror) == (errno.ENOENT, os.strerror(errno.ENOENT))


def test_a_client_that_is_to_be_pickled_says_that_each_process_needs_its_own() -> None:
    with pytest.raises(TypeError, match="in each process"):
        pickle.dumps(Client("127.0.0.1"))


def test_a_clients_descriptors_are_closed_when_it_is_lost(strict: StartStrict) -> None:
    server = strict()
    folder = Path("/proc/self/fd")
    before = len(list(folder.iterdir()))
    for _ in range(10):
        server.client().connect()
    gc.collect()
    deadline = time.monotonic() + 10
    while len(list(folder.iterdir())) > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(list(folder.iterdir())) <= before
