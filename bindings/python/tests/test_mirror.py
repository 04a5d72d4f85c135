"""Mirrors: planned, shown, and done."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.programs import Program
from support.servers import RealServer, StartStrict

import libftps
from libftps import Action, Client, Mirror, MirrorProgress, Pool


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """A tree of 30 files."""
    for folder in ("", "a", "a/b"):
        (tmp_path / "local" / folder).mkdir(exist_ok=True, parents=True)
        for index in range(10):
            (tmp_path / "local" / folder / f"{index}.bin").write_bytes(os.urandom(5000 + index))
    return tmp_path / "local"


@pytest.fixture
def client(strict: StartStrict) -> Iterator[Client]:
    with strict().client() as client:
        yield client


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_plan_shows_what_will_be_done_and_changes_nothing(client: Client, local: Path) -> None:
    plan = client.plan(Mirror.upload(local, "/mirror"))
    assert [step.path for step in plan if step.action is Action.CREATE_DIRECTORY] == ["", "a", "a/b"]
    uploads = {step.path: step.size for step in plan if step.action is Action.UPLOAD}
    assert (len(uploads), uploads["a/b/9.bin"]) == (30, 5009)
    assert len(plan) == 33
    assert plan[-1] in list(plan)
    assert "upload a/b/9.bin (5009 bytes)" in str(plan)
    assert plan.problems == ()
    assert client.names() == []


def test_a_tree_goes_there_and_back_and_then_nothing_is_left_to_do(client: Client, local: Path, tmp_path: Path) -> None:
    report = client.plan(Mirror.upload(local, "/mirror")).execute(client)
    assert (report.files, report.directories, report.complete, report.failures) == (30, 3, True, ())
    assert report.bytes == sum(len(content) for content in tree(local).values())
    assert str(report).startswith("30 files")
    back = tmp_path / "back"
    assert client.plan(Mirror.download("/mirror", back)).execute(client).files == 30
    assert tree(back) == tree(local)
    again = client.plan(Mirror.download("/mirror", back)).execute(client)
    assert (again.files, again.skipped, again.complete) == (0, 30, True)


def test_patterns_choose_and_what_is_extraneous_is_deleted(client: Client, local: Path) -> None:
    client.make_directory("mirror")
    client.write_bytes("mirror/old.bin", b"")
    client.write_bytes("mirror/kept.txt", b"")
    mirror = Mirror.upload(local, "/mirror", include=["*.bin"], exclude=["a/b"], delete_extraneous=True)
    report = client.plan(mirror).execute(client)
    assert (report.files, report.deleted) == (20, 1)
    assert "kept.txt" in client.names("mirror")


def test_a_pool_mirrors_over_several_connections(strict: StartStrict, local: Path, tmp_path: Path) -> None:
    server = strict()
    with Pool(**server.options(), maximum=3, resumption="require") as pool:
        assert pool.plan(Mirror.upload(local, "/mirror")).execute(pool).files == 30
        seen: list[MirrorProgress] = []
        plan = pool.plan(Mirror.download("/mirror", tmp_path / "back"))
        assert plan.execute(pool, connections=2, progress=seen.append).complete
    assert tree(tmp_path / "back") == tree(local)
    assert (seen[-1].files_over, seen[-1].files) == (30, 30)
    assert seen[-1].bytes_moved == seen[-1].bytes == sum(len(content) for content in tree(local).values())
    account = server.account()
    assert (account.full, account.logins <= 3) == (0, True)


def test_a_plan_is_executed_once(client: Client, local: Path) -> None:
    plan = client.plan(Mirror.upload(local, "/mirror"))
    plan.execute(client)
    with pytest.raises(libftps.WrongState, match="anew"):
        plan.execute(client)


def test_what_fails_is_in_the_report(strict: StartStrict, local: Path) -> None:
    with strict(fault=["STOR#5@final=reply:452 Disk full."]).client() as client:
        report = client.plan(Mirror.upload(local, "/mirror")).execute(client)
        assert (report.files, report.complete, report.not_done) == (29, False, 0)
        (failure,) = report.failures
        assert "Disk full" in failure.text
        assert failure.status == libftps.Refused.status


def test_a_mirror_may_stop_at_the_first_failure(strict: StartStrict, local: Path) -> None:
    with strict(fault=["STOR#5@final=reply:452 Disk full."]).client() as client:
        report = client.plan(Mirror.upload(local, "/mirror")).execute(client, on_failure="stop")
        assert report.not_done > 0
        assert len(report.failures) == 1


@pytest.mark.parametrize("over", ["a client", "a pool"])
def test_what_progress_raises_stops_the_mirror_and_reaches_the_caller(
    strict: StartStrict, local: Path, over: str
) -> None:
    server = strict()
    error = KeyError("this one")

    def progress(progress: MirrorProgress) -> None:
        if progress.files_over == 3:
            raise error

    with Pool(**server.options()) as pool, pool.lease() as client:
        plan = client.plan(Mirror.upload(local, "/mirror"))
        with pytest.raises(KeyError) as caught:
            plan.execute(pool if over == "a pool" else client, progress=progress)
        assert caught.value is error
        # What it stopped may have been amid a reply.
        if client.usable:
            client.noop()
    assert server.account()["uploads_completed"] < 30


def test_cancelling_the_client_ends_the_mirror(strict: StartStrict, local: Path) -> None:
    with strict(fault=["STOR#2@final=stall"]).client() as client:
        plan = client.plan(Mirror.upload(local, "/mirror"))
        threading.Timer(0.5, client.cancel).start()
        report = plan.execute(client)
        assert not report.complete
        assert report.files == 1


@pytest.mark.parametrize("options", [{"compare": "colour"}, {"include": ["["]}, {"tolerance": -1}, {"exclude": "["}])
def test_what_a_mirror_cannot_be_is_refused(client: Client, local: Path, options: dict[str, Any]) -> None:
    with pytest.raises(libftps.InvalidArgument):
        client.plan(Mirror.upload(local, "/mirror", **options))


def test_a_source_that_is_missing_is_an_error(client: Client, tmp_path: Path) -> None:
    with pytest.raises(libftps.LocalFileNotFound) as local:
        client.plan(Mirror.upload(tmp_path / "missing", "/mirror"))
    assert local.value.filename == tmp_path / "missing"
    with pytest.raises(libftps.FileNotFound) as remote:
        client.plan(Mirror.download("/missing", tmp_path))
    assert remote.value.filename == "/missing"


@pytest.mark.parametrize("over", ["a client", "a pool"])
def test_a_local_root_that_cannot_be_made_is_an_error_that_says_which_and_why(
    strict: StartStrict, tmp_path: Path, over: str
) -> None:
    with Pool(**strict(sample_files=True).options()) as pool, pool.lease() as client:
        plan = client.plan(Mirror.download("/folder", tmp_path / "file" / "below"))
        (tmp_path / "file").touch()
        with pytest.raises(libftps.LocalNotADirectory, match="below could not be made.*: Not a directory") as caught:
            plan.execute(pool if over == "a pool" else client)
        assert (caught.value.errno, caught.value.filename) == (errno.ENOTDIR, tmp_path / "file" / "below")
        # Nothing was done, so that the plan is as good as before.
        (tmp_path / "file").unlink()
        assert plan.execute(pool if over == "a pool" else client).complete


def test_a_local_root_that_has_gone_is_an_error_that_says_which_and_why(strict: StartStrict, local: Path) -> None:
    with Pool(**strict().options()) as pool:
        plan = pool.plan(Mirror.upload(local, "/mirror"))
        local.rename(local.with_name("gone"))
        with pytest.raises(libftps.LocalFileNotFound, match="local could not be opened: No such file"):
            plan.execute(pool)


INTERRUPTED = """
client = connected()
lender = libftps.Pool(**options) if sys.argv[2] == "a pool" else client
plan = client.plan(libftps.Mirror.upload(sys.argv[3], "/mirror"))
ready()
try:
    plan.execute(lender)
except KeyboardInterrupt:
    print("caught", flush=True)
client.close()
"""


@pytest.mark.parametrize("over", ["a client", "a pool"])
def test_ctrl_c_ends_a_mirror_that_stalls(strict: StartStrict, local: Path, over: str) -> None:
    server = strict(fault=["STOR#2@final=stall"])
    with Program(INTERRUPTED, server, over, str(local)) as program:
        assert program.interrupted_after(0.5) < 1
        program.result()


def test_real_servers_are_mirrored(demanding: RealServer, local: Path, tmp_path: Path) -> None:
    with Pool(**demanding.options(), resumption="require") as pool:
        home = demanding.home.rstrip("/")
        assert pool.plan(Mirror.upload(local, f"{home}/mirror")).execute(pool).complete
        assert pool.plan(Mirror.download(f"{home}/mirror", tmp_path / "back")).execute(pool).complete
        assert pool.plan(Mirror.upload(local, f"{home}/mirror")).execute(pool).skipped == 30
    assert tree(tmp_path / "back") == tree(local)
    assert demanding.account().full == 0
