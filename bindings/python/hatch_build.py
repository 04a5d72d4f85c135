"""Puts the shared library into the wheel, and the Rust source that it is built from into the sdist.

The library is built by cargo, from the checkout or from what the sdist brought; LIBFTPS_LIBRARY names one that is built
already. Nothing in it depends on Python: one wheel serves every interpreter of a platform.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RUST = "rust"  # the folder of the crate in the sdist
# `--locked`: with the crates that it was tested with.
BUILD = ["rustc", "--lib", "--package=libftps", "--release", "--locked", "--features=capi", "--crate-type=cdylib"]


class BuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it builds, and after."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" where `pip install --editable` asks: then LIBFTPS_LIBRARY names the library."""
        self._scratch = tempfile.TemporaryDirectory(prefix="libftps-build-")
        root = Path(self.root)
        if self.target_name == "sdist":
            build_data["force_include"][str(crate(repository(root), Path(self._scratch.name)))] = RUST
        elif version != "editable":
            library = given_library() or built_library(repository(root))
            build_data["force_include"][str(library)] = f"libftps/libftps{library.suffix}"
            build_data["pure_python"] = False
            build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self._scratch.cleanup()


def repository(root: Path) -> Path:
    """The folder of the Rust source, which the sdist has in a folder of its own."""
    for folder in (root / RUST, root.parent.parent):
        if (folder / "Cargo.toml").exists():
            return folder
    raise SystemExit(
        "The Rust source is in neither rust nor ../.. : build from the sdist, or in a checkout of libftps."
    )


def given_library() -> Path | None:
    """The library that LIBFTPS_LIBRARY names."""
    name = os.environ.get("LIBFTPS_LIBRARY")
    if name and not Path(name).is_file():
        raise SystemExit(f"LIBFTPS_LIBRARY names {name}, and there is no such file.")
    return Path(name).resolve() if name else None


def built_library(source: Path) -> Path:
    """Builds the library."""
    messages = cargo(source, *BUILD, "--message-format=json-render-diagnostics")
    artifacts = [json.loads(line) for line in messages.splitlines()]
    files = [
        Path(name)
        for artifact in artifacts
        if artifact["reason"] == "compiler-artifact" and "cdylib" in artifact["target"]["crate_types"]
        for name in artifact["filenames"]
        if Path(name).suffix in (".so", ".dylib")
    ]
    if len(files) != 1:
        raise SystemExit(f"cargo was to build one library, and built {files}")
    return files[0]


def crate(source: Path, scratch: Path) -> Path:
    """The crate libftps without the rest of its workspace: what `cargo publish` would upload."""
    if source.name == RUST:
        return source
    cargo(source, "package", "--package", "libftps", "--no-verify", "--allow-dirty", "--target-dir", str(scratch))
    (archive,) = (scratch / "package").glob("*.crate")
    shutil.unpack_archive(archive, scratch, "gztar")
    (folder,) = scratch.glob("libftps-*")
    return folder


def cargo(source: Path, *arguments: str) -> str:
    """Runs cargo on `source`, and returns what it prints."""
    program = os.environ.get("CARGO") or shutil.which("cargo")
    if program is None:
        raise SystemExit(
            "libftps is written in Rust, and there is no cargo: install Rust 1.88 or newer (https://rustup.rs) and a C "
            "compiler, or name a library that is built already: LIBFTPS_LIBRARY=/path/to/libftps.so"
        )
    command = [program, arguments[0], "--manifest-path", str(source / "Cargo.toml"), *arguments[1:]]
    # Not the checkout's own folder: its libftps.so has a soname, and would be replaced.
    environment = {"CARGO_TARGET_DIR": str(source / "target/python/cargo"), **os.environ}
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: see above")
    return result.stdout
