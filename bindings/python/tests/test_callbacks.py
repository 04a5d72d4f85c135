"""Callbacks: what they see, and that what they raise stops the call and reaches the caller unchanged."""

from __future__ import annotations

import contextvars
import io
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.servers import StartStrict

import libftps
from libftps import Client, Mirror

CONTENT = bytes(index % 251 for index in range(1_000_000))


class Given(Exception):
    """What a caller's function raises."""


class Failing:
    """Fails as whatever the library may call."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, *_: object) -> Any:
        raise self.error

    read = write = __call__


def with_dialogue(client: Client, fail: Failing) -> None:
    client.set_dialogue(fail)
    client.noop()


CALLS: dict[str, Callable[[Client, Failing, Path], object]] = {
    "progress of an upload of a path": lambda client, fail, path: client.upload(path / "file", "new", progress=fail),
    "progress of an upload of bytes": lambda client, fail, path: client.upload(CONTENT, "new", progress=fail),
    "progress of an atomic upload": lambda client, fail, path: client.upload(
        path / "file", "new", atomic=True, progress=fail
    ),
    "progress of a download of a path": lambda client, fail, path: client.download(
        "there", path / "got", progress=fail
    ),
    "progress of a download": lambda client, fail, path: client.download("there", io.BytesIO(), progress=fail),
    "the source": lambda client, fail, path: client.upload(fail, "new"),
    "the sink": lambda client, fail, path: client.download("there", fail),
    "the dialogue": lambda client, fail, path: with_dialogue(client, fail),
    "the progress of a mirror": lambda client, fail, path: client.plan(Mirror.upload(path, "/mirror")).execute(
        client, progress=fail
    ),
}


@pytest.mark.parametrize("what", CALLS)
@pytest.mark.parametrize("is_main", [True, False])
def test_what_a_callback_raises_reaches_the_caller_unchanged(
    what: str, is_main: bool, strict: StartStrict, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    server = strict()
    error = Given("this one")
    caught: list[BaseException] = []

    def call() -> None:
        try:
            CALLS[what](client, Failing(error), tmp_path)
        except BaseException as raised:
            caught.append(raised)

    with server.client() as client:
        client.write_bytes("there", CONTENT)
        if is_main:
            call()
        else:
            thread = threading.Thread(target=call)
            thread.start()
            thread.join()
        assert caught == [error]
        assert caught[0] is error
        assert (error.__cause__, error.__context__) == (None, None)
        client.set_dialogue(None)
        # A dialogue cannot be stopped but by cancelling, which leaves a reply on its way.
        if what == "the dialogue" and not client.usable:
            return
        assert client.size("there") == len(CONTENT)
        assert not client.exists("new") or client.size("new") < len(CONTENT)
    assert server.account()["uploads_completed"] == 1


def test_a_retry_observer_sees_attempts_and_stops_them(strict: StartStrict) -> None:
    seen: list[libftps.Attempt] = []
    error = Given()

    def observe(attempt: libftps.Attempt) -> object:
        seen.append(attempt)
        if len(seen) == 3:
            raise error
        return None

    server = strict(fault=["SIZE#*@reply=reply:450 Later."])
    with server.client(retry=libftps.Retry(10, 0.01, 0.01, observe)) as client:
        with pytest.raises(Given) as caught:
            client.size("file")
        assert caught.value is error
    assert [attempt.attempt for attempt in seen] == [1, 2, 3]
    assert "Later" in seen[0].message
    assert seen[0].delay == pytest.approx(0.01, abs=0.01)


def test_a_retry_observer_forbids_an_attempt_by_false(strict: StartStrict) -> None:
    server = strict(fault=["SIZE#*@reply=reply:450 Later."])
    retry = libftps.Retry(10, 0.01, 0.01, lambda attempt: False)
    with server.client(retry=retry) as client, pytest.raises(libftps.Refused, match="Later"):
        client.size("file")


def test_progress_tells_bytes_in_all_and_its_answer_does_not_matter(strict: StartStrict, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    with strict().client() as client:
        moves: list[Callable[[Callable[[int], object]], int]] = [
            lambda progress: client.upload(tmp_path / "file", "new", progress=progress),
            lambda progress: client.upload(CONTENT, "new", progress=progress),
            lambda progress: client.download("new", tmp_path / "got", progress=progress),
            lambda progress: client.download("new", io.BytesIO(), progress=progress),
        ]
        for move in moves:
            seen: list[int] = []

            def progress(moved: int, seen: list[int] = seen) -> int:
                seen.append(moved)
                return 1

            assert move(progress) == len(CONTENT)
            assert seen == sorted(seen)
            assert seen[-1] == len(CONTENT)


def test_callbacks_see_the_callers_context_and_never_run_on_the_main_thread(strict: StartStrict) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")
    seen: list[tuple[str, bool]] = []

    def progress(moved: int) -> None:
        seen.append((variable.get(), threading.current_thread() is threading.main_thread()))

    with strict().client() as client:
        variable.set("mine")
        client.upload(CONTENT, "new", progress=progress)
    assert set(seen) == {("mine", False)}


def test_the_dialogue_is_shown_without_the_password(strict: StartStrict) -> None:
    lines: list[tuple[bool, str]] = []
    with strict().client(dialogue=lambda received, line: lines.append((received, line))) as client:
        client.noop()
    assert (False, "PASS ****") in lines
    assert (False, "NOOP") in lines
    assert any(received and line.startswith("220") for received, line in lines)
    assert not any("password" in line for received, line in lines if not received)


def test_log_lines_go_to_pythons_logging(strict: StartStrict, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "libftps"), strict().client(log=True) as client:
        client.noop()
    assert any("NOOP" in record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "libftps"), strict().client(log=logging.ERROR) as client:
        client.noop()
    assert not caplog.records


def test_a_callback_that_refers_to_its_client_does_not_keep_it_alive(strict: StartStrict) -> None:
    import gc
    import weakref

    server = strict()

    def make() -> weakref.ref[Client]:
        client = server.client()
        client.set_dialogue(lambda received, line: client.host)
        client.connect()
        return weakref.ref(client)

    reference = make()
    gc.collect()
    assert reference() is None
