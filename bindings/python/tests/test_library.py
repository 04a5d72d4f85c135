"""The shared library: loaded on first use, and refused where it is not the right one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import libftps
from libftps._abi import ABI_VERSION

GENERATOR = Path(__file__).parents[1] / "generate.py"


def imported(program: str, library: object = None) -> str:
    """Runs a program with LIBFTPS_LIBRARY set, and returns what it printed."""
    environment = {**os.environ, "LIBFTPS_LIBRARY": str(library or "")}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def refusal(library: object) -> str:
    """What the first use says of a library."""
    return imported("import libftps\ntry: libftps.Client('host')\nexcept ImportError as error: print(error)", library)


def built(folder: Path, source: str) -> Path:
    """A shared library from C."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "a C compiler is needed for this test: install gcc"
    (folder / "library.c").write_text(source)
    library = folder / "other.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, folder / "library.c"], check=True)
    return library


def test_the_library_is_not_loaded_by_the_import() -> None:
    assert imported("import libftps; libftps.Error; print('imported')", "/nowhere/libftps.so") == "imported"


def test_a_missing_library_is_told_with_the_variable_and_the_place() -> None:
    message = refusal("/nowhere/libftps.so")
    assert "LIBFTPS_LIBRARY" in message
    assert "/nowhere/libftps.so" in message


def test_without_the_variable_every_place_that_was_tried_is_told(tmp_path: Path) -> None:
    shutil.copytree(
        Path(libftps.__file__).parent, tmp_path / "libftps", ignore=shutil.ignore_patterns("*.so", "*.dylib")
    )
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); " + (
        "import libftps\ntry: libftps.Client('host')\nexcept ImportError as error: print(error)"
    )
    message = imported(program)
    assert "LIBFTPS_LIBRARY" in message
    assert str(tmp_path / "libftps" / "libftps.so") in message
    assert f"libftps.so.{ABI_VERSION}" in message


def test_a_library_of_another_abi_is_refused_with_both_versions(tmp_path: Path) -> None:
    message = refusal(built(tmp_path, "int ftps_abi_version(void) { return 77; }"))
    assert "ABI version 77" in message
    assert f"ABI version {ABI_VERSION}" in message


def test_an_older_library_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    message = refusal(built(tmp_path, f"int ftps_abi_version(void) {{ return {ABI_VERSION}; }}"))
    assert f"ABI version {ABI_VERSION}" in message
    assert "has no ftps_" in message


def test_a_library_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    message = refusal(built(tmp_path, "int nothing(void) { return 0; }"))
    assert "is not libftps" in message
    assert f"ABI version {ABI_VERSION}" in message


def test_a_file_that_is_no_library_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("text")
    assert "text.so" in refusal(tmp_path / "text.so")


def test_the_version_is_that_of_the_library() -> None:
    assert libftps.version().count(".") == 2


def test_the_generated_file_is_what_the_header_says() -> None:
    if not (GENERATOR.parents[2] / "include" / "ftps.h").exists():
        pytest.fail("the header is in a checkout of libftps alone: run this test there")
    subprocess.run([sys.executable, GENERATOR, "--check"], check=True)
