"""Signals, pipes that break, and what is seen on a terminal."""

import fcntl
import os
import pty
import selectors
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.cli import PATIENCE, access, command, environment
from support.doctor import listener
from support.servers import StartStrict


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_a_download_that_has_stalled_and_leaves_nothing(
    strict: StartStrict, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    server = strict(sample_files=True, fault=["RETR@byte:1000=stall"])
    here = tmp_path / "here"
    here.mkdir()
    words = command("get", *access(server, tmp_path), server.host, "folder/one-mebibyte.bin")
    with subprocess.Popen(words, cwd=here, stderr=subprocess.PIPE, env=environment(), start_new_session=True) as child:
        wait_until(lambda: any(path.stat().st_size for path in here.iterdir()))
        child.send_signal(number)
        _, told = child.communicate(timeout=PATIENCE)
    assert (child.returncode, told) == (code, b"libftps: interrupted\n")
    assert list(here.iterdir()) == []


def test_a_signal_ends_an_upload_whose_source_is_silent_and_no_half_file_looks_whole(
    strict: StartStrict, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    server = strict(root=root)
    words = command("put", *access(server, tmp_path), server.host, "-", "--as", "x")
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True
    ) as child:
        assert child.stdin is not None
        child.stdin.write(b"half")
        child.stdin.flush()
        wait_until(lambda: (root / "x").exists())
        child.send_signal(signal.SIGINT)
        assert child.wait(PATIENCE) == 130
        assert child.stderr is not None and child.stderr.read() == b"libftps: interrupted\n"
    assert server.account()["uploads_completed"] == 0


def test_a_mirror_that_is_interrupted_ends(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True, fault=["RETR#*@byte:1000=stall"])
    words = command("mirror", *access(server, tmp_path), server.host, "down", "/", tmp_path / "copy")
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=environment(), start_new_session=True) as child:
        wait_until(lambda: (tmp_path / "copy/folder").exists())
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=PATIENCE)
    assert (child.returncode, told) == (130, b"libftps: interrupted\n")
    assert not (tmp_path / "copy/folder/one-mebibyte.bin").exists()


def test_a_doctor_at_a_server_that_hangs_can_be_interrupted() -> None:
    with (
        listener(lambda connection: None) as port,
        subprocess.Popen(
            command("doctor", f"127.0.0.1:{port}"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        ) as child,
    ):
        assert child.stdout is not None
        assert b"name: 127.0.0.1" in child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=PATIENCE)
    assert (child.returncode, told) == (130, b"libftps: interrupted\n")


def test_a_reader_that_goes_away_ends_it_without_complaint(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    words = command("get", *access(server, tmp_path), server.host, "folder/one-mebibyte.bin", "-o", "-")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as child:
        assert child.stdout is not None and child.stderr is not None
        child.stdout.close()
        assert child.wait(PATIENCE) == 1
        assert child.stderr.read() == b""


@pytest.mark.parametrize("bar", ["tqdm", "line"])
def test_progress_is_shown_on_a_terminal(strict: StartStrict, sample: Path, tmp_path: Path, bar: str) -> None:
    server = strict()
    env = environment()
    if bar == "line":
        (tmp_path / "tqdm.py").write_text("raise ImportError\n")
        env["PYTHONPATH"] = os.pathsep.join([str(tmp_path), env.get("PYTHONPATH", "")])
    screen, terminal = open_terminal()
    words = command("put", *access(server, tmp_path), server.host, sample)
    with subprocess.Popen(words, stderr=terminal, env=env) as child:
        os.close(terminal)
        seen = read_to_end(screen)
    assert child.returncode == 0
    assert b"100%" in seen if bar == "tqdm" else b"of 293.0 KiB  100 %" in seen
    assert sample.name.encode() in seen


def test_quiet_shows_no_progress(strict: StartStrict, sample: Path, tmp_path: Path) -> None:
    server = strict()
    screen, terminal = open_terminal()
    with subprocess.Popen(
        command("put", "--quiet", *access(server, tmp_path), server.host, sample), stderr=terminal, env=environment()
    ) as child:
        os.close(terminal)
        seen = read_to_end(screen)
    assert (child.returncode, seen) == (0, b"")


def open_terminal() -> tuple[int, int]:
    """A terminal of 24 lines and 80 columns."""
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return screen, terminal


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it does not come so far"
        time.sleep(0.02)


def read_to_end(screen: int) -> bytes:
    """What a terminal shows until nobody has it open any more."""
    seen = b""
    with open(screen, "rb", buffering=0) as file, selectors.DefaultSelector() as selector:
        selector.register(file, selectors.EVENT_READ)
        while selector.select(PATIENCE):
            try:
                seen += file.read(4096)
            except OSError:
                # What Linux says at the end of a terminal.
                break
    return seen
