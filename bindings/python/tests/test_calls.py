"""How calls are made: what cancels one ends no other."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from support.servers import StartStrict

import libftps
from libftps._calls import Span


def test_a_call_is_cancelled_while_it_runs_and_at_no_other_time() -> None:
    cancelled: list[str] = []
    late, running, early = (Span(partial(cancelled.append, name)) for name in ("late", "running", "early"))
    late.begin()
    late.end()
    late.cancel()
    running.begin()
    running.cancel()
    running.end()
    early.cancel()
    with pytest.raises(libftps.Cancelled):
        early.begin()
    assert cancelled == ["running"]


def test_an_iterator_that_is_lost_ends_no_later_call(strict: StartStrict) -> None:
    with strict(sample_files=True).client() as client:
        for _ in range(200):
            next(client.iter_list())
            client.noop()


def test_calls_of_the_main_thread_need_one_thread(strict: StartStrict) -> None:
    with strict().client() as client:
        client.noop()
        before = threading.active_count()
        for _ in range(200):
            client.noop()
        assert threading.active_count() <= before + 1
