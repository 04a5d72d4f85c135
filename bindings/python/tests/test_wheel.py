"""What is installed: one wheel for every Python of a platform, with the library inside."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
from pathlib import Path

from support.servers import ROOT

import libftps


def library() -> Path:
    return Path(libftps.__file__).with_name("libftps.so")


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


def test_the_library_is_the_one_in_the_wheel() -> None:
    libftps.version()
    assert str(library()) in Path("/proc/self/maps").read_text()
