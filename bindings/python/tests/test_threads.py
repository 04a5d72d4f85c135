"""Threads: clients of their own transfer at the same time; one client says that it is busy, and never crashes."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.servers import StartStrict

import libftps
from libftps import Client

CONTENT = bytes(index % 253 for index in range(200_000))


def test_threads_with_clients_of_their_own_transfer_without_mistakes(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(root=tmp_path)

    def work(number: int) -> None:
        mine = CONTENT[number:] + bytes([number]) * 1000
        with server.client() as client:
            for round in range(8):
                name = f"{number}-{round}"
                client.upload(io.BytesIO(mine), name, progress=lambda moved: None)
                with client.open(name) as file:
                    assert file.read() == mine
                assert client.read_bytes(name) == mine
                assert name in [entry.name for entry in client.iter_list()]

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))
    account = server.account()
    assert account["uploads_completed"] == 16 * 8
    assert account.full == 0


def test_a_call_that_waits_lets_other_threads_run(strict: StartStrict) -> None:
    """Each of four replies takes half a second: one after the other they would take two."""
    server = strict(fault=["#*@reply=delay:0", "NOOP#*@reply=delay:500"])
    clients = [server.client().connect() for _ in range(4)]
    begin = time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Client.noop, clients))
    assert time.monotonic() - begin < 1.5
    for client in clients:
        client.quit()


def test_many_threads_on_one_client_are_told_that_it_is_busy(strict: StartStrict, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    server = strict(root=tmp_path)
    done: list[int] = []
    busy: list[int] = []
    others: list[Exception] = []

    def work(number: int) -> None:
        calls: list[Callable[[], object]] = [
            client.noop,
            lambda: client.size("file"),
            client.list,
            lambda: client.read_bytes("file"),
            lambda: client.write_bytes(f"new{number}", CONTENT),
            lambda: list(client.iter_list()),
            lambda: client.open("file").read(1000),
            lambda: client.statistics,
            lambda: client.size("missing"),
        ]
        for round in range(60):
            try:
                calls[(number + round) % len(calls)]()
            except (libftps.Busy, libftps.WrongState):
                busy.append(number)
            except FileNotFoundError as error:
                assert "missing" in str(error)
            except Exception as error:
                others.append(error)
            else:
                done.append(number)

    with server.client() as client:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert others == []
        assert done and busy
        assert client.size("file") == len(CONTENT)


def test_a_second_call_is_told_that_the_client_is_busy(strict: StartStrict) -> None:
    with strict(fault=["NOOP@reply=delay:1000"]).client() as client:
        thread = threading.Thread(target=client.noop)
        thread.start()
        time.sleep(0.3)
        with pytest.raises(libftps.Busy):
            client.size("file")
        thread.join()
        assert client.current_directory() == "/"


def test_a_call_in_a_callback_is_told_that_the_client_is_busy(strict: StartStrict) -> None:
    seen: list[BaseException] = []

    def progress(moved: int) -> None:
        try:
            client.noop()
        except libftps.Error as error:
            seen.append(error)

    with strict().client() as client:
        client.upload(CONTENT, "new", progress=progress)
        assert seen and all(isinstance(error, libftps.Busy) for error in seen)


def test_another_client_can_be_used_in_a_callback(strict: StartStrict) -> None:
    server = strict()
    with server.client() as client, server.client() as other:
        client.upload(CONTENT, "new", progress=lambda moved: other.write_bytes("other", b"%d" % moved))
        assert other.read_bytes("other") == b"%d" % len(CONTENT)


@pytest.mark.parametrize("end", [Client.close, Client.cancel])
def test_close_and_cancel_end_a_call_of_another_thread(strict: StartStrict, end: Callable[[Client], None]) -> None:
    client = strict(fault=["NOOP@reply=stall"]).client().connect()
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(client.noop)
        time.sleep(0.3)
        end(client)
        with pytest.raises(libftps.Cancelled):
            call.result(10)
    assert client.closed == (end is Client.close)
    client.close()


def test_close_in_a_callback_closes_once_the_call_has_ended(strict: StartStrict) -> None:
    client = strict().client().connect()
    with pytest.raises(libftps.Cancelled):
        client.upload(io.BytesIO(CONTENT * 10), "new", progress=lambda moved: client.close())
    assert client.closed
    with pytest.raises(libftps.Closed):
        client.noop()


def test_two_threads_can_close_at_once(strict: StartStrict) -> None:
    server = strict()
    for _ in range(20):
        client = server.client().connect()
        threads = [threading.Thread(target=client.close) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        assert client.closed
