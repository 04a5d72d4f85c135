"""What `libftps get` and `libftps put` do to files."""

from pathlib import Path

import pytest
from support.cli import access, run
from support.servers import LENIENT, RealServer, StartStrict, StrictServer


def test_files_go_there_and_back_over_resumed_data_connections(
    demanding: RealServer, sample: Path, tmp_path: Path
) -> None:
    words = [*access(demanding, tmp_path), "-d", demanding.home, demanding.host]
    assert run("put", *words, sample).returncode == 0
    done = run("get", "--stats", *words, sample.name, "-o", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == sample.read_bytes()
    assert b"resumed=1 full=0" in done.stderr
    account = demanding.account()
    assert (account.logins, account.resumed, account.full) == (2, 2, 0)


def test_get_takes_patterns(strict: StartStrict, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path, "a.csv", "b.csv", "c.txt")
    done = run("get", *access(server, tmp_path), server.host, "*.csv", cwd=empty_folder(tmp_path))
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == ["a.csv", "b.csv"]
    assert (tmp_path / "here/a.csv").read_bytes() == (root / "a.csv").read_bytes()


def test_a_pattern_that_matches_nothing_is_a_failure(strict: StartStrict, tmp_path: Path) -> None:
    server, _ = strict_with_files(strict, tmp_path, "a.csv")
    done = run("get", *access(server, tmp_path), server.host, "*.txt", "a.csv", cwd=empty_folder(tmp_path))
    assert (done.returncode, done.stderr) == (1, b"libftps: *.txt: no file matches\n")
    assert (tmp_path / "here/a.csv").exists()


def test_no_glob_takes_stars_as_they_are(strict: StartStrict, tmp_path: Path) -> None:
    server, _ = strict_with_files(strict, tmp_path, "a*b", "axb")
    assert (
        run("get", "--no-glob", *access(server, tmp_path), server.host, "a*b", cwd=empty_folder(tmp_path)).returncode
        == 0
    )
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["a*b"]


def test_two_files_of_one_name_are_not_fetched_over_each_other(strict: StartStrict, tmp_path: Path) -> None:
    server, _ = strict_with_files(strict, tmp_path, "a/x", "b/x")
    done = run("get", *access(server, tmp_path), server.host, "a/x", "b/x", cwd=empty_folder(tmp_path))
    assert done.returncode == 2
    assert b"a/x and b/x would both be called x" in done.stderr


def test_a_download_that_fails_leaves_the_old_file(strict: StartStrict, tmp_path: Path) -> None:
    server, _ = strict_with_files(strict, tmp_path, "a.csv", fault=["RETR@byte:3=reset"])
    here = empty_folder(tmp_path)
    (here / "a.csv").write_text("old")
    done = run("get", *access(server, tmp_path), server.host, "a.csv", cwd=here)
    assert done.returncode == 1
    assert [(path.name, path.read_text()) for path in here.iterdir()] == [("a.csv", "old")]


def test_get_resume_goes_on_where_an_earlier_attempt_ended(strict: StartStrict, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path, "a.csv")
    (root / "a.csv").write_bytes(bytes(range(250)) * 4000)
    here = empty_folder(tmp_path)
    (here / "a.csv").write_bytes((root / "a.csv").read_bytes()[:900_000])
    assert run("get", "--resume", *access(server, tmp_path), server.host, "a.csv", cwd=here).returncode == 0
    assert (here / "a.csv").read_bytes() == (root / "a.csv").read_bytes()
    assert server.account()["bytes_sent"] < 500_000


def test_get_writes_to_standard_output(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    done = run("get", *access(server, tmp_path), server.host, "hello.txt", "hello.txt", "-o", "-")
    assert done.returncode == 0
    assert done.stdout[: len(done.stdout) // 2] * 2 == done.stdout != b""


def test_put_reads_standard_input(strict: StartStrict, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path)
    assert run("put", *access(server, tmp_path), server.host, "-", "--as", "x", input=b"content").returncode == 0
    assert (root / "x").read_bytes() == b"content"


def test_put_appends(strict: StartStrict, sample: Path, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path, "x")
    before = (root / "x").read_bytes()
    assert run("put", "--append", *access(server, tmp_path), server.host, sample, "--as", "x").returncode == 0
    assert (root / "x").read_bytes() == before + sample.read_bytes()


def test_put_atomic_shows_the_name_only_when_it_is_complete(strict: StartStrict, sample: Path, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path, "x", fault=["STOR@byte:1000=reset"])
    before = (root / "x").read_bytes()
    words = ["put", "--atomic", *access(server, tmp_path), server.host, sample, "--as", "x"]
    assert run(*words).returncode == 1
    assert (root / "x").read_bytes() == before
    assert run(*words).returncode == 0
    assert (root / "x").read_bytes() == sample.read_bytes()


def test_put_resume_sends_the_rest(strict: StartStrict, sample: Path, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path)
    (root / "x").write_bytes(sample.read_bytes()[:250_000])
    assert run("put", "--resume", *access(server, tmp_path), server.host, sample, "--as", "x").returncode == 0
    assert (root / "x").read_bytes() == sample.read_bytes()
    assert server.account()["bytes_received"] == 50_000


def test_the_path_of_a_url_is_the_file_to_get_and_the_directory_to_put_into(
    strict: StartStrict, sample: Path, tmp_path: Path
) -> None:
    server, root = strict_with_files(strict, tmp_path, "folder/a b")
    url = f"ftps://{server.host}:{server.port}/folder"
    here = empty_folder(tmp_path)
    assert run("get", *access(server, tmp_path), f"{url}/a%20b", cwd=here).returncode == 0
    assert (here / "a b").exists()
    assert run("put", *access(server, tmp_path), url, sample).returncode == 0
    assert (root / "folder" / sample.name).read_bytes() == sample.read_bytes()


def test_one_file_that_fails_does_not_keep_the_others(strict: StartStrict, sample: Path, tmp_path: Path) -> None:
    server, root = strict_with_files(strict, tmp_path)
    done = run("put", *access(server, tmp_path), server.host, tmp_path / "nothing", sample)
    assert done.returncode == 1
    assert b"cannot read" in done.stderr
    assert (root / sample.name).exists()


@pytest.mark.parametrize("rules", [LENIENT, {}], ids=["lenient", "strict"])
def test_active_mode_works_too(strict: StartStrict, tmp_path: Path, rules: dict[str, str]) -> None:
    server = strict(sample_files=True, rules=rules)
    done = run("get", "--active", *access(server, tmp_path), server.host, "hello.txt", "-o", "-", "-v")
    assert done.returncode == 0 and done.stdout
    assert b"\n> EPRT" in done.stderr or b"\n> PORT" in done.stderr


def strict_with_files(strict: StartStrict, folder: Path, *names: str, **options: object) -> tuple[StrictServer, Path]:
    """A strict server that serves a folder in which these files are."""
    root = folder / "root"
    root.mkdir()
    for name in names:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(f"the content of {name}")
    return strict(root=root, **options), root


def empty_folder(folder: Path) -> Path:
    """Where files arrive."""
    here = folder / "here"
    here.mkdir()
    return here
