"""What the READMEs say, done to the letter, and the programs of examples/python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.servers import ROOT, StartStrict, StrictServer

README_SERVER = '"127.0.0.1", "user", "password", port=2121'
PACKAGE_SERVER = '"ftp.example.org", "user", "password"'


def python(folder: Path, *arguments: object) -> str:
    """Runs a program in `folder`, and returns what it prints."""
    result = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "FTPS_PASSWORD": StrictServer.password},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def block(document: str) -> str:
    """The first Python code of a document."""
    return (ROOT / document).read_text().split("```python\n")[1].split("```")[0]


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder that the server serves: it has a folder in it."""
    (tmp_path / "served/folder").mkdir(parents=True)
    return tmp_path / "served"


@pytest.fixture
def server(strict: StartStrict, served: Path) -> StrictServer:
    return strict(tls="1.3", root=served)


@pytest.mark.parametrize(
    "document, shown, options",
    [
        ("README.md", README_SERVER, ""),
        ("bindings/python/README.md", PACKAGE_SERVER, ', ca_file="ca.pem", platform_roots=False'),
    ],
)
def test_the_example_of_the_readme_uploads(
    server: StrictServer, served: Path, tmp_path: Path, document: str, shown: str, options: str
) -> None:
    code = block(document)
    assert shown in code
    here = f'"{server.host}", "{server.user}", "{server.password}", port={server.port}{options}'
    (tmp_path / "program.py").write_text(code.replace(shown, here))
    (tmp_path / "report.csv").write_text("one;two\n")
    (tmp_path / "ca.pem").write_bytes(server.ca.read_bytes())
    assert "report.csv" in python(tmp_path, "program.py")
    assert (served / "folder/report.csv").read_text() == "one;two\n"
    account = server.account()
    assert account.resumed == account["data_connections"] >= 2


def example(name: str, server: StrictServer, folder: Path, *arguments: object) -> str:
    return python(folder, ROOT / "examples/python" / name, server.host, server.port, server.ca, *arguments)


def test_upload_py_uploads(server: StrictServer, served: Path, tmp_path: Path, sample: Path) -> None:
    example("upload.py", server, tmp_path, sample, "/folder/sample.bin")
    assert (served / "folder/sample.bin").read_bytes() == sample.read_bytes()
    assert [path.name for path in (served / "folder").iterdir()] == ["sample.bin"]


def test_orders_py_sums(server: StrictServer, served: Path, tmp_path: Path) -> None:
    (served / "orders.csv").write_text("customer,amount\nBert,1.25\nAnna,3\nBert,0.50\n")
    example("orders.py", server, tmp_path, "/orders.csv", "/sums.csv")
    assert (served / "sums.csv").read_bytes() == b"customer,sum\r\nAnna,3\r\nBert,1.75\r\n"


def test_fetch_all_py_fetches_all(server: StrictServer, served: Path, tmp_path: Path) -> None:
    contents = {f"file-{number}": os.urandom(1000 * number) for number in range(20)}
    for name, content in contents.items():
        (served / "folder" / name).write_bytes(content)
    (tmp_path / "target").mkdir()
    printed = example("fetch_all.py", server, tmp_path, "/folder", "target")
    assert {path.name: path.read_bytes() for path in (tmp_path / "target").iterdir()} == contents
    assert len(printed.splitlines()) == len(contents)
    account = server.account()
    assert account.resumed == account["data_connections"] == len(contents) + 1
    assert 1 <= account.logins <= 4
