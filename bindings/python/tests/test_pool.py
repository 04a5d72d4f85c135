"""Pools: connections that are lent and come back."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.servers import RealServer, Server, StartStrict

import libftps
from libftps import Pool

CONTENT = bytes(index % 251 for index in range(100_000))


def pool_of(server: Server, **options: Any) -> Pool:
    return Pool(**{**server.options(), **options})


def test_a_connection_is_used_again(strict: StartStrict) -> None:
    server = strict()
    with pool_of(server) as pool:
        for index in range(10):
            with pool.lease() as client:
                assert client.current_directory() == "/"
                client.write_bytes(f"{index}", CONTENT)
                client.make_directory(f"d{index}")
                client.change_directory(f"d{index}")
        assert (pool.statistics.opened, pool.statistics.open, pool.statistics.idle) == (1, 1, 1)
    assert server.account().logins == 1


def test_threads_share_no_more_connections_than_the_pool_may_have(strict: StartStrict) -> None:
    server = strict()

    def work(number: int) -> None:
        with pool.lease() as client:
            client.write_bytes(f"{number}", CONTENT)
            assert client.read_bytes(f"{number}") == CONTENT

    with pool_of(server, maximum=3, resumption="require") as pool, ThreadPoolExecutor(10) as threads:
        list(threads.map(work, range(40)))
        assert pool.statistics.opened <= 3
    account = server.account()
    assert account.logins <= 3
    assert account["uploads_completed"] == 40


def test_a_lease_that_gets_nothing_in_time_is_a_timeout(strict: StartStrict) -> None:
    with pool_of(strict(), maximum=1, wait=0.2) as pool, pool.lease(), pytest.raises(TimeoutError):
        pool.lease()


def test_a_lease_waits_until_a_connection_comes_back(strict: StartStrict) -> None:
    with pool_of(strict(), maximum=1) as pool:
        first = pool.lease()
        threading.Timer(0.3, first.close).start()
        with pool.lease() as second:
            second.noop()
        assert pool.statistics.opened == 1


def test_a_connection_comes_back_when_its_client_is_lost(strict: StartStrict) -> None:
    with pool_of(strict(), maximum=1, wait=10) as pool:
        pool.lease().noop()
        gc.collect()
        with pool.lease() as client:
            client.noop()
        assert pool.statistics.opened == 1


def test_an_exception_gives_back_what_is_fit_for_the_next(strict: StartStrict) -> None:
    server = strict()
    with pool_of(server, maximum=1) as pool:
        with pytest.raises(KeyError), pool.lease() as client:
            file = client.open("half", "wb")
            file.write(CONTENT * 10)
            raise KeyError
        with pool.lease() as client:
            assert client.current_directory() == "/"
        with pytest.raises(libftps.Closed):
            file.close()
    assert server.account()["uploads_completed"] == 0


def test_a_connection_that_broke_is_not_lent_again(strict: StartStrict) -> None:
    with pool_of(strict(fault=["NOOP@reply=cut"]), maximum=1) as pool:
        with pytest.raises(libftps.ConnectionLost), pool.lease() as client:
            client.noop()
        with pool.lease() as client:
            client.noop()
        assert (pool.statistics.opened, pool.statistics.discarded) == (2, 1)


def test_a_client_that_was_given_back_is_closed(strict: StartStrict) -> None:
    with pool_of(strict()) as pool:
        client = pool.lease()
        client.close()
        with pytest.raises(libftps.Closed):
            client.noop()
        assert pool.statistics.idle == 1


def test_a_closed_pool_says_so(strict: StartStrict) -> None:
    pool = pool_of(strict(), maximum=1)
    client = pool.lease()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.lease)
        time.sleep(0.2)
        pool.close()
        pool.close()
        with pytest.raises(libftps.Closed):
            waiting.result(10)
    for use in (pool.lease, pool.close_expired, lambda: pool.statistics):
        with pytest.raises(libftps.Closed):
            use()
    client.noop()
    client.close()


def test_close_expired_closes_what_was_idle_for_too_long(strict: StartStrict) -> None:
    with pool_of(strict(), expire_after=0.05) as pool:
        pool.lease().close()
        time.sleep(0.2)
        pool.close_expired()
        assert (pool.statistics.open, pool.statistics.expired) == (0, 1)


def test_options_and_a_wrong_login_are_told(strict: StartStrict) -> None:
    server = strict()
    with pytest.raises(libftps.InvalidArgument):
        pool_of(server, resumption="maybe")
    with pytest.raises(libftps.InvalidArgument):
        pool_of(server, maximum=0)
    with pool_of(server, password="wrong") as pool, pytest.raises(libftps.LoginRefused):
        pool.lease()


def test_what_a_callback_of_the_pool_raises_reaches_whoever_has_the_connection(strict: StartStrict) -> None:
    error, armed = KeyError("this one"), threading.Event()

    def dialogue(received: bool, line: str) -> None:
        if armed.is_set() and line == "NOOP":
            armed.clear()
            raise error

    with pool_of(strict(), dialogue=dialogue) as pool:
        client = pool.lease()
        armed.set()
        with pytest.raises(KeyError) as caught:
            client.noop()
        assert caught.value is error
        client.close()
        with pool.lease() as client:
            client.noop()


def test_cancelling_a_client_does_not_disturb_the_next_one(strict: StartStrict) -> None:
    with pool_of(strict(fault=["NOOP@reply=delay:1000"]), maximum=1) as pool:
        client = pool.lease()
        threading.Timer(0.2, client.cancel).start()
        with pytest.raises(libftps.Cancelled):
            client.noop()
        client.close()
        with pool.lease() as client:
            assert client.current_directory() == "/"


def test_real_servers_are_used_by_several_threads(demanding: RealServer) -> None:
    def work(number: int) -> None:
        with pool.lease() as client:
            client.change_directory(demanding.home)
            client.write_bytes(f"{number}", CONTENT)
            assert client.read_bytes(f"{number}") == CONTENT

    with pool_of(demanding, resumption="require") as pool, ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(30)))
    assert demanding.account().full == 0
