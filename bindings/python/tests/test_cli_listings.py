"""What `libftps ls` shows."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from support.cli import PATIENCE, access, command, environment, run
from support.servers import RealServer, StartStrict


def test_ls_shows_names_with_marks(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    done = run("ls", *access(server, tmp_path), server.host)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"empty.dat\nfolder/\nhello.txt\n", b"")
    assert server.account().full == 0


def test_ls_long_tells_sizes_and_times_in_utc(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    done = run("ls", "-l", *access(server, tmp_path), server.host, "folder")
    kind, *_, size, _, time, name = done.stdout.decode().split()
    assert (kind, size, name) == ("-", "1048576", "one-mebibyte.bin")
    assert time.endswith("Z")


def test_ls_of_several_directories_has_headings(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    done = run("ls", *access(server, tmp_path), server.host, "folder", "/")
    assert done.stdout.decode() == "folder:\none-mebibyte.bin\n\n/:\nempty.dat\nfolder/\nhello.txt\n"


@pytest.mark.parametrize("mlsd", [True, False])
def test_ls_of_a_file_shows_its_line(strict: StartStrict, tmp_path: Path, mlsd: bool) -> None:
    server = strict(sample_files=True, feature=None if mlsd else ["UTF8"])
    words = [*access(server, tmp_path), server.host]
    done = run("ls", *words, "hello.txt", "folder")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"hello.txt\n" in done.stdout and done.stdout.endswith(b"\nfolder:\none-mebibyte.bin\n")
    assert run("ls", "-l", *words, "hello.txt").stdout.decode().split()[-1] == "hello.txt"
    [document] = json.loads(run("ls", "--json", *words, "hello.txt").stdout)
    assert [(entry["name"], entry["kind"]) for entry in document["entries"]] == [("hello.txt", "file")]


def test_real_servers_have_a_line_for_a_file(demanding: RealServer, tmp_path: Path, sample: Path) -> None:
    words = [*access(demanding, tmp_path), "-d", demanding.home, demanding.host]
    assert run("put", *words, sample).returncode == 0
    done = run("ls", *words, sample.name)
    assert (done.returncode, done.stdout, done.stderr) == (0, sample.name.encode() + b"\n", b"")


def test_ls_goes_on_after_a_directory_that_is_not_there(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    done = run("ls", *access(server, tmp_path), server.host, "nowhere", "folder")
    assert done.returncode == 1
    assert b"nowhere: the server refused" in done.stderr
    assert done.stdout == b"folder:\none-mebibyte.bin\n"


def test_ls_json_tells_what_the_server_tells(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    [document] = json.loads(run("ls", "--json", *access(server, tmp_path), server.host, "folder").stdout)
    assert document["directory"] == "folder" and document["unparsed"] == []
    [file] = [entry for entry in document["entries"] if entry["kind"] == "file"]
    assert (file["name"], file["size"], file["precision"]) == ("one-mebibyte.bin", 1048576, "second")
    assert file["modified"].endswith("+00:00")


def test_lines_that_are_not_understood_are_told_and_change_the_exit_code(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"-rw-r--r-- 1 a b 5 Jan  1 2020 known\r\nwhatever \x1b[2J this is\r\n")
    server = strict(raw_listing=lines, feature=["UTF8"])
    done = run("ls", *access(server, tmp_path), server.host)
    assert (done.returncode, done.stdout) == (4, b"known\n")
    assert b"not understood: whatever ?[2J this is" in done.stderr


def test_ls_raw_shows_lines_as_they_came(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"-rw-r--r-- 1 a b 5 Jan  1 2020 known\r\nwhatever\r\n")
    server = strict(raw_listing=lines, feature=["UTF8"])
    done = run("ls", "--raw", *access(server, tmp_path), server.host)
    assert (done.returncode, done.stdout) == (0, b"-rw-r--r-- 1 a b 5 Jan  1 2020 known\nwhatever\n")


def test_names_that_are_no_text_come_out_as_their_bytes(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"-rw-r--r-- 1 a b 5 Jan  1 2020 caf\xe9\r\n")
    server = strict(raw_listing=lines, feature=["UTF8"])
    words = [*access(server, tmp_path), server.host]
    assert run("ls", *words).stdout == b"caf\xe9\n"
    assert run("ls", "--charset", "iso-8859-1", *words).stdout == "café\n".encode()


def test_names_that_standard_output_has_no_letters_for_are_escaped(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes("-rw-r--r-- 1 a b 5 Jan  1 2020 café\r\n".encode())
    server = strict(raw_listing=lines, feature=["UTF8"])
    done = run("ls", *access(server, tmp_path), server.host, env=environment(PYTHONIOENCODING="ascii"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"caf\\xe9\n", b"")


@pytest.mark.parametrize("output, said", [("/dev/full", "No space left"), ("&-", "no standard output")])
def test_a_standard_output_that_cannot_be_written_is_told_in_a_line(
    strict: StartStrict, tmp_path: Path, output: str, said: str
) -> None:
    server = strict(sample_files=True)
    line = f"{shlex.join(command('ls', *access(server, tmp_path), server.host))} >{output}"
    done = subprocess.run(line, shell=True, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert said in done.stderr and done.stderr.count("\n") == 1
