"""What is installed: one wheel for every Python of a platform, and nothing that loads before it is used."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

from support.servers import ROOT

import libftps


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def library() -> Path:
    return Path(libftps.__file__).with_name("libftps.so")


def compiled(folder: Path, code: str) -> str:
    """A shared library of a few lines of C."""
    source, target = folder / "other.c", folder / "libftps.so"
    source.write_text(code)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", target, source], check=True, timeout=60)
    return str(target)


def test_package_metadata_and_library_have_the_version_of_the_crate() -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert importlib.metadata.version("libftps") == version[1]
    assert libftps.version() == version[1]


def test_the_wheel_is_for_every_python_of_the_platform() -> None:
    text = importlib.metadata.distribution("libftps").read_text("WHEEL")
    assert text is not None
    tags = re.findall(r"^Tag: (.*)", text, re.MULTILINE)
    assert tags
    assert all(re.fullmatch(r"py3-none-manylinux(2014|_2_17)_\w+", tag) for tag in tags), tags


def test_the_library_needs_no_symbol_of_a_newer_glibc_than_2_17() -> None:
    subprocess.run([ROOT / "tests/glibc.sh", library()], check=True, timeout=60)


def test_nothing_is_loaded_before_it_is_used() -> None:
    maps = "import libftps; maps = open('/proc/self/maps').read(); print('libftps.so' in maps)"
    before = run(maps)
    assert before.stdout == "False\n", before.stderr
    after = run(maps.replace("maps =", "libftps.version(); maps ="))
    assert after.stdout == "True\n", after.stderr


def test_the_environment_may_name_another_library() -> None:
    result = run("import libftps; print(libftps.version())", LIBFTPS_LIBRARY=str(library()))
    assert result.stdout.strip() == libftps.version(), result.stderr
    result = run("import libftps; libftps.version()", LIBFTPS_LIBRARY="/nonexistent/libftps.so")
    assert "ImportError" in result.stderr
    assert "/nonexistent/libftps.so" in result.stderr


def test_a_library_of_another_abi_is_refused_with_both_versions(tmp_path: Path) -> None:
    other = compiled(tmp_path, "int ftps_abi_version(void) { return 4711; }\n")
    result = run("import libftps; libftps.version()", LIBFTPS_LIBRARY=other)
    assert re.search(r"ImportError: .*ABI version 4711, and this package needs ABI version \d+\.", result.stderr)


def test_a_library_that_is_another_one_is_refused(tmp_path: Path) -> None:
    other = compiled(tmp_path, "int something_else;\n")
    result = run("import libftps; libftps.version()", LIBFTPS_LIBRARY=other)
    assert re.search(r"ImportError: .* is not libftps", result.stderr)
