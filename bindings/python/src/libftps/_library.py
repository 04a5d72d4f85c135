"""The shared library: where it is, loaded on first use, and checked to be the one that this package is made for."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from pathlib import Path

from ._abi import ABI_VERSION, PROTOTYPES

VARIABLE = "LIBFTPS_LIBRARY"

_lock = threading.Lock()
_library: ctypes.CDLL | None = None


def library() -> ctypes.CDLL:
    """The library, which the first call loads.

    Raises `ImportError` where it is not found, cannot be loaded, or is of another ABI version.
    """
    return _library or _load_once()


def version() -> str:
    """The version of the shared library, for instance "0.1.0"."""
    text: bytes = library().ftps_version()
    return text.decode()


def _load_once() -> ctypes.CDLL:
    global _library
    with _lock:
        if _library is None:
            _library = _load()
        return _library


def _load() -> ctypes.CDLL:
    problems = []
    for place in _places():
        try:
            loaded = ctypes.CDLL(place)
        except OSError as error:
            problems.append(f"  {error}" if place in str(error) else f"  {place}: {error}")
        else:
            return _checked(loaded, place)
    raise ImportError(
        "The shared library of libftps was not found or cannot be loaded. Install the wheel for this platform, or set "
        f"{VARIABLE} to the path of the library. Tried:\n" + "\n".join(problems)
    )


def _places() -> list[str]:
    """Where the library may be; the first one counts. What the user names has no substitute."""
    named = os.environ.get(VARIABLE)
    if named:
        return [named]
    if sys.platform == "darwin":
        return [str(Path(__file__).with_name("libftps.dylib")), f"libftps.{ABI_VERSION}.dylib"]
    return [str(Path(__file__).with_name("libftps.so")), f"libftps.so.{ABI_VERSION}"]


def _checked(loaded: ctypes.CDLL, place: str) -> ctypes.CDLL:
    try:
        found = loaded.ftps_abi_version()
    except AttributeError:
        raise ImportError(
            f"{place} is not libftps: it has no ftps_abi_version, and ABI version {ABI_VERSION} is needed. {_REMEDY}"
        ) from None
    if found != ABI_VERSION:
        raise ImportError(
            f"{place} has ABI version {found}, and this package needs ABI version {ABI_VERSION}. {_REMEDY}"
        )
    for name, (result, arguments) in PROTOTYPES.items():
        try:
            function = getattr(loaded, name)
        except AttributeError:
            raise ImportError(
                f"{place} has ABI version {found}, as this package has, but is too old: it has no {name}. {_REMEDY}"
            ) from None
        function.restype = result
        function.argtypes = arguments
    return loaded


_REMEDY = f"Install package and library of the same release, or set {VARIABLE} to the path of the right one."
