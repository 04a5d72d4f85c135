"""What `libftps mirror` does."""

import json
from pathlib import Path

from support.cli import access, run
from support.servers import StartStrict, StrictServer


def test_mirror_down_makes_the_local_directory_alike_and_the_second_time_does_nothing(
    strict: StartStrict, tmp_path: Path
) -> None:
    server = strict(sample_files=True)
    words = ["mirror", *access(server, tmp_path), server.host, "down", "/", tmp_path / "copy"]
    assert run(*words).stdout.startswith(b"3 files (1048606 bytes) transferred")
    assert (tmp_path / "copy/folder/one-mebibyte.bin").stat().st_size == 1048576
    assert run(*words).stdout.startswith(b"0 files (0 bytes) transferred")
    account = server.account()
    assert account.full == account.refused == 0 < account.resumed


def test_mirror_up_deletes_what_only_the_server_has_when_it_is_told_to(strict: StartStrict, tmp_path: Path) -> None:
    server, root, local = both_sides(strict, tmp_path)
    words = ["mirror", *access(server, tmp_path), f"ftps://{server.host}/out", "up", local]
    assert run(*words).returncode == 0
    assert sorted(path.name for path in (root / "out").iterdir()) == ["a.csv", "b.txt", "old"]
    assert run(*words, "--delete").returncode == 0
    assert sorted(path.name for path in (root / "out").iterdir()) == ["a.csv", "b.txt"]


def test_a_dry_run_tells_and_changes_nothing(strict: StartStrict, tmp_path: Path) -> None:
    server, root, local = both_sides(strict, tmp_path)
    words = ["mirror", *access(server, tmp_path), server.host, "up", local, "out", "--dry-run", "--delete"]
    assert b"upload a.csv" in run(*words).stdout
    steps = json.loads(run(*words, "--json").stdout)["steps"]
    assert {(step["action"], step["path"]) for step in steps} == {
        ("upload", "a.csv"),
        ("upload", "b.txt"),
        ("delete_file", "old"),
    }
    assert [path.name for path in (root / "out").iterdir()] == ["old"]


def test_include_and_exclude_choose_files(strict: StartStrict, tmp_path: Path) -> None:
    server, root, local = both_sides(strict, tmp_path)
    (local / "z.csv").touch()
    words = ["mirror", *access(server, tmp_path), server.host, "up", local, "out"]
    assert run(*words, "--include", "*.csv", "--exclude", "z*").returncode == 0
    assert sorted(path.name for path in (root / "out").iterdir()) == ["a.csv", "old"]


def test_the_report_as_json_tells_failures(strict: StartStrict, tmp_path: Path) -> None:
    server, _, local = both_sides(strict, tmp_path, answer=["STOR=553 No."])
    done = run("mirror", "--json", *access(server, tmp_path), server.host, "up", local, "out")
    report = json.loads(done.stdout)
    assert (done.returncode, report["complete"], report["files"]) == (1, False, 0)
    assert "553 No." in report["failures"][0]["text"]


def both_sides(strict: StartStrict, folder: Path, **options: object) -> tuple[StrictServer, Path, Path]:
    """A server with a file in "out", and a local folder with two."""
    root, local = folder / "root", folder / "local"
    (root / "out").mkdir(parents=True)
    (root / "out/old").write_text("old")
    local.mkdir()
    (local / "a.csv").write_text("a")
    (local / "b.txt").write_text("b")
    return strict(root=root, **options), root, local
